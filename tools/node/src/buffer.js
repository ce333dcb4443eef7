import feross from "buffer/";
import { invalidType } from "node:internal/errors";

const { Buffer, SlowBuffer, INSPECT_MAX_BYTES } = feross;
export { Buffer, SlowBuffer, INSPECT_MAX_BYTES };

// V8's bound of a string.
export const kStringMaxLength = 536870888;
export const kMaxLength = Number.MAX_SAFE_INTEGER;
export const constants = { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength };
export const { atob, btoa, Blob, File } = globalThis;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strictDecoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

// `buffer` encodes and decodes in JavaScript; the engine does both, and base64url as well.
const plain = { from: Buffer.from, isEncoding: Buffer.isEncoding, byteLength: Buffer.byteLength };
const { toString: plainToString, write: plainWrite, fill: plainFill, equals: plainEquals } = Buffer.prototype;
const { indexOf, lastIndexOf, includes } = Buffer.prototype;

const lower = (encoding) => (typeof encoding === "string" ? encoding.toLowerCase() : encoding);
const isUtf8Name = (name) => name === undefined || name === null || name === "utf8" || name === "utf-8" || name === "";
const isBase64 = (name) => name === "base64" || name === "base64url";

function viewOf(array) {
  Object.setPrototypeOf(array, Buffer.prototype);
  return array;
}

/** Bytes of text that may be in either alphabet, with or without padding; what belongs to neither is skipped. */
function fromBase64(text) {
  const end = text.indexOf("=");
  let clean = (end === -1 ? text : text.slice(0, end)).replaceAll("-", "+").replaceAll("_", "/");
  if (/[^A-Za-z0-9+/]/.test(clean)) clean = clean.replace(/[^A-Za-z0-9+/]/g, "");
  if (clean.length % 4 === 1) clean = clean.slice(0, -1);
  return Uint8Array.fromBase64(clean, { lastChunkHandling: "loose" });
}

Buffer.from = function from(value, encoding, length) {
  if (typeof value === "string") {
    const name = lower(encoding);
    if (isUtf8Name(name) || typeof name !== "string") return viewOf(encoder.encode(value));
    if (isBase64(name)) return viewOf(fromBase64(value));
  }
  return Reflect.apply(plain.from, Buffer, [value, encoding, length]);
};

Buffer.isEncoding = (encoding) => lower(encoding) === "base64url" || plain.isEncoding(encoding);

Buffer.byteLength = function byteLength(value, encoding) {
  if (typeof value === "string" && isBase64(lower(encoding))) return ((value.replace(/=+$/, "").length * 3) / 4) | 0;
  return plain.byteLength(value, encoding);
};

function sliceOf(buffer, start = 0, end = buffer.length) {
  const [from, to] = [Math.max(0, start | 0), Math.min(buffer.length, Math.max(0, end | 0))];
  return Uint8Array.prototype.subarray.call(buffer, from, Math.max(from, to));
}

Buffer.prototype.toString = function toString(encoding, start, end) {
  const name = lower(encoding);
  if (isUtf8Name(name)) {
    const whole = start === undefined && end === undefined;
    return decoder.decode(whole ? this : sliceOf(this, start, end));
  }
  if (name === "base64") return sliceOf(this, start, end).toBase64();
  if (name === "base64url") return sliceOf(this, start, end).toBase64({ alphabet: "base64url", omitPadding: true });
  if (name === "hex") return sliceOf(this, start, end).toHex();
  return Reflect.apply(plainToString, this, arguments);
};
Buffer.prototype.toLocaleString = Buffer.prototype.toString;

Buffer.prototype.write = function write(text, offset, length, encoding) {
  if (typeof offset === "string") [encoding, offset, length] = [offset, undefined, undefined];
  else if (typeof length === "string") [encoding, length] = [length, undefined];
  if (lower(encoding) !== "base64url") {
    return Reflect.apply(plainWrite, this, offset === undefined ? [text, encoding] : [text, offset, length ?? this.length - offset, encoding]);
  }
  const bytes = fromBase64(text);
  const room = Math.min(bytes.length, length ?? Infinity, this.length - (offset ?? 0));
  this.set(bytes.subarray(0, room), offset ?? 0);
  return room;
};

