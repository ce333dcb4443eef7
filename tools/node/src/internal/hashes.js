import { blake2b, blake2s } from "@noble/hashes/blake2.js";
import { md5, ripemd160, sha1 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from "@noble/hashes/sha2.js";
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from "@noble/hashes/sha3.js";
import { error, invalidType } from "node:internal/errors";

export { hkdf } from "@noble/hashes/hkdf.js";
export { hmac } from "@noble/hashes/hmac.js";
export { pbkdf2 } from "@noble/hashes/pbkdf2.js";
export { scrypt, scryptAsync } from "@noble/hashes/scrypt.js";

const HASHES = new Map(
  Object.entries({
    blake2b512: blake2b,
    blake2s256: blake2s,
    md5,
    ripemd160,
    sha1,
    sha224,
    sha256,
    sha384,
    sha512,
    "sha512-224": sha512_224,
    "sha512-256": sha512_256,
    "sha3-224": sha3_224,
    "sha3-256": sha3_256,
    "sha3-384": sha3_384,
    "sha3-512": sha3_512,
    shake128,
    shake256,
  }),
);
export const hashNames = [...HASHES.keys()];

const SPELLINGS = { rmd160: "ripemd160", ripemd: "ripemd160" };

/** The hash that OpenSSL knows by this name, in any of its spellings. */
export function hashOf(name, problem = "Digest method not supported") {
  if (typeof name !== "string") throw invalidType("algorithm", "of type string", name);
  const plain = name.toLowerCase().replace(/^rsa-/, "").replace(/^sha-(?=\d)/, "sha").replace("/", "-");
  const found = HASHES.get(SPELLINGS[plain] ?? plain);
  if (found !== undefined) return found;
  throw problem.startsWith("Invalid") ? error("ERR_CRYPTO_INVALID_DIGEST", problem, TypeError) : new Error(problem);
}
