import type { Cases } from "./assert.ts";
import { cases as crypto } from "./crypto.ts";
import { cases as encoding } from "./encoding.ts";
import { cases as events } from "./events.ts";
import { cases as globals } from "./globals.ts";
import { cases as hidden } from "./hidden.ts";
import { cases as messages } from "./messages.ts";
import { cases as streams } from "./streams.ts";
import { cases as timers } from "./timers.ts";
import { cases as urls } from "./urls.ts";

const groups: Record<string, Cases> = { crypto, encoding, events, globals, hidden, messages, streams, timers, urls };

/** Runs a group of checks and answers what became of each: `ok`, or the error's stack. */
export default {
  async fetch(request: Request): Promise<Response> {
    const group = new URL(request.url).pathname.slice(1);
    const results: Record<string, string> = {};
    for (const [name, check] of Object.entries(groups[group])) {
      try {
        await check();
        results[name] = "ok";
      } catch (error) {
        results[name] = (error as Error)?.stack ?? String(error);
      }
    }
    return Response.json(results);
  },
};
