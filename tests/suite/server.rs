//! HTTP as the server speaks it: heads, bodies, identities, limits.

use std::sync::OnceLock;

use serde_json::json;
use worky_tests::client::{self, Protocol, full};
use worky_tests::raw::{Bodyless, Raw, header};
use worky_tests::{Project, Worky};

pub(crate) const SOURCE: &str = r#"
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/headers") return Response.json(Object.fromEntries(request.headers));
    if (pathname === "/body") return new Response(await request.text());
    if (pathname === "/about") return Response.json({ method: request.method, url: request.url });
    if (pathname === "/no-content") return new Response(null, { status: 204 });
    if (pathname === "/not-modified") return new Response(null, { status: 304, headers: { etag: '"x"' } });
    if (pathname === "/hop") return new Response("x", { headers: { connection: "close", "transfer-encoding": "chunked", "keep-alive": "1", "x-kept": "1" } });
    if (pathname === "/length-lie") return new Response("four", { headers: { "content-length": "400" } });
    if (pathname === "/big-head") return new Response("x", { headers: { "x-big": "b".repeat(20000) } });
    return new Response("hello " + request.method, { headers: { "x-path": pathname } });
  },
};
"#;

pub(crate) fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| {
        let config = "[server]\nadmin_listen = \"127.0.0.1:0\"\n[limits]\nrequest_body_bytes = 100000\n";
        Project::worker_with(SOURCE, config).serve()
    })
}

async fn headers_seen(headers: &[(&str, &str)]) -> serde_json::Value {
    let mut request = worky().request("GET", "/headers");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    worky().send(request.body(full("")).expect("valid")).await.ok().json()
}

