import { expect, SELF, test } from "worky:test";

const post = (body: BodyInit) => SELF.fetch("/", { method: "POST", body });

test("words are counted", async () => {
  expect(await (await post("so it goes, so")).json()).toEqual({ words: 4, mostFrequent: "so", frequency: 2 });
  expect(await (await post("")).json()).toEqual({ words: 0, frequency: 0 });
});

test("what is no text is refused", async () => {
  const refused = await post(new Uint8Array([0xff]));
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({ error: "the text is not UTF-8" });
});
