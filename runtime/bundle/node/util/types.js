//#region src/util/types.js
const getter = (prototype, key) => Object.getOwnPropertyDescriptor(prototype, key).get;
function asks(question) {
	return (value) => {
		if (value === null || typeof value !== "object" && typeof value !== "function") return false;
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
const typedName = getter(Object.getPrototypeOf(Uint8Array).prototype, Symbol.toStringTag);
const named = (name) => (value) => Reflect.apply(typedName, value, []) === name;
const isMap = reads(Map.prototype, "size");
const isSet = reads(Set.prototype, "size");
const isWeakMap = has(WeakMap.prototype, "has", {});
const isWeakSet = has(WeakSet.prototype, "has", {});
const isDate = has(Date.prototype, "getTime");
const isArrayBuffer = reads(ArrayBuffer.prototype, "byteLength");
const isSharedArrayBuffer = reads(SharedArrayBuffer.prototype, "byteLength");
const isAnyArrayBuffer = (value) => isArrayBuffer(value) || isSharedArrayBuffer(value);
const isDataView = reads(DataView.prototype, "buffer");
const isNumberObject = has(Number.prototype, "valueOf");
const isStringObject = has(String.prototype, "valueOf");
const isBooleanObject = has(Boolean.prototype, "valueOf");
const isBigIntObject = has(BigInt.prototype, "valueOf");
const isSymbolObject = has(Symbol.prototype, "valueOf");
const isBoxedPrimitive = (value) => isNumberObject(value) || isStringObject(value) || isBooleanObject(value) || isBigIntObject(value) || isSymbolObject(value);
const isPromise = (value) => tagged("Promise")(value) && value instanceof Promise;
const isRegExp = (value) => tagged("RegExp")(value) && typeof value.exec === "function" && "lastIndex" in value;
const isNativeError = (value) => Error.isError ? Error.isError(value) : value instanceof Error;
const isAsyncFunction = (value) => typeof value === "function" && /^Async/.test(tag(value));
const isGeneratorFunction = (value) => typeof value === "function" && /GeneratorFunction$/.test(tag(value));
const isGeneratorObject = tagged("Generator", "AsyncGenerator");
const isMapIterator = tagged("Map Iterator");
const isSetIterator = tagged("Set Iterator");
const isArgumentsObject = tagged("Arguments");
const isModuleNamespaceObject = tagged("Module");
const isArrayBufferView = ArrayBuffer.isView;
const isTypedArray = (value) => Reflect.apply(typedName, value, []) !== void 0;
const isUint8Array = named("Uint8Array");
const isUint8ClampedArray = named("Uint8ClampedArray");
const isUint16Array = named("Uint16Array");
const isUint32Array = named("Uint32Array");
const isInt8Array = named("Int8Array");
const isInt16Array = named("Int16Array");
const isInt32Array = named("Int32Array");
const isFloat16Array = named("Float16Array");
const isFloat32Array = named("Float32Array");
const isFloat64Array = named("Float64Array");
const isBigInt64Array = named("BigInt64Array");
const isBigUint64Array = named("BigUint64Array");
const isCryptoKey = (value) => value instanceof CryptoKey;
const isKeyObject = (value) => value?.[Symbol.toStringTag] === "KeyObject";
const isProxy = () => false;
const isExternal = () => false;
var types_default = {
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
	isWeakSet
};
//#endregion
export { types_default as default, isAnyArrayBuffer, isArgumentsObject, isArrayBuffer, isArrayBufferView, isAsyncFunction, isBigInt64Array, isBigIntObject, isBigUint64Array, isBooleanObject, isBoxedPrimitive, isCryptoKey, isDataView, isDate, isExternal, isFloat16Array, isFloat32Array, isFloat64Array, isGeneratorFunction, isGeneratorObject, isInt16Array, isInt32Array, isInt8Array, isKeyObject, isMap, isMapIterator, isModuleNamespaceObject, isNativeError, isNumberObject, isPromise, isProxy, isRegExp, isSet, isSetIterator, isSharedArrayBuffer, isStringObject, isSymbolObject, isTypedArray, isUint16Array, isUint32Array, isUint8Array, isUint8ClampedArray, isWeakMap, isWeakSet };
