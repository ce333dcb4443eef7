//! Bodies that flow through a guest between a client and an upstream.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use worky_tests::client::{channel, full};
use worky_tests::upstream::ENDLESS_CHUNK_BYTES;
use worky_tests::{PATIENCE, Upstream, Worky, within};

use crate::fetch::{LOOPBACK, guest};

fn fixture() -> &'static (Upstream, Worky) {
    static FIXTURE: OnceLock<(Upstream, Worky)> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let upstream = Upstream::start();
        let worky = guest(&upstream, LOOPBACK).serve();
        (upstream, worky)
    })
}

/// Waits until a count has stopped growing, and answers it. One that grows past `bound` fails at once.
pub(crate) async fn settled(what: &str, bound: usize, count: impl Fn() -> usize) -> usize {
    /// A flow that is not held back moves within a fraction of this.
    const STILL: Duration = Duration::from_millis(500);
    within(what, async {
        let (mut last, mut since) = (count(), tokio::time::Instant::now());
        while since.elapsed() < STILL {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let now = count();
            assert!(now <= bound, "{what}: {now} already, {bound} at most");
            if now != last {
                (last, since) = (now, tokio::time::Instant::now());
            }
        }
        last
    })
    .await
}

#[tokio::test]
async fn a_download_flows_as_it_comes() {
    let (upstream, worky) = fixture();
    let request = worky.request("GET", "/proxy?to=/gated/download").body(full("")).expect("valid");
    let mut response = worky.open(request).await;
    assert_eq!(response.read_until("first\n").await, "first\n");
    upstream.open_gate("download");
    assert_eq!(response.read_until("second\n").await, "second\n");
    assert!(response.chunk().await.is_none());
}

#[tokio::test]
async fn an_upload_flows_as_it_comes() {
    let (upstream, worky) = fixture();
    let (mut sender, body) = channel();
    let request = worky.request("POST", "/proxy?to=/upload/flow").body(body).expect("valid");
    let answer = tokio::spawn(worky.send(request));
    within("the first chunk", sender.send_data(Bytes::from_static(b"first"))).await.expect("the exchange is on");
    upstream.noted("started /upload/flow").await;
    within("the second chunk", sender.send_data(Bytes::from_static(b"second"))).await.expect("the exchange is on");
    drop(sender);
    assert_eq!(within("the answer", answer).await.expect("no panic").ok().text(), "11");
}

#[tokio::test]
async fn a_slow_client_holds_the_upstream_back() {
    let upstream = Upstream::start();
    let worky = guest(&upstream, LOOPBACK).serve();
    let request = worky.request("GET", "/proxy?to=/endless").body(full("")).expect("valid");
    let mut response = worky.open(request).await;
    response.chunk().await.expect("a first chunk").expect("it is whole");
    // What the kernel's buffers of two connections may take, and as much again.
    let bound = (40 << 20) / ENDLESS_CHUNK_BYTES;
    let held = settled("the upstream", bound, || upstream.endless_chunks()).await;
    // Reading on lets it go on.
    let mut read = 0;
    while upstream.endless_chunks() <= held {
        read += response.chunk().await.expect("it is endless").expect("it is whole").len();
        assert!(read < 100 << 20, "{read} bytes were read and the upstream stands still");
    }
    drop(response);
    upstream.noted("aborted /endless").await;
}

#[tokio::test]
async fn a_slow_upstream_holds_the_client_back() {
    // The upstream does not read the body, so the client must not be able to send without end.
    let upstream = Upstream::start();
    let config = format!("{LOOPBACK}[limits]\nrequest_body_bytes = 1000000000\nwall_ms = 120000\n");
    let worky = guest(&upstream, &config).serve();
    let (mut sender, body) = channel();
    let request = worky.request("POST", "/proxy?to=/never/upload").body(body).expect("valid");
    let mut connection = worky.connect(worky_tests::client::Protocol::Http1).await;
    let exchange = tokio::spawn(async move { drop(connection.try_open(request).await) });
    let chunk = Bytes::from(vec![b'.'; 64 << 10]);
    let mut sent = 0;
    while tokio::time::timeout(Duration::from_secs(2), sender.send_data(chunk.clone()))
        .await
        .is_ok_and(|sent| sent.is_ok())
    {
        sent += chunk.len();
        assert!(sent < 60 << 20, "{sent} bytes were taken that nobody reads");
    }
    exchange.abort();
}

#[tokio::test]
async fn a_client_that_goes_away_ends_what_was_asked_for_it() {
    let (upstream, worky) = fixture();
    let request = worky.request("GET", "/proxy?to=/never/client").body(full("")).expect("valid");
    let mut connection = worky.connect(worky_tests::client::Protocol::Http1).await;
    let exchange = tokio::spawn(async move { drop(connection.try_open(request).await) });
    within("its arrival", async {
        while upstream.seen("/never/client").is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    exchange.abort();
    upstream.noted("aborted /never/client").await;
}

#[tokio::test]
async fn a_large_body_goes_through_whole() {
    let (_, worky) = fixture();
    let body: Vec<u8> = (0..5_000_000_u32).map(|n| b'a' + (n % 23) as u8).collect();
    let request = worky.request("POST", "/proxy?to=/echo").body(full(body.clone())).expect("valid");
    let seen = tokio::time::timeout(PATIENCE * 2, worky.send(request)).await.expect("in time").ok().json();
    assert!(seen["body"].as_str().expect("text").as_bytes() == body, "the body differs");
}

/// The guest itself does nothing about it: it waits, or has forgotten what it asked for.
#[tokio::test]
async fn the_end_of_a_request_ends_what_it_fetched() {
    let source = r#"export default {
      async fetch(request, env) {
        const response = await fetch(env.UPSTREAM + new URL(request.url).pathname);
        globalThis.kept = response;
        return new Response("forgotten");
      },
    };"#;
    let upstream = Upstream::start();
    let config = format!("{LOOPBACK}[vars]\nUPSTREAM = \"{}\"\n", upstream.url(""));
    let worky = worky_tests::Project::worker_with(source, &config).serve();

    let request = worky.request("GET", "/never/left").body(full("")).expect("valid");
    let mut connection = worky.connect(worky_tests::client::Protocol::Http1).await;
    let exchange = tokio::spawn(async move { drop(connection.try_open(request).await) });
    within("its arrival", async {
        while upstream.seen("/never/left").is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    exchange.abort();
    upstream.noted("aborted /never/left").await;

    assert_eq!(worky.get("/endless").await.ok().text(), "forgotten");
    upstream.noted("aborted /endless").await;
}
