// A request under another name than that of who answers it, which the global `fetch` does not let anybody send.
import { request as send } from "node:http";
import { Readable } from "node:stream";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** As many as `fetch` follows. */
const REDIRECTS_MAX = 20;
const NULL_BODY = new Set([101, 204, 205, 304]);

/**
 * @param {Request} request whatever its URL's host is, `server` answers it
 * @param {URL} server
 * @returns {Promise<Response>}
 */
export async function requestAs(request, server) {
  let { method } = request;
  let url = new URL(request.url);
  let body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  const headers = new Headers(request.headers);
  // What comes is not decoded here.
  if (!headers.has("accept-encoding")) headers.set("accept-encoding", "identity");
  for (let redirects = 0; ; redirects += 1) {
    const response = await once(url, server, { method, headers, body, signal: request.signal });
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null || request.redirect === "manual") return response;
    await response.body?.cancel();
    if (request.redirect === "error") throw new TypeError(`${url} redirects to ${location}, and redirects are errors`);
    if (redirects === REDIRECTS_MAX) throw new TypeError(`${request.url} redirects more than ${REDIRECTS_MAX} times`);
    url = new URL(location, url);
    if (response.status === 303 ? method !== "HEAD" : response.status < 303 && method === "POST") {
      method = "GET";
      body = undefined;
      for (const name of ["content-type", "content-encoding", "content-language", "content-location"]) headers.delete(name);
    }
  }
}

function once(url, server, { method, headers, body, signal }) {
  return new Promise((done, fail) => {
    const sent = send(server, {
      method,
      path: url.pathname + url.search,
      headers: { ...Object.fromEntries(headers), host: url.host, ...(body && { "content-length": body.length }) },
      signal,
    });
    sent.on("error", fail);
    sent.on("response", (answer) => {
      const fields = new Headers();
      for (let at = 0; at < answer.rawHeaders.length; at += 2) fields.append(answer.rawHeaders[at], answer.rawHeaders[at + 1]);
      const status = answer.statusCode;
      const empty = NULL_BODY.has(status) || method === "HEAD";
      if (empty) answer.resume();
      done(new Response(empty ? null : Readable.toWeb(answer), { status, statusText: answer.statusMessage, headers: fields }));
    });
    sent.end(body);
  });
}
