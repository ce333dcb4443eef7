//! One request through one instance.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::{Either, select};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;
use wasmtime_wasi_http::p2::bindings::Proxy;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::p3::bindings::Service;
use wasmtime_wasi_http::{Error, WasiBody, WasiHttpView, p3};
use worky_engine::{CallError, FetchEvent, Outcome};
use worky_host::log::Level;
use worky_host::{Body, BodyError, InvocationContext};

use super::Blueprint;
use super::instance::{Exports, Instance};
use super::response::{self, Streamed, Watched};
use crate::imports::http::host_body;
use crate::meter::{Meter, Metered, Panicked};
use crate::trap;

/// What the guest answers: a response, or the error that it has instead.
pub(super) type Head = Result<http::Response<WasiBody>, String>;

/// How a guest ended.
struct End {
    result: Result<(), CallError>,
    /// Still there, so that it is told whether the guest completed its body or the end of its store did.
    instance: Option<Instance>,
}

/// Takes the request to an instance. The guest begins on this thread; most have answered and ended by the first time they
/// wait. What goes on after the response is a task of its own, which the body of the response stops when it is dropped.
pub(super) async fn call(blueprint: Arc<Blueprint>, event: FetchEvent) -> Result<Outcome, CallError> {
    let FetchEvent { request, context } = event;
    let (head, mut answer) = oneshot::channel();
    let meter = Arc::new(Meter::default());
    let body_error = Arc::new(OnceLock::new());
    let request = request.map(|body| RequestBody { body, error: body_error.clone() });
    let guest = serve(blueprint.clone(), request, context.clone(), head, meter.clone());
    let mut running = Box::pin(run(blueprint.clone(), Metered::new(meter.clone(), guest)));

    let guest_first = select(&mut running, &mut answer).await;
    let head = match guest_first {
        Either::Left((end, _)) => return ended(&blueprint, end, answer.try_recv().ok(), &body_error),
        Either::Right((Ok(head), _)) => head,
        Either::Right((Err(_unset), _)) => {
            let end = (&mut running).await;
            return ended(&blueprint, end, None, &body_error);
        }
    };
    let response = response::checked(head).map_err(|error| blamed(error, &body_error))?;
    meter.start_windows(blueprint.limits.wall);
    let (sent, all_sent) = oneshot::channel();
    let failure = Arc::new(OnceLock::new());
    let rest = AbortOnDropHandle::new(tokio::spawn(go_on(blueprint, running, context, all_sent, failure.clone())));
    Ok(Outcome::Response(response.map(|body| Body::stream(Streamed::new(body, rest, sent, failure)))))
}

/// Polls a guest here, and on the crew's threads once it is found busy.
async fn run<F>(blueprint: Arc<Blueprint>, guest: Metered<F>) -> End
where
    F: Future<Output = End> + Send + 'static,
{
    let mut guest = Some(guest);
    let here = std::future::poll_fn(|cx: &mut Context<'_>| {
        let running = guest.as_mut().expect("it is taken only where this is not polled again");
        match Pin::new(&mut *running).poll(cx) {
            Poll::Ready(end) => Poll::Ready(Ok(end)),
            Poll::Pending if running.was_busy() => Poll::Ready(Err(guest.take().expect("it was just polled"))),
            Poll::Pending => Poll::Pending,
        }
    });
    let end = match here.await {
        Ok(end) => end,
        Err(busy) => match blueprint.shared.crew.spawn(busy).await {
            Ok(end) => end,
            Err(error) => Err(Panicked(error.to_string())),
        },
    };
    end.unwrap_or_else(|Panicked(message)| {
        tracing::error!(worker = &*blueprint.bindings.worker, "a host function panicked: {message}");
        End { result: Err(CallError::Host(format!("a host function broke down: {message}"))), instance: None }
    })
}

/// The guest ended before its response had left.
fn ended(
    blueprint: &Blueprint,
    end: End,
    head: Option<Head>,
    body_error: &OnceLock<BodyError>,
) -> Result<Outcome, CallError> {
    let End { result, mut instance } = end;
    let Some(head) = head else {
        let unset = || CallError::BadResponse("the handler returned and had not set a response".to_owned());
        return Err(blamed(result.err().unwrap_or_else(unset), body_error));
    };
    let mut response = match (response::checked(head), result) {
        (Ok(response), Ok(())) => response.map(response::Gathering::new),
        (Ok(response), Err(error)) => {
            // What it has completed is good, whatever it did afterwards.
            let mut response = response.map(response::Gathering::new);
            if !response.body_mut().gather() {
                return Err(blamed(error, body_error));
            }
            if let Some(instance) = &instance {
                instance.log(&format!("after the response: {error}"));
            }
            instance = None;
            response
        }
        (Err(error), result) => return Err(blamed(result.err().unwrap_or(error), body_error)),
    };
    if response.body_mut().gather()
        && let Some(instance) = instance.take()
    {
        blueprint.keep(instance);
    }
    // The end of its store ends a body whose handles the guest has lost.
    drop(instance);
    Ok(Outcome::Response(response.map(response::Gathering::finish)))
}

/// What became of the request's body is the reason for what a guest makes of it.
fn blamed(error: CallError, body_error: &OnceLock<BodyError>) -> CallError {
    match (error, body_error.get()) {
        (CallError::Exception(_) | CallError::BadResponse(_), Some(cause)) => CallError::RequestBody(cause.clone()),
        (error, _) => error,
    }
}

