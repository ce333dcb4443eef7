//! Workers that call workers: `[[services]]`.
//!
//! A call stays in the process. It is no outgoing request, so no egress policy is asked; the grant is the binding. It is
//! a subrequest of its caller, ends with its caller, and has no more time than its caller has left. Redirects are answers.

mod body;
mod error;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Uri};
use tokio::runtime::Handle;

pub(crate) use body::until;
pub use error::ServiceError;

use crate::fetch::request as outgoing;
use crate::metrics::Metrics;
use crate::{Body, InvocationContext};

/// Where a component finds its services: `http://NAME.worky.internal/`. No name under it is ever asked of DNS.
const ZONE: &str = "worky.internal";

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Whoever knows the deployed workers. They are looked up by every call, so that it reaches the newest deployment.
pub trait ServiceDispatch: Send + Sync {
    /// Sends a request to the worker of this name, [`identify`]ed; `caller` is the context of the invocation that asks.
    /// Dropping the future cancels the call.
    fn dispatch(
        &self,
        worker: &Arc<str>,
        request: http::Request<Body>,
        caller: &InvocationContext,
    ) -> BoxFuture<'static, Result<http::Response<Body>, ServiceError>>;
}

impl Service {
    /// That of a process where nothing is deployed.
    pub fn none() -> Self {
        Service::new("", "", "".into(), Arc::new(NoServices), Metrics::default())
    }
}

/// Nothing is deployed: for a process that serves nothing.
pub struct NoServices;

impl ServiceDispatch for NoServices {
    fn dispatch(
        &self,
        worker: &Arc<str>,
        _: http::Request<Body>,
        _: &InvocationContext,
    ) -> BoxFuture<'static, Result<http::Response<Body>, ServiceError>> {
        Box::pin(std::future::ready(Err(ServiceError::NotDeployed { worker: worker.clone() })))
    }
}

/// One worker that another may call.
#[derive(Clone)]
pub struct Service(Arc<Shared>);

struct Shared {
    binding: String,
    worker: Arc<str>,
    caller: Arc<str>,
    dispatch: Arc<dyn ServiceDispatch>,
    metrics: Metrics,
}

impl Service {
    /// `binding` is what the worker `caller` calls the worker `worker`.
    pub fn new(
        binding: &str,
        worker: &str,
        caller: Arc<str>,
        dispatch: Arc<dyn ServiceDispatch>,
        metrics: Metrics,
    ) -> Self {
        Service(Arc::new(Shared { binding: binding.to_owned(), worker: worker.into(), caller, dispatch, metrics }))
    }

    /// The name in the caller's `env`.
    pub fn binding(&self) -> &str {
        &self.0.binding
    }

    /// Sends a request to the service. Its URL is absolute; the host in it is told to the service and decides nothing.
    /// Dropping the future, or the body of the response, cancels the call, and so does the end of the invocation that
    /// `context` belongs to.
    pub async fn fetch(
        &self,
        context: &InvocationContext,
        request: http::Request<Body>,
    ) -> Result<http::Response<Body>, ServiceError> {
        let Shared { worker, caller, dispatch, metrics, .. } = &*self.0;
        context.take_subrequest().inspect_err(|_| metrics.limit_exceeded(caller, "subrequests"))?;
        let request = prepare(request)?;
        let asked = request.method().clone();
        let open_stream = || context.open_stream().inspect_err(|_| metrics.limit_exceeded(caller, "open_streams"));
        let request = match request.body().as_bytes() {
            Some(_) => request,
            None => {
                let open = open_stream()?;
                request.map(|body| body.holding(open))
            }
        };
        let place = context.subrequest_place(|| metrics.limit_exceeded(caller, "subrequests_at_once")).await;
        let response = dispatch.dispatch(worker, request, context).await?;
        drop(place);
        let (mut parts, body) = response.into_parts();
        outgoing::strip_connection_headers(&mut parts.headers);
        let body = match body {
            _ if asked == Method::HEAD => Body::empty(),
            whole if whole.as_bytes().is_some() => whole,
            stream => until(&Handle::current(), context.until_ended(), stream).holding(open_stream()?),
        };
        Ok(http::Response::from_parts(parts, body))
    }
}

