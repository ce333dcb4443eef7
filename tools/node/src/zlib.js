import crc32Of from "pako/lib/zlib/crc32.js";
import deflater from "pako/lib/zlib/deflate.js";
import inflater from "pako/lib/zlib/inflate.js";
import messages from "pako/lib/zlib/messages.js";
import ZStream from "pako/lib/zlib/zstream.js";
import { Buffer } from "node:buffer";
import { checkFunction, error, invalidType, outOfRange, unavailable } from "node:internal/errors";
import { nextTick } from "node:internal/tick";
import { Transform } from "node:stream";

export const constants = Object.freeze({
  Z_NO_FLUSH: 0,
  Z_PARTIAL_FLUSH: 1,
  Z_SYNC_FLUSH: 2,
  Z_FULL_FLUSH: 3,
  Z_FINISH: 4,
  Z_BLOCK: 5,
  Z_OK: 0,
  Z_STREAM_END: 1,
  Z_NEED_DICT: 2,
  Z_ERRNO: -1,
  Z_STREAM_ERROR: -2,
  Z_DATA_ERROR: -3,
  Z_MEM_ERROR: -4,
  Z_BUF_ERROR: -5,
  Z_VERSION_ERROR: -6,
  Z_NO_COMPRESSION: 0,
  Z_BEST_SPEED: 1,
  Z_BEST_COMPRESSION: 9,
  Z_DEFAULT_COMPRESSION: -1,
  Z_FILTERED: 1,
  Z_HUFFMAN_ONLY: 2,
  Z_RLE: 3,
  Z_FIXED: 4,
  Z_DEFAULT_STRATEGY: 0,
  ZLIB_VERNUM: 4880,
  DEFLATE: 1,
  INFLATE: 2,
  GZIP: 3,
  GUNZIP: 4,
  DEFLATERAW: 5,
  INFLATERAW: 6,
  UNZIP: 7,
  Z_MIN_WINDOWBITS: 8,
  Z_MAX_WINDOWBITS: 15,
  Z_DEFAULT_WINDOWBITS: 15,
  Z_MIN_CHUNK: 64,
  Z_MAX_CHUNK: Infinity,
  Z_DEFAULT_CHUNK: 16384,
  Z_MIN_MEMLEVEL: 1,
  Z_MAX_MEMLEVEL: 9,
  Z_DEFAULT_MEMLEVEL: 8,
  Z_MIN_LEVEL: -1,
  Z_MAX_LEVEL: 9,
  Z_DEFAULT_LEVEL: -1,
});
const { DEFLATE, INFLATE, GZIP, GUNZIP, DEFLATERAW, INFLATERAW, UNZIP } = constants;
const { Z_NO_FLUSH, Z_FULL_FLUSH, Z_FINISH, Z_OK, Z_STREAM_END, Z_NEED_DICT, Z_DATA_ERROR, Z_BUF_ERROR } = constants;
const CODES = ["Z_OK", "Z_STREAM_END", "Z_NEED_DICT"];
const FAILURES = ["", "Z_ERRNO", "Z_STREAM_ERROR", "Z_DATA_ERROR", "Z_MEM_ERROR", "Z_BUF_ERROR", "Z_VERSION_ERROR"];
export const codes = Object.freeze({
  ...Object.fromEntries(CODES.flatMap((name, code) => [[name, code], [code, name]])),
  ...Object.fromEntries(FAILURES.slice(1).flatMap((name, index) => [[name, -index - 1], [-index - 1, name]])),
});

function bytesOf(data, name = "buffer") {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw invalidType(name, "of type string or an instance of Buffer, TypedArray, DataView, or ArrayBuffer", data);
}

function failure(code, message) {
  return Object.assign(error(codes[code], message || messages[code] || "zlib error"), { errno: code });
}

function bounded(options, name, min, max, otherwise) {
  const value = options[name];
  if (value === undefined || Number.isNaN(value)) return otherwise;
  if (typeof value !== "number") throw invalidType(`options.${name}`, "of type number", value);
  if (value < min || value > max) throw outOfRange(`options.${name}`, `>= ${min} and <= ${max}`, value);
  return value;
}

