//! Requests that no client should send. Each gets a refusal or a close, and none disturbs the next request.

use std::time::Duration;

use worky_tests::raw::Raw;
use worky_tests::{Project, Worky};

/// What is done about a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A status of 400 to 499, 501 or 505, or a close without an answer.
    Refused,
    /// The same, once the client has ended its side: until then more could come.
    RefusedAtEnd,
    /// Any answer at all, or a close: the standard leaves it open.
    Survived,
}
use Expect::{Refused, RefusedAtEnd, Survived};

const REQUESTS: &[(&str, &[u8], Expect)] = &[
    ("nothing but an end", b"", Survived),
    ("an empty line", b"\r\n\r\n", RefusedAtEnd),
    ("binary rubbish", b"\x00\x01\x02\xff\xfe\r\n\r\n", RefusedAtEnd),
    ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", Refused),
    ("only a method", b"GET\r\n\r\n", RefusedAtEnd),
    ("no version", b"GET /\r\n\r\n", Refused),
    ("HTTP/0.9", b"GET / HTTP/0.9\r\nhost: a\r\n\r\n", Refused),
    ("HTTP/1.2", b"GET / HTTP/1.2\r\nhost: a\r\n\r\n", Refused),
    ("HTTP/2.0 in text", b"GET / HTTP/2.0\r\nhost: a\r\n\r\n", Refused),
    ("HTTP/3", b"GET / HTTP/3\r\nhost: a\r\n\r\n", Refused),
    ("a lower-case version", b"GET / http/1.1\r\nhost: a\r\n\r\n", Refused),
    ("two spaces", b"GET  / HTTP/1.1\r\nhost: a\r\n\r\n", Refused),
    ("a tab for a space", b"GET\t/ HTTP/1.1\r\nhost: a\r\n\r\n", Refused),
    ("a space in the path", b"GET /a b HTTP/1.1\r\nhost: a\r\n\r\n", Refused),
    ("a NUL in the path", b"GET /a\0b HTTP/1.1\r\nhost: a\r\n\r\n", Refused),
    ("a control in the method", b"G\x01T / HTTP/1.1\r\nhost: a\r\n\r\n", Refused),
    ("brackets in the method", b"G(E)T / HTTP/1.1\r\nhost: a\r\n\r\n", Refused),
    ("a path without a slash", b"GET path HTTP/1.1\r\nhost: a\r\n\r\n", Refused),
    ("an asterisk with GET", b"GET * HTTP/1.1\r\nhost: a\r\n\r\n", Refused),
    ("CONNECT", b"CONNECT a:80 HTTP/1.1\r\nhost: a:80\r\n\r\n", Refused),
    ("no host", b"GET / HTTP/1.1\r\n\r\n", Refused),
    ("an empty host", b"GET / HTTP/1.1\r\nhost:\r\n\r\n", Survived),
    ("two hosts", b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", Refused),
    ("a host that is no name", b"GET / HTTP/1.1\r\nhost: a b\r\n\r\n", Refused),
    ("a host with a path", b"GET / HTTP/1.1\r\nhost: a/b\r\n\r\n", Refused),
    ("a host with a user", b"GET / HTTP/1.1\r\nhost: u@a\r\n\r\n", Refused),
    ("a host with a bad port", b"GET / HTTP/1.1\r\nhost: a:99999\r\n\r\n", Refused),
    ("a target that is another host's", b"GET http://b/ HTTP/1.1\r\nhost: a\r\n\r\n", Survived),
    ("a target of another scheme", b"GET gopher://a/ HTTP/1.1\r\nhost: a\r\n\r\n", Survived),
    ("a header without a colon", b"GET / HTTP/1.1\r\nhost: a\r\nrubbish\r\n\r\n", Refused),
    ("a header without a name", b"GET / HTTP/1.1\r\nhost: a\r\n: x\r\n\r\n", Refused),
    ("a space before the colon", b"GET / HTTP/1.1\r\nhost: a\r\nx : y\r\n\r\n", Refused),
    ("a folded header", b"GET / HTTP/1.1\r\nhost: a\r\nx: y\r\n z\r\n\r\n", Refused),
    ("a space before the first header", b"GET / HTTP/1.1\r\n host: a\r\n\r\n", Refused),
    ("a NUL in a header", b"GET / HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n", Refused),
    ("a bare CR in a header", b"GET / HTTP/1.1\r\nhost: a\r\nx: a\rb\r\n\r\n", Refused),
    ("bare LF for line ends", b"GET / HTTP/1.1\nhost: a\n\n", Survived),
    ("bytes above ASCII in a header name", b"GET / HTTP/1.1\r\nhost: a\r\n\xc3\xa4: x\r\n\r\n", Refused),
    ("bytes above ASCII in a header value", b"GET / HTTP/1.1\r\nhost: a\r\nx: \xc3\xa4\xff\r\n\r\n", Survived),
    ("a negative length", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n", Refused),
    ("a length with a plus", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +4\r\n\r\nbody", Refused),
    ("a hexadecimal length", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0x4\r\n\r\nbody", Refused),
    ("a length that is no number", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: four\r\n\r\nbody", Refused),
    ("an empty length", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length:\r\n\r\n", Refused),
    ("a length beyond 64 bits", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\n", Refused),
    ("two lengths that differ", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nbody!", Refused),
    ("a list of lengths that differ", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4, 5\r\n\r\nbody!", Refused),
    ("a length and chunks", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n", Survived),
    ("an unknown transfer coding", b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: rot13\r\n\r\n", Refused),
    ("chunks that are not last", b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, gzip\r\n\r\n", Refused),
    ("chunks twice", b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n", Refused),
    ("a disguised transfer coding", b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n", Refused),
    ("chunks in HTTP/1.0", b"POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", Survived),
    ("a bad chunk size", b"POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n", Refused),
    ("a negative chunk size", b"POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n-1\r\nab\r\n0\r\n\r\n", Refused),
    ("a chunk size beyond 64 bits", b"POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\nab\r\n", RefusedAtEnd),
    ("a chunk that is too short", b"POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab\r\n0\r\n\r\n", RefusedAtEnd),
    ("a chunk without its end", b"POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabXX0\r\n\r\n", Refused),
    ("a body that ends early", b"POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nshort", RefusedAtEnd),
    ("chunks that end early", b"POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", RefusedAtEnd),
    ("an unknown expectation", b"POST / HTTP/1.1\r\nhost: a\r\nexpect: miracles\r\ncontent-length: 0\r\n\r\n", Survived),
    ("an upgrade nobody knows", b"GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: teleport\r\n\r\n", Survived),
    ("an upgrade to HTTP/2", b"GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n", Survived),
    ("a WebSocket", b"GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", Survived),
    ("half of the HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\n", RefusedAtEnd),
    ("the preface and rubbish", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrubbish that is no frame", Survived),
    ("a frame that is too large", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\x00\x00\x00\x00\x00\x01", Survived),
    ("headers on stream 0", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x01\x01\x05\x00\x00\x00\x00\x82", Survived),
];

const SOURCE: &str = "export default { async fetch(request) {\n  if (request.url.includes('smuggled')) console.log('smuggled');\n  return new Response(new URL(request.url).pathname === '/body' ? await request.text() : 'good');\n} };";

/// Sends the bytes and reads what begins to come back; nothing is a close.
async fn send(worky: &Worky, bytes: &[u8], expect: Expect) -> String {
    /// For answers that may never come because more of the request could.
    const SHORT: Duration = Duration::from_millis(200);
    let mut raw = Raw::connect(worky.address()).await;
    raw.write(bytes).await;
    if expect == Refused {
        return raw.read_head().await.unwrap_or_default();
    }
    if expect == Survived
        && let Ok(head) = tokio::time::timeout(SHORT, raw.read_head()).await
    {
        return head.unwrap_or_default();
    }
    raw.finish().await;
    String::from_utf8_lossy(&raw.read_to_end().await).into_owned()
}

#[tokio::test]
async fn malformed_requests_are_refused_and_disturb_nobody() {
    assert!(REQUESTS.len() >= 40);
    let mut worky = Project::worker(SOURCE).serve();
    let mut failed = Vec::new();
    for (what, bytes, expect) in REQUESTS {
        let text = send(&worky, bytes, *expect).await;
        let status = text.split(' ').nth(1).unwrap_or_default();
        let refused = !text.starts_with("HTTP/1.1 ") || status.starts_with('4') || ["501", "505"].contains(&status);
        if *expect != Survived && !refused {
            failed.push(format!("{what}: {}", text.lines().next().unwrap_or_default()));
        }
        if status == "500" {
            failed.push(format!("{what}: called the server's fault: {text}"));
        }
        let good = worky.get("/good").await;
        if good.status != 200 || good.text() != "good" {
            failed.push(format!("after {what}: {}", good.status));
        }
    }
    assert!(worky.is_running());
    assert!(!worky.output().has("smuggled"), "a request was smuggled in");
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), REQUESTS.len(), failed.join("\n"));
}

#[tokio::test]
async fn a_request_without_a_host_is_told_so() {
    let worky = Project::worker(SOURCE).serve();
    let text = send(&worky, b"GET / HTTP/1.1\r\n\r\n", Refused).await;
    assert!(text.starts_with("HTTP/1.1 400"), "{text}");
}

#[tokio::test]
async fn connections_that_break_off_at_any_byte_disturb_nobody() {
    let mut worky = Project::worker(SOURCE).serve();
    let whole = b"POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
    for end in 0..whole.len() {
        let mut raw = Raw::connect(worky.address()).await;
        raw.write(&whole[..end]).await;
        drop(raw);
    }
    assert_eq!(worky.get("/good").await.ok().text(), "good");
    assert!(worky.is_running());
}
