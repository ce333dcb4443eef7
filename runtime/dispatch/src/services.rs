//! A worker calls another: through the same limits, with what it inherits from its caller.

use std::sync::{Arc, Weak};
use std::time::Instant;

use futures_util::future::BoxFuture;
use http::{Method, Request, Response, StatusCode, Uri};
use http_body::Body as _;
use tokio::runtime::Handle;
use tokio_util::task::AbortOnDropHandle;
use worky_engine::{CallError, FetchEvent, GuestError, Invocation, Outcome};
use worky_host::metrics::{Counted, Metrics};
use worky_host::requests::FinishedRequest;
use worky_host::service::{self, ServiceDispatch, ServiceError};
use worky_host::{Blame, Body, BodyError, InvocationContext};

use crate::dispatcher::Shared;

/// Workers hold this, and the table holds workers: a strong reference would keep all of them for ever.
pub(crate) struct ServiceCalls {
    shared: Weak<Shared>,
    /// Where a call is driven. Not where its caller runs: that may be an isolate's thread, which polls from inside of V8.
    runtime: Handle,
}

impl ServiceCalls {
    pub(crate) fn new(shared: Weak<Shared>, runtime: Handle) -> Self {
        ServiceCalls { shared, runtime }
    }
}

impl ServiceDispatch for ServiceCalls {
    fn dispatch(
        &self,
        worker: &Arc<str>,
        request: Request<Body>,
        caller: &InvocationContext,
    ) -> BoxFuture<'static, Result<Response<Body>, ServiceError>> {
        let Some(shared) = self.shared.upgrade() else {
            return Box::pin(std::future::ready(Err(ServiceError::ShuttingDown)));
        };
        let call = Call { shared, worker: worker.clone(), caller: caller.clone() };
        let runtime = self.runtime.clone();
        Box::pin(async move {
            let ended = call.caller.until_ended();
            let worker = call.worker.clone();
            let driven = runtime.spawn(async move {
                let gone = ServiceError::CallerGone { worker: call.worker.clone() };
                tokio::select! {
                    biased;
                    () = ended.cancelled() => Err(gone),
                    answer = call.answer(request) => answer,
                }
            });
            match AbortOnDropHandle::new(driven).await {
                Ok(answer) => answer,
                Err(stopped) if stopped.is_cancelled() => Err(ServiceError::ShuttingDown),
                Err(_panicked) => {
                    let message = "the host failed".to_owned();
                    Err(ServiceError::Failed { worker, code: "internal_error", blame: Blame::Host, message })
                }
            }
        })
    }
}

struct Call {
    shared: Arc<Shared>,
    worker: Arc<str>,
    caller: InvocationContext,
}

impl Call {
    async fn answer(self, request: Request<Body>) -> Result<Response<Body>, ServiceError> {
        let Call { shared, worker, caller } = self;
        let max = shared.service_depth_max;
        if caller.depth().saturating_add(1) >= max {
            shared.metrics.limit_exceeded(&worker, "max_service_depth");
            return Err(ServiceError::Depth { worker, max });
        }
        let Some(deployed) = shared.find(&worker) else {
            let closed = shared.is_closed();
            return Err(if closed { ServiceError::ShuttingDown } else { ServiceError::NotDeployed { worker } });
        };
        let limits = deployed.limits.clone();
        let context = caller.child(limits.invocation());
        let time_left = caller.time_left().filter(|left| *left < limits.wall);
        let mut exchange = Exchange::begin(&shared.metrics, worker.clone(), context.clone(), &request);
        let answer = async {
            let place = shared.take_place()?;
            let event = FetchEvent { request: admit(request, &context, limits.request_body_bytes)?, context };
            deployed.call(place, Invocation::Fetch(event), time_left).await
        };
        let error = match answer.await {
            Ok(Outcome::Response(response)) if response.status().as_u16() < 200 => {
                let status = response.status().as_u16();
                CallError::BadResponse(format!("its status {status} is not one between 200 and 599"))
            }
            Ok(Outcome::Response(response)) => {
                exchange.status = Some(response.status());
                return Ok(response.map(|body| body.holding(exchange)));
            }
            // Not a limit of the service's own, so not one that it is told of or counted for.
            Err(CallError::WallExceeded { .. }) if time_left.is_some() => {
                return Err(ServiceError::Deadline { worker });
            }
            Err(error) => error,
        };
        exchange.status = Some(status(&error));
        exchange.error = Some(error.code());
        exchange.log(&error);
        shared.count_limit(&worker, &error);
        Err(failed(worker, &error))
    }
}

