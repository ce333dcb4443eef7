import * as named from "node:crypto";
import crypto from "crypto";
import { promisify } from "node:util";

const attempt = (run: () => unknown) => {
  try {
    return run();
  } catch (error) {
    return [(error as { code?: string }).code, (error as Error).message];
  }
};

export const hashes = () =>
  ["md5", "sha1", "SHA224", "sha-256", "RSA-SHA384", "sha512", "sha512-256", "sha3-256", "ripemd160", "blake2b512"].map((name) =>
    crypto.createHash(name).update("a").update(Buffer.from("bc")).digest("hex"),
  );

export const hash_ways = () => [
  crypto.createHash("sha1").update("616263", "hex").digest("base64"),
  crypto.createHash("sha1").update("abc").digest("base64url"),
  crypto.createHash("sha1").update("abc").digest().length,
  crypto.createHash("sha1").update("ab").copy().update("c").digest("hex"),
  crypto.hash("sha1", "abc"),
  attempt(() => crypto.createHash("none")),
  attempt(() => crypto.createHash("md5").update(1 as never)),
  attempt(() => {
    const hash = crypto.createHash("md5");
    hash.digest();
    return hash.update("more");
  }),
  crypto.getHashes().includes("sha256"),
];

export const hmacs = () => [
  crypto.createHmac("sha256", "key").update("The quick brown fox jumps over the lazy dog").digest("hex"),
  crypto.createHmac("md5", Buffer.alloc(16, 0x0b)).update("Hi There").digest("hex"),
  crypto.createHmac("sha512", crypto.createSecretKey(Buffer.alloc(20, 0x0b))).update("Hi There").digest("hex").slice(0, 32),
];

/** RFC 6070, RFC 7914 and RFC 5869. */
export const derived = async () => [
  crypto.pbkdf2Sync("password", "salt", 2, 20, "sha1").toString("hex"),
  (await promisify(crypto.pbkdf2)("password", "salt", 4096, 20, "sha1")).toString("hex"),
  (await promisify(crypto.pbkdf2)("passwd", "salt", 1, 16, "sha256")).toString("hex"),
  (await promisify(crypto.pbkdf2)("password", "salt", 1, 16, "md5")).toString("hex"),
  crypto.scryptSync("", "", 64, { N: 16, r: 1, p: 1 }).toString("hex").slice(0, 32),
  ((await promisify(crypto.scrypt)("password", "NaCl", 64, { N: 1024, r: 8, p: 16 } as never)) as Buffer).toString("hex").slice(0, 32),
  Buffer.from(
    crypto.hkdfSync("sha256", Buffer.alloc(22, 0x0b), Buffer.from("000102030405060708090a0b0c", "hex"), Buffer.from("f0f1f2f3f4f5f6f7f8f9", "hex"), 42),
  ).toString("hex"),
  attempt(() => crypto.pbkdf2Sync("p", "s", 0, 20, "sha1")),
  attempt(() => crypto.scryptSync("p", "s", 64, { N: 2 ** 20 })),
];

export const random = async () => {
  const bytes = crypto.randomBytes(100_000);
  const later = await promisify(crypto.randomBytes)(8);
  const filled = crypto.randomFillSync(new Uint8Array(8), 4);
  const ints = new Set(Array.from({ length: 200 }, () => crypto.randomInt(3, 6)));
  return [
    bytes.length,
    new Set(bytes).size,
    later.length,
    [...filled.subarray(0, 4)],
    filled.some((byte) => byte !== 0),
    [...ints].sort(),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4/.test(crypto.randomUUID()),
    attempt(() => crypto.randomBytes(-1)),
    attempt(() => crypto.randomInt(5, 5)),
  ];
};

export const comparing = () => [
  crypto.timingSafeEqual(Buffer.from("same"), Buffer.from("same")),
  crypto.timingSafeEqual(Buffer.from("same"), Buffer.from("sama")),
  attempt(() => crypto.timingSafeEqual(Buffer.from("a"), Buffer.from("ab"))),
];

export const not_there = () => [
  attempt(() => (named as unknown as Record<string, () => void>).createCipheriv()),
  typeof (crypto as unknown as Record<string, unknown>).createCipheriv,
  attempt(() => crypto.createPublicKey("")),
];
