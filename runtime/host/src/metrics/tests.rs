use std::sync::LazyLock;

use http::{Method, StatusCode};

use super::*;
use crate::RequestId;
use crate::requests::Usage;

static REQUEST_ID: LazyLock<RequestId> = LazyLock::new(RequestId::random);

fn finished(worker: &str, status: StatusCode, elapsed: Duration) -> FinishedRequest<'_> {
    FinishedRequest {
        worker: Some(worker),
        request_id: &REQUEST_ID,
        depth: 0,
        method: &Method::GET,
        path: "/",
        query: None,
        status,
        error: None,
        elapsed,
        sent_bytes: None,
        usage: Usage { cpu: Duration::from_millis(250), ..Usage::default() },
    }
}

fn has(metrics: &Metrics, line: &str) -> bool {
    metrics.encode().lines().any(|found| found == line)
}

#[test]
fn every_series_has_its_name_and_labels() {
    let metrics = Metrics::default();
    let request = metrics.request_started();
    let connection = metrics.connection_opened();
    metrics.limit_exceeded("a", "cpu_ms");
    metrics.limit_exceeded("a", "cpu_ms");
    metrics.request_finished(&finished("a", StatusCode::NOT_FOUND, Duration::from_millis(20)));
    metrics.kv_operation(KvOperation::Put, KvOutcome::Overloaded, Duration::from_micros(70));
    metrics.egress_denied("loopback");
    metrics.instance_started("a");
    metrics.instance_started("a");
    metrics.instance_stopped("a", "cpu_ms");
    metrics.cold_start("a");
    metrics.log_line_dropped("a");
    metrics.sample(|sampled| sampled.kv_cache_hits = 7);
    metrics.sample(|sampled| {
        (sampled.kv_cache_bytes, sampled.response_cache_bytes) = (8, 9);
        (sampled.requests_queued, sampled.isolates_bytes) = (10, 11);
    });
    for line in [
        "worky_requests_in_flight 1",
        "worky_connections 1",
        r#"worky_limit_exceeded_total{worker="a",limit="cpu_ms"} 2"#,
        r#"http_server_request_duration_seconds_bucket{le="0.01",worker="a",status_class="4xx"} 0"#,
        r#"http_server_request_duration_seconds_bucket{le="0.025",worker="a",status_class="4xx"} 1"#,
        r#"worky_request_cpu_seconds_total{worker="a"} 0.25"#,
        r#"worky_kv_operations_total{op="put",outcome="overloaded"} 1"#,
        r#"worky_kv_operations_total{op="get_bulk",outcome="ok"} 0"#,
        r#"worky_kv_operation_duration_seconds_count{op="put"} 1"#,
        r#"worky_egress_denied_total{reason="loopback"} 1"#,
        r#"worky_instances{worker="a"} 1"#,
        r#"worky_instance_starts_total{worker="a"} 2"#,
        r#"worky_instance_stops_total{worker="a",reason="cpu_ms"} 1"#,
        r#"worky_cold_starts_total{worker="a"} 1"#,
        r#"worky_log_lines_dropped_total{worker="a"} 1"#,
        r#"worky_kv_cache_lookups_total{outcome="hit"} 7"#,
        r#"worky_kv_cache_lookups_total{outcome="miss"} 0"#,
        "worky_kv_cache_bytes 8",
        "worky_response_cache_bytes 9",
        "worky_requests_queued 10",
        "worky_isolates_bytes 11",
        "# EOF",
    ] {
        assert!(has(&metrics, line), "{line} is not in\n{}", metrics.encode());
    }
    drop((request, connection));
    assert!(has(&metrics, "worky_requests_in_flight 0") && has(&metrics, "worky_connections 0"));
}

#[test]
fn a_removed_worker_leaves_nothing() {
    let metrics = Metrics::default();
    for worker in ["gone", "stays"] {
        metrics.limit_exceeded(worker, "wall_ms");
        metrics.request_finished(&finished(worker, StatusCode::OK, Duration::ZERO));
        metrics.instance_started(worker);
        metrics.instance_stopped(worker, "idle");
        metrics.log_line_dropped(worker);
    }
    metrics.remove_worker("gone");
    metrics.remove_worker("never was");
    assert!(!metrics.encode().contains("gone"), "{}", metrics.encode());
    assert!(has(&metrics, r#"worky_limit_exceeded_total{worker="stays",limit="wall_ms"} 1"#));
}

#[test]
fn observers_are_told_of_each_request() {
    struct Seen(Mutex<Vec<(String, u16)>>);
    impl RequestObserver for Seen {
        fn finished(&self, request: &FinishedRequest<'_>) {
            self.0.lock().push((request.worker.unwrap_or("-").to_owned(), request.status.as_u16()));
        }
    }
    let metrics = Metrics::default();
    metrics.request_finished(&finished("before", StatusCode::OK, Duration::ZERO));
    let seen = [(); 2].map(|()| Arc::new(Seen(Mutex::default())));
    seen.iter().for_each(|seen| metrics.observe_requests(seen.clone()));
    metrics.clone().request_finished(&finished("a", StatusCode::OK, Duration::ZERO));
    metrics.request_finished(&finished("b", StatusCode::NOT_FOUND, Duration::ZERO));
    for seen in seen {
        assert_eq!(*seen.0.lock(), [("a".to_owned(), 200), ("b".to_owned(), 404)]);
    }
}
