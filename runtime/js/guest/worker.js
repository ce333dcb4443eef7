// What runs inside every isolate of a worker, from its start on: the calls from the host and the answers to it.
// It stays out of the snapshot, so that the ops it uses keep V8's fast calls.
(function () {
  const { core, primordials } = __bootstrap;
  const {
    ArrayPrototypePush,
    Error,
    FunctionPrototypeBind,
    JSONParse,
    ObjectDefineProperty,
    ObjectFreeze,
    ObjectKeys,
    ObjectPrototypeIsPrototypeOf,
    Promise,
    PromisePrototypeThen,
    PromiseResolve,
    SafeMap,
    String,
    TypeError,
  } = primordials;
  const {
    op_env,
    op_log,
    op_respond,
    op_respond_error,
    op_respond_stream,
    op_respond_text,
    op_respond_text_as,
    op_wait_until,
    op_wait_until_settled,
  } = core.ops;

  const { Console, bounds, uncaught } = core.loadExtScript("ext:worky/globals.js");
  const { inspectArgs, setNoColorFns } = core.loadExtScript("ext:deno_web/01_console.js");
  const event = core.loadExtScript("ext:deno_web/02_event.js");
  const { setTimeout, clearTimeout } = core.loadExtScript("ext:deno_web/02_timers.js");
  const { setTimeOrigin } = core.loadExtScript("ext:deno_web/15_performance.js");
  const {
    getReadableStreamResourceBacking,
    ReadableStreamPrototype,
  } = core.loadExtScript("ext:deno_web/06_streams.js");
  const { handleWasmStreaming } = core.loadExtScript("ext:deno_fetch/26_fetch.js");
  const { abortRequest, fromInnerRequest } = core.loadExtScript("ext:deno_fetch/23_request.js");
  const {
    Response,
    responseBodyUsed,
    ResponsePrototype,
    serveFastBodyKey,
    serveFastConsumedKey,
    serveFastContentTypeKey,
    serveFastHeaderKindKey,
    serveFastStatusKey,
    SERVE_FAST_HEADER_CONTENT_TYPE,
    SERVE_FAST_HEADER_DEFAULT_TEXT,
    toInnerResponse,
    wireHeaderList,
  } = core.loadExtScript("ext:deno_fetch/23_response.js");
  const { sendStream } = core.loadExtScript("ext:worky/body.js");
  const { InboundRequest } = core.loadExtScript("ext:worky/request.js");
  const { KvNamespace } = core.loadExtScript("ext:worky/kv.js");
  const { grantedDirectory, makeStorage } = core.loadExtScript("ext:worky/files.js");
  const { grant } = core.loadExtScript("ext:worky/files_place.js");
  const plugins = core.loadExtScript("ext:worky/plugin.js");
  const { Fetcher } = core.loadExtScript("ext:worky/fetcher.js");
  core.loadExtScript("ext:worky/crypto.js");
  const { currentRequest, enterRequest, leaveRequest } = core.loadExtScript("ext:worky/context.js");
  const asyncHooks = core.loadExtScript("ext:worky/async_hooks.js");

  // What ended a call without a response, as `op_respond_error` takes it.
  const EXCEPTION = 0;
  const BAD_RESPONSE = 1;

  // The content types that `op_respond_text` knows.
  const UNTYPED = 0;
  const TEXT = 1;
  const JSON_TEXT = 2;

  // ---- one call ---------------------------------------------------------------------------------------------------

  // Per request in flight: what aborts it, and how many waitUntil promises are open. One whose handler has been called
  // and has not returned is `entered` instead: most are answered by then.
  const inFlight = new SafeMap();
  let entered = null;

  function callOf(id) {
    return entered !== null && entered.id === id ? entered : inFlight.get(id);
  }

  // One for all: to make and freeze an object without prototype takes longer than the rest of a context.
  const noProps = ObjectFreeze({ __proto__: null });

  class ExecutionContext {
    #id;
    props = noProps;
    constructor(id) {
      this.#id = id;
    }
    waitUntil(promise) {
      waitUntilOf(this.#id, promise);
    }
    passThroughOnException() {
      if (!warnedPassThrough) {
        warnedPassThrough = true;
        op_log(this.#id, 2, "ctx.passThroughOnException() has no effect: there is no origin behind this worker");
      }
    }
    abort(reason = new Error("the request was aborted by ctx.abort()")) {
      op_respond_error(this.#id, reason, EXCEPTION);
    }
  }
  let warnedPassThrough = false;

  function waitUntilOf(id, promise) {
    const call = callOf(id);
    if (call === undefined || call.settled) {
      throw new TypeError("waitUntil: the request this belongs to is over");
    }
    if (call.waiting++ === 0) op_wait_until(id);
    const done = () => {
      if (--call.waiting === 0) {
        if (call.answered) forget(id, call);
        op_wait_until_settled(id);
      }
    };
    PromisePrototypeThen(PromiseResolve(promise), done, (error) => {
      op_log(id, 3, `waitUntil: a promise was rejected: ${describe(error)}`);
      done();
    });
  }

  function waitUntil(promise) {
    const id = currentRequest();
    if (id === undefined) throw new TypeError("waitUntil: there is no request to wait for at the top level of a module");
    waitUntilOf(id, promise);
  }

  function forget(id, call) {
    call.settled = true;
    if (call !== entered) inFlight.delete(id);
  }

  function answered(id) {
    const call = callOf(id);
    if (call === undefined) return;
    call.answered = true;
    if (call.waiting === 0) forget(id, call);
  }

  let handlers = null;
  // Filled in by `furnish`.
  const env = {};

  // Called by the host for each request. Everything the handler starts runs in this request's async context.
  function dispatchFetch(id) {
    const inner = new InboundRequest(id);
    const request = fromInnerRequest(inner, "immutable");
    const call = { id, inner, request, waiting: 0, answered: false, settled: false };
    entered = call;
    enterRequest(id);
    try {
      const result = handlers.fetch(request, env, new ExecutionContext(id));
      if (ObjectPrototypeIsPrototypeOf(ResponsePrototype, result)) {
        respond(id, result);
      } else {
        PromisePrototypeThen(
          PromiseResolve(result),
          (response) => respond(id, response),
          (error) => fail(id, error),
        );
      }
    } catch (error) {
      fail(id, error);
    } finally {
      leaveRequest();
      entered = null;
      if (!call.settled) inFlight.set(id, call);
    }
  }

  // Called by the host when the caller is gone.
  function abortFetch(id) {
    const call = inFlight.get(id);
    if (call === undefined) return;
    enterRequest(id);
    try {
      call.inner.cancel();
      abortRequest(call.request);
    } catch (error) {
      op_log(id, 3, `a listener of request.signal threw: ${describe(error)}`);
    } finally {
      leaveRequest();
    }
    answered(id);
  }

  function fail(id, error) {
    op_respond_error(id, error, EXCEPTION);
    answered(id);
  }

  function respond(id, response) {
    let streamed;
    try {
      streamed = send(id, response);
    } catch (error) {
      op_respond_error(id, error, BAD_RESPONSE);
    }
    if (streamed === undefined) {
      answered(id);
    } else {
      // Until its last byte is sent a response can be aborted.
      PromisePrototypeThen(streamed, () => answered(id), (error) => {
        op_respond_error(id, error, BAD_RESPONSE);
        answered(id);
      });
    }
  }

  // A body that is an object is made text by the standard, and nobody means that.
  const MISSED = {
    __proto__: null,
    "[object Promise]": "a promise became the response's body: await it first",
    "[object Object]":
      "an object became the response's body: use Response.json(value), or new Response(JSON.stringify(value))",
  };

  function warnOfBody(id, body) {
    const warning = MISSED[body];
    if (warning !== undefined) op_log(id, 2, `the body is "${body}": ${warning}`);
  }

  // Answers a promise of the end where the body goes on after the head.

  function send(id, response) {
    if (!ObjectPrototypeIsPrototypeOf(ResponsePrototype, response)) {
      throw new TypeError(
        `the fetch handler must return a Response; it returned ${shortly(response)}`,
      );
    }
    if (response[serveFastStatusKey] === 200 && response[serveFastConsumedKey] === false) {
      const body = response[serveFastBodyKey];
      // `bodyUsed` itself would make a body of the text.
      if (typeof body === "string" && !responseBodyUsed(response)) {
        if (body.length <= 16 && body.length >= 15) warnOfBody(id, body);
        const kind = response[serveFastHeaderKindKey];
        if (kind === SERVE_FAST_HEADER_DEFAULT_TEXT) {
          op_respond_text(id, body, TEXT);
        } else if (kind === SERVE_FAST_HEADER_CONTENT_TYPE) {
          const type = response[serveFastContentTypeKey];
          if (type === "application/json") op_respond_text(id, body, JSON_TEXT);
          else op_respond_text_as(id, body, type);
        } else {
          op_respond_text(id, body, UNTYPED);
        }
        return;
      }
    }
    const inner = toInnerResponse(response);
    if (inner.type === "error") throw new TypeError("Response.error() cannot be sent to a client");
    const flat = [];
    const list = wireHeaderList(inner);
    for (let i = 0; i < list.length; i++) ArrayPrototypePush(flat, list[i][0], list[i][1]);
    const body = inner.body;
    if (body === null) {
      op_respond(id, inner.status, flat, null);
      return;
    }
    if (body.unusable()) throw new TypeError("the Response's body was already used");
    const source = body.streamOrStatic;
    if (!ObjectPrototypeIsPrototypeOf(ReadableStreamPrototype, source)) {
      source.consumed = true;
      const bytes = typeof source.body === "string" ? core.encode(source.body) : source.body;
      op_respond(id, inner.status, flat, bytes);
      return;
    }
    // A body that comes straight from the host (a fetch passed through) goes back without passing through JS.
    const backing = getReadableStreamResourceBacking(source);
    if (backing) return op_respond_stream(id, inner.status, flat, backing.rid);
    return sendStream(source, body.length, (rid) => op_respond_stream(id, inner.status, flat, rid));
  }

  // ---- start-up ---------------------------------------------------------------------------------------------------

  // What a guest throws may throw again when it is looked at.
  function describe(error) {
    try {
      return inspectArgs([error], { colors: false });
    } catch {
      return "(an error that cannot be shown)";
    }
  }

  function shortly(value) {
    return value === null || typeof value !== "object" ? String(value) : describe(value);
  }

  class WorkerEntrypoint {
    constructor(ctx, env) {
      this.ctx = ctx;
      this.env = env;
    }
  }
  class RpcTarget {}
  class DurableObject {
    constructor() {
      throw new Error("durable objects are not supported yet");
    }
  }

  // The host calls this once, in an isolate that no worker is in yet. Answers what worky's own modules export.
  function prepare(userAgent) {
    bounds.prepare();
    const navigator = ObjectFreeze({ userAgent, language: "en-US", hardwareConcurrency: 1, storage: makeStorage() });
    defineGlobal("navigator", navigator);
    defineGlobal("scheduler", ObjectFreeze({ wait }));
    defineGlobal("console", makeConsole());
    rehearse();
    return { env, waitUntil, WorkerEntrypoint, RpcTarget, DurableObject, plugins, asyncHooks };
  }

  // V8 compiles a function when it is first called. What every request calls is called here, as far as it can be without
  // a request, so that a worker's first one does not wait for that.
  function rehearse() {
    handlers = { fetch: () => new Promise(() => {}) };
    dispatchFetch(0);
    handlers = null;
    inFlight.delete(0);
    answered(0);
    responseBodyUsed(new Response(""));
    try {
      send(0, Response.error());
    } catch {
      // It cannot be sent, which is found out before anybody is asked to send it.
    }
  }

  // What the worker is granted: `env`, before the worker's own modules.
  function furnish() {
    setTimeOrigin();
    const grants = op_env();
    bounds.timers.max = grants.timers_max;
    for (const [name, json] of grants.vars) env[name] = JSONParse(json);
    for (const [name, value] of grants.secrets) env[name] = value;
    for (let i = 0; i < grants.kv.length; i++) env[grants.kv[i]] = new KvNamespace(i, grants.kv[i]);
    for (let i = 0; i < grants.services.length; i++) env[grants.services[i]] = new Fetcher(i, grants.services[i]);
    for (let i = 0; i < grants.files.length; i++) env[grants.files[i]] = grantedDirectory(i, grants.files[i]);
    grant(grants.files);
    if (grants.inspected) showInDebuggers(globalThis.console);
    for (const name of grants.globals) defineGlobal(name, env[name]);
  }

  function defineGlobal(name, value) {
    ObjectDefineProperty(globalThis, name, {
      __proto__: null,
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }

  // scheduler.wait(ms, { signal }): https://github.com/WICG/scheduling-apis, as Workers have it.
  function wait(delay, options = { __proto__: null }) {
    const signal = options?.signal;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = setTimeout(resolve, delay);
      signal?.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason);
      }, { once: true });
    });
  }

  // Levels of the host: 0 debug, 1 info, 2 warn, 3 error. The console prints "trace" as 4.
  function makeConsole() {
    // Records are for programs too; whoever shows them on a terminal may colour them.
    setNoColorFns(() => true, () => true);
    const console = new Console((message, level) => {
      const end = message.length - 1;
      const line = message[end] === "\n" ? message.slice(0, end) : message;
      if (line !== "") op_log(currentRequest() ?? -1, level > 3 ? 0 : level, line);
    });
    console.clear = function clear() {};
    return console;
  }

  // V8's own console tells front ends of what is printed. It is called as if by the guest, whose place they show.
  function showInDebuggers(console) {
    const names = ObjectKeys(core.console);
    for (let i = 0; i < names.length; i++) {
      const shown = core.console[names[i]], own = console[names[i]];
      console[names[i]] = own === undefined ? shown : FunctionPrototypeBind(core.callConsole, console, shown, own);
    }
  }

  // Moves the worker in: loads its main module and finds its handlers. Answers true, or, where there is none, what it
  // exports.
  async function install({ load }, main) {
    furnish();
    const namespace = await load(main);
    const entry = await namespace.default;
    if (typeof entry === "function" && typeof entry.prototype?.fetch === "function") {
      const Entry = entry;
      handlers = { fetch: (request, env, ctx) => new Entry(ctx, env).fetch(request, env, ctx) };
      return true;
    }
    if (((typeof entry === "object" && entry !== null) || typeof entry === "function") && typeof entry.fetch === "function") {
      handlers = { fetch: (request, env, ctx) => entry.fetch(request, env, ctx) };
      return true;
    }
    const handler = namespace.fetch;
    if (typeof handler === "function") {
      handlers = { fetch: (request, env, ctx) => handler(request, env, ctx) };
      return true;
    }
    const exports = [];
    const names = ObjectKeys(namespace);
    for (let i = 0; i < names.length; i++) {
      const value = names[i] === "default" ? entry : namespace[names[i]];
      ArrayPrototypePush(exports, `${names[i]} (${kindOf(value)})`);
    }
    return exports;
  }

  function kindOf(value) {
    if (value === null) return "null";
    if (typeof value === "object") {
      const members = ObjectKeys(value);
      return members.length === 0 ? "an object without members" : `an object with ${members.join(", ")}`;
    }
    return typeof value === "function" && value.prototype !== undefined && `${value}`.startsWith("class")
      ? "a class without fetch"
      : `a ${typeof value}`;
  }

  // A rejection nobody handles does not stop a worker; it is an event, and a log line.
  core.setUnhandledPromiseRejectionHandler((promise, reason) => {
    const rejection = new event.PromiseRejectionEvent("unhandledrejection", { cancelable: true, promise, reason });
    globalThis.dispatchEvent(rejection);
    if (!rejection.defaultPrevented) {
      const mend = "nothing waits for this promise: await it, or give it to ctx.waitUntil(promise)";
      op_log(currentRequest() ?? -1, 3, `Uncaught (in promise) ${describe(reason)}\n  = hint: ${mend}`);
    }
    return true;
  });
  core.setHandledPromiseRejectionHandler((promise, reason) => {
    globalThis.dispatchEvent(new event.PromiseRejectionEvent("rejectionhandled", { promise, reason }));
  });
  uncaught.report = (error) => op_log(currentRequest() ?? -1, 3, `Uncaught ${describe(error)}`);
  core.setReportExceptionCallback((error) => {
    try {
      event.reportException(error);
    } catch {
      uncaught.report(error);
    }
  });

  // WebAssembly.compileStreaming and instantiateStreaming read their Response through this; V8 calls it unasked.
  core.setWasmStreamingCallback(handleWasmStreaming);

  return { prepare, install, dispatchFetch, abortFetch };
})();
