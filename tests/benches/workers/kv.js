export default {
  async fetch(request, env) {
    const key = new URL(request.url).pathname.slice(1);
    if (request.method === "PUT") {
      await env.KV.put(key, await request.text());
      return new Response(null, { status: 204 });
    }
    const value = await env.KV.get(key);
    return value === null ? new Response(`no such key: ${key}\n`, { status: 404 }) : new Response(value);
  },
};
