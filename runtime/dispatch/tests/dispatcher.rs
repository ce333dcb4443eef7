//! The dispatcher with workers that do what each test says, on tokio's paused clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use http_body::Frame;
use http_body_util::StreamBody;
use tokio::sync::{Notify, Semaphore};
use worky_dispatch::{DispatchConfig, Dispatcher, DrainOutcome, Engines};
use worky_engine::{Artifact, CallError, Engine, FetchEvent, Invocation, Limits, LoadError, Outcome, Worker};
use worky_host::metrics::Metrics;
use worky_host::{Bindings, Body, InvocationContext, RequestId, TraceContext};

/// Answers when it is let to, with a body that ends when it is let to.
#[derive(Default)]
struct FakeWorker {
    answer: Option<&'static str>,
    streams: Option<Arc<Semaphore>>,
    calls: AtomicU32,
    cancelled: Arc<AtomicBool>,
    release: Notify,
    drained: Notify,
    drains_when_asked: bool,
}

struct SetOnDrop(Arc<AtomicBool>);

impl Drop for SetOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Worker for FakeWorker {
    fn call(&self, _event: Invocation) -> BoxFuture<'_, Result<Outcome, CallError>> {
        async {
            self.calls.fetch_add(1, Ordering::SeqCst);
            let gone = SetOnDrop(Arc::clone(&self.cancelled));
            if self.answer.is_none() {
                self.release.notified().await;
            }
            std::mem::forget(gone);
            let body = match &self.streams {
                None => Body::full(self.answer.unwrap_or("released")),
                Some(permits) => {
                    let permits = Arc::clone(permits);
                    let end = async move { permits.acquire_owned().await.expect("open").forget() };
                    Body::stream(StreamBody::new(
                        end.into_stream().map(|()| Ok(Frame::data(bytes::Bytes::from("last")))),
                    ))
                }
            };
            Ok(Outcome::Response(http::Response::new(body)))
        }
        .boxed()
    }

    fn drain(&self) -> BoxFuture<'_, ()> {
        async {
            if !self.drains_when_asked {
                self.drained.notified().await;
            }
        }
        .boxed()
    }
}

struct NoEngine;

impl Engine for NoEngine {
    fn load(&self, _: Artifact, _: Bindings, _: Limits) -> BoxFuture<'_, Result<Arc<dyn Worker>, LoadError>> {
        async { Err(LoadError::Host("no engine here".to_owned())) }.boxed()
    }
}

fn dispatcher(in_flight_max: u32) -> Dispatcher {
    Dispatcher::new(
        Engines { js: Arc::new(NoEngine), wasm: Arc::new(NoEngine) },
        Metrics::default(),
        DispatchConfig { in_flight_max, ..DispatchConfig::default() },
    )
}

fn install(dispatcher: &Dispatcher, worker: FakeWorker, limits: Limits) -> Arc<FakeWorker> {
    let worker = Arc::new(worker);
    dispatcher.install("w".into(), Arc::clone(&worker) as Arc<dyn Worker>, limits);
    worker
}

fn event() -> Invocation {
    let request = http::Request::builder().uri("http://example.com/").body(Body::empty()).expect("valid");
    let context =
        InvocationContext::new(RequestId::random(), TraceContext::root(), worky_host::InvocationLimits::UNBOUNDED);
    Invocation::Fetch(FetchEvent { request, context })
}

fn answering(answer: &'static str) -> FakeWorker {
    FakeWorker { answer: Some(answer), drains_when_asked: true, ..FakeWorker::default() }
}

fn hanging() -> FakeWorker {
    FakeWorker { drains_when_asked: true, ..FakeWorker::default() }
}

fn body(outcome: Outcome) -> Body {
    let Outcome::Response(response) = outcome;
    response.into_body()
}

#[tokio::test(start_paused = true)]
async fn a_call_reaches_the_worker_of_that_name() {
    let dispatcher = dispatcher(8);
    install(&dispatcher, answering("hello"), Limits::default());
    let outcome = dispatcher.call("w", event()).await.expect("answered");
    assert_eq!(body(outcome).as_bytes(), Some(&b"hello"[..]));
    assert_eq!(dispatcher.in_flight(), 0);
    assert_eq!(*dispatcher.limits("w").expect("deployed"), Limits::default());
    assert!(dispatcher.limits("other").is_err());
}

