// Bounds on WebCrypto: its work runs on threads that no CPU limit of an isolate reaches, so that what may take long is
// refused before it starts. Evaluated at start-up, when the methods have their final form.
(function () {
  const { core, primordials } = __bootstrap;
  const {
    ArrayBufferPrototypeGetByteLength,
    DataViewPrototypeGetByteLength,
    ErrorCaptureStackTrace,
    MathCeil,
    ObjectDefineProperty,
    ObjectPrototypeIsPrototypeOf,
    PromiseReject,
    ReflectApply,
    String,
    StringPrototypeToUpperCase,
    TypedArrayPrototypeGetByteLength,
  } = primordials;
  const { isArrayBuffer, isDataView, isTypedArray } = core;
  const { op_memory_hold, op_memory_release } = core.ops;
  const { SubtleCrypto } = core.loadExtScript("ext:deno_crypto/00_crypto.js");
  const { DOMException } = core.loadExtScript("ext:deno_web/01_dom_exception.js");

  // About a second of one core.
  const PBKDF2_BLOCKS_MAX = 1_000_000;
  // A block of the smallest hash, SHA-1, in bits.
  const BLOCK_BITS = 160;
  const DERIVED_BITS_MAX = 1 << 20;
  const RSA_MODULUS_BITS_MAX = 4096;

  // Every member that an algorithm of these methods has, read once: a getter may answer otherwise the second time.
  const MEMBERS = [
    "name", "hash", "salt", "iterations", "info", "public", "modulusLength", "publicExponent", "namedCurve", "length",
  ];
  function copied(algorithm) {
    if (typeof algorithm !== "object" || algorithm === null) return algorithm;
    const copy = { __proto__: null };
    for (let i = 0; i < MEMBERS.length; i++) {
      const value = algorithm[MEMBERS[i]];
      if (value !== undefined) copy[MEMBERS[i]] = value;
    }
    if (copy.iterations !== undefined) copy.iterations = +copy.iterations;
    if (copy.modulusLength !== undefined) copy.modulusLength = +copy.modulusLength;
    if (copy.name !== undefined) copy.name = String(copy.name);
    return copy;
  }

  function tooCostly(algorithm, bits) {
    const name = StringPrototypeToUpperCase(String(algorithm?.name ?? algorithm));
    if (bits > DERIVED_BITS_MAX) return `${bits} bits cannot be derived at once; at most ${DERIVED_BITS_MAX}`;
    const blocks = algorithm?.iterations * MathCeil((bits || 512) / BLOCK_BITS);
    if (name === "PBKDF2" && blocks > PBKDF2_BLOCKS_MAX * 4) {
      return `PBKDF2 with ${algorithm.iterations} iterations for ${bits} bits is too much work; at most ${PBKDF2_BLOCKS_MAX} iterations for 512 bits`;
    }
    if (algorithm?.modulusLength > RSA_MODULUS_BITS_MAX) {
      return `an RSA key of ${algorithm.modulusLength} bits cannot be made; at most ${RSA_MODULUS_BITS_MAX}`;
    }
    return null;
  }

  function bound(name, bitsOf) {
    const original = SubtleCrypto.prototype[name];
    const bounded = {
      [name](algorithm, ...rest) {
        try {
          algorithm = copied(algorithm);
          const problem = tooCostly(algorithm, bitsOf(rest));
          if (problem !== null) return PromiseReject(new DOMException(problem, "OperationError"));
        } catch (error) {
          return PromiseReject(error);
        }
        return ReflectApply(original, this, [algorithm, ...rest]);
      },
    }[name];
    ObjectDefineProperty(bounded, "length", { __proto__: null, value: original.length, configurable: true });
    ObjectDefineProperty(SubtleCrypto.prototype, name, {
      __proto__: null,
      value: bounded,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  bound("deriveBits", (rest) => +rest[1] || 0);
  bound("deriveKey", (rest) => +rest[1]?.length || 0);
  bound("generateKey", () => 0);

  // What waits for one of those threads is copied, and is on the isolate's account until it is done.
  const CALL_BYTES = 4096;
  function sizeOf(value) {
    if (isTypedArray(value)) return TypedArrayPrototypeGetByteLength(value);
    if (isDataView(value)) return DataViewPrototypeGetByteLength(value);
    return isArrayBuffer(value) ? ArrayBufferPrototypeGetByteLength(value) : 0;
  }
  function held(name) {
    const original = SubtleCrypto.prototype[name];
    const bounded = {
      async [name](...rest) {
        let bytes = CALL_BYTES;
        for (let i = 0; i < rest.length; i++) bytes += sizeOf(rest[i]);
        op_memory_hold(bytes);
        try {
          return await ReflectApply(original, this, rest);
        } catch (error) {
          // That of an operation has a stack only if a thread was done with it before anybody looked.
          if (ObjectPrototypeIsPrototypeOf(DOMException.prototype, error)) ErrorCaptureStackTrace(error, bounded);
          throw error;
        } finally {
          op_memory_release(bytes);
        }
      },
    }[name];
    ObjectDefineProperty(bounded, "length", { __proto__: null, value: original.length, configurable: true });
    ObjectDefineProperty(SubtleCrypto.prototype, name, {
      __proto__: null,
      value: bounded,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  held("decrypt");
  held("deriveBits");
  held("deriveKey");
  held("digest");
  held("encrypt");
  held("generateKey");
  held("importKey");
  held("sign");
  held("unwrapKey");
  held("verify");

  return {};
})();
