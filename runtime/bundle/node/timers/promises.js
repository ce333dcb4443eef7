import { AbortError } from "node:internal/errors";
//#region src/timers/promises.js
const { setTimeout: hostTimeout, clearTimeout: hostClear } = globalThis;
function wait(delay, value, { signal } = {}) {
	if (signal?.aborted) return Promise.reject(new AbortError(void 0, { cause: signal.reason }));
	return new Promise((resolve, reject) => {
		const timer = hostTimeout(() => {
			signal?.removeEventListener("abort", aborted);
			resolve(value);
		}, delay);
		const aborted = () => {
			hostClear(timer);
			reject(new AbortError(void 0, { cause: signal.reason }));
		};
		signal?.addEventListener("abort", aborted, { once: true });
	});
}
function setTimeoutHere(delay, value, options) {
	return wait(delay, value, options);
}
function setImmediate(value, options) {
	return wait(0, value, options);
}
async function* setInterval(delay, value, options) {
	while (true) yield await wait(delay, value, options);
}
const scheduler = {
	wait: (delay, options) => wait(delay, void 0, options),
	yield: () => wait(0)
};
var promises_default = {
	scheduler,
	setImmediate,
	setInterval,
	setTimeout: setTimeoutHere
};
//#endregion
export { promises_default as default, scheduler, setImmediate, setInterval, setTimeoutHere as setTimeout };
