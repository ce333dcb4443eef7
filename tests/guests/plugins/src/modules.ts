// What a plugin's module exports.
import * as values from "plugin:values";
import all, { add, echo, sync, "worky:sync" as synchronous, "worky:values/echo@1.2.0" as full } from "plugin:values";
import * as file from "./values.wasm";
import mapped from "mapped";
import fresh from "plugin:bare";
import { type Cases, caught, refused, same } from "./assert.ts";

// At the top level there is no request, and a synchronous plugin needs none.
const early = [sync.add(1, 2), await add(3, 4)];

export const cases: Cases = {
  "names"() {
    same(Object.keys(values).sort(), [
      "add", "calls", "counters", "default", "echo", "faults", "nothing", "sync", "worky:sync",
      "worky:values/counters@1.2.0", "worky:values/echo@1.2.0", "worky:values/faults@1.2.0",
    ]);
    same([echo === full, sync === synchronous, all.add === add, values.default === all], [true, true, true, true]);
    same([add.name, echo.echoU8.name, sync.add.name], ["add", "echoU8", "add"]);
  },
  "top level"() {
    same(early, [3, 7]);
  },
  async "every way to import"() {
    const name: string = "values";
    const dynamic = await import(`plugin:${name}`);
    same([dynamic.add === add, mapped.add === add], [true, true]);
    same([await file.add(1, 2), file.add === add], [3, false]);
    same((await import(`./${name}.wasm`)).add === file.add, true);
    same(((await caught(() => import(name.replace("values", "plugin:nothing")))) as Error).name, "TypeError");
  },
  async "an instance remembers, and each import has its own"() {
    const first = await values.calls();
    same(await values.calls(), first + 1);
    same(sync.calls(), first + 2);
    const other = await file.calls();
    same(await file.calls(), other + 1);
    same(await values.calls(), first + 3);
  },
  async "an instance for each call forgets"() {
    same([await fresh.calls(), await fresh.calls(), fresh.sync.calls(), await fresh.add(1, 2)], [1, 1, 1, 3]);
  },
  async "functions of numbers"() {
    for (let n = 0; n < 20_000; n++) if (sync.add(n, -1) !== n - 1) throw new Error(`${n}`);
    same(sync.add(2147483647, 1), -2147483648);
    same(sync.nothing(), undefined);
    same(await add(1, 2, 3), 3);
    for (const act of [() => add(1, "2"), () => sync.add(1, "2")]) await refused(act, "arg1: expected number, got string");
    for (const act of [() => add(1), () => sync.add(1)]) await refused(act, "arg1: expected number, got undefined");
    const range = "arg0: expected s32 (-2147483648 to 2147483647), got 2147483648";
    for (const act of [() => add(2 ** 31, 1), () => sync.add(2 ** 31, 1)]) await refused(act, range);
    same(sync.add(1, 2), 3);
  },
  async "exports cannot be changed"() {
    for (const target of [all, echo, sync, sync.echo]) {
      same(((await caught(() => { target.more = 1; })) as Error).name, "TypeError");
    }
  },
};
