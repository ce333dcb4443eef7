interface Env {
  UPSTREAM: string;
}

declare const KV: {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
};

/** Asks the upstream, keeps what it said, and answers with that and what it said the time before. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const upstream = await fetch(env.UPSTREAM);
    const text = await upstream.text();

    const previous = await KV.get("last");
    await KV.put("last", text);

    return new Response(JSON.stringify({ status: upstream.status, bytes: text.length, changed: text !== previous }), {
      headers: { "content-type": "application/json", "cache-control": "no-store" },
    });
  },
};
