//! What a client is told when there is no answer of the worker's. Here alone, blame becomes a status.

mod frame;
mod page;

use std::sync::Arc;
use std::time::Duration;

use http::header::{self, HeaderName, HeaderValue};
use http::{Method, Response, StatusCode};
use serde_json::{Map, Value, json};
use worky_engine::{CallError, GuestError};
use worky_host::{Blame, Body, RequestId};

use crate::config::ErrorDetail;
use crate::developer::{Developer, Trouble};

/// Names the error's code in every answer of worky's own.
const WORKY_ERROR: HeaderName = HeaderName::from_static("worky-error");

/// When a client may try again, in seconds, where nothing else is known.
const RETRY_AFTER_S: u64 = 1;

/// Why a request does not reach its worker, or its body does not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the server has {limit} connections already (server.max_connections)")]
    Connections { limit: u32 },
    #[error("{method} requests are not served")]
    Method { method: Method },
    #[error("upgrading to {protocol:?} is not supported")]
    Upgrade { protocol: String },
    #[error("the expectation {expected:?} cannot be met; \"100-continue\" is the only one")]
    Expectation { expected: String },
    #[error("the request target is {bytes} bytes long, more than {limit} (server.max_uri_bytes)")]
    UriTooLong { bytes: usize, limit: usize },
    #[error("the header fields are {bytes} bytes long, more than {limit} (server.max_header_bytes)")]
    HeaderBytes { bytes: usize, limit: usize },
    #[error("there are {count} header fields, more than {limit} (server.max_headers)")]
    HeaderCount { count: usize, limit: usize },
    #[error("the request target {target:?} is neither a path nor an http address")]
    Target { target: String },
    #[error("the request has no host")]
    NoHost,
    #[error("the request has {count} host header fields")]
    Hosts { count: u32 },
    #[error("{host:?} is not a host")]
    Host { host: String },
    #[error("no route leads from {host}{path} to a worker")]
    NoRoute { host: String, path: String },
    #[error("the request body is larger than {limit_bytes} bytes (limits.request_body_bytes)")]
    BodyTooLarge { limit_bytes: u64 },
    #[error("no byte of the request body came for {} ms", after.as_millis())]
    BodyStalled { after: Duration },
    #[error("the request body is not well-formed")]
    BodyMalformed,
    #[error("the request body broke off")]
    BodyBroken,
    #[error("the worker cannot be served as it is:\n{}", .0.report)]
    Build(Arc<Trouble>),
}

impl Refusal {
    fn blame(&self) -> Blame {
        match self {
            Refusal::Connections { .. } => Blame::Overload,
            Refusal::Build(_) => Blame::Guest,
            _ => Blame::Client,
        }
    }

    /// Stable; part of the public interface.
    fn code(&self) -> &'static str {
        match self {
            Refusal::Connections { .. } => "too_many_connections",
            Refusal::Method { .. } => "method_not_supported",
            Refusal::Upgrade { .. } => "upgrade_not_supported",
            Refusal::Expectation { .. } => "expectation_failed",
            Refusal::UriTooLong { .. } => "uri_too_long",
            Refusal::HeaderBytes { .. } | Refusal::HeaderCount { .. } => "headers_too_large",
            Refusal::Target { .. } => "bad_target",
            Refusal::NoHost | Refusal::Hosts { .. } | Refusal::Host { .. } => "bad_host",
            Refusal::NoRoute { .. } => "no_route",
            Refusal::BodyTooLarge { .. } => "body_too_large",
            Refusal::BodyStalled { .. } => "body_stalled",
            Refusal::BodyMalformed | Refusal::BodyBroken => "bad_request_body",
            Refusal::Build(_) => "build_failed",
        }
    }
}

/// Why there is no answer of the worker's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Call(#[from] CallError),
}

/// What kind of text the client would rather read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    Browser,
    Program,
}

/// Whom an answer is for.
#[derive(Clone, Copy)]
pub(crate) struct Audience<'a> {
    pub(crate) detail: ErrorDetail,
    pub(crate) reader: Reader,
    /// The worker that was asked.
    pub(crate) worker: Option<&'a str>,
    pub(crate) developer: Option<&'a dyn Developer>,
}

