// Resources: classes whose objects live in the component.
import * as values from "plugin:values";
import { type Cases, caught, refused, same } from "./assert.ts";

const { counters, sync } = values;
const { Counter } = counters;

export const cases: Cases = {
  async "a class with a constructor, methods and static ones"() {
    const counter = new Counter("a", 3);
    same([counter instanceof Counter, Counter.name, Object.prototype.toString.call(counter)], [true, "Counter", "[object Counter]"]);
    same([await counter.name(), await counter.add(4), await counter.add(-2)], ["a", 7, 5]);
    const other = new Counter("b", 1);
    const sum = await Counter.sum(counter, other);
    same([sum instanceof Counter, await sum.name(), await sum.add(0)], [true, "a and b", 6]);
    same([await counter.isAheadOf(other), await other.isAheadOf(counter)], [true, false]);
    for (const each of [counter, other, sum]) each[Symbol.dispose]();
  },
  "the same without promises"() {
    const counter = new sync.counters.Counter("a", 3);
    same([counter.name(), counter.add(4)], ["a", 7]);
    const sum = sync.counters.Counter.sum(counter, counter);
    same([sum.add(1), sum instanceof sync.counters.Counter], [15, true]);
    counter[Symbol.dispose]();
    sum[Symbol.dispose]();
  },
  async "objects of both kinds go into functions of both"() {
    const [one, two] = [new Counter("one", 1), new sync.counters.Counter("two", 2)];
    same([await one.isAheadOf(two), two.isAheadOf(one)], [false, true]);
    one[Symbol.dispose]();
    two[Symbol.dispose]();
  },
  async "what is passed on is no longer the caller's"() {
    const [a, b] = [new Counter("a", 1), new Counter("b", 2)];
    same(await a.absorb(b), 3);
    await refused(() => b.name(), "this: the Counter was disposed of, or passed on");
    await refused(() => a.absorb(b), "arg0: the Counter was disposed of, or passed on");
    b[Symbol.dispose]();
    // Nothing is passed on where the call is not made.
    const c = new Counter("c", 4);
    await refused(() => c.absorb(5), "arg0: expected Counter, got number");
    same(await c.add(1), 5);
    a[Symbol.dispose]();
    c[Symbol.dispose]();
  },
  async "a resource cannot be passed on and used in one call"() {
    const own = new Counter("own", 1);
    await refused(() => own.absorb(own), "arg0: the Counter is passed on and used in one call");
    // Its caller still has it.
    same(await own.add(1), 2);
    own[Symbol.dispose]();
  },
  async "using, and dispose more than once"() {
    const before = await counters.alive();
    let kept: any;
    {
      using counter = new Counter("short", 1);
      same(await counters.alive(), before + 1);
      kept = counter;
    }
    same(await counters.alive(), before);
    kept[Symbol.dispose]();
    kept[Symbol.dispose]();
    same(await counters.alive(), before);
    await refused(() => kept.add(1), "this: the Counter was disposed of, or passed on");
  },
  async "what is not the resource is refused"() {
    const { add } = Counter.prototype;
    const dispose = Counter.prototype[Symbol.dispose];
    for (const other of [{}, new Proxy(new Counter("p", 1), {}), Object.create(Counter.prototype)]) {
      await refused(() => add.call(other, 1), "this: expected Counter, got object");
      same(((await caught(() => dispose.call(other))) as Error).name, "TypeError");
    }
    await refused(() => add.call(undefined, 1), "this: expected Counter, got undefined");
    await refused(() => Counter("x", 1), "Class constructors cannot be invoked without 'new'");
    const { Grenade } = values.faults;
    await refused(() => Counter.sum(new Counter("x", 1), new Grenade()), "arg1: expected Counter, got a resource of another type");
  },
  async "a static function may fail"() {
    const error: any = await caught(() => Counter.tryNew(""));
    same([error.name, error.payload], ["ComponentError", "a counter needs a name"]);
    same(await (await Counter.tryNew("fine")).name(), "fine");
  },
  async "lists of resources"() {
    const many = await counters.many(3);
    same(await Promise.all(many.map((counter: any) => counter.name())), ["0", "1", "2"]);
    for (const each of many) each[Symbol.dispose]();
  },
  async "a wrong argument of a constructor"() {
    same(((await caught(() => new Counter("a", "b"))) as Error).message, "arg1: expected number, got string");
    same(((await caught(() => new Counter())) as Error).message, "arg0: expected string, got undefined");
  },
  async "handles of an instance that is no more"() {
    const counter = new Counter("old", 1);
    await caught(() => values.faults.trap());
    const error = (await caught(() => counter.add(1))) as Error;
    same(error.name, "TypeError");
    counter[Symbol.dispose]();
    same(await new Counter("new", 1).add(1), 2);
  },
};
