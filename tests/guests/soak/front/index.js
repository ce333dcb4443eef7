// What most of the soak's traffic asks: every act answers what its client can work out by itself.

/** Byte `n` of every body that is checked. */
const pattern = (n) => (n * 31 + (n >> 8)) & 255;

function chunk(from, length) {
  const bytes = new Uint8Array(length);
  for (let n = 0; n < length; n++) bytes[n] = pattern(from + n);
  return bytes;
}

const invert = () => new TransformStream({
  transform(bytes, controller) {
    controller.enqueue(bytes.map((byte) => byte ^ 255));
  },
});

const acts = {
  hello: (request, env, ctx, query) => new Response(`hello ${env.VERSION} ${query.get("n")}`),

  async json(request) {
    const value = await request.json();
    value.items.reverse();
    return Response.json({ ...value, seen: true });
  },

  down(request, env, ctx, query) {
    const [chunks, size, wait] = ["chunks", "size", "wait"].map((name) => Number(query.get(name)));
    let sent = 0;
    return new Response(new ReadableStream({
      async pull(controller) {
        if (sent === chunks) return controller.close();
        if (wait > 0) await scheduler.wait(wait);
        controller.enqueue(chunk(sent * size, size));
        sent += 1;
      },
    }));
  },

  async up(request) {
    let length = 0;
    let sum = 0;
    for await (const bytes of request.body) {
      length += bytes.length;
      for (const byte of bytes) sum = (sum + byte) >>> 0;
    }
    return Response.json({ length, sum });
  },

  echo: (request) => new Response(request.body),
  invert: (request) => new Response(request.body.pipeThrough(invert())),

  /** Ends in the middle, which its client must be able to tell from an end. */
  breaks() {
    let pulled = 0;
    return new Response(new ReadableStream({
      pull(controller) {
        if (pulled++ === 3) throw new Error("the stream breaks");
        controller.enqueue(chunk(0, 1000));
      },
    }));
  },

  throws() {
    throw new TypeError("thrown on purpose");
  },
  async rejects() {
    await scheduler.wait(1);
    throw new RangeError("rejected on purpose");
  },
  nothing: () => undefined,

  later(request, env, ctx) {
    ctx.waitUntil(scheduler.wait(20).then(() => console.log("later is done")));
    return new Response("sent");
  },

  async timers() {
    const waits = Array.from({ length: 50 }, (_, n) => scheduler.wait(n % 5));
    await Promise.all(waits);
    return new Response(String(waits.length));
  },

  async digest(request) {
    const hash = await crypto.subtle.digest("SHA-256", await request.arrayBuffer());
    const gzipped = new Blob([hash]).stream().pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip"));
    return new Response(gzipped);
  },

  async files(request, env, ctx, query) {
    const name = query.get("name");
    const tmp = await (await navigator.storage.getDirectory()).getDirectoryHandle("tmp");
    const text = await request.text();
    const read = [];
    for (const root of [env.DATA, tmp]) {
      const handle = await root.getFileHandle(name, { create: true });
      const stream = await handle.createWritable();
      await stream.write(text);
      await stream.close();
      read.push(await (await handle.getFile()).text());
      await root.removeEntry(name);
    }
    return Response.json(read);
  },

  service: (request, env) => env.TARGET.fetch(new Request("http://target/shout", request)),
  async service_throws(request, env) {
    return new Response(await env.TARGET.fetch("http://target/throws").then(() => "answered", (error) => error.name));
  },

  /** Passes the upstream's answer on. */
  pass: (request, env, ctx, query) => fetch(env.UPSTREAM + query.get("to")),
  /** Reads it, and tells what came of it. */
  async read(request, env, ctx, query) {
    try {
      const wait = Number(query.get("patience") ?? 60000);
      const response = await fetch(env.UPSTREAM + query.get("to"), { signal: AbortSignal.timeout(wait) });
      const text = await response.text();
      return new Response(`${response.status} ${text.length}`);
    } catch (error) {
      return new Response(error.name);
    }
  },
  async many(request, env) {
    const answers = Array.from({ length: 8 }, (_, n) => fetch(`${env.UPSTREAM}/status/${210 + n}`).then((response) => response.text()));
    return Response.json(await Promise.all(answers));
  },

  async put(request, env, ctx, query) {
    await env.KV.put(query.get("key"), request.body);
    return new Response("acknowledged");
  },
  async delete(request, env, ctx, query) {
    await env.KV.delete(query.get("key"));
    return new Response("acknowledged");
  },
  async get(request, env, ctx, query) {
    const value = await env.KV.get(query.get("key"), "stream");
    return value === null ? new Response("absent", { status: 404 }) : new Response(value);
  },
  /** Everything under a prefix, page by page: names and values. */
  async list(request, env, ctx, query) {
    const found = {};
    let cursor;
    do {
      const page = await env.KV.list({ prefix: query.get("prefix"), limit: Number(query.get("limit") ?? 1000), cursor });
      const names = page.keys.map((key) => key.name);
      for (let n = 0; n < names.length; n += 100) {
        for (const [name, value] of await env.KV.get(names.slice(n, n + 100))) found[name] = value;
      }
      cursor = page.cursor;
    } while (cursor);
    return Response.json(found);
  },
};

export default {
  fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    return acts[pathname.slice(1)](request, env, ctx, searchParams);
  },
};
