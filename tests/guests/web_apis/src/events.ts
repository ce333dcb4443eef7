import { type Cases, fails, ok, same } from "./assert.ts";

export const cases: Cases = {
  "EventTarget dispatches, once, and removes"() {
    const target = new EventTarget();
    const seen: string[] = [];
    const listener = (event: Event) => seen.push(event.type);
    target.addEventListener("a", listener);
    target.addEventListener("a", () => seen.push("once"), { once: true });
    target.dispatchEvent(new Event("a"));
    target.dispatchEvent(new Event("a"));
    target.removeEventListener("a", listener);
    target.dispatchEvent(new Event("a"));
    same(seen, ["a", "once", "a"]);
  },
  "Event can be cancelled, CustomEvent carries detail"() {
    const target = new EventTarget();
    target.addEventListener("a", (event) => event.preventDefault());
    same(target.dispatchEvent(new Event("a", { cancelable: true })), false);
    same(new CustomEvent("b", { detail: { n: 1 } }).detail, { n: 1 });
  },
  "a listener goes with its signal"() {
    const target = new EventTarget();
    const stop = new AbortController();
    let calls = 0;
    target.addEventListener("a", () => void (calls += 1), { signal: stop.signal });
    target.dispatchEvent(new Event("a"));
    stop.abort();
    target.dispatchEvent(new Event("a"));
    same(calls, 1);
  },
  "AbortController aborts once, with a reason"() {
    const controller = new AbortController();
    let calls = 0;
    controller.signal.onabort = () => void (calls += 1);
    controller.abort("why");
    controller.abort("again");
    same([calls, controller.signal.aborted, controller.signal.reason], [1, true, "why"]);
    return fails("AbortError", () => AbortSignal.abort().throwIfAborted());
  },
  async "AbortSignal.timeout fires with a TimeoutError"() {
    const signal = AbortSignal.timeout(1);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    same(signal.reason.name, "TimeoutError");
  },
  "AbortSignal.any follows the first"() {
    const [a, b] = [new AbortController(), new AbortController()];
    const any = AbortSignal.any([a.signal, b.signal]);
    b.abort("b");
    a.abort("a");
    same([any.aborted, any.reason], [true, "b"]);
  },
  "DOMException has a name and a code"() {
    const error = new DOMException("gone", "NotFoundError");
    same([error.name, error.message, error.code], ["NotFoundError", "gone", 8]);
    ok(error instanceof Error, "an Error");
  },
  async "reportError reaches the global handler"() {
    const seen = new Promise<ErrorEvent>((resolve) =>
      addEventListener("error", (event) => (event.preventDefault(), resolve(event as ErrorEvent)), { once: true }),
    );
    reportError(new Error("reported"));
    same((await seen).error.message, "reported");
  },
};
