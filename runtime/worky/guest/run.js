// worky:test/run: what the host asks of the isolate that has the tests. One step is one request.
import { close, declareExports, nodeOf, root, tree } from "worky:test/collect";
import { clock } from "worky:test/clock";
import * as assertions from "worky:test/expect";
import { inspect, printDiffOrStringify } from "worky:test/packed/expect";
import * as network from "worky:test/upstream";
import { createExecutionContext, waitOnExecutionContext } from "worky:test/context";

const CAUSES_MAX = 5;

class Skipped {
  constructor(reason) {
    this.reason = reason;
  }
}

// A test may stop the clock.
const { setTimeout, clearTimeout } = globalThis;

/** The errors of the step that runs. */
let errors = null;
/** Suites whose beforeAll has run in this isolate. */
const begun = new Set();

const note = (error) => {
  if (errors === null) console.error("after its test:", error);
  else errors.push(error);
};
network.setReport(note);
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  note(event.reason);
});
globalThis.addEventListener("error", (event) => {
  event.preventDefault();
  note(event.error);
});

// ---- errors as the host tells them ----------------------------------------------------------------------------------

function diffOf(error) {
  // What says how it differs by itself, as those of node:assert do.
  if (error.code === "ERR_ASSERTION" || error.showDiff === false) return null;
  if (!error.showDiff && (error.expected === undefined || error.actual === undefined)) return null;
  const diff = printDiffOrStringify(error.actual, error.expected, error.diffOptions, error);
  return diff === undefined ? null : plain(diff);
}

/** The host paints what a terminal shows. */
const plain = (text) => text.replace(/\x1b\[[0-9;]*m/g, "");

const textOf = (value) => plain(typeof value === "string" ? value : value === undefined ? "" : String(value));

function told(error, causes) {
  if (typeof error !== "object" || error === null || !("message" in error)) {
    return { name: "", message: `${inspect(error)} was thrown, which is not an Error`, stack: "", diff: null, causes: [] };
  }
  let diff = null;
  try {
    diff = diffOf(error);
  } catch (failed) {
    diff = `(no difference can be shown: ${failed?.message})`;
  }
  const inner = [...(error.cause === undefined ? [] : [error.cause]), ...(Array.isArray(error.errors) ? error.errors : [])];
  const { name, message, stack } = error;
  return {
    name: textOf(name), message: textOf(message), stack: textOf(stack), diff,
    causes: causes === 0 ? [] : inner.slice(0, CAUSES_MAX).map((cause) => told(cause, causes - 1)),
  };
}

function safely(error) {
  try {
    return told(error, CAUSES_MAX);
  } catch (failed) {
    const message = `an error that cannot be shown was thrown (${failed?.message})`;
    return { name: "", message, stack: "", diff: null, causes: [] };
  }
}

const outcome = (status, more = {}) => ({ status, errors: [], reason: null, ...more });

/** V8 tells of rejections that nobody handled at the end of a turn, and a timer may fire at the beginning of the first. */
async function turns() {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

async function ended() {
  await turns();
  const found = errors;
  errors = null;
  return found.length === 0 ? outcome("passed") : outcome("failed", { errors: found.map(safely) });
}

// ---- steps ----------------------------------------------------------------------------------------------------------

async function attempt(fn) {
  try {
    return await fn();
  } catch (error) {
    errors.push(error);
    return undefined;
  }
}

/** A hook that says how long it may take is held to that. */
async function runHook({ kind, fn, timeout, stack }, given) {
  if (timeout === undefined) return await fn(given);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error(`${kind} did not end within ${timeout} ms`), { stack })), timeout);
  });
  try {
    return await Promise.race([(async () => await fn(given))(), late]);
  } finally {
    clearTimeout(timer);
  }
}

const chain = (suite) => (suite === null ? [] : [...chain(suite.parent), suite]);

async function begin(suite) {
  errors = [];
  network.push();
  const context = createExecutionContext();
  for (const hook of suite.hooks.beforeAll) {
    const cleanup = await attempt(() => runHook(hook, context));
    if (errors.length > 0) break;
    // What a hook returns undoes it, as in vitest.
    if (typeof cleanup === "function") suite.hooks.afterAll.push({ fn: cleanup });
  }
  await attempt(() => waitOnExecutionContext(context));
  begun.add(suite);
  return await ended();
}

async function end(suite) {
  errors = [];
  const context = createExecutionContext();
  for (const hook of suite.hooks.afterAll.toReversed()) await attempt(() => runHook(hook, context));
  await attempt(() => waitOnExecutionContext(context));
  network.pop();
  return await ended();
}

async function body(test, env) {
  const suites = chain(test.parent);
  const context = createExecutionContext();
  const finished = [];
  const given = {
    name: test.name,
    env,
    ctx: context,
    expect: assertions.expect,
    skip(reason = "") {
      throw new Skipped(String(reason));
    },
    onTestFinished: (fn) => void finished.push(fn),
  };
  let skipped = null;
  const clockWasFree = !clock.installed;
  network.push();
  assertions.begin();
  const undo = [];
  try {
    for (const suite of suites) {
      for (const hook of suite.hooks.beforeEach) {
        const cleanup = await runHook(hook, given);
        if (typeof cleanup === "function") undo.push(cleanup);
      }
    }
    const { fn } = test;
    await fn(given);
  } catch (error) {
    if (error instanceof Skipped) skipped = error;
    else errors.push(error);
  }
  await attempt(() => assertions.end(errors.length > 0 || skipped !== null));
  for (const fn of undo.toReversed()) await attempt(() => fn(given));
  for (const suite of suites.toReversed()) {
    for (const hook of suite.hooks.afterEach.toReversed()) await attempt(() => runHook(hook, given));
  }
  for (const fn of finished.toReversed()) await attempt(() => fn(given));
  if (clockWasFree) clock.uninstall();
  await attempt(() => waitOnExecutionContext(context));
  network.pop();
  return skipped;
}

async function run(test, env) {
  if (!chain(test.parent).every((suite) => begun.has(suite))) return outcome("stale");
  errors = [];
  const skipped = await body(test, env);
  const result = await ended();
  if (skipped !== null && result.status === "passed") return outcome("skipped", { reason: skipped.reason });
  if (!test.fails) return result;
  if (result.status === "failed") return outcome("passed");
  return outcome("failed", { errors: [safely(new Error("it passed, and test.fails says that it must not"))] });
}

async function step({ step: kind, id }, env) {
  if (kind === "list") {
    close();
    return tree();
  }
  const node = nodeOf(id);
  if (node === undefined) return outcome("stale");
  if (kind === "begin") return await begin(node);
  return kind === "end" ? await end(node) : await run(node, env);
}

/** The worker that the test file becomes. */
export function serve(exports) {
  declareExports(exports, (value, { env, ctx }) => value.test({}, env, ctx));
  return {
    async fetch(request, env) {
      if (request.headers.get("worky-test") === "step") return Response.json(await step(await request.json(), env));
      return await network.answer(request, (reason) =>
        new Response(reason, { status: 599, headers: { "worky-test-refused": "1" } }));
    },
  };
}
