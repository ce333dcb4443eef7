import { type Exchange, json, type KVNamespace, later, text } from "./types.ts";

/** Answers at once, and works on for `ms`: writes what came to the key-value namespace and to the log. */
export function after(exchange: Exchange): Response {
  const key = exchange.parameter("key");
  const work = async () => {
    await later(exchange.number("ms", 0));
    if (key !== null) await (exchange.env.CACHE as KVNamespace).put(key, "after");
    console.info("worked on");
  };
  exchange.ctx.waitUntil(work());
  return text(200, "answered\n");
}

export async function sleep(exchange: Exchange): Promise<Response> {
  const before = performance.now();
  await later(exchange.number("ms", 10));
  return json(200, { slept_ms: Math.floor(performance.now() - before) });
}

export function time(): Response {
  return json(200, { seconds: Math.floor(Date.now() / 1000) });
}

export function random(exchange: Exchange): Response {
  const bytes = crypto.getRandomValues(new Uint8Array(exchange.number("bytes", 16)));
  return text(200, [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}
