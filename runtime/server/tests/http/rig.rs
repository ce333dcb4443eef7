//! A running server, its worker, and a client that sends exactly the bytes it is told to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http_body::Frame;
use http_body_util::StreamBody;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use worky_dispatch::{DispatchConfig, Dispatcher, DrainOutcome, Engines};
use worky_engine::{
    Artifact, CallError, Engine, FetchEvent, GuestError, Invocation, Limits, LoadError, Outcome, Worker,
};
use worky_host::metrics::Metrics;
use worky_host::{Bindings, Body, BodyError};
use worky_server::{ErrorDetail, Route, Router, Server, ServerConfig};

/// Longer than anything here takes, so that a test that waits for what never comes fails and does not hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Rig {
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) worker: Arc<PathWorker>,
    pub(crate) metrics: Metrics,
    shutdown: CancellationToken,
    running: JoinHandle<DrainOutcome>,
}

#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) config: Option<ServerConfig>,
    pub(crate) limits: Limits,
    pub(crate) dispatch: DispatchConfig,
    pub(crate) detail: Option<ErrorDetail>,
    pub(crate) routes: Vec<&'static str>,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        Rig::with(Setup::default()).await
    }

    pub(crate) async fn with_config(config: ServerConfig) -> Self {
        Rig::with(Setup { config: Some(config), ..Setup::default() }).await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        let any_port = "127.0.0.1:0".parse().expect("an address");
        let config =
            ServerConfig { listen: any_port, admin_listen: Some(any_port), ..setup.config.unwrap_or_default() };
        let metrics = Metrics::default();
        let dispatcher = Dispatcher::new(
            Engines { js: Arc::new(NoEngine), wasm: Arc::new(NoEngine) },
            metrics.clone(),
            setup.dispatch,
        );
        let worker = Arc::new(PathWorker::default());
        dispatcher.install("w".into(), Arc::clone(&worker) as Arc<dyn Worker>, setup.limits);
        let patterns = if setup.routes.is_empty() { vec!["/*"] } else { setup.routes };
        let routes = patterns.iter().map(|pattern| Route { pattern: (*pattern).into(), worker: "w".into() }).collect();
        let router = Router::new(routes).expect("good routes");
        let detail = setup.detail.unwrap_or(ErrorDetail::Production);
        let server = Server::bind(config, router, dispatcher, metrics.clone(), detail, None).expect("a free port");
        let (address, admin) = (server.local_addr(), server.admin_addr().expect("asked for"));
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(server.run(shutdown.clone()));
        Rig { address, admin, worker, metrics, shutdown, running }
    }

    pub(crate) async fn connect(&self) -> Client {
        Client::to(self.address).await
    }

    /// One request on a connection of its own.
    pub(crate) async fn ask(&self, request: impl AsRef<[u8]>) -> Answer {
        let mut client = self.connect().await;
        client.send(request).await;
        client.answer().await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(format!("GET {path} HTTP/1.1\r\nhost: example.com\r\nconnection: close\r\n\r\n")).await
    }

    pub(crate) fn begin_shutdown(&self) {
        self.shutdown.cancel();
    }

    pub(crate) async fn stopped(self) -> DrainOutcome {
        within(self.running).await.expect("the server does not panic")
    }
}

pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it takes less than the patience of the test")
}

/// Waits until something that another task does has come true.
pub(crate) async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    assert!(waited.await.is_ok(), "{what} never came true");
}

pub(crate) struct Client {
    stream: TcpStream,
    unread: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    pub(crate) fn code(&self) -> &str {
        self.headers.get("worky-error").map_or("", |code| code.to_str().expect("ASCII"))
    }
}

