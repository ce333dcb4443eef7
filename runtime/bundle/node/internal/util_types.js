import types from "node:util/types";
//#region src/internal/util_types.js
var util_types_default = { types };
//#endregion
export { util_types_default as default };
