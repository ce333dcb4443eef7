//! A connection may live with its worker, or with the server: nobody can tell from the answers.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;
use worky_tests::client::{Protocol, full};
use worky_tests::raw::{Bodyless, Raw, RawResponse};
use worky_tests::{Answer, Project, Worky};

const SOURCE: &str = r#"
const acts = {
  text: () => new Response("text"),
  json: async (request) => Response.json({ got: await request.json() }),
  echo: (request) => new Response(request.body),
  through: (request) => new Response(request.body.pipeThrough(new TransformStream())),
  bytes: async (request) => new Response(await request.arrayBuffer(), { headers: { "x-bytes": "1" } }),
  seen: (request) => Response.json({ method: request.method, url: request.url, headers: [...request.headers] }),
  later: async () => { await new Promise((resolve) => setTimeout(resolve, 5)); return new Response("later"); },
  empty: () => new Response(null),
  none: () => new Response(null, { status: 204 }),
  unchanged: () => new Response(null, { status: 304, headers: { etag: '"a"' } }),
  teapot: () => new Response("short and stout", { status: 418, headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] }),
  date: () => new Response("mine", { headers: { date: "Tue, 15 Nov 1994 08:12:31 GMT" } }),
  hop: () => new Response("hop", { headers: { connection: "close", "keep-alive": "timeout=1", "content-length": "999" } }),
  throws: () => { throw new Error("on purpose"); },
  rejects: async () => { await null; throw new Error("on purpose"); },
  nothing: () => 7,
  stream: () => {
    let left = 3;
    return new Response(new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode(`chunk ${left}\n`));
        if (--left === 0) controller.close();
      },
    }));
  },
};
export default {
  fetch(request) {
    const { pathname } = new URL(request.url);
    return acts[pathname.split("/")[1]](request);
  },
};
"#;

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| Project::worker(SOURCE).serve())
}

/// Method, path and body; one request each.
const CASES: &[(&str, &str, &str)] = &[
    ("GET", "/text", ""),
    ("HEAD", "/text", ""),
    ("POST", "/json", r#"{"a":[1,"é"]}"#),
    ("POST", "/json", "no json"),
    ("POST", "/echo", "as it came"),
    ("PUT", "/bytes", "bytes"),
    ("GET", "/seen/a%20b?c=d&e", ""),
    ("PATCH", "/seen", "p"),
    ("GET", "/later", ""),
    ("GET", "/empty", ""),
    ("HEAD", "/empty", ""),
    ("GET", "/none", ""),
    ("GET", "/unchanged", ""),
    ("GET", "/teapot", ""),
    ("HEAD", "/teapot", ""),
    ("GET", "/date", ""),
    ("GET", "/hop", ""),
    ("GET", "/throws", ""),
    ("GET", "/rejects", ""),
    ("GET", "/nothing", ""),
    ("GET", "/stream", ""),
    ("HEAD", "/stream", ""),
];

/// What of an answer must be the same whichever way it came.
type Same = (u16, BTreeMap<String, Vec<String>>, Value);

fn same(status: u16, fields: impl Iterator<Item = (String, String)>, body: &[u8]) -> Same {
    let mut headers = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in fields {
        // Only HTTP/1 has to say where an empty body ends.
        let framing = name == "connection" || name == "transfer-encoding" || (name == "content-length" && value == "0");
        if !framing && name != "x-request-id" && (name != "date" || value.contains("1994")) {
            headers.entry(name).or_default().push(value);
        }
    }
    let text = String::from_utf8_lossy(body).into_owned();
    let mut body = serde_json::from_str::<Value>(&text).unwrap_or(Value::String(text));
    if let Some(error) = body.get_mut("worky_error") {
        error["request_id"] = Value::Null;
    }
    if let Some(Value::Array(seen)) = body.get_mut("headers") {
        // What the way itself adds, and what differs from request to request.
        seen.retain(|field| {
            !matches!(field[0].as_str(), Some("x-request-id" | "traceparent" | "content-length" | "accept"))
        });
    }
    (status, headers, body)
}

fn of_raw(response: &RawResponse) -> Same {
    let fields = response.head.lines().skip(1).filter_map(|line| line.split_once(": "));
    same(response.status, fields.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())), &response.body)
}

fn of_answer(answer: &Answer) -> Same {
    let fields = answer.headers.iter();
    let fields = fields.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()));
    same(answer.status.as_u16(), fields, &answer.body)
}

fn head_of(method: &str, path: &str, body: &str, more: &str) -> String {
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n{length}{more}\r\n", worky().address())
}

fn bodyless(method: &str) -> Bodyless {
    if method == "HEAD" { Bodyless::Yes } else { Bodyless::No }
}

async fn exchange(raw: &mut Raw, (method, path, body): (&str, &str, &str), more: &str) -> Same {
    raw.write(format!("{}{body}", head_of(method, path, body, more))).await;
    of_raw(&raw.read_response(bodyless(method)).await.unwrap_or_else(|| panic!("{method} {path}: no answer")))
}

