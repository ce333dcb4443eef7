//! One request, from its head to the head of its answer. Everything on that way is called from here, in its order.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use http::header::{self, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, Version};
use hyper::body::Incoming;
use worky_engine::{CallError, FetchEvent, GuestError, Invocation, Outcome};
use worky_host::{Blame, Body, BodyError, InvocationContext, TraceContext};

use crate::access::{Exchange, Told};
use crate::config::ErrorDetail;
use crate::connection::{Admission, Command, Connection, Extent};
use crate::developer::Failure;
use crate::errors::{self, Audience, Problem, Reader, Refusal};
use crate::live_reload::{LiveReload, is_navigation};
use crate::read_ahead::read_ahead;
use crate::request::{self, BodyFault, Continue, Head, X_REQUEST_ID};
use crate::response::{self, Asked, ResponseBody};

/// The way to a worker.
pub(crate) trait Caller {
    fn call(
        &self,
        connection: &Connection,
        worker: &Arc<str>,
        event: FetchEvent,
    ) -> impl Future<Output = Result<Response<Body>, CallError>>;
}

/// By message, to whatever worker it is.
#[derive(Clone, Copy)]
pub(crate) struct ByMessage;

impl Caller for ByMessage {
    async fn call(
        &self,
        connection: &Connection,
        worker: &Arc<str>,
        event: FetchEvent,
    ) -> Result<Response<Body>, CallError> {
        let Outcome::Response(response) = connection.shared.dispatcher.call(worker, Invocation::Fetch(event)).await?;
        Ok(response)
    }
}

/// Answers one request. Dropping the future cancels the guest.
pub(crate) async fn answer(
    connection: Arc<Connection>,
    request: Request<Incoming>,
    caller: impl Caller,
) -> Result<Response<ResponseBody>, Infallible> {
    let (parts, incoming) = request.into_parts();
    let version = parts.version;
    let id = request::request_id(parts.headers.get(X_REQUEST_ID).map(HeaderValue::as_bytes));
    let target = parts.uri.path_and_query().cloned();
    let mut exchange = Exchange::begin(connection, parts.method.clone(), target, id, Instant::now());
    let asked = if parts.method == Method::HEAD { Asked::HeadOnly } else { Asked::Everything };
    let shared = Arc::clone(&exchange.connection.shared);
    let reader = reader(shared.error_detail, &parts.headers);
    let navigated = shared.live_reload.is_some() && asked == Asked::Everything && is_navigation(&parts.headers);
    let (response, after) = match serve(&mut exchange, parts, incoming, caller, reader).await {
        Ok(response) => (response, After::Open),
        Err(problem) => (refuse(&problem, &mut exchange, reader), after(&problem)),
    };
    let response = match &shared.live_reload {
        Some(live) => live.with_script(response, navigated),
        None => response,
    };
    let pulse = Arc::clone(&exchange.connection.pulse);
    let mut response = response::finish(response, asked, exchange);
    let extent = if response.body().as_bytes().is_some() { Extent::Whole } else { Extent::Stream };
    if (after == After::Closed || pulse.is_ended_by(extent)) && version < Version::HTTP_2 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// What becomes of a connection after an answer, as far as it is known when the answer is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Open,
    /// The client is told, so that it does not send its next request behind a body that nobody reads.
    Closed,
}

fn after(problem: &Problem) -> After {
    match problem {
        Problem::Refused(
            Refusal::BodyTooLarge { .. } | Refusal::BodyStalled { .. } | Refusal::BodyMalformed | Refusal::BodyBroken,
        ) => After::Closed,
        _ => After::Open,
    }
}

/// The answer to a request that has none of its worker's.
pub(crate) fn refuse(problem: &Problem, exchange: &mut Exchange, reader: Reader) -> Response<Body> {
    log(problem, exchange);
    exchange.error = Some(problem.code());
    let shared = &exchange.connection.shared;
    let audience = Audience {
        detail: shared.error_detail,
        reader,
        worker: exchange.worker.as_deref(),
        developer: shared.developer.as_deref(),
    };
    errors::answer(problem, audience, &exchange.request_id)
}

