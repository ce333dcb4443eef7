// What is not of its type is refused, with its place.
import { echo, sync } from "plugin:values";
import { type Cases, caught, refused, same } from "./assert.ts";

const row = { id: 1n, firstName: "Ada", score: 1.5, tags: ["a"] };

const wrong: [string, unknown[], string][] = [
  ["echoBool", [1], "arg0: expected boolean, got number"],
  ["echoBool", [], "arg0: expected boolean, got undefined"],
  ["echoU8", ["1"], "arg0: expected number, got string"],
  ["echoU8", [256], "arg0: expected u8 (0 to 255), got 256"],
  ["echoU8", [-1], "arg0: expected u8 (0 to 255), got -1"],
  ["echoU8", [1.5], "arg0: expected u8 (0 to 255), got 1.5"],
  ["echoU8", [NaN], "arg0: expected u8 (0 to 255), got NaN"],
  ["echoU8", [1n], "arg0: expected u8 (0 to 255), got bigint"],
  ["echoU8", [{ valueOf: () => 1 }], "arg0: expected number, got object"],
  ["echoU8", [new Number(1)], "arg0: expected number, got object"],
  ["echoS8", [128], "arg0: expected s8 (-128 to 127), got 128"],
  ["echoU32", [2 ** 32], "arg0: expected u32 (0 to 4294967295), got 4294967296"],
  ["echoS32", [Infinity], "arg0: expected s32 (-2147483648 to 2147483647), got Infinity"],
  ["echoU64", [-1n], "arg0: expected u64 (a BigInt from 0 of 64 bits, or a safe integer), got -1n"],
  ["echoU64", [2n ** 64n], "arg0: expected u64 (a BigInt from 0 of 64 bits, or a safe integer), got 18446744073709551616n"],
  ["echoU64", [2 ** 53], "arg0: expected u64 (a BigInt from 0 of 64 bits, or a safe integer), got 9007199254740992"],
  ["echoS64", ["1"], "arg0: expected bigint, got string"],
  ["echoF64", [null], "arg0: expected number, got null"],
  ["echoChar", [""], "arg0: expected string of one character, got one of 0"],
  ["echoChar", ["ab"], "arg0: expected string of one character, got one of 2"],
  ["echoChar", ["\ud800"], "arg0: expected string of one character, got half of a surrogate pair"],
  ["echoChar", [65], "arg0: expected string of one character, got number"],
  ["echoString", [1], "arg0: expected string, got number"],
  ["echoString", [new String("a")], "arg0: expected string, got object"],
  ["echoBytes", ["a"], "arg0: expected Uint8Array or array of numbers, got string"],
  ["echoBytes", [[1, 256]], "arg0[1]: expected u8 (0 to 255), got 256"],
  ["echoBytes", [[1, , 3]], "arg0[1]: expected number, got undefined"],
  ["echoListU16", [new Uint8Array(2)], "arg0: expected Uint16Array or array of numbers, got Uint8Array"],
  ["echoListF64", [new ArrayBuffer(8)], "arg0: expected Float64Array or array of numbers, got ArrayBuffer"],
  ["echoStrings", [new Set(["a"])], "arg0: expected array, got object"],
  ["echoStrings", [["a", 1]], "arg0[1]: expected string, got number"],
  ["echoRow", ["a"], "arg0: expected object, got string"],
  ["echoRow", [[row]], "arg0: expected object, got array"],
  ["echoRow", [() => row], "arg0: expected object, got function"],
  ["echoRow", [{}], "arg0.id: missing field"],
  ["echoRow", [{ ...row, firstName: 3 }], "arg0.firstName: expected string, got number"],
  ["echoRow", [{ ...row, nickName: 3 }], "arg0.nickName: expected string, got number"],
  ["echoRows", [[row, row, { ...row, tags: ["a", null] }]], "arg0[2].tags[1]: expected string, got null"],
  ["echoNested", [{ rows: [row], origin: [1] }], "arg0.origin: expected array of 2, got one of 1"],
  ["echoNested", [{ rows: [row], origin: [1, "2"] }], "arg0.origin[1]: expected number, got string"],
  ["echoTuple", [{ 0: 1 }], "arg0: expected array of 3, got object"],
  ["echoShape", ["circle"], "arg0: expected object with tag and val, got string"],
  ["echoShape", [{ tag: "square" }], 'arg0.tag: expected one of "circle", "named-rectangle", "nothing", got "square"'],
  ["echoShape", [{ val: 1 }], 'arg0.tag: expected one of "circle", "named-rectangle", "nothing", got undefined'],
  ["echoShape", [{ tag: "circle" }], "arg0.val: missing field"],
  ["echoShape", [{ tag: "named-rectangle", val: { ...row, id: "1" } }], "arg0.val.id: expected bigint, got string"],
  ["echoColor", ["darkGreen"], 'arg0: expected one of "red", "dark-green", "blue", got "darkGreen"'],
  ["echoColor", [0], 'arg0: expected one of "red", "dark-green", "blue", got number'],
  ["echoPermissions", [["read"]], "arg0: expected object of booleans, got array"],
  ["echoPermissions", [{ read: 1 }], "arg0.read: expected boolean, got number"],
  ["echoPermissions", [{ write: true }], 'arg0: unknown flag "write", expected one of "read", "writeAll", "execute"'],
  ["echoOption", ["1"], "arg0: expected number, got string"],
  ["echoOptionOption", [5], 'arg0: expected object with tag "none", or "some" and val, got number'],
  ["echoOptionOption", [{ tag: "some", val: "5" }], "arg0.val: expected number, got string"],
  ["echoResult", [{ tag: "ok", val: "5" }], "arg0.val: expected number, got string"],
  ["echoResult", [{ ok: 5 }], 'arg0.tag: expected one of "ok", "err", got undefined'],
  ["echoMany", [1, 2, 3], "arg2: expected string, got number"],
];

