import process from "node:internal/process_lite";
import { isDeepStrictEqual } from "node:internal/comparisons";
import { checkFunction, error, invalidType, invalidValue } from "node:internal/errors";
import { format, formatWithOptions, inspect, stripVTControlCharacters } from "node:internal/inspect";
import { nextTick } from "node:internal/tick";
import types from "node:util/types";
//#region \0rolldown/runtime.js
var __commonJSMin = (cb, mod) => () => (mod || (cb((mod = { exports: {} }).exports, mod), cb = null), mod.exports);
//#endregion
//#region node_modules/@pkgjs/parseargs/internal/primordials.js
var require_primordials = __commonJSMin(((exports, module) => {
	const primordials = {};
	const { defineProperty: ReflectDefineProperty, getOwnPropertyDescriptor: ReflectGetOwnPropertyDescriptor, ownKeys: ReflectOwnKeys } = Reflect;
	const { apply, bind, call } = Function.prototype;
	const uncurryThis = bind.bind(call);
	primordials.uncurryThis = uncurryThis;
	const applyBind = bind.bind(apply);
	primordials.applyBind = applyBind;
	const varargsMethods = [
		"ArrayOf",
		"ArrayPrototypePush",
		"ArrayPrototypeUnshift",
		"MathHypot",
		"MathMax",
		"MathMin",
		"StringPrototypeConcat",
		"TypedArrayOf"
	];
	function getNewKey(key) {
		return typeof key === "symbol" ? `Symbol${key.description[7].toUpperCase()}${key.description.slice(8)}` : `${key[0].toUpperCase()}${key.slice(1)}`;
	}
	function copyAccessor(dest, prefix, key, { enumerable, get, set }) {
		ReflectDefineProperty(dest, `${prefix}Get${key}`, {
			value: uncurryThis(get),
			enumerable
		});
		if (set !== void 0) ReflectDefineProperty(dest, `${prefix}Set${key}`, {
			value: uncurryThis(set),
			enumerable
		});
	}
	function copyPropsRenamed(src, dest, prefix) {
		for (const key of ReflectOwnKeys(src)) {
			const newKey = getNewKey(key);
			const desc = ReflectGetOwnPropertyDescriptor(src, key);
			if ("get" in desc) copyAccessor(dest, prefix, newKey, desc);
			else {
				const name = `${prefix}${newKey}`;
				ReflectDefineProperty(dest, name, desc);
				if (varargsMethods.includes(name)) ReflectDefineProperty(dest, `${name}Apply`, { value: applyBind(desc.value, src) });
			}
		}
	}
	function copyPropsRenamedBound(src, dest, prefix) {
		for (const key of ReflectOwnKeys(src)) {
			const newKey = getNewKey(key);
			const desc = ReflectGetOwnPropertyDescriptor(src, key);
			if ("get" in desc) copyAccessor(dest, prefix, newKey, desc);
			else {
				const { value } = desc;
				if (typeof value === "function") desc.value = value.bind(src);
				const name = `${prefix}${newKey}`;
				ReflectDefineProperty(dest, name, desc);
				if (varargsMethods.includes(name)) ReflectDefineProperty(dest, `${name}Apply`, { value: applyBind(value, src) });
			}
		}
	}
	function copyPrototype(src, dest, prefix) {
		for (const key of ReflectOwnKeys(src)) {
			const newKey = getNewKey(key);
			const desc = ReflectGetOwnPropertyDescriptor(src, key);
			if ("get" in desc) copyAccessor(dest, prefix, newKey, desc);
			else {
				const { value } = desc;
				if (typeof value === "function") desc.value = uncurryThis(value);
				const name = `${prefix}${newKey}`;
				ReflectDefineProperty(dest, name, desc);
				if (varargsMethods.includes(name)) ReflectDefineProperty(dest, `${name}Apply`, { value: applyBind(value) });
			}
		}
	}
	["Proxy", "globalThis"].forEach((name) => {
		primordials[name] = globalThis[name];
	});
	[
		decodeURI,
		decodeURIComponent,
		encodeURI,
		encodeURIComponent
	].forEach((fn) => {
		primordials[fn.name] = fn;
	});
	[
		"JSON",
		"Math",
		"Proxy",
		"Reflect"
	].forEach((name) => {
		copyPropsRenamed(globalThis[name], primordials, name);
	});
	[
		"Array",
		"ArrayBuffer",
		"BigInt",
		"BigInt64Array",
		"BigUint64Array",
		"Boolean",
		"DataView",
		"Date",
		"Error",
		"EvalError",
		"Float32Array",
		"Float64Array",
		"Function",
		"Int16Array",
		"Int32Array",
		"Int8Array",
		"Map",
		"Number",
		"Object",
		"RangeError",
		"ReferenceError",
		"RegExp",
		"Set",
		"String",
		"Symbol",
		"SyntaxError",
		"TypeError",
		"URIError",
		"Uint16Array",
		"Uint32Array",
		"Uint8Array",
		"Uint8ClampedArray",
		"WeakMap",
		"WeakSet"
	].forEach((name) => {
		const original = globalThis[name];
		primordials[name] = original;
		copyPropsRenamed(original, primordials, name);
		copyPrototype(original.prototype, primordials, `${name}Prototype`);
	});
	["Promise"].forEach((name) => {
		const original = globalThis[name];
		primordials[name] = original;
		copyPropsRenamedBound(original, primordials, name);
		copyPrototype(original.prototype, primordials, `${name}Prototype`);
	});
	[
		{
			name: "TypedArray",
			original: Reflect.getPrototypeOf(Uint8Array)
		},
		{
			name: "ArrayIterator",
			original: { prototype: Reflect.getPrototypeOf(Array.prototype[Symbol.iterator]()) }
		},
		{
			name: "StringIterator",
			original: { prototype: Reflect.getPrototypeOf(String.prototype[Symbol.iterator]()) }
		}
	].forEach(({ name, original }) => {
		primordials[name] = original;
		copyPrototype(original, primordials, name);
		copyPrototype(original.prototype, primordials, `${name}Prototype`);
	});
	const { ArrayPrototypeForEach, FunctionPrototypeCall, Map, ObjectFreeze, ObjectSetPrototypeOf, Set, SymbolIterator, WeakMap, WeakSet } = primordials;
	const createSafeIterator = (factory, next) => {
		class SafeIterator {
			constructor(iterable) {
				this._iterator = factory(iterable);
			}
			next() {
				return next(this._iterator);
			}
			[SymbolIterator]() {
				return this;
			}
		}
		ObjectSetPrototypeOf(SafeIterator.prototype, null);
		ObjectFreeze(SafeIterator.prototype);
		ObjectFreeze(SafeIterator);
		return SafeIterator;
	};
	primordials.SafeArrayIterator = createSafeIterator(primordials.ArrayPrototypeSymbolIterator, primordials.ArrayIteratorPrototypeNext);
	primordials.SafeStringIterator = createSafeIterator(primordials.StringPrototypeSymbolIterator, primordials.StringIteratorPrototypeNext);
	const copyProps = (src, dest) => {
		ArrayPrototypeForEach(ReflectOwnKeys(src), (key) => {
			if (!ReflectGetOwnPropertyDescriptor(dest, key)) ReflectDefineProperty(dest, key, ReflectGetOwnPropertyDescriptor(src, key));
		});
	};
	const makeSafe = (unsafe, safe) => {
		if (SymbolIterator in unsafe.prototype) {
			const dummy = new unsafe();
			let next;
			ArrayPrototypeForEach(ReflectOwnKeys(unsafe.prototype), (key) => {
				if (!ReflectGetOwnPropertyDescriptor(safe.prototype, key)) {
					const desc = ReflectGetOwnPropertyDescriptor(unsafe.prototype, key);
					if (typeof desc.value === "function" && desc.value.length === 0 && SymbolIterator in (FunctionPrototypeCall(desc.value, dummy) ?? {})) {
						const createIterator = uncurryThis(desc.value);
						next = next ?? uncurryThis(createIterator(dummy).next);
						const SafeIterator = createSafeIterator(createIterator, next);
						desc.value = function() {
							return new SafeIterator(this);
						};
					}
					ReflectDefineProperty(safe.prototype, key, desc);
				}
			});
		} else copyProps(unsafe.prototype, safe.prototype);
		copyProps(unsafe, safe);
		ObjectSetPrototypeOf(safe.prototype, null);
		ObjectFreeze(safe.prototype);
		ObjectFreeze(safe);
		return safe;
	};
	primordials.makeSafe = makeSafe;
	primordials.SafeMap = makeSafe(Map, class SafeMap extends Map {
		constructor(i) {
			super(i);
		}
	});
	primordials.SafeWeakMap = makeSafe(WeakMap, class SafeWeakMap extends WeakMap {
		constructor(i) {
			super(i);
		}
	});
	primordials.SafeSet = makeSafe(Set, class SafeSet extends Set {
		constructor(i) {
			super(i);
		}
	});
	primordials.SafeWeakSet = makeSafe(WeakSet, class SafeWeakSet extends WeakSet {
		constructor(i) {
			super(i);
		}
	});
	ObjectSetPrototypeOf(primordials, null);
	ObjectFreeze(primordials);
	module.exports = primordials;
}));
//#endregion
//#region node_modules/@pkgjs/parseargs/internal/errors.js
var require_errors = __commonJSMin(((exports, module) => {
	var ERR_INVALID_ARG_TYPE = class extends TypeError {
		constructor(name, expected, actual) {
			super(`${name} must be ${expected} got ${actual}`);
			this.code = "ERR_INVALID_ARG_TYPE";
		}
	};
	var ERR_INVALID_ARG_VALUE = class extends TypeError {
		constructor(arg1, arg2, expected) {
			super(`The property ${arg1} ${expected}. Received '${arg2}'`);
			this.code = "ERR_INVALID_ARG_VALUE";
		}
	};
	var ERR_PARSE_ARGS_INVALID_OPTION_VALUE = class extends Error {
		constructor(message) {
			super(message);
			this.code = "ERR_PARSE_ARGS_INVALID_OPTION_VALUE";
		}
	};
	var ERR_PARSE_ARGS_UNKNOWN_OPTION = class extends Error {
		constructor(option, allowPositionals) {
			const suggestDashDash = allowPositionals ? `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- ${JSON.stringify(option)}` : "";
			super(`Unknown option '${option}'${suggestDashDash}`);
			this.code = "ERR_PARSE_ARGS_UNKNOWN_OPTION";
		}
	};
	var ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL = class extends Error {
		constructor(positional) {
			super(`Unexpected argument '${positional}'. This command does not take positional arguments`);
			this.code = "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL";
		}
	};
	module.exports = { codes: {
		ERR_INVALID_ARG_TYPE,
		ERR_INVALID_ARG_VALUE,
		ERR_PARSE_ARGS_INVALID_OPTION_VALUE,
		ERR_PARSE_ARGS_UNKNOWN_OPTION,
		ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL
	} };
}));
//#endregion
//#region node_modules/@pkgjs/parseargs/internal/validators.js
var require_validators = __commonJSMin(((exports, module) => {
	const { ArrayIsArray, ArrayPrototypeIncludes, ArrayPrototypeJoin } = require_primordials();
	const { codes: { ERR_INVALID_ARG_TYPE } } = require_errors();
	function validateString(value, name) {
		if (typeof value !== "string") throw new ERR_INVALID_ARG_TYPE(name, "String", value);
	}
	function validateUnion(value, name, union) {
		if (!ArrayPrototypeIncludes(union, value)) throw new ERR_INVALID_ARG_TYPE(name, `('${ArrayPrototypeJoin(union, "|")}')`, value);
	}
	function validateBoolean(value, name) {
		if (typeof value !== "boolean") throw new ERR_INVALID_ARG_TYPE(name, "Boolean", value);
	}
	function validateArray(value, name) {
		if (!ArrayIsArray(value)) throw new ERR_INVALID_ARG_TYPE(name, "Array", value);
	}
	function validateStringArray(value, name) {
		validateArray(value, name);
		for (let i = 0; i < value.length; i++) validateString(value[i], `${name}[${i}]`);
	}
	function validateBooleanArray(value, name) {
		validateArray(value, name);
		for (let i = 0; i < value.length; i++) validateBoolean(value[i], `${name}[${i}]`);
	}
	function validateObject(value, name, options) {
		const useDefaultOptions = options == null;
		const allowArray = useDefaultOptions ? false : options.allowArray;
		const allowFunction = useDefaultOptions ? false : options.allowFunction;
		if (!(useDefaultOptions ? false : options.nullable) && value === null || !allowArray && ArrayIsArray(value) || typeof value !== "object" && (!allowFunction || typeof value !== "function")) throw new ERR_INVALID_ARG_TYPE(name, "Object", value);
	}
	module.exports = {
		validateArray,
		validateObject,
		validateString,
		validateStringArray,
		validateUnion,
		validateBoolean,
		validateBooleanArray
	};
}));
//#endregion
//#region node_modules/@pkgjs/parseargs/internal/util.js
var require_util = __commonJSMin(((exports, module) => {
	const { ObjectCreate, ObjectFreeze } = require_primordials();
	module.exports = { kEmptyObject: ObjectFreeze(ObjectCreate(null)) };
}));
//#endregion
//#region node_modules/@pkgjs/parseargs/utils.js
var require_utils = __commonJSMin(((exports, module) => {
	const { ArrayPrototypeFind, ObjectEntries, ObjectPrototypeHasOwnProperty: ObjectHasOwn, StringPrototypeCharAt, StringPrototypeIncludes, StringPrototypeStartsWith } = require_primordials();
	const { validateObject } = require_validators();
	function objectGetOwn(obj, prop) {
		if (ObjectHasOwn(obj, prop)) return obj[prop];
	}
	function optionsGetOwn(options, longOption, prop) {
		if (ObjectHasOwn(options, longOption)) return objectGetOwn(options[longOption], prop);
	}
	function isOptionValue(value) {
		if (value == null) return false;
		return true;
	}
	function isOptionLikeValue(value) {
		if (value == null) return false;
		return value.length > 1 && StringPrototypeCharAt(value, 0) === "-";
	}
	function isLoneShortOption(arg) {
		return arg.length === 2 && StringPrototypeCharAt(arg, 0) === "-" && StringPrototypeCharAt(arg, 1) !== "-";
	}
	function isLoneLongOption(arg) {
		return arg.length > 2 && StringPrototypeStartsWith(arg, "--") && !StringPrototypeIncludes(arg, "=", 3);
	}
	function isLongOptionAndValue(arg) {
		return arg.length > 2 && StringPrototypeStartsWith(arg, "--") && StringPrototypeIncludes(arg, "=", 3);
	}
	function isShortOptionGroup(arg, options) {
		if (arg.length <= 2) return false;
		if (StringPrototypeCharAt(arg, 0) !== "-") return false;
		if (StringPrototypeCharAt(arg, 1) === "-") return false;
		return optionsGetOwn(options, findLongOptionForShort(StringPrototypeCharAt(arg, 1), options), "type") !== "string";
	}
	function isShortOptionAndValue(arg, options) {
		validateObject(options, "options");
		if (arg.length <= 2) return false;
		if (StringPrototypeCharAt(arg, 0) !== "-") return false;
		if (StringPrototypeCharAt(arg, 1) === "-") return false;
		return optionsGetOwn(options, findLongOptionForShort(StringPrototypeCharAt(arg, 1), options), "type") === "string";
	}
	function findLongOptionForShort(shortOption, options) {
		validateObject(options, "options");
		return ArrayPrototypeFind(ObjectEntries(options), ({ 1: optionConfig }) => objectGetOwn(optionConfig, "short") === shortOption)?.[0] ?? shortOption;
	}
	function useDefaultValueOption(longOption, optionConfig, values) {
		return objectGetOwn(optionConfig, "default") !== void 0 && values[longOption] === void 0;
	}
	module.exports = {
		findLongOptionForShort,
		isLoneLongOption,
		isLoneShortOption,
		isLongOptionAndValue,
		isOptionValue,
		isOptionLikeValue,
		isShortOptionAndValue,
		isShortOptionGroup,
		useDefaultValueOption,
		objectGetOwn,
		optionsGetOwn
	};
}));
//#endregion
//#region src/util.js
var import_parseargs = __commonJSMin(((exports, module) => {
	const { ArrayPrototypeForEach, ArrayPrototypeIncludes, ArrayPrototypeMap, ArrayPrototypePush, ArrayPrototypePushApply, ArrayPrototypeShift, ArrayPrototypeSlice, ArrayPrototypeUnshiftApply, ObjectEntries, ObjectPrototypeHasOwnProperty: ObjectHasOwn, StringPrototypeCharAt, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith } = require_primordials();
	const { validateArray, validateBoolean, validateBooleanArray, validateObject, validateString, validateStringArray, validateUnion } = require_validators();
	const { kEmptyObject } = require_util();
	const { findLongOptionForShort, isLoneLongOption, isLoneShortOption, isLongOptionAndValue, isOptionValue, isOptionLikeValue, isShortOptionAndValue, isShortOptionGroup, useDefaultValueOption, objectGetOwn, optionsGetOwn } = require_utils();
	const { codes: { ERR_INVALID_ARG_VALUE, ERR_PARSE_ARGS_INVALID_OPTION_VALUE, ERR_PARSE_ARGS_UNKNOWN_OPTION, ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL } } = require_errors();
	function getMainArgs() {
		const execArgv = process.execArgv;
		if (ArrayPrototypeIncludes(execArgv, "-e") || ArrayPrototypeIncludes(execArgv, "--eval") || ArrayPrototypeIncludes(execArgv, "-p") || ArrayPrototypeIncludes(execArgv, "--print")) return ArrayPrototypeSlice(process.argv, 1);
		return ArrayPrototypeSlice(process.argv, 2);
	}
	function checkOptionLikeValue(token) {
		if (!token.inlineValue && isOptionLikeValue(token.value)) {
			const example = StringPrototypeStartsWith(token.rawName, "--") ? `'${token.rawName}=-XYZ'` : `'--${token.name}=-XYZ' or '${token.rawName}-XYZ'`;
			const errorMessage = `Option '${token.rawName}' argument is ambiguous.
Did you forget to specify the option argument for '${token.rawName}'?
To specify an option argument starting with a dash use ${example}.`;
			throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(errorMessage);
		}
	}
	function checkOptionUsage(config, token) {
		if (!ObjectHasOwn(config.options, token.name)) throw new ERR_PARSE_ARGS_UNKNOWN_OPTION(token.rawName, config.allowPositionals);
		const short = optionsGetOwn(config.options, token.name, "short");
		const shortAndLong = `${short ? `-${short}, ` : ""}--${token.name}`;
		const type = optionsGetOwn(config.options, token.name, "type");
		if (type === "string" && typeof token.value !== "string") throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shortAndLong} <value>' argument missing`);
		if (type === "boolean" && token.value != null) throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shortAndLong}' does not take an argument`);
	}
	function storeOption(longOption, optionValue, options, values) {
		if (longOption === "__proto__") return;
		const newValue = optionValue ?? true;
		if (optionsGetOwn(options, longOption, "multiple")) {
			if (values[longOption]) ArrayPrototypePush(values[longOption], newValue);
			else values[longOption] = [newValue];
		} else values[longOption] = newValue;
	}
	function storeDefaultOption(longOption, optionValue, values) {
		if (longOption === "__proto__") return;
		values[longOption] = optionValue;
	}
	function argsToTokens(args, options) {
		const tokens = [];
		let index = -1;
		let groupCount = 0;
		const remainingArgs = ArrayPrototypeSlice(args);
		while (remainingArgs.length > 0) {
			const arg = ArrayPrototypeShift(remainingArgs);
			const nextArg = remainingArgs[0];
			if (groupCount > 0) groupCount--;
			else index++;
			if (arg === "--") {
				ArrayPrototypePush(tokens, {
					kind: "option-terminator",
					index
				});
				ArrayPrototypePushApply(tokens, ArrayPrototypeMap(remainingArgs, (arg) => {
					return {
						kind: "positional",
						index: ++index,
						value: arg
					};
				}));
				break;
			}
			if (isLoneShortOption(arg)) {
				const shortOption = StringPrototypeCharAt(arg, 1);
				const longOption = findLongOptionForShort(shortOption, options);
				let value;
				let inlineValue;
				if (optionsGetOwn(options, longOption, "type") === "string" && isOptionValue(nextArg)) {
					value = ArrayPrototypeShift(remainingArgs);
					inlineValue = false;
				}
				ArrayPrototypePush(tokens, {
					kind: "option",
					name: longOption,
					rawName: arg,
					index,
					value,
					inlineValue
				});
				if (value != null) ++index;
				continue;
			}
			if (isShortOptionGroup(arg, options)) {
				const expanded = [];
				for (let index = 1; index < arg.length; index++) {
					const shortOption = StringPrototypeCharAt(arg, index);
					const longOption = findLongOptionForShort(shortOption, options);
					if (optionsGetOwn(options, longOption, "type") !== "string" || index === arg.length - 1) ArrayPrototypePush(expanded, `-${shortOption}`);
					else {
						ArrayPrototypePush(expanded, `-${StringPrototypeSlice(arg, index)}`);
						break;
					}
				}
				ArrayPrototypeUnshiftApply(remainingArgs, expanded);
				groupCount = expanded.length;
				continue;
			}
			if (isShortOptionAndValue(arg, options)) {
				const shortOption = StringPrototypeCharAt(arg, 1);
				const longOption = findLongOptionForShort(shortOption, options);
				const value = StringPrototypeSlice(arg, 2);
				ArrayPrototypePush(tokens, {
					kind: "option",
					name: longOption,
					rawName: `-${shortOption}`,
					index,
					value,
					inlineValue: true
				});
				continue;
			}
			if (isLoneLongOption(arg)) {
				const longOption = StringPrototypeSlice(arg, 2);
				let value;
				let inlineValue;
				if (optionsGetOwn(options, longOption, "type") === "string" && isOptionValue(nextArg)) {
					value = ArrayPrototypeShift(remainingArgs);
					inlineValue = false;
				}
				ArrayPrototypePush(tokens, {
					kind: "option",
					name: longOption,
					rawName: arg,
					index,
					value,
					inlineValue
				});
				if (value != null) ++index;
				continue;
			}
			if (isLongOptionAndValue(arg)) {
				const equalIndex = StringPrototypeIndexOf(arg, "=");
				const longOption = StringPrototypeSlice(arg, 2, equalIndex);
				const value = StringPrototypeSlice(arg, equalIndex + 1);
				ArrayPrototypePush(tokens, {
					kind: "option",
					name: longOption,
					rawName: `--${longOption}`,
					index,
					value,
					inlineValue: true
				});
				continue;
			}
			ArrayPrototypePush(tokens, {
				kind: "positional",
				index,
				value: arg
			});
		}
		return tokens;
	}
	const parseArgs = (config = kEmptyObject) => {
		const args = objectGetOwn(config, "args") ?? getMainArgs();
		const strict = objectGetOwn(config, "strict") ?? true;
		const allowPositionals = objectGetOwn(config, "allowPositionals") ?? !strict;
		const returnTokens = objectGetOwn(config, "tokens") ?? false;
		const options = objectGetOwn(config, "options") ?? { __proto__: null };
		const parseConfig = {
			args,
			strict,
			options,
			allowPositionals
		};
		validateArray(args, "args");
		validateBoolean(strict, "strict");
		validateBoolean(allowPositionals, "allowPositionals");
		validateBoolean(returnTokens, "tokens");
		validateObject(options, "options");
		ArrayPrototypeForEach(ObjectEntries(options), ({ 0: longOption, 1: optionConfig }) => {
			validateObject(optionConfig, `options.${longOption}`);
			const optionType = objectGetOwn(optionConfig, "type");
			validateUnion(optionType, `options.${longOption}.type`, ["string", "boolean"]);
			if (ObjectHasOwn(optionConfig, "short")) {
				const shortOption = optionConfig.short;
				validateString(shortOption, `options.${longOption}.short`);
				if (shortOption.length !== 1) throw new ERR_INVALID_ARG_VALUE(`options.${longOption}.short`, shortOption, "must be a single character");
			}
			const multipleOption = objectGetOwn(optionConfig, "multiple");
			if (ObjectHasOwn(optionConfig, "multiple")) validateBoolean(multipleOption, `options.${longOption}.multiple`);
			const defaultValue = objectGetOwn(optionConfig, "default");
			if (defaultValue !== void 0) {
				let validator;
				switch (optionType) {
					case "string":
						validator = multipleOption ? validateStringArray : validateString;
						break;
					case "boolean": validator = multipleOption ? validateBooleanArray : validateBoolean;
				}
				validator(defaultValue, `options.${longOption}.default`);
			}
		});
		const tokens = argsToTokens(args, options);
		const result = {
			values: { __proto__: null },
			positionals: []
		};
		if (returnTokens) result.tokens = tokens;
		ArrayPrototypeForEach(tokens, (token) => {
			if (token.kind === "option") {
				if (strict) {
					checkOptionUsage(parseConfig, token);
					checkOptionLikeValue(token);
				}
				storeOption(token.name, token.value, options, result.values);
			} else if (token.kind === "positional") {
				if (!allowPositionals) throw new ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(token.value);
				ArrayPrototypePush(result.positionals, token.value);
			}
		});
		ArrayPrototypeForEach(ObjectEntries(options), ({ 0: longOption, 1: optionConfig }) => {
			if (useDefaultValueOption(longOption, optionConfig, result.values)) storeDefaultOption(longOption, objectGetOwn(optionConfig, "default"), result.values);
		});
		return result;
	};
	module.exports = { parseArgs };
}))();
const { TextDecoder, TextEncoder } = globalThis;
const custom = Symbol.for("nodejs.util.promisify.custom");
function promisify(original) {
	checkFunction(original, "original");
	const own = original[custom];
	if (own) {
		checkFunction(own, "util.promisify.custom");
		return Object.defineProperty(own, custom, {
			value: own,
			configurable: true
		});
	}
	function promised(...args) {
		return new Promise((resolve, reject) => {
			Reflect.apply(original, this, [...args, (error, value) => error ? reject(error) : resolve(value)]);
		});
	}
	Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
	Object.defineProperty(promised, custom, {
		value: promised,
		configurable: true
	});
	return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = custom;
function callbackify(original) {
	checkFunction(original, "original");
	function called(...args) {
		const callback = args.pop();
		checkFunction(callback, "last argument");
		const done = callback.bind(this);
		Reflect.apply(original, this, args).then((value) => nextTick(done, null, value), (reason) => {
			if (!reason) {
				const because = error("ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value");
				reason = Object.assign(because, { reason });
			}
			nextTick(done, reason);
		});
	}
	Object.defineProperty(called, "name", {
		value: `${original.name}Callbackified`,
		configurable: true
	});
	return called;
}
function inherits(constructor, parent) {
	checkFunction(constructor, "ctor");
	checkFunction(parent, "superCtor");
	Object.defineProperty(constructor, "super_", {
		value: parent,
		writable: true,
		configurable: true
	});
	Object.setPrototypeOf(constructor.prototype, parent.prototype);
}
const warned = new Set();
function deprecate(original, message, code) {
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
function debuglog() {
	const log = () => {};
	return Object.defineProperty(log, "enabled", { value: false });
}
async function aborted(signal, resource) {
	if (!(signal instanceof AbortSignal)) throw invalidType("signal", "an instance of AbortSignal", signal);
	if (resource === null || typeof resource !== "object") throw invalidType("resource", "of type object", resource);
	if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
function styleText(style, text, { validateStream = true, stream = void 0 } = {}) {
	if (typeof text !== "string") throw invalidType("text", "of type string", text);
	const isPlain = validateStream && !stream?.isTTY;
	let [before, after] = ["", ""];
	for (const name of [style].flat()) {
		const codes = inspect.colors[name];
		if (codes === void 0) throw invalidValue("style", name);
		before += `\x1b[${codes[0]}m`;
		after = `\x1b[${codes[1]}m${after}`;
	}
	return isPlain ? text : before + text + after;
}
const toUSVString = (value) => String(value).toWellFormed();
const { isArray } = Array;
const { isDate, isRegExp } = types;
const isBoolean = (value) => typeof value === "boolean";
const isBuffer = (value) => value instanceof Uint8Array && value._isBuffer === true;
const isError = (value) => types.isNativeError(value) || value instanceof Error;
const isFunction = (value) => typeof value === "function";
const isNull = (value) => value === null;
const isNullOrUndefined = (value) => value === null || value === void 0;
const isNumber = (value) => typeof value === "number";
const isObject = (value) => value !== null && typeof value === "object";
const isPrimitive = (value) => value === null || typeof value !== "object" && typeof value !== "function";
const isString = (value) => typeof value === "string";
const isSymbol = (value) => typeof value === "symbol";
const isUndefined = (value) => value === void 0;
const log = (...args) => console.log(`${new Date().toISOString()} - ${format(...args)}`);
const _extend = (target, source) => source === null || typeof source !== "object" ? target : Object.assign(target, source);
var util_default = {
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
	parseArgs: import_parseargs.parseArgs,
	promisify,
	stripVTControlCharacters,
	styleText,
	toUSVString,
	types
};
//#endregion
var parseArgs = import_parseargs.parseArgs;
export { TextDecoder, TextEncoder, _extend, aborted, callbackify, debuglog as debug, debuglog, util_default as default, deprecate, format, formatWithOptions, inherits, inspect, isArray, isBoolean, isBuffer, isDate, isDeepStrictEqual, isError, isFunction, isNull, isNullOrUndefined, isNumber, isObject, isPrimitive, isRegExp, isString, isSymbol, isUndefined, log, parseArgs, promisify, stripVTControlCharacters, styleText, toUSVString, types };
