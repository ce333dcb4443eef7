//! Errors as clients see them.

use std::time::Duration;

use worky_dispatch::DispatchConfig;
use worky_engine::Limits;
use worky_server::ErrorDetail;

use crate::rig::{Rig, Setup, eventually};

#[tokio::test]
async fn production_says_nothing_of_the_guest() {
    let rig = Rig::start().await;
    let answer = rig.get("/throws").await;
    assert_eq!((answer.status, answer.code()), (500, "worker_exception"));
    assert!(!answer.text().contains("secret"), "{}", answer.text());
    let answer = rig.get("/status-102").await;
    assert_eq!((answer.status, answer.code()), (500, "bad_response"));
}

#[tokio::test]
async fn development_shows_a_page_to_a_browser_and_json_to_others() {
    let rig = Rig::with(Setup { detail: Some(ErrorDetail::Development), ..Setup::default() }).await;
    let page = rig.ask("GET /throws HTTP/1.1\r\nhost: a\r\naccept: text/html,*/*\r\n\r\n").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(page.text().contains("&lt;b&gt;secret&lt;/b&gt;") && !page.text().contains("<b>"), "{}", page.text());
    let json = rig.get("/throws").await.json();
    assert!(json["worky_error"]["stack"].as_str().is_some_and(|stack| stack.contains("src/index.ts:1:1")), "{json}");
}

#[tokio::test]
async fn a_worker_that_takes_too_long_is_504() {
    let limits = Limits { wall: Duration::from_millis(50), ..Limits::default() };
    let rig = Rig::with(Setup { limits, ..Setup::default() }).await;
    let answer = rig.get("/hang").await;
    assert_eq!((answer.status, answer.code()), (504, "wall_time_exceeded"));
    assert!(rig.metrics.encode().contains("wall_ms"));
}

#[tokio::test]
async fn too_many_requests_are_503_with_a_time_to_retry() {
    let limits = Limits { concurrency: 1, ..Limits::default() };
    for setup in [
        Setup { limits, ..Setup::default() },
        Setup { dispatch: DispatchConfig { in_flight_max: 1, ..DispatchConfig::default() }, ..Setup::default() },
    ] {
        let rig = Rig::with(setup).await;
        let mut first = rig.connect().await;
        first.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n").await;
        eventually("the first call", || rig.worker.begun.available_permits() == 1).await;
        let answer = rig.get("/").await;
        assert_eq!((answer.status, answer.code()), (503, "overloaded"));
        assert_eq!(answer.headers["retry-after"], "1");
        rig.worker.release.add_permits(1);
        assert_eq!(first.answer().await.text(), "waited");
    }
}
