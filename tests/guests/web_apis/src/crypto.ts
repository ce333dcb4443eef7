import { type Cases, fails, hex, ok, same } from "./assert.ts";

const text = (value: string) => new TextEncoder().encode(value);

export const cases: Cases = {
  async "digest knows the usual hashes"() {
    same(hex(await crypto.subtle.digest("SHA-1", text("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
    same(
      hex(await crypto.subtle.digest("SHA-256", text("abc"))),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    same((await crypto.subtle.digest("SHA-384", text("abc"))).byteLength, 48);
    same((await crypto.subtle.digest({ name: "SHA-512" }, text("abc"))).byteLength, 64);
  },
  async "HMAC signs and verifies"() {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", text("key"), algorithm, false, ["sign", "verify"]);
    const data = text("The quick brown fox jumps over the lazy dog");
    const signature = await crypto.subtle.sign("HMAC", key, data);
    same(hex(signature), "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
    same(await crypto.subtle.verify("HMAC", key, signature, data), true);
    same(await crypto.subtle.verify("HMAC", key, signature, text("else")), false);
    await fails("InvalidAccessError", () => crypto.subtle.exportKey("raw", key));
  },
  async "AES-GCM encrypts, decrypts and notices tampering"() {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
    const algorithm = { name: "AES-GCM", iv: crypto.getRandomValues(new Uint8Array(12)) };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, text("hidden")));
    same(new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, sealed)), "hidden");
    sealed[0] ^= 1;
    await fails("OperationError", () => crypto.subtle.decrypt(algorithm, key, sealed));
    same((await crypto.subtle.exportKey("jwk", key)).kty, "oct");
  },
  async "ECDSA and Ed25519 sign and verify"() {
    for (const [generate, sign] of [
      [{ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
      [{ name: "Ed25519" }, { name: "Ed25519" }],
    ]) {
      const pair = (await crypto.subtle.generateKey(generate, true, ["sign", "verify"])) as CryptoKeyPair;
      const signature = await crypto.subtle.sign(sign, pair.privateKey, text("data"));
      same(await crypto.subtle.verify(sign, pair.publicKey, signature, text("data")), true);
      same(await crypto.subtle.verify(sign, pair.publicKey, signature, text("date")), false);
    }
  },
  async "PBKDF2 and HKDF derive"() {
    const base = await crypto.subtle.importKey("raw", text("password"), "PBKDF2", false, ["deriveBits"]);
    const algorithm = { name: "PBKDF2", hash: "SHA-1", salt: text("salt"), iterations: 2 };
    same(hex(await crypto.subtle.deriveBits(algorithm, base, 160)), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
    const hkdf = await crypto.subtle.importKey("raw", text("secret"), "HKDF", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: text("s"), info: text("i") }, hkdf, { name: "AES-GCM", length: 128 }, false, ["encrypt"],
    );
    same((key.algorithm as AesKeyAlgorithm).length, 128);
  },
  "getRandomValues fills, in place, up to its quota"() {
    const array = new Uint32Array(16);
    ok(crypto.getRandomValues(array) === array, "the same array");
    ok(array.some((value) => value !== 0), "something random");
    return fails("QuotaExceededError", () => crypto.getRandomValues(new Uint8Array(65537)));
  },
  "randomUUID is a version 4 UUID, and another each time"() {
    const uuid = crypto.randomUUID();
    ok(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid), uuid);
    ok(uuid !== crypto.randomUUID(), "another one");
  },
};
