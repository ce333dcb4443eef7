import { parseArgs } from "@pkgjs/parseargs";
import { isDeepStrictEqual } from "node:internal/comparisons";
import { checkFunction, error, invalidType, invalidValue } from "node:internal/errors";
import { format, formatWithOptions, inspect, stripVTControlCharacters } from "node:internal/inspect";
import { nextTick } from "node:internal/tick";
import types from "node:util/types";

export { format, formatWithOptions, inspect, isDeepStrictEqual, parseArgs, stripVTControlCharacters, types };
export const { TextDecoder, TextEncoder } = globalThis;

const custom = Symbol.for("nodejs.util.promisify.custom");

export function promisify(original) {
  checkFunction(original, "original");
  const own = original[custom];
  if (own) {
    checkFunction(own, "util.promisify.custom");
    return Object.defineProperty(own, custom, { value: own, configurable: true });
  }
  function promised(...args) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [...args, (error, value) => (error ? reject(error) : resolve(value))]);
    });
  }
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  Object.defineProperty(promised, custom, { value: promised, configurable: true });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = custom;

export function callbackify(original) {
  checkFunction(original, "original");
  function called(...args) {
    const callback = args.pop();
    checkFunction(callback, "last argument");
    const done = callback.bind(this);
    Reflect.apply(original, this, args).then(
      (value) => nextTick(done, null, value),
      (reason) => {
        if (!reason) {
          const because = error("ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value");
          reason = Object.assign(because, { reason });
        }
        nextTick(done, reason);
      },
    );
  }
  Object.defineProperty(called, "name", { value: `${original.name}Callbackified`, configurable: true });
  return called;
}

export function inherits(constructor, parent) {
  checkFunction(constructor, "ctor");
  checkFunction(parent, "superCtor");
  Object.defineProperty(constructor, "super_", { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

const warned = new Set();
export function deprecate(original, message, code) {
  let isTold = false;
  function deprecated(...args) {
    if (!isTold && !(code && warned.has(code))) {
      isTold = true;
      if (code) warned.add(code);
      console.warn(`${code ? `[${code}] ` : ""}DeprecationWarning: ${message}`);
    }
    return new.target ? Reflect.construct(original, args, new.target) : Reflect.apply(original, this, args);
  }
  Object.setPrototypeOf(deprecated, original);
  if (original.prototype) deprecated.prototype = original.prototype;
  return deprecated;
}

/** Sections are turned on by the environment, which a worker does not have. */
export function debuglog() {
  const log = () => {};
  return Object.defineProperty(log, "enabled", { value: false });
}
export { debuglog as debug };

export async function aborted(signal, resource) {
  if (!(signal instanceof AbortSignal)) throw invalidType("signal", "an instance of AbortSignal", signal);
  if (resource === null || typeof resource !== "object") throw invalidType("resource", "of type object", resource);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

export function styleText(style, text, { validateStream = true, stream = undefined } = {}) {
  if (typeof text !== "string") throw invalidType("text", "of type string", text);
  // As in Node, for a terminal alone, which a worker does not have.
  const isPlain = validateStream && !stream?.isTTY;
  let [before, after] = ["", ""];
  for (const name of [style].flat()) {
    const codes = inspect.colors[name];
    if (codes === undefined) throw invalidValue("style", name);
    before += `\x1b[${codes[0]}m`;
    after = `\x1b[${codes[1]}m${after}`;
  }
  return isPlain ? text : before + text + after;
}

export const toUSVString = (value) => String(value).toWellFormed();

// Deprecated in Node, and still what old packages call.
export const { isArray } = Array;
export const { isDate, isRegExp } = types;
export const isBoolean = (value) => typeof value === "boolean";
export const isBuffer = (value) => value instanceof Uint8Array && value._isBuffer === true;
export const isError = (value) => types.isNativeError(value) || value instanceof Error;
export const isFunction = (value) => typeof value === "function";
export const isNull = (value) => value === null;
export const isNullOrUndefined = (value) => value === null || value === undefined;
export const isNumber = (value) => typeof value === "number";
export const isObject = (value) => value !== null && typeof value === "object";
export const isPrimitive = (value) => value === null || (typeof value !== "object" && typeof value !== "function");
export const isString = (value) => typeof value === "string";
export const isSymbol = (value) => typeof value === "symbol";
export const isUndefined = (value) => value === undefined;
export const log = (...args) => console.log(`${new Date().toISOString()} - ${format(...args)}`);
export const _extend = (target, source) => (source === null || typeof source !== "object" ? target : Object.assign(target, source));

export default {
  TextDecoder,
  TextEncoder,
  _extend,
  aborted,
  callbackify,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  formatWithOptions,
  inherits,
  inspect,
  isArray,
  isBoolean,
  isBuffer,
  isDate,
  isDeepStrictEqual,
  isError,
  isFunction,
  isNull,
  isNullOrUndefined,
  isNumber,
  isObject,
  isPrimitive,
  isRegExp,
  isString,
  isSymbol,
  isUndefined,
  log,
  parseArgs,
  promisify,
  stripVTControlCharacters,
  styleText,
  toUSVString,
  types,
};
