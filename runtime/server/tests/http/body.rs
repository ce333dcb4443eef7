//! Bodies in both directions.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use worky_engine::Limits;
use worky_server::ServerConfig;

use crate::rig::{Rig, Setup, within};

fn post(path: &str, fields: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: a\r\n{fields}content-length: {}\r\n\r\n{body}", body.len())
}

fn limited(request_body_bytes: u64) -> Setup {
    Setup { limits: Limits { request_body_bytes, ..Limits::default() }, ..Setup::default() }
}

#[tokio::test]
async fn a_small_body_that_is_here_is_given_at_once() {
    let rig = Rig::start().await;
    let answer = rig.ask(post("/length", "", "hello")).await;
    assert_eq!(answer.json(), serde_json::json!({"length": 5, "at_hand": true}));
}

#[tokio::test]
async fn a_small_body_that_is_on_its_way_is_not_waited_for() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send("POST /first-chunk HTTP/1.1\r\nhost: a\r\ncontent-length: 6\r\n\r\nabc").await;
    client.read_until(b"\r\n\r\n").await;
    client.read_until(b"abc").await;
    client.send("def").await;
    client.read_until(b"def").await;
}

#[tokio::test]
async fn large_bodies_stream_through() {
    let rig = Rig::start().await;
    let body = "0123456789abcdef".repeat(64 << 10);
    let (mut client, request) = (rig.connect().await, post("/length", "", &body));
    client.send(request).await;
    assert_eq!(client.answer().await.json()["length"], body.len());
    client.send(post("/length", "", "again")).await;
    assert_eq!(client.answer().await.json()["length"], 5);
}

#[tokio::test]
async fn chunked_bodies_and_their_trailers_are_taken() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    for _ in 0..2 {
        client
            .send(
                "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n\
                 5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nx-sum: 1\r\n\r\n",
            )
            .await;
        assert_eq!(client.answer().await.text(), "hello world");
    }
}

#[tokio::test]
async fn a_declared_length_over_the_limit_never_reaches_the_worker() {
    let rig = Rig::with(limited(10)).await;
    assert_eq!(rig.ask(post("/length", "", "0123456789")).await.status, 200);
    let begun = rig.worker.begun.available_permits();
    let answer = rig.ask(post("/length", "", "0123456789a")).await;
    assert_eq!((answer.status, answer.code()), (413, "body_too_large"));
    assert_eq!(rig.worker.begun.available_permits(), begun);
    assert!(rig.metrics.encode().contains("request_body_bytes"));
}

#[tokio::test]
async fn a_stream_over_the_limit_ends_with_413_or_what_the_worker_makes_of_it() {
    let rig = Rig::with(limited(10)).await;
    let chunked = |path: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n\
             6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n"
        )
    };
    let answer = rig.ask(chunked("/length")).await;
    assert_eq!((answer.status, answer.code()), (413, "body_too_large"));
    let answer = rig.ask(chunked("/catches")).await;
    assert_eq!((answer.status, answer.text()), (200, "caught: the request body is larger than 10 bytes"));
}

#[tokio::test]
async fn a_client_still_sending_is_heard_out_and_gets_to_read_its_413() {
    let rig = Rig::with(limited(10)).await;
    let mut stream = rig.connect().await.into_stream();
    let request = post("/length", "", &"x".repeat(16 << 20));
    within(stream.write_all(request.as_bytes())).await.expect("the connection is not reset");
    let mut answer = String::new();
    within(stream.read_to_string(&mut answer)).await.expect("the connection is not reset");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn continue_is_said_when_the_body_is_wanted() {
    let rig = Rig::with(limited(10)).await;
    let mut client = rig.connect().await;
    client.send("POST /length HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n").await;
    assert_eq!(client.answer().await.status, 100);
    client.send("abc").await;
    assert_eq!(client.answer().await.json()["length"], 3);

    let unwanted = "POST /hello HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n";
    assert_eq!(rig.ask(unwanted).await.status, 200);
    let refused = "POST /length HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 30\r\n\r\n";
    assert_eq!(rig.ask(refused).await.status, 413);
}

#[tokio::test]
async fn a_body_that_stalls_is_given_up() {
    let config = ServerConfig { body_stall: Duration::from_millis(100), ..ServerConfig::default() };
    let rig = Rig::with_config(config).await;
    let answer = rig.ask("POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc").await;
    assert_eq!((answer.status, answer.code()), (408, "body_stalled"));
}

#[tokio::test]
async fn the_body_says_how_it_is_framed() {
    let rig = Rig::start().await;
    let answer = rig.get("/lies").await;
    assert_eq!((answer.text(), &answer.headers["content-length"]), ("truth", &http::HeaderValue::from_static("5")));
    for name in ["x-mine", "keep-alive", "transfer-encoding", "upgrade"] {
        assert!(!answer.headers.contains_key(name), "{name}");
    }
    assert_eq!(answer.headers["x-kept"], "yes");
    let bodyless = rig.get("/status-204").await;
    assert!(!bodyless.headers.contains_key("content-length"));
    assert_eq!(rig.get("/status-304").await.headers["etag"], "\"x\"");
}

#[tokio::test]
async fn streams_are_sent_as_they_come() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send("GET /stream HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let head = client.read_until(b"\r\n\r\n").await;
    assert!(String::from_utf8_lossy(&head).contains("transfer-encoding: chunked"));
    client.read_until(b"chunk 0\n").await;
    for chunk in ["chunk 1\n", "chunk 2\n"] {
        rig.worker.release.add_permits(1);
        client.read_until(chunk.as_bytes()).await;
    }
    rig.worker.release.add_permits(1);
    client.read_until(b"0\r\n\r\n").await;
    client.send("GET /after HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(client.answer().await.text(), "hello from /after");
}

#[tokio::test]
async fn a_stream_that_fails_is_not_ended_as_if_whole() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send("GET /breaks-off HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let answer = String::from_utf8(client.rest().await).expect("UTF-8");
    assert!(answer.starts_with("HTTP/1.1 200") && !answer.ends_with("0\r\n\r\n"), "{answer:?}");
}

#[tokio::test]
async fn head_gets_the_head_of_get() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    for (path, length) in
        [("/hello", Some("17")), ("/head-length", Some("1234")), ("/stream", None), ("/status-204", None)]
    {
        client.send(format!("HEAD {path} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        let answer = client.answer_to("HEAD").await;
        let found = answer.headers.get("content-length").map(|length| length.to_str().expect("ASCII"));
        assert_eq!(found, length, "{path}");
    }
    client.send("GET /after HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(client.answer().await.text(), "hello from /after");
}