impl Client {
    pub(crate) async fn to(address: SocketAddr) -> Self {
        Client { stream: within(TcpStream::connect(address)).await.expect("it listens"), unread: Vec::new() }
    }

    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // The server may have closed already; what it said is still to be read.
        let _ = within(self.stream.write_all(bytes.as_ref())).await;
    }

    pub(crate) async fn close_sending(&mut self) {
        let _ = self.stream.shutdown().await;
    }

    /// Reads until `end` is there, and answers everything up to its end.
    pub(crate) async fn read_until(&mut self, end: &[u8]) -> Vec<u8> {
        loop {
            if let Some(at) = self.unread.windows(end.len()).position(|window| window == end) {
                return self.unread.drain(..at + end.len()).collect();
            }
            assert!(self.fill().await, "closed before {end:?}, after {:?}", String::from_utf8_lossy(&self.unread));
        }
    }

    /// Everything until the server closes.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        while self.fill().await {}
        std::mem::take(&mut self.unread)
    }

    pub(crate) async fn answer(&mut self) -> Answer {
        self.answer_to("GET").await
    }

    pub(crate) async fn answer_to(&mut self, method: &str) -> Answer {
        let head = String::from_utf8(self.read_until(b"\r\n\r\n").await).expect("UTF-8");
        let (line, fields) = head.split_once("\r\n").expect("a status line");
        let status: u16 = line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut headers = http::HeaderMap::new();
        for field in fields.split("\r\n").filter(|field| !field.is_empty()) {
            let (name, value) = field.split_once(": ").expect("a field");
            headers.append(
                http::HeaderName::try_from(name).expect("a name"),
                http::HeaderValue::try_from(value).expect("a value"),
            );
        }
        let body = if method == "HEAD" || status < 200 || status == 204 || status == 304 {
            Vec::new()
        } else if let Some(length) = headers.get("content-length") {
            let length = length.to_str().expect("ASCII").parse().expect("a number");
            while self.unread.len() < length {
                assert!(self.fill().await, "closed within a body");
            }
            self.unread.drain(..length).collect()
        } else if headers.contains_key("transfer-encoding") {
            self.chunks().await
        } else {
            self.rest().await
        };
        Answer { status, headers, body }
    }

    async fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let line = self.read_until(b"\r\n").await;
            let size = std::str::from_utf8(&line).expect("ASCII").trim();
            let size = usize::from_str_radix(size, 16).expect("a chunk's size");
            while self.unread.len() < size + 2 {
                assert!(self.fill().await, "closed within a chunk");
            }
            body.extend(self.unread.drain(..size));
            self.unread.drain(..2);
            if size == 0 {
                return body;
            }
        }
    }

    /// `false` once the server has closed.
    async fn fill(&mut self) -> bool {
        let mut space = [0; 16 << 10];
        let read = within(self.stream.read(&mut space)).await.unwrap_or(0);
        self.unread.extend_from_slice(&space[..read]);
        read > 0
    }
}

/// Does what the path says.
pub(crate) struct PathWorker {
    /// Lets `/wait` answer.
    pub(crate) release: Arc<Semaphore>,
    /// A permit for each call that has begun, and for each that was cancelled.
    pub(crate) begun: Arc<Semaphore>,
    pub(crate) cancelled: Arc<Semaphore>,
}

impl Default for PathWorker {
    fn default() -> Self {
        let none = || Arc::new(Semaphore::new(0));
        PathWorker { release: none(), begun: none(), cancelled: none() }
    }
}

/// Tells of a call that does not come to its end.
struct Guard(Option<Arc<Semaphore>>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(cancelled) = &self.0 {
            cancelled.add_permits(1);
        }
    }
}

impl Worker for PathWorker {
    fn call(&self, event: Invocation) -> BoxFuture<'_, Result<Outcome, CallError>> {
        async move {
            let Invocation::Fetch(event) = event;
            self.begun.add_permits(1);
            let mut guard = Guard(Some(Arc::clone(&self.cancelled)));
            let result = self.answer(event).await;
            guard.0 = None;
            result.map(Outcome::Response)
        }
        .boxed()
    }

    fn drain(&self) -> BoxFuture<'_, ()> {
        std::future::ready(()).boxed()
    }
}

