//! A server for workers to fetch from. It keeps what it saw and does what its paths say.
//!
//! | path | answer |
//! |---|---|
//! | `/echo` | JSON of the request: `method`, `path`, `headers`, `body` |
//! | `/status/N` | that status, body `status N` |
//! | `/gzip`, `/deflate`, `/br`, `/zstd` | [`PLAIN`], compressed |
//! | `/redirect/N?to=URL` | that status with that `location` |
//! | `/chain/N` | N redirects, then `arrived` |
//! | `/slow/MS` | `slow` after so many milliseconds |
//! | `/bytes/N` | so many bytes, in chunks |
//! | `/never` | no head until the client goes; `started` is noted as it comes |
//! | `/noted/NOTE` | `true` or `false`, whether it was; slashes are the note's, spaces are `+` |
//! | `/gated/NAME` | `first\n`, then `second\n` once [`Upstream::open_gate`] is called with the name |
//! | `/endless` | chunks of 16 KiB for as long as the client reads |
//! | `/upload` | `started` is noted at the first chunk; the body's length at its end |
//! | `/sse` | three events |
//! | `/cookies` | two `set-cookie` headers |
//! | `/broken` | half of the promised body |

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot, watch};

use crate::within;

/// What the compressed paths answer.
pub const PLAIN: &str = "the same text, whatever its encoding; the same text, whatever its encoding";
/// The size of one chunk of `/endless`.
pub const ENDLESS_CHUNK_BYTES: usize = 16 << 10;

type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// A running server; it stops with the value.
pub struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: oneshot::Sender<()>,
}

struct Shared {
    keeps: Keeps,
    seen: Mutex<Vec<Seen>>,
    /// Notes, in order: `aborted PATH` for an answer that its client did not wait for, `started PATH`.
    notes: watch::Sender<Vec<String>>,
    connections: AtomicUsize,
    endless_chunks: AtomicUsize,
    gates: Mutex<HashMap<String, Arc<Notify>>>,
}

/// Whether requests and notes are kept for the test to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    Everything,
    Nothing,
}

/// One request that arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    /// With its query.
    pub path: String,
    pub headers: HeaderMap,
    /// `HTTP/1.1` or `HTTP/2.0`.
    pub version: String,
}

impl Upstream {
    /// Listens on a free port of 127.0.0.1, on a thread of its own so that it outlives the runtime of one test.
    pub fn start() -> Self {
        Upstream::keeping(Keeps::Everything)
    }

    /// Like [`Upstream::start`], for so many requests that keeping what was seen of them would fill memory.
    pub fn forgetful() -> Self {
        Upstream::keeping(Keeps::Nothing)
    }

    fn keeping(keeps: Keeps) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("a bound socket");
        let shared = Arc::new(Shared {
            keeps,
            seen: Mutex::default(),
            notes: watch::Sender::default(),
            connections: AtomicUsize::new(0),
            endless_chunks: AtomicUsize::new(0),
            gates: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let served = shared.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                tokio::select! {
                    () = accept(TcpListener::from_std(listener).expect("a socket"), served) => {}
                    _ = stopped => {}
                }
            });
        });
        Upstream { address, shared, _stop: stop }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests for a path so far, its query left out.
    pub fn seen(&self, path: &str) -> Vec<Seen> {
        let seen = self.shared.seen.lock().expect("no holder panics");
        seen.iter().filter(|seen| seen.path.split('?').next() == Some(path)).cloned().collect()
    }

    /// How many connections were ever accepted.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many chunks of `/endless` were taken off the server's hands.
    pub fn endless_chunks(&self) -> usize {
        self.shared.endless_chunks.load(Ordering::SeqCst)
    }

    /// Waits for a note.
    pub async fn noted(&self, note: &str) {
        let mut notes = self.shared.notes.subscribe();
        let wait = notes.wait_for(|notes| notes.iter().any(|known| known == note));
        within(note, wait).await.expect("the sender lives as long as self");
    }

    /// Lets `/gated/NAME` go on.
    pub fn open_gate(&self, name: &str) {
        self.shared.gate(name).notify_one();
    }
}

impl Shared {
    fn note(&self, note: String) {
        if self.keeps == Keeps::Everything {
            self.notes.send_modify(|notes| notes.push(note));
        }
    }

    fn saw(&self, seen: Seen) {
        if self.keeps == Keeps::Everything {
            self.seen.lock().expect("no holder panics").push(seen);
        }
    }

    fn gate(&self, name: &str) -> Arc<Notify> {
        self.gates.lock().expect("no holder panics").entry(name.to_owned()).or_default().clone()
    }
}

/// Notes `aborted PATH` unless it is disarmed.
struct AbortNote {
    shared: Arc<Shared>,
    path: Option<String>,
}

impl AbortNote {
    fn disarm(mut self) {
        self.path = None;
    }
}

