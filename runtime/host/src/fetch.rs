//! Outgoing HTTP, behind the egress policy.
//!
//! One client and one connection pool for each worker: a pooled connection was checked under this very policy when it
//! was made, and no tenant meets another's cookies, sessions or timing. Redirects are the caller's: every hop is a
//! [`Fetch::send`] of its own, checked and counted.

mod decode;
mod error;
pub(crate) mod request;
mod stream;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method};
use http_body::Body as _;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;

pub use error::FetchError;
pub use tls::{TlsTrust, TlsTrustError};

use crate::egress::{Destination, Egress, EgressDenied, EgressError};
use crate::invocation::{OpenStream, StreamsExceeded};
use crate::metrics::Metrics;
use crate::{Body, InvocationContext, service};
use request::Decoding;
use stream::{Download, IdleTimer, Progress, Upload};

/// What `user-agent` says where the guest says nothing.
pub const USER_AGENT: &str = concat!("worky/", env!("CARGO_PKG_VERSION"));

/// What one worker's client is made of.
pub struct FetchConfig {
    /// The worker's name, for logs.
    pub worker: Arc<str>,
    pub egress: Egress,
    pub trust: TlsTrust,
    pub limits: FetchLimits,
    pub metrics: Metrics,
    /// Where connections live. Not an instance's runtime: a pooled connection outlives the instance that made it, and
    /// a guest that keeps its thread busy must not hold up the others that share the pool.
    pub runtime: Handle,
}

/// Answers in the place of the network, where there must be none: what the policy lets through, one hop at a time.
pub trait StandIn: Send + Sync {
    /// `caller` is the context of the invocation that fetches. Runs on the connections' runtime; dropping the future
    /// ends the exchange.
    fn answer(
        &self,
        request: http::Request<Body>,
        caller: &InvocationContext,
    ) -> BoxFuture<'static, Result<http::Response<Body>, FetchError>>;
}

/// The bounds of one worker's exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// From the DNS question to the end of the TLS handshake.
    pub connect_timeout: Duration,
    /// From the last byte of the request to the response's head.
    pub response_timeout: Duration,
    /// Between two reads of the response's body that the upstream keeps waiting.
    pub idle_timeout: Duration,
    /// How long an unused connection is kept.
    pub pool_idle_timeout: Duration,
    /// The most unused connections to one host.
    pub pool_idle_per_host_max: usize,
    /// The most exchanges at a time, over all requests of the worker: each may take a socket of the process.
    pub exchanges_max: usize,
}

impl Default for FetchLimits {
    fn default() -> Self {
        FetchLimits {
            connect_timeout: Duration::from_secs(10),
            response_timeout: Duration::from_secs(60),
            idle_timeout: Duration::from_secs(60),
            pool_idle_timeout: Duration::from_secs(60),
            pool_idle_per_host_max: 32,
            exchanges_max: 512,
        }
    }
}

/// One worker's HTTP client. Connections are pooled for this worker alone.
#[derive(Clone)]
pub struct Fetch(Arc<Shared>, Option<Arc<str>>);

struct Shared {
    client: reqwest::Client,
    worker: Arc<str>,
    egress: Egress,
    limits: FetchLimits,
    exchanges: Arc<Semaphore>,
    metrics: Metrics,
    runtime: Handle,
    stand_in: Option<Arc<dyn StandIn>>,
}

impl Fetch {
    pub fn new(config: FetchConfig) -> Self {
        Fetch::over(config, None)
    }

    /// One that never opens a connection: `stand_in` answers, under the same policy and the same limits.
    pub fn without_network(config: FetchConfig, stand_in: Arc<dyn StandIn>) -> Self {
        Fetch::over(config, Some(stand_in))
    }

    fn over(config: FetchConfig, stand_in: Option<Arc<dyn StandIn>>) -> Self {
        let FetchConfig { worker, egress, trust, limits, metrics, runtime } = config;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(trust.client_config())
            .dns_resolver(CheckedResolver(egress.clone()))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            // Decoding is ours: the client decodes even where the guest asked for the encoding.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .user_agent(USER_AGENT)
            .connect_timeout(limits.connect_timeout)
            .pool_idle_timeout(limits.pool_idle_timeout)
            .pool_max_idle_per_host(limits.pool_idle_per_host_max)
            .build()
            .expect("TLS comes ready made and the user agent is visible ASCII, the two things that can be refused");
        let exchanges = Arc::new(Semaphore::new(limits.exchanges_max));
        Fetch(Arc::new(Shared { client, worker, egress, limits, exchanges, metrics, runtime, stand_in }), None)
    }

