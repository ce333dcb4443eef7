import * as notes from "./notes.ts";
import { route, type Route } from "./router.ts";

const routes: Route[] = [
  ["GET", "/notes", notes.list],
  ["POST", "/notes", notes.create],
  ["GET", "/notes/:id", notes.read],
  ["PUT", "/notes/:id", notes.replace],
  ["DELETE", "/notes/:id", notes.remove],
];

export default {
  fetch: route(routes),
} satisfies ExportedHandler<Env>;
