import { type Cases, type Env } from "./assert.ts";
import { cases as handles } from "./handles.ts";
import { cases as mounts } from "./mounts.ts";
import { cases as writing } from "./writing.ts";

const groups: Record<string, Cases> = { handles, mounts, writing };

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const cases = groups[new URL(request.url).pathname.slice(1)];
    const results: Record<string, string> = {};
    for (const [name, run] of Object.entries(cases)) {
      // Each has a directory of its own, on the host's disk and once more in memory.
      const tmp = await (await (navigator as any).storage.getDirectory()).getDirectoryHandle("tmp");
      for (const [where, mount] of [["disk", env.DATA], ["memory", tmp]] as const) {
        try {
          await run(await (mount as any).getDirectoryHandle(name, { create: true }), env);
          results[`${name} (${where})`] = "ok";
        } catch (error: any) {
          results[`${name} (${where})`] = String(error.stack ?? error);
        }
        await (mount as any).removeEntry(name, { recursive: true }).catch(() => {});
      }
    }
    return Response.json(results);
  },
};
