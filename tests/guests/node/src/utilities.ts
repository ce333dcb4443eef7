import assert, { AssertionError } from "node:assert";
import strict from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import EventEmitter, { getEventListeners, on, once } from "node:events";
import timers from "node:timers";
import { setInterval as every, setTimeout as wait } from "node:timers/promises";
import util from "node:util";

export async function emitters() {
  class Own extends EventEmitter {}
  function Old(this: EventEmitter) {
    EventEmitter.call(this as never);
  }
  util.inherits(Old, EventEmitter);
  const all: unknown[] = [];
  const own = new Own();
  own.once("a", (value) => all.push(value));
  own.prependListener("a", () => all.push("first"));
  all.push(own.emit("a", 1), own.emit("a", 2), own.emit("none"));
  const old = new (Old as never as typeof EventEmitter)();
  old.on("a", () => all.push("old"));
  old.emit("a");
  setTimeout(() => own.emit("later", 7, 8), 1);
  all.push(await once(own, "later"));
  setTimeout(() => [own.emit("it", 1), own.emit("it", 2), own.emit("end")], 1);
  for await (const [value] of on(own, "it", { close: ["end"] })) all.push(value);
  const failing = once(own, "never");
  own.emit("error", new Error("while waiting"));
  all.push(await failing.catch((error) => error.message));
  try {
    own.emit("error", new Error("nobody listens"));
  } catch (error) {
    all.push((error as Error).message);
  }
  const monitored = new EventEmitter({ captureRejections: true });
  monitored.on(EventEmitter.errorMonitor, (error) => all.push(`monitor: ${error.message}`));
  monitored.on("error", (error) => all.push(`error: ${error.message}`));
  monitored.on("a", async () => {
    throw new Error("rejected");
  });
  monitored.emit("a");
  await wait(1);
  const controller = new AbortController();
  const aborted = once(own, "x", { signal: controller.signal }).catch((error) => error.name);
  controller.abort();
  all.push(await aborted, own.listenerCount("x"), getEventListeners(own, "a").length, own.eventNames().length);
  return all;
}

export const inspected = () => {
  class Point {
    x = 1;
    #hidden = 2;
    get sum() {
      return this.x + this.#hidden;
    }
  }
  const circular: Record<string, unknown> = { name: "c" };
  circular.self = circular;
  return [
    util.inspect({ a: 1, b: "x", c: [1, , 3], d: new Map([["k", { v: 1n }]]), e: new Set([null]), f: undefined, g: Symbol("s") }, { breakLength: Infinity }),
    util.inspect(new Point()),
    util.inspect(circular),
    util.inspect({ deep: { er: { still: { more: 1 } } } }),
    util.inspect("it's"),
    util.inspect([new Date(0), /x/g, () => {}, class A {}, Buffer.from("hi")], { breakLength: Infinity }),
    util.inspect({ [util.inspect.custom]: () => "customised" }),
    util.inspect({ n: -0, big: 2 ** 53 }, { colors: true }),
    util.format("%s %d %i %f %j %o %%", "a", 1.5, 1.5, "1.25", { a: 1 }, [1]),
    util.format("no placeholders", 1, { a: "b" }),
    util.stripVTControlCharacters("\u001b[31mred\u001b[39m"),
    util.styleText("red", "red"),
  ];
};

export async function adapted() {
  const later = (value: number, done: (error: Error | null, value?: number) => void) =>
    setTimeout(() => (value < 0 ? done(new Error("negative")) : done(null, value + 1)), 1);
  const promised = util.promisify(later);
  const called = await new Promise((done) => util.callbackify(async (value: number) => value * 2)(4, (_error, value) => done(value)));
  const deprecated = util.deprecate(() => "still works", "do not use it", "TEST01");
  return [
    await promised(1),
    await promised(-1).catch((error) => error.message),
    called,
    await util.promisify(timers.setTimeout)(1, "from timers"),
    [deprecated(), deprecated()],
    util.isDeepStrictEqual({ a: [1, new Map([[1, new Set([2])]])] }, { a: [1, new Map([[1, new Set([2])]])] }),
    util.isDeepStrictEqual([1], ["1"]),
    util.types.isPromise(Promise.resolve()),
    util.types.isDate(Object.create(Date.prototype)),
    util.types.isUint8Array(Buffer.alloc(1)),
    util.types.isAsyncFunction(adapted),
    util.parseArgs({ args: ["--name", "x", "-v", "rest"], options: { name: { type: "string" }, verbose: { type: "boolean", short: "v" } }, allowPositionals: true }),
  ];
}

export async function asserted() {
  const failed = (run: () => unknown) => {
    try {
      run();
      return "passed";
    } catch (error) {
      const { code, operator, message } = error as AssertionError;
      return error instanceof AssertionError ? [code, operator, message.split("\n")[0]] : String(error);
    }
  };
  return [
    failed(() => assert(0, "zero is falsy")),
    failed(() => assert.equal(1, 2)),
    failed(() => assert.equal(1, "1")),
    failed(() => strict.equal(1, "1")),
    failed(() => assert.deepStrictEqual({ a: [1, 2] }, { a: [1, 3] })),
    failed(() => assert.deepEqual({ a: 1 }, { a: "1" })),
    failed(() => assert.throws(() => { throw new TypeError("typed"); }, TypeError)),
    failed(() => assert.throws(() => {})),
    failed(() => assert.match("abc", /x/)),
    failed(() => assert.notStrictEqual(1, 1)),
    await assert.rejects(Promise.reject(new Error("no")), /no/).then(() => "rejected"),
  ];
}

export async function diagnosed() {
  const all: unknown[] = [];
  const channel = diagnostics.channel("test:channel");
  const subscriber = (message: unknown, name: unknown) => all.push([message, name]);
  all.push(channel.hasSubscribers);
  diagnostics.subscribe("test:channel", subscriber);
  channel.publish({ a: 1 });
  all.push(diagnostics.unsubscribe("test:channel", subscriber), diagnostics.hasSubscribers("test:channel"));
  const traced: string[] = [];
  const tracing = diagnostics.tracingChannel("work");
  const note = (event: string) => () => void traced.push(event);
  tracing.subscribe({ start: note("start"), end: note("end"), asyncStart: note("asyncStart"), asyncEnd: note("asyncEnd"), error: note("error") });
  await tracing.tracePromise(async () => wait(1), {});
  await tracing.tracePromise(async () => Promise.reject(new Error("x")), {}).catch(() => traced.push("caught"));
  return [...all, traced];
}

export async function timed() {
  const order: unknown[] = [];
  const never = timers.setTimeout(() => order.push("never"), 1);
  timers.clearTimeout(never);
  const refreshed = timers.setTimeout(() => order.push("refreshed"), 1).unref();
  refreshed.refresh();
  let ticks = 0;
  for await (const value of every(1, "tick")) {
    order.push(value);
    if (++ticks === 2) break;
  }
  const controller = new AbortController();
  const aborted = wait(10_000, undefined, { signal: controller.signal }).catch((error) => error.name);
  controller.abort();
  await wait(5);
  return [...order.sort(), await aborted, refreshed.hasRef(), typeof +refreshed, await wait(1, "value")];
}
