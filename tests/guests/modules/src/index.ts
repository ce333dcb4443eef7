import { relative } from "./lib/relative.ts";
import { absolute } from "/src/lib/absolute.ts";
import { exact } from "mapped";
import { prefixed } from "lib/prefixed.mts";
import { plain } from "./lib/plain.js";
import { esm } from "./lib/esm.mjs";
import { settled } from "./lib/top_level_await.ts";
import { a } from "./cycle/a.ts";
import { markup } from "./jsx/page.tsx";
import { element } from "./jsx/plain.jsx";
import { describe } from "./lib/language.ts";
import type { Shape } from "./lib/types.d.ts";
import data from "./data/data.json";
import text from "./data/text.txt";
import html from "./data/page.html";
import bytes from "./data/bytes.bin";
import add from "./data/add.wasm";
import * as namespace from "./lib/relative.ts";
import { env, waitUntil, WorkerEntrypoint } from "worky:workers";
import * as alias from "cloudflare:workers";
export * from "./lib/relative.ts";

// Not a constant, so that nobody but the running worker knows what it imports.
const nowhere = ["./lib", "nowhere.ts"].join("/");

let evaluated = 0;
evaluated += 1;

const kinds: Record<string, () => unknown> = {
  relative: () => relative,
  absolute: () => absolute,
  mapped: () => [exact, prefixed],
  javascript: () => [plain, esm],
  top_level_await: () => settled,
  cycle: () => a(),
  jsx: () => [markup("<&>"), element],
  language: () => describe({ kind: "square", size: 2 } satisfies Shape),
  json: () => data,
  text: () => [text, html.trim()],
  bytes: () => [bytes instanceof ArrayBuffer, [...new Uint8Array(bytes)]],
  wasm: async () => {
    const instance = await WebAssembly.instantiate(add);
    return [add instanceof WebAssembly.Module, (instance.exports.add as (a: number, b: number) => number)(20, 22)];
  },
  namespace: () => Object.keys(namespace).sort(),
  dynamic: async () => (await import("./lib/dynamic.ts")).default,
  dynamic_computed: async () => {
    const name = "b";
    return (await import(`./lib/choice_${name}.ts`)).name;
  },
  dynamic_missing: () => import(nowhere).then(() => "imported", (error) => error.name),
  once: async () => {
    await import("./index.ts");
    return evaluated;
  },
  meta: () => import.meta.url,
  builtin: () => [env.GREETING, typeof waitUntil, typeof WorkerEntrypoint, alias.env.GREETING, alias.waitUntil === waitUntil],
};

export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await kinds[new URL(request.url).pathname.slice(1)]());
  },
};
