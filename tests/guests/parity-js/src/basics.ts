import { type Exchange, json, later, text } from "./types.ts";

export function hello(exchange: Exchange): Response {
  return text(200, `Hello, ${exchange.parameter("name") ?? "world"}!\n`);
}

/** What the guest sees of a request, as JSON. */
export async function describe({ request, url }: Exchange): Promise<Response> {
  return json(200, {
    method: request.method,
    path: url.pathname,
    query: url.search.slice(1),
    host: url.host,
    headers: [...request.headers],
    body: await request.text(),
  });
}

/** The body back as it arrives. */
export function echo({ request, url }: Exchange): Response {
  return new Response(request.body, {
    headers: {
      "content-type": request.headers.get("content-type") ?? "application/octet-stream",
      "x-method": request.method,
      "x-query": url.search.slice(1),
    },
  });
}

export function headers({ request }: Exchange): Response {
  return json(200, [...request.headers]);
}

/** A header for each parameter of the query, in its order, twice the same where it stands twice. */
export function setHeaders({ url }: Exchange): Response {
  const headers = new Headers();
  const refused: string[] = [];
  for (const [name, value] of url.searchParams) {
    try {
      headers.append(name, value);
    } catch {
      refused.push(name);
    }
  }
  return refused.length > 0 ? json(500, { refused }) : new Response(null, { headers });
}

export function status(_: Exchange, rest: string): Response {
  const status = Number(rest);
  return [101, 204, 205, 304].includes(status) ? new Response(null, { status }) : text(status, `status ${status}\n`);
}

export function redirect(exchange: Exchange): Response {
  return new Response(null, { status: 302, headers: { location: exchange.parameter("to") ?? "/hello" } });
}

/** `chunks` lines, each by itself, `ms` apart. */
export function stream(exchange: Exchange): Response {
  const [chunks, ms] = [exchange.number("chunks", 3), exchange.number("ms", 0)];
  let index = 0;
  const body = new ReadableStream({
    async pull(controller) {
      if (index === chunks) return controller.close();
      if (ms > 0 && index > 0) await later(ms);
      controller.enqueue(new TextEncoder().encode(`chunk ${index++}\n`));
    },
  });
  return new Response(body, { headers: { "content-type": "text/plain;charset=UTF-8" } });
}

/** How long the body is, and what its bytes add up to. */
export async function count({ request }: Exchange): Promise<Response> {
  let [bytes, sum] = [0, 0];
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.length;
      for (const byte of chunk) sum = (sum + byte) >>> 0;
    }
  } catch (error) {
    return json(400, { error: String(error) });
  }
  return json(200, { bytes, sum });
}

/** Answers without a look at the body. */
export function ignoreBody(): Response {
  return text(200, "ignored\n");
}

let requests = 0;

/** How many requests this instance has had, this one included. */
export function counter(): Response {
  return text(200, `${++requests}\n`);
}
