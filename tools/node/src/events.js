import Plain from "events/";
import { AsyncResource } from "node:async_hooks";
import { AbortError, checkFunction, invalidType, outOfRange } from "node:internal/errors";

export const errorMonitor = Symbol.for("events.errorMonitor");
export const captureRejectionSymbol = Symbol.for("nodejs.rejection");
const captures = Symbol("captureRejections");
let capturesByDefault = false;

/** A function and not a class: old packages call it on what inherits from it. */
function EventEmitter(options) {
  EventEmitter.init.call(this, options);
}
EventEmitter.prototype = Plain.prototype;
EventEmitter.prototype.constructor = EventEmitter;
EventEmitter.init = function init(options) {
  Plain.init.call(this);
  if (options?.captureRejections || capturesByDefault) this[captures] = true;
};
Object.defineProperty(EventEmitter, "defaultMaxListeners", {
  get: () => Plain.defaultMaxListeners,
  set(max) {
    Plain.defaultMaxListeners = max;
  },
  enumerable: true,
});
const plainEmit = EventEmitter.prototype.emit;

// The package knows neither the monitor nor rejections of listeners.
EventEmitter.prototype.emit = function emit(type, ...args) {
  if (type === "error" && this._events?.[errorMonitor] !== undefined) {
    Reflect.apply(plainEmit, this, [errorMonitor, ...args]);
  }
  return Reflect.apply(plainEmit, this, [type, ...args]);
};
for (const name of ["addListener", "prependListener"]) {
  const plain = EventEmitter.prototype[name];
  EventEmitter.prototype[name] = function (type, listener) {
    if (this[captures] !== true || typeof listener !== "function") return Reflect.apply(plain, this, [type, listener]);
    const caught = function (...args) {
      const result = Reflect.apply(listener, this, args);
      if (typeof result?.then === "function") result.then(undefined, (error) => rejected(this, error, type, args));
      return result;
    };
    caught.listener = listener.listener ?? listener;
    return Reflect.apply(plain, this, [type, caught]);
  };
}
EventEmitter.prototype.on = EventEmitter.prototype.addListener;

function rejected(emitter, error, type, args) {
  if (typeof emitter[captureRejectionSymbol] === "function") {
    emitter[captureRejectionSymbol](error, type, ...args);
  } else if (type !== "error") {
    emitter.emit("error", error);
  } else {
    reportError(error);
  }
}

const plainCount = EventEmitter.prototype.listenerCount;
EventEmitter.prototype.listenerCount = function (type, listener) {
  if (listener === undefined) return Reflect.apply(plainCount, this, [type]);
  return this.listeners(type).filter((one) => one === listener).length;
};

const isTarget = (value) => typeof value?.addEventListener === "function";

function add(emitter, type, listener, options) {
  if (typeof emitter.on === "function") {
    options?.once ? emitter.once(type, listener) : emitter.on(type, listener);
  } else if (isTarget(emitter)) {
    emitter.addEventListener(type, listener, options);
  } else {
    throw invalidType("emitter", "an instance of EventEmitter or EventTarget", emitter);
  }
}
function remove(emitter, type, listener) {
  if (typeof emitter.removeListener === "function") emitter.removeListener(type, listener);
  else emitter.removeEventListener(type, listener);
}

export async function once(emitter, type, options = {}) {
  const { signal } = options;
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
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
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    add(emitter, type, resolved, { once: true });
    if (type !== "error" && typeof emitter.once === "function") emitter.once("error", failed);
    signal?.addEventListener("abort", aborted, { once: true });
  });
}

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);

export function on(emitter, type, options = {}) {
  const { signal, close = [] } = options;
  const high = options.highWaterMark ?? Infinity;
  const low = options.lowWaterMark ?? 1;
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  const events = [];
  const waiting = [];
  let failure = null;
  let isOver = false;
  let isPaused = false;

  const listener = (...args) => {
    const next = waiting.shift();
    if (next) return next.resolve({ value: args, done: false });
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
  const aborted = () => fail(new AbortError(undefined, { cause: signal.reason }));
  const end = () => {
    remove(emitter, type, listener);
    if (type !== "error" && typeof emitter.removeListener === "function") emitter.removeListener("error", fail);
    for (const name of close) remove(emitter, name, end);
    signal?.removeEventListener("abort", aborted);
    isOver = true;
    for (const next of waiting.splice(0)) next.resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  };
  add(emitter, type, listener);
  if (type !== "error" && typeof emitter.on === "function") emitter.on("error", fail);
  for (const name of close) add(emitter, name, end);
  signal?.addEventListener("abort", aborted, { once: true });

  return Object.setPrototypeOf(
    {
      next() {
        if (events.length > 0) {
          const value = events.shift();
          if (isPaused && events.length < low) {
            isPaused = false;
            emitter.resume?.();
          }
          return Promise.resolve({ value, done: false });
        }
        if (failure !== null) {
          const error = failure;
          failure = null;
          return Promise.reject(error);
        }
        if (isOver) return Promise.resolve({ value: undefined, done: true });
        return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
      },
      return: end,
      throw(error) {
        if (!(error instanceof Error)) throw invalidType("EventEmitter.AsyncIterator", "an instance of Error", error);
        fail(error);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    },
    AsyncIteratorPrototype,
  );
}

export function getEventListeners(emitter, type) {
  if (typeof emitter?.listeners === "function") return emitter.listeners(type);
  throw invalidType("emitter", "an instance of EventEmitter", emitter);
}

const targetMax = new WeakMap();

export function getMaxListeners(emitter) {
  if (typeof emitter?.getMaxListeners === "function") return emitter.getMaxListeners();
  if (isTarget(emitter)) return targetMax.get(emitter) ?? EventEmitter.defaultMaxListeners;
  throw invalidType("emitter", "an instance of EventEmitter or EventTarget", emitter);
}

export function setMaxListeners(max = EventEmitter.defaultMaxListeners, ...emitters) {
  if (typeof max !== "number" || !(max >= 0)) throw outOfRange("setMaxListeners", "a non-negative number", max);
  if (emitters.length === 0) EventEmitter.defaultMaxListeners = max;
  for (const emitter of emitters) {
    if (typeof emitter?.setMaxListeners === "function") emitter.setMaxListeners(max);
    else if (isTarget(emitter)) targetMax.set(emitter, max);
    else throw invalidType("eventTargets", "an instance of EventEmitter or EventTarget", emitter);
  }
}

export function listenerCount(emitter, type) {
  if (typeof emitter.listenerCount === "function") return emitter.listenerCount(type);
  return Reflect.apply(plainCount, emitter, [type]);
}

export function addAbortListener(signal, listener) {
  if (!(signal instanceof AbortSignal)) throw invalidType("signal", "an instance of AbortSignal", signal);
  checkFunction(listener, "listener");
  if (signal.aborted) queueMicrotask(() => listener());
  else signal.addEventListener("abort", listener, { once: true });
  return { __proto__: null, [Symbol.dispose]: () => signal.removeEventListener("abort", listener) };
}

export class EventEmitterAsyncResource extends EventEmitter {
  #resource;
  constructor(options = undefined) {
    const name = typeof options === "string" ? options : options?.name;
    super(typeof options === "object" ? options : undefined);
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
}

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
  usingDomains: false,
});
Object.defineProperty(EventEmitter, "captureRejections", {
  get: () => capturesByDefault,
  set(value) {
    capturesByDefault = Boolean(value);
  },
  enumerable: true,
});

export const { init, usingDomains, defaultMaxListeners } = EventEmitter;
export const captureRejections = false;
export { EventEmitter };
export default EventEmitter;
