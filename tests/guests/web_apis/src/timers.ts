import { type Cases, fails, ok, same } from "./assert.ts";

declare const scheduler: { wait(ms: number, options?: { signal?: AbortSignal }): Promise<void> };

const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

export const cases: Cases = {
  async "setTimeout passes arguments and keeps order"() {
    const seen: unknown[] = [];
    setTimeout((...args) => seen.push(args), 2, "late");
    setTimeout((...args) => seen.push(args), 0, "a", "b");
    queueMicrotask(() => seen.push("microtask"));
    await new Promise((resolve) => setTimeout(resolve, 10));
    same(seen, ["microtask", ["a", "b"], ["late"]]);
  },
  async "clearTimeout and clearInterval stop"() {
    let calls = 0;
    clearTimeout(setTimeout(() => void (calls += 1), 0));
    await new Promise<void>((resolve) => {
      const id = setInterval(() => {
        calls += 1;
        if (calls === 3) {
          clearInterval(id);
          resolve();
        }
      }, 1);
    });
    await tick();
    same(calls, 3);
    clearTimeout(undefined);
    clearTimeout(123456);
  },
  async "scheduler.wait waits, and stops with a signal"() {
    const before = Date.now();
    await scheduler.wait(5);
    ok(Date.now() - before >= 4, "the wait");
    await fails("AbortError", () => scheduler.wait(60_000, { signal: AbortSignal.abort() }));
  },
  async "microtasks run before timers"() {
    const seen: string[] = [];
    setTimeout(() => seen.push("timer"), 0);
    await Promise.resolve().then(() => seen.push("promise"));
    await tick();
    same(seen, ["promise", "timer"]);
  },
  "performance counts up from the time origin"() {
    const a = performance.now();
    ok(typeof a === "number" && performance.now() >= a, "performance.now");
    ok(performance.timeOrigin > 0, "timeOrigin");
    performance.mark("m");
    same(performance.getEntriesByName("m").length, 1);
  },
};
