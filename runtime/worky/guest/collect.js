// worky:test/collect: the tests of one file, as its modules declare them.

/** Of one test or hook, in milliseconds. */
export const TIMEOUT_MS_MAX = 600_000;

let nodes = [];
let running = false;

function node(kind, parent, name, settings) {
  const made = { id: nodes.length, kind, parent, name, mode: "run", timeout: undefined, stack: undefined, ...settings };
  nodes.push(made);
  return made;
}

function makeSuite(parent, name, settings) {
  const hooks = { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] };
  return node("suite", parent, name, { hooks, children: [], ...settings });
}

export const root = makeSuite(null, "", {});
let current = root;

export const nodeOf = (id) => nodes[id];

/** From now on tests run, and nothing more can be declared. */
export function close() {
  running = true;
}

/** Where this was called from: worky's own lines are left out by who reads it. */
const placeOf = () => new Error().stack;

function checkName(what, name) {
  if (typeof name === "function") return name.name === "" ? "(anonymous)" : name.name;
  if (typeof name !== "string") throw new TypeError(`${what}: its name must be a string, not ${typeof name}`);
  return name;
}

function checkTimeout(what, timeout) {
  if (timeout === undefined) return undefined;
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > TIMEOUT_MS_MAX) {
    throw new TypeError(`${what}: the timeout must be 1 to ${TIMEOUT_MS_MAX} ms, not ${String(timeout)}`);
  }
  return timeout;
}

function checkOpen(what) {
  if (running) throw new Error(`${what} was called while tests run: declare tests and hooks at the top level or in describe`);
}

/** `name, fn, timeout`, or `name, { timeout }, fn`. */
function read(what, name, second, third) {
  const title = checkName(what, name);
  const [fn, rest] = typeof second === "object" && second !== null ? [third, second] : [second, third];
  const settings = typeof rest === "object" && rest !== null ? rest : { timeout: rest };
  const mode = settings.only ? "only" : settings.skip ? "skip" : settings.todo ? "todo" : undefined;
  return { title, fn, timeout: checkTimeout(`${what}(${JSON.stringify(title)})`, settings.timeout), mode, fails: settings.fails };
}

function declareTest(what, defaults, name, second, third) {
  checkOpen(what);
  const { title, fn, timeout, mode = defaults.mode ?? "run", fails = defaults.fails } = read(what, name, second, third);
  if (typeof fn !== "function" && mode !== "todo") {
    if (fn !== undefined) throw new TypeError(`${what}(${JSON.stringify(title)}): what it runs must be a function, not ${typeof fn}`);
    if (mode !== "skip") throw new TypeError(`${what}(${JSON.stringify(title)}): there is nothing to run; ${what}.todo declares a test to be written`);
  }
  current.children.push(node("test", current, title, { fn, timeout, mode, fails: fails === true, stack: placeOf() }));
}

function declareSuite(what, defaults, name, second, third) {
  checkOpen(what);
  const { title, fn, timeout, mode = defaults.mode ?? "run" } = read(what, name, second, third);
  const made = makeSuite(current, title, { mode, timeout, stack: placeOf() });
  current.children.push(made);
  if (fn === undefined && (mode === "todo" || mode === "skip")) return;
  if (typeof fn !== "function") throw new TypeError(`${what}(${JSON.stringify(title)}): the second argument must be a function`);
  const outer = current;
  current = made;
  let result;
  try {
    result = fn();
  } finally {
    current = outer;
  }
  if (typeof result?.then === "function") {
    throw new TypeError(`${what}(${JSON.stringify(title)}): its function must not be async, since tests are declared at once; await in beforeAll`);
  }
}

