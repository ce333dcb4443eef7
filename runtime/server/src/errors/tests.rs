use std::sync::Arc;

use worky_engine::{GuestFrame, LoadError};
use worky_host::BodyError;

use super::*;

fn guest_error() -> GuestError {
    GuestError {
        name: "TypeError".into(),
        message: "<script>alert('x')</script> & \"s3cret\"".into(),
        stack: Some("TypeError: <script>\n    at handler (src/index.ts:3:7)".into()),
        frames: vec![GuestFrame {
            file: "src/index.ts".into(),
            line: 3,
            column: 7,
            function: Some("handler<T>".into()),
        }],
        line: Some("  throw <script>;".into()),
        hint: Some("do not <b>".into()),
    }
}

fn audience(detail: ErrorDetail, reader: Reader) -> Audience<'static> {
    Audience { detail, reader, worker: None, developer: None }
}

fn id() -> RequestId {
    RequestId::parse("request-1").expect("valid")
}

fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().as_bytes().expect("at hand").to_vec()).expect("UTF-8")
}

#[test]
fn every_problem_has_its_status() {
    let ms = Duration::from_millis(5);
    let backing_off = |cause| CallError::BackingOff { cause: Arc::new(cause), left: ms };
    let calls: [(CallError, u16, &str); 26] = [
        (CallError::Exception(guest_error()), 500, "worker_exception"),
        (CallError::BadResponse("x".into()), 500, "bad_response"),
        (CallError::NotHandled { event: "fetch" }, 500, "no_handler"),
        (CallError::NeverSettles, 500, "worker_hung"),
        (CallError::CpuExceeded { limit: ms, at: None }, 503, "cpu_exceeded"),
        (CallError::WallExceeded { limit: ms }, 504, "wall_time_exceeded"),
        (CallError::MemoryExceeded { limit_bytes: 1 }, 503, "memory_exceeded"),
        (CallError::ResponseTooLarge { limit_bytes: 1 }, 500, "response_too_large"),
        (CallError::InstanceStopped { reason: "cpu" }, 503, "instance_stopped"),
        (CallError::Start(Arc::new(LoadError::Guest(guest_error()))), 500, "worker_failed_to_start"),
        (CallError::Start(Arc::new(LoadError::StartupCpu { limit: ms, at: None })), 503, "startup_time_exceeded"),
        (CallError::Start(Arc::new(LoadError::Host("x".into()))), 500, "internal_error"),
        (CallError::RequestBody(BodyError::TooLarge { limit_bytes: 1 }), 413, "body_too_large"),
        (CallError::RequestBody(BodyError::ClientGone), 400, "bad_request_body"),
        (CallError::Overloaded { limit: 1 }, 503, "overloaded"),
        (CallError::ServerOverloaded { limit: 1 }, 503, "overloaded"),
        (CallError::QueueFull { limit: 1 }, 503, "overloaded"),
        (CallError::QueueSlow { limit: ms }, 503, "overloaded"),
        (CallError::QueuesFull { limit: 1 }, 503, "overloaded"),
        (CallError::IsolatesFull { limit: 1 }, 503, "overloaded"),
        (CallError::IsolatesMemory { limit_bytes: 1 }, 503, "overloaded"),
        (backing_off(CallError::Start(Arc::new(LoadError::Guest(guest_error())))), 500, "worker_failed_to_start"),
        (backing_off(CallError::MemoryExceeded { limit_bytes: 1 }), 503, "memory_exceeded"),
        (CallError::NotDeployed { worker: "w".into() }, 503, "worker_not_deployed"),
        (CallError::ShuttingDown, 503, "shutting_down"),
        (CallError::Host("x".into()), 500, "internal_error"),
    ];
    let refusals = [
        (Refusal::Connections { limit: 1 }, 503, "too_many_connections"),
        (Refusal::Method { method: Method::CONNECT }, 501, "method_not_supported"),
        (Refusal::Upgrade { protocol: "websocket".into() }, 501, "upgrade_not_supported"),
        (Refusal::Expectation { expected: "x".into() }, 417, "expectation_failed"),
        (Refusal::UriTooLong { bytes: 2, limit: 1 }, 414, "uri_too_long"),
        (Refusal::HeaderBytes { bytes: 2, limit: 1 }, 431, "headers_too_large"),
        (Refusal::HeaderCount { count: 2, limit: 1 }, 431, "headers_too_large"),
        (Refusal::Target { target: "*".into() }, 400, "bad_target"),
        (Refusal::NoHost, 400, "bad_host"),
        (Refusal::NoRoute { host: "h".into(), path: "/".into() }, 404, "no_route"),
        (Refusal::BodyTooLarge { limit_bytes: 1 }, 413, "body_too_large"),
        (Refusal::BodyStalled { after: ms }, 408, "body_stalled"),
        (Refusal::BodyMalformed, 400, "bad_request_body"),
    ];
    let problems = calls
        .into_iter()
        .map(|(error, status, code)| (Problem::Call(error), status, code))
        .chain(refusals.into_iter().map(|(refusal, status, code)| (Problem::Refused(refusal), status, code)));
    for (problem, status, code) in problems {
        let response = answer(&problem, audience(ErrorDetail::Production, Reader::Program), &id());
        assert_eq!((response.status().as_u16(), problem.code()), (status, code), "{problem}");
        assert_eq!(response.headers()["worky-error"], code);
        let later = status == 503 || matches!(problem, Problem::Call(CallError::BackingOff { .. }));
        assert_eq!(response.headers().contains_key("retry-after"), later, "{problem}");
        assert!(code == "internal_error" || fixed_message(code) != fixed_message(""), "{code} has no text of its own");
    }
}

