//! Components that would not stop, or take too much: each is stopped with a clear code, the program lives, and the next
//! request is served.

use std::time::{Duration, Instant};

use worky_tests::guest::guest_bytes;
use worky_tests::project::CONFIG;
use worky_tests::{Answer, Project, Worky, client};

const LIMITS: &str = "[limits]\ncpu_ms = 100\nwall_ms = 3000\nmemory_mb = 32\nsubrequests = 3\n";

fn worky_with(config: &str) -> Worky {
    let text = format!("name = \"worker\"\nmain = \"app.wasm\"\n[server]\nadmin_listen = \"127.0.0.1:0\"\n{config}\n");
    let worky = Project::empty().file("app.wasm", guest_bytes("parity")).file(CONFIG, text).serve();
    worky.kill_beyond(1 << 30);
    worky
}

fn worky() -> Worky {
    worky_with(LIMITS)
}

/// Asks for a path, and checks that the next request is served.
async fn survived(worky: &Worky, path: &str) -> Answer {
    let answer = worky.get(path).await;
    assert_eq!(worky.get("/hello").await.ok().text(), "Hello, world!\n", "after {path}");
    answer
}

#[tokio::test]
async fn loops_run_into_the_cpu_limit() {
    let worky = worky();
    for path in ["/spin", "/spin-host", "/burn?ms=2000"] {
        let before = Instant::now();
        let answer = survived(&worky, path).await;
        answer.assert_error(503, "cpu_exceeded");
        assert!(before.elapsed() < Duration::from_secs(10), "{path} took {:?}", before.elapsed());
        let id = answer.header("x-request-id").to_owned();
        let said = |record: &worky_tests::Record| record.request_id() == id && record.0.to_string().contains("cpu_ms");
        worky.output().find_record("cpu_ms", said).await;
        // Where it was: the names of its functions, where it has them.
        let failed = |record: &worky_tests::Record| record.request_id() == id && record.message() == "worker failed";
        let record = worky.output().find_record("worker failed", failed).await;
        assert!(record.text("stack").contains("parity"), "{path}: {record:?}");
    }
    let metrics = client::get(worky.admin_address().await, "/metrics").await.ok();
    assert!(
        metrics.text().contains(r#"worky_limit_exceeded_total{worker="worker",limit="cpu_ms"} 3"#),
        "{}",
        metrics.text()
    );
    assert!(
        metrics.text().contains(r#"worky_instance_stops_total{worker="worker",reason="cpu_ms"} 3"#),
        "{}",
        metrics.text()
    );
}

#[tokio::test]
async fn waiting_costs_no_cpu_time_and_runs_into_the_wall_limit() {
    let worky = worky();
    worky.get("/sleep?ms=500").await.ok();
    survived(&worky, "/sleep?ms=60000").await.assert_error(504, "wall_time_exceeded");
}

#[tokio::test]
async fn busy_guests_stall_nobody() {
    let worky = worky_with("[limits]\ncpu_ms = 1500\nwall_ms = 60000\n");
    let busy = futures_util::future::join_all((0..6).map(|_| worky.get("/spin")));
    let others = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..20 {
            let before = Instant::now();
            assert_eq!(worky.get("/hello").await.ok().text(), "Hello, world!\n");
            slowest = slowest.max(before.elapsed());
        }
        slowest
    };
    let (busy, slowest) = tokio::join!(busy, others);
    for answer in busy {
        answer.assert_error(503, "cpu_exceeded");
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
}

#[tokio::test]
async fn memory_is_bounded() {
    let worky = worky();
    survived(&worky, "/bomb").await.assert_error(503, "memory_exceeded");
    // A guest that can do without is not stopped: 1 GiB, 4 GiB, and a little.
    for (pages, outcome) in [(16_384, "refused\n"), (65_535, "refused\n"), (1, "granted\n")] {
        assert_eq!(survived(&worky, &format!("/grow?pages={pages}")).await.ok().text(), outcome);
    }
}

#[tokio::test]
async fn deep_recursion_is_a_trap() {
    let worky = worky();
    let answer = survived(&worky, "/recurse").await;
    answer.assert_error(500, "worker_exception");
    worky.output().line("call stack exhausted").await;
}

#[tokio::test]
async fn traps_and_exits_are_named() {
    let worky = worky();
    for (path, part) in [
        ("/trap", "unreachable"),
        ("/exit/1", "wasi:cli/exit"),
        ("/exit/0", "wasi:cli/exit"),
        ("/throw", "unreachable"),
    ] {
        let answer = survived(&worky, path).await;
        answer.assert_error(500, "worker_exception");
        let id = answer.header("x-request-id").to_owned();
        let said = |record: &worky_tests::Record| record.request_id() == id && record.0.to_string().contains(part);
        worky.output().find_record(part, said).await;
    }
    // What the guest says about it on standard error is there as well.
    worky.output().line("thrown by the guest").await;
}

#[tokio::test]
async fn the_stack_of_a_trap_has_readable_names() {
    let text = "name = \"worker\"\nmain = \"app.wasm\"\n";
    let worky = Project::empty().file("app.wasm", guest_bytes("parity")).file(CONFIG, text).dev();
    let answer = worky.get("/trap").await;
    assert_eq!(answer.status, 500);
    assert!(answer.text().contains("wasm"), "{}", answer.text());
    assert!(!answer.text().contains("_ZN"), "{}", answer.text());
}

#[tokio::test]
async fn a_guest_that_does_not_answer_is_told_so() {
    let worky = worky();
    for path in ["/no-response", "/no-response/kept"] {
        survived(&worky, path).await.assert_error(500, "bad_response");
    }
    survived(&worky, "/fail/timeout").await.assert_error(500, "worker_exception");
    survived(&worky, "/fail?message=oh").await.assert_error(500, "worker_exception");
    worky.output().line("oh").await;
}

#[tokio::test]
async fn handles_are_bounded() {
    let worky = worky_with("[limits]\ncpu_ms = 10000\n");
    survived(&worky, "/leak").await.assert_error(500, "worker_exception");
    survived(&worky, "/leak?times=1000").await.ok();
}

#[tokio::test]
async fn what_the_host_builds_for_a_guest_is_bounded() {
    let worky = worky_with("[limits]\ncpu_ms = 10000\n");
    survived(&worky, "/large-list?bytes=65536").await.ok();
    survived(&worky, "/large-list?bytes=4000000000").await.assert_error(500, "worker_exception");
    // More headers than a response may have.
    for path in ["/large-headers?times=100000", "/large-headers?times=1&bytes=10000000"] {
        let answer = survived(&worky, path).await;
        assert_eq!(answer.status, 500, "{}", answer.text());
    }
}

#[tokio::test]
async fn a_response_that_breaks_off_is_not_ended_cleanly() {
    let worky = worky();
    for path in ["/cut-short", "/throw-after-head", "/spin-after-head"] {
        let request = worky.request("GET", path).body(client::full("")).expect("valid");
        let mut connection = worky.connect(client::Protocol::Http1).await;
        if let Ok(response) = connection.try_open(request).await {
            match response.status.as_u16() {
                200 => assert!(response.try_collect().await.is_err(), "{path}: a clean end is a lie"),
                500 | 503 => {}
                status => panic!("{path}: {status}"),
            }
        }
        assert_eq!(worky.get("/hello").await.ok().text(), "Hello, world!\n", "after {path}");
    }
}

#[tokio::test]
async fn a_request_body_that_is_too_large_is_the_clients_fault() {
    let worky = worky_with("[limits]\nrequest_body_bytes = 1000\n");
    worky.post("/throw", vec![b'x'; 500]).await.assert_error(500, "worker_exception");
    worky.post("/echo", vec![b'x'; 2000]).await.assert_error(413, "body_too_large");
}

#[tokio::test]
async fn many_at_once_wait_for_their_place() {
    let worky = worky_with("[limits]\ncpu_ms = 20000\nwall_ms = 60000\nconcurrency = 4000\n");
    let requests = (0..300).map(|_| worky.get("/sleep?ms=200"));
    for answer in futures_util::future::join_all(requests).await {
        answer.ok();
    }
    assert_eq!(worky.get("/hello").await.ok().text(), "Hello, world!\n");
}
