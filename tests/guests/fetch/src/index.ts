interface Env {
  UPSTREAM: string;
}

type Act = (upstream: string, request: Request, query: URLSearchParams) => unknown;

/** What became of a promise, as text. */
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => `resolved ${value}`,
    (error) => `${error.name}: ${error.message}`,
  );

const echo = async (upstream: string, init?: RequestInit) => (await fetch(`${upstream}/echo`, init)).json();

const acts: Record<string, Act> = {
  async methods(upstream) {
    const seen: string[] = [];
    for (const method of ["GET", "post", "PUT", "PATCH", "delete", "OPTIONS", "PROPFIND"]) {
      seen.push((await echo(upstream, { method })).method);
    }
    const head = await fetch(`${upstream}/echo`, { method: "HEAD" });
    return [...seen, head.status, await head.text()];
  },
  async bodies(upstream) {
    const form = new FormData();
    form.append("a", "1");
    const sent: [BodyInit, string][] = [
      ["text", "text/plain;charset=UTF-8"],
      [new TextEncoder().encode("bytes"), "undefined"],
      [new TextEncoder().encode("buffer").buffer as ArrayBuffer, "undefined"],
      [new Blob(["blob"], { type: "text/x-blob" }), "text/x-blob"],
      [new URLSearchParams({ q: "1 2" }), "application/x-www-form-urlencoded;charset=UTF-8"],
      [ReadableStream.from(["str", "eam"]).pipeThrough(new TextEncoderStream()), "undefined"],
    ];
    const seen: unknown[] = [];
    for (const [body, type] of sent) {
      const init = { method: "POST", body, duplex: "half" } as RequestInit;
      const { body: arrived, headers } = await echo(upstream, init);
      seen.push([arrived, String(headers["content-type"]) === type]);
    }
    const { body, headers } = await echo(upstream, { method: "POST", body: form });
    seen.push([body.includes('name="a"'), headers["content-type"].startsWith("multipart/form-data; boundary=")]);
    return seen;
  },
  async headers(upstream) {
    const { headers } = await echo(upstream, { headers: { "X-Mixed-Case": "value", accept: "x/y" } });
    return [headers["x-mixed-case"], headers.accept, headers.host === new URL(upstream).host, typeof headers["user-agent"]];
  },
  async response(upstream) {
    const response = await fetch(`${upstream}/status/404#fragment`);
    return [response.status, response.ok, response.statusText, response.url === `${upstream}/status/404`, response.redirected, response.type, await response.text()];
  },
  async cookies(upstream) {
    const first = await fetch(`${upstream}/cookies`);
    const { headers } = await echo(upstream);
    return [first.headers.getSetCookie(), headers.cookie ?? null];
  },
  async decode(upstream) {
    const seen: string[] = [];
    for (const encoding of ["gzip", "deflate", "br", "zstd"]) seen.push(await (await fetch(`${upstream}/${encoding}`)).text());
    return seen;
  },
  async redirects(upstream) {
    const followed = await fetch(`${upstream}/chain/3`);
    const manual = await fetch(`${upstream}/redirect/302?to=/echo`, { redirect: "manual" });
    const error = outcome(fetch(`${upstream}/redirect/302?to=/echo`, { redirect: "error" }));
    return [
      [followed.status, followed.redirected, followed.url === `${upstream}/chain/0`, await followed.text()],
      [manual.status, manual.headers.get("location")],
      (await error).split(":")[0],
      (await outcome(fetch(`${upstream}/chain/30`))).split(":")[0],
    ];
  },
  async redirect_methods(upstream) {
    const seen: unknown[] = [];
    for (const status of [301, 302, 303, 307, 308]) {
      const response = await fetch(`${upstream}/redirect/${status}?to=/echo`, { method: "POST", body: "kept?" });
      const { method, body } = await response.json();
      seen.push([status, method, body]);
    }
    return seen;
  },
  async credentials(upstream, _, query) {
    const headers = { authorization: "Bearer x", cookie: "a=1", "x-other": "kept" };
    const same = await (await fetch(`${upstream}/redirect/302?to=/echo`, { headers })).json();
    const cross = await (await fetch(`${upstream}/redirect/302?to=${query.get("other")}/echo`, { headers })).json();
    const pick = (seen: { headers: Record<string, string> }) => [seen.headers.authorization ?? null, seen.headers["x-other"]];
    return [pick(same), pick(cross)];
  },
  async errors(upstream) {
    const kind = async (act: () => Promise<unknown>) => (await outcome((async () => act())())).split(":")[0];
    return [
      await kind(() => fetch("http://127.0.0.1:1/")),
      await kind(() => fetch("http://does-not-exist.invalid/")),
      await kind(() => fetch("not a url")),
      await kind(() => fetch("ftp://example.com/")),
      await kind(() => fetch("file:///etc/passwd")),
      await kind(() => fetch(`${upstream}/echo`, { method: "CONNECT" })),
      await kind(async () => (await fetch(`${upstream}/broken`)).text()),
    ];
  },
  async abort(upstream) {
    const started = async (path: string) =>
      (await (await fetch(`${upstream}/noted/started+${path}`)).text()) === "true";
    const controller = new AbortController();
    const pending = outcome(fetch(`${upstream}/never/aborted`, { signal: controller.signal }));
    while (!(await started("/never/aborted")));
    controller.abort();
    // The time may be over before the upstream has been asked.
    let timeout: string;
    let ms = 5;
    do {
      timeout = await outcome(fetch(`${upstream}/never/timeout`, { signal: AbortSignal.timeout((ms *= 2)) }));
    } while (!(await started("/never/timeout")));
    return [
      (await pending).split(":")[0],
      timeout.split(":")[0],
      await outcome(fetch(`${upstream}/echo`, { signal: AbortSignal.abort(new RangeError("mine")) })),
    ];
  },
  async abort_body(upstream) {
    const controller = new AbortController();
    const response = await fetch(`${upstream}/gated/abort_body`, { signal: controller.signal });
    const reader = response.body!.getReader();
    await reader.read();
    controller.abort();
    return (await outcome(reader.read())).split(":")[0];
  },
  async cancel_body(upstream) {
    const response = await fetch(`${upstream}/gated/cancel_body`);
    await response.body!.cancel();
    return "cancelled";
  },
  async many(upstream, _, query) {
    const seen: string[] = [];
    for (let n = 0; n < Number(query.get("n")); n += 1) seen.push(await outcome(fetch(`${upstream}/status/200`).then((r) => r.text())));
    return seen;
  },
  async parallel(upstream) {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => fetch(`${upstream}/status/${200 + n}`)));
    return answers.map((answer) => answer.status).every((status, n) => status === 200 + n);
  },
  trace: (upstream) => echo(upstream).then(({ headers }) => headers.traceparent),
  proxy: (upstream, request, query) => fetch(new Request(upstream + query.get("to"), request)),
  async get(_, __, query) {
    return outcome(fetch(query.get("url")!, { redirect: (query.get("redirect") as RequestRedirect) ?? "follow" }).then((r) => r.status));
  },
};

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const result = await acts[pathname.slice(1)](env.UPSTREAM, request, searchParams);
    return result instanceof Response ? result : Response.json(result);
  },
};
