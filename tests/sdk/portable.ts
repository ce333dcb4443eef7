// Code for Workers as people write it, which compiles with this project's types and with Cloudflare's alike.
interface Bindings {
  CACHE: KVNamespace;
  AUTH: Fetcher;
  GREETING: string;
}

interface Entry {
  text: string;
}

async function cached(env: Bindings, key: string, ctx: ExecutionContext): Promise<Response> {
  const known = await env.CACHE.get(key);
  const bytes: ArrayBuffer | null = await env.CACHE.get(key, "arrayBuffer");
  const stream: ReadableStream | null = await env.CACHE.get(key, "stream");
  const entry = await env.CACHE.get<Entry>(key, "json");
  const text: string | undefined = entry?.text;
  const { value, metadata } = await env.CACHE.getWithMetadata<{ at: number }>(key);
  const many: Map<string, string | null> = await env.CACHE.get([key]);
  ctx.waitUntil(env.CACHE.put(key, text ?? "", { expirationTtl: 60, metadata: { at: Date.now() } }));
  const page = await env.CACHE.list<{ at: number }>({ prefix: "a", limit: 10 });
  const names: string[] = page.keys.map((each) => each.name);
  const cursor = page.list_complete ? undefined : page.cursor;
  await env.CACHE.delete(key);
  return Response.json({ known, names, cursor, value, at: metadata?.at, size: bytes?.byteLength ?? many.size, streamed: stream !== null });
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(hash)));
}

function shout(response: Response): Response {
  const capitals = new TransformStream<string, string>({
    transform(chunk, controller) {
      controller.enqueue(chunk.toUpperCase());
    },
  });
  const { readable, writable } = new TransformStream();
  const body = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(capitals).pipeThrough(new TextEncoderStream());
  const writer = writable.getWriter();
  void writer.close();
  void readable.cancel();
  const headers = new Headers(response.headers);
  headers.set("x-shouted", "yes");
  headers.append("set-cookie", "a=b");
  const cookies: string[] = headers.getSetCookie();
  return new Response(body, { status: cookies.length > 0 ? response.status : 500, headers });
}

export default {
  async fetch(request, env, ctx): Promise<Response> {
    const url = new URL(request.url);
    const pattern = new URLPattern({ pathname: "/:name" });
    const name = pattern.exec(request.url)?.pathname.groups.name;
    if (request.method === "POST") {
      const form = await request.formData();
      const json = await request.clone().json<Entry>().catch(() => undefined);
      return new Response(String(form.get("name") ?? json?.text));
    }
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 100);
    try {
      const answer = await fetch("https://example.com/", { method: "PUT", body: "x", signal: controller.signal, redirect: "manual" });
      const other = await env.AUTH.fetch(new Request("https://auth/", { headers: { authorization: name ?? "" } }));
      if (!other.ok) return Response.redirect(new URL("/login", url).toString(), 302);
      await scheduler.wait(1);
      console.log(structuredClone({ a: 1 }), performance.now(), navigator.userAgent, crypto.randomUUID());
      return url.searchParams.has("shout") ? shout(answer) : await cached(env, await digest(env.GREETING), ctx);
    } finally {
      clearTimeout(timer);
    }
  },
} satisfies ExportedHandler<Bindings>;
