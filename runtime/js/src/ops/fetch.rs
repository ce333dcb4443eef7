//! deno_fetch's two ops, answered by `worky_host::fetch`: one policy, one counter and one client for every request
//! that leaves the process. Redirects are followed by deno_fetch's script, so each hop comes through here.
//!
//! What guest/fetcher.js sends goes to a service and stays in the process: `worky_host::service`.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;

use bytes::Bytes;
use deno_core::convert::{ByteString, Uint8Array};
use deno_core::{CancelFuture, CancelHandle, Canceled, OpState, Resource, ResourceId, op2, v8};
use deno_error::JsErrorBox;
use deno_fetch::{FetchResponse, FetchReturn};
use http::header::{CONTENT_TYPE, HeaderValue};
use worky_host::egress::EgressError;
use worky_host::fetch::{Fetch, FetchError};
use worky_host::service::{Service, ServiceError};
use worky_host::{Bindings, Body};

use super::body::{self, HostBody};
use super::{context_of, guest_sees, instance, request_of_context};

type Exchange = Pin<Box<dyn Future<Output = Result<Result<http::Response<Body>, Failure>, Canceled>>>>;

enum Failure {
    Fetch(FetchError),
    Service(ServiceError),
}

/// As the guest catches it: what the service did is an `Error`, what the guest did wrong a `TypeError`.
#[derive(Debug, thiserror::Error, deno_error::JsError)]
#[property("code" = self.code())]
enum ServiceFailure {
    #[class(type)]
    #[error("{0}")]
    Misuse(ServiceError),
    #[class(generic)]
    #[error("{0}")]
    Failed(ServiceError),
}

impl From<ServiceError> for ServiceFailure {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::InvalidUrl(_) | ServiceError::ForbiddenMethod(_) => ServiceFailure::Misuse(error),
            _ => ServiceFailure::Failed(error),
        }
    }
}

impl ServiceFailure {
    fn code(&self) -> &'static str {
        let (ServiceFailure::Misuse(error) | ServiceFailure::Failed(error)) = self;
        error.code()
    }
}

/// A request on its way.
struct Pending {
    exchange: Exchange,
    url: String,
}

impl Resource for Pending {}

/// Closing it ends the exchange.
struct Cancel(Rc<CancelHandle>);

impl Resource for Cancel {
    fn close(self: Rc<Self>) {
        self.0.cancel();
    }
}

#[op2]
#[allow(clippy::too_many_arguments, reason = "the signature is deno_fetch's")]
pub(super) fn op_fetch_through_host(
    scope: &mut v8::PinScope,
    state: &mut OpState,
    #[scoped] method: ByteString,
    #[string] url: String,
    #[scoped] headers: Vec<(ByteString, ByteString)>,
    // deno's own clients, which do not exist here: guest/fetcher.js puts a service's index in their place.
    #[smi] service: Option<u32>,
    has_body: bool,
    data: Option<Uint8Array>,
    #[smi] resource: Option<ResourceId>,
) -> Result<FetchReturn, JsErrorBox> {
    let instance = instance(state);
    let id = request_of_context(scope).ok_or_else(|| {
        JsErrorBox::type_error("fetch: no request is possible at the top level of a module; use it inside a handler")
    })?;
    let context = context_of(&instance, id)?;
    let method =
        http::Method::from_bytes(&method).map_err(|_| JsErrorBox::type_error("fetch: the method is not valid"))?;
    if service.is_none() && url.starts_with("data:") {
        let exchange: Exchange = Box::pin(std::future::ready(Ok(Ok(data_url(&url)?))));
        let request_rid = state.resource_table.add(Pending { exchange, url });
        return Ok(FetchReturn { request_rid, cancel_handle_rid: None });
    }

    let body = match (has_body, data, resource) {
        (true, Some(data), _) => Body::full(Bytes::from(data.0)),
        (true, None, Some(rid)) => upload(state.resource_table.take_any(rid).map_err(JsErrorBox::from_err)?),
        _ => Body::empty(),
    };
    let mut request = http::Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = without_fragment(&url)
        .parse()
        .map_err(|_| JsErrorBox::type_error(format!("fetch: {url:?} is not a URL that a request can be sent to")))?;
    super::headers::fill(request.headers_mut(), headers.iter().map(|(name, value)| (name, value)))?;

    let target = target(&instance.bindings, service)?;
    let cancel = CancelHandle::new_rc();
    let exchange: Exchange = {
        let cancel = cancel.clone();
        let exchange = async move {
            match target {
                Target::Network(fetch) => fetch.send(&context, request).await.map_err(Failure::Fetch),
                Target::Service(service) => service.fetch(&context, request).await.map_err(Failure::Service),
            }
        };
        Box::pin(exchange.or_cancel(cancel))
    };
    let request_rid = state.resource_table.add(Pending { exchange, url });
    let cancel_handle_rid = Some(state.resource_table.add(Cancel(cancel)));
    Ok(FetchReturn { request_rid, cancel_handle_rid })
}

