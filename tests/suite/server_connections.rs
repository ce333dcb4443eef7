//! Connections: how long they live, how many there are, what passes on them.

use std::time::Duration;

use worky_tests::client::full;
use worky_tests::raw::{Bodyless, Raw, header};
use worky_tests::{PATIENCE, Project, within};

use crate::server::{SOURCE, worky};

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let mut raw = Raw::connect(worky().address()).await;
    for n in 0..20 {
        raw.write(format!("POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{n:02}")).await;
        assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").body, format!("{n:02}").as_bytes());
    }
}

#[tokio::test]
async fn requests_may_be_pipelined() {
    let mut raw = Raw::connect(worky().address()).await;
    let mut bytes = String::new();
    for n in 0..10 {
        bytes.push_str(&format!("GET /{n} HTTP/1.1\r\nhost: a\r\n\r\n"));
        bytes.push_str(&format!(
            "POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\np{n:02}\r\n0\r\n\r\n"
        ));
    }
    raw.write(bytes).await;
    for n in 0..10 {
        let first = raw.read_response(Bodyless::No).await.expect("an answer");
        assert_eq!(header(&first.head, "x-path"), Some(format!("/{n}").as_str()));
        let second = raw.read_response(Bodyless::No).await.expect("an answer");
        assert_eq!(second.body, format!("p{n:02}").as_bytes());
    }
}

#[tokio::test]
async fn close_is_honoured() {
    for head in ["GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"] {
        let mut raw = Raw::connect(worky().address()).await;
        raw.write(head).await;
        let answer = String::from_utf8(raw.read_to_end().await).expect("text");
        assert!(answer.contains("200 OK") && answer.ends_with("hello GET"), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_was_not_read_leaves_the_connection_in_step() {
    let mut raw = Raw::connect(worky().address()).await;
    raw.write("POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 5000\r\n\r\n").await;
    raw.write(vec![b'.'; 5000]).await;
    assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").body, b"hello POST");
    raw.write("GET /y HTTP/1.1\r\nhost: a\r\n\r\n").await;
    if let Some(next) = raw.read_response(Bodyless::No).await {
        assert_eq!((next.status, next.body), (200, b"hello GET".to_vec()));
    }
}

#[tokio::test]
async fn continue_is_said_before_the_body_is_sent() {
    let mut raw = Raw::connect(worky().address()).await;
    raw.write("POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n").await;
    let interim = raw.read_response(Bodyless::Yes).await.expect("an interim answer");
    assert_eq!(interim.status, 100);
    raw.write("body").await;
    assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").body, b"body");
}

#[tokio::test]
async fn continue_is_said_when_the_body_is_streamed_into_the_response() {
    let source = "export default { fetch: (request) => new Response(request.body) };";
    let worky = Project::worker(source).serve();
    let mut raw = Raw::connect(worky.address()).await;
    raw.write("POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n").await;
    assert_eq!(raw.read_response(Bodyless::Yes).await.expect("an interim answer").status, 100);
    raw.write("body").await;
    assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").body, b"body");
}

#[tokio::test]
async fn continue_is_not_said_for_a_body_that_is_too_large() {
    let mut raw = Raw::connect(worky().address()).await;
    raw.write("POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 100001\r\nexpect: 100-continue\r\n\r\n").await;
    let response = raw.read_response(Bodyless::No).await.expect("an answer");
    assert_eq!((response.status, header(&response.head, "worky-error")), (413, Some("body_too_large")));
}

#[tokio::test]
async fn chunks_with_extensions_and_trailers_are_read() {
    let mut raw = Raw::connect(worky().address()).await;
    raw.write("POST /body HTTP/1.1\r\nhost: a\r\ntrailer: x-sum\r\ntransfer-encoding: chunked\r\n\r\n").await;
    raw.write("2;ext=\"v\"\r\nab\r\n0003\r\ncde\r\n0\r\nx-sum: 1\r\n\r\n").await;
    assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").body, b"abcde");
    raw.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").status, 200);
}

#[tokio::test]
async fn a_head_may_arrive_byte_by_byte() {
    let mut raw = Raw::connect(worky().address()).await;
    for byte in b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n" {
        raw.write([*byte]).await;
        tokio::task::yield_now().await;
    }
    let response = raw.read_response(Bodyless::No).await.expect("an answer");
    assert_eq!(header(&response.head, "x-path"), Some("/slow"));
}

#[tokio::test]
async fn heads_have_limits() {
    let many: String = (0..2000).map(|n| format!("x-{n}: y\r\n")).collect();
    let mut raw = Raw::connect(worky().address()).await;
    raw.write(format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n")).await;
    let answer = String::from_utf8_lossy(&raw.read_to_end().await).into_owned();
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");

    let mut raw = Raw::connect(worky().address()).await;
    raw.write(format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "y".repeat(2 << 20))).await;
    let answer = String::from_utf8_lossy(&raw.read_to_end().await).into_owned();
    assert!(answer.starts_with("HTTP/1.1 431") || answer.is_empty(), "{answer}");

    let mut raw = Raw::connect(worky().address()).await;
    raw.write(format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "y".repeat(2 << 20))).await;
    let answer = String::from_utf8_lossy(&raw.read_to_end().await).into_owned();
    assert!(answer.starts_with("HTTP/1.1 414") || answer.starts_with("HTTP/1.1 431") || answer.is_empty(), "{answer}");
}

#[tokio::test]
async fn a_client_that_never_ends_its_head_is_closed() {
    let mut raw = Raw::connect(worky().address()).await;
    raw.write("GET / HTTP/1.1\r\nhost: a\r\nx-slow").await;
    let answer = tokio::time::timeout(PATIENCE, raw.read_to_end()).await.expect("closed in time");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn connections_are_counted_and_an_excess_waits_or_is_refused() {
    let worky = Project::worker_with(SOURCE, "[server]\nmax_connections = 3\n").serve();
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut raw = Raw::connect(worky.address()).await;
        raw.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert_eq!(raw.read_response(Bodyless::No).await.expect("an answer").status, 200);
        held.push(raw);
    }
    let mut excess = Raw::connect(worky.address()).await;
    excess.write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    match tokio::time::timeout(Duration::from_millis(300), excess.read_to_end()).await {
        Ok(answer) => {
            let answer = String::from_utf8_lossy(&answer).into_owned();
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 503"), "{answer}");
        }
        Err(_waiting) => {
            held.pop();
            let answer = String::from_utf8_lossy(&excess.read_to_end().await).into_owned();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    }
    drop(held);
    within("room for a new connection", async { while worky.get("/").await.status != 200 {} }).await;
}

#[tokio::test]
async fn overload_is_503_with_retry_after() {
    let source = "export default { async fetch(request) {\n  if (request.url.endsWith('/hold')) { console.log('held'); await new Promise((r) => setTimeout(r, 3600000)); }\n  return new Response('done');\n} };";
    let worky = Project::worker_with(source, "[limits]\nconcurrency = 1\nwall_ms = 60000\n").serve();
    let mut connection = worky.connect(worky_tests::client::Protocol::Http1).await;
    let request = worky.request("GET", "/hold").body(full("")).expect("valid");
    let holding = tokio::spawn(async move { drop(connection.try_open(request).await) });
    worky.output().record("held").await;
    let answer = worky.get("/").await;
    answer.assert_error(503, "overloaded");
    assert!(answer.header("retry-after").parse::<u32>().is_ok(), "{:?}", answer.headers);
    holding.abort();
}
