import { html, page } from "./html.ts";

interface Entry {
  name: string;
  message: string;
  at: string;
}

interface Env {
  ENTRIES: {
    get(key: string, type: "json"): Promise<Entry | null>;
    put(key: string, value: string): Promise<void>;
    list(options: { limit: number }): Promise<{ keys: { name: string }[] }>;
  };
}

const NAME_CHARS_MAX = 50;
const MESSAGE_CHARS_MAX = 1000;
const ENTRIES_SHOWN = 50;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname !== "/") return page(html`<h1>Not found</h1>`, 404);
    if (request.method === "GET" || request.method === "HEAD") return show(env);
    if (request.method === "POST") return sign(request, env);
    return new Response("method not allowed\n", { status: 405, headers: { allow: "GET, HEAD, POST" } });
  },
};

async function show(env: Env): Promise<Response> {
  const { keys } = await env.ENTRIES.list({ limit: ENTRIES_SHOWN });
  const found = await Promise.all(keys.map((key) => env.ENTRIES.get(key.name, "json")));
  // An entry that was deleted since the list was read is null.
  const entries = found.filter((entry) => entry !== null);
  const items = entries.map(({ name, message, at }) => html`<li><b>${name}</b> <time>${at}</time><p>${message}</p></li>`);
  return page(html`<!doctype html>
    <html lang="en">
      <title>Guestbook</title>
      <h1>Guestbook</h1>
      <form method="post">
        <input name="name" placeholder="Your name" required maxlength="${NAME_CHARS_MAX}">
        <input name="message" placeholder="Your message" required maxlength="${MESSAGE_CHARS_MAX}">
        <button>Sign</button>
      </form>
      <ul>${items}</ul>
    </html>`);
}

async function sign(request: Request, env: Env): Promise<Response> {
  const form = await request.formData();
  const name = String(form.get("name") ?? "").trim();
  const message = String(form.get("message") ?? "").trim();
  if (!name || !message || name.length > NAME_CHARS_MAX || message.length > MESSAGE_CHARS_MAX) {
    return page(html`<h1>A name and a message, please</h1><p>At most ${NAME_CHARS_MAX} and ${MESSAGE_CHARS_MAX} characters.</p>`, 400);
  }
  const now = Date.now();
  // Keys are listed in order, so a time that counts down puts the newest first.
  const key = `${String(Number.MAX_SAFE_INTEGER - now).padStart(16, "0")}-${crypto.randomUUID()}`;
  const entry: Entry = { name, message, at: new Date(now).toISOString() };
  await env.ENTRIES.put(key, JSON.stringify(entry));
  return new Response(null, { status: 303, headers: { location: "/" } });
}
