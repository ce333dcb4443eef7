import { type Cases, ok, same } from "./assert.ts";

/** Every property name that can be reached from the global object within a few steps. */
function reachable(): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const visited = new Set<unknown>();
  const visit = (value: unknown, path: string, depth: number) => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null || visited.has(value) || depth > 5) return;
    visited.add(value);
    for (const key of Reflect.ownKeys(value)) {
      const next = `${path}.${String(key)}`;
      let inner: unknown;
      try {
        const descriptor = Reflect.getOwnPropertyDescriptor(value, key)!;
        inner = "value" in descriptor ? descriptor.value : Reflect.get(value, key);
        if (descriptor.get) visit(descriptor.get, `${next}(get)`, depth + 1);
      } catch {
        continue;
      }
      found.set(next, inner);
      visit(inner, next, depth + 1);
    }
    visit(Reflect.getPrototypeOf(value), `${path}.__proto__`, depth + 1);
  };
  visit(globalThis, "globalThis", 0);
  return found;
}

export const cases: Cases = {
  "no name of the engine's insides is global"() {
    for (const name of ["Deno", "__bootstrap", "bootstrap", "core", "internals", "primordials", "ops", "process", "require", "Bun"]) {
      same([name, typeof (globalThis as Record<string, unknown>)[name]], [name, "undefined"]);
    }
  },
  "nothing that can be reached is an op"() {
    const ops = [...reachable()].filter(([path, value]) => /\.op_\w+$/.test(path) || (typeof value === "function" && value.name.startsWith("op_")));
    same(ops.map(([path]) => path), []);
  },
  "nothing that can be reached is a table of the engine's"() {
    const names = /\.(Deno|__bootstrap|internals|primordials|ops|opNames|resources|loadExtScript|createLazyLoader|evalContext)$/;
    same([...reachable().keys()].filter((path) => names.test(path)), []);
  },
  "the Function constructor reaches no more"() {
    let reached: unknown;
    try {
      reached = new Function("return [typeof Deno, typeof __bootstrap].join()")();
    } catch (error) {
      reached = (error as Error).name;
    }
    ok(["undefined,undefined", "EvalError"].includes(reached as string), String(reached));
  },
  async "the engine's own modules cannot be imported"() {
    for (const specifier of ["ext:core/mod.js", "ext:core/ops", "ext:deno_web/00_url.js", "ext:deno_fetch/26_fetch.js", "node:fs", "deno:x"]) {
      const outcome = await import(specifier).then(() => "imported", () => "refused");
      same([specifier, outcome], [specifier, "refused"]);
    }
  },
  async "files and addresses cannot be imported"() {
    for (const specifier of ["file:///etc/passwd", "/etc/passwd", "../../../../../../etc/passwd", "http://127.0.0.1:1/x.js", "https://example.com/x.js"]) {
      const outcome = await import(specifier).then(() => "imported", () => "refused");
      same([specifier, outcome], [specifier, "refused"]);
    }
  },
  async "data: and blob: modules, where they work at all, see nothing more"() {
    for (const specifier of ["data:text/javascript,export default typeof Deno", URL.createObjectURL?.(new Blob(["export default typeof Deno"])) ?? "blob:x"]) {
      const seen = await import(specifier).then((module) => module.default, () => "refused");
      ok(["undefined", "refused"].includes(seen), seen);
    }
  },
  "stacks tell no path of the machine"() {
    const stack = new Error("x").stack!;
    ok(stack.includes("src/hidden.ts"), stack);
    ok(!/file:\/\/(?!\/src\/)/.test(stack) && !stack.includes("worky-test-"), stack);
  },
  "Error.prepareStackTrace gives no frame of the engine's"() {
    const before = Error.prepareStackTrace;
    try {
      Error.prepareStackTrace = (_, frames) => frames;
      const frames = new Error("x").stack as unknown as { getThis?(): unknown; getFunction?(): unknown }[];
      if (!Array.isArray(frames)) return;
      for (const frame of frames) {
        const own = frame.getFunction?.();
        ok(own === undefined || own === null || typeof own === "function", typeof own);
      }
    } finally {
      Error.prepareStackTrace = before;
    }
  },
};
