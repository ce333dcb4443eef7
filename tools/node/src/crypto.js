import { Buffer } from "node:buffer";
import {
  hashNames,
  hashOf,
  hkdf as hkdfOf,
  hmac,
  pbkdf2 as pbkdf2Of,
  scrypt as scryptOf,
  scryptAsync,
} from "node:internal/hashes";
import { checkFunction, error, invalidType, outOfRange, unavailable } from "node:internal/errors";
import { KeyObject, createSecretKey, generateKey, generateKeySync } from "node:internal/keys";
import { nextTick } from "node:internal/tick";
import { Transform } from "node:stream";

export { KeyObject, createSecretKey, generateKey, generateKeySync };
export const webcrypto = globalThis.crypto;
export const { subtle } = webcrypto;
export const getRandomValues = (view) => webcrypto.getRandomValues(view);
export const randomUUID = () => webcrypto.randomUUID();
export const constants = Object.freeze({ __proto__: null, defaultCipherList: "" });
export const getHashes = () => [...hashNames];
export const getCiphers = () => [];
export const getCurves = () => [];
export const getFips = () => 0;

function bytesOf(data, name, encoding = undefined) {
  if (typeof data === "string") return Buffer.from(data, encoding === "buffer" ? undefined : encoding);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (data instanceof KeyObject) return data.export();
  throw invalidType(name, "of type string or an instance of Buffer, TypedArray, or DataView", data);
}
const encoded = (bytes, encoding) => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return encoding === undefined || encoding === null || encoding === "buffer" ? buffer : buffer.toString(encoding);
};

