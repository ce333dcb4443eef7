// Whether a value is what it looks like: asked of its internal slots where the language has a way to.

const getter = (prototype, key) => Object.getOwnPropertyDescriptor(prototype, key).get;
function asks(question) {
  return (value) => {
    if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
    try {
      question(value);
      return true;
    } catch {
      return false;
    }
  };
}
const has = (prototype, key, ...args) => {
  const method = prototype[key];
  return asks((value) => Reflect.apply(method, value, args));
};
const reads = (prototype, key) => {
  const get = getter(prototype, key);
  return asks((value) => Reflect.apply(get, value, []));
};
const tag = (value) => Object.prototype.toString.call(value).slice(8, -1);
const tagged = (...names) => (value) => value !== null && typeof value === "object" && names.includes(tag(value));
const TypedArray = Object.getPrototypeOf(Uint8Array);
const typedName = getter(TypedArray.prototype, Symbol.toStringTag);
const named = (name) => (value) => Reflect.apply(typedName, value, []) === name;

export const isMap = reads(Map.prototype, "size");
export const isSet = reads(Set.prototype, "size");
export const isWeakMap = has(WeakMap.prototype, "has", {});
export const isWeakSet = has(WeakSet.prototype, "has", {});
export const isDate = has(Date.prototype, "getTime");
export const isArrayBuffer = reads(ArrayBuffer.prototype, "byteLength");
export const isSharedArrayBuffer = reads(SharedArrayBuffer.prototype, "byteLength");
export const isAnyArrayBuffer = (value) => isArrayBuffer(value) || isSharedArrayBuffer(value);
export const isDataView = reads(DataView.prototype, "buffer");
export const isNumberObject = has(Number.prototype, "valueOf");
export const isStringObject = has(String.prototype, "valueOf");
export const isBooleanObject = has(Boolean.prototype, "valueOf");
export const isBigIntObject = has(BigInt.prototype, "valueOf");
export const isSymbolObject = has(Symbol.prototype, "valueOf");
export const isBoxedPrimitive = (value) =>
  isNumberObject(value) || isStringObject(value) || isBooleanObject(value) || isBigIntObject(value) || isSymbolObject(value);
export const isPromise = (value) => tagged("Promise")(value) && value instanceof Promise;
export const isRegExp = (value) => tagged("RegExp")(value) && typeof value.exec === "function" && "lastIndex" in value;
export const isNativeError = (value) => (Error.isError ? Error.isError(value) : value instanceof Error);
export const isAsyncFunction = (value) => typeof value === "function" && /^Async/.test(tag(value));
export const isGeneratorFunction = (value) => typeof value === "function" && /GeneratorFunction$/.test(tag(value));
export const isGeneratorObject = tagged("Generator", "AsyncGenerator");
export const isMapIterator = tagged("Map Iterator");
export const isSetIterator = tagged("Set Iterator");
export const isArgumentsObject = tagged("Arguments");
export const isModuleNamespaceObject = tagged("Module");
export const isArrayBufferView = ArrayBuffer.isView;
export const isTypedArray = (value) => Reflect.apply(typedName, value, []) !== undefined;
export const isUint8Array = named("Uint8Array");
export const isUint8ClampedArray = named("Uint8ClampedArray");
export const isUint16Array = named("Uint16Array");
export const isUint32Array = named("Uint32Array");
export const isInt8Array = named("Int8Array");
export const isInt16Array = named("Int16Array");
export const isInt32Array = named("Int32Array");
export const isFloat16Array = named("Float16Array");
export const isFloat32Array = named("Float32Array");
export const isFloat64Array = named("Float64Array");
export const isBigInt64Array = named("BigInt64Array");
export const isBigUint64Array = named("BigUint64Array");
export const isCryptoKey = (value) => value instanceof CryptoKey;
export const isKeyObject = (value) => value?.[Symbol.toStringTag] === "KeyObject";
// Nothing in the language tells a proxy from its target, and no other engine's values come here.
export const isProxy = () => false;
export const isExternal = () => false;

export default {
  isAnyArrayBuffer,
  isArgumentsObject,
  isArrayBuffer,
  isArrayBufferView,
  isAsyncFunction,
  isBigInt64Array,
  isBigIntObject,
  isBigUint64Array,
  isBooleanObject,
  isBoxedPrimitive,
  isCryptoKey,
  isDataView,
  isDate,
  isExternal,
  isFloat16Array,
  isFloat32Array,
  isFloat64Array,
  isGeneratorFunction,
  isGeneratorObject,
  isInt16Array,
  isInt32Array,
  isInt8Array,
  isKeyObject,
  isMap,
  isMapIterator,
  isModuleNamespaceObject,
  isNativeError,
  isNumberObject,
  isPromise,
  isProxy,
  isRegExp,
  isSet,
  isSetIterator,
  isSharedArrayBuffer,
  isStringObject,
  isSymbolObject,
  isTypedArray,
  isUint16Array,
  isUint32Array,
  isUint8Array,
  isUint8ClampedArray,
  isWeakMap,
  isWeakSet,
};
