import { expect, SELF, test } from "worky:test";

test("it greets", async () => {
  const answer = await SELF.fetch("/?name=Ada");
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe("Hello, Ada!\n");
});
