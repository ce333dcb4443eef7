import { checkFunction } from "node:internal/errors";
import * as promises from "node:timers/promises";
//#region src/timers.js
const { setTimeout: hostTimeout, setInterval: hostInterval, clearTimeout: hostClear } = globalThis;
const custom = Symbol.for("nodejs.util.promisify.custom");
var Timeout = class {
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
};
var Immediate = class extends Timeout {};
function clear(timer) {
	if (timer instanceof Timeout) timer.close();
	else hostClear(timer);
}
const setTimeoutHere = Object.defineProperty(function setTimeout(callback, delay, ...args) {
	return new Timeout(callback, delay, args, false);
}, custom, { get: () => promises.setTimeout });
const setIntervalHere = function setInterval(callback, delay, ...args) {
	return new Timeout(callback, delay, args, true);
};
const setImmediate = Object.defineProperty(function setImmediate(callback, ...args) {
	return new Immediate(callback, 0, args, false);
}, custom, { get: () => promises.setImmediate });
const clearImmediate = clear;
var timers_default = {
	clearImmediate: clear,
	clearInterval: clear,
	clearTimeout: clear,
	promises,
	setImmediate,
	setInterval: setIntervalHere,
	setTimeout: setTimeoutHere
};
//#endregion
export { clearImmediate, clear as clearInterval, clear as clearTimeout, timers_default as default, promises, setImmediate, setIntervalHere as setInterval, setTimeoutHere as setTimeout };
