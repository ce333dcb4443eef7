//! What is too much, and what goes wrong: the same codes, and the next request is served.

use std::sync::OnceLock;
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};
use worky_tests::client::{self, full};
use worky_tests::{Answer, Worky};

use super::{Kind, Worker, on_both, project};

on_both!(super::Stopping::new:
    loops_run_into_the_cpu_limit,
    work_within_the_limit_is_done,
    waiting_runs_into_the_wall_limit,
    memory_has_a_limit,
    recursion_is_an_exception,
    what_is_thrown_is_an_exception,
    no_answer_is_a_bad_one,
    subrequests_have_a_limit,
    kv_operations_have_a_limit,
    log_lines_have_a_limit,
    bytes_of_a_log_have_a_limit,
    responses_have_a_limit,
    a_loop_after_the_head_ends_the_body,
    a_throw_after_the_head_is_told,
    work_after_the_answer_has_a_limit,
);

/// A worker that is stopped now and then: what stops JavaScript's instance stops whatever else runs in it, so that one case
/// runs after the other.
struct Stopping {
    worker: Worker,
    turns: &'static Mutex<()>,
}

impl Stopping {
    fn new(kind: Kind) -> Self {
        static TURNS: [Mutex<()>; 2] = [const { Mutex::const_new(()) }; 2];
        Stopping { worker: Worker { kind, worky: worky() }, turns: &TURNS[kind as usize] }
    }

    async fn turn(&self) -> (&Worker, MutexGuard<'static, ()>) {
        (&self.worker, self.turns.lock().await)
    }
}

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| {
        let config = "[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"cache\"\n[limits]\ncpu_ms = 200\nwall_ms = 2000\nmemory_mb = 64\nsubrequests = 5\nlog_lines = 20\n\
                      log_bytes = 5000\nkv_operations = 10\nresponse_bytes = 6000\nwait_until_ms = 300\n";
        let worky = project(config).serve();
        worky.kill_beyond(2 << 30);
        worky
    })
}

/// Asks for a path, and checks that the next request is served.
async fn survived(worker: &Worker, path: &str) -> Answer {
    let answer = worker.get(path).await;
    assert_eq!(worker.get("/hello").await.ok().text(), "Hello, world!\n", "after {path}");
    answer
}

async fn loops_run_into_the_cpu_limit(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    for path in ["/spin", "/spin-host", "/burn?ms=1500"] {
        survived(worker, path).await.assert_error(503, "cpu_exceeded");
    }
}

async fn work_within_the_limit_is_done(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    assert_eq!(worker.get("/burn?ms=20").await.ok().text(), "burnt\n");
}

async fn waiting_runs_into_the_wall_limit(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    worker.get("/sleep?ms=300").await.ok();
    survived(worker, "/sleep?ms=60000").await.assert_error(504, "wall_time_exceeded");
}

async fn memory_has_a_limit(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    survived(worker, "/bomb").await.assert_error(503, "memory_exceeded");
}

async fn recursion_is_an_exception(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    survived(worker, "/recurse").await.assert_error(500, "worker_exception");
}

async fn what_is_thrown_is_an_exception(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    let answer = survived(worker, "/throw").await;
    answer.assert_error(500, "worker_exception");
    // Clients are not told what the guest said; its log is.
    assert!(!answer.text().contains("thrown by the guest"), "{}", answer.text());
    let id = answer.header("x-request-id").to_owned();
    let told = |record: &worky_tests::Record| {
        record.request_id() == id && record.0.to_string().contains("thrown by the guest")
    };
    worker.worky.output().find_record("what was thrown", told).await;
}

async fn no_answer_is_a_bad_one(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    survived(worker, "/no-response").await.assert_error(500, "bad_response");
}

async fn subrequests_have_a_limit(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    // What is refused counts as well.
    let outcomes = survived(worker, "/fetch-many?times=8&url=http://10.0.0.1/").await.ok().json();
    let outcomes = outcomes.as_array().expect("outcomes");
    assert_eq!(outcomes.len(), 8);
    assert_eq!(outcomes[0], outcomes[4], "{outcomes:?}");
    assert_ne!(outcomes[4], outcomes[5], "{outcomes:?}");
    assert_eq!(outcomes[5], outcomes[7], "{outcomes:?}");
}