#[op2]
pub(super) async fn op_fetch_send_through_host(
    state: Rc<RefCell<OpState>>,
    #[smi] rid: ResourceId,
) -> Result<FetchResponse, JsErrorBox> {
    let pending = state.borrow_mut().resource_table.take::<Pending>(rid).map_err(JsErrorBox::from_err)?;
    let Ok(Pending { exchange, url }) = Rc::try_unwrap(pending) else {
        return Err(JsErrorBox::type_error("fetch: the request is under way already"));
    };
    let response = match exchange.await {
        Ok(Ok(response)) => response,
        // What the network does reads "fetch failed" with a cause, as everywhere; a refusal says what was refused.
        Ok(Err(Failure::Fetch(error))) if is_of_the_network(&error) => {
            let text = error.to_string();
            return Ok(FetchResponse { error: Some((text.clone(), text)), ..Default::default() });
        }
        Ok(Err(Failure::Fetch(error))) => return Err(guest_sees(error.blame(), error.to_string())),
        Ok(Err(Failure::Service(error))) => return Err(JsErrorBox::from_err(ServiceFailure::from(error))),
        Err(Canceled) => return Err(JsErrorBox::type_error("fetch: the request was aborted")),
    };
    let (parts, body) = response.into_parts();
    let content_length = http_body::Body::size_hint(&body).exact();
    let headers = parts.headers.iter().map(|(name, value)| (name.as_str().into(), value.as_bytes().into())).collect();
    let response_rid = state.borrow_mut().resource_table.add(HostBody::new(body));
    Ok(FetchResponse {
        status: parts.status.as_u16(),
        status_text: parts.status.canonical_reason().unwrap_or_default().to_owned(),
        headers,
        url,
        response_rid,
        content_length,
        body_decoded: false,
        error: None,
    })
}

/// What guest/cache.js puts in the place of a service's index: behind all that there may be, and a small integer of V8's.
const CACHES: u32 = 0x3fff_ffff;

/// Where a request goes.
enum Target {
    Network(Fetch),
    Service(Service),
}

fn target(bindings: &Bindings, service: Option<u32>) -> Result<Target, JsErrorBox> {
    let Some(index) = service else { return Ok(Target::Network(bindings.fetch.clone())) };
    if index == CACHES {
        return Ok(Target::Service(bindings.caches.clone()));
    }
    let service = bindings.services.get(index as usize);
    service.cloned().map(Target::Service).ok_or_else(|| JsErrorBox::type_error("no such service"))
}

/// A stream of the guest as a request's body. What came from the host whole goes back without passing through JS.
fn upload(resource: Rc<dyn Resource>) -> Body {
    if let Some(whole) = resource.clone().downcast_rc::<HostBody>().and_then(|body| body.take_whole()) {
        return whole;
    }
    let pumped = body::from_resource(resource);
    deno_core::unsync::spawn(pumped.pump.run());
    pumped.body
}

fn is_of_the_network(error: &FetchError) -> bool {
    matches!(
        error,
        FetchError::Egress(EgressError::Dns { .. })
            | FetchError::ConnectRefused { .. }
            | FetchError::ConnectTimeout { .. }
            | FetchError::Connect { .. }
            | FetchError::Tls { .. }
            | FetchError::ResponseTimeout { .. }
            | FetchError::Protocol { .. }
            | FetchError::RequestBody { .. }
    )
}

fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(before, _)| before)
}

fn data_url(url: &str) -> Result<http::Response<Body>, JsErrorBox> {
    let bad = || JsErrorBox::type_error("fetch: the data URL is not valid");
    let parsed = deno_fetch::data_url::DataUrl::process(url).map_err(|_| bad())?;
    let (bytes, _fragment) = parsed.decode_to_vec().map_err(|_| bad())?;
    let mut response = http::Response::new(Body::full(bytes));
    if let Ok(value) = HeaderValue::from_str(&parsed.mime_type().to_string()) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    Ok(response)
}
