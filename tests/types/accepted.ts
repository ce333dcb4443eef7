// What TypeScript accepts with the declarations of `worky types`, strictly.
import { ComponentError, PluginLimitError } from "worky:plugins";
import { env, waitUntil } from "worky:workers";
import markdown, * as all from "plugin:markdown";
import { "worky:values/echo@1.2.0" as echo, sync as values } from "plugin:values";
import * as byPath from "./lib/values.wasm";

const row = { id: 1n, firstName: "a", score: 1, tags: [] };
const from: "here" = env.FROM;

export default {
  async fetch(request, env, ctx) {
    const html: string = await all.render("# a");
    const options: all.Options = { gfm: true };
    const sync: string = markdown.sync.render("# a", options);
    const same = await echo.echoRow(values.echo.echoRow(row));
    const shape = values.echo.echoShape({ tag: "named-rectangle", val: same });
    const score: number = shape.tag === "named-rectangle" ? shape.val.score : 0;
    using counter = values.counters.Counter.tryNew("a");
    const pair = byPath.counters.Counter.sum(new byPath.counters.Counter("a", 1), new byPath.counters.Counter("b", 2));
    const name: string = await (await pair).name();
    try {
      await byPath.faults.failWith(true);
    } catch (error) {
      if (error instanceof PluginLimitError) console.error(error.limit);
      if (error instanceof ComponentError) console.error(error.payload);
    }
    const list: [1, 2.5] = env.SETTINGS.list;
    const one: string | null = await env.CACHE.get("one");
    const two = await env.CACHE.get<{ two: number }>("two", "json");
    const three: Map<string, string | null> = await env.CACHE.get(["three"]);
    await env.CACHE.put("one", html, { expirationTtl: 60, metadata: { two } });
    const page = await env.CACHE.list<{ two: number }>({ prefix: "o" });
    if (!page.list_complete) await env.CACHE.list({ cursor: page.cursor });
    for await (const [name, handle] of env.DATA) {
      if (handle.kind === "file") console.log(name, (await handle.getFile()).size);
    }
    const answer = await env.SELF.fetch("http://self/", { method: "POST", body: env.TOKEN });
    ctx.waitUntil(answer.arrayBuffer());
    waitUntil(Promise.resolve());
    return new Response(html + sync + score + counter.name() + name + list + one + three.size + from);
  },
} satisfies Worky.Handler;
