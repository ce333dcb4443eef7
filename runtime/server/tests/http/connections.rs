//! Connections: kept, pipelined, bounded, timed, and given up with their clients.

use std::time::Duration;

use worky_server::ServerConfig;

use crate::rig::{Client, Rig, eventually, within};

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    for n in 0..50 {
        client.send(get(&format!("/{n}"))).await;
        assert_eq!(client.answer().await.text(), format!("hello from /{n}"));
    }
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    let requests: String = (0..40).map(|n| if n == 20 { get("/wait") } else { get(&format!("/{n}")) }).collect();
    client.send(requests).await;
    rig.worker.release.add_permits(1);
    for n in 0..40 {
        let expected = if n == 20 { "waited".to_owned() } else { format!("hello from /{n}") };
        assert_eq!(client.answer().await.text(), expected);
    }
}

#[tokio::test]
async fn a_slow_head_is_cut_off() {
    let config = ServerConfig { header_read: Duration::from_millis(120), ..ServerConfig::default() };
    let rig = Rig::with_config(config).await;
    let mut silent = rig.connect().await;
    let mut dripping = rig.connect().await;
    let mut second = rig.connect().await;
    second.send(get("/first")).await;
    assert_eq!(second.answer().await.status, 200);
    let drip = async {
        for byte in get("/never").bytes().cycle() {
            dripping.send([byte | 0x40]).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
            if dripping.closed().await {
                break;
            }
        }
    };
    within(drip).await;
    second.send("GET /").await;
    assert!(silent.rest().await.is_empty());
    assert!(second.rest().await.is_empty());
    assert_eq!(rig.get("/").await.status, 200);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let config = ServerConfig { idle: Duration::from_millis(100), ..ServerConfig::default() };
    let rig = Rig::with_config(config).await;
    let mut client = rig.connect().await;
    client.send(get("/")).await;
    assert_eq!(client.answer().await.status, 200);
    assert!(client.rest().await.is_empty());
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_given_up() {
    let config = ServerConfig { write_stall: Duration::from_millis(200), ..ServerConfig::default() };
    let rig = Rig::with_config(config).await;
    let mut client = rig.connect().await;
    // More than both sockets buffer, sent back and never read.
    let megabytes = 64 << 20;
    let request = format!("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: {megabytes}\r\n\r\n");
    client.send(request).await;
    let chunk = vec![b'x'; 1 << 20];
    for _ in 0..64 {
        client.send(&chunk).await;
    }
    assert!(client.rest().await.len() < megabytes);
}

#[tokio::test]
async fn connections_are_bounded() {
    let rig = Rig::with_config(ServerConfig { max_connections: 2, ..ServerConfig::default() }).await;
    let (mut first, mut second) = (rig.connect().await, rig.connect().await);
    for client in [&mut first, &mut second] {
        client.send(get("/")).await;
        assert_eq!(client.answer().await.status, 200);
    }
    let mut third = rig.connect().await;
    third.send(get("/")).await;
    let answer = third.answer().await;
    assert_eq!((answer.status, answer.code()), (503, "too_many_connections"));
    assert!(answer.headers.contains_key("retry-after"));
    assert!(third.rest().await.is_empty(), "closed after its answer");
    assert!(rig.metrics.encode().contains("max_connections"));
    drop(first);
    for _ in 0..1000 {
        if rig.get("/").await.status == 200 {
            return;
        }
    }
    panic!("there is never room again");
}

async fn leaves_in_the_middle(rig: &Rig, request: &[u8]) {
    let cancelled = rig.worker.cancelled.available_permits();
    let begun = rig.worker.begun.available_permits();
    let mut client: Client = rig.connect().await;
    client.send(request).await;
    eventually("the call", || rig.worker.begun.available_permits() > begun).await;
    drop(client);
    eventually("the end of the call", || rig.worker.cancelled.available_permits() > cancelled).await;
}

#[tokio::test]
async fn a_client_that_leaves_cancels_the_guest() {
    let rig = Rig::start().await;
    leaves_in_the_middle(&rig, get("/hang").as_bytes()).await;
}

#[tokio::test]
async fn a_client_that_leaves_with_an_unread_body_cancels_the_guest() {
    let rig = Rig::start().await;
    let body = vec![b'x'; 100_000];
    let head = format!("POST /hang HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", body.len());
    leaves_in_the_middle(&rig, &[head.as_bytes(), &body].concat()).await;
    leaves_in_the_middle(&rig, &[head.as_bytes(), &body[..500]].concat()).await;
}

#[tokio::test]
async fn a_client_that_leaves_with_requests_behind_cancels_the_guest() {
    let rig = Rig::start().await;
    leaves_in_the_middle(&rig, [get("/hang"), get("/next")].concat().as_bytes()).await;
}

#[tokio::test]
async fn a_client_that_leaves_a_stream_ends_it() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(get("/stream")).await;
    client.read_until(b"chunk 0\n").await;
    drop(client);
    eventually("the end of the stream", || rig.metrics.encode().contains("worky_requests_in_flight 0")).await;
}
