// worky:test: what test modules import.
import { env } from "worky:workers";
import { makeDescribe, makeHook, makeTest } from "worky:test/collect";
import { inspect } from "worky:test/packed/expect";

export { env };
export { clock } from "worky:test/clock";
export { createExecutionContext, waitOnExecutionContext } from "worky:test/context";
export { expect } from "worky:test/expect";
export { upstream } from "worky:test/upstream";
export {
  chai, clearAllMocks, fn, isMockFunction, resetAllMocks, restoreAllMocks, spyOn,
} from "worky:test/packed/expect";

export const test = makeTest(inspect);
export const it = test;
export const describe = makeDescribe(inspect);
export const beforeAll = makeHook("beforeAll");
export const beforeEach = makeHook("beforeEach");
export const afterEach = makeHook("afterEach");
export const afterAll = makeHook("afterAll");

const self = env.SELF;

/** The worker under test. A path is enough: its host reaches it and decides nothing. */
export const SELF = Object.freeze({
  fetch(input, init) {
    const path = typeof input === "string" && input.startsWith("/");
    return self.fetch(path ? `http://worker.test${input}` : input, init);
  },
});

const { setTimeout, Date } = globalThis;

/** Asks again and again until `ask` neither throws nor answers false, for at most `timeout` ms; answers what it did. */
export async function waitFor(ask, { timeout = 1_000, interval = 20 } = {}) {
  const until = Date.now() + timeout;
  for (;;) {
    let last;
    try {
      const found = await ask();
      if (found !== false) return found;
      last = new Error("it still answers false");
    } catch (error) {
      last = error;
    }
    if (Date.now() >= until) throw new Error(`waitFor: not within ${timeout} ms: ${last?.message ?? last}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
