import { expect, SELF, test } from "worky:test";

import { slug } from "plugin:slug";

test("the worker answers with a slug", async () => {
  const answer = await SELF.fetch("/?title=On%20Plugins");
  expect(await answer.json()).toEqual({ title: "On Plugins", slug: "on-plugins" });
  expect((await SELF.fetch("/?title=!")).status).toBe(400);
});

test("the component by itself", async () => {
  expect(await slug("A b", { separator: "_" })).toBe("a_b");
  await expect(slug("!")).rejects.toMatchObject({ payload: 'there is no letter in "!"' });
});