/// The request as the service gets it: within its limit, and under the name of its invocation.
fn admit(
    mut request: Request<Body>,
    context: &InvocationContext,
    limit_bytes: u64,
) -> Result<Request<Body>, CallError> {
    if request.body().size_hint().lower() > limit_bytes {
        return Err(CallError::RequestBody(BodyError::TooLarge { limit_bytes }));
    }
    service::identify(&mut request, context);
    Ok(request.map(|body| body.limited(limit_bytes, move || BodyError::TooLarge { limit_bytes })))
}

/// What the caller is told. Neither the stack of the service nor a place in its files.
fn failed(worker: Arc<str>, error: &CallError) -> ServiceError {
    let message = match error {
        CallError::Start(load) => {
            format!("it did not start: {}", load.guest().map_or_else(|| load.to_string(), GuestError::title))
        }
        CallError::BackingOff { cause, .. } => return failed(worker, cause),
        CallError::Host(_) => "the host failed".to_owned(),
        other => other.guest().map_or_else(|| other.to_string(), GuestError::title),
    };
    ServiceError::Failed { worker, code: error.code(), blame: error.blame(), message }
}

/// For the metric alone: no client sees it.
fn status(error: &CallError) -> StatusCode {
    match error.blame() {
        Blame::Client => StatusCode::BAD_REQUEST,
        Blame::Guest | Blame::Host => StatusCode::INTERNAL_SERVER_ERROR,
        Blame::Overload => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// One call from its beginning to the last byte of its answer, counted as a request from outside is.
struct Exchange {
    metrics: Metrics,
    worker: Arc<str>,
    context: InvocationContext,
    method: Method,
    uri: Uri,
    /// `None` where the caller left before there was an answer.
    status: Option<StatusCode>,
    /// The code of the error that the caller gets in the place of an answer.
    error: Option<&'static str>,
    begun: Instant,
    _in_flight: Counted,
}

impl Exchange {
    fn begin(metrics: &Metrics, worker: Arc<str>, context: InvocationContext, request: &Request<Body>) -> Self {
        Exchange {
            metrics: metrics.clone(),
            worker,
            context,
            method: request.method().clone(),
            uri: request.uri().clone(),
            status: None,
            error: None,
            begun: Instant::now(),
            _in_flight: metrics.request_started(),
        }
    }

    /// What the caller may not be told stands in the log.
    fn log(&self, error: &CallError) {
        let (worker, request_id, code) = (&*self.worker, self.context.request_id().as_str(), error.code());
        match error.blame() {
            Blame::Host => tracing::error!(worker, request_id, code, %error, "request failed"),
            Blame::Guest => {
                let stack = match error {
                    CallError::Exception(guest) => guest.stack.as_deref(),
                    _ => None,
                };
                tracing::warn!(worker, request_id, code, %error, stack, "worker failed");
            }
            Blame::Client | Blame::Overload => {
                tracing::debug!(worker, request_id, code, %error, "request refused");
            }
        }
    }
}

/// As the server counts a client that leaves.
const CALLER_LEFT: u16 = 499;

impl Drop for Exchange {
    fn drop(&mut self) {
        let elapsed = self.begun.elapsed();
        let status = self.status.unwrap_or_else(|| StatusCode::from_u16(CALLER_LEFT).expect("three digits"));
        let usage = self.context.usage();
        self.metrics.request_finished(&FinishedRequest {
            worker: Some(&self.worker),
            request_id: self.context.request_id(),
            depth: self.context.depth(),
            method: &self.method,
            path: self.uri.path(),
            query: self.uri.query(),
            status,
            error: self.error,
            elapsed,
            sent_bytes: None,
            usage,
        });
        tracing::debug!(
            target: "access",
            method = self.method.as_str(),
            // Without its query, which may hold what nobody should find in a log.
            path = self.uri.path(),
            status = status.as_u16(),
            worker = &*self.worker,
            ms = elapsed.as_micros() as f64 / 1000.0,
            cpu_ms = usage.cpu.as_micros() as f64 / 1000.0,
            request_id = self.context.request_id().as_str(),
            depth = self.context.depth(),
        );
    }
}
