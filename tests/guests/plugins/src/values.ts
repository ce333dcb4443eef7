// Values there and back, each as it must come out.
import { echo } from "plugin:values";
import { type Cases, same } from "./assert.ts";

const row = (id: bigint) => ({ id, firstName: "Ada", nickName: undefined, score: 1.5, tags: ["a", "b"] });

/** Each by the function that echoes it: what is sent, and what comes back where that is something else. */
const echoes: [string, unknown, unknown?][] = [
  ["echoBool", true],
  ["echoBool", false],
  ["echoU8", 0],
  ["echoU8", 255],
  ["echoU8", -0, 0],
  ["echoS8", -128],
  ["echoU16", 65535],
  ["echoS16", -32768],
  ["echoU32", 4294967295],
  ["echoS32", -2147483648],
  ["echoU64", 0n],
  ["echoU64", 18446744073709551615n],
  ["echoU64", 9007199254740991, 9007199254740991n],
  ["echoS64", -9223372036854775808n],
  ["echoS64", -5, -5n],
  ["echoF32", 1.5],
  ["echoF32", 0.1, Math.fround(0.1)],
  ["echoF32", 1e300, Infinity],
  ["echoF64", 0.1],
  ["echoF64", -0],
  ["echoF64", NaN],
  ["echoF64", -Infinity],
  ["echoChar", "a"],
  ["echoChar", "é"],
  ["echoChar", "\u{1f600}"],
  ["echoChar", "\ufffd"],
  ["echoString", ""],
  ["echoString", "grüße \u{1f600} \0 end"],
  ["echoString", "a\ud800b\udc00", "a\ufffdb\ufffd"],
  ["echoString", "x".repeat(100_000)],
  ["echoString", "é".repeat(100_000)],
  ["echoBytes", new Uint8Array([])],
  ["echoBytes", new Uint8Array([0, 127, 255])],
  ["echoBytes", [0, 127, 255], new Uint8Array([0, 127, 255])],
  ["echoBytes", new Uint8Array([1, 2, 3]).buffer, new Uint8Array([1, 2, 3])],
  ["echoBytes", new DataView(new Uint8Array([1, 2, 3]).buffer, 1), new Uint8Array([2, 3])],
  ["echoBytes", new Uint16Array([0x0201]), new Uint8Array([1, 2])],
  ["echoBytes", new Uint8Array(new SharedArrayBuffer(2)), new Uint8Array([0, 0])],
  ["echoListS8", new Int8Array([-128, 127])],
  ["echoListU16", new Uint16Array([0, 65535])],
  ["echoListS16", new Int16Array([-32768, 32767])],
  ["echoListU32", new Uint32Array([0, 4294967295])],
  ["echoListS32", new Int32Array([-2147483648])],
  ["echoListU64", new BigUint64Array([18446744073709551615n])],
  ["echoListU64", [1, 2n], new BigUint64Array([1n, 2n])],
  ["echoListS64", new BigInt64Array([-1n])],
  ["echoListF32", new Float32Array([1.5, -0])],
  ["echoListF64", new Float64Array([0.1, NaN])],
  ["echoListF64", [0.1, 2], new Float64Array([0.1, 2])],
  ["echoStrings", []],
  ["echoStrings", ["a", "", "\u{1f600}"]],
  ["echoRow", row(18446744073709551615n)],
  ["echoRow", { ...row(1n), nickName: "Countess" }],
  ["echoRow", { id: 1, firstName: "Ada", score: 1.5, tags: ["a", "b"] }, row(1n)],
  ["echoRow", { ...row(1n), nickName: null, more: "is passed over" }, row(1n)],
  ["echoRows", []],
  ["echoRows", [row(1n), row(2n)]],
  ["echoNested", { rows: [row(1n)], origin: [-1, 1] }],
  ["echoTuple", [1, "two", true]],
  ["echoShape", { tag: "circle", val: 0.5 }],
  ["echoShape", { tag: "named-rectangle", val: row(7n) }],
  ["echoShape", { tag: "nothing" }],
  ["echoColor", "dark-green"],
  ["echoPermissions", { read: true, writeAll: false, execute: true }],
  ["echoPermissions", { writeAll: true }, { read: false, writeAll: true, execute: false }],
  ["echoOption", undefined],
  ["echoOption", null, undefined],
  ["echoOption", 0],
  ["echoOptionOption", { tag: "none" }],
  ["echoOptionOption", { tag: "some", val: undefined }],
  ["echoOptionOption", { tag: "some", val: 5 }],
];

export const cases: Cases = {
  async "parameters of several kinds"() {
    const bytes = new Uint8Array([9, 8]);
    same(await echo.echoMany(-1, 0.5, "c", bytes, true), [-1, 0.5, "c", bytes, true]);
    const nested = { rows: [row(1n), row(2n)], origin: [1, 2] };
    same(await echo.echoWide(nested, { rows: [], origin: [3, 4] }), [nested, { rows: [], origin: [3, 4] }]);
  },
  async "a result in a value is tagged"() {
    same(await echo.echoResult({ tag: "ok", val: 5 }), [{ tag: "ok", val: 5 }]);
    same(await echo.echoResult({ tag: "err", val: "no" }), [{ tag: "err", val: "no" }]);
    same(await echo.echoBareResult({ tag: "ok" }), [{ tag: "ok" }]);
    same(await echo.echoBareResult({ tag: "err" }), [{ tag: "err" }]);
  },
  async "a list of a million bytes"() {
    const bytes = new Uint8Array(1 << 20).map((_, at) => at * 7);
    const answer = await echo.echoBytes(bytes);
    same(answer.length, bytes.length);
    same(answer.every((byte: number, at: number) => byte === bytes[at]), true);
    bytes[0] = 99;
    same(answer[0], 0);
  },
  async "a part of a buffer"() {
    const whole = new Uint8Array(1000).map((_, at) => at);
    same(await echo.echoBytes(whole.subarray(100, 300)), whole.slice(100, 300));
    const numbers = new Float64Array(100).map((_, at) => at / 2);
    same(await echo.echoListF64(numbers.subarray(10, 60)), numbers.slice(10, 60));
  },
  async "objects and arrays answered are ordinary"() {
    const answer = await echo.echoRow(row(1n));
    same(Object.getPrototypeOf(answer) === Object.prototype, true);
    answer.firstName = "Grace";
    answer.tags.push("c");
    same(await echo.echoRow(answer), { ...row(1n), firstName: "Grace", tags: ["a", "b", "c"] });
  },
  async "setters on prototypes do not see what is answered"() {
    let seen = 0;
    const define = (target: object, key: string | number) =>
      Object.defineProperty(target, key, { set() { seen += 1; }, configurable: true });
    define(Object.prototype, "firstName");
    define(Array.prototype, 0);
    try {
      same((await echo.echoRows([{ ...row(1n), tags: new Array(0) }])).length, 1);
    } finally {
      delete (Object.prototype as any).firstName;
      delete (Array.prototype as any)[0];
    }
    same(seen, 0);
  },
};
for (const [index, [name, sent, back]] of echoes.entries()) {
  const expected = echoes[index].length === 3 ? back : sent;
  cases[`${index}: ${name}`] = async () => {
    const answer = echo[name](sent);
    same(answer instanceof Promise, true);
    same(await answer, expected);
  };
}