#[tokio::test]
async fn the_way_of_a_request_does_not_show() {
    for &case in CASES {
        let (method, path, body) = case;
        // Ordinary, and the second time the connection is where it is going to stay.
        let mut raw = Raw::connect(worky().address()).await;
        let first = exchange(&mut raw, case, "").await;
        let again = exchange(&mut raw, case, "").await;
        assert_eq!(first, again, "{method} {path}: a second time");
        // Out of the ordinary: read by hyper.
        let mut closed = Raw::connect(worky().address()).await;
        let closing = exchange(&mut closed, case, "connection: close\r\n").await;
        assert_eq!(first, closing, "{method} {path}: for hyper");
        // By message, always.
        let mut http2 = worky().connect(Protocol::Http2).await;
        let request = worky().request(method, path).body(full(body.to_owned())).expect("valid");
        let answer = http2.send(request).await;
        assert_eq!(first, of_answer(&answer), "{method} {path}: over HTTP/2");
    }
}

#[tokio::test]
async fn all_of_them_may_be_on_one_connection() {
    let mut raw = Raw::connect(worky().address()).await;
    // A stream makes the connection hyper's, so those come last.
    let is_stream = |(_, path, _): &&(&str, &str, &str)| *path == "/stream" || *path == "/echo";
    let (streams, others): (Vec<_>, Vec<&(&str, &str, &str)>) = CASES.iter().partition(is_stream);
    for case in others.into_iter().chain(streams) {
        let mut alone = Raw::connect(worky().address()).await;
        assert_eq!(exchange(&mut raw, *case, "").await, exchange(&mut alone, *case, "").await, "{case:?}");
    }
}

#[tokio::test]
async fn pipelined_answers_come_in_order() {
    let mut raw = Raw::connect(worky().address()).await;
    let cases = || (0..3).flat_map(|_| CASES.iter().filter(|(_, path, _)| *path != "/echo"));
    let all: String = cases().map(|(method, path, body)| head_of(method, path, body, "") + body).collect();
    raw.write(all).await;
    for (method, path, body) in cases() {
        let answer = raw.read_response(bodyless(method)).await.unwrap_or_else(|| panic!("{method} {path}: no answer"));
        let mut alone = Raw::connect(worky().address()).await;
        assert_eq!(of_raw(&answer), exchange(&mut alone, (method, path, body), "").await, "{method} {path}");
    }
}

