//! What can be asked, and how what is refused is answered: `{"error": {"code", "message"}}`.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde::Serialize;
use serde_json::{Value, json};
use worky_host::Blame;
use worky_host::kv::KvError;

use crate::server::{Body, STREAMS_MAX, Shared};
use crate::{assets, feed, kv};

const JSON: &str = "application/json";

/// Why a request gets nothing of what it asks for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("this is not the host {host:?}: open the address that worky dev printed")]
    Host { host: String },
    #[error("requests of {origin:?} are not answered here")]
    Origin { origin: String },
    #[error("the token of this run is missing or wrong: open the address that worky dev printed last")]
    Token,
    #[error("there is nothing at {path}")]
    Path { path: String },
    #[error("{path} takes {allowed}, not {method}")]
    Method { path: &'static str, method: Method, allowed: &'static str },
    #[error("`{name}` is missing in the query")]
    Missing { name: &'static str },
    #[error("`{name}` in the query is {value:?}, which is not {expected}")]
    Parameter { name: &'static str, value: String, expected: &'static str },
    #[error("worker {worker:?} has no namespace {binding:?}")]
    Namespace { worker: String, binding: String },
    #[error("there is no key {key:?}; it may have been deleted, or have expired")]
    Key { key: String },
    #[error("there is a key {key:?} already")]
    Exists { key: String },
    #[error("the value is larger than {max} bytes")]
    TooLarge { max: usize },
    #[error("the request broke off")]
    BrokeOff,
    #[error("{STREAMS_MAX} live streams are open, and there may be no more: close a page of the explorer")]
    Streams,
    #[error(transparent)]
    Kv(#[from] KvError),
}

impl Refusal {
    fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Refusal::Host { .. } => (StatusCode::MISDIRECTED_REQUEST, "wrong_host"),
            Refusal::Origin { .. } => (StatusCode::FORBIDDEN, "wrong_origin"),
            Refusal::Token => (StatusCode::UNAUTHORIZED, "wrong_token"),
            Refusal::Path { .. } => (StatusCode::NOT_FOUND, "no_such_path"),
            Refusal::Method { .. } => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Refusal::Missing { .. } | Refusal::Parameter { .. } => (StatusCode::BAD_REQUEST, "bad_query"),
            Refusal::Namespace { .. } => (StatusCode::NOT_FOUND, "no_such_namespace"),
            Refusal::Key { .. } => (StatusCode::NOT_FOUND, "no_such_key"),
            Refusal::Exists { .. } => (StatusCode::PRECONDITION_FAILED, "key_exists"),
            Refusal::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "value_too_large"),
            Refusal::BrokeOff => (StatusCode::BAD_REQUEST, "broke_off"),
            Refusal::Streams => (StatusCode::SERVICE_UNAVAILABLE, "too_many_streams"),
            Refusal::Kv(error) => match error.blame() {
                Blame::Client | Blame::Guest => (StatusCode::BAD_REQUEST, "kv_refused"),
                Blame::Overload => (StatusCode::SERVICE_UNAVAILABLE, "kv_overloaded"),
                Blame::Host => (StatusCode::INTERNAL_SERVER_ERROR, "kv_failed"),
            },
        }
    }

    pub(crate) fn answer(&self) -> Response<Body> {
        let (status, code) = self.status();
        let mut response = json_body(&json!({ "error": { "code": code, "message": self.to_string() } }));
        *response.status_mut() = status;
        if let Refusal::Method { allowed, .. } = self {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
        }
        // What was not read of a body is not read any more.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

pub(crate) async fn answer(request: Request<Incoming>, shared: &Arc<Shared>) -> Result<Response<Body>, Refusal> {
    shared.guard.admit(request.headers())?;
    let path = request.uri().path();
    if let Some((content_type, content)) = assets::find(path) {
        allow(&request, "the page", &[Method::GET, Method::HEAD], "GET, HEAD")?;
        return Ok(full(content_type, Bytes::from_static(content.as_bytes())));
    }
    if !path.starts_with("/api/") {
        return Err(Refusal::Path { path: path.to_owned() });
    }
    shared.guard.authorize(request.headers())?;
    match path {
        "/api/state" => {
            allow(&request, "/api/state", &[Method::GET], "GET")?;
            Ok(json_body(&feed::state(shared)))
        }
        "/api/isolates" => {
            allow(&request, "/api/isolates", &[Method::GET], "GET")?;
            Ok(json_body(&feed::sample(shared)))
        }
        "/api/events" => {
            allow(&request, "/api/events", &[Method::GET], "GET")?;
            feed::events(&Query::of(&request), shared)
        }
        "/api/logs" => {
            allow(&request, "/api/logs", &[Method::DELETE], "DELETE")?;
            shared.hub.recent(|recent| recent.logs.clear());
            Ok(done())
        }
        "/api/requests" => {
            allow(&request, "/api/requests", &[Method::DELETE], "DELETE")?;
            shared.hub.recent(|recent| recent.requests.clear());
            Ok(done())
        }
        "/api/kv/keys" => {
            allow(&request, "/api/kv/keys", &[Method::GET], "GET")?;
            kv::keys(&Query::of(&request), &shared.hub).await
        }
        "/api/kv/value" => {
            allow(&request, "/api/kv/value", &[Method::GET, Method::PUT, Method::DELETE], "GET, PUT, DELETE")?;
            let query = Query::of(&request);
            match *request.method() {
                Method::GET => kv::get(&query, &shared.hub).await,
                Method::DELETE => kv::delete(&query, &shared.hub).await,
                _ => kv::put(&query, request, &shared.hub).await,
            }
        }
        other => Err(Refusal::Path { path: other.to_owned() }),
    }
}

fn allow(
    request: &Request<Incoming>,
    path: &'static str,
    methods: &[Method],
    allowed: &'static str,
) -> Result<(), Refusal> {
    if methods.contains(request.method()) {
        return Ok(());
    }
    Err(Refusal::Method { path, method: request.method().clone(), allowed })
}

/// The parameters of a request's query.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    fn of(request: &Request<Incoming>) -> Self {
        let query = request.uri().query().unwrap_or_default();
        Query(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<&str, Refusal> {
        self.find(name).ok_or(Refusal::Missing { name })
    }

    pub(crate) fn number(&self, name: &'static str) -> Result<Option<u64>, Refusal> {
        let parse = |value: &str| {
            let value = value.to_owned();
            value.parse().map_err(|_| Refusal::Parameter { name, value, expected: "a whole number" })
        };
        self.find(name).map(parse).transpose()
    }
}

pub(crate) fn json_body(value: &impl Serialize) -> Response<Body> {
    full(JSON, serde_json::to_vec(value).unwrap_or_else(|_| Value::Null.to_string().into_bytes()).into())
}

pub(crate) fn full(content_type: &'static str, content: Bytes) -> Response<Body> {
    let mut response = Response::new(Full::new(content).boxed_unsync());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// There is nothing to say but that it is done.
pub(crate) fn done() -> Response<Body> {
    let mut response = Response::new(http_body_util::Empty::new().boxed_unsync());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
