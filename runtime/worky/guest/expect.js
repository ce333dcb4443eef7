// worky:test/expect: vitest's assertions, bound to the test that runs.
import {
  addCustomEqualityTesters, asymmetric, chai, customMatchers, getState, GLOBAL_EXPECT, setState,
} from "worky:test/packed/expect";

/** What assertions of the running test note: promises that nobody awaited, and how many there were. */
let notes = null;

export function expect(value, message) {
  const { assertionCalls } = getState(expect);
  setState({ assertionCalls: assertionCalls + 1 }, expect);
  const assertion = chai.expect(value, message);
  if (notes !== null) chai.util.flag(assertion, "vitest-test", notes);
  return assertion;
}

function forget() {
  setState({
    assertionCalls: 0,
    isExpectingAssertions: false,
    isExpectingAssertionsError: null,
    expectedAssertionsNumber: null,
    expectedAssertionsNumberErrorGen: null,
  }, expect);
}

Object.assign(expect, chai.expect, asymmetric);
expect.getState = () => getState(expect);
expect.setState = (state) => setState(state, expect);
expect.extend = (matchers) => chai.expect.extend(expect, matchers);
expect.addEqualityTesters = (testers) => addCustomEqualityTesters(testers);
expect.assert = chai.assert;
expect.unreachable = (message) => chai.assert.fail(message === undefined ? "this must not be reached" : `this must not be reached: ${message}`);
expect.assertions = (count) => {
  const error = new Error();
  const make = () => Object.assign(error, { message: `expected ${count} assertions, and there were ${getState(expect).assertionCalls}` });
  setState({ expectedAssertionsNumber: count, expectedAssertionsNumberErrorGen: make }, expect);
};
expect.hasAssertions = () => {
  setState({ isExpectingAssertions: true, isExpectingAssertionsError: new Error("expected at least one assertion, and there was none") }, expect);
};
forget();
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true, enumerable: false });
expect.extend(customMatchers);

/** A test begins. */
export function begin() {
  forget();
  notes = { promises: undefined, onFinished: undefined };
}

/** A test ends: waits for its assertions, and throws where they do not add up. `failed`: it is over for another reason. */
export async function end(failed) {
  const { promises, onFinished } = notes;
  notes = null;
  const settled = await Promise.allSettled(promises ?? []);
  if (failed) return;
  for (const result of settled) if (result.status === "rejected") throw result.reason;
  for (const check of onFinished ?? []) check();
  const state = getState(expect);
  const { expectedAssertionsNumber: wanted, assertionCalls: count } = state;
  if (wanted !== null && wanted !== count) throw state.expectedAssertionsNumberErrorGen();
  if (state.isExpectingAssertions && count === 0) throw state.isExpectingAssertionsError;
}
