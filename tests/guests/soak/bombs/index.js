// Acts that hit a limit, each in its own way.

const never = new Promise(() => {});

const acts = {
  fine: () => new Response("fine"),
  loop: () => { for (;;); },
  microtasks: async () => { for (;;) await null; },
  regex: () => new Response(String(/^(a+)+$/.test("a".repeat(60) + "!"))),
  late_loop: async () => { await scheduler.wait(1); for (;;); },
  stream_loop: () => new Response(new ReadableStream({ pull() { for (;;); } })),
  arrays: () => { const kept = []; for (;;) kept.push(new Array(10000).fill(kept.length)); },
  strings: () => { let text = "x"; const kept = []; for (;;) { text = (text + text).slice(0, 1 << 20); kept.push(text + kept.length, [...text.slice(0, 1000)]); } },
  buffers: () => { const kept = []; for (;;) kept.push(new Uint8Array(1 << 20).fill(1)); },
  maps: () => { const kept = new Map(); for (let n = 0; ; n++) kept.set({ n }, [n]); },
  wasm: () => { const kept = []; for (;;) kept.push(new WebAssembly.Memory({ initial: 64 })); },
  recursion: () => { const down = (n) => down(n + 1) + 1; return new Response(String(down(0))); },
  never: () => { setInterval(() => {}, 20); return never; },
  wait_until: (request, env, ctx) => { ctx.waitUntil(scheduler.wait(3600000)); return new Response("sent"); },
  wait_until_loop: (request, env, ctx) => { ctx.waitUntil(scheduler.wait(1).then(() => { for (;;); })); return new Response("sent"); },
  log: () => { for (let n = 0; n < 500; n++) console.log("a line of a flood", n); return new Response("logged"); },
  body: async (request) => new Response(String((await request.arrayBuffer()).byteLength)),
  async subrequests(request, env) {
    let answered = 0;
    try {
      for (; answered < 100; answered++) await (await fetch(env.UPSTREAM + "/status/200")).text();
    } catch (error) {
      return new Response(`${answered} ${error.name}`);
    }
    return new Response(String(answered));
  },
  timers: () => {
    let set = 0;
    try {
      for (; set < 1000; set++) setTimeout(() => {}, 1);
    } catch (error) {
      return new Response(`${set} ${error.name}`);
    }
    return new Response(String(set));
  },
  async kv(request, env) {
    let answered = 0;
    try {
      for (; answered < 100; answered++) await env.KV.get("key");
    } catch (error) {
      return new Response(`${answered} ${error.name}`);
    }
    return new Response(String(answered));
  },
  response: () => {
    let sent = 0;
    return new Response(new ReadableStream({
      pull(controller) {
        if (sent++ === 100) return controller.close();
        controller.enqueue(new Uint8Array(10_000));
      },
    }));
  },
  async tmp() {
    const tmp = await (await navigator.storage.getDirectory()).getDirectoryHandle("tmp");
    const stream = await (await tmp.getFileHandle("large", { create: true })).createWritable();
    try {
      for (let n = 0; n < 100; n++) await stream.write(new Uint8Array(1 << 16));
      await stream.close();
    } catch (error) {
      return new Response(error.name);
    }
    return new Response("written");
  },
};

export default {
  fetch: (request, env, ctx) => acts[new URL(request.url).pathname.slice(1)](request, env, ctx),
};
