import comparisons from "assert/build/internal/util/comparisons.js";

export const { isDeepEqual, isDeepStrictEqual } = comparisons;
export default comparisons;
