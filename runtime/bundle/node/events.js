import { AsyncResource } from "node:async_hooks";
import { AbortError, checkFunction, invalidType, outOfRange } from "node:internal/errors";
//#region \0rolldown/runtime.js
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __commonJSMin = (cb, mod) => () => (mod || (cb((mod = { exports: {} }).exports, mod), cb = null), mod.exports);
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
//#endregion
//#region src/events.js
var import_events = __toESM(__commonJSMin(((exports, module) => {
	var R = typeof Reflect === "object" ? Reflect : null;
	var ReflectApply = R && typeof R.apply === "function" ? R.apply : function ReflectApply(target, receiver, args) {
		return Function.prototype.apply.call(target, receiver, args);
	};
	var ReflectOwnKeys;
	if (R && typeof R.ownKeys === "function") ReflectOwnKeys = R.ownKeys;
	else if (Object.getOwnPropertySymbols) ReflectOwnKeys = function ReflectOwnKeys(target) {
		return Object.getOwnPropertyNames(target).concat(Object.getOwnPropertySymbols(target));
	};
	else ReflectOwnKeys = function ReflectOwnKeys(target) {
		return Object.getOwnPropertyNames(target);
	};
	function ProcessEmitWarning(warning) {
		if (console && console.warn) console.warn(warning);
	}
	var NumberIsNaN = Number.isNaN || function NumberIsNaN(value) {
		return value !== value;
	};
	function EventEmitter() {
		EventEmitter.init.call(this);
	}
	module.exports = EventEmitter;
	module.exports.once = once;
	EventEmitter.EventEmitter = EventEmitter;
	EventEmitter.prototype._events = void 0;
	EventEmitter.prototype._eventsCount = 0;
	EventEmitter.prototype._maxListeners = void 0;
	var defaultMaxListeners = 10;
	function checkListener(listener) {
		if (typeof listener !== "function") throw new TypeError("The \"listener\" argument must be of type Function. Received type " + typeof listener);
	}
	Object.defineProperty(EventEmitter, "defaultMaxListeners", {
		enumerable: true,
		get: function() {
			return defaultMaxListeners;
		},
		set: function(arg) {
			if (typeof arg !== "number" || arg < 0 || NumberIsNaN(arg)) throw new RangeError("The value of \"defaultMaxListeners\" is out of range. It must be a non-negative number. Received " + arg + ".");
			defaultMaxListeners = arg;
		}
	});
	EventEmitter.init = function() {
		if (this._events === void 0 || this._events === Object.getPrototypeOf(this)._events) {
			this._events = Object.create(null);
			this._eventsCount = 0;
		}
		this._maxListeners = this._maxListeners || void 0;
	};
	EventEmitter.prototype.setMaxListeners = function setMaxListeners(n) {
		if (typeof n !== "number" || n < 0 || NumberIsNaN(n)) throw new RangeError("The value of \"n\" is out of range. It must be a non-negative number. Received " + n + ".");
		this._maxListeners = n;
		return this;
	};
	function _getMaxListeners(that) {
		if (that._maxListeners === void 0) return EventEmitter.defaultMaxListeners;
		return that._maxListeners;
	}
	EventEmitter.prototype.getMaxListeners = function getMaxListeners() {
		return _getMaxListeners(this);
	};
	EventEmitter.prototype.emit = function emit(type) {
		var args = [];
		for (var i = 1; i < arguments.length; i++) args.push(arguments[i]);
		var doError = type === "error";
		var events = this._events;
		if (events !== void 0) doError = doError && events.error === void 0;
		else if (!doError) return false;
		if (doError) {
			var er;
			if (args.length > 0) er = args[0];
			if (er instanceof Error) throw er;
			var err = new Error("Unhandled error." + (er ? " (" + er.message + ")" : ""));
			err.context = er;
			throw err;
		}
		var handler = events[type];
		if (handler === void 0) return false;
		if (typeof handler === "function") ReflectApply(handler, this, args);
		else {
			var len = handler.length;
			var listeners = arrayClone(handler, len);
			for (var i = 0; i < len; ++i) ReflectApply(listeners[i], this, args);
		}
		return true;
	};
	function _addListener(target, type, listener, prepend) {
		var m;
		var events;
		var existing;
		checkListener(listener);
		events = target._events;
		if (events === void 0) {
			events = target._events = Object.create(null);
			target._eventsCount = 0;
		} else {
			if (events.newListener !== void 0) {
				target.emit("newListener", type, listener.listener ? listener.listener : listener);
				events = target._events;
			}
			existing = events[type];
		}
		if (existing === void 0) {
			existing = events[type] = listener;
			++target._eventsCount;
		} else {
			if (typeof existing === "function") existing = events[type] = prepend ? [listener, existing] : [existing, listener];
			else if (prepend) existing.unshift(listener);
			else existing.push(listener);
			m = _getMaxListeners(target);
			if (m > 0 && existing.length > m && !existing.warned) {
				existing.warned = true;
				var w = new Error("Possible EventEmitter memory leak detected. " + existing.length + " " + String(type) + " listeners added. Use emitter.setMaxListeners() to increase limit");
				w.name = "MaxListenersExceededWarning";
				w.emitter = target;
				w.type = type;
				w.count = existing.length;
				ProcessEmitWarning(w);
			}
		}
		return target;
	}
	EventEmitter.prototype.addListener = function addListener(type, listener) {
		return _addListener(this, type, listener, false);
	};
	EventEmitter.prototype.on = EventEmitter.prototype.addListener;
	EventEmitter.prototype.prependListener = function prependListener(type, listener) {
		return _addListener(this, type, listener, true);
	};
	function onceWrapper() {
		if (!this.fired) {
			this.target.removeListener(this.type, this.wrapFn);
			this.fired = true;
			if (arguments.length === 0) return this.listener.call(this.target);
			return this.listener.apply(this.target, arguments);
		}
	}
	function _onceWrap(target, type, listener) {
		var state = {
			fired: false,
			wrapFn: void 0,
			target,
			type,
			listener
		};
		var wrapped = onceWrapper.bind(state);
		wrapped.listener = listener;
		state.wrapFn = wrapped;
		return wrapped;
	}
	EventEmitter.prototype.once = function once(type, listener) {
		checkListener(listener);
		this.on(type, _onceWrap(this, type, listener));
		return this;
	};
	EventEmitter.prototype.prependOnceListener = function prependOnceListener(type, listener) {
		checkListener(listener);
		this.prependListener(type, _onceWrap(this, type, listener));
		return this;
	};
	EventEmitter.prototype.removeListener = function removeListener(type, listener) {
		var list, events, position, i, originalListener;
		checkListener(listener);
		events = this._events;
		if (events === void 0) return this;
		list = events[type];
		if (list === void 0) return this;
		if (list === listener || list.listener === listener) {
			if (--this._eventsCount === 0) this._events = Object.create(null);
			else {
				delete events[type];
				if (events.removeListener) this.emit("removeListener", type, list.listener || listener);
			}
		} else if (typeof list !== "function") {
			position = -1;
			for (i = list.length - 1; i >= 0; i--) if (list[i] === listener || list[i].listener === listener) {
				originalListener = list[i].listener;
				position = i;
				break;
			}
			if (position < 0) return this;
			if (position === 0) list.shift();
			else spliceOne(list, position);
			if (list.length === 1) events[type] = list[0];
			if (events.removeListener !== void 0) this.emit("removeListener", type, originalListener || listener);
		}
		return this;
	};
	EventEmitter.prototype.off = EventEmitter.prototype.removeListener;
	EventEmitter.prototype.removeAllListeners = function removeAllListeners(type) {
		var listeners, events = this._events, i;
		if (events === void 0) return this;
		if (events.removeListener === void 0) {
			if (arguments.length === 0) {
				this._events = Object.create(null);
				this._eventsCount = 0;
			} else if (events[type] !== void 0) {
				if (--this._eventsCount === 0) this._events = Object.create(null);
				else delete events[type];
			}
			return this;
		}
		if (arguments.length === 0) {
			var keys = Object.keys(events);
			var key;
			for (i = 0; i < keys.length; ++i) {
				key = keys[i];
				if (key === "removeListener") continue;
				this.removeAllListeners(key);
			}
			this.removeAllListeners("removeListener");
			this._events = Object.create(null);
			this._eventsCount = 0;
			return this;
		}
		listeners = events[type];
		if (typeof listeners === "function") this.removeListener(type, listeners);
		else if (listeners !== void 0) for (i = listeners.length - 1; i >= 0; i--) this.removeListener(type, listeners[i]);
		return this;
	};
	function _listeners(target, type, unwrap) {
		var events = target._events;
		if (events === void 0) return [];
		var evlistener = events[type];
		if (evlistener === void 0) return [];
		if (typeof evlistener === "function") return unwrap ? [evlistener.listener || evlistener] : [evlistener];
		return unwrap ? unwrapListeners(evlistener) : arrayClone(evlistener, evlistener.length);
	}
	EventEmitter.prototype.listeners = function listeners(type) {
		return _listeners(this, type, true);
	};
	EventEmitter.prototype.rawListeners = function rawListeners(type) {
		return _listeners(this, type, false);
	};
	EventEmitter.listenerCount = function(emitter, type) {
		if (typeof emitter.listenerCount === "function") return emitter.listenerCount(type);
		else return listenerCount.call(emitter, type);
	};
	EventEmitter.prototype.listenerCount = listenerCount;
	function listenerCount(type) {
		var events = this._events;
		if (events !== void 0) {
			var evlistener = events[type];
			if (typeof evlistener === "function") return 1;
			else if (evlistener !== void 0) return evlistener.length;
		}
		return 0;
	}
	EventEmitter.prototype.eventNames = function eventNames() {
		return this._eventsCount > 0 ? ReflectOwnKeys(this._events) : [];
	};
	function arrayClone(arr, n) {
		var copy = new Array(n);
		for (var i = 0; i < n; ++i) copy[i] = arr[i];
		return copy;
	}
	function spliceOne(list, index) {
		for (; index + 1 < list.length; index++) list[index] = list[index + 1];
		list.pop();
	}
	function unwrapListeners(arr) {
		var ret = new Array(arr.length);
		for (var i = 0; i < ret.length; ++i) ret[i] = arr[i].listener || arr[i];
		return ret;
	}
	function once(emitter, name) {
		return new Promise(function(resolve, reject) {
			function errorListener(err) {
				emitter.removeListener(name, resolver);
				reject(err);
			}
			function resolver() {
				if (typeof emitter.removeListener === "function") emitter.removeListener("error", errorListener);
				resolve([].slice.call(arguments));
			}
			eventTargetAgnosticAddListener(emitter, name, resolver, { once: true });
			if (name !== "error") addErrorHandlerIfEventEmitter(emitter, errorListener, { once: true });
		});
	}
	function addErrorHandlerIfEventEmitter(emitter, handler, flags) {
		if (typeof emitter.on === "function") eventTargetAgnosticAddListener(emitter, "error", handler, flags);
	}
	function eventTargetAgnosticAddListener(emitter, name, listener, flags) {
		if (typeof emitter.on === "function") {
			if (flags.once) emitter.once(name, listener);
			else emitter.on(name, listener);
		} else if (typeof emitter.addEventListener === "function") emitter.addEventListener(name, function wrapListener(arg) {
			if (flags.once) emitter.removeEventListener(name, wrapListener);
			listener(arg);
		});
		else throw new TypeError("The \"emitter\" argument must be of type EventEmitter. Received type " + typeof emitter);
	}
}))(), 1);
const errorMonitor = Symbol.for("events.errorMonitor");
const captureRejectionSymbol = Symbol.for("nodejs.rejection");
const captures = Symbol("captureRejections");
let capturesByDefault = false;
function EventEmitter(options) {
	EventEmitter.init.call(this, options);
}
EventEmitter.prototype = import_events.default.prototype;
EventEmitter.prototype.constructor = EventEmitter;
EventEmitter.init = function init(options) {
	import_events.default.init.call(this);
	if (options?.captureRejections || capturesByDefault) this[captures] = true;
};
Object.defineProperty(EventEmitter, "defaultMaxListeners", {
	get: () => import_events.default.defaultMaxListeners,
	set(max) {
		import_events.default.defaultMaxListeners = max;
	},
	enumerable: true
});
const plainEmit = EventEmitter.prototype.emit;
EventEmitter.prototype.emit = function emit(type, ...args) {
	if (type === "error" && this._events?.[errorMonitor] !== void 0) Reflect.apply(plainEmit, this, [errorMonitor, ...args]);
	return Reflect.apply(plainEmit, this, [type, ...args]);
};
for (const name of ["addListener", "prependListener"]) {
	const plain = EventEmitter.prototype[name];
	EventEmitter.prototype[name] = function(type, listener) {
		if (this[captures] !== true || typeof listener !== "function") return Reflect.apply(plain, this, [type, listener]);
		const caught = function(...args) {
			const result = Reflect.apply(listener, this, args);
			if (typeof result?.then === "function") result.then(void 0, (error) => rejected(this, error, type, args));
			return result;
		};
		caught.listener = listener.listener ?? listener;
		return Reflect.apply(plain, this, [type, caught]);
	};
}
EventEmitter.prototype.on = EventEmitter.prototype.addListener;
function rejected(emitter, error, type, args) {
	if (typeof emitter[captureRejectionSymbol] === "function") emitter[captureRejectionSymbol](error, type, ...args);
	else if (type !== "error") emitter.emit("error", error);
	else reportError(error);
}
const plainCount = EventEmitter.prototype.listenerCount;
EventEmitter.prototype.listenerCount = function(type, listener) {
	if (listener === void 0) return Reflect.apply(plainCount, this, [type]);
	return this.listeners(type).filter((one) => one === listener).length;
};
const isTarget = (value) => typeof value?.addEventListener === "function";
function add(emitter, type, listener, options) {
	if (typeof emitter.on === "function") options?.once ? emitter.once(type, listener) : emitter.on(type, listener);
	else if (isTarget(emitter)) emitter.addEventListener(type, listener, options);
	else throw invalidType("emitter", "an instance of EventEmitter or EventTarget", emitter);
}
function remove(emitter, type, listener) {
	if (typeof emitter.removeListener === "function") emitter.removeListener(type, listener);
	else emitter.removeEventListener(type, listener);
}
async function once(emitter, type, options = {}) {
	const { signal } = options;
	if (signal?.aborted) throw new AbortError(void 0, { cause: signal.reason });
	return new Promise((resolve, reject) => {
		const end = () => {
			remove(emitter, type, resolved);
			if (typeof emitter.removeListener === "function") emitter.removeListener("error", failed);
			signal?.removeEventListener("abort", aborted);
		};
		const resolved = (...args) => {
			end();
			resolve(args);
		};
		const failed = (error) => {
			end();
			reject(error);
		};
		const aborted = () => {
			end();
			reject(new AbortError(void 0, { cause: signal.reason }));
		};
		add(emitter, type, resolved, { once: true });
		if (type !== "error" && typeof emitter.once === "function") emitter.once("error", failed);
		signal?.addEventListener("abort", aborted, { once: true });
	});
}
const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);
function on(emitter, type, options = {}) {
	const { signal, close = [] } = options;
	const high = options.highWaterMark ?? Infinity;
	const low = options.lowWaterMark ?? 1;
	if (signal?.aborted) throw new AbortError(void 0, { cause: signal.reason });
	const events = [];
	const waiting = [];
	let failure = null;
	let isOver = false;
	let isPaused = false;
	const listener = (...args) => {
		const next = waiting.shift();
		if (next) return next.resolve({
			value: args,
			done: false
		});
		if (events.push(args) > high && !isPaused) {
			isPaused = true;
			emitter.pause?.();
		}
	};
	const fail = (error) => {
		const next = waiting.shift();
		if (next) next.reject(error);
		else failure = error;
		end();
	};
	const aborted = () => fail(new AbortError(void 0, { cause: signal.reason }));
	const end = () => {
		remove(emitter, type, listener);
		if (type !== "error" && typeof emitter.removeListener === "function") emitter.removeListener("error", fail);
		for (const name of close) remove(emitter, name, end);
		signal?.removeEventListener("abort", aborted);
		isOver = true;
		for (const next of waiting.splice(0)) next.resolve({
			value: void 0,
			done: true
		});
		return Promise.resolve({
			value: void 0,
			done: true
		});
	};
	add(emitter, type, listener);
	if (type !== "error" && typeof emitter.on === "function") emitter.on("error", fail);
	for (const name of close) add(emitter, name, end);
	signal?.addEventListener("abort", aborted, { once: true });
	return Object.setPrototypeOf({
		next() {
			if (events.length > 0) {
				const value = events.shift();
				if (isPaused && events.length < low) {
					isPaused = false;
					emitter.resume?.();
				}
				return Promise.resolve({
					value,
					done: false
				});
			}
			if (failure !== null) {
				const error = failure;
				failure = null;
				return Promise.reject(error);
			}
			if (isOver) return Promise.resolve({
				value: void 0,
				done: true
			});
			return new Promise((resolve, reject) => waiting.push({
				resolve,
				reject
			}));
		},
		return: end,
		throw(error) {
			if (!(error instanceof Error)) throw invalidType("EventEmitter.AsyncIterator", "an instance of Error", error);
			fail(error);
		},
		[Symbol.asyncIterator]() {
			return this;
		}
	}, AsyncIteratorPrototype);
}
function getEventListeners(emitter, type) {
	if (typeof emitter?.listeners === "function") return emitter.listeners(type);
	throw invalidType("emitter", "an instance of EventEmitter", emitter);
}
const targetMax = new WeakMap();
function getMaxListeners(emitter) {
	if (typeof emitter?.getMaxListeners === "function") return emitter.getMaxListeners();
	if (isTarget(emitter)) return targetMax.get(emitter) ?? EventEmitter.defaultMaxListeners;
	throw invalidType("emitter", "an instance of EventEmitter or EventTarget", emitter);
}
function setMaxListeners(max = EventEmitter.defaultMaxListeners, ...emitters) {
	if (typeof max !== "number" || !(max >= 0)) throw outOfRange("setMaxListeners", "a non-negative number", max);
	if (emitters.length === 0) EventEmitter.defaultMaxListeners = max;
	for (const emitter of emitters) if (typeof emitter?.setMaxListeners === "function") emitter.setMaxListeners(max);
	else if (isTarget(emitter)) targetMax.set(emitter, max);
	else throw invalidType("eventTargets", "an instance of EventEmitter or EventTarget", emitter);
}
function listenerCount(emitter, type) {
	if (typeof emitter.listenerCount === "function") return emitter.listenerCount(type);
	return Reflect.apply(plainCount, emitter, [type]);
}
function addAbortListener(signal, listener) {
	if (!(signal instanceof AbortSignal)) throw invalidType("signal", "an instance of AbortSignal", signal);
	checkFunction(listener, "listener");
	if (signal.aborted) queueMicrotask(() => listener());
	else signal.addEventListener("abort", listener, { once: true });
	return {
		__proto__: null,
		[Symbol.dispose]: () => signal.removeEventListener("abort", listener)
	};
}
var EventEmitterAsyncResource = class extends EventEmitter {
	#resource;
	constructor(options = void 0) {
		const name = typeof options === "string" ? options : options?.name;
		super(typeof options === "object" ? options : void 0);
		this.#resource = new AsyncResource(name ?? new.target.name, options);
	}
	emit(type, ...args) {
		return this.#resource.runInAsyncScope(super.emit, this, type, ...args);
	}
	emitDestroy() {
		this.#resource.emitDestroy();
	}
	get asyncId() {
		return this.#resource.asyncId();
	}
	get triggerAsyncId() {
		return this.#resource.triggerAsyncId();
	}
	get asyncResource() {
		return this.#resource;
	}
};
Object.assign(EventEmitter, {
	EventEmitter,
	EventEmitterAsyncResource,
	addAbortListener,
	captureRejectionSymbol,
	errorMonitor,
	getEventListeners,
	getMaxListeners,
	listenerCount,
	on,
	once,
	setMaxListeners,
	usingDomains: false
});
Object.defineProperty(EventEmitter, "captureRejections", {
	get: () => capturesByDefault,
	set(value) {
		capturesByDefault = Boolean(value);
	},
	enumerable: true
});
const { init, usingDomains, defaultMaxListeners } = EventEmitter;
const captureRejections = false;
//#endregion
export { EventEmitter, EventEmitter as default, EventEmitterAsyncResource, addAbortListener, captureRejectionSymbol, captureRejections, defaultMaxListeners, errorMonitor, getEventListeners, getMaxListeners, init, listenerCount, on, once, setMaxListeners, usingDomains };
