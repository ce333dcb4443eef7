//! What no client should send. Each case gets an answer of 4xx or 5xx, or a closed connection, and the server goes on.

use crate::rig::Rig;

/// What the first line of the answer may be; "closed" is for no answer at all.
const CASES: [(&str, &[u8], &[&str]); 56] = [
    ("nothing", b"", &["closed"]),
    ("blank lines", b"\r\n\r\n", &["closed", "400"]),
    ("garbage", b"\x00\x01\x02\x03\x04\x05\r\n\r\n", &["400"]),
    ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", &["400", "closed"]),
    ("no version", b"GET /\r\n\r\n", &["400"]),
    ("no target", b"GET HTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("two targets", b"GET / / HTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("a lower-case version", b"GET / http/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("version 1.2", b"GET / HTTP/1.2\r\nhost: a\r\n\r\n", &["400", "505"]),
    ("version 3", b"GET / HTTP/3.0\r\nhost: a\r\n\r\n", &["400", "505"]),
    ("a bad method", b"G@T{ / HTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("a space before the method", b" GET / HTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("a tab in the request line", b"GET\t/\tHTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("a control character in the target", b"GET /a\x01b HTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("a relative target", b"GET a/b HTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("the asterisk", b"OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("another scheme", b"GET ftp://a/ HTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("an authority with GET", b"GET a:80 HTTP/1.1\r\nhost: a\r\n\r\n", &["400"]),
    ("CONNECT", b"CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n", &["501"]),
    ("TRACE", b"TRACE / HTTP/1.1\r\nhost: a\r\n\r\n", &["501"]),
    ("a WebSocket", b"GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n", &["501"]),
    ("no host", b"GET / HTTP/1.1\r\n\r\n", &["400"]),
    ("no host beside an absolute target", b"GET http://a/ HTTP/1.1\r\n\r\n", &["400"]),
    ("an empty host", b"GET / HTTP/1.1\r\nhost:\r\n\r\n", &["400"]),
    ("two hosts", b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", &["400"]),
    ("the same host twice", b"GET / HTTP/1.1\r\nhost: a\r\nHost: a\r\n\r\n", &["400"]),
    ("a host with a path", b"GET / HTTP/1.1\r\nhost: a/b\r\n\r\n", &["400"]),
    ("a host with a user", b"GET / HTTP/1.1\r\nhost: u@a\r\n\r\n", &["400"]),
    ("a host with a space", b"GET / HTTP/1.1\r\nhost: a b\r\n\r\n", &["400"]),
    ("a host with a bad port", b"GET / HTTP/1.1\r\nhost: a:port\r\n\r\n", &["400"]),
    ("a host with a large port", b"GET / HTTP/1.1\r\nhost: a:99999\r\n\r\n", &["400"]),
    ("a host with a bad address", b"GET / HTTP/1.1\r\nhost: [::zz]\r\n\r\n", &["400"]),
    ("a host with a percent sign", b"GET / HTTP/1.1\r\nhost: a%20b\r\n\r\n", &["400"]),
    ("a space in a name", b"GET / HTTP/1.1\r\nhost: a\r\nx y: 1\r\n\r\n", &["400"]),
    ("a space before the colon", b"GET / HTTP/1.1\r\nhost: a\r\nx : 1\r\n\r\n", &["400"]),
    ("no colon", b"GET / HTTP/1.1\r\nhost: a\r\nx\r\n\r\n", &["400"]),
    ("no name", b"GET / HTTP/1.1\r\nhost: a\r\n: 1\r\n\r\n", &["400"]),
    ("a folded field", b"GET / HTTP/1.1\r\nhost: a\r\nx: 1\r\n 2\r\n\r\n", &["400"]),
    ("a NUL in a value", b"GET / HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n", &["400"]),
    ("a bare CR in a value", b"GET / HTTP/1.1\r\nhost: a\r\nx: a\rb\r\n\r\n", &["400"]),
    ("a negative length", b"POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n", &["400", "closed"]),
    ("a length with a plus", b"POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: +3\r\n\r\nabc", &["400", "closed"]),
    ("a length in hex", b"POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 0x3\r\n\r\nabc", &["400", "closed"]),
    (
        "a huge length",
        b"POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\n",
        &["400", "closed"],
    ),
    ("a length over the limit", b"POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 9999999999\r\n\r\n", &["413"]),
    (
        "two lengths",
        b"POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
        &["400", "closed"],
    ),
    ("a list of lengths", b"POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 3, 4\r\n\r\nabcd", &["400", "closed"]),
    (
        "another coding",
        b"POST /length HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n",
        &["400", "501", "closed"],
    ),
    (
        "chunked not last",
        b"POST /length HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, gzip\r\n\r\n",
        &["400", "closed"],
    ),
    (
        "chunked in 1.0",
        b"POST /length HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        &["400", "closed"],
    ),
    (
        "a bad chunk size",
        b"POST /length HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n",
        &["400"],
    ),
    (
        "a huge chunk size",
        b"POST /length HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        &["400"],
    ),
    (
        "a chunk without its end",
        b"POST /length HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
        &["400"],
    ),
    (
        "a body that breaks off",
        b"POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc",
        &["400", "closed"],
    ),
    (
        "an unknown expectation",
        b"POST /length HTTP/1.1\r\nhost: a\r\nexpect: a-miracle\r\ncontent-length: 3\r\n\r\nabc",
        &["417"],
    ),
    ("a broken HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", &["closed", "400", "505"]),
];

#[tokio::test]
async fn malformed_requests_are_refused_and_harm_nobody() {
    let rig = Rig::start().await;
    let mut wrong = Vec::new();
    for (name, bytes, allowed) in CASES {
        let mut client = rig.connect().await;
        client.send(bytes).await;
        client.close_sending().await;
        let answer = client.rest().await;
        let status = answer.get(9..12).map_or("closed", |status| std::str::from_utf8(status).unwrap_or("?"));
        if !allowed.contains(&status) {
            wrong.push(format!("{name}: {status}, not {allowed:?}: {:?}", String::from_utf8_lossy(&answer)));
        }
        let next = rig.get("/next").await;
        assert_eq!(next.text(), "hello from /next", "after {name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_head_in_pieces_is_as_good_as_one_in_one() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    for byte in b"GET /piecemeal HTTP/1.1\r\nhost: a\r\n\r\n" {
        client.send([*byte]).await;
    }
    assert_eq!(client.answer().await.text(), "hello from /piecemeal");
}
