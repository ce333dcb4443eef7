// One route for each package, which answers with what it made.
import * as data from "./data.ts";
import hono from "./hono.tsx";
import * as render from "./render.ts";
import * as routers from "./routers.ts";
import * as tokens from "./tokens.ts";

const routes: Record<string, (request: Request) => unknown> = { ...data, ...render, ...routers, ...tokens };

export default {
  async fetch(request: Request, env: unknown, ctx: never): Promise<Response> {
    const [, first] = new URL(request.url).pathname.split("/");
    if (first === "hono") return hono.fetch(request, env as never, ctx);
    const route = Object.hasOwn(routes, first) ? routes[first] : undefined;
    if (!route) return new Response("no such route", { status: 404 });
    const answer = await route(request);
    return answer instanceof Response ? answer : Response.json(answer);
  },
};
