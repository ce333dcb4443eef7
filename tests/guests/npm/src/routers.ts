import { H3 } from "h3";
import { AutoRouter, error } from "itty-router";

const router = AutoRouter({ base: "/itty" });
router.get("/users/:id", ({ id }) => ({ id })).get("/fails", () => error(418, "a teapot"));

export function itty(request: Request) {
  return router.fetch(request);
}

const app = new H3();
app.get("/h3/:name", (event) => ({ hello: event.context.params?.name }));

export function h3(request: Request) {
  return app.fetch(request);
}
