// What a bad neighbour does: the worker it deploys, and the client that calls it. Each client is small on purpose, since
// on a machine of two processors whatever it uses would be taken for the server's doing.

/** How many calls a client has open at once, and the shortest pause between two of the same one. */
const callers = 4;
const pause_ms = 20;

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

/** Attacks until the process ends. */
export async function attack(name, url, { http, net, sleep }) {
  const { call, paths = [""] } = attacks[name];
  const { hostname, port, pathname } = new URL(url);
  const connect = (first_bytes) => {
    const socket = net.connect({ host: hostname, port });
    socket.on("error", () => {});
    socket.write(first_bytes);
    return socket;
  };
  if (call === "fetch") {
    const agent = new http.Agent({ keepAlive: true, maxSockets: callers });
    const caller = async (index) => {
      for (;;) {
        await new Promise((resolve) => {
          const request = http.get(`${url}${paths[index % paths.length]}`, { agent }, (response) => response.resume().on("close", resolve));
          request.on("error", resolve);
        });
        await sleep(pause_ms);
      }
    };
    return Promise.all(Array.from({ length: callers }, (_, index) => caller(index)));
  }
  if (call === "stall") {
    for (let index = 0; index < 100; index += 1) {
      connect(`GET ${pathname}${paths[index % paths.length]} HTTP/1.1\r\nhost: x\r\n\r\n`).pause();
    }
    return sleep(2 ** 31 - 1);
  }
  for (let index = 0; index < 1_000; index += 1) {
    connect(`GET ${pathname} HTTP/1.1\r\n`);
    if (index % 50 === 0) await sleep(5);
  }
  for (;;) {
    for (let index = 0; index < 3; index += 1) setTimeout(() => connect(`GET ${pathname} HTTP/1.1\r\nhost: x\r\n\r\n`).destroySoon(), 0);
    await sleep(10);
  }
}
