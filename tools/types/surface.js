// A worker that tells which globals it has, and which members each has: what `build` keeps of TypeScript's declarations.
export default {
  fetch() {
    const surface = {};
    for (const name of Object.getOwnPropertyNames(globalThis)) surface[name] = describe(globalThis[name]);
    return Response.json(surface);
  },
};

function describe(value) {
  if (typeof value === "function") {
    return {
      base: Object.getPrototypeOf(value)?.name,
      members: [...names(value.prototype), ...names(sample(value))],
      statics: names(value),
    };
  }
  if (typeof value !== "object" || value === null || value === globalThis) return {};
  return { members: [...names(value), ...names(Object.getPrototypeOf(value))] };
}

// Some classes keep attributes in the object itself.
function sample(Class) {
  try {
    return new Class("x");
  } catch {
    return undefined;
  }
}

function names(value) {
  return value === undefined || value === null ? [] : Object.getOwnPropertyNames(value);
}