    /// What a plugin of the worker has that is not granted fetch: nothing is sent.
    pub fn withheld_from(&self, plugin: Arc<str>) -> Self {
        Fetch(self.0.clone(), Some(plugin))
    }

    /// One hop: a redirect is an answer like any other, and following it is another call. A body that is compressed is
    /// decoded, unless the guest set `accept-encoding`. Dropping the future, or the response's body, ends the exchange.
    pub async fn send(
        &self,
        context: &InvocationContext,
        request: http::Request<Body>,
    ) -> Result<http::Response<Body>, FetchError> {
        context.take_subrequest().inspect_err(|_| self.0.limit_exceeded("subrequests"))?;
        let (parts, body) = request.into_parts();
        let mut headers = parts.headers;
        request::check_method(&parts.method)?;
        let (url, destination) = request::target(&parts.uri, &mut headers)?;
        if url.host_str().is_some_and(service::is_internal) {
            return Err(FetchError::Service { host: destination.host.to_string() });
        }
        if let Some(plugin) = &self.1 {
            let denied = EgressDenied::NotGranted { origin: destination.origin(), plugin: plugin.to_string() };
            self.0.denied(&denied);
            return Err(EgressError::from(denied).into());
        }
        // Before the client sees it: a connector asks no resolver about an address.
        self.0.egress.check(&destination).inspect_err(|denied| self.0.denied(denied)).map_err(EgressError::from)?;
        let decoding = request::prepare_headers(&mut headers, context);
        let _place = context.subrequest_place(|| self.0.limit_exceeded("subrequests_at_once")).await;
        if let Some(stand_in) = &self.0.stand_in {
            let mut request = http::Request::new(body);
            (*request.method_mut(), *request.headers_mut()) = (parts.method, headers);
            *request.uri_mut() =
                url.as_str().parse().map_err(|_| FetchError::InvalidUrl(format!("{url} is too long")))?;
            return self.stand_in(context, stand_in.answer(request, context)).await;
        }

        let mut outgoing = reqwest::Request::new(parts.method, url);
        let progress = Progress::start();
        match body.into_bytes() {
            Ok(bytes) if bytes.is_empty() => {
                // The fetch standard asks for it, and some servers wait for a body otherwise.
                if matches!(*outgoing.method(), Method::POST | Method::PUT) {
                    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
                }
            }
            Ok(bytes) => *outgoing.body_mut() = Some(bytes.into()),
            Err(stream) => {
                let stream = stream.holding(self.open_stream(context)?);
                *outgoing.body_mut() = Some(reqwest::Body::wrap(Upload::new(stream, progress.clone())));
            }
        }
        *outgoing.headers_mut() = headers;

        // A guest whose request has ended does not run, and so lets go of nothing that it waits for.
        let ended = context.until_ended();
        let exchange = self.0.clone().exchange(outgoing, destination, progress);
        let exchange = self.0.runtime.spawn(async move {
            ended.run_until_cancelled_owned(exchange).await.unwrap_or(Err(FetchError::RequestEnded))
        });
        let (response, permit) = match AbortOnDropHandle::new(exchange).await {
            Ok(answer) => answer?,
            Err(stopped) if stopped.is_cancelled() => return Err(FetchError::Stopped),
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        };
        let response = self.receive(response, permit, decoding);
        if response.body().as_bytes().is_some() {
            return Ok(response);
        }
        let open = self.open_stream(context)?;
        let until_ended = |body| service::until(&self.0.runtime, context.until_ended(), body);
        Ok(response.map(|body| until_ended(body).holding(open)))
    }

    async fn stand_in(
        &self,
        context: &InvocationContext,
        answer: BoxFuture<'static, Result<http::Response<Body>, FetchError>>,
    ) -> Result<http::Response<Body>, FetchError> {
        let ended = context.until_ended();
        let answer =
            async move { ended.run_until_cancelled_owned(answer).await.unwrap_or(Err(FetchError::RequestEnded)) };
        let (mut parts, body) = match AbortOnDropHandle::new(self.0.runtime.spawn(answer)).await {
            Ok(answer) => answer?.into_parts(),
            Err(stopped) if stopped.is_cancelled() => return Err(FetchError::Stopped),
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        };
        request::strip_connection_headers(&mut parts.headers);
        let body = match body {
            whole if whole.as_bytes().is_some() => whole,
            stream => {
                service::until(&self.0.runtime, context.until_ended(), stream).holding(self.open_stream(context)?)
            }
        };
        Ok(http::Response::from_parts(parts, body))
    }

