//! `caches`: responses that a worker keeps for a while.

use std::sync::OnceLock;

use serde_json::json;
use worky_tests::client::full;
use worky_tests::{Project, Worky};

const WORKER: &str = r#"
let calls = 0;
const top = caches.default;
const errorOf = (run) => Promise.resolve().then(run).then(() => "no error", (error) => `${error.name}: ${error.message}`);
const fresh = (text, headers = {}) => new Response(text, { headers: { "cache-control": "max-age=600", ...headers } });
const acts = {
  // As frameworks do it: the cache first, and what was made put into it while it is sent.
  async page(request, env, ctx) {
    const found = await caches.default.match(request);
    if (found) return found;
    calls += 1;
    const response = fresh(`made ${calls}`, { etag: '"v1"', "x-own": "1" });
    ctx.waitUntil(caches.default.put(request, response.clone()));
    return response;
  },
  async kinds() {
    return Response.json([String(caches), String(top), top === caches.default, typeof caches.open, "default" in caches,
      await errorOf(() => new Cache()), await errorOf(() => new CacheStorage())]);
  },
  async named() {
    const [a, b] = await Promise.all([caches.open("a"), caches.open("b")]);
    await a.put("http://x.test/1", fresh("in a"));
    const again = await caches.open("a");
    return Response.json([await (await again.match("http://x.test/1")).text(), await b.match("http://x.test/1"),
      await caches.default.match("http://x.test/1")].map((found) => found ?? null));
  },
  async whole() {
    const url = new URL("http://x.test/whole?q=1#fragment");
    const made = new Response(new Uint8Array([0, 255, 1]), { status: 404, headers: [["cache-control", "s-maxage=60"], ["x-a", "1"], ["link", "<a>"]] });
    await top.put(url, made);
    const found = await top.match(new Request(url));
    const told = [made.bodyUsed, found.status, found.headers.get("x-a"), found.headers.get("age"), [...new Uint8Array(await found.arrayBuffer())]];
    return Response.json([...told, await top.delete(url), await top.delete(url), (await top.match(url)) ?? null]);
  },
  async redirect() {
    await top.put("http://x.test/moved", new Response(null, { status: 301, headers: { location: "/there", "cache-control": "max-age=60" } }));
    const found = await top.match("http://x.test/moved");
    return Response.json([found.status, found.headers.get("location")]);
  },
  async not_kept() {
    const url = "http://x.test/not";
    const kept = async (response) => { await top.put(url, response); return (await top.match(url)) !== undefined; };
    return Response.json([
      await kept(new Response("no lifetime")),
      await kept(fresh("private", { "cache-control": "private, max-age=60" })),
      await kept(fresh("cookies", { "set-cookie": "a=1" })),
      await kept(fresh("x".repeat(5 << 20))),
    ]);
  },
  async methods() {
    const url = "http://x.test/methods";
    await top.put(url, fresh("text"));
    const head = new Request(url, { method: "HEAD" });
    return Response.json([(await top.match(head)) ?? null, await (await top.match(head, { ignoreMethod: true })).text(),
      await top.delete(head), await top.delete(head, { ignoreMethod: true })]);
  },
  async errors() {
    const used = fresh("used");
    await used.text();
    return Response.json(await Promise.all([
      () => top.put(new Request("http://x.test/", { method: "POST" }), fresh("x")),
      () => top.put("http://x.test/", new Response("x", { status: 206 })),
      () => top.put("http://x.test/", fresh("x", { vary: "accept, *" })),
      () => top.put("http://x.test/", used),
      () => top.put("http://x.test/", "text"),
      () => top.put("/relative", fresh("x")),
      () => top.put("ftp://x.test/", fresh("x")),
      () => top.match(),
      () => caches.open(),
    ].map(errorOf)));
  },
  async vary() {
    const ask = (language) => new Request("http://x.test/vary", { headers: { "accept-language": language } });
    await top.put(ask("de"), fresh("deutsch", { vary: "Accept-Language" }));
    return Response.json([await (await top.match(ask("de"))).text(), (await top.match(ask("en"))) ?? null]);
  },
};
export default { fetch: (request, env, ctx) => acts[new URL(request.url).pathname.slice(1).split("/")[0]](request, env, ctx) };
"#;

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| Project::worker(WORKER).serve())
}

