//! One connection: which protocol it speaks, its time limits, and how it ends.

mod io;
mod pulse;
mod resident;
mod sniff;
mod watch;

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use worky_host::metrics::Counted;

use crate::listener::Place;
use crate::response::ResponseBody;
use crate::server::Shared;
use crate::service::{self, ByMessage, Caller};

use io::Io;
use resident::{Arrival, Destination, Stay};
use sniff::Protocol;

pub(crate) use pulse::{Command, Extent, Pulse};
pub(crate) use watch::{Watch, Watched};

/// What a request needs to know of its connection.
pub(crate) struct Connection {
    pub(crate) shared: Arc<Shared>,
    pub(crate) origin: Origin,
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

/// Where a connection comes from, wherever it is served.
#[derive(Clone)]
pub(crate) struct Origin {
    pub(crate) shared: Arc<Shared>,
    pub(crate) peer: SocketAddr,
    pub(crate) admission: Admission,
    /// How often it had a request for another worker than the one it lived with.
    changes: u32,
    /// What it holds until its end.
    _lease: Arc<Lease>,
}

struct Lease {
    _place: Place,
    _counted: Counted,
    _token: TaskTrackerToken,
}

impl Origin {
    pub(crate) fn new(shared: Arc<Shared>, peer: SocketAddr, admission: Admission, place: Place) -> Self {
        let (counted, token) = (shared.metrics.connection_opened(), shared.tasks.token());
        let lease = Arc::new(Lease { _place: place, _counted: counted, _token: token });
        Origin { shared, peer, admission, changes: 0, _lease: lease }
    }
}

/// Connections with requests for more workers than this in turn stay with the server, which reaches all of them alike.
const CHANGES_MAX: u32 = 1;

/// Runs a new connection to its end, or until it lives elsewhere.
pub(crate) async fn serve(stream: TcpStream, origin: Origin, watched: Watched) {
    let pulse = Arc::clone(watched.pulse());
    let mut io = Io::new(stream, Arc::clone(&pulse));
    let protocol = sniff::protocol(&mut io, origin.shared.config.http2);
    let Some(protocol) = watch_over(&pulse, protocol, OnClose::Cut).await else { return };
    match protocol {
        Ok(Protocol::Http1) => arrive(io, Connection::new(origin, pulse), watched).await,
        Ok(Protocol::Http2) => {
            let peer = origin.peer;
            let ended = serve_http2(io, Connection::new(origin, pulse)).await;
            if let Some(Err(error)) = ended {
                tracing::debug!(%peer, %error, "connection failed");
            }
        }
        Ok(Protocol::None) => {}
        Err(error) => tracing::debug!(peer = %origin.peer, %error, "connection failed before its first request"),
    }
}

/// Goes on with an HTTP/1 connection that has lived with an instance; `input` is read and not served yet.
pub(crate) async fn resume(stream: std::net::TcpStream, input: Vec<u8>, origin: Origin) {
    let watched = origin.shared.watch.enter();
    let pulse = Arc::clone(watched.pulse());
    pulse.goes_on();
    match TcpStream::from_std(stream) {
        Ok(stream) => {
            let io = Io::with_first_bytes(stream, Arc::clone(&pulse), &input);
            arrive(io, Connection::new(origin, pulse), watched).await;
        }
        Err(error) => tracing::warn!(%error, "a connection could not come back from its worker's thread"),
    }
}

/// Finds out where an HTTP/1 connection goes with its next request: to an instance of the worker that it is for, or
/// nowhere. One that stays looks again after each answer, unless there is nothing to look for.
async fn arrive(mut io: Io, connection: Arc<Connection>, mut watched: Watched) {
    connection.pulse.speaks_http1();
    loop {
        let destination = match wait_for_head(&mut io, &connection).await {
            Head::Whole(destination) => destination,
            Head::Other => break,
            Head::Gone => return,
        };
        let (stream, first) = io.into_parts();
        let Ok(mut stream) = stream.into_std() else { return };
        let mut input = Vec::from(first);
        let stay = match destination {
            Destination::Nowhere => Stay::Long,
            Destination::NowhereYet => Stay::ForFiles,
            Destination::Instance(residence) => {
                match resident::move_in(stream, input, watched, Arc::clone(&connection), residence).await {
                    None => return,
                    Some(refused) => (stream, input, watched) = refused,
                }
                Stay::Short
            }
        };
        let Some((stream, input)) = resident::serve_by_message(stream, input, &connection, stay).await else { return };
        let Ok(stream) = TcpStream::from_std(stream) else { return };
        io = Io::with_first_bytes(stream, Arc::clone(&connection.pulse), &input);
    }
    serve_http1(io, connection, ByMessage, None).await;
    drop(watched);
}

/// The beginning of a connection, or of its next request.
enum Head {
    /// It is ordinary, and goes there.
    Whole(Destination),
    /// It is hyper's.
    Other,
    /// Nobody will send one any more.
    Gone,
}

async fn wait_for_head(io: &mut Io, connection: &Connection) -> Head {
    if connection.admission == Admission::Refused {
        return Head::Other;
    }
    loop {
        match resident::destination(io.first_bytes(), connection) {
            Arrival::Ordinary(_) if connection.origin.changes > CHANGES_MAX => {
                return Head::Whole(Destination::Nowhere);
            }
            Arrival::Ordinary(destination) => return Head::Whole(destination),
            Arrival::Other => return Head::Other,
            Arrival::Unclear => {}
        }
        match watch_over(&connection.pulse, io.fill_first_bytes(), OnClose::Cut).await {
            Some(Ok(0)) if io.first_bytes().is_empty() => return Head::Gone,
            // hyper says what is wrong with half a head.
            Some(Ok(0)) => return Head::Other,
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                tracing::debug!(peer = %connection.origin.peer, %error, "connection failed");
                return Head::Gone;
            }
            None => return Head::Gone,
        }
    }
}

