//! Where debuggers attach: which workers there are as JSON, and a WebSocket for each, as Node and Chrome have it.
//!
//! Whoever attaches runs code in the worker, so that only programs of this machine may by default, and no web page ever:
//! browsers say in `Origin` which page asks, and `Host` must be an address, since a name may be a page's own that leads
//! here by DNS.

mod access;
mod socket;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use worky_engine::inspect::{Inspect, Target};

use access::Refused;

/// Connections at once; a further one waits.
const CONNECTIONS_MAX: usize = 64;
const HEADER_READ: Duration = Duration::from_secs(10);
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The protocol that V8 speaks.
const PROTOCOL_VERSION: &str = "1.3";

/// The listener of debuggers.
pub struct InspectorServer {
    listener: TcpListener,
    address: SocketAddr,
}

type Answer = Response<Full<Bytes>>;

impl InspectorServer {
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(InspectorServer { listener, address })
    }

    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves for as long as it is polled; dropping it detaches all front ends.
    pub async fn run(self, inspector: Arc<dyn Inspect>) {
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut connections = JoinSet::new();
        loop {
            while connections.try_join_next().is_some() {}
            let place = Arc::clone(&places).acquire_owned().await.expect("never closed");
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept debuggers; trying again");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let inspector = Arc::clone(&inspector);
            connections.spawn(async move {
                let _place = place;
                let (upgrades, mut upgraded) = tokio::sync::mpsc::channel(1);
                let service = service_fn(move |mut request| {
                    let answer = answer(&mut request, &*inspector, &upgrades);
                    async { Ok::<_, Infallible>(answer) }
                });
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEADER_READ)
                    .serve_connection(TokioIo::new(stream), service)
                    .with_upgrades();
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a debugger's connection failed");
                }
                if let Some(socket::Accepted { upgrade, attached }) = upgraded.recv().await {
                    socket::serve(upgrade, attached).await;
                }
            });
        }
    }
}

fn answer(
    request: &mut Request<Incoming>,
    inspector: &dyn Inspect,
    upgrades: &tokio::sync::mpsc::Sender<socket::Accepted>,
) -> Answer {
    let host = match access::check(request.headers()) {
        Ok(host) => host.to_owned(),
        Err(refused) => return refuse(&refused),
    };
    if request.method() != Method::GET {
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "only GET\n".into());
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        return response;
    }
    if socket::is_asked(request.headers()) {
        return attach(request, inspector, upgrades);
    }
    match request.uri().path() {
        "/json" | "/json/" | "/json/list" | "/json/list/" => {
            let targets: Vec<_> = inspector.targets().iter().map(|target| describe(target, &host)).collect();
            json_text(&targets.into())
        }
        "/json/version" => json_text(&json!({
            "Browser": format!("worky/{}", env!("CARGO_PKG_VERSION")),
            "Protocol-Version": PROTOCOL_VERSION,
        })),
        _ => text(StatusCode::NOT_FOUND, "only /json, /json/list, /json/version and the WebSockets they name\n".into()),
    }
}

fn describe(target: &Target, host: &str) -> serde_json::Value {
    let place = format!("{host}/{}", utf8_percent_encode(&target.id, NON_ALPHANUMERIC));
    let front_end = "devtools://devtools/bundled/js_app.html?experiments=true&v8only=true";
    json!({
        "id": target.id,
        // Front ends know what to do with what Node calls itself.
        "type": "node",
        "title": format!("worky: {}", target.id),
        "description": "worky worker",
        "url": target.url,
        "devtoolsFrontendUrl": format!("{front_end}&ws={place}"),
        "webSocketDebuggerUrl": format!("ws://{place}"),
    })
}

fn attach(
    request: &mut Request<Incoming>,
    inspector: &dyn Inspect,
    upgrades: &tokio::sync::mpsc::Sender<socket::Accepted>,
) -> Answer {
    let accepted = match socket::accept(request.headers()) {
        Ok(accepted) => accepted,
        Err(why) => return text(StatusCode::BAD_REQUEST, format!("{why}\n")),
    };
    let path = request.uri().path().trim_start_matches('/');
    let id = percent_decode_str(path).decode_utf8_lossy().into_owned();
    let Some(attached) = inspector.attach(&id) else {
        let known: Vec<_> = inspector.targets().into_iter().map(|target| target.id).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return text(StatusCode::NOT_FOUND, format!("there is no worker {id:?} to debug; there are: {known}\n"));
    };
    let upgrade = hyper::upgrade::on(request);
    if upgrades.try_send(socket::Accepted { upgrade, attached }).is_err() {
        return text(StatusCode::BAD_REQUEST, "this connection is a WebSocket already\n".into());
    }
    tracing::info!(worker = id, "a debugger attached");
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *response.headers_mut() = accepted;
    response
}

fn refuse(refused: &Refused) -> Answer {
    tracing::warn!(%refused, "a debugger was refused");
    text(StatusCode::FORBIDDEN, format!("{refused}\n"))
}

fn json_text(value: &serde_json::Value) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from(value.to_string())));
    let (kind, store) =
        (HeaderValue::from_static("application/json; charset=utf-8"), HeaderValue::from_static("no-cache"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CACHE_CONTROL, store);
    response
}

fn text(status: StatusCode, text: String) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
