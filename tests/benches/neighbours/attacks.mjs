// What a bad neighbour does: the worker it deploys, and how that is called. `tests/benches/floor/src/bin/neighbour.rs` calls it.

const work = `const chunk = new Uint8Array(65536).fill(97); const line = "x".repeat(1000);`;

/** By name: `title` for the report, `source` of the worker, `config` after its first keys, and how it is called. */
export const attacks = {
  spin: {
    title: "endless loops, killed at the CPU limit",
    source: `export default { fetch() { for (;;); } };`,
    call: "fetch",
  },
  busy: {
    title: "50 ms of work for each request, within its limits",
    source: `export default { fetch() { const end = performance.now() + 50; let n = 0; while (performance.now() < end) n += Math.sqrt(n + 1); return new Response(String(n)); } };`,
    call: "fetch",
  },
  garbage: {
    title: "allocation as fast as it can, with half of its heap alive",
    source: `export default { fetch() { const ring = new Array(60_000); for (let n = 0; ; n += 1) ring[n % ring.length] = { n, list: new Array(100).fill(n) }; } };`,
    call: "fetch",
  },
  memory: {
    title: "memory up to its limit, killed, again",
    source:
      `export default { fetch(request) { const kept = []; const heap = request.url.endsWith("heap");` +
      ` for (;;) kept.push(heap ? new Array(10_000).fill(kept.length) : new Uint8Array(1 << 20).fill(1)); } };`,
    call: "fetch",
    paths: ["heap", "buffers"],
  },
  logs: {
    title: "1,000 log lines of 1 KB for each request",
    source: `${work} export default { fetch() { for (let n = 0; n < 1000; n += 1) console.log(line); return new Response("said"); } };`,
    call: "fetch",
  },
  fetches: {
    title: "1,000 fetches at once for each request",
    source:
      `export default { async fetch(request, env) { const all = []; for (let n = 0; n < 1000; n += 1)` +
      ` all.push(fetch(env.UPSTREAM + n).then((answer) => answer.text(), () => "")); await Promise.all(all); return new Response("fetched"); } };`,
    config: (upstream) =>
      `[vars]\nUPSTREAM = "${upstream}/"\n[egress]\nallow = ["${upstream}"]\n[egress.networks]\nallow = ["127.0.0.0/8"]\n`,
    call: "fetch",
  },
  crash: {
    title: "throws at every start but the first",
    // The first instance ends itself, so that everything after it is a start that fails.
    source:
      `if (Date.now() > FIRST_START_UNTIL) throw new Error("crashed at start");` +
      ` export default { fetch() { for (;;); } };`,
    limits: "cpu_ms = 50\n",
    call: "fetch",
  },
  streams: {
    title: "100 endless and huge responses that nobody reads",
    source:
      `${work} export default { fetch(request) { return request.url.endsWith("huge") ? new Response("x".repeat(8 << 20))` +
      ` : new Response(new ReadableStream({ pull(controller) { controller.enqueue(chunk); } })); } };`,
    call: "stall",
    paths: ["endless", "huge"],
  },
  kv: {
    title: "1,000 puts of 1 KB at once for each request",
    source:
      `${work} export default { async fetch(request, env) { const all = []; for (let n = 0; n < 1000; n += 1)` +
      ` all.push(env.KV.put("key-" + n, line).catch(() => {})); await Promise.all(all); return new Response("put"); } };`,
    config: () => `[[kv_namespaces]]\nbinding = "KV"\nid = "flood"\n`,
    call: "fetch",
  },
  connections: {
    title: "1,000 idle connections, and 300 more a second",
    source: `export default { fetch() { return new Response("here"); } };`,
    call: "connect",
  },
};

/** Several attacks at once. */
export const combinations = {
  six: {
    title: "loops, both of memory, logs, fetches and crashes together",
    names: ["spin", "garbage", "memory", "logs", "fetches", "crash"],
  },
  all: { title: "all of these together", names: Object.keys(attacks) },
};

/** The directory of the worker: file names and their contents. */
export function worker_files(name, upstream) {
  const { source, config, limits } = attacks[name];
  const head = `name = "${name}"\nmain = "worker.js"\ncompatibility_date = "2026-01-01"\n`;
  const first_start_ms = 10_000;
  return {
    "worker.js": source.replace("FIRST_START_UNTIL", String(Date.now() + first_start_ms)),
    "worky.toml": `${head}${limits ? `[limits]\n${limits}` : ""}${config?.(upstream) ?? ""}`,
  };
}

/** What the client is told of one: how it calls, and what. */
export function call(name) {
  const { call, paths = [""] } = attacks[name];
  return `${call}:${paths.map((path) => `/${name}/${path}`).join(",")}`;
}
