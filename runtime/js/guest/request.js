// An incoming request, as deno_fetch's Request holds one: its parts are asked of the host when the guest asks for them.
(function () {
  const { core, primordials } = __bootstrap;
  const { ArrayPrototypePush } = primordials;
  const { op_request_body, op_request_bytes, op_request_headers, op_request_method, op_request_url } = core.ops;
  const { readableStreamForRid } = core.loadExtScript("ext:deno_web/06_streams.js");
  const { InnerBody } = core.loadExtScript("ext:deno_fetch/22_body.js");

  // Answers of `op_request_body`; from 2 on, a stream's resource id plus 2.
  const NO_BODY = 0;
  const BODY_BYTES = 1;

  // An inner request of deno_fetch whose parts are fetched from the host when they are asked for.
  class InboundRequest {
    #id;
    #method = null;
    #headerList = null;
    #body = undefined;
    #onCancel = null;
    redirectMode = "manual";
    redirectCount = 0;
    clientRid = null;
    blobUrlEntry = null;
    urlListProcessed = [];
    urlList = [() => op_request_url(this.#id)];

    constructor(id) {
      this.#id = id;
    }
    get method() {
      return this.#method ??= op_request_method(this.#id);
    }
    set method(value) {
      this.#method = value;
    }
    get headerList() {
      if (this.#headerList === null) {
        const flat = op_request_headers(this.#id);
        const list = [];
        for (let i = 0; i < flat.length; i += 2) ArrayPrototypePush(list, [flat[i], flat[i + 1]]);
        this.#headerList = list;
      }
      return this.#headerList;
    }
    set headerList(value) {
      this.#headerList = value;
    }
    get body() {
      if (this.#body === undefined) this.#body = readBody(this.#id);
      return this.#body;
    }
    set body(value) {
      this.#body = value;
    }
    url() {
      return this.urlListProcessed[0] ??= this.urlList[0]();
    }
    currentUrl() {
      const last = this.urlList.length - 1;
      return this.urlListProcessed[last] ??= this.urlList[last]();
    }
    onCancel(callback) {
      this.#onCancel = callback;
    }
    cancel() {
      this.#onCancel?.();
    }
  }

  function readBody(id) {
    const kind = op_request_body(id);
    if (kind === NO_BODY) return null;
    if (kind === BODY_BYTES) {
      const bytes = op_request_bytes(id);
      const body = new InnerBody({ body: bytes, consumed: false });
      body.length = bytes.byteLength;
      return body;
    }
    return new InnerBody(readableStreamForRid(kind - 2));
  }

  return { InboundRequest };
})();
