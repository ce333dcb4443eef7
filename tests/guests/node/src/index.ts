// One route for each thing that Node has, which answers with what came of it.
import * as context from "./context.ts";
import * as crypto from "./crypto.ts";
import * as data from "./data.ts";
import * as globals from "./globals.ts";
import * as streams from "./streams.ts";
import * as utilities from "./utilities.ts";

const routes: Record<string, (request: Request) => unknown> = {
  ...context,
  ...crypto,
  ...data,
  ...globals,
  ...streams,
  ...utilities,
};

export default {
  async fetch(request: Request): Promise<Response> {
    const [, first] = new URL(request.url).pathname.split("/");
    const route = Object.hasOwn(routes, first) ? routes[first] : undefined;
    if (!route) return new Response("no such route", { status: 404 });
    const answer = await route(request);
    return answer instanceof Response ? answer : Response.json(answer);
  },
};
