//! One connection: which protocol it speaks, its time limits, and how it ends.

mod io;
mod pulse;
mod sniff;
mod watch;

use std::future::{Future, poll_fn};
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use http::HeaderValue;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_util::task::TaskTracker;

use crate::server::Shared;
use crate::service;

use io::Io;
use sniff::Protocol;

pub(crate) use pulse::{Command, Pulse};
pub(crate) use watch::{Watch, Watched};

/// What a request needs to know of its connection.
pub(crate) struct Connection {
    pub(crate) shared: Arc<Shared>,
    pub(crate) pulse: Arc<Pulse>,
    /// IPv4 in its own form, also where the socket is an IPv6 one.
    pub(crate) peer_ip: IpAddr,
    /// The same as a header value, made once for all requests of the connection.
    pub(crate) peer_ip_value: HeaderValue,
    pub(crate) peer_trust: PeerTrust,
    pub(crate) admission: Admission,
}

/// Whether what the peer says about where a request comes from is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeerTrust {
    Proxy,
    Client,
}

/// Whether there is room for the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    Served,
    /// Its first request is answered with 503, and it is closed.
    Refused,
}

/// Runs a connection to its end.
pub(crate) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    admission: Admission,
    watched: Watched,
    shared: Arc<Shared>,
) {
    let _counted = shared.metrics.connection_opened();
    let pulse = Arc::clone(watched.pulse());
    let peer_ip = peer.ip().to_canonical();
    let peer_trust = if shared.config.trusts(peer_ip) { PeerTrust::Proxy } else { PeerTrust::Client };
    let peer_ip_value = HeaderValue::try_from(peer_ip.to_string()).expect("an address is visible ASCII");
    let mut io = Io::new(stream, Arc::clone(&pulse));
    let protocol = sniff::protocol(&mut io, shared.config.http2);
    let Some(protocol) = watch_over(&pulse, protocol, OnClose::Cut).await else { return };
    let connection =
        Arc::new(Connection { shared, pulse: Arc::clone(&pulse), peer_ip, peer_ip_value, peer_trust, admission });
    let ended = match protocol {
        Ok(Protocol::Http1) => serve_http1(io, connection).await,
        Ok(Protocol::Http2) => serve_http2(io, connection).await,
        Ok(Protocol::None) => None,
        Err(error) => {
            tracing::debug!(%peer, %error, "connection failed before its first request");
            None
        }
    };
    if let Some(Err(error)) = ended {
        tracing::debug!(%peer, %error, "connection failed");
    }
}

async fn serve_http1(io: Io, connection: Arc<Connection>) -> Option<hyper::Result<()>> {
    let config = &connection.shared.config;
    let mut builder = http1::Builder::new();
    // The time limits are the watch's, which needs no timer for each request. A head that is too large must come this
    // far to be told apart from a target that is too long, so hyper's bound is that of both together.
    builder
        .header_read_timeout(None)
        .max_header_size(config.header_bytes_max + config.uri_bytes_max + REQUEST_LINE_SLACK_BYTES);
    if config.header_count_max != HYPER_HEADER_COUNT_MAX {
        builder.max_headers(config.header_count_max);
    }
    let pulse = Arc::clone(&connection.pulse);
    pulse.speaks_http1();
    let conn = builder.serve_connection(
        TokioIo::new(io),
        service_fn(move |request| service::answer(Arc::clone(&connection), request)),
    );
    watch_over(&pulse, conn, OnClose::Finish(|conn| conn.graceful_shutdown())).await
}

async fn serve_http2(io: Io, connection: Arc<Connection>) -> Option<hyper::Result<()>> {
    let shared = &connection.shared;
    let mut builder = http2::Builder::new(OwnedTasks(shared.tasks.clone()));
    let header_list_bytes = shared.config.header_bytes_max + shared.config.uri_bytes_max;
    builder
        .max_concurrent_streams(shared.config.http2_streams_max)
        .max_header_list_size(u32::try_from(header_list_bytes).unwrap_or(u32::MAX));
    let pulse = Arc::clone(&connection.pulse);
    let conn = builder.serve_connection(
        TokioIo::new(io),
        service_fn(move |request| service::answer(Arc::clone(&connection), request)),
    );
    watch_over(&pulse, conn, OnClose::Finish(|conn| conn.graceful_shutdown())).await
}

/// Method, version, blanks and line ends.
const REQUEST_LINE_SLACK_BYTES: usize = 1024;
/// With exactly this many, hyper keeps a request's header fields on the stack while it reads them.
const HYPER_HEADER_COUNT_MAX: usize = 100;

/// What [`Command::Close`] does to a connection.
enum OnClose<F> {
    /// There is nothing to finish.
    Cut,
    Finish(fn(Pin<&mut F>)),
}

/// Drives a connection and does what the watch commands. `None` where it was cut off.
async fn watch_over<F: Future>(pulse: &Pulse, connection: F, on_close: OnClose<F>) -> Option<F::Output> {
    let mut connection = pin!(connection);
    poll_fn(|cx| {
        pulse.register(cx.waker());
        loop {
            // First, so that a request which is here already is not lost to a command that came later.
            if let Poll::Ready(output) = connection.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            match (pulse.take_command(), &on_close) {
                (None, _) => return Poll::Pending,
                (Some(Command::Close), OnClose::Finish(finish)) => finish(connection.as_mut()),
                (Some(Command::Close | Command::Cut), _) => return Poll::Ready(None),
            }
        }
    })
    .await
}

/// Runs the streams of HTTP/2 connections as tasks that the server owns and waits for.
#[derive(Clone)]
struct OwnedTasks(TaskTracker);

impl<F> hyper::rt::Executor<F> for OwnedTasks
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, future: F) {
        self.0.spawn(future);
    }
}
