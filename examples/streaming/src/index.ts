interface Env {
  UPSTREAM: string;
}

declare const scheduler: { wait(ms: number): Promise<void> };

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/clock") return clock(request.signal, Number(searchParams.get("ms") ?? 1000));
    if (pathname === "/shout") return shout(env.UPSTREAM);
    return new Response("try /clock or /shout\n", { status: 404 });
  },
};

/** Server-sent events, one each `ms` milliseconds, for as long as the client listens. */
function clock(signal: AbortSignal, ms: number): Response {
  async function* ticks() {
    while (!signal.aborted) {
      yield `data: ${new Date().toISOString()}\n\n`;
      await scheduler.wait(ms);
    }
  }
  const events = ReadableStream.from(ticks()).pipeThrough(new TextEncoderStream());
  return new Response(events, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}

/** The upstream's text in capitals, passed on as it comes and never held as a whole. */
async function shout(upstream: string): Promise<Response> {
  const { body, status } = await fetch(upstream);
  const capitals = new TransformStream<string, string>({
    transform: (text, controller) => controller.enqueue(text.toUpperCase()),
  });
  const shouted = body?.pipeThrough(new TextDecoderStream()).pipeThrough(capitals).pipeThrough(new TextEncoderStream());
  return new Response(shouted, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}
