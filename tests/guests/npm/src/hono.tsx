import { Hono } from "hono";
import { cors } from "hono/cors";
import { html } from "hono/html";
import type { FC } from "hono/jsx";

const Page: FC<{ names: string[] }> = ({ names }) => (
  <ul class="names">
    {names.map((name) => (
      <li>{name}</li>
    ))}
  </ul>
);

const app = new Hono().basePath("/hono");
app.use("/api/*", cors());
app.get("/api/:id", (c) => c.json({ id: c.req.param("id"), q: c.req.query("q") }));
app.get("/page", (c) => c.html(<Page names={["a", "<b>"]} />));
app.get("/html", (c) => c.html(html`<p>${"<i>"}</p>`));
app.post("/body", async (c) => c.text((await c.req.text()).toUpperCase(), 201));
app.onError((error, c) => c.text(`caught: ${error.message}`, 500));
app.get("/throws", () => {
  throw new Error("thrown");
});
app.notFound((c) => c.text("nothing here", 404));

export default app;