impl Refusal {
    /// How to mend it, for those who wrote the worker.
    fn hint(&self) -> Option<String> {
        let hint = match self {
            Refusal::NoRoute { .. } => {
                "routes in worky.toml are HOST/PATH, where the host may be left out and the path may end in *: \"/*\" is all"
            }
            Refusal::BodyTooLarge { .. } => "raise request_body_bytes under [limits] in worky.toml",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

impl Problem {
    /// How to mend it, where that is known.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Problem::Refused(refusal) => refusal.hint(),
            Problem::Call(error) => error.hint(),
        }
    }

    pub(crate) fn blame(&self) -> Blame {
        match self {
            Problem::Refused(refusal) => refusal.blame(),
            Problem::Call(error) => error.blame(),
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Problem::Refused(refusal) => refusal.code(),
            Problem::Call(error) => error.code(),
        }
    }

    /// The guest's own error, where that is the problem.
    pub(crate) fn guest(&self) -> Option<&GuestError> {
        match self {
            Problem::Call(error) => error.guest(),
            Problem::Refused(_) => None,
        }
    }

    /// Whole seconds until the same may be tried again.
    fn retry_after(&self, status: StatusCode) -> Option<u64> {
        let known = match self {
            Problem::Call(error) => error.retry_after(),
            Problem::Refused(_) => None,
        };
        let unknown = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(Duration::ZERO);
        known.or(unknown).map(|left| (left.as_millis().div_ceil(1_000) as u64).max(RETRY_AFTER_S))
    }
}

/// The one place where blame becomes a status.
fn status(blame: Blame, code: &str) -> StatusCode {
    match (blame, code) {
        (_, "no_route") => StatusCode::NOT_FOUND,
        (_, "body_too_large") => StatusCode::PAYLOAD_TOO_LARGE,
        (_, "body_stalled") => StatusCode::REQUEST_TIMEOUT,
        (_, "uri_too_long") => StatusCode::URI_TOO_LONG,
        (_, "headers_too_large") => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        (_, "expectation_failed") => StatusCode::EXPECTATION_FAILED,
        (_, "method_not_supported" | "upgrade_not_supported") => StatusCode::NOT_IMPLEMENTED,
        (Blame::Client, _) => StatusCode::BAD_REQUEST,
        (Blame::Overload, _) => StatusCode::SERVICE_UNAVAILABLE,
        (Blame::Guest, "wall_time_exceeded") => StatusCode::GATEWAY_TIMEOUT,
        (
            Blame::Guest,
            "cpu_exceeded" | "memory_exceeded" | "instance_stopped" | "startup_time_exceeded" | "worker_not_deployed",
        ) => StatusCode::SERVICE_UNAVAILABLE,
        (Blame::Guest | Blame::Host, _) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What production says. Fixed, so that nothing of the guest's or the host's can leak through it.
fn fixed_message(code: &str) -> &'static str {
    match code {
        "no_route" => "no worker serves this address",
        "method_not_supported" => "this method is not served",
        "upgrade_not_supported" => "upgrading to another protocol is not supported",
        "expectation_failed" => "the expectation cannot be met",
        "uri_too_long" => "the request target is too long",
        "headers_too_large" => "the header fields are too many or too large",
        "bad_target" => "the request target is neither a path nor an http address",
        "bad_host" => "the request must have exactly one valid host",
        "body_too_large" => "the request body is too large",
        "body_stalled" => "the request body did not arrive in time",
        "bad_request_body" => "the request body is broken",
        "overloaded" | "too_many_connections" => "too much is going on; try again later",
        "shutting_down" => "the server is shutting down; try again",
        "wall_time_exceeded" => "the worker did not answer in time",
        "cpu_exceeded" => "the worker used more CPU time than it may",
        "memory_exceeded" => "the worker used more memory than it may",
        "instance_stopped" => "the worker was stopped; try again",
        "worker_exception" => "the worker failed",
        "worker_hung" => "the worker will never answer",
        "bad_response" | "response_too_large" => "the worker's answer cannot be sent",
        "no_handler" => "the worker does not handle requests",
        "worker_failed_to_start" | "startup_time_exceeded" | "bad_binding" => "the worker did not start",
        "worker_not_deployed" => "the worker cannot be served as it is",
        _ => "the server failed",
    }
}

/// The answer to a request that has none of its worker's.
pub(crate) fn answer(problem: &Problem, audience: Audience<'_>, request_id: &RequestId) -> Response<Body> {
    let Audience { detail, reader, worker, developer } = audience;
    let (blame, code) = (problem.blame(), problem.code());
    let status = status(blame, code);
    let (content_type, text) = match (detail, reader) {
        (ErrorDetail::Production, _) => {
            ("application/json", json_text(code, fixed_message(code), request_id, None, None))
        }
        (ErrorDetail::Development, Reader::Program) => {
            let text = json_text(code, &problem.to_string(), request_id, problem.guest(), problem.hint());
            ("application/json", text)
        }
        (ErrorDetail::Development, Reader::Browser) => {
            let about = page::About { status, code, problem, request_id, worker, developer };
            ("text/html; charset=utf-8", page::html(&about))
        }
    };
    let mut response = Response::new(Body::full(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(WORKY_ERROR, HeaderValue::from_static(code));
    if let Some(seconds) = problem.retry_after(status) {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn json_text(
    code: &str,
    message: &str,
    request_id: &RequestId,
    guest: Option<&GuestError>,
    hint: Option<String>,
) -> String {
    let mut error = Map::new();
    error.insert("code".to_owned(), json!(code));
    error.insert("message".to_owned(), json!(message));
    error.insert("request_id".to_owned(), json!(request_id.as_str()));
    if let Some(hint) = hint {
        error.insert("hint".to_owned(), json!(hint));
    }
    if let Some(guest) = guest {
        let frames = guest.frames.iter().map(|frame| {
            json!({
                "file": frame.file, "line": frame.line, "column": frame.column, "function": frame.function,
            })
        });
        error.insert("name".to_owned(), json!(guest.name));
        error.insert("stack".to_owned(), json!(guest.stack));
        error.insert("frames".to_owned(), frames.collect());
    }
    Value::Object(Map::from_iter([("worky_error".to_owned(), Value::Object(error))])).to_string()
}

#[cfg(test)]
mod tests;
