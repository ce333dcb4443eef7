// AsyncLocalStorage, over everything that runs later.
import hooks, { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { channel } from "node:diagnostics_channel";
import { EventEmitter, EventEmitterAsyncResource } from "node:events";
import { nextTick } from "node:process";
import { Readable } from "node:stream";
import timers from "node:timers";

const storage = new AsyncLocalStorage<string>();
const other = new AsyncLocalStorage<number>({ defaultValue: 7, name: "other" });
const early = AsyncLocalStorage.snapshot();
const seen = () => storage.getStore() ?? "nothing";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function als_await() {
  return storage.run("kept", async () => {
    const all = [seen()];
    await null;
    all.push(seen());
    await pause(1);
    all.push(seen());
    await storage.run("inner", async () => {
      await pause(1);
      all.push(seen());
    });
    all.push(seen(), storage.exit(seen), seen());
    return all;
  });
}

export async function als_callbacks() {
  const all: Record<string, string> = {};
  const note = (name: string, done: () => void) => () => {
    all[name] = seen();
    done();
  };
  const ways: Record<string, (run: () => void) => void> = {
    setTimeout: (run) => setTimeout(run, 1),
    setInterval(run) {
      const timer = setInterval(() => (clearInterval(timer), run()), 1);
    },
    queueMicrotask,
    nextTick,
    setImmediate: timers.setImmediate,
    then: (run) => void Promise.resolve().then(run),
    thenable: (run) => void Promise.resolve({ then: (done: () => void) => (run(), done()) }),
    abort: (run) => AbortSignal.timeout(1).addEventListener("abort", run),
    dispatch(run) {
      const target = new EventTarget();
      target.addEventListener("event", run);
      target.dispatchEvent(new Event("event"));
    },
    digest: (run) => void crypto.subtle.digest("SHA-256", new Uint8Array(1)).then(run),
  };
  await Promise.all(
    Object.entries(ways).map(([name, way]) => storage.run(name, () => new Promise<void>((done) => way(note(name, done))))),
  );
  return { wrong: Object.entries(all).filter(([name, store]) => name !== store), count: Object.keys(all).length, after: seen() };
}

export async function als_streams() {
  const all: string[] = [];
  const note = (what: string) => all.push(`${what} ${seen()}`);
  const stream = storage.run("maker", () => {
    let left = 2;
    const source = new ReadableStream<string>({
      async pull(controller) {
        await pause(1);
        note("pull");
        if (left-- > 0) controller.enqueue("chunk");
        else controller.close();
      },
    }, { highWaterMark: 0 });
    return source.pipeThrough(
      new TransformStream({
        async transform(chunk, controller) {
          await pause(1);
          note("transform");
          controller.enqueue(chunk);
        },
        flush: () => void note("flush"),
      }),
    );
  });
  await storage.run("reader", async () => {
    for await (const _ of stream) note("read");
    await new ReadableStream({ start: (c) => (c.enqueue(1), c.close()) }).pipeTo(
      new WritableStream({
        write: () => void note("write"),
        close: () => void note("close"),
      }),
    );
  });
  return [...new Set(all)].sort();
}

export function als_node_streams() {
  return storage.run("node", async () => {
    const all: string[] = [];
    for await (const _ of Readable.from(["a", "b"]).map(async (x) => (await pause(1), all.push(seen()), x))) all.push(seen());
    return all;
  });
}

export function als_fetch(request: Request) {
  return storage.run("fetching", async () => {
    const all: string[] = [];
    const response = await fetch(new URL("/echo_store", request.url)).catch((error) => {
      all.push(error.name);
      return new Response("refused");
    });
    all.push(seen());
    await response.text();
    all.push(seen());
    for await (const _ of new Response("body").body!) all.push(seen());
    return all.slice(-3);
  });
}

/** Answers its name, after it waited while others did. */
export function als_concurrent(request: Request) {
  const name = new URL(request.url).search;
  return storage.run(name, async () => {
    const all = new Set<string>();
    for (let i = 0; i < 20; i++) {
      await pause(i % 3);
      all.add(seen());
    }
    return [name, ...all];
  });
}

export function als_streamed(request: Request) {
  const name = new URL(request.url).search;
  return storage.run(name, () => {
    let left = 5;
    const body = new ReadableStream({
      async pull(controller) {
        await pause(1);
        controller.enqueue(new TextEncoder().encode(`${seen()};`));
        if (--left === 0) controller.close();
      },
    });
    return new Response(body);
  });
}

export function als_leftovers() {
  const before = [seen(), other.getStore()];
  storage.enterWith("left behind");
  return [...before, seen()];
}

export function als_bound() {
  const [bound, snapshot, resource] = storage.run("then", () => [
    AsyncLocalStorage.bind((...args: unknown[]) => [seen(), args.length]),
    AsyncLocalStorage.snapshot(),
    new AsyncResource("TEST"),
  ]);
  return storage.run("now", () => [
    bound(1, 2, 3),
    snapshot(seen),
    resource.runInAsyncScope(seen),
    resource.bind(seen)(),
    early(seen),
    seen(),
    other.run(1, () => [seen(), other.getStore()]),
    other.getStore(),
    other.name,
    Object.keys(hooks),
  ]);
}

export async function als_events() {
  const plain = new EventEmitter();
  const bound = storage.run("maker", () => new EventEmitterAsyncResource({ name: "Test" }));
  const all: string[] = [];
  for (const emitter of [plain, bound]) emitter.on("event", () => all.push(seen()));
  storage.run("emitter", () => [plain.emit("event"), bound.emit("event")]);
  const messages = channel("test");
  messages.bindStore(storage, (message) => `of ${message}`);
  messages.runStores("channel", () => all.push(seen()));
  return all;
}

/** What a request runs stays its own, wherever it was bound. */
export function als_request_stays() {
  early(() => console.log("said in a bound function"));
  return "said";
}
