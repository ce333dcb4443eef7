// An incoming request, as deno_fetch's Request holds one: its parts are asked of the host when the guest asks for them.
(function () {
  const { core, primordials } = __bootstrap;
  const {
    ArrayPrototypePush,
    FunctionPrototypeCall,
    ObjectDefineProperty,
    ObjectPrototypeIsPrototypeOf,
    PromiseReject,
    PromiseResolve,
  } = primordials;
  const {
    op_request_body,
    op_request_bytes,
    op_request_headers,
    op_request_method,
    op_request_text,
    op_request_url,
  } = core.ops;
  const { readableStreamForRid } = core.loadExtScript("ext:deno_web/06_streams.js");
  const { InnerBody } = core.loadExtScript("ext:deno_fetch/22_body.js");
  const { RequestPrototype, toInnerRequest } = core.loadExtScript("ext:deno_fetch/23_request.js");

  // Answers of `op_request_body`; from 2 on, a stream's resource id plus 2.
  const NO_BODY = 0;
  const BODY_BYTES = 1;

  // An inner request of deno_fetch whose parts are fetched from the host when they are asked for.
  class InboundRequest {
    #id;
    #method = null;
    #headerList = null;
    #body = undefined;
    #url = null;
    #urlListProcessed = null;
    #onCancel = null;

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
      if (this.#body === undefined) this.#body = bodyOf(this.#id, op_request_body(this.#id));
      return this.#body;
    }
    set body(value) {
      this.#body = value;
    }
    // The body as text, and with that used up, where nobody has looked at it and it is at hand; null otherwise. It never
    // becomes an ArrayBuffer, which would cost more than all the rest of reading it.
    consumeTextBody() {
      if (this.#body !== undefined) return null;
      const kind = op_request_body(this.#id);
      if (kind !== BODY_BYTES) {
        this.#body = bodyOf(this.#id, kind);
        return null;
      }
      this.#body = new InnerBody({ body: "", consumed: true });
      return op_request_text(this.#id);
    }
    url() {
      return this.#url ??= op_request_url(this.#id);
    }
    currentUrl() {
      return this.url();
    }
    get urlList() {
      return [() => this.url()];
    }
    get urlListProcessed() {
      return this.#urlListProcessed ??= [];
    }
    onCancel(callback) {
      this.#onCancel = callback;
    }
    cancel() {
      this.#onCancel?.();
    }
  }

  // The same for all: kept out of each request's making.
  InboundRequest.prototype.redirectMode = "manual";
  InboundRequest.prototype.redirectCount = 0;
  InboundRequest.prototype.clientRid = null;
  InboundRequest.prototype.blobUrlEntry = null;

  // `kind` is an answer of `op_request_body`.
  function bodyOf(id, kind) {
    if (kind === NO_BODY) return null;
    if (kind === BODY_BYTES) {
      const bytes = op_request_bytes(id);
      const body = new InnerBody({ body: bytes, consumed: false });
      body.length = bytes.byteLength;
      return body;
    }
    return new InnerBody(readableStreamForRid(kind - 2));
  }

  // deno_fetch asks for the text itself in `json()` alone.
  const textOfAny = RequestPrototype.text;
  ObjectDefineProperty(RequestPrototype, "text", {
    __proto__: null,
    value: function text() {
      try {
        if (ObjectPrototypeIsPrototypeOf(RequestPrototype, this)) {
          const text = toInnerRequest(this)?.consumeTextBody?.();
          if (text !== null && text !== undefined) return PromiseResolve(text);
        }
      } catch (error) {
        return PromiseReject(error);
      }
      return FunctionPrototypeCall(textOfAny, this);
    },
    writable: true,
    configurable: true,
    enumerable: true,
  });

  return { InboundRequest };
})();