async fn serve(
    exchange: &mut Exchange,
    mut parts: Parts,
    incoming: Incoming,
    caller: impl Caller,
    reader: Reader,
) -> Result<Response<Body>, Problem> {
    let connection = Arc::clone(&exchange.connection);
    let shared = &connection.shared;
    if connection.admission == Admission::Refused {
        connection.pulse.command(Command::Close);
        return Err(Refusal::Connections { limit: shared.config.max_connections }.into());
    }
    let head = Head::check(&parts, &shared.config, &shared.own_authority)?;
    if let Some(live) = shared.live_reload.as_ref().filter(|_| LiveReload::is_own(parts.uri.path())) {
        exchange.told = Told::Nobody;
        return Ok(live.answer(parts.uri.path()));
    }
    let Some(worker) = shared.router.load().route(head.host(), parts.uri.path()).cloned() else {
        return Err(Refusal::NoRoute { host: head.host().to_owned(), path: parts.uri.path().to_owned() }.into());
    };
    // Programs get what was there before, if anything was.
    if let Some(trouble) = shared.trouble()
        && (reader == Reader::Browser || shared.dispatcher.limits(&worker).is_err())
    {
        exchange.worker = Some(worker);
        return Err(Refusal::Build(trouble).into());
    }
    let worker = &Arc::clone(exchange.worker.insert(worker));
    let limits = shared.dispatcher.limits(worker)?;

    let (body, fault) = match request::receive(incoming, head.continues(), limits.request_body_bytes, &connection).await
    {
        Ok(received) => received,
        Err(refusal) => {
            count(&refusal, worker, &connection);
            return Err(refusal.into());
        }
    };
    let trace = request::present(&head, &mut parts, &exchange.request_id, TraceContext::root, &connection);
    let context = InvocationContext::new(exchange.request_id.clone(), trace, limits.invocation());
    exchange.context = Some(context.clone());
    let event = FetchEvent { request: Request::from_parts(parts, body), context };

    match caller.call(&connection, worker, event).await.and_then(checked) {
        Ok(response) if head.continues() == Continue::Expected => Ok(read_ahead(response).await),
        Ok(response) => Ok(response),
        Err(error) => Err(cause(error, fault, worker, &connection)),
    }
}

/// A worker's answer is a final one.
pub(crate) fn checked(response: Response<Body>) -> Result<Response<Body>, CallError> {
    let status = response.status().as_u16();
    if status < 200 {
        return Err(CallError::BadResponse(format!("its status {status} is not one between 200 and 599")));
    }
    Ok(response)
}

/// A worker that fails because of its request's body fails through the client's fault.
fn cause(error: CallError, fault: Option<BodyFault>, worker: &str, connection: &Connection) -> Problem {
    let Some(refusal) = fault.as_ref().and_then(|fault| fault.get()) else { return error.into() };
    let counted = matches!(error, CallError::RequestBody(BodyError::TooLarge { .. }));
    if !counted {
        count(refusal, worker, connection);
    }
    refusal.clone().into()
}

fn count(refusal: &Refusal, worker: &str, connection: &Connection) {
    if let Refusal::BodyTooLarge { .. } = refusal {
        connection.shared.metrics.limit_exceeded(worker, "request_body_bytes");
    }
}

/// Only a developer's browser gets a page.
pub(crate) fn reader(detail: ErrorDetail, headers: &HeaderMap) -> Reader {
    if detail == ErrorDetail::Production {
        return Reader::Program;
    }
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/html")) { Reader::Browser } else { Reader::Program }
}

/// What the client may not be told stands in the log.
fn log(problem: &Problem, exchange: &Exchange) {
    let (worker, request_id) = (exchange.worker.as_deref(), exchange.request_id.as_str());
    let code = problem.code();
    let hint = problem.hint();
    if let Some(developer) = &exchange.connection.shared.developer {
        // What cannot be built was told when it was tried; that nothing is found is told by the request's own line.
        let is_told = matches!(problem, Problem::Refused(Refusal::Build(_) | Refusal::NoRoute { .. }));
        if !is_told {
            let message = problem.guest().map_or_else(|| problem.to_string(), GuestError::title);
            developer.failed(&Failure { worker, request_id, code, message, hint, guest: problem.guest() });
        }
        return;
    }
    match problem.blame() {
        Blame::Host => tracing::error!(worker, request_id, code, error = %problem, "request failed"),
        Blame::Guest => {
            let stack = problem.guest().and_then(|guest| guest.stack.as_deref());
            tracing::warn!(worker, request_id, code, error = %problem, hint, stack, "worker failed");
        }
        Blame::Client | Blame::Overload => {
            tracing::debug!(worker, request_id, code, error = %problem, "request refused");
        }
    }
}
