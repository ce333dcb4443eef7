//! An upstream on this machine, and a client that may reach it.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::AbortOnDropHandle;

use crate::egress::{Egress, EgressPolicy, OwnListeners, RawEgress, Resolve};
use crate::fetch::{Fetch, FetchConfig, FetchLimits, TlsTrust};
use crate::metrics::Metrics;
use crate::{Body, InvocationContext, InvocationLimits, RequestId, TraceContext};

pub(super) struct Upstream {
    pub(super) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    _accepting: AbortOnDropHandle<()>,
}

impl Upstream {
    pub(super) async fn start<H, F>(handler: H) -> Self
    where
        H: Fn(http::Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = http::Response<Body>> + Send + 'static,
    {
        Self::start_with(None, handler).await
    }

    pub(super) async fn start_with<H, F>(tls: Option<TlsAcceptor>, handler: H) -> Self
    where
        H: Fn(http::Request<Incoming>) -> F + Clone + Send + 'static,
        F: Future<Output = http::Response<Body>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = connections.clone();
        let accepting = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.expect("accepts");
                counter.fetch_add(1, Ordering::SeqCst);
                let (handler, tls) = (handler.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(socket, handler).await,
                        Some(tls) => {
                            if let Ok(socket) = tls.accept(socket).await {
                                serve(socket, handler).await;
                            }
                        }
                    }
                });
            }
        });
        Upstream { address, connections, _accepting: AbortOnDropHandle::new(accepting) }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve<H, F>(socket: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, handler: H)
where
    H: Fn(http::Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = http::Response<Body>> + Send + 'static,
{
    let service = service_fn(move |request| {
        let answer = handler(request);
        async move { Ok::<_, Infallible>(answer.await) }
    });
    // A client that goes away is what several tests are about.
    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
}

/// What a test's client is made of; the default may reach this machine's loopback and nothing else.
pub(super) struct Setup {
    pub(super) networks_allow: &'static [&'static str],
    pub(super) answers: Vec<Vec<IpAddr>>,
    pub(super) own_listeners: OwnListeners,
    pub(super) trust: TlsTrust,
    pub(super) limits: FetchLimits,
    pub(super) metrics: Metrics,
    pub(super) runtime: Handle,
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            networks_allow: &["127.0.0.0/8"],
            answers: Vec::new(),
            own_listeners: OwnListeners::default(),
            trust: TlsTrust::none(),
            limits: FetchLimits::default(),
            metrics: Metrics::default(),
            runtime: Handle::current(),
        }
    }
}

impl Setup {
    pub(super) fn fetch(self) -> Fetch {
        let networks_allow = Some(self.networks_allow.iter().map(|&rule| rule.to_owned()).collect());
        let policy = EgressPolicy::parse(&RawEgress { networks_allow, ..RawEgress::default() }).expect("valid");
        Fetch::new(FetchConfig {
            worker: "tested".into(),
            egress: Egress::new(policy, self.own_listeners, Arc::new(Answers(Mutex::new(self.answers)))),
            trust: self.trust,
            limits: self.limits,
            metrics: self.metrics,
            runtime: self.runtime,
        })
    }
}

/// Gives its answers in order, and the last one for ever.
struct Answers(Mutex<Vec<Vec<IpAddr>>>);

impl Resolve for Answers {
    fn resolve(&self, _host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let mut answers = self.0.lock();
        let answer = if answers.len() > 1 { Some(answers.remove(0)) } else { answers.first().cloned() };
        Box::pin(async { answer.ok_or_else(|| io::Error::other("no such name")) })
    }
}

pub(super) fn context() -> InvocationContext {
    context_of(1000)
}

pub(super) fn context_of(subrequests_max: u32) -> InvocationContext {
    InvocationContext::new(
        RequestId::random(),
        TraceContext::root(),
        InvocationLimits { subrequests: subrequests_max, ..InvocationLimits::UNBOUNDED },
    )
}

pub(super) fn get(url: &str) -> http::Request<Body> {
    http::Request::get(url).body(Body::empty()).expect("a good request")
}

pub(super) fn answer(body: impl Into<bytes::Bytes>) -> http::Response<Body> {
    http::Response::new(Body::full(body))
}

/// The whole body as text.
pub(super) async fn text(body: Body) -> String {
    String::from_utf8(bytes(body).await.expect("the body is whole")).expect("text")
}

pub(super) async fn bytes(mut body: Body) -> Result<Vec<u8>, crate::BodyError> {
    let mut all = Vec::new();
    while let Some(chunk) = body.chunk().await {
        all.extend_from_slice(&chunk?);
    }
    Ok(all)
}