#[tokio::test]
async fn a_request_may_come_in_pieces() {
    let mut raw = Raw::connect(worky().address()).await;
    for _ in 0..2 {
        let whole = head_of("POST", "/json", "[1,2]", "x-long: yes\r\n") + "[1,2]";
        for piece in whole.as_bytes().chunks(7) {
            raw.write(piece).await;
            tokio::task::yield_now().await;
        }
        let answer = raw.read_response(Bodyless::No).await.expect("an answer");
        assert_eq!(answer.body, br#"{"got":[1,2]}"#);
    }
}

#[tokio::test]
async fn a_body_that_is_large_or_chunked_is_like_any_other() {
    let mut raw = Raw::connect(worky().address()).await;
    assert_eq!(exchange(&mut raw, ("GET", "/text", ""), "").await.0, 200);
    let large = "x".repeat(200 << 10);
    let (status, _, body) = exchange(&mut raw, ("POST", "/bytes", &large), "").await;
    assert_eq!((status, body.as_str().map(str::len)), (200, Some(large.len())));
    raw.write(head_of("POST", "/bytes", "", "transfer-encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n").await;
    assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").body, b"abc");
    assert_eq!(exchange(&mut raw, ("GET", "/text", ""), "").await.0, 200);
}

#[tokio::test]
async fn a_connection_is_kept_or_the_client_is_told() {
    for path in ["/echo", "/through", "/bytes", "/text", "/later", "/stream", "/throws", "/nowhere"] {
        for size in [1, 9 << 10, 20 << 10, 60 << 10, 70 << 10, 200 << 10, 2 << 20] {
            for more in ["", "expect: 100-continue\r\n"] {
                let mut raw = Raw::connect(worky().address()).await;
                let body = "x".repeat(size);
                raw.write(head_of("POST", path, &body, more)).await;
                raw.write(&body).await;
                let mut answer = raw.read_response(Bodyless::No).await;
                if answer.as_ref().is_some_and(|answer| answer.status == 100) {
                    answer = raw.read_response(Bodyless::No).await;
                }
                let answer = answer.unwrap_or_else(|| panic!("{path}, {size} bytes, {more}: no answer"));
                let told = answer.head.to_ascii_lowercase().contains("\r\nconnection: close\r\n");
                // Who streams may read a request's body as long as that takes, or never; then it is too late to tell.
                let too_much = path == "/stream" && size > 256 << 10;
                if told || too_much {
                    assert!(path != "/bytes" && path != "/through" && path != "/echo", "{path}, {size} bytes, {more}");
                    continue;
                }
                raw.write(head_of("GET", "/text", "", "")).await;
                let next = raw.read_response(Bodyless::No).await;
                assert!(next.is_some_and(|next| next.body == b"text"), "{path}, {size} bytes, {more}: {}", answer.head);
            }
        }
    }
}

#[tokio::test]
async fn a_client_may_close_its_side_behind_its_last_request() {
    // The first are answered at once, the others read by hyper: a bad host, a stream.
    for (path, host, status) in
        [("/text", "h", 200), ("/throws", "h", 500), ("/text", "a/b", 400), ("/stream", "h", 200)]
    {
        for before in [0, 1] {
            let mut raw = Raw::connect(worky().address()).await;
            for _ in 0..before {
                raw.write("GET /text HTTP/1.1\r\nhost: h\r\n\r\n").await;
                raw.read_response(Bodyless::No).await.expect("an answer");
            }
            raw.write(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n")).await;
            raw.finish().await;
            let head = raw.read_head().await.unwrap_or_else(|| panic!("{path} {host} {before}: no answer"));
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{path} {host} {before}: {head}");
        }
    }
}

fn named(name: &str) -> String {
    format!(
        r#"let count = 0;
           export default {{ fetch: () => new Response(`{name} ${{++count}}`) }};"#
    )
}

/// Two workers behind one listener.
fn two() -> Worky {
    let config = "[[workers]]\npath = \"a\"\nroutes = [\"/a\"]\n\n[[workers]]\npath = \"b\"\nroutes = [\"/b\"]\n";
    let mut project = Project::empty().file("worky.toml", config);
    for name in ["a", "b"] {
        let own = format!("name = \"{name}\"\nmain = \"index.js\"\ncompatibility_date = \"2026-01-01\"\n");
        project = project.file(&format!("{name}/worky.toml"), own).file(&format!("{name}/index.js"), named(name));
    }
    project.serve()
}

#[tokio::test]
async fn a_connection_may_have_requests_for_several_workers() {
    let worky = two();
    for pipelined in [true, false] {
        let mut raw = Raw::connect(worky.address()).await;
        let order = "aabbabababbbaab";
        let request = |name| format!("GET /{name} HTTP/1.1\r\nhost: h\r\n\r\n");
        if pipelined {
            raw.write(order.chars().map(request).collect::<String>()).await;
        }
        for name in order.chars() {
            if !pipelined {
                raw.write(request(name)).await;
            }
            let answer = raw.read_response(Bodyless::No).await.expect("an answer");
            assert!(String::from_utf8_lossy(&answer.body).starts_with(name), "{answer:?}");
        }
    }
    // One instance each has answered them all.
    for (name, count) in [("a", 15), ("b", 17)] {
        assert_eq!(worky.get(&format!("/{name}")).await.ok().text(), format!("{name} {count}"));
    }
}

#[tokio::test]
async fn a_connection_is_idle_for_as_long_as_it_may_and_no_longer() {
    let worky = Project::worker(SOURCE).config("[server]\nidle_ms = 300\n").serve();
    let mut raw = Raw::connect(worky.address()).await;
    raw.write("GET /text HTTP/1.1\r\nhost: h\r\n\r\n").await;
    assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").body, b"text");
    assert!(raw.read_to_end().await.is_empty(), "closed without a word");
}

/// A busy instance sends its connections away; they may be idle there for as long as anywhere else.
#[tokio::test]
async fn a_connection_that_came_back_may_be_idle() {
    let spin = SOURCE.replace("  text:", "  spin: () => { const end = Date.now() + 400; while (Date.now() < end); return new Response('spun'); },\n  text:");
    let worky = Project::worker(&spin).config("[server]\nheader_read_ms = 300\n[limits]\nmax_instances = 1\n").serve();
    let mut idle = Raw::connect(worky.address()).await;
    let text = "GET /text HTTP/1.1\r\nhost: h\r\n\r\n";
    idle.write(text).await;
    assert_eq!(idle.read_response(Bodyless::No).await.expect("an answer").body, b"text");
    for _ in 0..3 {
        assert_eq!(worky.get("/spin").await.ok().text(), "spun");
    }
    idle.write(text).await;
    assert_eq!(idle.read_response(Bodyless::No).await.expect("it is still open").body, b"text");
}

#[tokio::test]
async fn half_a_head_is_waited_for_as_long_as_it_may_take() {
    let worky = Project::worker(SOURCE).config("[server]\nheader_read_ms = 300\n").serve();
    let mut raw = Raw::connect(worky.address()).await;
    raw.write("GET /text HTTP/1.1\r\nhost: h\r\n\r\n").await;
    assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").body, b"text");
    raw.write("GET /text HTTP/1.1\r\nhos").await;
    raw.read_to_end().await;
}
