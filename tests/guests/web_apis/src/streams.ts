import { bytes, type Cases, collect, fails, ok, same } from "./assert.ts";

export const cases: Cases = {
  async "ReadableStream pulls when it is read"() {
    let pulls = 0;
    const stream = new ReadableStream<number>(
      {
        pull(controller) {
          pulls += 1;
          controller.enqueue(pulls);
          if (pulls === 3) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    await Promise.resolve();
    same(pulls, 0);
    same(await collect(stream), [1, 2, 3]);
  },
  async "ReadableStream tees, cancels and tells why"() {
    let reason: unknown;
    const stream = new ReadableStream({ cancel: (why) => void (reason = why) });
    const [left, right] = stream.tee();
    const done = Promise.all([left.cancel("a"), right.cancel("b")]);
    await done;
    same(reason, ["a", "b"]);
  },
  async "ReadableStream.from takes iterables"() {
    same(await collect(ReadableStream.from(["a", "b"])), ["a", "b"]);
    async function* numbers() {
      yield 1;
      yield 2;
    }
    same(await collect(ReadableStream.from(numbers())), [1, 2]);
  },
  "a locked stream is refused"() {
    const stream = new ReadableStream();
    stream.getReader();
    same(stream.locked, true);
    return fails("TypeError", () => stream.getReader());
  },
  async "byte streams read into the reader's own buffer"() {
    const stream = new ReadableStream({
      type: "bytes",
      pull(controller) {
        const view = controller.byobRequest!.view as Uint8Array;
        view[0] = 7;
        controller.byobRequest!.respond(1);
      },
    });
    const reader = stream.getReader({ mode: "byob" });
    const { value, done } = await reader.read(new Uint8Array(4));
    same([done, value!.byteLength, value![0]], [false, 1, 7]);
  },
  async "byte streams split chunks"() {
    const stream = new ReadableStream({
      type: "bytes",
      start(controller) {
        controller.enqueue(bytes(1, 2, 3));
        controller.close();
      },
    });
    const reader = stream.getReader({ mode: "byob" });
    same((await reader.read(new Uint8Array(2))).value, bytes(1, 2));
    same((await reader.read(new Uint8Array(2))).value, bytes(3));
    same((await reader.read(new Uint8Array(2))).done, true);
  },
  async "TransformStream transforms and flushes"() {
    const doubled = ReadableStream.from([1, 2]).pipeThrough(
      new TransformStream<number, number>({
        transform: (n, controller) => controller.enqueue(n * 2),
        flush: (controller) => controller.enqueue(-1),
      }),
    );
    same(await collect(doubled), [2, 4, -1]);
  },
  async "an identity TransformStream passes what is written"() {
    const { readable, writable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    const written = writer.write("a").then(() => writer.close());
    same(await collect(readable), ["a"]);
    await written;
  },
  async "WritableStream has back-pressure"() {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const writer = new WritableStream({ write: () => gate }, { highWaterMark: 1 }).getWriter();
    same(writer.desiredSize, 1);
    const written = writer.write("x");
    same(writer.desiredSize, 0);
    release();
    await written;
    await writer.ready;
    same(writer.desiredSize, 1);
  },
  async "pipeTo stops with a signal"() {
    const stop = new AbortController();
    const piped = new ReadableStream({}).pipeTo(new WritableStream(), { signal: stop.signal });
    stop.abort(new Error("enough"));
    same((await fails("Error", () => piped)).message, "enough");
  },
  async "an error in the source reaches the reader"() {
    const stream = new ReadableStream({
      pull() {
        throw new RangeError("dry");
      },
    });
    same((await fails("RangeError", () => collect(stream))).message, "dry");
  },
  "queuing strategies measure"() {
    same(new CountQueuingStrategy({ highWaterMark: 3 }).highWaterMark, 3);
    same(new ByteLengthQueuingStrategy({ highWaterMark: 3 }).size(bytes(1, 2)), 2);
  },
  async "a Response takes and gives streams"() {
    const response = new Response(ReadableStream.from(["a", "b"]).pipeThrough(new TextEncoderStream()));
    ok(response.body instanceof ReadableStream, "the body");
    same(await response.text(), "ab");
    same(response.bodyUsed, true);
    await fails("TypeError", () => response.text());
  },
};
