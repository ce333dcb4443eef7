import { type Cases, refused, same } from "./assert.ts";

const text = (value: BufferSource) => new TextDecoder().decode(value);
const names = (page: { keys: { name: string }[] }) => page.keys.map((key) => key.name);

export const cases: Cases = {
  async "get answers in every type"(kv, id) {
    await kv.put(id, '{"a":[1]}');
    same(await kv.get(id), '{"a":[1]}');
    same(await kv.get(id, "text"), '{"a":[1]}');
    same(await kv.get(id, "json"), { a: [1] });
    same(text(await kv.get(id, "arrayBuffer")), '{"a":[1]}');
    same(await new Response(await kv.get(id, "stream")).text(), '{"a":[1]}');
    same(await kv.get(id, { type: "json", cacheTtl: 60 }), { a: [1] });
    same(await kv.get(id, {}), '{"a":[1]}');
    same((await kv.get(id, "stream")) instanceof ReadableStream, true);
  },
  async "a missing key is null in every type"(kv, id) {
    for (const type of [undefined, "text", "json", "arrayBuffer", "stream"]) same(await kv.get(id, type), null);
    same(await kv.getWithMetadata(id), { value: null, metadata: null, cacheStatus: null });
  },
  async "put takes every type of value"(kv, id) {
    const bytes = new Uint8Array([0, 1, 255, 2, 3]);
    await kv.put(id, bytes.buffer);
    same([...new Uint8Array(await kv.get(id, "arrayBuffer"))], [0, 1, 255, 2, 3]);
    await kv.put(id, bytes.subarray(1, 3));
    same([...new Uint8Array(await kv.get(id, "arrayBuffer"))], [1, 255]);
    await kv.put(id, new DataView(bytes.buffer, 3, 2));
    same([...new Uint8Array(await kv.get(id, "arrayBuffer"))], [2, 3]);
    await kv.put(id, ReadableStream.from(["streamed ", "value"]).pipeThrough(new TextEncoderStream()));
    same(await kv.get(id), "streamed value");
    // Chunks that are a part of a larger buffer, as those of a request's body are.
    const whole = new TextEncoder().encode("before inside after");
    await kv.put(id, ReadableStream.from([whole.subarray(7, 10), new DataView(whole.buffer, 10, 3)]));
    same(await kv.get(id), "inside");
    await kv.put(id, new Response("of a response").body);
    same(await kv.get(id), "of a response");
    await kv.put(id, "");
    same(await kv.get(id), "");
  },
  async "put replaces the whole entry"(kv, id) {
    await kv.put(id, "1", { metadata: { v: 1 }, expirationTtl: 3600 });
    await kv.put(id, "2");
    same(await kv.getWithMetadata(id), { value: "2", metadata: null, cacheStatus: null });
    same((await kv.list({ prefix: id })).keys, [{ name: id }]);
  },
  async "metadata goes there and back"(kv, id) {
    const metadata = { s: "ä", n: 1.5, list: [null, true] };
    await kv.put(id, '{"x":1}', { metadata });
    same(await kv.getWithMetadata(id), { value: '{"x":1}', metadata, cacheStatus: null });
    same((await kv.getWithMetadata(id, "json")).value, { x: 1 });
    same((await kv.getWithMetadata(id, { type: "json" })).value, { x: 1 });
    same((await kv.list({ prefix: id })).keys, [{ name: id, metadata }]);
  },
  async "bulk get answers with a Map, in the order asked for"(kv, id) {
    await kv.put(`${id}/a`, '{"n":1}', { metadata: "meta" });
    await kv.put(`${id}/b`, "2");
    const keys = [`${id}/b`, `${id}/gone`, `${id}/a`];
    const found = await kv.get(keys);
    same(found instanceof Map, true);
    same([...found], [[`${id}/b`, "2"], [`${id}/gone`, null], [`${id}/a`, '{"n":1}']]);
    same((await kv.get(keys, "json")).get(`${id}/a`), { n: 1 });
    const both = await kv.getWithMetadata(keys, { type: "json" });
    same([both.get(`${id}/a`).value, both.get(`${id}/a`).metadata], [{ n: 1 }, "meta"]);
    same(both.get(`${id}/gone`)?.value ?? null, null);
  },
  async "bulk get has its limits"(kv, id) {
    const keys = Array.from({ length: 101 }, (_, n) => `${id}/${n}`);
    await refused(() => kv.get(keys), "100");
    await refused(() => kv.get([`${id}/a`], "stream"), "stream");
    await refused(() => kv.get([`${id}/a`], "arrayBuffer"), "arrayBuffer");
    same((await kv.get(keys.slice(1))).size, 100);
  },
  async "delete removes, twice if need be"(kv, id) {
    await kv.put(id, "x");
    same(await kv.delete(id), undefined);
    same(await kv.get(id), null);
    await kv.delete(id);
  },
  async "list pages through a prefix in order"(kv, id) {
    for (const n of [3, 1, 5, 2, 4]) await kv.put(`${id}:${n}`, "x");
    await kv.put(`${id};other`, "x");
    const first = await kv.list({ prefix: `${id}:`, limit: 2 });
    same([names(first), first.list_complete, typeof first.cursor], [[`${id}:1`, `${id}:2`], false, "string"]);
    const second = await kv.list({ prefix: `${id}:`, limit: 2, cursor: first.cursor });
    same(names(second), [`${id}:3`, `${id}:4`]);
    await kv.delete(`${id}:4`);
    const third = await kv.list({ prefix: `${id}:`, limit: 2, cursor: second.cursor });
    same([names(third), third.list_complete, third.cursor], [[`${id}:5`], true, undefined]);
  },
  async "an exact page is the last one"(kv, id) {
    await kv.put(`${id}:1`, "x");
    await kv.put(`${id}:2`, "x");
    const page = await kv.list({ prefix: `${id}:`, limit: 2 });
    same([names(page), page.list_complete, page.cacheStatus], [[`${id}:1`, `${id}:2`], true, null]);
  },
  async "list is in the order of UTF-8, and prefixes are plain text"(kv, id) {
    for (const end of ["\u{1f600}", "\uffee", "a%b", "a_b", "axb", "B"]) await kv.put(id + end, "x");
    same(names(await kv.list({ prefix: id })), ["B", "a%b", "a_b", "axb", "\uffee", "\u{1f600}"].map((end) => id + end));
    same(names(await kv.list({ prefix: `${id}a_` })), [`${id}a_b`]);
    same(names(await kv.list({ prefix: `${id}a%` })), [`${id}a%b`]);
    same(names(await kv.list({ prefix: `${id}b` })), []);
  },
  async "an empty list is complete"(kv, id) {
    same(await kv.list({ prefix: id }), { keys: [], list_complete: true, cacheStatus: null });
  },
  async "list has its limits"(kv, id) {
    await refused(() => kv.list({ limit: 0 }), "limit");
    await refused(() => kv.list({ limit: 1001 }), "1000");
    await refused(() => kv.list({ limit: -1 }), "limit");
    await refused(() => kv.list({ prefix: id, cursor: "no cursor of ours" }), "cursor");
  },
  async "expiry is kept and shown"(kv, id) {
    const now = Math.floor(Date.now() / 1000);
    await kv.put(`${id}:at`, "x", { expiration: now + 1000 });
    await kv.put(`${id}:in`, "x", { expirationTtl: 60 });
    const [at, soon] = (await kv.list({ prefix: id })).keys;
    same(at.expiration, now + 1000);
    same(soon.expiration >= now + 60 && soon.expiration <= now + 65, true);
    same(await kv.get(`${id}:in`), "x");
  },
  async "expiry has its limits"(kv, id) {
    const now = Math.floor(Date.now() / 1000);
    await refused(() => kv.put(id, "x", { expirationTtl: 59 }), "60");
    await refused(() => kv.put(id, "x", { expirationTtl: -60 }), "60");
    await refused(() => kv.put(id, "x", { expiration: now + 10 }), "60");
    await refused(() => kv.put(id, "x", { expiration: now - 100 }), String(now - 100));
    await refused(() => kv.put(id, "x", { expirationTtl: Number.NaN }));
    await refused(() => kv.get(id, { cacheTtl: 5 }), "30");
    same(await kv.get(id), null);
  },
  async "keys have their limits"(kv, id) {
    await refused(() => kv.put("", "x"), "empty");
    await refused(() => kv.get(""), "empty");
    await refused(() => kv.delete(""), "empty");
    for (const key of [".", ".."]) {
      await refused(() => kv.put(key, "x"), JSON.stringify(key));
      await refused(() => kv.get(key), JSON.stringify(key));
    }
    const longest = id.padEnd(510, "x") + "é";
    await kv.put(longest, "long");
    same(await kv.get(longest), "long");
    await refused(() => kv.put(`${longest}x`, "x"), "512", "513");
    await refused(() => kv.get(`${longest}x`), "512");
  },
  async "values and metadata have their limits"(kv, id) {
    await refused(() => kv.put(id, new Uint8Array(25 * 1024 * 1024 + 1)), "26214400");
    const stream = () => {
      let sent = 0;
      return new ReadableStream({
        pull(controller) {
          sent += 1;
          controller.enqueue(new Uint8Array(1024 * 1024));
          if (sent === 26) controller.close();
        },
      });
    };
    await refused(() => kv.put(id, stream()), "26214400");
    const metadata = "x".repeat(1022);
    await kv.put(id, "x", { metadata });
    same((await kv.getWithMetadata(id)).metadata, metadata);
    await refused(() => kv.put(id, "x", { metadata: `${metadata}x` }), "1024");
    await refused(() => kv.put(id, "x", { metadata: { big: 1n } }));
  },
  async "a large value goes there and back"(kv, id) {
    const value = new Uint8Array(3 * 1024 * 1024).map((_, n) => n % 251);
    await kv.put(id, value);
    const back = new Uint8Array(await kv.get(id, "arrayBuffer"));
    same([back.length, back.every((byte, n) => byte === n % 251)], [value.length, true]);
  },
  async "wrong arguments are refused before anything is written"(kv, id) {
    await refused(() => kv.put(id, { object: 1 }));
    await refused(() => kv.put(id, null));
    await refused(() => kv.put(id, undefined));
    await refused(() => kv.get(id, "xml"), "xml");
    await refused(() => (kv.put as any)(id));
    same(await kv.get(id), null);
  },
  async "json that is none is the guest's error"(kv, id) {
    await kv.put(id, "{nope");
    await refused(() => kv.get(id, "json"));
    same(await kv.get(id), "{nope");
  },
  async "a failing stream writes nothing"(kv, id) {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("part"));
        controller.error(new Error("source failed"));
      },
    });
    await refused(() => kv.put(id, stream), "source failed");
    same(await kv.get(id), null);
  },
  async "writes at once all arrive"(kv, id) {
    await Promise.all(Array.from({ length: 200 }, (_, n) => kv.put(`${id}:${n}`, String(n))));
    same((await kv.list({ prefix: `${id}:` })).keys.length, 200);
    const values = await Promise.all(Array.from({ length: 200 }, (_, n) => kv.get(`${id}:${n}`)));
    same(values.every((value, n) => value === String(n)), true);
  },
  async "the last of several writes to one key wins"(kv, id) {
    for (let n = 0; n < 20; n += 1) await kv.put(id, String(n));
    same(await kv.get(id), "19");
  },
};