impl PathWorker {
    async fn answer(&self, event: FetchEvent) -> Result<http::Response<Body>, CallError> {
        let path = event.request.uri().path().to_owned();
        match path.as_str() {
            "/seen" => Ok(http::Response::new(Body::full(seen(&event)))),
            "/echo" => Ok(http::Response::new(event.request.into_body())),
            "/length" => {
                let at_hand = event.request.body().as_bytes().is_some();
                let length = read(event.request.into_body()).await.map_err(CallError::RequestBody)?;
                Ok(http::Response::new(Body::full(json!({"length": length, "at_hand": at_hand}).to_string())))
            }
            "/catches" => {
                let answer = match read(event.request.into_body()).await {
                    Ok(length) => format!("read {length}"),
                    Err(error) => format!("caught: {error}"),
                };
                Ok(http::Response::new(Body::full(answer)))
            }
            "/first-chunk" => {
                let mut body = event.request.into_body();
                let chunk = body.chunk().await.expect("a chunk").map_err(CallError::RequestBody)?;
                let rest = futures_util::stream::unfold(body, |mut body| async {
                    Some((body.chunk().await?.map(Frame::data), body))
                });
                let first = futures_util::stream::iter([Ok(Frame::data(chunk))]);
                Ok(http::Response::new(Body::stream(StreamBody::new(futures_util::StreamExt::chain(first, rest)))))
            }
            "/hang" => std::future::pending().await,
            "/wait" => {
                self.release.acquire().await.expect("open").forget();
                Ok(http::Response::new(Body::full("waited")))
            }
            "/stream" => {
                let release = Arc::clone(&self.release);
                let chunks = futures_util::stream::unfold(0, move |n| {
                    let release = Arc::clone(&release);
                    async move {
                        if n > 0 {
                            release.acquire().await.expect("open").forget();
                        }
                        (n < 3).then(|| (Ok(Frame::data(Bytes::from(format!("chunk {n}\n")))), n + 1))
                    }
                });
                Ok(http::Response::new(Body::stream(StreamBody::new(chunks))))
            }
            "/breaks-off" => {
                let chunks = [Ok(Frame::data(Bytes::from("some"))), Err(BodyError::Guest("it threw".into()))];
                Ok(http::Response::new(Body::stream(StreamBody::new(futures_util::stream::iter(chunks)))))
            }
            "/throws" => Err(CallError::Exception(GuestError {
                name: "Error".into(),
                message: "<b>secret</b>".into(),
                stack: Some("Error: secret\n    at src/index.ts:1:1".into()),
                frames: Vec::new(),
                line: None,
                hint: None,
            })),
            "/status-102" => response(102, &[], ""),
            "/status-204" => response(204, &[("content-length", "5")], "hello"),
            "/status-304" => response(304, &[("etag", "\"x\"")], "hello"),
            "/lies" => response(
                200,
                &[
                    ("connection", "close, x-mine"),
                    ("x-mine", "1"),
                    ("keep-alive", "timeout=1"),
                    ("transfer-encoding", "gzip"),
                    ("content-length", "9999"),
                    ("upgrade", "h2c"),
                    ("x-kept", "yes"),
                ],
                "truth",
            ),
            "/head-length" => response(200, &[("content-length", "1234")], ""),
            _ => Ok(http::Response::new(Body::full(format!("hello from {path}")))),
        }
    }
}

fn response(status: u16, headers: &[(&str, &str)], body: &'static str) -> Result<http::Response<Body>, CallError> {
    let mut builder = http::Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    Ok(builder.body(Body::full(body)).expect("a valid response"))
}

async fn read(mut body: Body) -> Result<usize, BodyError> {
    let mut length = 0;
    while let Some(chunk) = body.chunk().await {
        length += chunk?.len();
    }
    Ok(length)
}

fn seen(event: &FetchEvent) -> String {
    let headers = event.request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().expect("ASCII")));
    let headers: Vec<_> = headers.collect();
    json!({
        "url": event.request.uri().to_string(),
        "method": event.request.method().as_str(),
        "headers": headers,
        "client_ip": event.request.headers()["cf-connecting-ip"].to_str().expect("ASCII"),
        "request_id": event.context.request_id().as_str(),
        "trace": event.context.trace().trace_id_hex(),
    })
    .to_string()
}

struct NoEngine;

impl Engine for NoEngine {
    fn load(&self, _: Artifact, _: Bindings, _: Limits) -> BoxFuture<'_, Result<Arc<dyn Worker>, LoadError>> {
        std::future::ready(Err(LoadError::Host("no engine here".to_owned()))).boxed()
    }
}

impl Client {
    /// Whether the server has closed, without waiting for it.
    pub(crate) async fn closed(&mut self) -> bool {
        let mut space = [0; 64];
        matches!(self.stream.try_read(&mut space), Ok(0)) || self.stream.take_error().ok().flatten().is_some()
    }
}
