//! Files beside a worker: what is answered without it, what it fetches, and how.

use std::os::unix::fs::symlink;
use std::sync::OnceLock;

use bytes::Bytes;
use serde_json::json;
use worky_tests::client::{Protocol, full};
use worky_tests::guest::guest_bytes;
use worky_tests::raw::{Bodyless, Raw};
use worky_tests::{Answer, Project, Worky};

const WORKER: &str = r#"
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/spin": for (const end = Date.now() + 2000; Date.now() < end;) for (let i = 0; i < 1e6; i++); return new Response("spun");
      case "/through": return env.ASSETS.fetch(new Request(new URL(searchParams.get("path"), request.url), request));
      case "/text": return new Response(await (await env.ASSETS.fetch("http://any.test" + searchParams.get("path"))).text());
      case "/many": {
        const all = Array.from({ length: 20 }, () => env.ASSETS.fetch("http://any.test/large.bin").then((r) => r.arrayBuffer()));
        return Response.json((await Promise.all(all)).map((buffer) => buffer.byteLength));
      }
      case "/kind": return Response.json([String(env.ASSETS), env.ASSETS.constructor.name]);
    }
    return Response.json({ worker: pathname, method: request.method });
  },
};
"#;

const ASSETS: &str = "[assets]\ndirectory = \"public\"\nbinding = \"ASSETS\"\n";

fn large() -> Vec<u8> {
    (0..600_000u32).flat_map(|number| number.to_le_bytes()).collect()
}

pub(crate) fn project(more: &str) -> Project {
    Project::worker_with(WORKER, &format!("{ASSETS}{more}"))
        .file("public/index.html", "<h1>home</h1>")
        .file("public/about.html", "<h1>about</h1>")
        .file("public/docs/index.html", "<h1>docs</h1>")
        .file("public/style.css", "body {}")
        .file("public/large.bin", large())
        .file("public/.assetsignore", "*.secret\n")
        .file("public/a.secret", "secret")
        .file("public/node_modules/a.js", "secret")
}

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| project("[limits]\ncpu_ms = 20000\n").serve())
}

async fn ask(worky: &Worky, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(worky.request(method, path), |request, (name, value)| request.header(*name, *value));
    worky.send(request.body(full("")).expect("a valid request")).await
}

#[tokio::test]
async fn files_come_before_the_worker() {
    for (path, text, content_type) in [
        ("/", "<h1>home</h1>", "text/html; charset=utf-8"),
        ("/about", "<h1>about</h1>", "text/html; charset=utf-8"),
        ("/docs/", "<h1>docs</h1>", "text/html; charset=utf-8"),
        ("/style.css?v=1", "body {}", "text/css; charset=utf-8"),
    ] {
        let answer = worky().get(path).await.ok();
        assert_eq!((answer.text(), answer.header("content-type")), (text, content_type), "{path}");
        assert_eq!(answer.header("cache-control"), "public, max-age=0, must-revalidate");
        assert_eq!(answer.header("content-length"), text.len().to_string());
    }
    for (path, location) in [("/docs", "/docs/"), ("/about.html?a=1", "/about?a=1"), ("/index.html", "/")] {
        let answer = worky().get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (307, location), "{path}");
    }
    assert_eq!(worky().get("/api/x").await.ok().json(), json!({ "worker": "/api/x", "method": "GET" }));
    assert_eq!(worky().post("/api/x", "body").await.ok().json(), json!({ "worker": "/api/x", "method": "POST" }));
    let refused = worky().post("/style.css", "body").await;
    assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, "GET, HEAD"));
}