#[test]
fn the_time_to_retry_is_in_whole_seconds() {
    for (left_ms, seconds) in [(0, "1"), (1, "1"), (1_000, "1"), (1_001, "2"), (30_000, "30")] {
        let cause = Arc::new(CallError::Start(Arc::new(LoadError::Guest(guest_error()))));
        let problem = Problem::Call(CallError::BackingOff { cause, left: Duration::from_millis(left_ms) });
        let response = answer(&problem, audience(ErrorDetail::Production, Reader::Program), &id());
        assert_eq!(response.headers()["retry-after"], seconds, "{left_ms} ms");
    }
}

#[test]
fn production_tells_nothing_of_the_guest() {
    let problem = Problem::Call(CallError::Exception(guest_error()));
    let response = answer(&problem, audience(ErrorDetail::Production, Reader::Browser), &id());
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(
        serde_json::from_str::<Value>(&text(response)).expect("JSON"),
        json!({"worky_error": {"code": "worker_exception", "message": "the worker failed", "request_id": "request-1"}})
    );
}

#[test]
fn development_tells_everything_as_json() {
    let problem = Problem::Call(CallError::Exception(guest_error()));
    let response = answer(&problem, audience(ErrorDetail::Development, Reader::Program), &id());
    let json: Value = serde_json::from_str(&text(response)).expect("JSON");
    let error = &json["worky_error"];
    assert!(error["message"].as_str().is_some_and(|message| message.contains("s3cret")));
    assert!(error["stack"].as_str().is_some_and(|stack| stack.contains("src/index.ts:3:7")));
    assert_eq!(error["frames"][0]["line"], 3);
}

#[test]
fn the_page_escapes_what_the_guest_says() {
    let problem = Problem::Call(CallError::Exception(guest_error()));
    let response = answer(&problem, audience(ErrorDetail::Development, Reader::Browser), &id());
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    let page = text(response);
    assert!(!page.contains("<script>") && !page.contains("handler<T>"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;s3cret&quot;"), "{page}");
    assert!(page.contains("src/index.ts:3:7"), "{page}");
}
