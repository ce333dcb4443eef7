// What goes wrong in a component, as its caller sees it.
import * as values from "plugin:values";
import small from "plugin:small";
import { ComponentError, PluginError, PluginLimitError, PluginTrapError } from "worky:plugins";
import { type Cases, caught, same } from "./assert.ts";

const { faults, sync } = values;

/** Whether the stack leads to this file. */
const has_stack = (error: Error) => error.stack!.includes("faults.ts") || error.stack!.includes("src/faults");

export const cases: Cases = {
  async "a result's error is thrown with its payload"() {
    same(await faults.fail(""), 7);
    const text: any = await caught(() => faults.fail("no luck"));
    same([text instanceof ComponentError, text instanceof Error, text.name], [true, true, "ComponentError"]);
    same([text.payload, text.message, has_stack(text)], ["no luck", "no luck", true]);
    const variant: any = await caught(() => faults.failWith(false));
    same([variant.payload, variant.message], [{ tag: "not-found", val: "it" }, "not-found: it"]);
    const plain: any = await caught(() => faults.failWith(true));
    same([plain.payload, plain.message], [{ tag: "busy" }, "busy"]);
    const bare: any = await caught(() => faults.failBare(false));
    same([bare.payload, bare instanceof ComponentError], [undefined, true]);
    same(await faults.failBare(true), undefined);
    same((await caught(() => sync.faults.fail("x")) as any).payload, "x");
  },
  async "a trap takes the instance with it"() {
    for (const act of [() => faults.trap(), () => sync.faults.trap(), () => faults.panic("so it goes"), () => faults.recurse()]) {
      await values.calls();
      same(await values.calls() > 1, true);
      const error: any = await caught(act);
      same([error instanceof PluginTrapError, error instanceof PluginError, error.name], [true, true, "PluginTrapError"]);
      same([has_stack(error), typeof error.details], [true, "string"]);
      same(await values.calls(), 1);
    }
  },
  async "a destructor that traps"() {
    const grenade = new faults.Grenade();
    await values.calls();
    grenade[Symbol.dispose]();
    same(await values.calls() >= 1, true);
  },
  async "time runs out"() {
    const error: any = await caught(() => small.faults.spin());
    same([error instanceof PluginLimitError, error.name, error.limit], [true, "PluginLimitError", "call_ms"]);
    same([error.message.includes("50"), has_stack(error)], [true, true]);
    same(await small.calls(), 1);
    same((await caught(() => small.sync.faults.spin()) as any).limit, "call_ms");
  },
  async "memory runs out"() {
    const error: any = await caught(() => small.faults.bomb());
    same([error instanceof PluginLimitError, error.limit], [true, "memory_mb"]);
    same(await small.calls(), 1);
  },
  async "errors do not stop what follows"() {
    same(await Promise.all([1, 2, 3].map(async (n) => {
      await caught(() => faults.trap());
      return values.add(n, n);
    })), [2, 4, 6]);
  },
};
