//! Asking over HTTP, one connection for each exchange unless a test holds one.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::AbortHandle;

use crate::within;
use crate::worky::Worky;

/// The body of a request.
pub type RequestBody = UnsyncBoxBody<Bytes, Infallible>;

/// Which HTTP is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Http1,
    /// Cleartext, with prior knowledge.
    Http2,
}

/// A whole response.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub trailers: HeaderMap,
}

/// The head of a response, and its body as it comes. Dropping it closes the connection.
pub struct Streaming {
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: Incoming,
    _connection: Option<Connection>,
}

/// One connection.
pub struct Connection {
    sender: Sender,
    driver: Arc<Driver>,
}

/// Ends the connection's task with the last handle on the connection.
struct Driver(AbortHandle);

enum Sender {
    Http1(conn::http1::SendRequest<RequestBody>),
    Http2(conn::http2::SendRequest<RequestBody>),
}

/// A body at hand.
pub fn full(bytes: impl Into<Bytes>) -> RequestBody {
    Full::new(bytes.into()).boxed_unsync()
}

/// A body that a test sends as it likes.
pub fn channel() -> (http_body_util::channel::Sender<Bytes>, RequestBody) {
    let (sender, body) = http_body_util::channel::Channel::new(1);
    (sender, body.boxed_unsync())
}

impl Worky {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(full("")).expect("a valid request")).await
    }

    /// Like [`Worky::get`], for a program that may be gone by now.
    pub async fn try_get(&self, path: &str) -> std::io::Result<Answer> {
        let mut connection = Connection::try_to(self.address(), Protocol::Http1).await?;
        let request = self.request("GET", path).body(full("")).expect("a valid request");
        let response = connection.try_open(request).await.map_err(std::io::Error::other)?;
        response.try_collect().await.map_err(std::io::Error::other)
    }

    pub async fn post(&self, path: &str, body: impl Into<Bytes>) -> Answer {
        self.send(self.request("POST", path).body(full(body)).expect("a valid request")).await
    }

    /// A request for this server, its `host` set.
    pub fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder().method(method).uri(path).header("host", self.address().to_string())
    }

    /// One exchange on a connection of its own.
    pub async fn send(&self, request: Request<RequestBody>) -> Answer {
        self.open(request).await.collect().await
    }

    /// One exchange on a connection of its own, whose body is read by the test.
    pub async fn open(&self, request: Request<RequestBody>) -> Streaming {
        let mut connection = self.connect(Protocol::Http1).await;
        let mut streaming = connection.open(request).await;
        streaming._connection = Some(connection);
        streaming
    }

    pub async fn connect(&self, protocol: Protocol) -> Connection {
        Connection::to(self.address(), protocol).await
    }
}

/// One GET on a connection of its own.
pub async fn get(address: SocketAddr, path: &str) -> Answer {
    let request = Request::get(path).header("host", address.to_string()).body(full("")).expect("a valid request");
    Connection::to(address, Protocol::Http1).await.send(request).await
}

impl Connection {
    pub async fn to(address: SocketAddr, protocol: Protocol) -> Self {
        Connection::try_to(address, protocol).await.expect("the port is open")
    }

    /// Like [`Connection::to`], for a port that may be closed by now.
    pub async fn try_to(address: SocketAddr, protocol: Protocol) -> std::io::Result<Self> {
        let io = TokioIo::new(within("connecting", TcpStream::connect(address)).await?);
        // What ends a connection is seen by the exchange on it.
        Ok(match protocol {
            Protocol::Http1 => {
                let (sender, connection) = conn::http1::handshake(io).await.expect("nothing is sent yet");
                let driver = tokio::spawn(async { drop(connection.await) }).abort_handle();
                Connection { sender: Sender::Http1(sender), driver: Arc::new(Driver(driver)) }
            }
            Protocol::Http2 => {
                let (sender, connection) =
                    conn::http2::handshake(TokioExecutor::new(), io).await.expect("HTTP/2 is spoken");
                let driver = tokio::spawn(async { drop(connection.await) }).abort_handle();
                Connection { sender: Sender::Http2(sender), driver: Arc::new(Driver(driver)) }
            }
        })
    }

