//! Components of WASI 0.3, which a switch allows.

use std::time::{Duration, Instant};

use worky_tests::guest::guest_bytes;
use worky_tests::project::CONFIG;
use worky_tests::{Project, Upstream, Worky, client};

fn project(config: &str) -> Project {
    let text = format!("name = \"worker\"\nmain = \"app.wasm\"\n{config}\n");
    Project::empty().file("app.wasm", guest_bytes("p3")).file(CONFIG, text)
}

fn worky() -> Worky {
    project("[wasm]\nwasi_p3 = true\n[limits]\ncpu_ms = 100\nwall_ms = 3000\n[egress.networks]\nallow = [\"loopback\"]")
        .serve()
}

#[test]
fn it_is_off_by_default() {
    project("").check().assert_code(1).assert_says("`wasi_p3 = true` under `[wasm]`");
}

#[tokio::test]
async fn requests_are_answered() {
    let worky = worky();
    assert_eq!(worky.get("/hello").await.ok().text(), "hello from 0.3\n");
    assert_eq!(worky.post("/echo", "and back").await.ok().text(), "and back");
    assert_eq!(worky.get("/sleep?50").await.ok().text(), "slept\n");
    assert_eq!(worky.get("/nowhere").await.status, 404);
    for _ in 0..2 {
        assert_eq!(worky.get("/counter").await.ok().text(), "1\n");
    }
}

#[tokio::test]
async fn bodies_stream_both_ways() {
    let worky = worky();
    let before = Instant::now();
    let request = worky.request("GET", "/stream?5").body(client::full("")).expect("valid");
    let mut streaming = worky.open(request).await;
    streaming.read_until("line 0\n").await;
    assert!(before.elapsed() < Duration::from_millis(400), "{:?}", before.elapsed());
    streaming.read_until("line 4\n").await;

    let (mut body, sent) = client::channel();
    let request = worky.request("POST", "/echo").body(sent).expect("valid");
    let (mut streaming, ()) = tokio::join!(worky.open(request), async {
        body.send_data("one ".into()).await.expect("it is read");
    });
    streaming.read_until("one ").await;
    body.send_data("two".into()).await.expect("it is read");
    streaming.read_until("two").await;
}

#[tokio::test]
async fn requests_go_out_under_the_policy() {
    let worky = worky();
    let upstream = Upstream::start();
    assert_eq!(worky.get(&format!("/fetch?{}", upstream.url("/status/418"))).await.status, 418);
    // The server itself is nobody's to ask, and the log says why.
    worky.get(&format!("/fetch?{}", worky.url("/hello"))).await.assert_error(500, "worker_exception");
    worky.output().line("a listener of this server is there").await;
}

#[tokio::test]
async fn limits_hold() {
    let worky = worky();
    worky.get("/spin").await.assert_error(503, "cpu_exceeded");
    worky.get("/sleep?60000").await.assert_error(504, "wall_time_exceeded");
    worky.get("/trap").await.assert_error(500, "worker_exception");
    worky.get("/fail").await.assert_error(500, "worker_exception");
    assert_eq!(worky.get("/hello").await.ok().text(), "hello from 0.3\n");
}

#[tokio::test]
async fn an_instance_can_be_reused() {
    let worky = project("[wasm]\nwasi_p3 = true\ninstance_reuse = 2\n").serve();
    let mut counts = Vec::new();
    for _ in 0..4 {
        counts.push(worky.get("/counter").await.ok().text().to_owned());
    }
    // One that still streams when its handler returns is not reused, and its text is a stream.
    assert!(counts.iter().all(|count| ["1\n", "2\n"].contains(&count.as_str())), "{counts:?}");
}
