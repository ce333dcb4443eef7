//! The listener, and what every answer has in common.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use worky_dispatch::Dispatcher;

use crate::api;
use crate::guard::Guard;
use crate::hub::Hub;

/// Connections at once; a further one waits. A browser opens six for each of its pages.
const CONNECTIONS_MAX: usize = 64;
/// Live streams at once; a further one is refused, so that pages that are left open do not take all connections.
pub(crate) const STREAMS_MAX: usize = 16;
const HEADER_READ: Duration = Duration::from_secs(10);
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Of an answer that waits for its reader, in hyper's buffer.
const WRITE_BUFFER_BYTES: usize = 64 << 10;

/// Nothing is loaded from elsewhere, no text becomes markup or script, and no other page may show this one.
const POLICY: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

pub(crate) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Bound, and not yet running.
pub struct Explorer {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) hub: Hub,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) guard: Guard,
    pub(crate) streams: Arc<Semaphore>,
}

impl Explorer {
    /// Listens on 127.0.0.1, and nowhere else; port 0 takes a free one. Must be called within a tokio runtime.
    pub fn bind(port: u16, hub: Hub, dispatcher: Dispatcher) -> io::Result<Self> {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let guard = Guard::new(address.port());
        let streams = Arc::new(Semaphore::new(STREAMS_MAX));
        Ok(Explorer { listener, address, shared: Arc::new(Shared { hub, dispatcher, guard, streams }) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a browser opens. The token is in the fragment, which a browser sends to nobody.
    pub fn url(&self) -> String {
        format!("http://{}/#{}", self.address, self.shared.guard.token())
    }

    /// Serves for as long as it is polled; dropping it ends its connections.
    pub async fn run(self) {
        let Explorer { listener, shared, .. } = self;
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut connections = JoinSet::new();
        loop {
            while connections.try_join_next().is_some() {}
            let place = places.clone().acquire_owned().await.expect("never closed");
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections of the explorer; trying again");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let shared = shared.clone();
            connections.spawn(async move {
                let _place = place;
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEADER_READ)
                    .max_buf_size(WRITE_BUFFER_BYTES)
                    .serve_connection(
                        TokioIo::new(stream),
                        service_fn(move |request| {
                            let shared = shared.clone();
                            async move { Ok::<_, Infallible>(answer(request, shared).await) }
                        }),
                    );
                if let Err(error) = connection.await {
                    tracing::trace!(%error, "a connection of the explorer failed");
                }
            });
        }
    }
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Response<Body> {
    let mut response = match api::answer(request, &shared).await {
        Ok(response) => response,
        Err(refusal) => refusal.answer(),
    };
    for (name, value) in POLICY {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
