// What is asked of worky. The token comes in the fragment of the address, which no browser sends anywhere, and goes into a
// header; so neither a cookie nor a log has it.

const KEY = `worky-explorer:${location.host}`;

/** Takes the token out of the address, where it would stay in the history. */
export function takeToken() {
  const fragment = location.hash.slice(1);
  if (/^[0-9a-f]{32}$/.test(fragment)) {
    sessionStorage.setItem(KEY, fragment);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEY);
}

/** Like fetch; what is refused is thrown as an Error with the reason. */
export async function ask(path, options = {}) {
  const headers = { ...options.headers, authorization: `Bearer ${sessionStorage.getItem(KEY)}` };
  const response = await fetch(path, { ...options, headers, cache: "no-store" });
  if (response.ok) return response;
  const text = await response.text();
  let message = text;
  let code = "";
  try {
    ({ message, code } = JSON.parse(text).error);
  } catch {
    // It is not from worky.
  }
  throw Object.assign(new Error(message || `status ${response.status}`), { status: response.status, code });
}

/** `path?name=value`, without what is undefined. */
export function withQuery(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return `${path}?${new URLSearchParams(given)}`;
}

const RETRY_MS = [250, 500, 1000, 2000, 4000];

/** Follows the stream, for as long as the page is there. `handlers` are by the event's name, and `status`. */
export async function follow(handlers) {
  const seen = { request: undefined, log: undefined };
  for (let tries = 0; ; tries++) {
    try {
      const response = await ask(withQuery("/api/events", { requests: seen.request, logs: seen.log }));
      tries = 0;
      handlers.status("live");
      for await (const { name, data } of events(response.body)) {
        if (name in seen) seen[name] = data.number;
        handlers[name]?.(data);
      }
    } catch (error) {
      if (error.status === 401) return handlers.status("refused", error.message);
      if (error.status) handlers.status("refused", error.message);
    }
    handlers.status("lost");
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]));
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const at = block.indexOf("\ndata: ");
      yield { name: block.slice("event: ".length, at), data: JSON.parse(block.slice(at + "\ndata: ".length)) };
    }
  }
}
