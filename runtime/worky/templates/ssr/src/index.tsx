import { Hono } from "hono";

import { Page } from "./page.tsx";

const NAME_CHARS_MAX = 50;

const app = new Hono<{ Bindings: Env }>();

app.get("/", async (c) => {
  const { keys } = await c.env.GUESTS.list({ limit: 50 });
  return c.html(
    <Page title="Guests">
      <form method="post">
        <input name="name" placeholder="Your name" required maxlength={NAME_CHARS_MAX} />
        <button>Sign</button>
      </form>
      {keys.length === 0 ? <p>Nobody was here yet.</p> : <ul>{keys.map(({ name }) => <li>{name}</li>)}</ul>}
    </Page>,
  );
});

app.post("/", async (c) => {
  const { name } = await c.req.parseBody();
  if (typeof name !== "string" || name.trim() === "" || name.length > NAME_CHARS_MAX) {
    return c.html(<Page title="A name, please">Of at most {NAME_CHARS_MAX} characters.</Page>, 400);
  }
  await c.env.GUESTS.put(name.trim(), new Date().toISOString());
  return c.redirect("/", 303);
});

app.notFound((c) => c.html(<Page title="Not found">There is nothing at {c.req.path}.</Page>, 404));

export default app;
