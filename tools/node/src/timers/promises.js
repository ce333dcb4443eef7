import { AbortError } from "node:internal/errors";

const { setTimeout: hostTimeout, clearTimeout: hostClear } = globalThis;

function wait(delay, value, { signal } = {}) {
  if (signal?.aborted) return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
  return new Promise((resolve, reject) => {
    const timer = hostTimeout(() => {
      signal?.removeEventListener("abort", aborted);
      resolve(value);
    }, delay);
    const aborted = () => {
      hostClear(timer);
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    signal?.addEventListener("abort", aborted, { once: true });
  });
}

function setTimeoutHere(delay, value, options) {
  return wait(delay, value, options);
}
export function setImmediate(value, options) {
  return wait(0, value, options);
}
export async function* setInterval(delay, value, options) {
  while (true) yield await wait(delay, value, options);
}
export const scheduler = { wait: (delay, options) => wait(delay, undefined, options), yield: () => wait(0) };
export { setTimeoutHere as setTimeout };

export default { scheduler, setImmediate, setInterval, setTimeout: setTimeoutHere };
