import { type Exchange, type Fetcher, json } from "./types.ts";

/** Asks `url` with the request's own method and body, and passes the answer on as it arrives; `x-from` on what is asked. */
export function fetchUrl(exchange: Exchange): Promise<Response> {
  const ms = exchange.parameter("timeout_ms");
  const signal = ms === null ? undefined : AbortSignal.timeout(Number(ms));
  return pass(exchange, (init) => fetch(exchange.parameter("url")!, { ...init, signal }));
}

/** `/service/NAME/PATH`: asks the worker behind the service binding. */
export function service(exchange: Exchange, rest: string): Promise<Response> {
  const [, name, path] = /^([^/]*)\/?(.*)$/s.exec(rest)!;
  const binding = name.toUpperCase().replaceAll("-", "_");
  return pass(exchange, (init) => {
    const fetcher = exchange.env[binding] as Fetcher | undefined;
    if (!fetcher) throw new TypeError(`there is no service binding ${binding}`);
    return fetcher.fetch(`http://${name}.worky.internal/${path}${exchange.url.search}`, init);
  });
}

/** Asks the same `times` over, one after the other, and tells the statuses. */
export async function fetchMany(exchange: Exchange): Promise<Response> {
  const outcomes: (number | string)[] = [];
  for (let index = 0; index < exchange.number("times", 1); index++) {
    try {
      const response = await fetch(exchange.parameter("url")!, { headers: { "x-from": "parity" }, redirect: "manual" });
      await response.body?.cancel();
      outcomes.push(response.status);
    } catch (error) {
      outcomes.push(String(error));
    }
  }
  return json(200, outcomes);
}

async function pass(exchange: Exchange, ask: (init: RequestInit) => Promise<Response>): Promise<Response> {
  const { method, body } = exchange.request;
  const hasBody = !["GET", "HEAD", "DELETE"].includes(method);
  try {
    const response = await ask({
      method,
      headers: { "x-from": "parity" },
      body: hasBody ? body : undefined,
      redirect: "manual",
      ...(hasBody ? { duplex: "half" } : {}),
    } as RequestInit);
    const headers = new Headers(response.headers);
    // What is about a connection, and not about its message, is each connection's own.
    for (const name of ["connection", "transfer-encoding", "keep-alive", "content-length"]) headers.delete(name);
    return new Response(response.body, { status: response.status, headers });
  } catch (error) {
    return json(502, { error: String(error) });
  }
}
