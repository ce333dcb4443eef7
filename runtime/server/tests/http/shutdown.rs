//! The admin listener, and what happens to whom when the server stops.

use std::time::Duration;

use worky_dispatch::DrainOutcome;
use worky_server::ServerConfig;

use crate::rig::{Answer, Client, Rig, eventually};

async fn admin(rig: &Rig, path: &str) -> Answer {
    let mut client = Client::to(rig.admin).await;
    client.send(format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")).await;
    client.answer().await
}

#[tokio::test]
async fn operators_learn_what_they_ask() {
    let rig = Rig::start().await;
    rig.get("/").await;
    assert_eq!(admin(&rig, "/healthz").await.status, 200);
    assert_eq!(admin(&rig, "/readyz").await.status, 200);
    assert_eq!(admin(&rig, "/").await.status, 404);
    let metrics = admin(&rig, "/metrics").await;
    assert!(metrics.headers["content-type"].to_str().expect("ASCII").starts_with("application/openmetrics-text"));
    assert!(metrics.text().contains("http_server_request_duration_seconds"), "{}", metrics.text());
    assert_eq!(rig.get("/healthz").await.text(), "hello from /healthz", "the worker's own");
}

#[tokio::test]
async fn what_is_in_flight_finishes_and_nothing_new_begins() {
    let rig = Rig::start().await;
    let (mut busy, mut idle, mut silent) = (rig.connect().await, rig.connect().await, rig.connect().await);
    idle.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(idle.answer().await.status, 200);
    busy.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n").await;
    eventually("the call", || rig.worker.begun.available_permits() == 2).await;
    rig.begin_shutdown();
    assert!(idle.rest().await.is_empty());
    assert!(silent.rest().await.is_empty());
    assert_eq!(admin(&rig, "/readyz").await.status, 503);
    assert_eq!(admin(&rig, "/healthz").await.status, 200);
    assert!(tokio::net::TcpStream::connect(rig.address).await.is_err(), "it no longer listens");
    rig.worker.release.add_permits(1);
    let answer = busy.answer().await;
    assert_eq!((answer.text(), &answer.headers["connection"]), ("waited", &http::HeaderValue::from_static("close")));
    assert_eq!(rig.stopped().await, DrainOutcome::Drained);
}

#[tokio::test]
async fn the_grace_ends() {
    let config = ServerConfig { shutdown_grace: Duration::from_millis(100), ..ServerConfig::default() };
    let rig = Rig::with_config(config).await;
    let mut client = rig.connect().await;
    client.send("GET /hang HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let worker = std::sync::Arc::clone(&rig.worker);
    eventually("the call", || worker.begun.available_permits() == 1).await;
    rig.begin_shutdown();
    assert_eq!(rig.stopped().await, DrainOutcome::GraceEnded { in_flight: 1 });
    assert_eq!(worker.cancelled.available_permits(), 1);
    assert!(client.rest().await.is_empty());
}
