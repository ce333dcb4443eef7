import { bytes, type Cases, fails, ok, same } from "./assert.ts";

// (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
const ADD = bytes(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0,
  32, 0, 32, 1, 106, 11,
);

const NAMES = [
  "AbortController", "AbortSignal", "Blob", "ByteLengthQueuingStrategy", "CompressionStream", "CountQueuingStrategy",
  "CryptoKey", "CustomEvent", "DOMException", "DecompressionStream", "ErrorEvent", "Event", "EventTarget", "File", "FormData",
  "Headers", "MessageChannel", "MessageEvent", "MessagePort", "PromiseRejectionEvent", "ReadableByteStreamController",
  "ReadableStream", "ReadableStreamBYOBReader", "ReadableStreamDefaultController", "ReadableStreamDefaultReader", "Request",
  "Response", "SubtleCrypto", "TextDecoder", "TextDecoderStream", "TextEncoder", "TextEncoderStream", "TransformStream", "URL",
  "URLPattern", "URLSearchParams", "WebAssembly", "WritableStream", "WritableStreamDefaultWriter", "addEventListener", "atob",
  "btoa", "clearInterval", "clearTimeout", "console", "crypto", "dispatchEvent", "fetch", "navigator", "performance",
  "queueMicrotask", "removeEventListener", "reportError", "scheduler", "self", "setInterval", "setTimeout", "structuredClone",
];

export const cases: Cases = {
  "every promised name is there"() {
    same(NAMES.filter((name) => !(name in globalThis)), []);
  },
  "self is the global object"() {
    ok(self === globalThis, "self");
  },
  "classes print their names"() {
    same(Object.prototype.toString.call(new Headers()), "[object Headers]");
    same(Object.prototype.toString.call(new Response()), "[object Response]");
    same(fetch.name, "fetch");
  },
  "navigator.userAgent names worky"() {
    ok(/^worky/i.test(navigator.userAgent), navigator.userAgent);
  },
  "the language is whole"() {
    same(new Intl.NumberFormat("de-DE").format(1234.5), "1.234,5");
    same([..."a1b2".matchAll(/\p{L}/gu)].length, 2);
    same(Object.groupBy([1, 2, 3], (n) => (n % 2 ? "odd" : "even")), { odd: [1, 3], even: [2] });
    same(new WeakRef({}).deref() !== undefined, true);
  },
  async "WebAssembly compiles and runs"() {
    const { instance } = await WebAssembly.instantiate(ADD);
    same((instance.exports.add as (a: number, b: number) => number)(2, 3), 5);
    same(WebAssembly.validate(bytes(0, 1, 2)), false);
    await fails("CompileError", () => WebAssembly.compile(bytes(0, 1, 2)));
  },
  "console has all of its methods"() {
    const methods = [
      "assert", "clear", "count", "countReset", "debug", "dir", "dirxml", "error", "group", "groupCollapsed", "groupEnd", "info",
      "log", "table", "time", "timeEnd", "timeLog", "trace", "warn",
    ];
    same(methods.filter((method) => typeof (console as never)[method] !== "function"), []);
  },
};