async fn log_lines_have_a_limit(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    let answer = worker.get(&format!("/log?times=50&message={}", worker.own("many"))).await.ok();
    let id = answer.header("x-request-id").to_owned();
    let dropped =
        |record: &worky_tests::Record| record.request_id() == id && record.message().contains("limits.log_lines");
    worker.worky.output().find_record("what was not kept", dropped).await;
    let kept = worker.worky.output().records();
    let kept = kept.iter().filter(|record| record.request_id() == id && record.message() == worker.own("many"));
    assert_eq!(kept.count(), 20);
}

async fn kv_operations_have_a_limit(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    let get = |times: u32| format!("/kv/get?key={}&times={times}", worker.own("absent"));
    assert_eq!(survived(worker, &get(10)).await.status, 404);
    let refused = survived(worker, &get(11)).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("limits.kv_operations"), "{}", refused.text());
    counted(worker, "kv_operations").await;
}

async fn bytes_of_a_log_have_a_limit(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    let answer = worker.get(&format!("/log?times=15&message={}", "x".repeat(1_000))).await.ok();
    let id = answer.header("x-request-id").to_owned();
    let dropped =
        |record: &worky_tests::Record| record.request_id() == id && record.message().contains("limits.log_bytes");
    worker.worky.output().find_record("what was not kept", dropped).await;
    counted(worker, "log_bytes").await;
}

async fn responses_have_a_limit(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    let answer = worker.open("GET", "/stream?chunks=3000", full("")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.try_collect().await.is_err(), "the answer was sent whole");
    worker.get("/hello").await.ok();
    counted(worker, "response_bytes").await;
}

async fn counted(worker: &Worker, limit: &str) {
    let series = format!("worky_limit_exceeded_total{{worker=\"{}\",limit=\"{limit}\"}} ", worker.kind.name());
    // The client may see the end of an answer before the one who ended it has counted that.
    for _ in 0..200 {
        let metrics = client::get(worker.worky.admin_address().await, "/metrics").await.ok();
        if metrics.text().contains(&series) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{limit} was not counted");
}

async fn a_loop_after_the_head_ends_the_body(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    let answer = worker.open("GET", "/spin-after-head", full("")).await;
    let status = answer.status.as_u16();
    match answer.try_collect().await {
        // A component that was stopped before its head was taken.
        Ok(answer) => {
            assert_eq!(worker.kind, Kind::Component);
            answer.assert_error(503, "cpu_exceeded");
        }
        Err(_) => assert_eq!(status, 200),
    }
    worker.get("/hello").await.ok();
}

async fn a_throw_after_the_head_is_told(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    let answer = worker.open("GET", "/throw-after-head", full("")).await;
    let status = answer.status.as_u16();
    match answer.try_collect().await {
        Ok(answer) => {
            assert_eq!(worker.kind, Kind::Component);
            answer.assert_error(500, "worker_exception");
        }
        Err(_) => assert_eq!(status, 200),
    }
    let told = |record: &worky_tests::Record| {
        record.worker() == worker.kind.name() && record.0.to_string().contains("thrown after the head")
    };
    worker.worky.output().find_record("what was thrown", told).await;
    worker.get("/hello").await.ok();
}

async fn work_after_the_answer_has_a_limit(stopping: Stopping) {
    let (worker, _turn) = stopping.turn().await;
    let answer = worker.get("/after?ms=60000").await.ok();
    assert_eq!(answer.text(), "answered\n");
    let id = answer.header("x-request-id").to_owned();
    let stopped =
        |record: &worky_tests::Record| record.request_id() == id && record.0.to_string().contains("wait_until_ms");
    worker.worky.output().find_record("the end of the work", stopped).await;
    worker.get("/hello").await.ok();
}