#[tokio::test(start_paused = true)]
async fn a_missing_worker_is_an_error_that_names_it() {
    let error = dispatcher(8).call("ghost", event()).await.expect_err("not there");
    assert!(error.to_string().contains("\"ghost\""), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_wall_deadline_cancels_the_guest() {
    let dispatcher = dispatcher(8);
    let limit = Duration::from_millis(70);
    let worker = install(&dispatcher, hanging(), Limits { wall: limit, ..Limits::default() });
    let begun = tokio::time::Instant::now();
    let error = dispatcher.call("w", event()).await.expect_err("too late");
    assert!(matches!(error, CallError::WallExceeded { limit: l } if l == limit), "{error:?}");
    assert_eq!(begun.elapsed(), limit);
    assert!(worker.cancelled.load(Ordering::SeqCst));
    assert_eq!(dispatcher.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_worker_is_bounded() {
    let dispatcher = dispatcher(8);
    let worker = install(&dispatcher, hanging(), Limits { concurrency: 1, ..Limits::default() });
    let mut first = Box::pin(dispatcher.call("w", event()));
    assert!(first.as_mut().now_or_never().is_none());
    let error = dispatcher.call("w", event()).await.expect_err("full");
    assert!(matches!(error, CallError::Overloaded { limit: 1 }), "{error:?}");
    worker.release.notify_one();
    first.await.expect("answered");
    worker.release.notify_one();
    dispatcher.call("w", event()).await.expect("room again");
}

#[tokio::test(start_paused = true)]
async fn all_workers_together_are_bounded() {
    let dispatcher = dispatcher(1);
    install(&dispatcher, hanging(), Limits::default());
    let mut first = Box::pin(dispatcher.call("w", event()));
    assert!(first.as_mut().now_or_never().is_none());
    let error = dispatcher.call("w", event()).await.expect_err("full");
    assert!(matches!(error, CallError::ServerOverloaded { limit: 1 }), "{error:?}");
    drop(first);
    assert_eq!(dispatcher.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_streaming_body_counts_until_it_ends() {
    let dispatcher = dispatcher(8);
    let permits = Arc::new(Semaphore::new(0));
    let worker = FakeWorker { streams: Some(Arc::clone(&permits)), ..answering("") };
    install(&dispatcher, worker, Limits { concurrency: 1, ..Limits::default() });
    let mut body = body(dispatcher.call("w", event()).await.expect("answered"));
    assert_eq!(dispatcher.in_flight(), 1);
    assert!(matches!(dispatcher.call("w", event()).await, Err(CallError::Overloaded { .. })));
    permits.add_permits(1);
    assert_eq!(body.chunk().await.expect("a chunk").expect("no error"), "last");
    assert!(body.chunk().await.is_none());
    assert_eq!(dispatcher.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_replaced_worker_finishes_what_it_began() {
    let dispatcher = dispatcher(8);
    let old = install(&dispatcher, hanging(), Limits::default());
    let mut begun = Box::pin(dispatcher.call("w", event()));
    assert!(begun.as_mut().now_or_never().is_none());
    install(&dispatcher, answering("new"), Limits::default());
    let fresh = dispatcher.call("w", event()).await.expect("answered");
    assert_eq!(body(fresh).as_bytes(), Some(&b"new"[..]));
    old.release.notify_one();
    let finished = begun.await.expect("answered by the old one");
    assert_eq!(body(finished).as_bytes(), Some(&b"released"[..]));
    assert_eq!(dispatcher.drain(Duration::from_secs(1)).await, DrainOutcome::Drained);
    assert_eq!(Arc::strong_count(&old), 1, "the dispatcher let go of it");
}

#[tokio::test(start_paused = true)]
async fn draining_refuses_new_calls_and_waits_for_old_ones() {
    let dispatcher = dispatcher(8);
    let worker = install(&dispatcher, hanging(), Limits::default());
    let mut begun = Box::pin(dispatcher.call("w", event()));
    assert!(begun.as_mut().now_or_never().is_none());
    let mut drain = Box::pin(dispatcher.drain(Duration::from_secs(5)));
    assert!(drain.as_mut().now_or_never().is_none());
    assert!(matches!(dispatcher.call("w", event()).await, Err(CallError::ShuttingDown)));
    worker.release.notify_one();
    begun.await.expect("answered");
    assert_eq!(drain.await, DrainOutcome::Drained);
    assert_eq!(worker.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn draining_waits_for_bodies_and_wait_until() {
    let dispatcher = dispatcher(8);
    let permits = Arc::new(Semaphore::new(0));
    let worker = FakeWorker { streams: Some(Arc::clone(&permits)), drains_when_asked: false, ..answering("") };
    let worker = install(&dispatcher, worker, Limits::default());
    let mut body = body(dispatcher.call("w", event()).await.expect("answered"));
    let mut drain = Box::pin(dispatcher.drain(Duration::from_secs(5)));
    assert!(drain.as_mut().now_or_never().is_none(), "the body is not sent");
    permits.add_permits(1);
    while body.chunk().await.is_some() {}
    assert!(drain.as_mut().now_or_never().is_none(), "the worker still has work");
    worker.drained.notify_one();
    assert_eq!(drain.await, DrainOutcome::Drained);
}

#[tokio::test(start_paused = true)]
async fn the_grace_ends() {
    let dispatcher = dispatcher(8);
    install(&dispatcher, hanging(), Limits::default());
    let mut begun = Box::pin(dispatcher.call("w", event()));
    assert!(begun.as_mut().now_or_never().is_none());
    let grace = Duration::from_millis(300);
    let started = tokio::time::Instant::now();
    assert_eq!(dispatcher.drain(grace).await, DrainOutcome::GraceEnded { in_flight: 1 });
    assert_eq!(started.elapsed(), grace);
}
