import * as faults from "./faults.ts";
import * as modules from "./modules.ts";
import * as resources from "./resources.ts";
import * as types from "./types.ts";
import * as values from "./values.ts";

const groups = { faults, modules, resources, types, values };

export default {
  /** `/GROUP` runs the cases of one group. */
  async fetch(request: Request): Promise<Response> {
    const group = groups[new URL(request.url).pathname.slice(1) as keyof typeof groups];
    const results: Record<string, string> = {};
    for (const [name, check] of Object.entries(group.cases)) {
      try {
        await check();
        results[name] = "ok";
      } catch (error) {
        results[name] = (error as Error)?.stack ?? String(error);
      }
    }
    return Response.json(results);
  },
};