    /// Whether the peer has closed it.
    pub fn is_closed(&self) -> bool {
        match &self.sender {
            Sender::Http1(sender) => sender.is_closed(),
            Sender::Http2(sender) => sender.is_closed(),
        }
    }

    /// One more handle on the same connection, for exchanges at the same time: `None` where HTTP/1 is spoken.
    pub fn share(&self) -> Option<Connection> {
        match &self.sender {
            Sender::Http1(_) => None,
            Sender::Http2(sender) => {
                Some(Connection { sender: Sender::Http2(sender.clone()), driver: Arc::clone(&self.driver) })
            }
        }
    }

    /// One exchange; the connection can be used again after it.
    pub async fn send(&mut self, request: Request<RequestBody>) -> Answer {
        self.open(request).await.collect().await
    }

    pub async fn open(&mut self, request: Request<RequestBody>) -> Streaming {
        let what = format!("{} {}", request.method(), request.uri());
        match self.try_open(request).await {
            Ok(streaming) => streaming,
            Err(error) => panic!("{what}: {error:?}"),
        }
    }

    /// Like [`Connection::open`], for a connection that may be closed by now.
    pub async fn try_open(&mut self, request: Request<RequestBody>) -> Result<Streaming, hyper::Error> {
        let what = format!("{} {}", request.method(), request.uri());
        let response = within(&what, async {
            match &mut self.sender {
                Sender::Http1(sender) => {
                    sender.ready().await?;
                    sender.send_request(request).await
                }
                Sender::Http2(sender) => {
                    sender.ready().await?;
                    sender.send_request(request).await
                }
            }
        })
        .await?;
        let (head, body) = response.into_parts();
        Ok(Streaming { status: head.status, headers: head.headers, body, _connection: None })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Streaming {
    /// The next chunk, or `None` at the end of the body. Trailers are passed over.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, hyper::Error>> {
        loop {
            match within("the next chunk", self.body.frame()).await? {
                Ok(frame) => match frame.into_data() {
                    // The end of an HTTP/2 stream may come as a frame of its own.
                    Ok(data) if data.is_empty() => continue,
                    Ok(data) => return Some(Ok(data)),
                    Err(_trailers) => continue,
                },
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Reads until what was read ends with `end`.
    pub async fn read_until(&mut self, end: &str) -> String {
        let mut text = String::new();
        while !text.ends_with(end) {
            match self.chunk().await {
                Some(Ok(chunk)) => text.push_str(std::str::from_utf8(&chunk).expect("UTF-8")),
                other => panic!("{other:?} after {text:?}, before {end:?}"),
            }
        }
        text
    }

    pub async fn collect(self) -> Answer {
        match self.try_collect().await {
            Ok(answer) => answer,
            Err(error) => panic!("the body broke off: {error:?}"),
        }
    }

    pub async fn try_collect(self) -> Result<Answer, hyper::Error> {
        let collected = within("the body", self.body.collect()).await?;
        let trailers = collected.trailers().cloned().unwrap_or_default();
        Ok(Answer { status: self.status, headers: self.headers, body: collected.to_bytes(), trailers })
    }
}

impl Answer {
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {:?}", self.body))
    }

    /// A header as text, the empty string where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a visible header"))
    }

    /// The answer if it is a success; it fails the test with its body otherwise.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.status.is_success(), "{}: {}", self.status, String::from_utf8_lossy(&self.body));
        self
    }

    /// Checks that this is worky's own error answer: its status, its code in header and body, and a request id.
    #[track_caller]
    pub fn assert_error(&self, status: u16, code: &str) -> &Self {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!((self.status.as_u16(), self.header("worky-error")), (status, code), "{text}");
        let error = &self.json()["worky_error"];
        assert_eq!(error["code"], code, "{text}");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{text}");
        assert!(error["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{text}");
        assert_eq!(error["request_id"], self.header("x-request-id"), "{text}");
        self
    }
}