impl Connection {
    fn new(origin: Origin, pulse: Arc<Pulse>) -> Arc<Self> {
        let shared = Arc::clone(&origin.shared);
        let peer_ip = origin.peer.ip().to_canonical();
        let peer_trust = if shared.config.trusts(peer_ip) { PeerTrust::Proxy } else { PeerTrust::Client };
        let peer_ip_value = HeaderValue::try_from(peer_ip.to_string()).expect("an address is visible ASCII");
        let admission = origin.admission;
        Arc::new(Connection { shared, origin, pulse, peer_ip, peer_ip_value, peer_trust, admission })
    }
}

/// Has hyper serve a connection to its end. `prepared` is the answer to its first request, if there is one already.
async fn serve_http1<C: Caller + Clone>(
    io: Io,
    connection: Arc<Connection>,
    caller: C,
    prepared: Option<Box<Response<ResponseBody>>>,
) {
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
    let peer = connection.origin.peer;
    pulse.speaks_http1();
    let prepared = Cell::new(prepared);
    let conn = builder.serve_connection(
        TokioIo::new(io),
        service_fn(move |request: Request<Incoming>| {
            let (connection, caller, prepared) = (Arc::clone(&connection), caller.clone(), prepared.take());
            async move {
                match prepared {
                    Some(response) => {
                        // The worker had all of it before hyper saw it; what is not taken here would end the connection.
                        let _taken = request.into_body().collect().await;
                        Ok(*response)
                    }
                    None => service::answer(connection, request, caller).await,
                }
            }
        }),
    );
    let ended = watch_over(&pulse, conn, OnClose::Finish(|conn| conn.graceful_shutdown())).await;
    if let Some(Err(error)) = ended {
        tracing::debug!(%peer, %error, "connection failed");
    }
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
        service_fn(move |request| service::answer(Arc::clone(&connection), request, ByMessage)),
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