export const cases: Cases = {
  async "an argument may be any object, and getters may throw"() {
    const thrown = new RangeError("from the getter");
    same(await caught(() => echo.echoRow({ ...row, get score() { throw thrown; } })) === thrown, true);
    same(await caught(() => sync.echo.echoRow(new Proxy({}, { get() { throw thrown; } }))) === thrown, true);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    same(((await caught(() => echo.echoRow(proxy))) as Error).name, "TypeError");
    same((await echo.echoRow(new Proxy(row, {}))).firstName, "Ada");
    same((await echo.echoRow(Object.create(row))).firstName, "Ada");
  },
  async "code that runs while arguments are read cannot pull a buffer away"() {
    const bytes = new Uint8Array(100_000).fill(1);
    // The bytes are gone by the time that the call is made.
    const steal = { ...row, get score() { structuredClone(bytes.buffer, { transfer: [bytes.buffer] }); return 1; } };
    same((await echo.echoWide({ rows: [steal], origin: [0, 0] }, { rows: [], origin: [0, 0] }))[0].rows[0].score, 1);
    same(bytes.length, 0);
    const list = [1, 2, 3];
    Object.defineProperty(list, 0, { get() { list.length = 1; return 1; } });
    same(await echo.echoBytes(list), new Uint8Array([1]));
    const growing = ["a"];
    Object.defineProperty(growing, 0, { get() { if (growing.length < 4) growing.push("b"); return "a"; } });
    same(await echo.echoStrings(growing), ["a", "b"]);
  },
  async "resizable and detached buffers"() {
    const resizable = new ArrayBuffer(200, { maxByteLength: 400 } as object);
    const view = new Uint8Array(resizable).fill(3);
    same((await echo.echoBytes(view)).length, 200);
    (resizable as any).resize(100);
    same((await echo.echoBytes(view)).length, 100);
    const detached = new Uint8Array(200);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    same((await echo.echoBytes(detached)).length, 0);
    same((await echo.echoBytes(detached.buffer)).length, 0);
  },
};
for (const [index, [name, args, message]] of wrong.entries()) {
  cases[`${index}: ${name}`] = async () => {
    await refused(() => echo[name](...args), message);
    let thrown: unknown;
    try {
      sync.echo[name](...args);
    } catch (error) {
      thrown = error;
    }
    same((thrown as Error)?.message, message);
  };
}