/** One stream of zlib: bytes in, bytes out. */
class Codec {
  #stream;
  #mode;
  #options;
  #isOver = false;
  #isBegun = false;
  constructor(mode, options) {
    this.#mode = mode;
    this.#options = {
      chunk: bounded(options, "chunkSize", constants.Z_MIN_CHUNK, Infinity, constants.Z_DEFAULT_CHUNK),
      level: bounded(options, "level", -1, 9, -1),
      bits: options.windowBits === 0 && this.#inflates ? 15 : bounded(options, "windowBits", 8, 15, 15),
      memory: bounded(options, "memLevel", 1, 9, 8),
      strategy: bounded(options, "strategy", 0, 4, 0),
      dictionary: options.dictionary === undefined ? undefined : bytesOf(options.dictionary, "options.dictionary"),
      max: bounded(options, "maxOutputLength", 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    };
    this.reset();
  }
  get #inflates() {
    return this.#mode === INFLATE || this.#mode === GUNZIP || this.#mode === INFLATERAW || this.#mode === UNZIP;
  }
  reset() {
    const { level, bits, memory, strategy, dictionary } = this.#options;
    const framed = { [GZIP]: bits + 16, [GUNZIP]: bits + 16, [UNZIP]: bits + 32, [INFLATERAW]: -bits };
    // zlib itself makes 9 of 8 here, which an inflater of 8 cannot read back.
    framed[DEFLATERAW] = bits === 8 ? -9 : -bits;
    const window = framed[this.#mode] ?? bits;
    this.#stream = new ZStream();
    this.#isOver = this.#isBegun = false;
    this.given = this.made = 0;
    const status = this.#inflates
      ? inflater.inflateInit2(this.#stream, window)
      : deflater.deflateInit2(this.#stream, level, 8, window, memory, strategy);
    if (status !== Z_OK) throw failure(status, "Init error");
    if (dictionary === undefined) return;
    if (!this.#inflates) deflater.deflateSetDictionary(this.#stream, dictionary);
    else if (this.#mode === INFLATERAW) inflater.inflateSetDictionary(this.#stream, dictionary);
  }
  /** Everything that comes of `input`, in chunks. */
  run(input, flush) {
    const chunks = [];
    if (this.#isOver) return chunks;
    const stream = this.#stream;
    stream.input = input;
    stream.next_in = 0;
    stream.avail_in = input.length;
    this.#isBegun ||= input.length > 0;
    const { chunk, max } = this.#options;
    while (true) {
      stream.output = new Uint8Array(chunk);
      stream.next_out = 0;
      stream.avail_out = chunk;
      const status = this.#inflates ? this.#inflate(flush) : deflater.deflate(stream, flush);
      if (stream.next_out > 0) {
        const out = stream.output;
        chunks.push(Buffer.from(out.buffer, out.byteOffset, stream.next_out));
        this.made += stream.next_out;
        if (this.made > max) {
          throw error("ERR_BUFFER_TOO_LARGE", `Cannot create a Buffer larger than ${max} bytes`, RangeError);
        }
      }
      if (status === Z_STREAM_END) {
        this.#isOver = true;
        break;
      }
      if (status !== Z_OK && status !== Z_BUF_ERROR) throw failure(status, stream.msg);
      // It stops of itself before the room is used up, when it has had everything.
      if (stream.avail_out > 0) {
        const unfinished = this.#inflates && flush === Z_FINISH && this.#isBegun;
        if (unfinished) throw failure(Z_BUF_ERROR, "unexpected end of file");
        break;
      }
    }
    this.given += input.length - stream.avail_in;
    return chunks;
  }
  #inflate(flush) {
    const stream = this.#stream;
    // Told to finish, it would fail where a chunk of output is full.
    const mode = flush === Z_FINISH ? constants.Z_SYNC_FLUSH : flush;
    let status = inflater.inflate(stream, mode);
    const { dictionary } = this.#options;
    if (status === Z_NEED_DICT) {
      if (dictionary === undefined) throw failure(Z_NEED_DICT, "Missing dictionary");
      if (inflater.inflateSetDictionary(stream, dictionary) !== Z_OK) throw failure(Z_DATA_ERROR, "Bad dictionary");
      status = inflater.inflate(stream, mode);
    }
    // Members of gzip may follow each other; zeros are padding.
    while (status === Z_STREAM_END && this.#mode === GUNZIP && stream.avail_in > 0 && stream.input[stream.next_in] !== 0) {
      inflater.inflateReset(stream);
      status = inflater.inflate(stream, mode);
    }
    return status;
  }
}

function once(mode, data, options = {}) {
  const codec = new Codec(mode, options ?? {});
  return Buffer.concat(codec.run(bytesOf(data), options?.finishFlush ?? Z_FINISH));
}

class Zlib extends Transform {
  #codec;
  #flush;
  #finish;
  constructor(mode, options = {}) {
    super({ ...options, objectMode: false, decodeStrings: true });
    this.#codec = new Codec(mode, options);
    this.#flush = options.flush ?? Z_NO_FLUSH;
    this.#finish = options.finishFlush ?? Z_FINISH;
  }
  get bytesWritten() {
    return this.#codec.given;
  }
  #run(input, flush, done) {
    try {
      for (const chunk of this.#codec.run(input, flush)) this.push(chunk);
    } catch (error) {
      return done(error);
    }
    done();
  }
  _transform(chunk, _encoding, done) {
    this.#run(bytesOf(chunk), this.#flush, done);
  }
  _flush(done) {
    this.#run(new Uint8Array(0), this.#finish, done);
  }
  flush(kind, done) {
    if (typeof kind === "function" || kind === undefined) [kind, done] = [Z_FULL_FLUSH, kind];
    const run = () =>
      this.#run(new Uint8Array(0), kind, (error) => {
        if (error) this.destroy(error);
        else done?.();
      });
    if (this.writableLength === 0) run();
    else this.once("drain", run);
  }
  reset() {
    this.#codec.reset();
  }
  close(done) {
    if (done) this.once("close", done);
    this.destroy();
  }
}
Zlib.prototype.params = unavailable("zlib.params");

function streamClass(name, mode) {
  return { [name]: class extends Zlib {
    constructor(options) {
      super(mode, options);
    }
  } }[name];
}
export const Deflate = streamClass("Deflate", DEFLATE);
export const Inflate = streamClass("Inflate", INFLATE);
export const Gzip = streamClass("Gzip", GZIP);
export const Gunzip = streamClass("Gunzip", GUNZIP);
export const DeflateRaw = streamClass("DeflateRaw", DEFLATERAW);
export const InflateRaw = streamClass("InflateRaw", INFLATERAW);
export const Unzip = streamClass("Unzip", UNZIP);

export const createDeflate = (options) => new Deflate(options);
export const createInflate = (options) => new Inflate(options);
export const createGzip = (options) => new Gzip(options);
export const createGunzip = (options) => new Gunzip(options);
export const createDeflateRaw = (options) => new DeflateRaw(options);
export const createInflateRaw = (options) => new InflateRaw(options);
export const createUnzip = (options) => new Unzip(options);

export const deflateSync = (data, options) => once(DEFLATE, data, options);
export const inflateSync = (data, options) => once(INFLATE, data, options);
export const gzipSync = (data, options) => once(GZIP, data, options);
export const gunzipSync = (data, options) => once(GUNZIP, data, options);
export const deflateRawSync = (data, options) => once(DEFLATERAW, data, options);
export const inflateRawSync = (data, options) => once(INFLATERAW, data, options);
/** Of gzip or zlib, whichever it is; a Gunzip where there is more than one member. */
export const unzipSync = (data, options) => {
  const bytes = bytesOf(data);
  return once(bytes[0] === 0x1f && bytes[1] === 0x8b ? GUNZIP : INFLATE, bytes, options);
};

const later = (sync) => (data, options, done) => {
  if (typeof options === "function") [options, done] = [undefined, options];
  checkFunction(done, "callback");
  bytesOf(data);
  nextTick(() => {
    let result;
    try {
      result = sync(data, options);
    } catch (error) {
      return done(error);
    }
    done(null, result);
  });
};
export const deflate = later(deflateSync);
export const inflate = later(inflateSync);
export const gzip = later(gzipSync);
export const gunzip = later(gunzipSync);
export const deflateRaw = later(deflateRawSync);
export const inflateRaw = later(inflateRawSync);
export const unzip = later(unzipSync);

export function crc32(data, value = 0) {
  const bytes = bytesOf(data, "data");
  return crc32Of(value, bytes, bytes.length, 0) >>> 0;
}

// Whoever asks whether there is brotli asks the module, which has none; who names it hears of it when it is called.
export const brotliCompress = unavailable("zlib.brotliCompress");
export const brotliCompressSync = unavailable("zlib.brotliCompressSync");
export const brotliDecompress = unavailable("zlib.brotliDecompress");
export const brotliDecompressSync = unavailable("zlib.brotliDecompressSync");
export const createBrotliCompress = unavailable("zlib.createBrotliCompress");
export const createBrotliDecompress = unavailable("zlib.createBrotliDecompress");

export default {
  Deflate,
  DeflateRaw,
  Gunzip,
  Gzip,
  Inflate,
  InflateRaw,
  Unzip,
  ...constants,
  codes,
  constants,
  crc32,
  createDeflate,
  createDeflateRaw,
  createGunzip,
  createGzip,
  createInflate,
  createInflateRaw,
  createUnzip,
  deflate,
  deflateRaw,
  deflateRawSync,
  deflateSync,
  gunzip,
  gunzipSync,
  gzip,
  gzipSync,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  unzip,
  unzipSync,
};
