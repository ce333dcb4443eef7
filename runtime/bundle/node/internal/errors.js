//#region src/internal/errors.js
function coded(Base, code, message) {
	const error = new Base(message);
	error.code = code;
	Error.captureStackTrace?.(error, coded);
	return error;
}
const shown = (value) => {
	if (value === null || value === void 0) return ` Received ${value}`;
	if (typeof value === "function") return ` Received function ${value.name}`;
	if (typeof value === "object") return ` Received an instance of ${value.constructor?.name ?? "Object"}`;
	const text = String(value);
	return ` Received type ${typeof value} (${typeof value === "string" ? `'${text.slice(0, 25)}'` : text})`;
};
const invalidType = (name, expected, value) => coded(TypeError, "ERR_INVALID_ARG_TYPE", `The "${name}" argument must be ${expected}.${shown(value)}`);
const invalidValue = (name, value, reason = "is invalid") => coded(TypeError, "ERR_INVALID_ARG_VALUE", `The argument '${name}' ${reason}.${shown(value)}`);
const outOfRange = (name, range, value) => coded(RangeError, "ERR_OUT_OF_RANGE", `The value of "${name}" is out of range. It must be ${range}. Received ${value}`);
const error = (code, message, Base = Error) => coded(Base, code, message);
var AbortError = class extends Error {
	code = "ABORT_ERR";
	constructor(message = "The operation was aborted", options = void 0) {
		super(message, options);
		this.name = "AbortError";
	}
};
function unavailable(name) {
	const fail = function() {
		throw coded(Error, "ERR_METHOD_NOT_IMPLEMENTED", `${name} is not available in worky`);
	};
	return fail;
}
function checkFunction(value, name) {
	if (typeof value !== "function") throw invalidType(name, "of type function", value);
}
//#endregion
export { AbortError, checkFunction, error, invalidType, invalidValue, outOfRange, unavailable };
