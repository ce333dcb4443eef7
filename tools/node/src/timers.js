import { checkFunction } from "node:internal/errors";
import * as promises from "node:timers/promises";

const { setTimeout: hostTimeout, setInterval: hostInterval, clearTimeout: hostClear } = globalThis;
const custom = Symbol.for("nodejs.util.promisify.custom");

/** What Node answers in the place of a number. A worker's timers keep nothing alive, so `ref` only remembers. */
class Timeout {
  #callback;
  #delay;
  #repeats;
  #args;
  #id;
  #isRef = true;
  constructor(callback, delay, args, repeats) {
    checkFunction(callback, "callback");
    this.#callback = callback;
    this.#delay = delay;
    this.#args = args;
    this.#repeats = repeats;
    this.#start();
  }
  #start() {
    const start = this.#repeats ? hostInterval : hostTimeout;
    this.#id = start(this.#callback, this.#delay, ...this.#args);
  }
  ref() {
    this.#isRef = true;
    return this;
  }
  unref() {
    this.#isRef = false;
    return this;
  }
  hasRef() {
    return this.#isRef;
  }
  refresh() {
    hostClear(this.#id);
    this.#start();
    return this;
  }
  close() {
    hostClear(this.#id);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.#id;
  }
  [Symbol.dispose]() {
    this.close();
  }
}

class Immediate extends Timeout {}

function clear(timer) {
  if (timer instanceof Timeout) timer.close();
  else hostClear(timer);
}

const setTimeoutHere = Object.defineProperty(
  function setTimeout(callback, delay, ...args) {
    return new Timeout(callback, delay, args, false);
  },
  custom,
  { get: () => promises.setTimeout },
);
const setIntervalHere = function setInterval(callback, delay, ...args) {
  return new Timeout(callback, delay, args, true);
};
export const setImmediate = Object.defineProperty(
  function setImmediate(callback, ...args) {
    return new Immediate(callback, 0, args, false);
  },
  custom,
  { get: () => promises.setImmediate },
);
export const clearImmediate = clear;
export { setTimeoutHere as setTimeout, setIntervalHere as setInterval, clear as clearTimeout, clear as clearInterval, promises };

export default {
  clearImmediate: clear,
  clearInterval: clear,
  clearTimeout: clear,
  promises,
  setImmediate,
  setInterval: setIntervalHere,
  setTimeout: setTimeoutHere,
};
