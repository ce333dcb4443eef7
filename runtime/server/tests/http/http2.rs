//! HTTP/2 without TLS, on the same port.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use worky_server::{Http2, ServerConfig};

use crate::rig::{Rig, eventually, within};

async fn connect(rig: &Rig) -> SendRequest<Full<Bytes>> {
    let stream = rig.connect().await.into_stream();
    let (sender, connection) = within(handshake(TokioExecutor::new(), TokioIo::new(stream))).await.expect("HTTP/2");
    tokio::spawn(connection);
    sender
}

fn request(path: &str) -> http::request::Builder {
    http::Request::builder().uri(format!("http://example.com{path}"))
}

async fn text(response: http::Response<hyper::body::Incoming>) -> String {
    let body = within(response.into_body().collect()).await.expect("a whole body").to_bytes();
    String::from_utf8(body.to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn requests_run_side_by_side() {
    let rig = Rig::start().await;
    let mut sender = connect(&rig).await;
    let waiting = sender.send_request(request("/wait").body(Full::default()).expect("valid"));
    let quick = within(sender.send_request(request("/quick").body(Full::default()).expect("valid"))).await;
    let quick = quick.expect("answered");
    assert!(quick.headers().contains_key("x-request-id") && quick.headers().contains_key("date"));
    assert_eq!(text(quick).await, "hello from /quick");
    rig.worker.release.add_permits(1);
    assert_eq!(text(within(waiting).await.expect("answered")).await, "waited");
}

#[tokio::test]
async fn split_cookies_are_one_and_the_authority_is_the_host() {
    let rig = Rig::start().await;
    let mut sender = connect(&rig).await;
    let request = request("/seen").header("cookie", "a=1").header("cookie", "b=2").body(Full::default());
    let response = within(sender.send_request(request.expect("valid"))).await.expect("answered");
    let seen = text(response).await;
    assert!(seen.contains(r#"["cookie","a=1; b=2"]"#) && seen.contains("http://example.com/seen"), "{seen}");
    assert!(seen.contains(r#"["host","example.com"]"#), "{seen}");
}

#[tokio::test]
async fn bodies_go_both_ways_and_are_bounded() {
    let rig = Rig::start().await;
    let mut sender = connect(&rig).await;
    let body = Bytes::from(vec![b'x'; 300_000]);
    let request = |path| request(path).method("POST").body(Full::new(body.clone())).expect("valid");
    let response = within(sender.send_request(request("/echo"))).await.expect("answered");
    assert_eq!(text(response).await.len(), body.len());
    let response = within(sender.send_request(request("/lies"))).await.expect("answered");
    assert_eq!(text(response).await, "truth");
}

#[tokio::test]
async fn a_reset_stream_cancels_the_guest() {
    let rig = Rig::start().await;
    let mut sender = connect(&rig).await;
    let hanging = tokio::spawn(sender.send_request(request("/hang").body(Full::default()).expect("valid")));
    eventually("the call", || rig.worker.begun.available_permits() == 1).await;
    hanging.abort();
    eventually("the end of the call", || rig.worker.cancelled.available_permits() == 1).await;
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let rig = Rig::with_config(ServerConfig { http2: Http2::Off, ..ServerConfig::default() }).await;
    let mut client = rig.connect().await;
    client.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(!client.rest().await.starts_with(b"\0"), "no HTTP/2 frame");
    assert_eq!(rig.get("/").await.status, 200);
}
