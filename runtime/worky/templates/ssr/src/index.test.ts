import { env, expect, SELF, test } from "worky:test";

const sign = (name: string) => SELF.fetch("/", { method: "POST", body: new URLSearchParams({ name }) });

test("who signs is on the page, escaped", async () => {
  expect((await sign("<b>Ada")).status).toBe(303);
  const page = await SELF.fetch("/");
  expect(page.headers.get("content-type")).toContain("text/html");
  expect(await page.text()).toContain("<li>&lt;b&gt;Ada</li>");
});

test("nobody signs without a name", async () => {
  expect((await sign(" ")).status).toBe(400);
  expect((await env.GUESTS.list()).keys).toHaveLength(0);
});
