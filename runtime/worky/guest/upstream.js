// worky:test/upstream: what stands for the network. Whatever the worker under test and the tests fetch comes here.
const PATTERN = /^[a-z][a-z0-9+.-]*:|^\*:/i;

/** Handlers, the newest last; each belongs to the suite or the test that was begun when it was given. */
let handlers = [];
let requests = [];
const marks = [];
/** Where errors of handlers go. */
let report = () => {};

export function setReport(to) {
  report = to;
}

/** What follows belongs to a suite or test of its own, until `pop`. */
export function push() {
  marks.push({ handlers: handlers.length, requests: requests.length });
}

export function pop() {
  const mark = marks.pop();
  if (mark === undefined) return;
  handlers.length = mark.handlers;
  requests.length = mark.requests;
}

function matcher(method, pattern) {
  const wanted = method === null ? () => true : (request) => request.method === method;
  if (pattern instanceof RegExp) return (request) => (wanted(request) && pattern.test(request.url) ? {} : null);
  if (typeof pattern === "function") return (request) => (wanted(request) && pattern(request) ? {} : null);
  if (pattern instanceof URL) pattern = pattern.href;
  if (typeof pattern !== "string" && !(pattern instanceof URLPattern)) {
    throw new TypeError(`upstream: "${String(pattern)}" is no pattern; give a URL such as "https://api.example.com/users/:id", a RegExp or a function`);
  }
  let url = pattern;
  if (typeof pattern === "string") {
    if (!pattern.startsWith("/") && !PATTERN.test(pattern)) {
      throw new TypeError(`upstream: "${pattern}" is neither an absolute URL nor a path: write "https://${pattern}" or "/${pattern}"`);
    }
    // A path stands for it on any host.
    const [path, search] = pattern.split("?", 2);
    url = pattern.startsWith("/")
      ? new URLPattern({ pathname: path, ...(search !== undefined && { search }) })
      : new URLPattern(pattern);
  }
  return (request) => {
    if (!wanted(request)) return null;
    const found = url.exec(request.url);
    return found === null ? null : { ...found.pathname.groups, ...found.hostname.groups };
  };
}

function add(method, pattern, answer, { times = Infinity } = {}, service = null) {
  if (answer === undefined) throw new TypeError(`upstream: what answers "${String(pattern)}" is missing; give a Response, a value that becomes JSON, or a function`);
  if (times !== Infinity && (!Number.isInteger(times) || times < 1)) throw new TypeError(`upstream: times must be a whole number from 1, not ${String(times)}`);
  const calls = [];
  const shown = service !== null ? `the worker "${service}"` : `${method ?? "*"} ${pattern instanceof URLPattern ? `${pattern.protocol}://${pattern.hostname}${pattern.pathname}` : String(pattern)}`;
  handlers.push({ shown, service, matches: matcher(method, pattern), answer, times, calls });
  return { calls };
}

const of = (method) => (pattern, answer, options) => add(method, pattern, answer, options);

/** Handlers: `upstream.get("https://api.example.com/users/:id", (request, { params }) => Response.json(params))`. */
export const upstream = Object.freeze({
  all: of(null),
  get: of("GET"),
  head: of("HEAD"),
  post: of("POST"),
  put: of("PUT"),
  patch: of("PATCH"),
  delete: of("DELETE"),
  options: of("OPTIONS"),
  /** A worker of `[[services]]` that is not part of the project, by its name: what it is asked comes here. */
  service(name, answer, options) {
    if (typeof name !== "string" || name === "") throw new TypeError(`upstream.service: the worker's name must be a string, not ${String(name)}`);
    return add(null, () => true, answer, options, name);
  },
  /** What was fetched since the test began, in order, answered or not. */
  get requests() {
    return requests.slice(marks.at(-1)?.requests ?? 0);
  },
  /** Forgets every handler that this test or suite has given. */
  reset() {
    handlers.length = marks.at(-1)?.handlers ?? 0;
  },
});

function refusal(request, service) {
  if (service !== null) {
    return `the worker "${service}" is not part of the project: nothing answers ${request.method} ${request.url}; ` +
      `upstream.service("${service}", …) of worky:test does`;
  }
  const known = handlers.filter((handler) => handler.service === null && handler.calls.length < handler.times).map((handler) => handler.shown);
  const has = known.length === 0 ? "no handler is given" : `there are ${known.join(", ")}`;
  const name = request.method.toLowerCase();
  const call = name in upstream ? name : "all";
  return `tests have no network: nothing answers ${request.method} ${request.url} (${has}); ` +
    `upstream.${call}("${request.url.split("?")[0]}", …) of worky:test does`;
}

async function answerOf(handler, request, params) {
  const { answer } = handler;
  const value = typeof answer === "function"
    ? await answer(request, { params, count: handler.calls.length })
    : answer instanceof Response ? answer.clone() : answer;
  if (value instanceof Response) return value;
  if (value === undefined) throw new TypeError(`the handler of ${handler.shown} returned nothing; return a Response, or a value that becomes JSON`);
  return typeof value === "string" ? new Response(value) : Response.json(value);
}

/** Called for each request; `refused` marks an answer that is none. */
export async function answer(incoming, refused) {
  const body = incoming.body === null ? undefined : await incoming.arrayBuffer();
  const headers = new Headers(incoming.headers);
  for (const name of ["worky-test", "worky-test-url", "worky-test-service"]) headers.delete(name);
  const service = incoming.headers.get("worky-test-service");
  const url = incoming.headers.get("worky-test-url") ?? incoming.url;
  const make = () => new Request(url, { method: incoming.method, headers, body, redirect: "manual" });
  requests.push(make());
  const asked = make();
  for (const handler of handlers.toReversed()) {
    if (handler.calls.length >= handler.times || handler.service !== service) continue;
    const params = handler.matches(asked);
    if (params === null) continue;
    handler.calls.push(make());
    try {
      return await answerOf(handler, asked, params);
    } catch (error) {
      report(error);
      return refused(`the handler of ${handler.shown} failed: ${error?.message ?? error}`);
    }
  }
  return refused(refusal(asked, service));
}
