// Assertions and mock functions, as vitest has them.
import * as chai from "chai";
import { ASYMMETRIC_MATCHERS_OBJECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
const asymmetric = globalThis[ASYMMETRIC_MATCHERS_OBJECT];

export { asymmetric, chai };
export { GLOBAL_EXPECT, addCustomEqualityTesters, customMatchers, getState, setState } from "@vitest/expect";
export {
  clearAllMocks, fn, isMockFunction, resetAllMocks, restoreAllMocks, spyOn,
} from "@vitest/spy";
export { printDiffOrStringify } from "@vitest/utils/diff";
export { format, inspect } from "@vitest/utils/display";