#[tokio::test]
async fn what_was_made_once_is_found() {
    let worky = Project::worker(WORKER).serve();
    assert_eq!(worky.get("/page").await.ok().text(), "made 1");
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    // It is put there while the first answer is sent.
    loop {
        let (before, after) = (worky.get("/page").await.ok(), worky.get("/page").await.ok());
        if before.text() == after.text() {
            assert_eq!(after.header("x-own"), "1");
            assert_ne!(after.header("age"), "");
            break;
        }
        assert!(tokio::time::Instant::now() < deadline);
    }
    let request = worky.request("GET", "/page").header("if-none-match", "\"v1\"").body(full("")).expect("a request");
    assert_eq!(worky.send(request).await.status.as_u16(), 304);
    assert_ne!(worky.get("/page/other").await.ok().text(), worky.get("/page").await.ok().text());
}

#[tokio::test]
async fn caches_are_what_the_standard_calls_them() {
    let illegal = "TypeError: Illegal constructor";
    let expected = json!(["[object CacheStorage]", "[object Cache]", true, "function", true, illegal, illegal]);
    assert_eq!(worky().get("/kinds").await.ok().json(), expected);
    assert_eq!(worky().get("/named").await.ok().json(), json!(["in a", null, null]));
    assert_eq!(worky().get("/methods").await.ok().json(), json!([null, "text", false, true]));
}

#[tokio::test]
async fn responses_come_back_whole() {
    let expected = json!([true, 404, "1", "0", [0, 255, 1], true, false, null]);
    assert_eq!(worky().get("/whole").await.ok().json(), expected);
    assert_eq!(worky().get("/redirect").await.ok().json(), json!([301, "/there"]));
    assert_eq!(worky().get("/vary").await.ok().json(), json!(["deutsch", null]));
}

#[tokio::test]
async fn what_may_not_be_kept_is_not() {
    assert_eq!(worky().get("/not_kept").await.ok().json(), json!([false, false, false, false]));
    let errors = worky().get("/errors").await.ok().json();
    let parts = [
        "not to POST",
        "206",
        "vary: *",
        "put response.clone()",
        "must be a Response",
        "URL",
        "ftp",
        "give a Request",
        "give the name",
    ];
    for (error, part) in errors.as_array().expect("a list").iter().zip(parts) {
        let error = error.as_str().expect("text");
        assert!(error.starts_with("TypeError: ") && error.contains(part), "{error}: {part}");
    }
}

#[tokio::test]
async fn workers_do_not_see_each_others() {
    let config = |name: &str| format!("name = \"{name}\"\nmain = \"index.js\"\nroutes = [\"/{name}*\"]\n");
    let code = "export default { async fetch(request) {\n\
        const found = await caches.default.match('http://x.test/');\n\
        await caches.default.put('http://x.test/', new Response('by ' + request.url, { headers: { 'cache-control': 'max-age=60' } }));\n\
        return new Response(found ? 'found' : 'nothing');\n\
      } };";
    let worky = Project::empty()
        .file("worky.toml", "[[workers]]\npath = \"a\"\n[[workers]]\npath = \"b\"\n")
        .file("a/worky.toml", config("a"))
        .file("a/index.js", code)
        .file("b/worky.toml", config("b"))
        .file("b/index.js", code)
        .serve();
    for (path, expected) in [("/a", "nothing"), ("/b", "nothing"), ("/a", "found"), ("/b", "found")] {
        assert_eq!(worky.get(path).await.ok().text(), expected, "{path}");
    }
}
