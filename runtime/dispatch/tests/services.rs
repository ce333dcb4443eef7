//! Workers that call workers through the dispatcher, on tokio's paused clock.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http_body::Frame;
use http_body_util::StreamBody;
use worky_dispatch::{DispatchConfig, Dispatcher, Engines};
use worky_engine::{
    Artifact, CallError, Engine, FetchEvent, GuestError, Invocation, Limits, LoadError, Outcome, Worker,
};
use worky_host::metrics::Metrics;
use worky_host::service::{Service, ServiceError};
use worky_host::{Bindings, Body, BodyError, InvocationContext, RequestId, TraceContext};

type Act = dyn Fn(FetchEvent) -> BoxFuture<'static, Result<Body, CallError>> + Send + Sync;

/// Does with an event what its test says.
struct Acting(Box<Act>);

impl Worker for Acting {
    fn call(&self, event: Invocation) -> BoxFuture<'_, Result<Outcome, CallError>> {
        let Invocation::Fetch(event) = event;
        (self.0)(event).map(|body| Ok(Outcome::Response(http::Response::new(body?)))).boxed()
    }

    fn drain(&self) -> BoxFuture<'_, ()> {
        std::future::ready(()).boxed()
    }
}

struct NoEngine;

impl Engine for NoEngine {
    fn load(&self, _: Artifact, _: Bindings, _: Limits) -> BoxFuture<'_, Result<Arc<dyn Worker>, LoadError>> {
        async { Err(LoadError::Host("no engine here".to_owned())) }.boxed()
    }
}

struct Rig {
    dispatcher: Dispatcher,
    metrics: Metrics,
}

impl Rig {
    fn new() -> Self {
        let metrics = Metrics::default();
        let engines = Engines { js: Arc::new(NoEngine), wasm: Arc::new(NoEngine) };
        Rig { dispatcher: Dispatcher::new(engines, metrics.clone(), DispatchConfig::default()), metrics }
    }