impl Drop for AbortNote {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            self.shared.note(format!("aborted {path}"));
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, shared.clone()));
            let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            // A client that breaks off is part of the tests.
            let _broken_off = builder.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Answer, Infallible> {
    let path = request.uri().path().to_owned();
    let whole = request.uri().path_and_query().map_or(path.clone(), ToString::to_string);
    shared.saw(Seen {
        method: request.method().to_string(),
        path: whole.clone(),
        headers: request.headers().clone(),
        version: format!("{:?}", request.version()),
    });
    let (_, first, rest) = {
        let mut parts = path.splitn(3, '/');
        (parts.next(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    };
    Ok(match first {
        "echo" => echo(request, whole).await,
        "status" => text(rest.parse().unwrap_or(200), format!("status {rest}")),
        "gzip" | "deflate" | "br" | "zstd" => compressed(first).await,
        "redirect" => redirect(rest.parse().unwrap_or(302), whole.split_once("to=").map_or("", |(_, to)| to)),
        "chain" => match rest.parse() {
            Ok(0) | Err(_) => text(200, "arrived".to_owned()),
            Ok::<u32, _>(left) => redirect(302, &format!("/chain/{}", left - 1)),
        },
        "slow" => {
            tokio::time::sleep(Duration::from_millis(rest.parse().unwrap_or(0))).await;
            text(200, "slow".to_owned())
        }
        "bytes" => bytes(rest.parse().unwrap_or(0)),
        "never" => {
            shared.note(format!("started {path}"));
            let _noted_when_dropped = AbortNote { shared, path: Some(path.clone()) };
            std::future::pending().await
        }
        "noted" => text(200, shared.notes.borrow().contains(&rest.replace('+', " ")).to_string()),
        "gated" => gated(shared, path.clone(), rest),
        "endless" => endless(shared, path.clone()),
        "upload" => upload(request, shared, &path).await,
        "sse" => {
            let events = "data: one\n\nevent: named\ndata: two\nid: 2\n\ndata: three\n\n";
            with_header(text(200, events.to_owned()), "content-type", "text/event-stream")
        }
        "cookies" => with_header(with_header(text(200, String::new()), "set-cookie", "a=1"), "set-cookie", "b=2"),
        "broken" => broken(),
        _ => text(404, format!("no such path: {path}")),
    })
}

async fn echo(request: Request<Incoming>, path: String) -> Answer {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let headers: HashMap<_, _> = head
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let text_body = String::from_utf8_lossy(&body);
    let seen = json!({"method": head.method.as_str(), "path": path, "headers": headers, "body": text_body});
    with_header(text(200, seen.to_string()), "content-type", "application/json")
}

async fn compressed(encoding: &str) -> Answer {
    let mut bytes = Vec::new();
    let plain = PLAIN.as_bytes();
    let read = match encoding {
        "gzip" => GzipEncoder::new(plain).read_to_end(&mut bytes).await,
        "deflate" => ZlibEncoder::new(plain).read_to_end(&mut bytes).await,
        "br" => BrotliEncoder::new(plain).read_to_end(&mut bytes).await,
        _ => ZstdEncoder::new(plain).read_to_end(&mut bytes).await,
    };
    read.expect("a slice can be read");
    let body = Full::new(Bytes::from(bytes)).boxed_unsync();
    Response::builder().header("content-encoding", encoding).body(body).expect("a valid response")
}

fn redirect(status: u16, to: &str) -> Answer {
    with_header(text(status, String::new()), "location", to)
}

fn gated(shared: Arc<Shared>, path: String, name: &str) -> Answer {
    let gate = shared.gate(name);
    let first = futures_util::stream::once(async { "first\n" });
    let second = futures_util::stream::once(async move {
        let abort = AbortNote { shared, path: Some(path) };
        gate.notified().await;
        abort.disarm();
        "second\n"
    });
    let chunks = first.chain(second).map(|chunk| Ok(Frame::data(Bytes::from_static(chunk.as_bytes()))));
    Response::new(StreamBody::new(chunks).boxed_unsync())
}

fn bytes(length: usize) -> Answer {
    let chunk = Bytes::from(vec![b'.'; ENDLESS_CHUNK_BYTES]);
    let chunks = futures_util::stream::iter((0..length).step_by(ENDLESS_CHUNK_BYTES))
        .map(move |at| Ok(Frame::data(chunk.slice(..ENDLESS_CHUNK_BYTES.min(length - at)))));
    Response::new(StreamBody::new(chunks).boxed_unsync())
}

fn endless(shared: Arc<Shared>, path: String) -> Answer {
    let abort = AbortNote { shared: shared.clone(), path: Some(path) };
    let chunk = Bytes::from(vec![b'.'; ENDLESS_CHUNK_BYTES]);
    let chunks = futures_util::stream::repeat(chunk).map(move |chunk| {
        let _held = &abort;
        shared.endless_chunks.fetch_add(1, Ordering::SeqCst);
        Ok(Frame::data(chunk))
    });
    Response::new(StreamBody::new(chunks).boxed_unsync())
}

async fn upload(request: Request<Incoming>, shared: Arc<Shared>, path: &str) -> Answer {
    let mut body = request.into_body();
    let mut length = 0;
    while let Some(Ok(frame)) = body.frame().await {
        if let Ok(data) = frame.into_data() {
            if length == 0 {
                shared.note(format!("started {path}"));
            }
            length += data.len();
        }
    }
    text(200, length.to_string())
}

fn broken() -> Answer {
    let half = futures_util::stream::iter([Ok(Frame::data(Bytes::from_static(b"half")))]);
    let body = StreamBody::new(half).boxed_unsync();
    Response::builder().header("content-length", "8").body(body).expect("a valid response")
}

fn text(status: u16, body: String) -> Answer {
    let body = if body.is_empty() { Empty::new().boxed_unsync() } else { Full::new(body.into()).boxed_unsync() };
    Response::builder().status(status).body(body).expect("a valid status")
}

fn with_header(mut answer: Answer, name: &'static str, value: &str) -> Answer {
    answer.headers_mut().append(name, value.parse().expect("a valid header value"));
    answer
}
