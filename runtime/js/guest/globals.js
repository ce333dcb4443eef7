// The global scope of a worker: what Cloudflare Workers document, from the deno extension crates. Evaluated when the
// startup snapshot is made, so everything here must be free of state that belongs to one isolate.
(function () {
  const { core, internals, primordials } = __bootstrap;
  const { ObjectDefineProperty, ObjectSetPrototypeOf, Symbol, SymbolToStringTag, TypeError } = primordials;

  // 00_crypto.js brands keys with this symbol; without node's crypto it needs only to exist.
  internals.kKeyObject = Symbol("kKeyObject");

  const script = (name) => core.loadExtScript(name);
  const bounds = script("ext:worky/bounds.js");
  const cache = script("ext:worky/cache.js");
  const abort = script("ext:deno_web/03_abort_signal.js");
  const base64 = script("ext:deno_web/05_base64.js");
  const console = script("ext:deno_web/01_console.js");
  const crypto = script("ext:deno_crypto/00_crypto.js");
  const encoding = script("ext:deno_web/08_text_encoding.js");
  const event = script("ext:deno_web/02_event.js");
  const exception = script("ext:deno_web/01_dom_exception.js");
  const file = script("ext:deno_web/09_file.js");
  const files = script("ext:worky/files.js");
  const formData = script("ext:deno_fetch/21_formdata.js");
  const fetch = script("ext:deno_fetch/26_fetch.js");
  const headers = script("ext:deno_fetch/20_headers.js");
  const message = script("ext:deno_web/13_message_port.js");
  const performance = script("ext:deno_web/15_performance.js");
  const request = script("ext:deno_fetch/23_request.js");
  const response = script("ext:deno_fetch/23_response.js");
  const streams = script("ext:deno_web/06_streams.js");
  const timers = script("ext:deno_web/02_timers.js");
  const url = script("ext:deno_web/00_url.js");
  const webidl = script("ext:deno_webidl/00_webidl.js");

  const loadCompression = () => script("ext:deno_web/14_compression.js");
  const loadEventSource = () => script("ext:deno_fetch/27_eventsource.js");
  const loadUrlPattern = () => script("ext:deno_web/01_urlpattern.js");

  class WorkerGlobalScope extends event.EventTarget {
    constructor() {
      throw new TypeError("Illegal constructor");
    }
  }
  class ServiceWorkerGlobalScope extends WorkerGlobalScope {}
  ObjectDefineProperty(ServiceWorkerGlobalScope.prototype, SymbolToStringTag, {
    __proto__: null,
    value: "ServiceWorkerGlobalScope",
    configurable: true,
  });

  const classes = {
    AbortController: abort.AbortController,
    AbortSignal: abort.AbortSignal,
    Blob: file.Blob,
    ByteLengthQueuingStrategy: streams.ByteLengthQueuingStrategy,
    Cache: cache.Cache,
    CacheStorage: cache.CacheStorage,
    CloseEvent: event.CloseEvent,
    CountQueuingStrategy: streams.CountQueuingStrategy,
    Crypto: crypto.Crypto,
    CryptoKey: crypto.CryptoKey,
    CustomEvent: event.CustomEvent,
    DOMException: exception.DOMException,
    ErrorEvent: event.ErrorEvent,
    Event: event.Event,
    EventTarget: event.EventTarget,
    File: file.File,
    FileSystemDirectoryHandle: files.FileSystemDirectoryHandle,
    FileSystemFileHandle: files.FileSystemFileHandle,
    FileSystemHandle: files.FileSystemHandle,
    FileSystemWritableFileStream: files.FileSystemWritableFileStream,
    FormData: formData.FormData,
    Headers: headers.Headers,
    MessageChannel: message.MessageChannel,
    MessageEvent: event.MessageEvent,
    MessagePort: message.MessagePort,
    Performance: performance.Performance,
    PerformanceEntry: performance.PerformanceEntry,
    PerformanceMark: performance.PerformanceMark,
    PerformanceMeasure: performance.PerformanceMeasure,
    PromiseRejectionEvent: event.PromiseRejectionEvent,
    QuotaExceededError: exception.QuotaExceededError,
    ReadableByteStreamController: streams.ReadableByteStreamController,
    ReadableStream: streams.ReadableStream,
    ReadableStreamBYOBReader: streams.ReadableStreamBYOBReader,
    ReadableStreamBYOBRequest: streams.ReadableStreamBYOBRequest,
    ReadableStreamDefaultController: streams.ReadableStreamDefaultController,
    ReadableStreamDefaultReader: streams.ReadableStreamDefaultReader,
    Request: request.Request,
    Response: response.Response,
    ServiceWorkerGlobalScope,
    StorageManager: files.StorageManager,
    SubtleCrypto: crypto.SubtleCrypto,
    TextDecoder: encoding.TextDecoder,
    TextDecoderStream: encoding.TextDecoderStream,
    TextEncoder: encoding.TextEncoder,
    TextEncoderStream: encoding.TextEncoderStream,
    TransformStream: streams.TransformStream,
    TransformStreamDefaultController: streams.TransformStreamDefaultController,
    URL: url.URL,
    URLSearchParams: url.URLSearchParams,
    WorkerGlobalScope,
    WritableStream: streams.WritableStream,
    WritableStreamDefaultController: streams.WritableStreamDefaultController,
    WritableStreamDefaultWriter: streams.WritableStreamDefaultWriter,
  };
  const functions = {
    atob: base64.atob,
    btoa: base64.btoa,
    clearInterval: timers.clearInterval,
    clearTimeout: timers.clearTimeout,
    fetch: fetch.fetch,
    reportError: event.reportError,
    setInterval: timers.setInterval,
    setTimeout: timers.setTimeout,
    structuredClone: message.structuredClone,
  };

  const properties = {
    CompressionStream: core.propNonEnumerableLazyLoaded((m) => m.CompressionStream, loadCompression),
    DecompressionStream: core.propNonEnumerableLazyLoaded((m) => m.DecompressionStream, loadCompression),
    EventSource: core.propNonEnumerableLazyLoaded((m) => m.EventSource, loadEventSource),
    URLPattern: core.propNonEnumerableLazyLoaded((m) => m.URLPattern, loadUrlPattern),
    caches: core.propGetterOnly(() => cache.caches),
    crypto: core.propGetterOnly(() => crypto.crypto),
    performance: core.propWritable(performance.performance),
    self: core.propWritable(globalThis),
    // Methods of EventTarget ask for the brand of what they are called on.
    [webidl.brand]: core.propNonEnumerable(webidl.brand),
  };
  for (const name in classes) properties[name] = core.propNonEnumerable(classes[name]);
  for (const name in functions) properties[name] = core.propWritable(functions[name]);
  core.defineGlobalProperties(globalThis, properties);

  ObjectSetPrototypeOf(globalThis, ServiceWorkerGlobalScope.prototype);
  event.setEventTargetData(globalThis);
  event.saveGlobalThisReference(globalThis);
  event.defineEventHandler(globalThis, "error");
  event.defineEventHandler(globalThis, "unhandledrejection");
  event.defineEventHandler(globalThis, "rejectionhandled");

  // The names under which ops throw DOMExceptions.
  const names = [
    "AbortError",
    "DataError",
    "IndexSizeError",
    "InvalidAccessError",
    "InvalidCharacterError",
    "InvalidModificationError",
    "InvalidStateError",
    "NetworkError",
    "NoModificationAllowedError",
    "NotAllowedError",
    "NotFoundError",
    "NotReadableError",
    "NotSupportedError",
    "OperationError",
    "SyntaxError",
    "TypeMismatchError",
  ];
  for (let i = 0; i < names.length; i++) {
    core.registerErrorBuilder(`DOMException${names[i]}`, (text) => new exception.DOMException(text, names[i]));
  }
  core.registerErrorBuilder("DOMExceptionQuotaExceededError", (text) => new exception.QuotaExceededError(text));

  // Here, so that no isolate has to evaluate it.
  script("ext:worky/async_hooks.js");

  // What nobody handled ends a command-line program; here it is a record of the log, which guest/worker.js keeps.
  const uncaught = { report: null };
  core.reportUnhandledException = (error) => uncaught.report(error);

  return { Console: console.Console, bounds, uncaught };
})();
