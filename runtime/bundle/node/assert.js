import process from "node:internal/process_lite";
import whole$1 from "node:util";
import whole from "node:internal/comparisons";
//#region \0rolldown/runtime.js
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __esmMin = (fn, res, err) => () => {
	if (err) throw err[0];
	try {
		return fn && (res = fn(fn = 0)), res;
	} catch (e) {
		throw err = [e], e;
	}
};
var __commonJSMin = (cb, mod) => () => (mod || (cb((mod = { exports: {} }).exports, mod), cb = null), mod.exports);
var __exportAll = (all, no_symbols) => {
	let target = {};
	for (var name in all) __defProp(target, name, {
		get: all[name],
		enumerable: true
	});
	if (!no_symbols) __defProp(target, Symbol.toStringTag, { value: "Module" });
	return target;
};
var __copyProps = (to, from, except, desc) => {
	if (from && typeof from === "object" || typeof from === "function") for (var keys = __getOwnPropNames(from), i = 0, n = keys.length, key; i < n; i++) {
		key = keys[i];
		if (!__hasOwnProp.call(to, key) && key !== except) __defProp(to, key, {
			get: ((k) => from[k]).bind(null, key),
			enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable
		});
	}
	return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(isNodeMode || !mod || !mod.__esModule || !__hasOwnProp.call(mod, "default") ? __defProp(target, "default", {
	value: mod,
	enumerable: true
}) : target, mod));
var __toCommonJS = (mod) => __hasOwnProp.call(mod, "module.exports") ? mod["module.exports"] : __copyProps(__defProp({}, "__esModule", { value: true }), mod);
//#endregion
//#region \0required:node:util
var _required_node_util_exports = __exportAll({ "module.exports": () => whole$1 });
var init__required_node_util = __esmMin(() => {});
//#endregion
//#region node_modules/assert/build/internal/errors.js
var require_errors = __commonJSMin(((exports, module) => {
	function _typeof(o) {
		"@babel/helpers - typeof";
		return _typeof = "function" == typeof Symbol && "symbol" == typeof Symbol.iterator ? function(o) {
			return typeof o;
		} : function(o) {
			return o && "function" == typeof Symbol && o.constructor === Symbol && o !== Symbol.prototype ? "symbol" : typeof o;
		}, _typeof(o);
	}
	function _defineProperties(target, props) {
		for (var i = 0; i < props.length; i++) {
			var descriptor = props[i];
			descriptor.enumerable = descriptor.enumerable || false;
			descriptor.configurable = true;
			if ("value" in descriptor) descriptor.writable = true;
			Object.defineProperty(target, _toPropertyKey(descriptor.key), descriptor);
		}
	}
	function _createClass(Constructor, protoProps, staticProps) {
		if (protoProps) _defineProperties(Constructor.prototype, protoProps);
		if (staticProps) _defineProperties(Constructor, staticProps);
		Object.defineProperty(Constructor, "prototype", { writable: false });
		return Constructor;
	}
	function _toPropertyKey(arg) {
		var key = _toPrimitive(arg, "string");
		return _typeof(key) === "symbol" ? key : String(key);
	}
	function _toPrimitive(input, hint) {
		if (_typeof(input) !== "object" || input === null) return input;
		var prim = input[Symbol.toPrimitive];
		if (prim !== void 0) {
			var res = prim.call(input, hint || "default");
			if (_typeof(res) !== "object") return res;
			throw new TypeError("@@toPrimitive must return a primitive value.");
		}
		return (hint === "string" ? String : Number)(input);
	}
	function _classCallCheck(instance, Constructor) {
		if (!(instance instanceof Constructor)) throw new TypeError("Cannot call a class as a function");
	}
	function _inherits(subClass, superClass) {
		if (typeof superClass !== "function" && superClass !== null) throw new TypeError("Super expression must either be null or a function");
		subClass.prototype = Object.create(superClass && superClass.prototype, { constructor: {
			value: subClass,
			writable: true,
			configurable: true
		} });
		Object.defineProperty(subClass, "prototype", { writable: false });
		if (superClass) _setPrototypeOf(subClass, superClass);
	}
	function _setPrototypeOf(o, p) {
		_setPrototypeOf = Object.setPrototypeOf ? Object.setPrototypeOf.bind() : function _setPrototypeOf(o, p) {
			o.__proto__ = p;
			return o;
		};
		return _setPrototypeOf(o, p);
	}
	function _createSuper(Derived) {
		var hasNativeReflectConstruct = _isNativeReflectConstruct();
		return function _createSuperInternal() {
			var Super = _getPrototypeOf(Derived), result;
			if (hasNativeReflectConstruct) {
				var NewTarget = _getPrototypeOf(this).constructor;
				result = Reflect.construct(Super, arguments, NewTarget);
			} else result = Super.apply(this, arguments);
			return _possibleConstructorReturn(this, result);
		};
	}
	function _possibleConstructorReturn(self, call) {
		if (call && (_typeof(call) === "object" || typeof call === "function")) return call;
		else if (call !== void 0) throw new TypeError("Derived constructors may only return object or undefined");
		return _assertThisInitialized(self);
	}
	function _assertThisInitialized(self) {
		if (self === void 0) throw new ReferenceError("this hasn't been initialised - super() hasn't been called");
		return self;
	}
	function _isNativeReflectConstruct() {
		if (typeof Reflect === "undefined" || !Reflect.construct) return false;
		if (Reflect.construct.sham) return false;
		if (typeof Proxy === "function") return true;
		try {
			Boolean.prototype.valueOf.call(Reflect.construct(Boolean, [], function() {}));
			return true;
		} catch (e) {
			return false;
		}
	}
	function _getPrototypeOf(o) {
		_getPrototypeOf = Object.setPrototypeOf ? Object.getPrototypeOf.bind() : function _getPrototypeOf(o) {
			return o.__proto__ || Object.getPrototypeOf(o);
		};
		return _getPrototypeOf(o);
	}
	var codes = {};
	var assert;
	var util;
	function createErrorType(code, message, Base) {
		if (!Base) Base = Error;
		function getMessage(arg1, arg2, arg3) {
			if (typeof message === "string") return message;
			else return message(arg1, arg2, arg3);
		}
		codes[code] = function(_Base) {
			_inherits(NodeError, _Base);
			var _super = _createSuper(NodeError);
			function NodeError(arg1, arg2, arg3) {
				var _this;
				_classCallCheck(this, NodeError);
				_this = _super.call(this, getMessage(arg1, arg2, arg3));
				_this.code = code;
				return _this;
			}
			return _createClass(NodeError);
		}(Base);
	}
	function oneOf(expected, thing) {
		if (Array.isArray(expected)) {
			var len = expected.length;
			expected = expected.map(function(i) {
				return String(i);
			});
			if (len > 2) return "one of ".concat(thing, " ").concat(expected.slice(0, len - 1).join(", "), ", or ") + expected[len - 1];
			else if (len === 2) return "one of ".concat(thing, " ").concat(expected[0], " or ").concat(expected[1]);
			else return "of ".concat(thing, " ").concat(expected[0]);
		} else return "of ".concat(thing, " ").concat(String(expected));
	}
	function startsWith(str, search, pos) {
		return str.substr(!pos || pos < 0 ? 0 : +pos, search.length) === search;
	}
	function endsWith(str, search, this_len) {
		if (this_len === void 0 || this_len > str.length) this_len = str.length;
		return str.substring(this_len - search.length, this_len) === search;
	}
	function includes(str, search, start) {
		if (typeof start !== "number") start = 0;
		if (start + search.length > str.length) return false;
		else return str.indexOf(search, start) !== -1;
	}
	createErrorType("ERR_AMBIGUOUS_ARGUMENT", "The \"%s\" argument is ambiguous. %s", TypeError);
	createErrorType("ERR_INVALID_ARG_TYPE", function(name, expected, actual) {
		if (assert === void 0) assert = require_assert();
		assert(typeof name === "string", "'name' must be a string");
		var determiner;
		if (typeof expected === "string" && startsWith(expected, "not ")) {
			determiner = "must not be";
			expected = expected.replace(/^not /, "");
		} else determiner = "must be";
		var msg;
		if (endsWith(name, " argument")) msg = "The ".concat(name, " ").concat(determiner, " ").concat(oneOf(expected, "type"));
		else {
			var type = includes(name, ".") ? "property" : "argument";
			msg = "The \"".concat(name, "\" ").concat(type, " ").concat(determiner, " ").concat(oneOf(expected, "type"));
		}
		msg += ". Received type ".concat(_typeof(actual));
		return msg;
	}, TypeError);
	createErrorType("ERR_INVALID_ARG_VALUE", function(name, value) {
		var reason = arguments.length > 2 && arguments[2] !== void 0 ? arguments[2] : "is invalid";
		if (util === void 0) util = (init__required_node_util(), __toCommonJS(_required_node_util_exports));
		var inspected = util.inspect(value);
		if (inspected.length > 128) inspected = "".concat(inspected.slice(0, 128), "...");
		return "The argument '".concat(name, "' ").concat(reason, ". Received ").concat(inspected);
	}, TypeError, RangeError);
	createErrorType("ERR_INVALID_RETURN_VALUE", function(input, name, value) {
		var type;
		if (value && value.constructor && value.constructor.name) type = "instance of ".concat(value.constructor.name);
		else type = "type ".concat(_typeof(value));
		return "Expected ".concat(input, " to be returned from the \"").concat(name, "\"") + " function but got ".concat(type, ".");
	}, TypeError);
	createErrorType("ERR_MISSING_ARGS", function() {
		for (var _len = arguments.length, args = new Array(_len), _key = 0; _key < _len; _key++) args[_key] = arguments[_key];
		if (assert === void 0) assert = require_assert();
		assert(args.length > 0, "At least one arg needs to be specified");
		var msg = "The ";
		var len = args.length;
		args = args.map(function(a) {
			return "\"".concat(a, "\"");
		});
		switch (len) {
			case 1:
				msg += "".concat(args[0], " argument");
				break;
			case 2:
				msg += "".concat(args[0], " and ").concat(args[1], " arguments");
				break;
			default:
				msg += args.slice(0, len - 1).join(", ");
				msg += ", and ".concat(args[len - 1], " arguments");
		}
		return "".concat(msg, " must be specified");
	}, TypeError);
	module.exports.codes = codes;
}));
//#endregion
//#region node_modules/assert/build/internal/assert/assertion_error.js
var require_assertion_error = __commonJSMin(((exports, module) => {
	function ownKeys(e, r) {
		var t = Object.keys(e);
		if (Object.getOwnPropertySymbols) {
			var o = Object.getOwnPropertySymbols(e);
			r && (o = o.filter(function(r) {
				return Object.getOwnPropertyDescriptor(e, r).enumerable;
			})), t.push.apply(t, o);
		}
		return t;
	}
	function _objectSpread(e) {
		for (var r = 1; r < arguments.length; r++) {
			var t = null != arguments[r] ? arguments[r] : {};
			r % 2 ? ownKeys(Object(t), !0).forEach(function(r) {
				_defineProperty(e, r, t[r]);
			}) : Object.getOwnPropertyDescriptors ? Object.defineProperties(e, Object.getOwnPropertyDescriptors(t)) : ownKeys(Object(t)).forEach(function(r) {
				Object.defineProperty(e, r, Object.getOwnPropertyDescriptor(t, r));
			});
		}
		return e;
	}
	function _defineProperty(obj, key, value) {
		key = _toPropertyKey(key);
		if (key in obj) Object.defineProperty(obj, key, {
			value,
			enumerable: true,
			configurable: true,
			writable: true
		});
		else obj[key] = value;
		return obj;
	}
	function _classCallCheck(instance, Constructor) {
		if (!(instance instanceof Constructor)) throw new TypeError("Cannot call a class as a function");
	}
	function _defineProperties(target, props) {
		for (var i = 0; i < props.length; i++) {
			var descriptor = props[i];
			descriptor.enumerable = descriptor.enumerable || false;
			descriptor.configurable = true;
			if ("value" in descriptor) descriptor.writable = true;
			Object.defineProperty(target, _toPropertyKey(descriptor.key), descriptor);
		}
	}
	function _createClass(Constructor, protoProps, staticProps) {
		if (protoProps) _defineProperties(Constructor.prototype, protoProps);
		if (staticProps) _defineProperties(Constructor, staticProps);
		Object.defineProperty(Constructor, "prototype", { writable: false });
		return Constructor;
	}
	function _toPropertyKey(arg) {
		var key = _toPrimitive(arg, "string");
		return _typeof(key) === "symbol" ? key : String(key);
	}
	function _toPrimitive(input, hint) {
		if (_typeof(input) !== "object" || input === null) return input;
		var prim = input[Symbol.toPrimitive];
		if (prim !== void 0) {
			var res = prim.call(input, hint || "default");
			if (_typeof(res) !== "object") return res;
			throw new TypeError("@@toPrimitive must return a primitive value.");
		}
		return (hint === "string" ? String : Number)(input);
	}
	function _inherits(subClass, superClass) {
		if (typeof superClass !== "function" && superClass !== null) throw new TypeError("Super expression must either be null or a function");
		subClass.prototype = Object.create(superClass && superClass.prototype, { constructor: {
			value: subClass,
			writable: true,
			configurable: true
		} });
		Object.defineProperty(subClass, "prototype", { writable: false });
		if (superClass) _setPrototypeOf(subClass, superClass);
	}
	function _createSuper(Derived) {
		var hasNativeReflectConstruct = _isNativeReflectConstruct();
		return function _createSuperInternal() {
			var Super = _getPrototypeOf(Derived), result;
			if (hasNativeReflectConstruct) {
				var NewTarget = _getPrototypeOf(this).constructor;
				result = Reflect.construct(Super, arguments, NewTarget);
			} else result = Super.apply(this, arguments);
			return _possibleConstructorReturn(this, result);
		};
	}
	function _possibleConstructorReturn(self, call) {
		if (call && (_typeof(call) === "object" || typeof call === "function")) return call;
		else if (call !== void 0) throw new TypeError("Derived constructors may only return object or undefined");
		return _assertThisInitialized(self);
	}
	function _assertThisInitialized(self) {
		if (self === void 0) throw new ReferenceError("this hasn't been initialised - super() hasn't been called");
		return self;
	}
	function _wrapNativeSuper(Class) {
		var _cache = typeof Map === "function" ? new Map() : void 0;
		_wrapNativeSuper = function _wrapNativeSuper(Class) {
			if (Class === null || !_isNativeFunction(Class)) return Class;
			if (typeof Class !== "function") throw new TypeError("Super expression must either be null or a function");
			if (typeof _cache !== "undefined") {
				if (_cache.has(Class)) return _cache.get(Class);
				_cache.set(Class, Wrapper);
			}
			function Wrapper() {
				return _construct(Class, arguments, _getPrototypeOf(this).constructor);
			}
			Wrapper.prototype = Object.create(Class.prototype, { constructor: {
				value: Wrapper,
				enumerable: false,
				writable: true,
				configurable: true
			} });
			return _setPrototypeOf(Wrapper, Class);
		};
		return _wrapNativeSuper(Class);
	}
	function _construct(Parent, args, Class) {
		if (_isNativeReflectConstruct()) _construct = Reflect.construct.bind();
		else _construct = function _construct(Parent, args, Class) {
			var a = [null];
			a.push.apply(a, args);
			var instance = new (Function.bind.apply(Parent, a))();
			if (Class) _setPrototypeOf(instance, Class.prototype);
			return instance;
		};
		return _construct.apply(null, arguments);
	}
	function _isNativeReflectConstruct() {
		if (typeof Reflect === "undefined" || !Reflect.construct) return false;
		if (Reflect.construct.sham) return false;
		if (typeof Proxy === "function") return true;
		try {
			Boolean.prototype.valueOf.call(Reflect.construct(Boolean, [], function() {}));
			return true;
		} catch (e) {
			return false;
		}
	}
	function _isNativeFunction(fn) {
		return Function.toString.call(fn).indexOf("[native code]") !== -1;
	}
	function _setPrototypeOf(o, p) {
		_setPrototypeOf = Object.setPrototypeOf ? Object.setPrototypeOf.bind() : function _setPrototypeOf(o, p) {
			o.__proto__ = p;
			return o;
		};
		return _setPrototypeOf(o, p);
	}
	function _getPrototypeOf(o) {
		_getPrototypeOf = Object.setPrototypeOf ? Object.getPrototypeOf.bind() : function _getPrototypeOf(o) {
			return o.__proto__ || Object.getPrototypeOf(o);
		};
		return _getPrototypeOf(o);
	}
	function _typeof(o) {
		"@babel/helpers - typeof";
		return _typeof = "function" == typeof Symbol && "symbol" == typeof Symbol.iterator ? function(o) {
			return typeof o;
		} : function(o) {
			return o && "function" == typeof Symbol && o.constructor === Symbol && o !== Symbol.prototype ? "symbol" : typeof o;
		}, _typeof(o);
	}
	var inspect = (init__required_node_util(), __toCommonJS(_required_node_util_exports)).inspect;
	var ERR_INVALID_ARG_TYPE = require_errors().codes.ERR_INVALID_ARG_TYPE;
	function endsWith(str, search, this_len) {
		if (this_len === void 0 || this_len > str.length) this_len = str.length;
		return str.substring(this_len - search.length, this_len) === search;
	}
	function repeat(str, count) {
		count = Math.floor(count);
		if (str.length == 0 || count == 0) return "";
		var maxCount = str.length * count;
		count = Math.floor(Math.log(count) / Math.log(2));
		while (count) {
			str += str;
			count--;
		}
		str += str.substring(0, maxCount - str.length);
		return str;
	}
	var blue = "";
	var green = "";
	var red = "";
	var white = "";
	var kReadableOperator = {
		deepStrictEqual: "Expected values to be strictly deep-equal:",
		strictEqual: "Expected values to be strictly equal:",
		strictEqualObject: "Expected \"actual\" to be reference-equal to \"expected\":",
		deepEqual: "Expected values to be loosely deep-equal:",
		equal: "Expected values to be loosely equal:",
		notDeepStrictEqual: "Expected \"actual\" not to be strictly deep-equal to:",
		notStrictEqual: "Expected \"actual\" to be strictly unequal to:",
		notStrictEqualObject: "Expected \"actual\" not to be reference-equal to \"expected\":",
		notDeepEqual: "Expected \"actual\" not to be loosely deep-equal to:",
		notEqual: "Expected \"actual\" to be loosely unequal to:",
		notIdentical: "Values identical but not reference-equal:"
	};
	var kMaxShortLength = 10;
	function copyError(source) {
		var keys = Object.keys(source);
		var target = Object.create(Object.getPrototypeOf(source));
		keys.forEach(function(key) {
			target[key] = source[key];
		});
		Object.defineProperty(target, "message", { value: source.message });
		return target;
	}
	function inspectValue(val) {
		return inspect(val, {
			compact: false,
			customInspect: false,
			depth: 1e3,
			maxArrayLength: Infinity,
			showHidden: false,
			breakLength: Infinity,
			showProxy: false,
			sorted: true,
			getters: true
		});
	}
	function createErrDiff(actual, expected, operator) {
		var other = "";
		var res = "";
		var lastPos = 0;
		var end = "";
		var skipped = false;
		var actualInspected = inspectValue(actual);
		var actualLines = actualInspected.split("\n");
		var expectedLines = inspectValue(expected).split("\n");
		var i = 0;
		var indicator = "";
		if (operator === "strictEqual" && _typeof(actual) === "object" && _typeof(expected) === "object" && actual !== null && expected !== null) operator = "strictEqualObject";
		if (actualLines.length === 1 && expectedLines.length === 1 && actualLines[0] !== expectedLines[0]) {
			var inputLength = actualLines[0].length + expectedLines[0].length;
			if (inputLength <= kMaxShortLength) {
				if ((_typeof(actual) !== "object" || actual === null) && (_typeof(expected) !== "object" || expected === null) && (actual !== 0 || expected !== 0)) return "".concat(kReadableOperator[operator], "\n\n") + "".concat(actualLines[0], " !== ").concat(expectedLines[0], "\n");
			} else if (operator !== "strictEqualObject") {
				if (inputLength < (process.stderr && process.stderr.isTTY ? process.stderr.columns : 80)) {
					while (actualLines[0][i] === expectedLines[0][i]) i++;
					if (i > 2) {
						indicator = "\n  ".concat(repeat(" ", i), "^");
						i = 0;
					}
				}
			}
		}
		var a = actualLines[actualLines.length - 1];
		var b = expectedLines[expectedLines.length - 1];
		while (a === b) {
			if (i++ < 2) end = "\n  ".concat(a).concat(end);
			else other = a;
			actualLines.pop();
			expectedLines.pop();
			if (actualLines.length === 0 || expectedLines.length === 0) break;
			a = actualLines[actualLines.length - 1];
			b = expectedLines[expectedLines.length - 1];
		}
		var maxLines = Math.max(actualLines.length, expectedLines.length);
		if (maxLines === 0) {
			var _actualLines = actualInspected.split("\n");
			if (_actualLines.length > 30) {
				_actualLines[26] = "".concat(blue, "...").concat(white);
				while (_actualLines.length > 27) _actualLines.pop();
			}
			return "".concat(kReadableOperator.notIdentical, "\n\n").concat(_actualLines.join("\n"), "\n");
		}
		if (i > 3) {
			end = "\n".concat(blue, "...").concat(white).concat(end);
			skipped = true;
		}
		if (other !== "") {
			end = "\n  ".concat(other).concat(end);
			other = "";
		}
		var printedLines = 0;
		var msg = kReadableOperator[operator] + "\n".concat(green, "+ actual").concat(white, " ").concat(red, "- expected").concat(white);
		var skippedMsg = " ".concat(blue, "...").concat(white, " Lines skipped");
		for (i = 0; i < maxLines; i++) {
			var cur = i - lastPos;
			if (actualLines.length < i + 1) {
				if (cur > 1 && i > 2) {
					if (cur > 4) {
						res += "\n".concat(blue, "...").concat(white);
						skipped = true;
					} else if (cur > 3) {
						res += "\n  ".concat(expectedLines[i - 2]);
						printedLines++;
					}
					res += "\n  ".concat(expectedLines[i - 1]);
					printedLines++;
				}
				lastPos = i;
				other += "\n".concat(red, "-").concat(white, " ").concat(expectedLines[i]);
				printedLines++;
			} else if (expectedLines.length < i + 1) {
				if (cur > 1 && i > 2) {
					if (cur > 4) {
						res += "\n".concat(blue, "...").concat(white);
						skipped = true;
					} else if (cur > 3) {
						res += "\n  ".concat(actualLines[i - 2]);
						printedLines++;
					}
					res += "\n  ".concat(actualLines[i - 1]);
					printedLines++;
				}
				lastPos = i;
				res += "\n".concat(green, "+").concat(white, " ").concat(actualLines[i]);
				printedLines++;
			} else {
				var expectedLine = expectedLines[i];
				var actualLine = actualLines[i];
				var divergingLines = actualLine !== expectedLine && (!endsWith(actualLine, ",") || actualLine.slice(0, -1) !== expectedLine);
				if (divergingLines && endsWith(expectedLine, ",") && expectedLine.slice(0, -1) === actualLine) {
					divergingLines = false;
					actualLine += ",";
				}
				if (divergingLines) {
					if (cur > 1 && i > 2) {
						if (cur > 4) {
							res += "\n".concat(blue, "...").concat(white);
							skipped = true;
						} else if (cur > 3) {
							res += "\n  ".concat(actualLines[i - 2]);
							printedLines++;
						}
						res += "\n  ".concat(actualLines[i - 1]);
						printedLines++;
					}
					lastPos = i;
					res += "\n".concat(green, "+").concat(white, " ").concat(actualLine);
					other += "\n".concat(red, "-").concat(white, " ").concat(expectedLine);
					printedLines += 2;
				} else {
					res += other;
					other = "";
					if (cur === 1 || i === 0) {
						res += "\n  ".concat(actualLine);
						printedLines++;
					}
				}
			}
			if (printedLines > 20 && i < maxLines - 2) return "".concat(msg).concat(skippedMsg, "\n").concat(res, "\n").concat(blue, "...").concat(white).concat(other, "\n") + "".concat(blue, "...").concat(white);
		}
		return "".concat(msg).concat(skipped ? skippedMsg : "", "\n").concat(res).concat(other).concat(end).concat(indicator);
	}
	module.exports = function(_Error, _inspect$custom) {
		_inherits(AssertionError, _Error);
		var _super = _createSuper(AssertionError);
		function AssertionError(options) {
			var _this;
			_classCallCheck(this, AssertionError);
			if (_typeof(options) !== "object" || options === null) throw new ERR_INVALID_ARG_TYPE("options", "Object", options);
			var message = options.message, operator = options.operator, stackStartFn = options.stackStartFn;
			var actual = options.actual, expected = options.expected;
			var limit = Error.stackTraceLimit;
			Error.stackTraceLimit = 0;
			if (message != null) _this = _super.call(this, String(message));
			else {
				if (process.stderr && process.stderr.isTTY) {
					if (process.stderr && process.stderr.getColorDepth && process.stderr.getColorDepth() !== 1) {
						blue = "\x1B[34m";
						green = "\x1B[32m";
						white = "\x1B[39m";
						red = "\x1B[31m";
					} else {
						blue = "";
						green = "";
						white = "";
						red = "";
					}
				}
				if (_typeof(actual) === "object" && actual !== null && _typeof(expected) === "object" && expected !== null && "stack" in actual && actual instanceof Error && "stack" in expected && expected instanceof Error) {
					actual = copyError(actual);
					expected = copyError(expected);
				}
				if (operator === "deepStrictEqual" || operator === "strictEqual") _this = _super.call(this, createErrDiff(actual, expected, operator));
				else if (operator === "notDeepStrictEqual" || operator === "notStrictEqual") {
					var base = kReadableOperator[operator];
					var res = inspectValue(actual).split("\n");
					if (operator === "notStrictEqual" && _typeof(actual) === "object" && actual !== null) base = kReadableOperator.notStrictEqualObject;
					if (res.length > 30) {
						res[26] = "".concat(blue, "...").concat(white);
						while (res.length > 27) res.pop();
					}
					if (res.length === 1) _this = _super.call(this, "".concat(base, " ").concat(res[0]));
					else _this = _super.call(this, "".concat(base, "\n\n").concat(res.join("\n"), "\n"));
				} else {
					var _res = inspectValue(actual);
					var other = "";
					var knownOperators = kReadableOperator[operator];
					if (operator === "notDeepEqual" || operator === "notEqual") {
						_res = "".concat(kReadableOperator[operator], "\n\n").concat(_res);
						if (_res.length > 1024) _res = "".concat(_res.slice(0, 1021), "...");
					} else {
						other = "".concat(inspectValue(expected));
						if (_res.length > 512) _res = "".concat(_res.slice(0, 509), "...");
						if (other.length > 512) other = "".concat(other.slice(0, 509), "...");
						if (operator === "deepEqual" || operator === "equal") _res = "".concat(knownOperators, "\n\n").concat(_res, "\n\nshould equal\n\n");
						else other = " ".concat(operator, " ").concat(other);
					}
					_this = _super.call(this, "".concat(_res).concat(other));
				}
			}
			Error.stackTraceLimit = limit;
			_this.generatedMessage = !message;
			Object.defineProperty(_assertThisInitialized(_this), "name", {
				value: "AssertionError [ERR_ASSERTION]",
				enumerable: false,
				writable: true,
				configurable: true
			});
			_this.code = "ERR_ASSERTION";
			_this.actual = actual;
			_this.expected = expected;
			_this.operator = operator;
			if (Error.captureStackTrace) Error.captureStackTrace(_assertThisInitialized(_this), stackStartFn);
			_this.stack;
			_this.name = "AssertionError";
			return _possibleConstructorReturn(_this);
		}
		_createClass(AssertionError, [{
			key: "toString",
			value: function toString() {
				return "".concat(this.name, " [").concat(this.code, "]: ").concat(this.message);
			}
		}, {
			key: _inspect$custom,
			value: function value(recurseTimes, ctx) {
				return inspect(this, _objectSpread(_objectSpread({}, ctx), {}, {
					customInspect: false,
					depth: 0
				}));
			}
		}]);
		return AssertionError;
	}(_wrapNativeSuper(Error), inspect.custom);
}));
//#endregion
//#region \0language:object.assign/polyfill
var require_polyfill$1 = __commonJSMin(((exports, module) => {
	module.exports = () => Object.assign;
}));
//#endregion
//#region \0language:object-is/polyfill
var require_polyfill = __commonJSMin(((exports, module) => {
	module.exports = () => Object.is;
}));
//#endregion
//#region \0language:call-bind/callBound
var require_callBound = __commonJSMin(((exports, module) => {
	module.exports = (name) => Function.prototype.call.bind(name.split(".").reduce((from, key) => from[key], globalThis));
}));
//#endregion
//#region \0required:node:internal/comparisons
var comparisons_exports = __exportAll({ "module.exports": () => whole });
var init_comparisons = __esmMin(() => {});
//#endregion
//#region node_modules/assert/build/assert.js
var require_assert = __commonJSMin(((exports, module) => {
	function _typeof(o) {
		"@babel/helpers - typeof";
		return _typeof = "function" == typeof Symbol && "symbol" == typeof Symbol.iterator ? function(o) {
			return typeof o;
		} : function(o) {
			return o && "function" == typeof Symbol && o.constructor === Symbol && o !== Symbol.prototype ? "symbol" : typeof o;
		}, _typeof(o);
	}
	function _defineProperties(target, props) {
		for (var i = 0; i < props.length; i++) {
			var descriptor = props[i];
			descriptor.enumerable = descriptor.enumerable || false;
			descriptor.configurable = true;
			if ("value" in descriptor) descriptor.writable = true;
			Object.defineProperty(target, _toPropertyKey(descriptor.key), descriptor);
		}
	}
	function _createClass(Constructor, protoProps, staticProps) {
		if (protoProps) _defineProperties(Constructor.prototype, protoProps);
		if (staticProps) _defineProperties(Constructor, staticProps);
		Object.defineProperty(Constructor, "prototype", { writable: false });
		return Constructor;
	}
	function _toPropertyKey(arg) {
		var key = _toPrimitive(arg, "string");
		return _typeof(key) === "symbol" ? key : String(key);
	}
	function _toPrimitive(input, hint) {
		if (_typeof(input) !== "object" || input === null) return input;
		var prim = input[Symbol.toPrimitive];
		if (prim !== void 0) {
			var res = prim.call(input, hint || "default");
			if (_typeof(res) !== "object") return res;
			throw new TypeError("@@toPrimitive must return a primitive value.");
		}
		return (hint === "string" ? String : Number)(input);
	}
	function _classCallCheck(instance, Constructor) {
		if (!(instance instanceof Constructor)) throw new TypeError("Cannot call a class as a function");
	}
	var _require$codes = require_errors().codes;
	var ERR_AMBIGUOUS_ARGUMENT = _require$codes.ERR_AMBIGUOUS_ARGUMENT;
	var ERR_INVALID_ARG_TYPE = _require$codes.ERR_INVALID_ARG_TYPE;
	var ERR_INVALID_ARG_VALUE = _require$codes.ERR_INVALID_ARG_VALUE;
	var ERR_INVALID_RETURN_VALUE = _require$codes.ERR_INVALID_RETURN_VALUE;
	var ERR_MISSING_ARGS = _require$codes.ERR_MISSING_ARGS;
	var AssertionError = require_assertion_error();
	var inspect = (init__required_node_util(), __toCommonJS(_required_node_util_exports)).inspect;
	var _require$types = (init__required_node_util(), __toCommonJS(_required_node_util_exports)).types;
	var isPromise = _require$types.isPromise;
	var isRegExp = _require$types.isRegExp;
	var objectAssign = require_polyfill$1()();
	var objectIs = require_polyfill()();
	var RegExpPrototypeTest = require_callBound()("RegExp.prototype.test");
	var isDeepEqual;
	var isDeepStrictEqual;
	function lazyLoadComparison() {
		var comparison = (init_comparisons(), __toCommonJS(comparisons_exports));
		isDeepEqual = comparison.isDeepEqual;
		isDeepStrictEqual = comparison.isDeepStrictEqual;
	}
	var warned = false;
	var assert = module.exports = ok;
	var NO_EXCEPTION_SENTINEL = {};
	function innerFail(obj) {
		if (obj.message instanceof Error) throw obj.message;
		throw new AssertionError(obj);
	}
	function fail(actual, expected, message, operator, stackStartFn) {
		var argsLen = arguments.length;
		var internalMessage;
		if (argsLen === 0) internalMessage = "Failed";
		else if (argsLen === 1) {
			message = actual;
			actual = void 0;
		} else {
			if (warned === false) {
				warned = true;
				(process.emitWarning ? process.emitWarning : console.warn.bind(console))("assert.fail() with more than one argument is deprecated. Please use assert.strictEqual() instead or only pass a message.", "DeprecationWarning", "DEP0094");
			}
			if (argsLen === 2) operator = "!=";
		}
		if (message instanceof Error) throw message;
		var errArgs = {
			actual,
			expected,
			operator: operator === void 0 ? "fail" : operator,
			stackStartFn: stackStartFn || fail
		};
		if (message !== void 0) errArgs.message = message;
		var err = new AssertionError(errArgs);
		if (internalMessage) {
			err.message = internalMessage;
			err.generatedMessage = true;
		}
		throw err;
	}
	assert.fail = fail;
	assert.AssertionError = AssertionError;
	function innerOk(fn, argLen, value, message) {
		if (!value) {
			var generatedMessage = false;
			if (argLen === 0) {
				generatedMessage = true;
				message = "No value argument passed to `assert.ok()`";
			} else if (message instanceof Error) throw message;
			var err = new AssertionError({
				actual: value,
				expected: true,
				message,
				operator: "==",
				stackStartFn: fn
			});
			err.generatedMessage = generatedMessage;
			throw err;
		}
	}
	function ok() {
		for (var _len = arguments.length, args = new Array(_len), _key = 0; _key < _len; _key++) args[_key] = arguments[_key];
		innerOk.apply(void 0, [ok, args.length].concat(args));
	}
	assert.ok = ok;
	assert.equal = function equal(actual, expected, message) {
		if (arguments.length < 2) throw new ERR_MISSING_ARGS("actual", "expected");
		if (actual != expected) innerFail({
			actual,
			expected,
			message,
			operator: "==",
			stackStartFn: equal
		});
	};
	assert.notEqual = function notEqual(actual, expected, message) {
		if (arguments.length < 2) throw new ERR_MISSING_ARGS("actual", "expected");
		if (actual == expected) innerFail({
			actual,
			expected,
			message,
			operator: "!=",
			stackStartFn: notEqual
		});
	};
	assert.deepEqual = function deepEqual(actual, expected, message) {
		if (arguments.length < 2) throw new ERR_MISSING_ARGS("actual", "expected");
		if (isDeepEqual === void 0) lazyLoadComparison();
		if (!isDeepEqual(actual, expected)) innerFail({
			actual,
			expected,
			message,
			operator: "deepEqual",
			stackStartFn: deepEqual
		});
	};
	assert.notDeepEqual = function notDeepEqual(actual, expected, message) {
		if (arguments.length < 2) throw new ERR_MISSING_ARGS("actual", "expected");
		if (isDeepEqual === void 0) lazyLoadComparison();
		if (isDeepEqual(actual, expected)) innerFail({
			actual,
			expected,
			message,
			operator: "notDeepEqual",
			stackStartFn: notDeepEqual
		});
	};
	assert.deepStrictEqual = function deepStrictEqual(actual, expected, message) {
		if (arguments.length < 2) throw new ERR_MISSING_ARGS("actual", "expected");
		if (isDeepEqual === void 0) lazyLoadComparison();
		if (!isDeepStrictEqual(actual, expected)) innerFail({
			actual,
			expected,
			message,
			operator: "deepStrictEqual",
			stackStartFn: deepStrictEqual
		});
	};
	assert.notDeepStrictEqual = notDeepStrictEqual;
	function notDeepStrictEqual(actual, expected, message) {
		if (arguments.length < 2) throw new ERR_MISSING_ARGS("actual", "expected");
		if (isDeepEqual === void 0) lazyLoadComparison();
		if (isDeepStrictEqual(actual, expected)) innerFail({
			actual,
			expected,
			message,
			operator: "notDeepStrictEqual",
			stackStartFn: notDeepStrictEqual
		});
	}
	assert.strictEqual = function strictEqual(actual, expected, message) {
		if (arguments.length < 2) throw new ERR_MISSING_ARGS("actual", "expected");
		if (!objectIs(actual, expected)) innerFail({
			actual,
			expected,
			message,
			operator: "strictEqual",
			stackStartFn: strictEqual
		});
	};
	assert.notStrictEqual = function notStrictEqual(actual, expected, message) {
		if (arguments.length < 2) throw new ERR_MISSING_ARGS("actual", "expected");
		if (objectIs(actual, expected)) innerFail({
			actual,
			expected,
			message,
			operator: "notStrictEqual",
			stackStartFn: notStrictEqual
		});
	};
	var Comparison = _createClass(function Comparison(obj, keys, actual) {
		var _this = this;
		_classCallCheck(this, Comparison);
		keys.forEach(function(key) {
			if (key in obj) {
				if (actual !== void 0 && typeof actual[key] === "string" && isRegExp(obj[key]) && RegExpPrototypeTest(obj[key], actual[key])) _this[key] = actual[key];
				else _this[key] = obj[key];
			}
		});
	});
	function compareExceptionKey(actual, expected, key, message, keys, fn) {
		if (!(key in actual) || !isDeepStrictEqual(actual[key], expected[key])) {
			if (!message) {
				var err = new AssertionError({
					actual: new Comparison(actual, keys),
					expected: new Comparison(expected, keys, actual),
					operator: "deepStrictEqual",
					stackStartFn: fn
				});
				err.actual = actual;
				err.expected = expected;
				err.operator = fn.name;
				throw err;
			}
			innerFail({
				actual,
				expected,
				message,
				operator: fn.name,
				stackStartFn: fn
			});
		}
	}
	function expectedException(actual, expected, msg, fn) {
		if (typeof expected !== "function") {
			if (isRegExp(expected)) return RegExpPrototypeTest(expected, actual);
			if (arguments.length === 2) throw new ERR_INVALID_ARG_TYPE("expected", ["Function", "RegExp"], expected);
			if (_typeof(actual) !== "object" || actual === null) {
				var err = new AssertionError({
					actual,
					expected,
					message: msg,
					operator: "deepStrictEqual",
					stackStartFn: fn
				});
				err.operator = fn.name;
				throw err;
			}
			var keys = Object.keys(expected);
			if (expected instanceof Error) keys.push("name", "message");
			else if (keys.length === 0) throw new ERR_INVALID_ARG_VALUE("error", expected, "may not be an empty object");
			if (isDeepEqual === void 0) lazyLoadComparison();
			keys.forEach(function(key) {
				if (typeof actual[key] === "string" && isRegExp(expected[key]) && RegExpPrototypeTest(expected[key], actual[key])) return;
				compareExceptionKey(actual, expected, key, msg, keys, fn);
			});
			return true;
		}
		if (expected.prototype !== void 0 && actual instanceof expected) return true;
		if (Error.isPrototypeOf(expected)) return false;
		return expected.call({}, actual) === true;
	}
	function getActual(fn) {
		if (typeof fn !== "function") throw new ERR_INVALID_ARG_TYPE("fn", "Function", fn);
		try {
			fn();
		} catch (e) {
			return e;
		}
		return NO_EXCEPTION_SENTINEL;
	}
	function checkIsPromise(obj) {
		return isPromise(obj) || obj !== null && _typeof(obj) === "object" && typeof obj.then === "function" && typeof obj.catch === "function";
	}
	function waitForActual(promiseFn) {
		return Promise.resolve().then(function() {
			var resultPromise;
			if (typeof promiseFn === "function") {
				resultPromise = promiseFn();
				if (!checkIsPromise(resultPromise)) throw new ERR_INVALID_RETURN_VALUE("instance of Promise", "promiseFn", resultPromise);
			} else if (checkIsPromise(promiseFn)) resultPromise = promiseFn;
			else throw new ERR_INVALID_ARG_TYPE("promiseFn", ["Function", "Promise"], promiseFn);
			return Promise.resolve().then(function() {
				return resultPromise;
			}).then(function() {
				return NO_EXCEPTION_SENTINEL;
			}).catch(function(e) {
				return e;
			});
		});
	}
	function expectsError(stackStartFn, actual, error, message) {
		if (typeof error === "string") {
			if (arguments.length === 4) throw new ERR_INVALID_ARG_TYPE("error", [
				"Object",
				"Error",
				"Function",
				"RegExp"
			], error);
			if (_typeof(actual) === "object" && actual !== null) {
				if (actual.message === error) throw new ERR_AMBIGUOUS_ARGUMENT("error/message", "The error message \"".concat(actual.message, "\" is identical to the message."));
			} else if (actual === error) throw new ERR_AMBIGUOUS_ARGUMENT("error/message", "The error \"".concat(actual, "\" is identical to the message."));
			message = error;
			error = void 0;
		} else if (error != null && _typeof(error) !== "object" && typeof error !== "function") throw new ERR_INVALID_ARG_TYPE("error", [
			"Object",
			"Error",
			"Function",
			"RegExp"
		], error);
		if (actual === NO_EXCEPTION_SENTINEL) {
			var details = "";
			if (error && error.name) details += " (".concat(error.name, ")");
			details += message ? ": ".concat(message) : ".";
			var fnType = stackStartFn.name === "rejects" ? "rejection" : "exception";
			innerFail({
				actual: void 0,
				expected: error,
				operator: stackStartFn.name,
				message: "Missing expected ".concat(fnType).concat(details),
				stackStartFn
			});
		}
		if (error && !expectedException(actual, error, message, stackStartFn)) throw actual;
	}
	function expectsNoError(stackStartFn, actual, error, message) {
		if (actual === NO_EXCEPTION_SENTINEL) return;
		if (typeof error === "string") {
			message = error;
			error = void 0;
		}
		if (!error || expectedException(actual, error)) {
			var details = message ? ": ".concat(message) : ".";
			var fnType = stackStartFn.name === "doesNotReject" ? "rejection" : "exception";
			innerFail({
				actual,
				expected: error,
				operator: stackStartFn.name,
				message: "Got unwanted ".concat(fnType).concat(details, "\n") + "Actual message: \"".concat(actual && actual.message, "\""),
				stackStartFn
			});
		}
		throw actual;
	}
	assert.throws = function throws(promiseFn) {
		for (var _len2 = arguments.length, args = new Array(_len2 > 1 ? _len2 - 1 : 0), _key2 = 1; _key2 < _len2; _key2++) args[_key2 - 1] = arguments[_key2];
		expectsError.apply(void 0, [throws, getActual(promiseFn)].concat(args));
	};
	assert.rejects = function rejects(promiseFn) {
		for (var _len3 = arguments.length, args = new Array(_len3 > 1 ? _len3 - 1 : 0), _key3 = 1; _key3 < _len3; _key3++) args[_key3 - 1] = arguments[_key3];
		return waitForActual(promiseFn).then(function(result) {
			return expectsError.apply(void 0, [rejects, result].concat(args));
		});
	};
	assert.doesNotThrow = function doesNotThrow(fn) {
		for (var _len4 = arguments.length, args = new Array(_len4 > 1 ? _len4 - 1 : 0), _key4 = 1; _key4 < _len4; _key4++) args[_key4 - 1] = arguments[_key4];
		expectsNoError.apply(void 0, [doesNotThrow, getActual(fn)].concat(args));
	};
	assert.doesNotReject = function doesNotReject(fn) {
		for (var _len5 = arguments.length, args = new Array(_len5 > 1 ? _len5 - 1 : 0), _key5 = 1; _key5 < _len5; _key5++) args[_key5 - 1] = arguments[_key5];
		return waitForActual(fn).then(function(result) {
			return expectsNoError.apply(void 0, [doesNotReject, result].concat(args));
		});
	};
	assert.ifError = function ifError(err) {
		if (err !== null && err !== void 0) {
			var message = "ifError got unwanted exception: ";
			if (_typeof(err) === "object" && typeof err.message === "string") {
				if (err.message.length === 0 && err.constructor) message += err.constructor.name;
				else message += err.message;
			} else message += inspect(err);
			var newErr = new AssertionError({
				actual: err,
				expected: null,
				operator: "ifError",
				message,
				stackStartFn: ifError
			});
			var origStack = err.stack;
			if (typeof origStack === "string") {
				var tmp2 = origStack.split("\n");
				tmp2.shift();
				var tmp1 = newErr.stack.split("\n");
				for (var i = 0; i < tmp2.length; i++) {
					var pos = tmp1.indexOf(tmp2[i]);
					if (pos !== -1) {
						tmp1 = tmp1.slice(0, pos);
						break;
					}
				}
				newErr.stack = "".concat(tmp1.join("\n"), "\n").concat(tmp2.join("\n"));
			}
			throw newErr;
		}
	};
	function internalMatch(string, regexp, message, fn, fnName) {
		if (!isRegExp(regexp)) throw new ERR_INVALID_ARG_TYPE("regexp", "RegExp", regexp);
		var match = fnName === "match";
		if (typeof string !== "string" || RegExpPrototypeTest(regexp, string) !== match) {
			if (message instanceof Error) throw message;
			var generatedMessage = !message;
			message = message || (typeof string !== "string" ? "The \"string\" argument must be of type string. Received type " + "".concat(_typeof(string), " (").concat(inspect(string), ")") : (match ? "The input did not match the regular expression " : "The input was expected to not match the regular expression ") + "".concat(inspect(regexp), ". Input:\n\n").concat(inspect(string), "\n"));
			var err = new AssertionError({
				actual: string,
				expected: regexp,
				message,
				operator: fnName,
				stackStartFn: fn
			});
			err.generatedMessage = generatedMessage;
			throw err;
		}
	}
	assert.match = function match(string, regexp, message) {
		internalMatch(string, regexp, message, match, "match");
	};
	assert.doesNotMatch = function doesNotMatch(string, regexp, message) {
		internalMatch(string, regexp, message, doesNotMatch, "doesNotMatch");
	};
	function strict() {
		for (var _len6 = arguments.length, args = new Array(_len6), _key6 = 0; _key6 < _len6; _key6++) args[_key6] = arguments[_key6];
		innerOk.apply(void 0, [strict, args.length].concat(args));
	}
	assert.strict = objectAssign(strict, assert, {
		equal: assert.strictEqual,
		deepEqual: assert.deepStrictEqual,
		notEqual: assert.notStrictEqual,
		notDeepEqual: assert.notDeepStrictEqual
	});
	assert.strict.strict = assert.strict;
}));
//#endregion
//#region src/assert.js
var import_assert = __toESM(require_assert(), 1);
const { AssertionError, deepEqual, deepStrictEqual, doesNotMatch, doesNotReject, doesNotThrow, equal, fail, ifError, match, notDeepEqual, notDeepStrictEqual, notEqual, notStrictEqual, ok, rejects, strict, strictEqual, throws } = import_assert.default;
var assert_default = import_assert.default;
//#endregion
export { AssertionError, deepEqual, deepStrictEqual, assert_default as default, doesNotMatch, doesNotReject, doesNotThrow, equal, fail, ifError, match, notDeepEqual, notDeepStrictEqual, notEqual, notStrictEqual, ok, rejects, strict, strictEqual, throws };