    fn install<F>(&self, name: &str, limits: Limits, act: impl Fn(FetchEvent) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<Body, CallError>> + Send + 'static,
    {
        let act = Box::new(move |event| act(event).boxed());
        self.dispatcher.install(name.into(), Arc::new(Acting(act)), limits);
    }

    fn service(&self, worker: &str) -> Service {
        Service::new("SERVICE", worker, "caller".into(), self.dispatcher.services(), self.metrics.clone())
    }
}

fn context() -> InvocationContext {
    InvocationContext::new(RequestId::random(), TraceContext::root(), worky_host::InvocationLimits::UNBOUNDED)
}

fn get() -> http::Request<Body> {
    http::Request::get("http://any.test/").body(Body::empty()).expect("valid")
}

fn post(body: Body) -> http::Request<Body> {
    http::Request::post("http://any.test/").body(body).expect("valid")
}

async fn text(response: http::Response<Body>) -> String {
    let mut body = response.into_body();
    let mut text = String::new();
    while let Some(chunk) = body.chunk().await {
        text.push_str(std::str::from_utf8(&chunk.expect("whole")).expect("UTF-8"));
    }
    text
}

#[tokio::test(start_paused = true)]
async fn a_call_inherits_the_request_and_its_trace() {
    let rig = Rig::new();
    let seen = Arc::new(Mutex::new(None));
    let keep = seen.clone();
    rig.install("auth", Limits::default(), move |event| {
        *keep.lock().expect("free") = Some((event.context.clone(), event.request.headers().clone()));
        async { Ok(Body::full("yes")) }
    });
    let caller = context();
    let answer = rig.service("auth").fetch(&caller, get()).await.expect("an answer");
    assert_eq!(text(answer).await, "yes");
    let (callee, headers) = seen.lock().expect("free").take().expect("called");
    assert_eq!(callee.request_id(), caller.request_id());
    assert_eq!(callee.trace().trace_id, caller.trace().trace_id);
    assert_ne!(callee.trace().span_id, caller.trace().span_id);
    assert_eq!((caller.depth(), callee.depth()), (0, 1));
    assert_eq!(headers["traceparent"], callee.trace().traceparent());
    assert_eq!(headers["x-request-id"], caller.request_id().as_str());
    let metrics = rig.metrics.encode();
    let counted = "http_server_request_duration_seconds_count{worker=\"auth\",status_class=\"2xx\"} 1";
    assert!(metrics.contains(counted), "{metrics}");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_the_shorter_one() {
    let rig = Rig::new();
    rig.install("slow", Limits { wall: Duration::from_secs(10), ..Limits::default() }, |_| {
        std::future::pending::<Result<Body, CallError>>()
    });
    // The caller has less: it is not the service's limit that ends the call.
    let caller = context();
    caller.arrived(worky_host::standstill::Moment::now(), Duration::from_secs(3));
    let begun = tokio::time::Instant::now();
    let error = rig.service("slow").fetch(&caller, get()).await.expect_err("too slow");
    assert!(matches!(error, ServiceError::Deadline { .. }), "{error}");
    assert_eq!(begun.elapsed().as_secs(), 3);
    assert!(!rig.metrics.encode().contains("wall_ms"));
    // Once it has answered, its own deadline does not count any more.
    caller.set_answered();
    let begun = tokio::time::Instant::now();
    let error = rig.service("slow").fetch(&caller, get()).await.expect_err("too slow");
    assert!(matches!(error, ServiceError::Failed { code: "wall_time_exceeded", .. }), "{error}");
    assert_eq!(begun.elapsed().as_secs(), 10);
    assert!(rig.metrics.encode().contains("wall_ms"));
}

#[tokio::test(start_paused = true)]
async fn whoever_throws_when_the_time_is_over_is_too_late() {
    // As one does whose service had the same deadline and was the first to be told of it.
    for (throws_after_ms, code) in [(3_000, "wall_time_exceeded"), (2_999, "worker_exception")] {
        let rig = Rig::new();
        let limits = Limits { wall: Duration::from_secs(3), ..Limits::default() };
        rig.install("throws", limits, move |_| async move {
            tokio::time::sleep(Duration::from_millis(throws_after_ms)).await;
            Err(CallError::Exception(GuestError::unplaced("what it waited for failed")))
        });
        let error = rig.service("throws").fetch(&context(), get()).await.expect_err("it throws");
        assert!(matches!(error, ServiceError::Failed { code: told, .. } if told == code), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_circle_ends_at_the_depth() {
    let rig = Rig::new();
    let service = rig.service("circle");
    let deepest = Arc::new(Mutex::new(0));
    let depth = deepest.clone();
    rig.install("circle", Limits::default(), move |event| {
        let (service, depth) = (service.clone(), depth.clone());
        async move {
            *depth.lock().expect("free") = event.context.depth();
            match service.fetch(&event.context, get()).await {
                Ok(answer) => Ok(answer.into_body()),
                Err(error) => Ok(Body::full(format!("{}: {error}", error.code()))),
            }
        }
    });
    let request = FetchEvent { request: get(), context: context() };
    let Ok(Outcome::Response(answer)) = rig.dispatcher.call("circle", Invocation::Fetch(request)).await else {
        panic!("no answer");
    };
    let told = text(answer).await;
    assert!(told.starts_with("service_depth_exceeded: worker \"circle\" is not called"), "{told}");
    assert_eq!(*deepest.lock().expect("free"), 15, "the first one is at depth 0");
}

#[tokio::test(start_paused = true)]
async fn a_full_worker_refuses_itself_at_once() {
    let rig = Rig::new();
    let service = rig.service("self");
    rig.install("self", Limits { concurrency: 1, ..Limits::default() }, move |event| {
        let service = service.clone();
        async move {
            let error = service.fetch(&event.context, get()).await.expect_err("it is full");
            Ok(Body::full(error.code()))
        }
    });
    let request = FetchEvent { request: get(), context: context() };
    let Ok(Outcome::Response(answer)) = rig.dispatcher.call("self", Invocation::Fetch(request)).await else {
        panic!("no answer");
    };
    assert_eq!(text(answer).await, "overloaded");
    assert_eq!(rig.dispatcher.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_newest_deployment_is_called() {
    let rig = Rig::new();
    let service = rig.service("auth");
    let missing = service.fetch(&context(), get()).await.expect_err("not there yet");
    assert_eq!(missing.code(), "service_not_deployed");
    for version in ["one", "two"] {
        rig.install("auth", Limits::default(), move |_| async move { Ok(Body::full(version)) });
        assert_eq!(text(service.fetch(&context(), get()).await.expect("an answer")).await, version);
    }
    rig.dispatcher.drain(Duration::from_secs(1)).await;
    let ended = service.fetch(&context(), get()).await.expect_err("the server is stopping");
    assert_eq!(ended.code(), "shutting_down");
    drop(rig);
    assert_eq!(service.fetch(&context(), get()).await.expect_err("it is gone").code(), "shutting_down");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_without_its_stack() {
    let rig = Rig::new();
    rig.install("auth", Limits::default(), |_| async {
        let frame = worky_engine::GuestFrame { file: "src/hidden.ts".into(), line: 1, column: 2, function: None };
        let error = GuestError {
            name: "RangeError".into(),
            message: "boom".into(),
            stack: Some("RangeError: boom\n    at src/hidden.ts:1:2".into()),
            frames: vec![frame],
            line: None,
            hint: None,
        };
        Err(CallError::Exception(error))
    });
    let error = rig.service("auth").fetch(&context(), get()).await.expect_err("it throws");
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("worker_exception", "worker \"auth\" failed (worker_exception): RangeError: boom",)
    );
    let counted = "http_server_request_duration_seconds_count{worker=\"auth\",status_class=\"5xx\"} 1";
    assert!(rig.metrics.encode().contains(counted));
}

#[tokio::test(start_paused = true)]
async fn a_request_body_keeps_to_the_services_limit() {
    let rig = Rig::new();
    rig.install("auth", Limits { request_body_bytes: 4, ..Limits::default() }, |event| async move {
        let mut body = event.request.into_body();
        let mut bytes = 0;
        while let Some(chunk) = body.chunk().await {
            bytes += chunk.map_err(CallError::RequestBody)?.len();
        }
        Ok(Body::full(bytes.to_string()))
    });
    let streamed = |chunks: usize| {
        let chunks = (0..chunks).map(|_| Ok::<_, BodyError>(Frame::data(Bytes::from("ab"))));
        Body::stream(StreamBody::new(futures_util::stream::iter(chunks.collect::<Vec<_>>())))
    };
    for (body, answer) in [
        (Body::full("abcd"), Ok("4")),
        (Body::full("abcde"), Err("body_too_large")),
        (streamed(2), Ok("4")),
        (streamed(3), Err("body_too_large")),
    ] {
        match (rig.service("auth").fetch(&context(), post(body)).await, answer) {
            (Ok(response), Ok(expected)) => assert_eq!(text(response).await, expected),
            (Err(error), Err(expected)) => assert_eq!(error.code(), expected),
            (got, expected) => panic!("{got:?}, not {expected:?}"),
        }
    }
}

struct SetOnDrop(Arc<AtomicBool>);

impl Drop for SetOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_with_whoever_made_it() {
    let rig = Rig::new();
    let stopped = Arc::new(AtomicBool::new(false));
    let set = stopped.clone();
    rig.install("endless", Limits::default(), move |_| {
        let guard = SetOnDrop(set.clone());
        async move {
            let _guard = guard;
            std::future::pending::<Result<Body, CallError>>().await
        }
    });
    let cancelled = async || {
        // Turns of the runtime, which the clock does not move on for.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(stopped.swap(false, Ordering::SeqCst));
    };
    // The future is dropped.
    let service = rig.service("endless");
    assert!(tokio::time::timeout(Duration::from_secs(1), service.fetch(&context(), get())).await.is_err());
    cancelled().await;
    // The invocation that it belongs to ends, while nobody polls.
    let caller = context();
    let mut call = Box::pin(service.fetch(&caller, get()));
    assert!(tokio::time::timeout(Duration::from_secs(1), &mut call).await.is_err(), "it has begun and does not end");
    caller.end();
    cancelled().await;
    assert_eq!(call.await.expect_err("cancelled").code(), "caller_gone");
    assert_eq!(rig.dispatcher.in_flight(), 0);
}
