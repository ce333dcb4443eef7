// What no worker should do.

import { type Exchange, text } from "./types.ts";

export function spin(): Response {
  for (;;);
}

/** Every turn is a call of the host. */
export function spinHost(): Response {
  for (;;) performance.now();
}

/** Computes for `ms` of time, then answers. */
export function burn(exchange: Exchange): Response {
  const end = performance.now() + exchange.number("ms", 10);
  while (performance.now() < end);
  return text(200, "burnt\n");
}

/** Takes memory until there is none, and uses it. */
export function bomb(): Response {
  const held: number[][] = [];
  for (;;) held.push(new Array(128 << 10).fill(Math.random()));
}

export function recurse(): Response {
  const deeper = (depth: number): number => deeper(depth + 1) + 1;
  return text(200, `${deeper(0)}\n`);
}

export function raise(): Response {
  throw new Error("thrown by the guest");
}

/** Returns and never answers. */
export function noResponse(): Response {
  return undefined as unknown as Response;
}

/** `times` headers of `bytes` each. */
export function largeHeaders(exchange: Exchange): Response {
  const headers = new Headers();
  const value = "x".repeat(exchange.number("bytes", 100));
  for (let index = 0; index < exchange.number("times", 1); index++) headers.append(`x-${index}`, value);
  return new Response(null, { headers });
}

const head = { headers: { "content-type": "text/plain;charset=UTF-8" } };

/** A body that has no end but its reader's. */
export function endless(): Response {
  const chunk = new Uint8Array(16 << 10).fill(0x78);
  return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk.slice()) }), head);
}

export function raiseAfterHead(): Response {
  return halfAndThen(() => {
    throw new Error("thrown after the head");
  });
}

export function spinAfterHead(): Response {
  return halfAndThen(() => {
    for (;;);
  });
}

function halfAndThen(act: () => void): Response {
  let sent = false;
  const pull = (controller: ReadableStreamDefaultController) => {
    if (sent) return act();
    sent = true;
    controller.enqueue(new TextEncoder().encode("half of it\n"));
  };
  return new Response(new ReadableStream({ pull }), head);
}
