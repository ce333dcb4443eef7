//! One request, from its head to the head of its answer. Everything on that way is called from here, in its order.

use std::convert::Infallible;
use std::sync::Arc;

use http::header::{self, HeaderMap};
use http::request::Parts;
use http::{Method, Request, Response};
use hyper::body::Incoming;
use worky_engine::{CallError, FetchEvent, Invocation, Outcome};
use worky_host::{Blame, Body, BodyError, InvocationContext};

use crate::access::Exchange;
use crate::config::ErrorDetail;
use crate::connection::{Admission, Command, Connection};
use crate::errors::{self, Problem, Reader, Refusal};
use crate::read_ahead::read_ahead;
use crate::request::{self, BodyFault, Continue, Head, X_REQUEST_ID};
use crate::response::{self, Asked, ResponseBody};

/// Answers one request. Dropping the future cancels the guest.
pub(crate) async fn answer(
    connection: Arc<Connection>,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    let (parts, incoming) = request.into_parts();
    let id = request::request_id(&parts.headers);
    let mut exchange = Exchange::begin(connection, parts.method.clone(), parts.uri.clone(), id);
    let asked = if parts.method == Method::HEAD { Asked::HeadOnly } else { Asked::Everything };
    let detail = exchange.connection.shared.error_detail;
    let reader = reader(detail, &parts.headers);
    let response = match serve(&mut exchange, parts, incoming).await {
        Ok(response) => response,
        Err(problem) => {
            log(&problem, &exchange);
            exchange.error = Some(problem.code());
            errors::answer(&problem, detail, reader, &exchange.request_id)
        }
    };
    Ok(response::finish(response, asked, exchange))
}

async fn serve(exchange: &mut Exchange, mut parts: Parts, incoming: Incoming) -> Result<Response<Body>, Problem> {
    let connection = Arc::clone(&exchange.connection);
    let shared = &connection.shared;
    if connection.admission == Admission::Refused {
        connection.pulse.command(Command::Close);
        return Err(Refusal::Connections { limit: shared.config.max_connections }.into());
    }
    let head = Head::check(&parts, &shared.config, &shared.own_authority)?;
    let Some(worker) = shared.router.route(head.host(), parts.uri.path()) else {
        return Err(Refusal::NoRoute { host: head.host().to_owned(), path: parts.uri.path().to_owned() }.into());
    };
    let worker = exchange.worker.insert(Arc::clone(worker));
    let limits = shared.dispatcher.limits(worker)?;

    let (body, fault) = match request::receive(incoming, head.continues(), limits.request_body_bytes, &connection).await
    {
        Ok(received) => received,
        Err(refusal) => {
            count(&refusal, worker, &connection);
            return Err(refusal.into());
        }
    };
    head.strip_hop_by_hop(&mut parts.headers);
    head.complete_host(&parts.uri, &mut parts.headers);
    let scheme = request::forward(&mut parts.headers, head.claims(), &connection);
    let trace = head.trace(&mut parts.headers);
    parts.headers.insert(X_REQUEST_ID, exchange.request_id_value.clone());
    parts.uri = head.absolute(parts.uri.path_and_query(), scheme);
    let context = InvocationContext::new(exchange.request_id.clone(), trace, limits.subrequests, limits.log_lines);
    let event = FetchEvent { request: Request::from_parts(parts, body), context };

    match shared.dispatcher.call(worker, Invocation::Fetch(event)).await {
        Ok(Outcome::Response(response)) if response.status().as_u16() < 200 => {
            let status = response.status().as_u16();
            Err(CallError::BadResponse(format!("its status {status} is not one between 200 and 599")).into())
        }
        Ok(Outcome::Response(response)) if head.continues() == Continue::Expected => Ok(read_ahead(response).await),
        Ok(Outcome::Response(response)) => Ok(response),
        Err(error) => Err(cause(error, fault, worker, &connection)),
    }
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
fn reader(detail: ErrorDetail, headers: &HeaderMap) -> Reader {
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
    match problem.blame() {
        Blame::Host => tracing::error!(worker, request_id, code, error = %problem, "request failed"),
        Blame::Guest => {
            let stack = problem.guest().and_then(|guest| guest.stack.as_deref());
            tracing::warn!(worker, request_id, code, error = %problem, stack, "worker failed");
        }
        Blame::Client | Blame::Overload => {
            tracing::debug!(worker, request_id, code, error = %problem, "request refused");
        }
    }
}
