import { describe, env, expect, SELF, test } from "worky:test";

const post = (body: string) => SELF.fetch("/notes", { method: "POST", body });

describe("notes", () => {
  test("are kept and listed", async () => {
    const created = await post(JSON.stringify({ title: "First" }));
    expect(created.status).toBe(201);
    const note = await created.json<{ id: string }>();
    expect(note).toMatchObject({ title: "First", text: "" });

    const listed = await (await SELF.fetch("/notes")).json();
    expect(listed).toEqual({ notes: [{ id: note.id, title: "First" }], cursor: null });
  });

  test("are replaced and deleted", async () => {
    await env.NOTES.put("one", JSON.stringify({ title: "First", text: "" }));
    const replaced = await SELF.fetch("/notes/one", { method: "PUT", body: JSON.stringify({ title: "Second" }) });
    expect(await replaced.json()).toEqual({ id: "one", title: "Second", text: "" });
    expect((await SELF.fetch("/notes/one", { method: "DELETE" })).status).toBe(204);
    expect((await SELF.fetch("/notes/one")).status).toBe(404);
  });

  test.each([["nonsense"], ["{}"], ['{"title":""}'], ['{"title":"a","text":1}']])("of %j are refused", async (body) => {
    expect((await post(body)).status).toBe(400);
    expect((await env.NOTES.list()).keys).toHaveLength(0);
  });
});

test("a method that is not there is answered with those that are", async () => {
  const refused = await SELF.fetch("/notes", { method: "DELETE" });
  expect(refused.status).toBe(405);
  expect(refused.headers.get("allow")).toBe("GET, POST");
});
