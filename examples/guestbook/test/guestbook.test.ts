import { clock, describe, env, expect, SELF, test } from "worky:test";

import guestbook from "../src/index.ts";

/** Signs as a browser does, and stays where it is told to go next. */
function sign(fields: Record<string, string>): Promise<Response> {
  return SELF.fetch("/", { method: "POST", body: new URLSearchParams(fields) });
}

test("an empty book has a form and no entries", async () => {
  const page = await (await SELF.fetch("/")).text();
  expect(page).toContain('<form method="post">');
  expect(page).not.toContain("<li>");
});

describe("signing", () => {
  test("leads back to the book, which has the entry", async () => {
    const answer = await sign({ name: "Ada", message: "First!" });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/");
    expect(await (await SELF.fetch("/")).text()).toContain("<b>Ada</b>");
  });

  test("is undone after each test", async () => {
    expect((await env.ENTRIES.list()).keys).toEqual([]);
  });

  test.each([
    ["no name", { name: " ", message: "hello" }],
    ["no message", { name: "Ada", message: "" }],
    ["a name that is too long", { name: "A".repeat(51), message: "hello" }],
  ])("with %s is refused", async (_what, fields) => {
    expect((await sign(fields as Record<string, string>)).status).toBe(400);
    expect((await env.ENTRIES.list()).keys).toEqual([]);
  });

  test("does not let a name be markup", async () => {
    await sign({ name: "<script>", message: "hello" });
    expect(await (await SELF.fetch("/")).text()).toContain("&lt;script&gt;");
  });
});

test("the newest entry stands first", async () => {
  // The handler is called here and not through SELF: the clock is that of this isolate.
  const post = (name: string) =>
    guestbook.fetch(new Request("http://book/", { method: "POST", body: new URLSearchParams({ name, message: "hello" }) }), env);
  clock.install({ now: Date.UTC(2026, 0, 1) });
  await post("Ada");
  clock.tick(60_000);
  await post("Grace");
  const page = await (await SELF.fetch("/")).text();
  expect(page.indexOf("Grace")).toBeLessThan(page.indexOf("Ada"));
  expect(page).toContain("2026-01-01T00:01:00.000Z");
});
