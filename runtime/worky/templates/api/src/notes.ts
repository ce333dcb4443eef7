import { HttpError } from "./router.ts";

interface Note {
  title: string;
  text: string;
}

const TITLE_CHARS_MAX = 200;
const TEXT_CHARS_MAX = 100_000;

export async function list(request: Request, env: Env): Promise<Response> {
  const cursor = new URL(request.url).searchParams.get("cursor");
  const page = await env.NOTES.list<{ title: string }>({ limit: 100, cursor });
  const notes = page.keys.map(({ name, metadata }) => ({ id: name, title: metadata?.title }));
  return Response.json({ notes, cursor: page.list_complete ? null : page.cursor });
}

export async function create(request: Request, env: Env): Promise<Response> {
  const id = crypto.randomUUID();
  const note = await store(request, env, id);
  return Response.json({ id, ...note }, { status: 201, headers: { location: `/notes/${id}` } });
}

export async function read(_request: Request, env: Env, id: string): Promise<Response> {
  return Response.json({ id, ...(await find(env, id)) });
}

export async function replace(request: Request, env: Env, id: string): Promise<Response> {
  await find(env, id);
  return Response.json({ id, ...(await store(request, env, id)) });
}

export async function remove(_request: Request, env: Env, id: string): Promise<Response> {
  await find(env, id);
  await env.NOTES.delete(id);
  return new Response(null, { status: 204 });
}

async function find(env: Env, id: string): Promise<Note> {
  const note = await env.NOTES.get<Note>(id, "json");
  if (note === null) throw new HttpError(404, `there is no note ${id}`);
  return note;
}

async function store(request: Request, env: Env, id: string): Promise<Note> {
  const note = parse(await request.json().catch(() => undefined));
  // The title is in the list as well, which then needs no further reads.
  await env.NOTES.put(id, JSON.stringify(note), { metadata: { title: note.title } });
  return note;
}

/** What a client sent as a note, or why it is none. */
function parse(sent: unknown): Note {
  if (typeof sent !== "object" || sent === null) throw new HttpError(400, "the body is not a JSON object");
  const { title, text = "" } = sent as Record<string, unknown>;
  if (typeof title !== "string" || title.trim() === "" || title.length > TITLE_CHARS_MAX) {
    throw new HttpError(400, `title: expected 1 to ${TITLE_CHARS_MAX} characters`);
  }
  if (typeof text !== "string" || text.length > TEXT_CHARS_MAX) {
    throw new HttpError(400, `text: expected at most ${TEXT_CHARS_MAX} characters`);
  }
  return { title: title.trim(), text };
}