/// The guest after its response has left: it sends the body for as long as that is read, and then has its time for what
/// is left to do.
async fn go_on(
    blueprint: Arc<Blueprint>,
    running: Pin<Box<impl Future<Output = End>>>,
    context: InvocationContext,
    mut all_sent: oneshot::Receiver<()>,
    failure: Arc<OnceLock<String>>,
) {
    let Blueprint { bindings, limits, shared, .. } = &*blueprint;
    let mut complete = false;
    let grace = async {
        if (&mut all_sent).await.is_err() {
            // The body is gone, and this task with it.
            std::future::pending::<()>().await;
        }
        complete = true;
        tokio::time::sleep(limits.wait_until).await;
    };
    let end = match select(running, Box::pin(grace)).await {
        Either::Left((end, _)) => end,
        Either::Right(((), _)) => {
            let text = format!(
                "it went on for {} ms after its response and was stopped (limits.wait_until_ms)",
                limits.wait_until.as_millis()
            );
            bindings.log.write(Some(&context), Level::Warn, &text);
            shared.metrics.limit_exceeded(&bindings.worker, "wait_until_ms");
            return;
        }
    };
    match end.result {
        Ok(()) if complete || all_sent.try_recv().is_ok() => {
            end.instance.into_iter().for_each(|instance| blueprint.keep(instance))
        }
        Ok(()) => {}
        Err(error) => {
            if let Some(limit) = error.limit() {
                shared.metrics.limit_exceeded(&bindings.worker, limit);
            }
            bindings.log.write(Some(&context), Level::Error, &format!("after the response began: {error}"));
            // Before the store goes, which looks like an orderly end of the body.
            let _first = failure.set(error.to_string());
        }
    }
}

/// The guest's side of a call.
async fn serve(
    blueprint: Arc<Blueprint>,
    request: http::Request<RequestBody>,
    context: InvocationContext,
    head: oneshot::Sender<Head>,
    meter: Arc<Meter>,
) -> End {
    let _running = (blueprint.running.token(), EndOnDrop(context.clone()));
    let instance = match blueprint.take_idle() {
        Some(instance) => Ok(instance),
        None => Instance::start(blueprint.clone(), context.clone(), meter.clone()).await,
    };
    let mut instance = match instance {
        Ok(instance) => instance,
        Err(error) => return End { result: Err(CallError::Start(Arc::new(error))), instance: None },
    };
    let limits = &blueprint.limits;
    context.guest_begins(Instant::now());
    meter.serve(context.clone(), limits.cpu);
    instance.serve(context, meter.clone());
    let exports = instance.exports.clone();
    let request = request.map(|body| host_body(Body::stream(body)));
    let result = match &*exports {
        Exports::P2(proxy) => serve_p2(&mut instance, proxy, request, (head, meter)).await,
        Exports::P3(service) => serve_p3(&mut instance, service, request, (head, meter)).await,
    };
    let state = instance.store.data();
    state.output.flush();
    let result = result.map_err(|error| trap::call_error(&error, &state.limiter, limits));
    instance.ends_as(match &result {
        Ok(()) => "retired",
        Err(error) => error.limit().unwrap_or("trap"),
    });
    if let Err(error @ (CallError::CpuExceeded { .. } | CallError::MemoryExceeded { .. })) = &result {
        instance.log(&format!("stopped: {error}"));
    }
    End { result, instance: Some(instance) }
}

async fn serve_p2(
    instance: &mut Instance,
    proxy: &Proxy,
    request: http::Request<WasiBody>,
    (head, meter): (oneshot::Sender<Head>, Arc<Meter>),
) -> wasmtime::Result<()> {
    let store = &mut instance.store;
    let scheme = match request.uri().scheme_str() {
        Some("https") => Scheme::Https,
        _ => Scheme::Http,
    };
    let mut http = store.data_mut().http();
    let request = http.new_incoming_request(scheme, request)?;
    let outparam = http.new_response_outparam_from_callback(move |answer| {
        // Whoever gets it on another thread may ask at once what it cost.
        meter.settle();
        // Where nobody waits for it any more the guest is about to be stopped.
        let _gone = head.send(answer.map_err(|code| format!("the handler answered with the error {code}")));
    })?;
    proxy.wasi_http_incoming_handler().call_handle(store, request, outparam).await
}

async fn serve_p3(
    instance: &mut Instance,
    service: &Service,
    request: http::Request<WasiBody>,
    (head, meter): (oneshot::Sender<Head>, Arc<Meter>),
) -> wasmtime::Result<()> {
    let ran = instance.store.run_concurrent(async |accessor| {
        let (request, processed) = accessor.with(|mut store| {
            let (request, processed) = p3::Request::from_http(store.data_mut().http().hooks, request);
            // Its type names the borrow, which it does not hold.
            (request, Box::pin(processed) as Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>)
        });
        let answer = match service.handle(accessor, request).await? {
            Ok(response) => Ok(accessor.with(|mut store| response.into_http(&mut store, processed))?),
            Err(code) => Err(format!("the handler answered with the error {code}")),
        };
        let mut body = None;
        meter.settle();
        let _gone = head.send(answer.map(|response| {
            response.map(|all| {
                let (watched, is_over) = Watched::new(all);
                body = Some(is_over);
                watched.boxed_unsync()
            })
        }));
        // A body that came from the host passes through this store, although no task of the guest's is behind it.
        if let Some(is_over) = body {
            let _over = is_over.await;
        }
        // Whatever else it has begun.
        std::future::poll_fn(|cx| accessor.poll_no_interesting_tasks(cx)).await;
        wasmtime::Result::<()>::Ok(())
    });
    ran.await?
}

/// Ends an invocation with its guest, however that ends: what it asked of other workers is asked no more.
struct EndOnDrop(InvocationContext);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// A request's body that remembers why it broke off.
struct RequestBody {
    body: Body,
    error: Arc<OnceLock<BodyError>>,
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if let Poll::Ready(Some(Err(error))) = &polled {
            let _first = this.error.set(error.clone());
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
