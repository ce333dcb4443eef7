import { Buffer } from "node:buffer";
import { invalidType } from "node:internal/errors";
import { Stream } from "node:internal/streams";

const { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished, addAbortSignal, compose, destroy } = Stream;
export { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished, addAbortSignal, compose, destroy };
export { Stream };
export const { promises, isDisturbed, isErrored, isReadable } = Stream;
export const isWritable = (stream) =>
  typeof stream?.writable === "boolean" ? stream.writable && !stream.writableEnded && !stream.destroyed : null;
export const isDestroyed = (stream) => stream?.destroyed ?? null;
export const { _isUint8Array, _uint8ArrayToBuffer } = Stream;

Readable.fromWeb = function fromWeb(web, options = {}) {
  if (!(web instanceof ReadableStream)) throw invalidType("readableStream", "an instance of ReadableStream", web);
  const reader = web.getReader();
  let isOver = false;
  return new Readable({
    ...options,
    read() {
      reader.read().then(
        ({ value, done }) => {
          isOver = done;
          this.push(done ? null : value);
        },
        (error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      if (isOver) return done(error);
      reader.cancel(error).then(
        () => done(error),
        () => done(error),
      );
    },
  });
};

Readable.toWeb = function toWeb(readable, options = {}) {
  const isObjects = readable.readableObjectMode;
  const strategy = options.strategy ?? new CountQueuingStrategy({ highWaterMark: isObjects ? readable.readableHighWaterMark : 1 });
  readable.pause();
  let end;
  return new ReadableStream(
    {
      start(controller) {
        end = finished(readable, { writable: false }, (error) => {
          end = undefined;
          if (error) controller.error(error);
          else controller.close();
        });
        readable.on("data", (chunk) => {
          const view = Buffer.isBuffer(chunk) && !isObjects ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength) : chunk;
          controller.enqueue(view);
          if (controller.desiredSize <= 0) readable.pause();
        });
        readable.pause();
      },
      pull() {
        readable.resume();
      },
      cancel(reason) {
        end?.();
        readable.destroy(reason instanceof Error ? reason : undefined);
      },
    },
    strategy,
  );
};

Writable.fromWeb = function fromWeb(web, options = {}) {
  if (!(web instanceof WritableStream)) throw invalidType("writableStream", "an instance of WritableStream", web);
  const writer = web.getWriter();
  let isOver = false;
  writer.closed.then(
    () => (isOver = true),
    (error) => {
      isOver = true;
      writable.destroy(error);
    },
  );
  const settle = (promise, done) => promise.then(() => done(), done);
  const writable = new Writable({
    ...options,
    write: (chunk, _encoding, done) => settle(writer.ready.then(() => writer.write(chunk)), done),
    final: (done) => settle(writer.close(), done),
    destroy(error, done) {
      if (isOver) return done(error);
      const end = error === null ? writer.close() : writer.abort(error);
      end.then(
        () => done(error),
        () => done(error),
      );
    },
  });
  return writable;
};

Writable.toWeb = function toWeb(writable) {
  return new WritableStream(
    {
      start(controller) {
        finished(writable, { readable: false }, (error) => error && controller.error(error));
      },
      write(chunk) {
        if (writable.write(chunk)) return;
        return new Promise((resolve, reject) => {
          const end = (error) => {
            writable.off("drain", end);
            writable.off("error", end);
            writable.off("close", end);
            if (error) reject(error);
            else resolve();
          };
          writable.once("drain", end).once("error", end).once("close", end);
        });
      },
      close: () => new Promise((resolve, reject) => {
        finished(writable, { readable: false }, (error) => (error ? reject(error) : resolve()));
        writable.end();
      }),
      abort(reason) {
        writable.destroy(reason instanceof Error ? reason : new Error(String(reason)));
      },
    },
    new CountQueuingStrategy({ highWaterMark: writable.writableObjectMode ? writable.writableHighWaterMark : 1 }),
  );
};

Duplex.fromWeb = function fromWeb({ readable, writable }, options) {
  return Duplex.from({ readable: Readable.fromWeb(readable, options), writable: Writable.fromWeb(writable, options) });
};
Duplex.toWeb = (duplex) => ({ readable: Readable.toWeb(duplex), writable: Writable.toWeb(duplex) });

Object.assign(Stream, { isDestroyed, isWritable });
export default Stream;
