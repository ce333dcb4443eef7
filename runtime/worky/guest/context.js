// worky:test/context: an ExecutionContext for handlers that a test calls by itself.
const pending = new WeakMap();

class ExecutionContext {
  props = {};
  constructor() {
    pending.set(this, []);
  }
  waitUntil(promise) {
    const list = pending.get(this);
    if (list === undefined) throw new TypeError("waitUntil: called on what is no ExecutionContext (was it taken out of ctx?)");
    const given = Promise.resolve(promise);
    // Whether it fails is asked later.
    given.catch(() => {});
    list.push(given);
  }
  passThroughOnException() {}
}

export const createExecutionContext = () => new ExecutionContext();

/** Waits for what was given to `ctx.waitUntil`, and for what that gave to it; throws what the first of them threw. */
export async function waitOnExecutionContext(ctx) {
  const list = pending.get(ctx);
  if (list === undefined) throw new TypeError("waitOnExecutionContext: give it what createExecutionContext() returned");
  let failed = null;
  for (let at = 0; at < list.length; at++) {
    try {
      await list[at];
    } catch (error) {
      failed ??= { error };
    }
  }
  list.length = 0;
  if (failed !== null) throw failed.error;
}
