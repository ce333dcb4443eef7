//! How a component lives: fresh for each request or reused, streaming, after its response, and what becomes of its output.

use std::time::{Duration, Instant};

use worky_tests::guest::guest_bytes;
use worky_tests::project::CONFIG;
use worky_tests::{Project, Worky, client};

/// The component of the parity tests; `config` continues the configuration.
fn worky(config: &str) -> Worky {
    let text = format!("name = \"worker\"\nmain = \"app.wasm\"\n[server]\nadmin_listen = \"127.0.0.1:0\"\n{config}\n");
    Project::empty().file("app.wasm", guest_bytes("parity")).file(CONFIG, text).serve()
}

async fn metric(worky: &Worky, name: &str) -> f64 {
    let admin = worky.admin_address().await;
    let metrics = client::get(admin, "/metrics").await.ok();
    let of_worker = |line: &&str| line.starts_with(name) && line.contains("worker=\"worker\"");
    let values =
        metrics.text().lines().filter(of_worker).filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
    values.sum()
}

async fn none_is_left(worky: &Worky) {
    let deadline = Instant::now() + worky_tests::PATIENCE;
    while metric(worky, "worky_instances{").await > 0.0 {
        assert!(Instant::now() < deadline, "a guest goes on for nobody");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn every_request_has_an_instance_of_its_own() {
    let worky = worky("");
    for _ in 0..3 {
        assert_eq!(worky.get("/counter").await.ok().text(), "1\n");
    }
    // The last one ends after its answer.
    none_is_left(&worky).await;
    // One was started to see whether it starts.
    assert_eq!(metric(&worky, "worky_instance_starts_total").await, 4.0);
}

#[tokio::test]
async fn an_instance_can_serve_several_requests_one_after_the_other() {
    let worky = worky("[wasm]\ninstance_reuse = 3\n");
    let mut counts = [0; 4];
    for _ in 0..30 {
        let count: usize = worky.get("/counter").await.ok().text().trim().parse().expect("a number");
        counts[count] += 1;
    }
    // An answer may arrive before its instance is there for the next request, which then gets another one.
    assert!(counts[3] > 0 && counts[1] >= counts[2] && counts[2] >= counts[3] && counts[1] >= 10, "{counts:?}");
    // What trapped is not used again, and neither is what is busy.
    for _ in 0..5 {
        worky.get("/trap").await.assert_error(500, "worker_exception");
    }
    assert_eq!(worky.get("/counter").await.ok().text(), "1\n");
    let (slow, quick) = tokio::join!(worky.get("/sleep?ms=300"), worky.get("/counter"));
    slow.ok();
    assert!(["1\n", "2\n"].contains(&quick.ok().text()));
}

#[tokio::test]
async fn output_of_a_reused_instance_belongs_to_the_request_that_made_it() {
    let worky = worky("[wasm]\ninstance_reuse = 100\n");
    let first = worky.get("/stdout?text=one%0Abegun").await.ok();
    let second = worky.get("/stdout?text=two%0A").await.ok();
    for (answer, text) in [(&first, "one"), (&first, "begun"), (&second, "two")] {
        let id = answer.header("x-request-id").to_owned();
        worky.output().find_record(text, |record| record.message() == text && record.request_id() == id).await;
    }
}

#[tokio::test]
async fn output_becomes_records() {
    let worky = worky("[limits]\nlog_line_bytes = 64\nlog_lines = 5\n");
    let answer = worky.get("/stdout?text=first%0D%0Asecond%0Athird").await.ok();
    let id = answer.header("x-request-id").to_owned();
    for text in ["first", "second", "third"] {
        let said = |record: &worky_tests::Record| record.message() == text && record.request_id() == id;
        let record = worky.output().find_record(text, said).await;
        assert_eq!((record.level().as_str(), record.worker()), ("info", "worker"));
    }
    worky.get("/stderr?text=oh+no").await.ok();
    assert_eq!(worky.output().record("oh no").await.level(), "error");
    // A line too long goes on in the next record; lines too many are counted.
    let long = format!("/stdout?text={}", "x".repeat(100));
    worky.get(&long).await.ok();
    worky.output().find_record("the head", |record| record.message() == "x".repeat(64)).await;
    worky.output().find_record("the rest", |record| record.message() == "x".repeat(36)).await;
    worky.get(&format!("/stdout?text={}", "y%0A".repeat(20))).await.ok();
    worky.output().line("limits.log_lines").await;
    assert_eq!(worky.output().records().iter().filter(|record| record.message() == "y").count(), 5);
}

#[tokio::test]
async fn a_body_streams_as_it_is_written() {
    let worky = worky("");
    let request = worky.request("GET", "/stream?chunks=3&ms=200").body(client::full("")).expect("valid");
    let before = Instant::now();
    let mut streaming = worky.open(request).await;
    streaming.read_until("chunk 0\n").await;
    assert!(before.elapsed() < Duration::from_millis(400), "{:?}", before.elapsed());
    streaming.read_until("chunk 2\n").await;
    assert!(streaming.chunk().await.is_none());
}

#[tokio::test]
async fn a_body_is_read_as_it_arrives() {
    let worky = worky("");
    let (mut body, sent) = client::channel();
    let request = worky.request("POST", "/echo").body(sent).expect("valid");
    let opened = worky.open(request);
    let (mut streaming, ()) = tokio::join!(opened, async {
        body.send_data("one ".into()).await.expect("it is read");
    });
    streaming.read_until("one ").await;
    body.send_data("two".into()).await.expect("it is read");
    streaming.read_until("two").await;
    drop(body);
    assert!(streaming.chunk().await.is_none());
}

/// Nobody reads, so nothing is written: the process does not fill up.
#[tokio::test]
async fn a_reader_that_waits_holds_the_guest_back() {
    let worky = worky("");
    let before = worky.resident_bytes();
    let request = worky.request("GET", "/endless").body(client::full("")).expect("valid");
    let mut streaming = worky.open(request).await;
    streaming.chunk().await.expect("a chunk").expect("no error");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(worky.resident_bytes() < before + (64 << 20), "{before} {}", worky.resident_bytes());
    // The client goes, and so does the guest.
    drop(streaming);
    none_is_left(&worky).await;
}

#[tokio::test]
async fn a_client_that_goes_stops_the_guest() {
    let worky = worky("");
    for path in ["/spin", "/sleep?ms=60000"] {
        let mut connection = worky.connect(client::Protocol::Http1).await;
        let request = worky.request("GET", path).body(client::full("")).expect("valid");
        let exchange = tokio::spawn(async move { drop(connection.try_open(request).await) });
        let deadline = Instant::now() + worky_tests::PATIENCE;
        while metric(&worky, "worky_instances{").await < 1.0 {
            assert!(Instant::now() < deadline, "{path} never began");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        exchange.abort();
        none_is_left(&worky).await;
    }
}

#[tokio::test]
async fn a_guest_may_work_on_after_its_response() {
    let worky = worky("[limits]\nwait_until_ms = 300\n");
    let before = Instant::now();
    let answer = worky.get("/after?ms=100").await.ok();
    assert_eq!(answer.text(), "answered\n");
    assert!(before.elapsed() < Duration::from_millis(100), "{:?}", before.elapsed());
    let id = answer.header("x-request-id").to_owned();
    worky
        .output()
        .find_record("worked on", |record| record.message() == "worked on" && record.request_id() == id)
        .await;

    let answer = worky.get("/after?ms=60000").await.ok();
    let id = answer.header("x-request-id").to_owned();
    worky
        .output()
        .find_record("stopped", |record| record.message().contains("wait_until_ms") && record.request_id() == id)
        .await;
    assert_eq!(metric(&worky, "worky_limit_exceeded_total").await, 1.0);
}

#[tokio::test]
async fn shutdown_waits_for_what_has_begun() {
    let mut worky = worky("");
    let answer = worky.get("/after?ms=500").await.ok();
    assert_eq!(answer.text(), "answered\n");
    worky.terminate();
    worky.exited().await;
    assert!(worky.output().has("worked on"), "{}", worky.output().text());
}

#[tokio::test]
async fn nothing_is_granted_by_default() {
    let worky = Project::empty()
        .file("app.wasm", guest_bytes("parity"))
        .file(CONFIG, "name = \"worker\"\nmain = \"app.wasm\"\n[vars]\nMODE = \"test\"\n")
        .env("OPERATORS_OWN", "1")
        .serve();
    let environment = worky.get("/environment").await.ok().json();
    assert_eq!(environment["variables"], serde_json::json!({}));
    assert_eq!(environment["arguments"], serde_json::json!([]));
    assert_eq!(environment["directory"], serde_json::Value::Null);
    assert_eq!(worky.get(&format!("/socket?port={}", worky.address().port())).await.ok().text(), "access-denied\n");
    assert_eq!(worky.get("/lookup?name=localhost").await.ok().text(), "permanent-resolver-failure\n");
}
