// What wrk sends, and what worky has to reach against whom: requests/s as a multiple of theirs.

const body_head = '{"text":"';
/** The 1 KiB body that load.lua sends too. */
export const body_1_kib = `${body_head}${"x".repeat(1024 - body_head.length - 2)}"}`;
/** What the streaming workers answer, and load.lua uploads. */
export const stream_bytes = 10 * 2 ** 20;
const stream_body = "x".repeat(stream_bytes);

/**
 * `worker` is the file that is hosted, `probe` one request whose answer shows that the server does the work it is measured
 * for. `script` and `keys` are load.lua's, where they are not the workload's name and 1,000.
 */
export const workloads = {
  hello: {
    title: "hello world",
    worker: "hello",
    probe: { method: "GET", path: "", status: 200, answer: "hello world" },
    reach: { hyper: 0.9, deno: 1, bun: 1, workerd: 7 },
  },
  echo: {
    title: "JSON in, JSON out, 1 KiB",
    worker: "echo",
    probe: { method: "POST", path: "", status: 200, answer: body_1_kib, body: body_1_kib },
    reach: { bun: 1.2, deno: 2.4, workerd: 8 },
  },
  ssr: {
    title: "SSR of a 10 KiB page with Hono JSX",
    worker: "ssr",
    script: "hello",
    probe: { method: "GET", path: "", status: 200, answer: is_page },
    reach: { deno: 1.2, workerd: 3 },
  },
  stream: {
    title: "10 MiB through a TransformStream",
    worker: "stream",
    script: "hello",
    answer_bytes: stream_bytes,
    probe: { method: "GET", path: "", status: 200, answer: stream_body },
    reach: { deno: 1.2, workerd: 2 },
  },
  upload: {
    title: "10 MiB of request through a TransformStream and back",
    worker: "upload",
    answer_bytes: stream_bytes,
    probe: { method: "POST", path: "", status: 200, answer: stream_body, body: stream_body },
    reach: {},
  },
  "kv-get": {
    title: "KV get, 1 KiB",
    worker: "kv",
    probe: { method: "GET", path: "key-7", status: 200, answer: body_1_kib },
    reach: { rusqlite: 0.5 },
  },
  "kv-put": {
    title: "KV put, 1 KiB, durable",
    worker: "kv",
    probe: { method: "PUT", path: "key-7", status: 204, answer: "", body: body_1_kib },
    reach: { rusqlite: 1 },
  },
  "component-hello": {
    title: "hello world, component",
    worker: "component",
    script: "hello",
    probe: { method: "GET", path: "", status: 200, answer: "hello world" },
    reach: {},
  },
  "component-kv-get": {
    title: "KV get, 1 KiB, component",
    worker: "component",
    script: "kv-get",
    keys: 1,
    probe: { method: "GET", path: "key-0", status: 200, answer: body_1_kib },
    reach: {},
  },
};

function is_page(text) {
  return text.startsWith("<html") && text.endsWith("</html>") && Math.abs(text.length - 10 * 1024) < 512;
}
