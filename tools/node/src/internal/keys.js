import { Buffer } from "node:buffer";
import { checkFunction, invalidType, invalidValue, outOfRange } from "node:internal/errors";
import { nextTick } from "node:internal/tick";

/** A secret key: there are none of other types. */
export class KeyObject {
  #bytes;
  constructor(type, bytes) {
    if (type !== "secret") throw invalidValue("type", type, "is not available in worky");
    this.#bytes = bytes;
  }
  get type() {
    return "secret";
  }
  get symmetricKeySize() {
    return this.#bytes.length;
  }
  get [Symbol.toStringTag]() {
    return "KeyObject";
  }
  export(options = undefined) {
    if (options?.format === "jwk") return { kty: "oct", k: this.#bytes.toString("base64url") };
    return Buffer.from(this.#bytes);
  }
  equals(other) {
    if (!(other instanceof KeyObject)) throw invalidType("otherKeyObject", "an instance of KeyObject", other);
    return this.#bytes.equals(other.#bytes);
  }
}

export function createSecretKey(key, encoding) {
  if (typeof key === "string") return new KeyObject("secret", Buffer.from(key, encoding));
  if (key instanceof ArrayBuffer) return new KeyObject("secret", Buffer.from(key.slice(0)));
  if (!ArrayBuffer.isView(key)) {
    throw invalidType("key", "of type string or an instance of ArrayBuffer, Buffer, TypedArray, or DataView", key);
  }
  return new KeyObject("secret", Buffer.from(new Uint8Array(key.buffer, key.byteOffset, key.byteLength)));
}

export function generateKeySync(type, { length }) {
  if (type !== "hmac" && type !== "aes") throw invalidValue("type", type, "must be a supported key type");
  if (type === "aes" && ![128, 192, 256].includes(length)) throw invalidValue("options.length", length, "must be one of: 128, 192, 256");
  if (!Number.isInteger(length) || length < 8 || length > 65536) throw outOfRange("options.length", ">= 8 && <= 65536", length);
  return new KeyObject("secret", Buffer.from(crypto.getRandomValues(new Uint8Array(length >> 3))));
}
export function generateKey(type, options, done) {
  checkFunction(done, "callback");
  const key = generateKeySync(type, options);
  nextTick(done, null, key);
}