/// A worker's services.
#[derive(Clone, Default)]
pub struct Services(Arc<[Service]>);

impl Services {
    pub fn new(services: Vec<Service>) -> Self {
        Services(services.into())
    }

    /// In the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Service> {
        self.0.iter()
    }

    pub fn get(&self, index: usize) -> Option<&Service> {
        self.0.get(index)
    }

    /// The service that a URL means, where its host is `NAME.worky.internal`: the binding in lower case, with `-` for
    /// `_`. `None` where the host is another. A name that is not bound is refused and never looked up.
    pub fn of_host(&self, host: &str) -> Option<Result<&Service, ServiceError>> {
        let name = internal_name(host)?;
        let found = self.iter().find(|service| host_label(service.binding()).eq_ignore_ascii_case(name));
        Some(found.ok_or_else(|| self.not_bound(host)))
    }

    /// [`Services::of_host`] for a whole URI.
    pub fn of_uri(&self, uri: &Uri) -> Option<Result<&Service, ServiceError>> {
        self.of_host(uri.host()?)
    }

    fn not_bound(&self, host: &str) -> ServiceError {
        let bound = self.iter().map(|service| format!("{}.{ZONE}", host_label(service.binding())));
        ServiceError::NotBound { host: host.to_owned(), bound: bound.collect() }
    }
}

/// How a binding is written in the host of a URL.
pub fn host_label(binding: &str) -> String {
    binding.to_ascii_lowercase().replace('_', "-")
}

/// Whether a host is one that only stands for services.
pub fn is_internal(host: &str) -> bool {
    internal_name(host).is_some()
}

/// The name before the zone; empty for the zone itself.
fn internal_name(host: &str) -> Option<&str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let at = host.len().checked_sub(ZONE.len())?;
    if !host.is_char_boundary(at) || !host[at..].eq_ignore_ascii_case(ZONE) {
        return None;
    }
    if at == 0 { Some("") } else { host[..at].strip_suffix('.') }
}

/// Tells the service which request this is, and of which trace: what the host knows, not what the caller says.
pub fn identify(request: &mut http::Request<Body>, context: &InvocationContext) {
    let headers = request.headers_mut();
    let id = HeaderValue::from_str(context.request_id().as_str()).expect("an id is visible ASCII");
    let trace = HeaderValue::try_from(context.trace().traceparent()).expect("a traceparent is visible ASCII");
    headers.insert(X_REQUEST_ID, id);
    headers.insert(TRACEPARENT, trace);
}

/// From a caller's request to the one that the service sees, without the fields that concern a connection.
fn prepare(request: http::Request<Body>) -> Result<http::Request<Body>, ServiceError> {
    let (mut parts, body) = request.into_parts();
    outgoing::check_method(&parts.method).map_err(|_| ServiceError::ForbiddenMethod(parts.method.clone()))?;
    let (url, _) = outgoing::target(&parts.uri, &mut parts.headers)
        .map_err(|error| ServiceError::InvalidUrl(error.to_string()))?;
    parts.uri = url.as_str().parse().map_err(|_| ServiceError::InvalidUrl(format!("{url} is too long")))?;
    outgoing::strip_own_headers(&mut parts.headers);
    let body = if matches!(parts.method, Method::GET | Method::HEAD) { Body::empty() } else { body };
    describe(&mut parts.headers, &parts.uri, &body);
    parts.extensions.clear();
    Ok(http::Request::from_parts(parts, body))
}

fn describe(headers: &mut HeaderMap, uri: &Uri, body: &Body) {
    if let Some(host) = uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok()) {
        headers.insert(HOST, host);
    }
    if let Some(length) = http_body::Body::size_hint(body).exact().filter(|length| *length > 0) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
}

#[cfg(test)]
mod tests;
