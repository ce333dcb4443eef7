//! What of a request's head the worker sees, and which heads are too much.

use std::collections::BTreeMap;

use worky_server::ServerConfig;

use crate::rig::{Rig, Setup};

async fn seen(rig: &Rig, fields: &str) -> (serde_json::Value, BTreeMap<String, String>) {
    let request = format!("GET /seen?q=1 HTTP/1.1\r\nhost: Example.com:80\r\nconnection: close\r\n{fields}\r\n");
    let answer = rig.ask(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json = answer.json();
    let headers = serde_json::from_value::<Vec<(String, String)>>(json["headers"].clone()).expect("pairs");
    (json, headers.into_iter().collect())
}

#[tokio::test]
async fn the_address_is_absolute_and_the_origin_is_the_sockets() {
    let rig = Rig::start().await;
    let (json, headers) = seen(
        &rig,
        "x-forwarded-for: 6.6.6.6\r\nx-forwarded-proto: https\r\nx-forwarded-host: evil\r\nx-forwarded-port: 1\r\n\
         x-real-ip: 6.6.6.6\r\ncf-connecting-ip: 6.6.6.6\r\ntrue-client-ip: 6.6.6.6\r\nforwarded: for=6.6.6.6\r\n",
    )
    .await;
    assert_eq!(json["url"], "http://Example.com:80/seen?q=1");
    assert_eq!(json["client_ip"], "127.0.0.1");
    for name in ["cf-connecting-ip", "x-real-ip", "x-forwarded-for"] {
        assert_eq!(headers[name], "127.0.0.1", "{name}");
    }
    assert_eq!(headers["x-forwarded-proto"], "http");
    assert_eq!(headers["x-forwarded-host"], "Example.com:80");
    assert!(!json.to_string().contains("6.6.6.6"), "{json}");
    assert!(!headers.contains_key("x-forwarded-port"));
}

#[tokio::test]
async fn a_trusted_proxy_is_believed() {
    let trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    let rig = Rig::with_config(ServerConfig { trusted_proxies, ..ServerConfig::default() }).await;
    let (json, headers) = seen(
        &rig,
        "x-forwarded-for: 6.6.6.6, 203.0.113.7\r\nx-forwarded-proto: https\r\nx-forwarded-host: public.example\r\n",
    )
    .await;
    assert_eq!(json["client_ip"], "203.0.113.7");
    assert_eq!(json["url"], "https://Example.com:80/seen?q=1");
    assert_eq!(headers["cf-connecting-ip"], "203.0.113.7");
    assert_eq!(headers["x-forwarded-for"], "6.6.6.6, 203.0.113.7, 127.0.0.1");
    assert_eq!(headers["x-forwarded-host"], "public.example");
}

#[tokio::test]
async fn what_is_between_two_hops_does_not_reach_the_worker() {
    let rig = Rig::start().await;
    let (_, headers) = seen(
        &rig,
        "connection: x-mine\r\nx-mine: 1\r\nkeep-alive: 5\r\nte: trailers\r\nupgrade: h2c\r\nhttp2-settings: AA\r\n\
         proxy-connection: x\r\nbaggage: user=1\r\nx-kept: yes\r\n",
    )
    .await;
    for name in ["connection", "x-mine", "keep-alive", "te", "upgrade", "http2-settings", "proxy-connection", "baggage"]
    {
        assert!(!headers.contains_key(name), "{name}");
    }
    assert_eq!(headers["x-kept"], "yes");
    assert_eq!(headers["host"], "Example.com:80");
}

#[tokio::test]
async fn ids_are_accepted_or_made() {
    let rig = Rig::start().await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let (json, headers) = seen(&rig, &format!("x-request-id: mine-1\r\ntraceparent: {trace}\r\n")).await;
    assert_eq!((json["request_id"].as_str(), &*headers["x-request-id"]), (Some("mine-1"), "mine-1"));
    assert_eq!((json["trace"].as_str(), &*headers["traceparent"]), (Some(&trace[3..35]), trace));

    let (json, headers) = seen(&rig, "x-request-id: not an id\r\ntraceparent: 00-zz\r\ntracestate: a=1\r\n").await;
    let made = json["request_id"].as_str().expect("text");
    assert_eq!((made.len(), made), (32, &*headers["x-request-id"]));
    assert_eq!(json["trace"].as_str(), Some(&headers["traceparent"][3..35]));
    assert!(!headers.contains_key("tracestate"));

    let answer = rig.ask("GET / HTTP/1.1\r\nhost: a\r\nx-request-id: mine-2\r\n\r\n").await;
    assert_eq!(answer.headers["x-request-id"], "mine-2");
    assert!(answer.headers.contains_key("date"));
}

#[tokio::test]
async fn http_1_0_needs_no_host_and_closes() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send("GET /seen HTTP/1.0\r\n\r\n").await;
    let answer = client.answer().await;
    assert_eq!(answer.json()["url"], format!("http://{}/seen", rig.address));
    assert!(client.rest().await.is_empty());
}

#[tokio::test]
async fn an_absolute_target_outranks_the_host() {
    let rig = Rig::start().await;
    let answer = rig.ask("GET http://other.example/seen HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(answer.json()["url"], "http://other.example/seen");
}

#[tokio::test]
async fn routes_lead_by_host_and_path() {
    let rig = Rig::with(Setup { routes: vec!["example.com/only/*"], ..Setup::default() }).await;
    assert_eq!(rig.get("/only/this").await.status, 200);
    for request in ["GET /other HTTP/1.1\r\nhost: example.com\r\n\r\n", "GET /only/x HTTP/1.1\r\nhost: b\r\n\r\n"] {
        let answer = rig.ask(request).await;
        assert_eq!((answer.status, answer.code()), (404, "no_route"), "{request}");
        assert_eq!(answer.json()["worky_error"]["code"], "no_route");
        assert_eq!(answer.json()["worky_error"]["request_id"], answer.headers["x-request-id"].to_str().expect("ASCII"));
    }
}

#[tokio::test]
async fn heads_that_are_too_much_are_refused() {
    let config =
        ServerConfig { uri_bytes_max: 100, header_bytes_max: 2000, header_count_max: 20, ..ServerConfig::default() };
    let rig = Rig::with_config(config).await;
    let get = |target: &str, fields: &str| format!("GET /{target} HTTP/1.1\r\nhost: a\r\n{fields}\r\n");
    let many = |n: usize| (0..n).map(|i| format!("x-{i}: 1\r\n")).collect::<String>();
    for (request, status) in [
        (get(&"a".repeat(99), ""), 200),
        (get(&"a".repeat(100), ""), 414),
        (get("", &format!("x: {}\r\n", "a".repeat(1900))), 200),
        (get("", &format!("x: {}\r\n", "a".repeat(2000))), 431),
        (get("", &format!("x: {}\r\n", "a".repeat(100_000))), 431),
        (get("", &many(19)), 200),
        (get("", &many(20)), 431),
        (get("", &many(200)), 431),
    ] {
        assert_eq!(rig.ask(&request).await.status, status, "{:.60}… ({} bytes)", request, request.len());
    }
    assert_eq!(rig.get("/").await.status, 200);
}
