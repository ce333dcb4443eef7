/** Runs a function once the running code has returned. A microtask, which carries its asynchronous context by itself. */
export function nextTick(callback, ...args) {
  if (typeof callback !== "function") {
    const error = new TypeError('The "callback" argument must be of type function.');
    error.code = "ERR_INVALID_ARG_TYPE";
    throw error;
  }
  queueMicrotask(args.length === 0 ? callback : () => callback(...args));
}