#[tokio::test]
async fn every_method_reaches_the_guest() {
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
        let request = worky().request(method, "/").body(full("")).expect("valid");
        assert_eq!(worky().send(request).await.ok().text(), format!("hello {method}"));
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_the_body() {
    let mut raw = Raw::connect(worky().address()).await;
    raw.write("HEAD /x HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let response = raw.read_response(Bodyless::Yes).await.expect("an answer");
    assert_eq!((response.status, header(&response.head, "x-path")), (200, Some("/x")));
    // The connection is still in step.
    raw.write("GET /y HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let response = raw.read_response(Bodyless::No).await.expect("an answer");
    assert_eq!((response.status, response.body), (200, b"hello GET".to_vec()));
}

#[tokio::test]
async fn the_url_is_the_one_that_was_asked_for() {
    let request = http::Request::get("/about?q=%20a&b").header("host", "example.com:81").body(full("")).expect("valid");
    let seen = worky().send(request).await.ok().json();
    assert_eq!(seen, json!({"method": "GET", "url": "http://example.com:81/about?q=%20a&b"}));
}

#[tokio::test]
async fn responses_without_a_body_have_none() {
    let mut raw = Raw::connect(worky().address()).await;
    for (path, status) in [("/no-content", 204), ("/not-modified", 304)] {
        raw.write(format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        let response = raw.read_response(Bodyless::No).await.expect("an answer");
        assert_eq!(response.status, status);
        assert_eq!(header(&response.head, "transfer-encoding"), None, "{}", response.head);
    }
    raw.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").body, b"hello GET");
}

#[tokio::test]
async fn a_guest_does_not_decide_about_the_connection() {
    let mut raw = Raw::connect(worky().address()).await;
    raw.write("GET /hop HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let response = raw.read_response(Bodyless::No).await.expect("an answer");
    assert_eq!((response.body.as_slice(), header(&response.head, "x-kept")), (b"x".as_slice(), Some("1")));
    assert_eq!(header(&response.head, "keep-alive"), None, "{}", response.head);
    raw.write("GET /length-lie HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let response = raw.read_response(Bodyless::No).await.expect("an answer in step, whatever the guest says");
    assert_eq!(response.body, b"four");
}

#[tokio::test]
async fn a_large_head_of_the_guest_arrives() {
    assert_eq!(worky().get("/big-head").await.ok().header("x-big").len(), 20000);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_413() {
    let too_large = vec![b'x'; 100_001];
    worky().post("/body", too_large.clone()).await.assert_error(413, "body_too_large");
    assert_eq!(worky().post("/body", vec![b'x'; 100_000]).await.ok().body.len(), 100_000);
    // Without a content-length the limit is noticed on the way.
    let (mut sender, body) = client::channel();
    let request = worky().request("POST", "/body").body(body).expect("valid");
    let answer = tokio::spawn(worky().send(request));
    for chunk in too_large.chunks(10_000) {
        if sender.send_data(chunk.to_vec().into()).await.is_err() {
            break;
        }
    }
    drop(sender);
    answer.await.expect("no panic").assert_error(413, "body_too_large");
}

#[tokio::test]
async fn the_client_is_told_by_the_socket() {
    let seen = headers_seen(&[]).await;
    assert_eq!(seen["cf-connecting-ip"], "127.0.0.1");
    assert_eq!(seen["x-forwarded-for"], "127.0.0.1");
    assert_eq!(seen["x-forwarded-proto"], "http");
    assert_eq!(seen["x-forwarded-host"], worky().address().to_string());
}

#[tokio::test]
async fn what_a_client_says_of_itself_is_dropped() {
    let spoofed = [
        ("cf-connecting-ip", "203.0.113.7"),
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.test"),
        ("x-real-ip", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
    ];
    let seen = headers_seen(&spoofed).await;
    assert_eq!((&seen["cf-connecting-ip"], &seen["x-forwarded-for"]), (&json!("127.0.0.1"), &json!("127.0.0.1")));
    let text = seen.to_string();
    assert!(!text.contains("203.0.113.7") && !text.contains("evil.test") && !text.contains("https"), "{text}");
}

#[tokio::test]
async fn a_trusted_proxy_is_believed() {
    let config = "[server]\ntrusted_proxies = [\"127.0.0.0/8\"]\n";
    let worky = Project::worker_with(SOURCE, config).serve();
    let request = worky
        .request("GET", "/headers")
        .header("x-forwarded-for", "198.51.100.9, 203.0.113.7")
        .header("x-forwarded-proto", "https")
        .body(full(""));
    let seen = worky.send(request.expect("valid")).await.ok().json();
    assert_eq!(seen["cf-connecting-ip"], "203.0.113.7", "the nearest address that no trusted proxy has");
    assert_eq!(seen["x-forwarded-proto"], "https");
}

#[tokio::test]
async fn a_request_id_is_accepted_or_made() {
    let request = worky().request("GET", "/headers").header("x-request-id", "mine:1").body(full("")).expect("valid");
    let answer = worky().send(request).await.ok();
    assert_eq!((answer.header("x-request-id"), &answer.json()["x-request-id"]), ("mine:1", &json!("mine:1")));
    for bad in ["", "with space", &"x".repeat(129), "quote\""] {
        let request = worky().request("GET", "/headers").header("x-request-id", bad).body(full("")).expect("valid");
        let answer = worky().send(request).await.ok();
        let made = answer.header("x-request-id");
        assert!(made.len() == 32 && made.bytes().all(|byte| byte.is_ascii_hexdigit()), "{bad:?} became {made:?}");
    }
    assert_ne!(worky().get("/").await.header("x-request-id"), worky().get("/").await.header("x-request-id"));
}

#[tokio::test]
async fn a_trace_is_accepted_or_made() {
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let seen = headers_seen(&[("traceparent", parent)]).await;
    let seen = seen["traceparent"].as_str().expect("a traceparent").to_owned();
    assert!(seen.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{seen}");
    let made = headers_seen(&[("traceparent", "00-rubbish")]).await;
    let made = made["traceparent"].as_str().expect("a traceparent");
    assert!(made.len() == 55 && !made.contains("rubbish"), "{made}");
}

#[tokio::test]
async fn http2_is_spoken_with_prior_knowledge() {
    let mut connection = worky().connect(Protocol::Http2).await;
    let get = |path: &str| http::Request::get(worky().url(path)).body(full("")).expect("valid");
    assert_eq!(connection.send(get("/x")).await.ok().text(), "hello GET");
    let seen = connection.send(get("/about")).await.ok().json();
    assert_eq!(seen["url"], worky().url("/about"));
    let post = http::Request::post(worky().url("/body")).body(full("over two")).expect("valid");
    assert_eq!(connection.send(post).await.ok().text(), "over two");
    let head = http::Request::head(worky().url("/x")).body(full("")).expect("valid");
    let answer = connection.send(head).await;
    assert_eq!((answer.status.as_u16(), answer.body.len(), answer.header("x-path")), (200, 0, "/x"));
    let too_large = http::Request::post(worky().url("/body")).body(full(vec![0; 100_001])).expect("valid");
    connection.send(too_large).await.assert_error(413, "body_too_large");
}

#[tokio::test]
async fn http2_can_be_turned_off() {
    let worky = Project::worker_with(SOURCE, "[server]\nhttp2 = false\n").serve();
    let mut raw = Raw::connect(worky.address()).await;
    raw.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    let answer = raw.read_to_end().await;
    assert!(
        answer.is_empty() || answer.starts_with(b"HTTP/1.1 4") || answer.starts_with(b"HTTP/1.1 505"),
        "{answer:?}"
    );
    assert_eq!(worky.get("/").await.ok().text(), "hello GET");
}

#[tokio::test]
async fn health_is_told_on_a_listener_of_its_own() {
    let admin = worky().admin_address().await;
    assert_eq!(client::get(admin, "/healthz").await.status, 200);
    assert_eq!(client::get(admin, "/readyz").await.status, 200);
    assert_eq!(client::get(admin, "/other").await.status, 404);
    let metrics = client::get(admin, "/metrics").await.ok();
    assert!(metrics.text().contains("http_server_request_duration_seconds"), "{}", metrics.text());
    // On the listener of the workers these paths are the workers'.
    assert_eq!(worky().get("/healthz").await.ok().text(), "hello GET");
}
