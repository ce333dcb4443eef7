// Errors as Node throws them: with a code, by which callers tell them apart.

function coded(Base, code, message) {
  const error = new Base(message);
  error.code = code;
  Error.captureStackTrace?.(error, coded);
  return error;
}

const shown = (value) => {
  if (value === null || value === undefined) return ` Received ${value}`;
  if (typeof value === "function") return ` Received function ${value.name}`;
  if (typeof value === "object") return ` Received an instance of ${value.constructor?.name ?? "Object"}`;
  const text = String(value);
  return ` Received type ${typeof value} (${typeof value === "string" ? `'${text.slice(0, 25)}'` : text})`;
};

export const invalidType = (name, expected, value) =>
  coded(TypeError, "ERR_INVALID_ARG_TYPE", `The "${name}" argument must be ${expected}.${shown(value)}`);

export const invalidValue = (name, value, reason = "is invalid") =>
  coded(TypeError, "ERR_INVALID_ARG_VALUE", `The argument '${name}' ${reason}.${shown(value)}`);

export const outOfRange = (name, range, value) =>
  coded(RangeError, "ERR_OUT_OF_RANGE", `The value of "${name}" is out of range. It must be ${range}. Received ${value}`);

export const error = (code, message, Base = Error) => coded(Base, code, message);

export class AbortError extends Error {
  code = "ABORT_ERR";
  constructor(message = "The operation was aborted", options = undefined) {
    super(message, options);
    this.name = "AbortError";
  }
}

/** A function that there is not: packages may name it, and hear of it when they call it. */
export function unavailable(name) {
  const fail = function () {
    throw coded(Error, "ERR_METHOD_NOT_IMPLEMENTED", `${name} is not available in worky`);
  };
  return fail;
}

export function checkFunction(value, name) {
  if (typeof value !== "function") throw invalidType(name, "of type function", value);
}