Buffer.prototype.fill = function fill(value, offset, end, encoding) {
  const named = [offset, end, encoding].find((one) => typeof one === "string");
  if (typeof value !== "string" || lower(named) !== "base64url") return Reflect.apply(plainFill, this, arguments);
  const bounds = [offset, end].filter((one) => typeof one !== "string");
  return Reflect.apply(plainFill, this, [viewOf(fromBase64(value)), ...bounds]);
};

for (const [name, find] of Object.entries({ indexOf, lastIndexOf, includes })) {
  Buffer.prototype[name] = function (value, offset, encoding) {
    const named = typeof offset === "string" ? offset : encoding;
    if (typeof value !== "string" || lower(named) !== "base64url") return Reflect.apply(find, this, arguments);
    return Reflect.apply(find, this, [viewOf(fromBase64(value)), typeof offset === "string" ? undefined : offset]);
  };
}

// Of any bytes, and not of a Buffer's alone.
Buffer.prototype.equals = function equals(other) {
  if (!(other instanceof Uint8Array)) throw invalidType("otherBuffer", "an instance of Buffer or Uint8Array", other);
  return Reflect.apply(plainEquals, this, [Buffer.isBuffer(other) ? other : Buffer.from(other.buffer, other.byteOffset, other.byteLength)]);
};

Buffer.copyBytesFrom = function copyBytesFrom(view, offset = 0, length = view.length - offset) {
  if (!ArrayBuffer.isView(view) || view instanceof DataView) throw invalidType("view", "an instance of TypedArray", view);
  const part = view.subarray(offset, offset + length);
  return Buffer.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
};

Buffer.of = (...bytes) => Buffer.from(bytes);
Buffer.constants = constants;
Buffer.prototype[Symbol.for("nodejs.util.inspect.custom")] = function inspect() {
  const shown = sliceOf(this, 0, INSPECT_MAX_BYTES).toHex().replace(/(..)(?=.)/g, "$1 ");
  const more = this.length - INSPECT_MAX_BYTES;
  const rest = more > 0 ? ` ... ${more} more byte${more > 1 ? "s" : ""}` : "";
  return `<${this.constructor.name}${shown === "" ? "" : ` ${shown}`}${rest}>`;
};
Buffer.prototype.inspect = Buffer.prototype[Symbol.for("nodejs.util.inspect.custom")];

const bytesOf = (value) => {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value);
  throw invalidType("input", "an instance of ArrayBuffer, Buffer or TypedArray", value);
};
export function isUtf8(input) {
  try {
    strictDecoder.decode(bytesOf(input));
    return true;
  } catch (error) {
    if (error.code === "ERR_INVALID_ARG_TYPE") throw error;
    return false;
  }
}
export const isAscii = (input) => bytesOf(input).every((byte) => byte < 0x80);

export function transcode(source, from, to) {
  const known = (name) => ["utf8", "utf-8", "ucs2", "ucs-2", "utf16le", "utf-16le", "latin1", "binary", "ascii"].includes(lower(name));
  if (!known(from) || !known(to)) {
    const error = new Error(`Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]`);
    error.code = "U_ILLEGAL_ARGUMENT_ERROR";
    throw error;
  }
  const text = Buffer.from(bytesOf(source)).toString(from);
  const single = ["latin1", "binary", "ascii"].includes(lower(to));
  const max = lower(to) === "ascii" ? 0x7f : 0xff;
  return Buffer.from(single ? [...text].map((c) => (c.codePointAt(0) > max ? "?" : c)).join("") : text, to);
}

export default {
  Blob,
  Buffer,
  File,
  INSPECT_MAX_BYTES,
  SlowBuffer,
  atob,
  btoa,
  constants,
  isAscii,
  isUtf8,
  kMaxLength,
  kStringMaxLength,
  transcode,
};