    fn open_stream(&self, context: &InvocationContext) -> Result<OpenStream, StreamsExceeded> {
        context.open_stream().inspect_err(|_| self.0.limit_exceeded("open_streams"))
    }

    fn receive(
        &self,
        response: reqwest::Response,
        permit: OwnedSemaphorePermit,
        decoding: Decoding,
    ) -> http::Response<Body> {
        let (mut parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
        parts.extensions.clear();
        request::strip_connection_headers(&mut parts.headers);
        if body.is_end_stream() {
            return http::Response::from_parts(parts, Body::empty());
        }
        let idle = IdleTimer::new(self.0.limits.idle_timeout, self.0.runtime.clone());
        let download = Download::new(body, idle, permit);
        let body = match decoding {
            Decoding::Auto => decode::decode(&mut parts.headers, download),
            Decoding::AsSent => Body::stream(download),
        };
        http::Response::from_parts(parts, body)
    }
}

impl Shared {
    /// The exchange up to the response's head, as it runs on the connections' runtime.
    async fn exchange(
        self: Arc<Self>,
        outgoing: reqwest::Request,
        destination: Destination,
        progress: Progress,
    ) -> Result<(reqwest::Response, OwnedSemaphorePermit), FetchError> {
        let FetchLimits { connect_timeout, response_timeout, exchanges_max, .. } = self.limits;
        let permit = match timeout(connect_timeout, self.exchanges.clone().acquire_owned()).await {
            Ok(permit) => permit.expect("the semaphore is never closed"),
            Err(_) => {
                self.metrics.limit_exceeded(&self.worker, "exchanges");
                let waited_ms = connect_timeout.as_millis() as u64;
                return Err(FetchError::Exchanges { max: exchanges_max, waited_ms });
            }
        };
        progress.moved();
        let sending = DESTINATION.scope(destination.clone(), self.client.execute(outgoing));
        let mut sending = std::pin::pin!(sending);
        loop {
            let deadline = progress.last() + response_timeout;
            match timeout_at(deadline, &mut sending).await {
                Ok(Ok(response)) => return Ok((response, permit)),
                Ok(Err(error)) => {
                    let error = FetchError::of_client(&error, destination.to_string(), connect_timeout);
                    if let FetchError::Egress(EgressError::Denied(denied)) = &error {
                        self.denied(denied);
                    }
                    return Err(error);
                }
                Err(_) if progress.last() + response_timeout > deadline => continue,
                Err(_) => {
                    let after_ms = response_timeout.as_millis() as u64;
                    return Err(FetchError::ResponseTimeout { destination: destination.to_string(), after_ms });
                }
            }
        }
    }

    fn limit_exceeded(&self, limit: &'static str) {
        self.metrics.limit_exceeded(&self.worker, limit);
    }

    /// Counts a denial. The log line is for an operator who looks for it: a guest could fill a log with them.
    fn denied(&self, denied: &EgressDenied) {
        self.metrics.egress_denied(denied.reason());
        tracing::debug!(worker = %self.worker, reason = denied.reason(), "{denied}");
    }
}

tokio::task_local! {
    /// Where the exchange of this task goes: the client tells its resolver the name and not the port.
    static DESTINATION: Destination;
}

/// The client's resolver: the addresses it connects to are the checked ones, and no others.
struct CheckedResolver(Egress);

impl reqwest::dns::Resolve for CheckedResolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        // The client starts to connect in the task of the exchange, even where the connection is then left to another
        // one. A question from anywhere else is not one that we can judge.
        let destination = DESTINATION.try_with(Destination::clone);
        let egress = self.0.clone();
        Box::pin(async move {
            let destination = destination?;
            if destination.host.to_string() != name.as_str() {
                return Err(format!("asked for {:?} while connecting to {destination}", name.as_str()).into());
            }
            let addresses = egress.addresses(&destination).await?;
            Ok(Box::new(addresses.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