/** What hashes and HMACs share: they are fed in parts, or as streams are. */
class Digest extends Transform {
  #state;
  #length;
  #result = null;
  constructor(state, options) {
    super(options);
    this.#state = state;
    this.#length = options?.outputLength;
  }
  update(data, encoding) {
    if (this.#result !== null) throw error("ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
    this.#state.update(bytesOf(data, "data", encoding));
    return this;
  }
  digest(encoding) {
    if (this.#result !== null && !this._answersAgain) {
      throw error("ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
    }
    if (this.#result !== null) return encoded(new Uint8Array(0), encoding);
    this.#result = this.#length === undefined ? this.#state.digest() : this.#ofLength(this.#length);
    return encoded(this.#result, encoding);
  }
  #ofLength(length) {
    if (typeof this.#state.xof === "function" && this.#state.enableXOF !== false) return this.#state.xof(length);
    const whole = this.#state.digest();
    if (whole.length !== length) throw error("ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH", "Unsupported state or unable to change the length of the digest");
    return whole;
  }
  _copyOf(options) {
    if (this.#result !== null) throw error("ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
    return new this.constructor(this.#state.clone(), options ?? { outputLength: this.#length });
  }
  _transform(chunk, encoding, done) {
    this.update(chunk, encoding);
    done();
  }
  _flush(done) {
    this.push(this.digest());
    done();
  }
}
export class Hash extends Digest {
  copy(options) {
    return this._copyOf(options);
  }
}
export class Hmac extends Digest {
  get _answersAgain() {
    return true;
  }
}

export const createHash = (name, options) => new Hash(hashOf(name).create(), options);
export const createHmac = (name, key, options) =>
  new Hmac(hmac.create(hashOf(name, "Invalid digest"), bytesOf(key, "key", options?.encoding)), options);
export const hash = (name, data, encoding = "hex") => encoded(hashOf(name)(bytesOf(data, "data")), encoding);

export function timingSafeEqual(a, b) {
  const [left, right] = [viewOf(a, "buf1"), viewOf(b, "buf2")];
  if (left.length !== right.length) {
    throw error("ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH", "Input buffers must have the same byte length", RangeError);
  }
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left[i] ^ right[i];
  return difference === 0;
}
function viewOf(value, name) {
  if (typeof value === "string") throw invalidType(name, "an instance of ArrayBuffer, Buffer, TypedArray, or DataView", value);
  return bytesOf(value, name);
}

// ---- randomness

const RANDOM_BYTES_MAX = 65536;
function fill(bytes) {
  for (let at = 0; at < bytes.length; at += RANDOM_BYTES_MAX) {
    webcrypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES_MAX));
  }
}
function answer(done, make) {
  if (done === undefined) return make();
  checkFunction(done, "callback");
  const result = make();
  nextTick(done, null, result);
}

export function randomBytes(size, done) {
  if (typeof size !== "number") throw invalidType("size", "of type number", size);
  if (!(size >= 0 && size <= 0x7fffffff)) throw outOfRange("size", ">= 0 && <= 2147483647", size);
  return answer(done, () => {
    const bytes = new Uint8Array(size);
    fill(bytes);
    return encoded(bytes);
  });
}
export { randomBytes as pseudoRandomBytes, randomBytes as prng, randomBytes as rng };

export function randomFillSync(target, offset = 0, size = undefined) {
  const bytes = viewOf(target, "buf");
  const unit = target.BYTES_PER_ELEMENT ?? 1;
  const start = offset * unit;
  const length = size === undefined ? bytes.length - start : size * unit;
  if (!(start >= 0 && start <= bytes.length)) throw outOfRange("offset", `>= 0 && <= ${bytes.length}`, offset);
  if (!(length >= 0 && start + length <= bytes.length)) throw outOfRange("size + offset", `<= ${bytes.length}`, start + length);
  fill(bytes.subarray(start, start + length));
  return target;
}
export function randomFill(target, ...rest) {
  const done = rest.pop();
  checkFunction(done, "callback");
  answer(done, () => randomFillSync(target, ...rest));
}

const INT_RANGE_MAX = 2 ** 48 - 1;
export function randomInt(min, max, done) {
  if (max === undefined || typeof max === "function") [min, max, done] = [0, min, max];
  if (!Number.isSafeInteger(min)) throw invalidType("min", "a safe integer", min);
  if (!Number.isSafeInteger(max)) throw invalidType("max", "a safe integer", max);
  if (max <= min) throw outOfRange("max", `greater than the value of "min" (${min})`, max);
  const range = max - min;
  if (range > INT_RANGE_MAX) throw outOfRange(min === 0 ? "max" : "max - min", `<= ${INT_RANGE_MAX}`, range);
  return answer(done, () => {
    // What is beyond the last whole range would make small numbers likelier.
    const limit = INT_RANGE_MAX + 1 - ((INT_RANGE_MAX + 1) % range);
    while (true) {
      const value = randomBytes(6).readUIntBE(0, 6);
      if (value < limit) return min + (value % range);
    }
  });
}

// ---- derived keys

function count(value, name, min) {
  if (typeof value !== "number") throw invalidType(name, "of type number", value);
  if (!Number.isInteger(value) || value < min || value > 0x7fffffff) {
    throw outOfRange(name, `>= ${min} && <= 2147483647`, value);
  }
  return value;
}

export function pbkdf2Sync(password, salt, iterations, length, digest) {
  if (typeof digest !== "string") throw invalidType("digest", "of type string", digest);
  const options = { c: count(iterations, "iterations", 1), dkLen: count(length, "keylen", 0) };
  const [secret, salted] = [bytesOf(password, "password"), bytesOf(salt, "salt")];
  const chosen = hashOf(digest, `Invalid digest: ${digest}`);
  return length === 0 ? Buffer.alloc(0) : encoded(pbkdf2Of(chosen, secret, salted, options));
}

const NATIVE = { sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };
export function pbkdf2(password, salt, iterations, length, digest, done) {
  checkFunction(done, "callback");
  if (typeof digest !== "string") throw invalidType("digest", "of type string", digest);
  count(iterations, "iterations", 1);
  count(length, "keylen", 0);
  const [secret, salted] = [bytesOf(password, "password"), bytesOf(salt, "salt")];
  hashOf(digest, `Invalid digest: ${digest}`);
  const native = NATIVE[digest.toLowerCase().replace("-", "")];
  if (native === undefined || length === 0) {
    return answer(done, () => pbkdf2Sync(secret, salted, iterations, length, digest));
  }
  // On a thread of the host's, beside this one.
  subtle
    .importKey("raw", secret, "PBKDF2", false, ["deriveBits"])
    .then((key) => subtle.deriveBits({ name: "PBKDF2", hash: native, salt: salted, iterations }, key, length * 8))
    .then(
      (bits) => nextTick(done, null, Buffer.from(bits)),
      (reason) => nextTick(done, reason),
    );
}

function scryptOptions(length, options = {}) {
  const N = options.cost ?? options.N ?? 16384;
  const r = options.blockSize ?? options.r ?? 8;
  const p = options.parallelization ?? options.p ?? 1;
  const maxmem = options.maxmem ?? 32 * 1024 * 1024;
  if (N < 2 || (N & (N - 1)) !== 0) throw error("ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "Invalid scrypt params", RangeError);
  if (128 * N * r > maxmem) {
    throw error("ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "Invalid scrypt params: memory limit exceeded", RangeError);
  }
  // Its own bound counts more than Node's.
  return { N, r, p, dkLen: count(length, "keylen", 0), maxmem: 2 * maxmem + 2 ** 20 };
}
export function scryptSync(password, salt, length, options) {
  const [secret, salted] = [bytesOf(password, "password"), bytesOf(salt, "salt")];
  const chosen = scryptOptions(length, options);
  return length === 0 ? Buffer.alloc(0) : encoded(scryptOf(secret, salted, chosen));
}
export function scrypt(password, salt, length, options, done) {
  if (typeof options === "function") [options, done] = [undefined, options];
  checkFunction(done, "callback");
  const [secret, salted] = [bytesOf(password, "password"), bytesOf(salt, "salt")];
  const chosen = scryptOptions(length, options);
  if (length === 0) return nextTick(done, null, Buffer.alloc(0));
  scryptAsync(secret, salted, chosen).then(
    (bytes) => nextTick(done, null, encoded(bytes)),
    (reason) => nextTick(done, reason),
  );
}

export function hkdfSync(digest, key, salt, info, length) {
  const chosen = hashOf(digest, `Invalid digest: ${digest}`);
  const parts = [bytesOf(key, "ikm"), bytesOf(salt, "salt"), bytesOf(info, "info")];
  return hkdfOf(chosen, ...parts, count(length, "length", 0)).slice().buffer;
}
export function hkdf(digest, key, salt, info, length, done) {
  checkFunction(done, "callback");
  answer(done, () => hkdfSync(digest, key, salt, info, length));
}

// Packages name these and may never call them; whoever asks the module whether it has them hears that it has not.
export const createCipheriv = unavailable("crypto.createCipheriv");
export const createDecipheriv = unavailable("crypto.createDecipheriv");
export const createSign = unavailable("crypto.createSign");
export const createVerify = unavailable("crypto.createVerify");
export const sign = unavailable("crypto.sign");
export const verify = unavailable("crypto.verify");
export const createPrivateKey = unavailable("crypto.createPrivateKey");
export const createPublicKey = unavailable("crypto.createPublicKey");
export const createECDH = unavailable("crypto.createECDH");
export const createDiffieHellman = unavailable("crypto.createDiffieHellman");
export const diffieHellman = unavailable("crypto.diffieHellman");
export const generateKeyPair = unavailable("crypto.generateKeyPair");
export const generateKeyPairSync = unavailable("crypto.generateKeyPairSync");
export const publicEncrypt = unavailable("crypto.publicEncrypt");
export const publicDecrypt = unavailable("crypto.publicDecrypt");
export const privateEncrypt = unavailable("crypto.privateEncrypt");
export const privateDecrypt = unavailable("crypto.privateDecrypt");

export default {
  Hash,
  Hmac,
  KeyObject,
  constants,
  createHash,
  createHmac,
  // jwa takes a secret KeyObject only where these are, and jsonwebtoken tries them first.
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKey,
  generateKeySync,
  getCiphers,
  getCurves,
  getFips,
  getHashes,
  getRandomValues,
  hash,
  hkdf,
  hkdfSync,
  pbkdf2,
  pbkdf2Sync,
  prng: randomBytes,
  pseudoRandomBytes: randomBytes,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  rng: randomBytes,
  scrypt,
  scryptSync,
  subtle,
  timingSafeEqual,
  webcrypto,
};
