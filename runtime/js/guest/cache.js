// The cache API, as Cloudflare Workers publish it: `caches.default`, `caches.open(name)`. What is kept, and for how long,
// is the host's to say (`host/src/cache.rs`), which is asked by requests as a service is.
(function () {
  const { core, primordials } = __bootstrap;
  const {
    ObjectDefineProperty,
    ObjectPrototypeIsPrototypeOf,
    String,
    StringPrototypeSplit,
    StringPrototypeToLowerCase,
    StringPrototypeTrim,
    Symbol,
    SymbolToStringTag,
    TypeError,
    encodeURIComponent,
  } = primordials;
  const { fetch } = core.loadExtScript("ext:deno_fetch/26_fetch.js");
  const { Headers } = core.loadExtScript("ext:deno_fetch/20_headers.js");
  const { Request, RequestPrototype, toInnerRequest } = core.loadExtScript("ext:deno_fetch/23_request.js");
  const { ResponsePrototype } = core.loadExtScript("ext:deno_fetch/23_response.js");

  // As `ops/fetch.rs` has it: behind all services that there may be.
  const CACHES = 0x3fffffff;
  const NAME_CHARS_MAX = 256;

  const token = Symbol("token");

  class Cache {
    #name;
    constructor(own, name) {
      if (own !== token) throw new TypeError("Illegal constructor");
      this.#name = name;
    }

    async match(request, options = undefined) {
      const { url, method, headers } = requestOf(request, "match", arguments.length);
      if (method !== "GET" && !options?.ignoreMethod) return undefined;
      const response = await this.#ask("GET", url, new Headers(headers));
      return response.headers.has("worky-cache-miss") ? undefined : response;
    }

    async put(request, response) {
      const asked = requestOf(request, "put", arguments.length);
      if (!ObjectPrototypeIsPrototypeOf(ResponsePrototype, response)) {
        throw new TypeError("cache.put: the second argument must be a Response");
      }
      if (asked.method !== "GET") throw new TypeError(`cache.put: only answers to GET are kept, not to ${asked.method}`);
      if (response.status === 206) throw new TypeError("cache.put: a part of a response (206) is not kept");
      if (response.bodyUsed || response.body?.locked) {
        throw new TypeError("cache.put: the body was read already; put response.clone()");
      }
      const headers = new Headers(response.headers);
      const vary = headers.get("vary");
      if (vary !== null) headers.set("worky-cache-vary", variantOf(vary, asked.headers));
      headers.set("worky-cache-status", String(response.status));
      await this.#ask("PUT", asked.url, headers, response.body);
      // Bytes at hand are sent without being read.
      if (!response.bodyUsed && response.body?.locked === false) await response.body.cancel();
    }

    async delete(request, options = undefined) {
      const { url, method } = requestOf(request, "delete", arguments.length);
      if (method !== "GET" && !options?.ignoreMethod) return false;
      return (await this.#ask("DELETE", url, new Headers())).status === 200;
    }

    async #ask(method, url, headers, body = null) {
      headers.set("worky-cache-name", this.#name);
      const request = new Request(url, { method, headers, body, duplex: "half" });
      const inner = toInnerRequest(request);
      inner.clientRid = CACHES;
      inner.redirectMode = "manual";
      return await fetch(request);
    }

    get [SymbolToStringTag]() {
      return "Cache";
    }
  }

  class CacheStorage {
    #default = new Cache(token, "");
    constructor(own) {
      if (own !== token) throw new TypeError("Illegal constructor");
    }

    get default() {
      return this.#default;
    }

    async open(name) {
      if (arguments.length === 0) throw new TypeError("caches.open: give the name of a cache");
      name = String(name);
      if (name.length > NAME_CHARS_MAX) {
        throw new TypeError(`caches.open: a name has up to ${NAME_CHARS_MAX} characters, and this one ${name.length}`);
      }
      return new Cache(token, `=${encodeURIComponent(name)}`);
    }

    get [SymbolToStringTag]() {
      return "CacheStorage";
    }
  }

  function requestOf(request, method, count) {
    if (count === 0) throw new TypeError(`cache.${method}: give a Request or a URL`);
    return ObjectPrototypeIsPrototypeOf(RequestPrototype, request) ? request : new Request(request);
  }

  // The fields of a request that a response says it was chosen by, as a query.
  function variantOf(vary, headers) {
    let query = "";
    const names = StringPrototypeSplit(vary, ",");
    for (let i = 0; i < names.length; i++) {
      const name = StringPrototypeToLowerCase(StringPrototypeTrim(names[i]));
      if (name === "*") throw new TypeError("cache.put: a response with `vary: *` fits no other request, and is not kept");
      if (name === "") continue;
      query += `${query === "" ? "" : "&"}${encodeURIComponent(name)}=${encodeURIComponent(headers.get(name) ?? "")}`;
    }
    return query;
  }

  const caches = new CacheStorage(token);
  for (const name of ["match", "put", "delete"]) enumerable(Cache.prototype, name);
  for (const name of ["open", "default"]) enumerable(CacheStorage.prototype, name);

  // As WebIDL has it.
  function enumerable(prototype, name) {
    ObjectDefineProperty(prototype, name, { __proto__: null, enumerable: true });
  }

  return { Cache, CacheStorage, caches };
})();
