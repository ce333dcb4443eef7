// The worker of the parity tests in TypeScript: the same routes and answers as `tests/guests/components/parity`.

import * as basics from "./basics.ts";
import * as clocks from "./clocks.ts";
import { fetchMany, fetchUrl, service } from "./fetch.ts";
import { files, preopens } from "./files.ts";
import * as hostile from "./hostile.ts";
import { kv } from "./kv.ts";
import * as system from "./system.ts";
import { type Context, type Env, Exchange, text } from "./types.ts";

// By the first segment of the path.
const routes: Record<string, (exchange: Exchange, rest: string) => Response | Promise<Response>> = {
  "": basics.hello,
  hello: basics.hello,
  describe: basics.describe,
  echo: basics.echo,
  headers: basics.headers,
  "set-headers": basics.setHeaders,
  status: basics.status,
  redirect: basics.redirect,
  stream: basics.stream,
  count: basics.count,
  "ignore-body": basics.ignoreBody,
  counter: basics.counter,
  after: clocks.after,
  sleep: clocks.sleep,
  time: clocks.time,
  random: clocks.random,
  fetch: fetchUrl,
  "fetch-many": fetchMany,
  service,
  files,
  preopens,
  kv,
  config: system.config,
  environment: system.environment,
  log: system.log,
  spin: hostile.spin,
  "spin-host": hostile.spinHost,
  burn: hostile.burn,
  bomb: hostile.bomb,
  recurse: hostile.recurse,
  throw: hostile.raise,
  "no-response": hostile.noResponse,
  "large-headers": hostile.largeHeaders,
  endless: hostile.endless,
  "throw-after-head": hostile.raiseAfterHead,
  "spin-after-head": hostile.spinAfterHead,
};

export default {
  fetch(request: Request, env: Env, ctx: Context): Response | Promise<Response> {
    const exchange = new Exchange(request, env, ctx);
    const [, first, rest] = /^\/*([^/]*)\/?(.*)$/s.exec(exchange.url.pathname)!;
    const route = Object.hasOwn(routes, first) ? routes[first] : undefined;
    return route ? route(exchange, rest) : text(404, "no such route\n");
  },
};