/** `printf` of vitest and jest: `%s %d %i %f %j %o %# %$ %%`, and `$name` of an object. */
export function titleOf(template, values, index, inspect) {
  let next = 0;
  const text = template.replace(/%([sdifjoO#$%])/g, (whole, kind) => {
    if (kind === "%") return "%";
    if (kind === "#") return String(index);
    if (kind === "$") return String(index + 1);
    if (next >= values.length) return whole;
    const value = values[next++];
    if (kind === "s") return typeof value === "object" && value !== null ? inspect(value) : String(value);
    if (kind === "d") return String(Number(value));
    if (kind === "i") return String(Math.trunc(Number(value)));
    if (kind === "f") return String(Number(value));
    return kind === "j" ? JSON.stringify(value) : inspect(value);
  });
  const [first] = values;
  if (typeof first !== "object" || first === null) return text;
  return text.replace(/\$([A-Za-z_][\w.]*)/g, (whole, path) => {
    const value = path.split(".").reduce((from, key) => from?.[key], first);
    return value === undefined ? whole : typeof value === "string" ? value : inspect(value);
  });
}

/** Rows of an array, or of a tagged template with a head of names between `|`. */
function rowsOf(what, table, values) {
  if (Array.isArray(table) && table.raw === undefined) {
    return table.map((row) => (Array.isArray(row) ? row : [row]));
  }
  if (!Array.isArray(table?.raw)) throw new TypeError(`${what}.each: give an array of cases, or a table as a template`);
  const names = table[0].split("\n")[0].trim() === "" ? table[0].trim().split("\n")[0] : table[0].split("\n")[0];
  const keys = names.split("|").map((name) => name.trim()).filter((name) => name !== "");
  if (keys.length === 0 || values.length % keys.length !== 0) {
    throw new TypeError(`${what}.each: ${values.length} values do not fill rows of ${keys.length} (${keys.join(", ")})`);
  }
  const rows = [];
  for (let at = 0; at < values.length; at += keys.length) {
    rows.push([Object.fromEntries(keys.map((key, i) => [key, values[at + i]]))]);
  }
  return rows;
}

/** `test` or `describe`, with its variants. */
function variants(what, declare, inspect, defaults) {
  const api = (name, second, third) => declare(what, defaults, name, second, third);
  const variant = (more) => () => variants(what, declare, inspect, { ...defaults, ...more });
  const getters = { only: { mode: "only" }, skip: { mode: "skip" }, todo: { mode: "todo" }, fails: { fails: true } };
  if (what === "describe") delete getters.fails;
  for (const [key, more] of Object.entries(getters)) Object.defineProperty(api, key, { get: variant(more) });
  api.skipIf = (condition) => (condition ? api.skip : api);
  api.runIf = (condition) => (condition ? api : api.skip);
  api.each = (table, ...values) => {
    const rows = rowsOf(what, table, values);
    return (name, second, third) => {
      const template = checkName(what, name);
      rows.forEach((row, index) => {
        const bind = (fn) => (typeof fn === "function" ? () => fn(...row) : fn);
        declare(what, defaults, titleOf(template, row, index, inspect), bind(second), bind(third));
      });
    };
  };
  return api;
}

export const makeTest = (inspect) => variants("test", declareTest, inspect, {});
export const makeDescribe = (inspect) => variants("describe", declareSuite, inspect, {});

export function makeHook(kind) {
  return (fn, timeout) => {
    checkOpen(kind);
    if (typeof fn !== "function") throw new TypeError(`${kind}: give it a function, not ${typeof fn}`);
    current.hooks[kind].push({ kind, fn, timeout: checkTimeout(kind, timeout), stack: placeOf() });
  };
}

/** workerd's way: every export with a method `test(controller, env, ctx)`. */
export function declareExports(exports, run) {
  for (const [name, value] of Object.entries(exports)) {
    if (value === null || (typeof value !== "object" && typeof value !== "function") || typeof value.test !== "function") continue;
    root.children.push(node("test", root, name, { fn: (context) => run(value, context), fails: false, stack: "" }));
  }
}

/** What there is, for the host. Hooks that say how long they may take have that beside the time of their step. */
export function tree() {
  const sum = (hooks) => hooks.reduce((ms, hook) => ms + (hook.timeout ?? 0), 0);
  const told = ({ id, kind, name, mode, timeout, stack, hooks, children }, aroundMs) => {
    const node = { id, kind, name, mode, stack, timeout_ms: timeout ?? null };
    if (kind === "test") return { ...node, hooks_ms: aroundMs };
    const eachMs = aroundMs + sum(hooks.beforeEach) + sum(hooks.afterEach);
    return {
      ...node,
      children: children.map((child) => told(child, eachMs)),
      before_ms: sum(hooks.beforeAll),
      after_ms: sum(hooks.afterAll),
    };
  };
  return told(root, 0);
}
