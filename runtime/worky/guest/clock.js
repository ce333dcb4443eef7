// worky:test/clock: a clock that a test turns by hand, in the isolate of the tests.
import { withGlobal } from "worky:test/packed/clock";

const timers = withGlobal(globalThis);
/** What stands still unless the test says otherwise: not microtasks, which nothing could await without. */
const FAKED = ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate", "performance"]
  .filter((name) => name in globalThis);

let installed = null;

function active(what) {
  if (installed === null) throw new Error(`clock.${what}: the clock is not stopped; call clock.install() first`);
  return installed;
}

const turn = (what) => (...args) => active(what)[what](...args);

export const clock = Object.freeze({
  /** Stops Date, timers and performance.now() at `now`, or at this moment. */
  install({ now = Date.now(), toFake = FAKED, ...rest } = {}) {
    if (installed !== null) throw new Error("clock.install: the clock is stopped already; clock.uninstall() lets it go");
    installed = timers.install({ now, toFake, ignoreMissingTimers: true, ...rest });
    return clock;
  },
  uninstall() {
    installed?.uninstall();
    installed = null;
  },
  get installed() {
    return installed !== null;
  },
  /** Unix milliseconds. */
  get now() {
    return installed === null ? Date.now() : installed.now;
  },
  set: (time) => active("set").setSystemTime(time),
  tick: turn("tick"),
  tickAsync: turn("tickAsync"),
  next: turn("next"),
  nextAsync: turn("nextAsync"),
  runAll: turn("runAll"),
  runAllAsync: turn("runAllAsync"),
  runToLast: turn("runToLast"),
  runToLastAsync: turn("runToLastAsync"),
  countTimers: turn("countTimers"),
});
