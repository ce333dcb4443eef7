//! `wasi:http`, both versions: requests that leave go through `worky_host::fetch`, as those of other workers do.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::time::{Instant, Sleep, timeout};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};
use worky_host::egress::{EgressDenied, EgressError};
use worky_host::fetch::{FetchError, FetchLimits};
use worky_host::log::Level;
use worky_host::service::ServiceError;
use worky_host::{Blame, Body, BodyError};

use crate::state::{BODY_CHUNK_BYTES, Guest};

type Response = (http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

impl WasiHttpHooks for Guest {
    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        BODY_CHUNK_BYTES
    }

    fn p3_outgoing_body_chunk_size(&mut self) -> usize {
        BODY_CHUNK_BYTES
    }

    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _processed: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Response, Error>> + Send> {
        let guest = self.clone();
        Box::new(async move {
            let options = options.unwrap_or_default();
            let response = send(&guest, request.map(guest_body), &options).await?;
            let response = response.map(|body| match options.between_bytes_timeout {
                Some(limit) => Patient::new(host_body(body), limit).boxed_unsync(),
                None => host_body(body),
            });
            // There is nothing else to drive: the exchange is the host's.
            Ok((response, Box::new(std::future::ready(Ok(()))) as Box<_>))
        })
    }
}

/// One exchange, up to the head of the response.
async fn send(
    guest: &Guest,
    request: http::Request<Body>,
    options: &RequestOptions,
) -> Result<http::Response<Body>, Error> {
    let exchange = async {
        match guest.bindings.services.of_uri(request.uri()) {
            Some(Ok(service)) => service.fetch(&guest.context, request).await.map_err(|error| {
                told(guest, Level::Debug, &error);
                error_of_service(&error)
            }),
            Some(Err(error)) => {
                told(guest, Level::Warn, &error);
                Err(error_of_service(&error))
            }
            None => guest.bindings.fetch.send(&guest.context, request).await.map_err(|error| {
                told(guest, if is_refusal(&error) { Level::Warn } else { Level::Debug }, &error);
                error_of_fetch(&error)
            }),
        }
    };
    // The host tells connecting and waiting apart only by its own limits: what the guest asks for bounds the sum.
    let FetchLimits { connect_timeout, response_timeout, .. } = FetchLimits::default();
    let limit = match (options.connect_timeout, options.first_byte_timeout) {
        (None, None) => return exchange.await,
        (connect, first_byte) => {
            connect.unwrap_or(connect_timeout).saturating_add(first_byte.unwrap_or(response_timeout))
        }
    };
    timeout(limit, exchange).await.unwrap_or(Err(Error::HttpResponseTimeout))
}

/// The guest gets a code and no text: what is behind it is in its log.
fn told(guest: &Guest, level: Level, error: &dyn std::error::Error) {
    guest.bindings.log.write(Some(&guest.context), level, &format!("wasi:http: {error}"));
}

/// Whether the worker's own configuration is in the way, and not the network.
fn is_refusal(error: &FetchError) -> bool {
    matches!(
        error,
        FetchError::Subrequests(_)
            | FetchError::Service { .. }
            | FetchError::NoNetwork(_)
            | FetchError::Egress(EgressError::Denied(_))
    )
}

/// What the guest sends, as the host reads it.
pub(crate) fn guest_body(body: WasiBody) -> Body {
    if body.is_end_stream() {
        return Body::empty();
    }
    Body::stream(body.map_err(|error| BodyError::Guest(error.to_string())))
}

/// What the host gives, as the guest reads it.
pub(crate) fn host_body(body: Body) -> WasiBody {
    body.map_err(|error| error_of_body(&error)).boxed_unsync()
}

pub(crate) fn error_of_body(error: &BodyError) -> Error {
    match error {
        BodyError::ClientGone => Error::ConnectionTerminated,
        BodyError::TooLarge { limit_bytes } => Error::HttpRequestBodySize(Some(*limit_bytes)),
        BodyError::Stalled { .. } => Error::ConnectionReadTimeout,
        BodyError::Upstream(_) => Error::HttpResponseIncomplete,
        BodyError::Guest(text) => Error::InternalError(Some(text.clone())),
        BodyError::ResponseTooLarge { .. } | BodyError::Asset(_) => Error::InternalError(Some(error.to_string())),
    }
}

fn error_of_fetch(error: &FetchError) -> Error {
    match error {
        FetchError::Subrequests(_) | FetchError::Streams(_) | FetchError::Exchanges { .. } => {
            Error::ConnectionLimitReached
        }
        FetchError::InvalidUrl(_) => Error::HttpRequestUriInvalid,
        FetchError::UnsupportedScheme(_) => Error::HttpProtocolError,
        FetchError::ForbiddenMethod(_) => Error::HttpRequestMethodInvalid,
        FetchError::Service { .. } | FetchError::NoNetwork(_) => Error::HttpRequestDenied,
        FetchError::Egress(EgressError::Denied(EgressDenied::Name { .. } | EgressDenied::NotGranted { .. })) => {
            Error::HttpRequestDenied
        }
        FetchError::Egress(EgressError::Denied(_)) => Error::DestinationIpProhibited,
        FetchError::Egress(EgressError::Dns { .. }) => Error::DnsError { rcode: None, info_code: None },
        FetchError::ConnectRefused { .. } => Error::ConnectionRefused,
        FetchError::ConnectTimeout { .. } => Error::ConnectionTimeout,
        FetchError::Connect { .. } => Error::DestinationUnavailable,
        FetchError::Tls { .. } => Error::TlsCertificateError,
        FetchError::ResponseTimeout { .. } => Error::HttpResponseTimeout,
        FetchError::Protocol { .. } => Error::HttpProtocolError,
        FetchError::RequestBody { cause, .. } => error_of_body(cause),
        FetchError::Stopped | FetchError::RequestEnded => Error::ConnectionTerminated,
    }
}

fn error_of_service(error: &ServiceError) -> Error {
    match error {
        ServiceError::Subrequests(_) | ServiceError::Streams(_) => Error::ConnectionLimitReached,
        ServiceError::InvalidUrl(_) => Error::HttpRequestUriInvalid,
        ServiceError::ForbiddenMethod(_) => Error::HttpRequestMethodInvalid,
        ServiceError::NotBound { .. } => Error::HttpRequestDenied,
        ServiceError::NotDeployed { .. } => Error::DestinationNotFound,
        ServiceError::Depth { .. } => Error::LoopDetected,
        ServiceError::Deadline { .. } => Error::HttpResponseTimeout,
        ServiceError::Failed { blame: Blame::Overload, .. } => Error::ConnectionLimitReached,
        ServiceError::Failed { .. } => Error::InternalError(Some(error.to_string())),
        ServiceError::CallerGone { .. } | ServiceError::ShuttingDown => Error::ConnectionTerminated,
    }
}

/// A body that fails where a frame takes longer than the guest wants to wait.
struct Patient {
    body: WasiBody,
    limit: Duration,
    timer: Pin<Box<Sleep>>,
    waiting: bool,
}

impl Patient {
    fn new(body: WasiBody, limit: Duration) -> Self {
        Patient { body, limit, timer: Box::pin(tokio::time::sleep(limit)), waiting: false }
    }
}

impl http_body::Body for Patient {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.waiting = false;
            return Poll::Ready(frame);
        }
        if !this.waiting {
            this.waiting = true;
            this.timer.as_mut().reset(Instant::now() + this.limit);
        }
        this.timer.as_mut().poll(cx).map(|()| Some(Err(Error::ConnectionReadTimeout)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
