import type { KVNamespace } from "./assert.ts";
import { cases } from "./cases.ts";

interface Env {
  KV: KVNamespace;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const results: Record<string, string> = {};
    for (const [name, check] of Object.entries(cases)) {
      try {
        await check(env.KV, crypto.randomUUID());
        results[name] = "ok";
      } catch (error) {
        results[name] = (error as Error)?.stack ?? String(error);
      }
    }
    return Response.json(results);
  },
};
