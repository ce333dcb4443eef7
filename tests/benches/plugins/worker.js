// Calls of one component, as a plugin and as jco makes JavaScript of it, timed side by side in one isolate.
import * as plugin from "plugin:values";
import { instantiate } from "./jco/values.js";
import core from "./jco/values.core.wasm";
import core2 from "./jco/values.core2.wasm";
import core3 from "./jco/values.core3.wasm";

const modules = { "values.core.wasm": core, "values.core2.wasm": core2, "values.core3.wasm": core3 };
const jco = instantiate((name) => modules[name], {});
const { sync } = plugin;

/** The core module alone, without any conversion: what a call of WebAssembly costs at least. */
const imports = {};
for (const { module, name } of WebAssembly.Module.imports(core)) (imports[module] ??= {})[name] = () => 0;
const bare = new WebAssembly.Instance(core, imports).exports;

const mib = new Uint8Array(1 << 20).map((_, at) => at);
const kib = "k".repeat(1024);
const row = { id: 5n, firstName: "Ada", nickName: "Countess", score: 1.5, tags: ["a", "b"] };
const rows = Array.from({ length: 100 }, (_, at) => ({ ...row, id: BigInt(at) }));

/** Each with what it is measured against. A batch of promises is awaited one by one. */
const cases = {
  "add(1, 2)": { plugin: () => sync.add(1, 2), jco: () => jco.add(1, 2), core: () => bare.add(1, 2) },
  "await add(1, 2)": { plugin: () => plugin.add(1, 2), jco: async () => jco.add(1, 2), waits: true },
  "calls()": { plugin: () => sync.calls(), jco: () => jco.calls() },
  "a string of 1 KiB, and back": { plugin: () => sync.echo.echoString(kib), jco: () => jco.echo.echoString(kib) },
  "1 MiB of bytes, and back": {
    plugin: () => sync.echo.echoBytes(mib),
    jco: () => jco.echo.echoBytes(mib),
    slice: () => mib.slice(),
  },
  "a record, and back": { plugin: () => sync.echo.echoRow(row), jco: () => jco.echo.echoRow(row) },
  "100 records, and back": { plugin: () => sync.echo.echoRows(rows), jco: () => jco.echo.echoRows(rows) },
};

const BATCH_MS = 20;
/** Until V8 has optimized what it will. */
const WARM_UP_MS = 300;

function batch(act, count) {
  const began = performance.now();
  for (let n = 0; n < count; n++) act();
  return performance.now() - began;
}

async function waiting(act, count) {
  const began = performance.now();
  for (let n = 0; n < count; n++) await act();
  return performance.now() - began;
}

async function measure({ waits, ...acts }, rounds) {
  const time = waits ? waiting : batch;
  const names = Object.keys(acts);
  const counts = {};
  for (const name of names) {
    const began = performance.now();
    let count = 1;
    for (;;) {
      const taken = await time(acts[name], count);
      if (taken < BATCH_MS) count *= 2;
      else if (performance.now() - began > WARM_UP_MS) break;
    }
    counts[name] = count;
  }
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  // They take turns, so that what slows the machine for a while slows all of them.
  for (let round = 0; round < rounds; round++) {
    for (const name of names) samples[name].push((await time(acts[name], counts[name])) * 1e6 / counts[name]);
  }
  return Object.fromEntries(names.map((name) => [name, samples[name].sort((a, b) => a - b)[rounds >> 1]]));
}

export default {
  /** Nanoseconds of one call, each the median of its rounds. `?rounds=9` */
  async fetch(request) {
    const query = new URL(request.url).searchParams;
    const name = query.get("case");
    if (name === null) return Response.json(Object.keys(cases));
    return Response.json(await measure(cases[name], Number(query.get("rounds") ?? 9)));
  },
};
