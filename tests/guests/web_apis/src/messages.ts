import { bytes, type Cases, fails, ok, same } from "./assert.ts";

export const cases: Cases = {
  "structuredClone copies what JSON cannot"() {
    const cyclic: Record<string, unknown> = { map: new Map([["k", new Set([1n])]]), date: new Date(5), re: /x/gi };
    cyclic.self = cyclic;
    const copy = structuredClone(cyclic) as typeof cyclic;
    ok(copy !== cyclic && copy.self === copy, "the cycle");
    same((copy.map as Map<string, Set<bigint>>).get("k")!.has(1n), true);
    same([(copy.date as Date).getTime(), String(copy.re)], [5, "/x/gi"]);
  },
  "structuredClone transfers buffers"() {
    const buffer = bytes(1, 2).buffer;
    const moved = structuredClone(buffer, { transfer: [buffer] });
    same([moved.byteLength, buffer.byteLength], [2, 0]);
  },
  "structuredClone refuses functions"() {
    return fails("DataCloneError", () => structuredClone(() => 1));
  },
  async "MessageChannel carries messages both ways"() {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => (port1.onmessage = (event) => resolve(event.data)));
    port2.onmessage = (event) => port2.postMessage({ echoed: event.data });
    port1.postMessage({ n: 1, big: 2n });
    const { echoed } = (await answer) as { echoed: { n: number; big: bigint } };
    same([echoed.n, echoed.big === 2n], [1, true]);
    port1.close();
    port2.close();
  },
  "Headers join, keep cookies apart and check"() {
    const headers = new Headers([["X-A", "1"], ["x-a", "2"], ["set-cookie", "a=1"], ["set-cookie", "b=2"]]);
    same(headers.get("X-a"), "1, 2");
    same(headers.getSetCookie(), ["a=1", "b=2"]);
    headers.delete("x-A");
    same([...headers.keys()], ["set-cookie", "set-cookie"]);
    return Promise.all([
      fails("TypeError", () => headers.set("bad name", "x")),
      fails("TypeError", () => headers.set("x", "a\nb")),
    ]);
  },
  async "Request copies, overrides and clones"() {
    const first = new Request("http://example.com/a?b#c", { method: "post", body: "x", headers: { "x-y": "z" } });
    same([first.method, first.url, first.headers.get("content-type")], [
      "POST", "http://example.com/a?b#c", "text/plain;charset=UTF-8",
    ]);
    const copy = first.clone();
    const second = new Request(first, { method: "PUT", headers: { "x-y": "w" } });
    same([second.method, second.headers.get("x-y"), await second.text(), await copy.text()], ["PUT", "w", "x", "x"]);
    same(first.bodyUsed, true);
  },
  "Request refuses what the standard refuses"() {
    return Promise.all([
      fails("TypeError", () => new Request("http://x/", { method: "TRACE" })),
      fails("TypeError", () => new Request("http://x/", { method: "GET", body: "x" })),
    ]);
  },
  async "Response.json, redirect and error"() {
    const json = Response.json({ a: 1 }, { status: 201, headers: { "x-b": "2" } });
    same([json.status, json.headers.get("content-type"), json.headers.get("x-b")], [201, "application/json", "2"]);
    same(await json.json(), { a: 1 });
    const redirect = Response.redirect("http://example.com/to", 303);
    same([redirect.status, redirect.headers.get("location")], [303, "http://example.com/to"]);
    const error = Response.error();
    same([error.type, error.status], ["error", 0]);
  },
  "Response refuses what the standard refuses"() {
    return Promise.all([
      fails("RangeError", () => new Response("", { status: 99 })),
      fails("TypeError", () => new Response("body", { status: 204 })),
      fails("RangeError", () => Response.redirect("http://x/", 200)),
    ]);
  },
  async "Response reads its body in every way"() {
    same(await new Response("[1]").json(), [1]);
    same(await new Response("ab").bytes(), bytes(0x61, 0x62));
    same(await new Response("ab").arrayBuffer(), bytes(0x61, 0x62));
    same((await new Response("ab", { headers: { "content-type": "text/x" } }).blob()).type, "text/x");
    same(await new Response(null).text(), "");
    same(new Response(null).body, null);
    await fails("SyntaxError", () => new Response("{").json());
  },
};
