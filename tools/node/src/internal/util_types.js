import types from "node:util/types";

export default { types };
