// KVNamespace, as Cloudflare Workers publish it. The rules (limits, expiry, cursors) are the host's.
(function () {
  const { core, primordials } = __bootstrap;
  const {
    ArrayBufferIsView,
    ArrayIsArray,
    ArrayBufferPrototype,
    ArrayPrototypeMap,
    ArrayPrototypePush,
    JSONParse,
    JSONStringify,
    ObjectPrototypeIsPrototypeOf,
    String,
    TypedArrayPrototypeSet,
    TypeError,
    Uint8Array,
  } = primordials;
  const { op_kv_delete, op_kv_get, op_kv_get_at_once, op_kv_list, op_kv_put } = core.ops;
  const { ReadableStream, ReadableStreamPrototype } = core.loadExtScript("ext:deno_web/06_streams.js");
  const { currentRequest } = core.loadExtScript("ext:worky/context.js");

  const VALUE_BYTES_MAX = 25 * 1024 * 1024;

  // Bits of what op_kv_get_at_once is asked for.
  const BYTES = 1;
  const METADATA = 2;
  // A read that has its answer at once settles its promise without a turn of the event loop. Every so many take the
  // longer way, so that timers and other requests come to their right.
  const AT_ONCE_MAX = 256;
  let atOnce = 0;

  function request() {
    const id = currentRequest();
    if (id === undefined) {
      throw new TypeError("KV: no operation is possible at the top level of a module; use it inside a handler");
    }
    return id;
  }

  function decode(bytes, type) {
    switch (type) {
      case "text":
        return core.decode(bytes);
      case "json":
        return JSONParse(core.decode(bytes));
      case "arrayBuffer":
        return bytes.buffer;
      case "stream":
        return streamOf(bytes);
    }
  }

  function streamOf(bytes) {
    return new ReadableStream({
      type: "bytes",
      start(controller) {
        if (bytes.byteLength > 0) controller.enqueue(bytes);
        controller.close();
      },
    });
  }

  // What op_kv_get_at_once answered, text or a buffer, as the type asked for.
  function shaped(value, type) {
    switch (type) {
      case "json":
        return JSONParse(value);
      case "stream":
        return streamOf(new Uint8Array(value));
      default:
        return value;
    }
  }

  function typeOf(options) {
    const type = (typeof options === "string" ? options : options?.type) ?? "text";
    if (type !== "text" && type !== "json" && type !== "arrayBuffer" && type !== "stream") {
      throw new TypeError(
        `KV GET failed: "${String(type)}" is not a type; use "text", "json", "arrayBuffer" or "stream"`,
      );
    }
    const cacheTtl = typeof options === "object" ? options?.cacheTtl : undefined;
    if (cacheTtl !== undefined && cacheTtl !== null && !(cacheTtl >= 30)) {
      throw new TypeError(`KV GET failed: 400 Invalid cache_ttl of ${String(cacheTtl)}. Cache TTL must be at least 30.`);
    }
    return type;
  }

  // Of what is at hand; the op copies it before put() returns.
  function bytesOf(value) {
    if (typeof value === "string") return core.encode(value);
    if (ObjectPrototypeIsPrototypeOf(ArrayBufferPrototype, value)) return new Uint8Array(value);
    if (ArrayBufferIsView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    throw new TypeError(
      "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.",
    );
  }

  async function collect(stream) {
    const reader = stream.getReader();
    const chunks = [];
    let length = 0;
    while (true) {
      const { done, value } = await reader.read();
      if (done) break;
      // A chunk is often a view of a larger buffer: what lies around it is not of the value.
      const bytes = typeof value === "string"
        ? core.encode(value)
        : ArrayBufferIsView(value)
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : new Uint8Array(value);
      length += bytes.byteLength;
      if (length > VALUE_BYTES_MAX) {
        const error = new TypeError(
          `KV PUT failed: 413 Value length of more than ${VALUE_BYTES_MAX} exceeds limit of ${VALUE_BYTES_MAX}.`,
        );
        await reader.cancel(error);
        throw error;
      }
      ArrayPrototypePush(chunks, bytes);
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (let i = 0; i < chunks.length; i++) {
      TypedArrayPrototypeSet(whole, chunks[i], at);
      at += chunks[i].byteLength;
    }
    return whole;
  }

  function parsed(metadata) {
    return metadata === null ? null : JSONParse(metadata);
  }

  class KvNamespace {
    #index;
    #name;
    constructor(index, name) {
      this.#index = index;
      this.#name = name;
    }

    async get(key, options) {
      const type = typeOf(options);
      if (!ArrayIsArray(key)) {
        key = String(key);
        const value = this.#readAtOnce(key, type, 0);
        if (value !== undefined) return value === null ? null : shaped(value, type);
      }
      const found = await this.#read(key, type);
      return found.many ? found.map((entry) => entry.value) : found.value;
    }

    async getWithMetadata(key, options) {
      const type = typeOf(options);
      if (!ArrayIsArray(key)) {
        key = String(key);
        const entry = this.#readAtOnce(key, type, METADATA);
        if (entry === null) return { value: null, metadata: null, cacheStatus: null };
        if (entry !== undefined) {
          return { value: shaped(entry[0], type), metadata: parsed(entry[1]), cacheStatus: null };
        }
      }
      const found = await this.#read(key, type);
      const shape = (entry) => ({ value: entry.value, metadata: entry.metadata, cacheStatus: null });
      return found.many ? found.map((entry) => entry.value === null ? null : { value: entry.value, metadata: entry.metadata }) : shape(found);
    }

    #readAtOnce(key, type, metadata) {
      if (++atOnce >= AT_ONCE_MAX) {
        atOnce = 0;
        return undefined;
      }
      const bytes = type === "arrayBuffer" || type === "stream" ? BYTES : 0;
      return op_kv_get_at_once(request(), this.#index, key, bytes | metadata);
    }

    async #read(key, type) {
      const many = ArrayIsArray(key);
      if (many && type !== "text" && type !== "json") {
        throw new TypeError(`KV GET failed: 400 "${type}" is not a valid type for a bulk get; use "text" or "json"`);
      }
      const keys = many ? ArrayPrototypeMap(key, (k) => String(k)) : [String(key)];
      const raw = await op_kv_get(request(), this.#index, keys);
      const entries = ArrayPrototypeMap(raw, (entry) =>
        entry === null
          ? { value: null, metadata: null }
          : { value: decode(entry[0], type), metadata: parsed(entry[1]) });
      if (!many) return entries[0];
      return {
        many: true,
        map(shape) {
          const out = new Map();
          for (let i = 0; i < keys.length; i++) out.set(keys[i], shape(entries[i]));
          return out;
        },
      };
    }

    async put(key, value, options) {
      const id = request();
      const isStream = ObjectPrototypeIsPrototypeOf(ReadableStreamPrototype, value);
      const bytes = isStream ? await collect(value) : bytesOf(value);
      const metadata = options?.metadata;
      await op_kv_put(
        id,
        this.#index,
        String(key),
        bytes,
        number(options?.expiration, "expiration"),
        number(options?.expirationTtl, "expiration_ttl"),
        metadata === undefined || metadata === null ? null : JSONStringify(metadata) ?? null,
      );
    }

    async delete(key) {
      await op_kv_delete(request(), this.#index, String(key));
    }

    async list(options) {
      const page = await op_kv_list(
        request(),
        this.#index,
        String(options?.prefix ?? ""),
        number(options?.limit, "limit"),
        options?.cursor === undefined || options?.cursor === null ? null : String(options.cursor),
      );
      const keys = ArrayPrototypeMap(page.keys, ([name, expiration, metadata]) => {
        const key = { name };
        if (expiration !== null) key.expiration = expiration;
        if (metadata !== null) key.metadata = JSONParse(metadata);
        return key;
      });
      return page.cursor === null
        ? { keys, list_complete: true, cacheStatus: null }
        : { keys, list_complete: false, cursor: page.cursor, cacheStatus: null };
    }

    get [Symbol.toStringTag]() {
      return "KvNamespace";
    }
  }

  // -1 stands for "not given": the ops take plain numbers.
  function number(value, name) {
    if (value === undefined || value === null) return -1;
    const n = Number(value);
    if (!(n >= 0)) throw new TypeError(`KV: 400 Invalid ${name} of ${String(value)}. Please specify integer greater than 0.`);
    return n;
  }

  return { KvNamespace };
})();