#[tokio::test]
async fn what_is_no_asset_is_the_workers() {
    for path in [
        "/a.secret",
        "/.assetsignore",
        "/node_modules/a.js",
        "/../worky.toml",
        "/%2e%2e/worky.toml",
        "/..%2fworky.toml",
        "/style.css/",
        "/docs/none",
    ] {
        let mut connection = Raw::connect(worky().address()).await;
        let host = worky().address();
        connection.write(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")).await;
        let answer = String::from_utf8(connection.read_to_end().await).expect("text");
        assert!(answer.contains("{\"worker\":"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn links_do_not_lead_out_of_the_directory() {
    let project = project("").file("outside.txt", "secret").file("private/b.txt", "secret");
    let public = project.path().join("public");
    symlink(project.path().join("outside.txt"), public.join("absolute.txt")).expect("linked");
    symlink("../outside.txt", public.join("relative.txt")).expect("linked");
    symlink("../private", public.join("private")).expect("linked");
    symlink("style.css", public.join("alias.css")).expect("linked");
    // Large enough to be opened as it is asked for, and a link by then.
    let worky = project.serve();
    assert_eq!(worky.get("/alias.css").await.ok().text(), "body {}");
    for path in ["/absolute.txt", "/relative.txt", "/private/b.txt"] {
        assert_eq!(worky.get(path).await.ok().json()["worker"], path);
    }
    let large = worky.project().path().join("public/large.bin");
    std::fs::remove_file(&large).expect("removed");
    symlink("../outside.txt", &large).expect("linked");
    let answer = worky.get("/large.bin").await;
    assert_eq!(answer.status.as_u16(), 500, "{answer:?}");
}

#[tokio::test]
async fn clients_ask_whether_they_have_it() {
    let first = worky().get("/style.css").await.ok();
    let etag = first.header("etag");
    assert!(etag.starts_with('"') && etag.len() == 34, "{etag}");
    let weak = format!("W/{etag}");
    for known in [etag, &weak, "\"other\", *", "*"] {
        let answer = ask(worky(), "GET", "/style.css", &[("if-none-match", known)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("etag"), answer.body.len()), (304, etag, 0), "{known}");
    }
    let other = ask(worky(), "GET", "/style.css", &[("if-none-match", "\"other\"")]).await;
    assert_eq!((other.status.as_u16(), other.text()), (200, "body {}"));
    let head = ask(worky(), "HEAD", "/style.css", &[]).await;
    assert_eq!((head.header("content-length"), head.header("etag"), head.body.len()), ("7", etag, 0));
}

#[tokio::test]
async fn parts_of_files() {
    let large = large();
    for (range, content_range, part) in [
        ("bytes=0-9", "bytes 0-9/2400000", &large[..10]),
        ("bytes=1000000-1999999", "bytes 1000000-1999999/2400000", &large[1_000_000..2_000_000]),
        ("bytes=-5", "bytes 2399995-2399999/2400000", &large[2_399_995..]),
    ] {
        let answer = ask(worky(), "GET", "/large.bin", &[("range", range)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-range")), (206, content_range));
        assert!(answer.body == part, "{range}");
        assert_eq!(answer.header("content-length"), part.len().to_string());
    }
    let beyond = ask(worky(), "GET", "/large.bin", &[("range", "bytes=2400000-")]).await;
    assert_eq!((beyond.status.as_u16(), beyond.header("content-range")), (416, "bytes */2400000"));
    let whole = worky().get("/large.bin").await.ok();
    assert!(whole.body == large && whole.header("accept-ranges") == "bytes");
    let stale = ask(worky(), "GET", "/large.bin", &[("range", "bytes=0-9"), ("if-range", "\"old\"")]).await;
    assert_eq!((stale.status.as_u16(), stale.body.len()), (200, large.len()));
}

#[tokio::test]
async fn http_2_gets_the_same() {
    let mut connection = worky().connect(Protocol::Http2).await;
    for (path, expected) in [("/", Bytes::from("<h1>home</h1>")), ("/large.bin", large().into())] {
        let uri = format!("http://{}{path}", worky().address());
        let request = http::Request::get(uri).body(full("")).expect("a valid request");
        let answer = connection.send(request).await;
        assert!(answer.status.is_success() && answer.body == expected, "{path}: {}", answer.status);
    }
}

#[tokio::test]
async fn a_busy_worker_does_not_hold_files_up() {
    let worky = Project::worker_with(WORKER, &format!("{ASSETS}[limits]\ncpu_ms = 20000\nmax_instances = 1\n"))
        .file("public/style.css", "body {}")
        .serve();
    let address = worky.address();
    let mut spinning = tokio::spawn(async move { worky_tests::client::get(address, "/spin").await });
    let mut answered = 0;
    // As long as the worker is busy, of which it is not told when that begins.
    while !spinning.is_finished() && answered < 50 {
        assert_eq!(worky.get("/style.css").await.ok().text(), "body {}");
        answered += 1;
    }
    assert!(!spinning.is_finished(), "{answered} in two seconds");
    assert_eq!((&mut spinning).await.expect("answered").text(), "spun");
}

#[tokio::test]
async fn a_connection_that_lives_with_a_busy_worker_gets_files_all_the_same() {
    let worky = project("[limits]\ncpu_ms = 20000\nmax_instances = 1\n").serve();
    // The first request has the connection live with the worker's only instance.
    let mut connection = worky.connect(Protocol::Http1).await;
    let mut get = async |path: &str| {
        let request = worky.request("GET", path).body(full("")).expect("a valid request");
        connection.send(request).await.ok().text().to_owned()
    };
    assert_eq!(get("/dynamic").await, "{\"worker\":\"/dynamic\",\"method\":\"GET\"}");
    let address = worky.address();
    let mut spinning = tokio::spawn(async move { worky_tests::client::get(address, "/spin").await });
    let mut answered = 0;
    while !spinning.is_finished() && answered < 50 {
        assert_eq!(get("/style.css").await, "body {}");
        answered += 1;
    }
    assert!(!spinning.is_finished(), "{answered} in two seconds");
    assert_eq!((&mut spinning).await.expect("answered").text(), "spun");
    assert_eq!(get("/dynamic").await, "{\"worker\":\"/dynamic\",\"method\":\"GET\"}");
}

#[tokio::test]
async fn files_and_the_worker_take_turns_on_a_connection() {
    let dynamic = "{\"worker\":\"/x\",\"method\":\"GET\"}";
    let large = String::from_utf8_lossy(&large()).into_owned();
    // Ones that are kept in memory and ones that stream, and elsewhere; at once and one after the other.
    for order in
        ["/x /style.css /x /x", "/style.css /x /style.css", "/large.bin /x /large.bin /style.css", "/docs /x /docs /x"]
    {
        for pipelined in [true, false] {
            let mut raw = Raw::connect(worky().address()).await;
            let request = |path| format!("GET {path} HTTP/1.1\r\nhost: h\r\n\r\n");
            if pipelined {
                raw.write(order.split(' ').map(request).collect::<String>()).await;
            }
            for path in order.split(' ') {
                if !pipelined {
                    raw.write(request(path)).await;
                }
                let answer = raw.read_response(Bodyless::No).await.expect("an answer");
                let expected = match path {
                    "/x" => dynamic,
                    "/style.css" => "body {}",
                    "/docs" => "",
                    _ => &large,
                };
                assert!(String::from_utf8_lossy(&answer.body) == expected, "{path} of {order}");
            }
        }
    }
}

#[tokio::test]
async fn the_worker_fetches_files() {
    assert_eq!(worky().get("/text?path=/about").await.ok().text(), "<h1>about</h1>");
    let through = worky().get("/through?path=/style.css").await.ok();
    assert_eq!((through.text(), through.header("content-type")), ("body {}", "text/css; charset=utf-8"));
    let known = ask(worky(), "GET", "/through?path=/style.css", &[("if-none-match", through.header("etag"))]).await;
    assert_eq!(known.status.as_u16(), 304);
    let part = ask(worky(), "GET", "/through?path=/large.bin", &[("range", "bytes=4-7")]).await;
    assert_eq!((part.status.as_u16(), &part.body[..]), (206, &1u32.to_le_bytes()[..]));
    let elsewhere = worky().get("/through?path=/docs").await;
    assert_eq!((elsewhere.status.as_u16(), elsewhere.header("location")), (307, "/docs/"));
    assert_eq!(worky().get("/through?path=/none").await.status.as_u16(), 404);
    assert_eq!(worky().post("/through?path=/style.css", "x").await.status.as_u16(), 405);
    assert_eq!(worky().get("/many").await.ok().json(), json!(vec![2_400_000; 20]));
    assert_eq!(worky().get("/kind").await.ok().json(), json!(["[object Fetcher]", "Fetcher"]));
}

#[tokio::test]
async fn a_component_fetches_files() {
    let config = format!("name = \"app\"\nmain = \"app.wasm\"\n{ASSETS}run_worker_first = true\n");
    let worky = Project::empty()
        .file("app.wasm", guest_bytes("parity"))
        .file("worky.toml", config)
        .file("public/style.css", "body {}")
        .serve();
    let answer = worky.get("/service/assets/style.css").await.ok();
    assert_eq!((answer.text(), answer.header("content-type")), ("body {}", "text/css; charset=utf-8"));
}

#[tokio::test]
async fn the_worker_first() {
    let always = project("run_worker_first = true\n").serve();
    assert_eq!(always.get("/style.css").await.ok().json()["worker"], "/style.css");
    assert_eq!(always.get("/text?path=/style.css").await.ok().text(), "body {}");

    let some = "run_worker_first = [\"/docs/*\", \"/style.*\", \"!/docs/open*\"]\nnot_found_handling = \"single-page-application\"\n";
    let some = project(some).file("public/docs/open.html", "open").serve();
    for path in ["/docs/", "/docs/none", "/style.css"] {
        assert_eq!(some.get(path).await.ok().json()["worker"], path);
    }
    // No other spelling leads around the worker.
    for path in ["/%64ocs/", "//docs/", "/docs%2F", "/%73tyle.css", "/style%2ecss"] {
        let answer = some.get(path).await;
        assert!(answer.status.as_u16() == 307 || answer.text().contains("\"worker\""), "{path}: {answer:?}");
    }
    assert_eq!(some.get("/docs/open").await.ok().text(), "open");
    // What is nobody's is the application's.
    for path in ["/", "/any/where", "/docs/open/none"] {
        assert_eq!(some.get(path).await.ok().text(), "<h1>home</h1>", "{path}");
    }
}

#[tokio::test]
async fn pages_for_what_is_not_there() {
    let application = project("not_found_handling = \"single-page-application\"\n").serve();
    assert_eq!(application.get("/any/where").await.ok().json()["worker"], "/any/where");
    let navigated = ask(&application, "GET", "/any/where", &[("sec-fetch-mode", "navigate")]).await;
    assert_eq!((navigated.status.as_u16(), navigated.text()), (200, "<h1>home</h1>"));
    assert_eq!(application.get("/text?path=/any/where").await.ok().text(), "<h1>home</h1>");
    assert_eq!(application.post("/any/where", "x").await.ok().json()["worker"], "/any/where");
}

#[tokio::test]
async fn files_without_a_worker() {
    let config = "name = \"site\"\n[assets]\ndirectory = \"public\"\nnot_found_handling = \"404-page\"\n";
    let site = || {
        Project::empty()
            .file("worky.toml", config)
            .file("public/index.html", "<h1>home</h1>")
            .file("public/404.html", "<h1>not here</h1>")
    };
    site().check().assert_code(0).assert_says("assets: public");
    let worky = site().serve();
    assert_eq!(worky.get("/").await.ok().text(), "<h1>home</h1>");
    for path in ["/none", "/deep/none"] {
        let answer = worky.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (404, "<h1>not here</h1>"), "{path}");
    }
    assert_eq!(worky.post("/", "x").await.status.as_u16(), 405);
    let bare = site().file("worky.toml", config.replace("404-page", "none")).serve();
    let answer = bare.get("/none").await;
    assert_eq!((answer.status.as_u16(), answer.text()), (404, ""));
}

#[tokio::test]
async fn pages_by_their_spelling() {
    for (handling, table) in [
        (
            "force-trailing-slash",
            [("/about/", 200, ""), ("/about", 307, "/about/"), ("/docs/", 200, ""), ("/docs", 307, "/docs/")],
        ),
        (
            "drop-trailing-slash",
            [("/about", 200, ""), ("/about/", 307, "/about"), ("/docs", 200, ""), ("/docs/", 307, "/docs")],
        ),
        (
            "none",
            [
                ("/about.html", 200, ""),
                ("/docs/index.html", 200, ""),
                ("/style.css", 200, ""),
                ("/index.html", 200, ""),
            ],
        ),
    ] {
        let worky = project(&format!("html_handling = \"{handling}\"\n")).serve();
        for (path, status, location) in table {
            let answer = worky.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (status, location), "{handling}: {path}");
        }
    }
}

#[tokio::test]
async fn redirects_and_headers_from_files() {
    let worky = project("")
        .file("public/_redirects", "/old /about 301\n/blog/* /docs/:splat\n/app/* / 200\nwrong\n")
        .file(
            "public/_headers",
            "/*\n  X-Frame-Options: DENY\n/style.css\n  ! Cache-Control\n  Cache-Control: public, max-age=60\n",
        )
        .serve();
    worky.output().line("_redirects:4: a redirect is FROM TO [CODE]; the line has no effect").await;
    for (path, status, location) in
        [("/old?x=1", 301, "/about?x=1"), ("/blog/a/b", 302, "/docs/a/b"), ("/blog//evil.test", 302, "/docs/evil.test")]
    {
        let answer = worky.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (status, location), "{path}");
    }
    assert_eq!(worky.get("/app/any").await.ok().text(), "<h1>home</h1>");
    let style = worky.get("/style.css").await.ok();
    assert_eq!((style.header("x-frame-options"), style.header("cache-control")), ("DENY", "public, max-age=60"));
    // What the worker answers is its own.
    assert_eq!(worky.get("/api").await.ok().header("x-frame-options"), "");
    for path in ["/_redirects", "/_headers"] {
        assert_eq!(worky.get(path).await.ok().json()["worker"], path);
    }
}

#[tokio::test]
async fn other_workers_get_files_too() {
    let worky = Project::empty()
        .file("worky.toml", "[[workers]]\npath = \"front\"\nroutes = [\"/*\"]\n[[workers]]\npath = \"site\"\n")
        .file(
            "front/worky.toml",
            "name = \"front\"\nmain = \"index.js\"\n[[services]]\nbinding = \"SITE\"\nservice = \"site\"\n",
        )
        .file("front/index.js", "export default { fetch: (request, env) => env.SITE.fetch(request) };")
        .file("site/worky.toml", "name = \"site\"\n[assets]\ndirectory = \"public\"\n")
        .file("site/public/index.html", "<h1>site</h1>")
        .serve();
    assert_eq!(worky.get("/").await.ok().text(), "<h1>site</h1>");
}
