import { once } from "node:events";
import { Duplex, PassThrough, Readable, Transform, Writable, pipeline as withCallback } from "node:stream";
import { buffer, json, text } from "node:stream/consumers";
import { finished, pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import zlib from "node:zlib";

const upper = () =>
  new Transform({
    transform(chunk, _encoding, done) {
      done(null, chunk.toString().toUpperCase());
    },
  });

export async function pipelines() {
  const chunks: string[] = [];
  const sink = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      chunks.push(chunk.toString());
      setTimeout(done, 1);
    },
  });
  await pipeline(Readable.from(["a", "b", "c"]), upper(), sink);
  const generated = await text(
    Readable.from(
      (async function* () {
        yield "one ";
        yield "two";
      })(),
    ).pipe(new PassThrough()),
  );
  const failing = new Transform({ transform: (_chunk, _encoding, done) => done(new Error("broken")) });
  const failure = await promisify(withCallback)(Readable.from(["x"]), failing, new PassThrough()).catch((error) => error.message);
  const stream = new PassThrough();
  const end = finished(stream.resume());
  stream.end();
  await end;
  const mapped = await Readable.from([1, 2, 3, 4])
    .filter((n) => n % 2 === 0)
    .map((n) => n * 10)
    .toArray();
  return [chunks.join(""), generated, failure, stream.destroyed || stream.readableEnded, mapped, await json(Readable.from(['{"a"', ":1}"]))];
}

export async function backpressure() {
  const stream = new PassThrough({ highWaterMark: 4 });
  const first = stream.write("abcdef");
  const drained = once(stream, "drain");
  stream.resume();
  await drained;
  return [first, stream.writableLength, stream.writableHighWaterMark];
}

export async function web_streams() {
  const fromWeb = await text(Readable.fromWeb(new Blob(["from the web"]).stream() as never));
  const toWeb = await new Response(Readable.toWeb(Readable.from([Buffer.from("to "), Buffer.from("the web")])) as never).text();
  const received: string[] = [];
  const web = new WritableStream({ write: (chunk) => void received.push(new TextDecoder().decode(chunk)) });
  await pipeline(Readable.from([Buffer.from("written")]), Writable.fromWeb(web as never));
  const duplex = Duplex.fromWeb(new TransformStream() as never);
  duplex.end("there and back");
  const failing = new Readable({ read() { this.destroy(new Error("source failed")); } });
  const failure = await new Response(Readable.toWeb(failing) as never).text().catch((error) => error.message);
  return [fromWeb, toWeb, received, (await buffer(duplex)).toString(), failure];
}

/** A stream of Node's as the body of an answer. */
export const node_body = () => new Response(Readable.toWeb(Readable.from(["as ", "a ", "body"].map((part) => Buffer.from(part)))) as never);

export async function zlib_vectors() {
  const attempt = (run: () => unknown) => {
    try {
      return run();
    } catch (error) {
      const { code, errno, message } = error as { code: string; errno: number; message: string };
      return [code, errno ?? null, message];
    }
  };
  const dictionary = Buffer.from("a dictionary of words");
  return [
    zlib.deflateSync("hello hello hello").toString("hex"),
    zlib.deflateRawSync("hello hello hello", { level: 9 }).toString("hex"),
    zlib.gzipSync("hello hello hello", { level: 1 }).toString("hex"),
    zlib.deflateSync("aaaaaaaaaa", { strategy: zlib.constants.Z_HUFFMAN_ONLY }).toString("hex"),
    zlib.inflateSync(Buffer.from("789ccb48cdc9c957c84090003a2e067d", "hex")).toString(),
    zlib.gunzipSync(Buffer.from("H4sIAAAAAAAAA8tIzcnJVyjPL8pJAQCFEUoNCwAAAA==", "base64")).toString(),
    zlib.unzipSync(zlib.gzipSync("either")).toString() + zlib.unzipSync(zlib.deflateSync("way")).toString(),
    zlib.gunzipSync(Buffer.concat([zlib.gzipSync("two "), zlib.gzipSync("members"), Buffer.alloc(4)])).toString(),
    zlib.inflateSync(zlib.deflateSync("words of a dictionary", { dictionary }), { dictionary }).toString(),
    zlib.crc32("hello"),
    (await promisify(zlib.gunzip)(await promisify(zlib.gzip)("later")) as Buffer).toString(),
    zlib.gunzipSync(zlib.gzipSync(Buffer.alloc(1_000_000, "ab"))).length,
    attempt(() => zlib.inflateSync("garbage")),
    attempt(() => zlib.gunzipSync(zlib.gzipSync("cut short").subarray(0, 15))),
    attempt(() => zlib.gunzipSync(zlib.gzipSync("a".repeat(100)), { maxOutputLength: 10 })),
    attempt(() => zlib.inflateSync(zlib.deflateSync("x", { dictionary }))),
    typeof (zlib as unknown as Record<string, unknown>).brotliCompressSync,
  ];
}

export async function zlib_streams() {
  const squeezed = await buffer(Readable.from(["a".repeat(50_000), "b".repeat(50_000)]).pipe(zlib.createGzip()));
  const back = await text(Readable.from([squeezed.subarray(0, 40), squeezed.subarray(40)]).pipe(zlib.createGunzip()));
  const native = await new Response(new Blob([squeezed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  const deflate = zlib.createDeflate();
  const parts: Buffer[] = [];
  deflate.on("data", (part) => parts.push(part));
  deflate.write("flushed");
  await new Promise<void>((done) => deflate.flush(done));
  const partial = zlib.inflateSync(Buffer.concat(parts), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString();
  const failure = await text(Readable.from([Buffer.from("not gzip")]).pipe(zlib.createGunzip())).catch((error) => error.code);
  return [squeezed.length < 500, back.length, native === back, partial, failure];
}
