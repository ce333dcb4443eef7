// A service binding, as Cloudflare Workers publish it: `env.NAME.fetch(input, init)` calls another worker. The rules
// (depth, deadline, subrequests) are the host's.
(function () {
  const { core, primordials } = __bootstrap;
  const { ObjectPrototypeIsPrototypeOf, RegExpPrototypeExec, String, SymbolToStringTag, TypeError } = primordials;
  const { fetch } = core.loadExtScript("ext:deno_fetch/26_fetch.js");
  const { Request, RequestPrototype, toInnerRequest } = core.loadExtScript("ext:deno_fetch/23_request.js");

  const ABSOLUTE = /^[\t\n\f\r ]*https?:/i;

  class Fetcher {
    #index;
    #name;
    constructor(index, name) {
      this.#index = index;
      this.#name = name;
    }

    async fetch(input, init = undefined) {
      if (arguments.length === 0) throw new TypeError(`${this.#name}.fetch: there is nothing to fetch; give a Request or a URL`);
      const url = ObjectPrototypeIsPrototypeOf(RequestPrototype, input) ? input.url : (input = String(input));
      if (RegExpPrototypeExec(ABSOLUTE, url) === null) {
        throw new TypeError(
          `${this.#name}.fetch: "${url}" is not an absolute http URL; ` +
            `write "http://service/path", whose host the service reads and nothing else does`,
        );
      }
      const request = new Request(input, init);
      const inner = toInnerRequest(request);
      // Where deno has a client of its own, the host reads which service is meant.
      inner.clientRid = this.#index;
      // A redirect is for whoever made the request that this one is part of.
      if (inner.redirectMode === "follow") inner.redirectMode = "manual";
      return await fetch(request);
    }

    get [SymbolToStringTag]() {
      return "Fetcher";
    }
  }

  return { Fetcher };
})();
