//! The request as routes read it, and the answer as they give it.

use crate::bindings::wasi::http::types::{
    ErrorCode, Fields, IncomingBody, IncomingRequest, Method, OutgoingBody, OutgoingResponse, ResponseOutparam,
};
use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};

pub const TEXT: &str = "text/plain;charset=UTF-8";
pub const JSON: &str = "application/json";

/// How much is read at once.
const CHUNK_BYTES: u64 = 64 << 10;

pub struct Request {
    inner: IncomingRequest,
    path: String,
    query: String,
}

impl Request {
    pub fn new(inner: IncomingRequest) -> Self {
        let target = inner.path_with_query().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        Request { path: path.to_owned(), query: query.to_owned(), inner }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// Without its question mark.
    pub fn query(&self) -> &str {
        &self.query
    }

    pub fn method(&self) -> String {
        method_name(&self.inner.method())
    }

    pub fn authority(&self) -> Option<String> {
        self.inner.authority()
    }

    /// A parameter of the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.query.split('&').find(|pair| pair.split('=').next() == Some(name)).map(Request::value_of)
    }

    /// The name of one `name=value`, decoded.
    pub fn name_of(pair: &str) -> String {
        decode(pair.split('=').next().unwrap_or_default())
    }

    /// The value of one `name=value`, decoded.
    pub fn value_of(pair: &str) -> String {
        pair.split_once('=').map(|(_, value)| decode(value)).unwrap_or_default()
    }

    /// A number of the query, or what stands for it.
    pub fn number(&self, name: &str, default: u64) -> u64 {
        self.parameter(name).and_then(|value| value.parse().ok()).unwrap_or(default)
    }

    /// By name, all in lowercase, in order.
    pub fn headers(&self) -> Vec<(String, String)> {
        sorted(&self.inner.headers())
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let value = self.inner.headers().get(name).into_iter().next()?;
        Some(String::from_utf8_lossy(&value).into_owned())
    }

    pub fn body(&self) -> BodyReader {
        BodyReader::new(self.inner.consume().expect("the body is taken once"))
    }
}

/// By name, all in lowercase, in order.
pub fn sorted(fields: &Fields) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = fields
        .entries()
        .into_iter()
        .map(|(name, value)| (name.to_lowercase(), String::from_utf8_lossy(&value).into_owned()))
        .collect();
    headers.sort();
    headers
}

/// A body that arrives in pieces.
pub struct BodyReader {
    // Dropped before the body that it is a child of.
    stream: InputStream,
    body: IncomingBody,
}

impl BodyReader {
    pub fn new(body: IncomingBody) -> Self {
        BodyReader { stream: body.stream().expect("the stream is taken once"), body }
    }

    /// The next piece; `None` at the end.
    pub fn read(&self) -> Result<Option<Vec<u8>>, String> {
        match self.stream.blocking_read(CHUNK_BYTES) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(StreamError::Closed) => Ok(None),
            Err(StreamError::LastOperationFailed(error)) => Err(error.to_debug_string()),
        }
    }

    pub fn read_all(&self) -> Result<Vec<u8>, String> {
        let mut all = Vec::new();
        while let Some(bytes) = self.read()? {
            all.extend_from_slice(&bytes);
        }
        Ok(all)
    }

    /// The trailers, after the end.
    pub fn trailers(self) -> Option<Vec<(String, String)>> {
        let BodyReader { stream, body } = self;
        drop(stream);
        let trailers = IncomingBody::finish(body);
        trailers.subscribe().block();
        match trailers.get() {
            Some(Ok(Ok(Some(fields)))) => Some(sorted(&fields)),
            _ => None,
        }
    }
}

/// The one chance to answer.
pub struct Responder(ResponseOutparam);

impl Responder {
    pub fn new(out: ResponseOutparam) -> Self {
        Responder(out)
    }

    /// Sends the head; the body follows.
    pub fn start(self, status: u16, headers: &[(&str, &str)]) -> BodyWriter {
        let fields = Fields::new();
        for (name, value) in headers {
            fields.append(name, value.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        }
        self.start_with(status, fields)
    }

    pub fn start_with(self, status: u16, fields: Fields) -> BodyWriter {
        let response = OutgoingResponse::new(fields);
        response.set_status_code(status).expect("a status code of HTTP");
        let body = response.body().expect("the body is taken once");
        ResponseOutparam::set(self.0, Ok(response));
        BodyWriter { stream: Some(body.write().expect("the stream is taken once")), body }
    }

    pub fn send(self, status: u16, content_type: &str, body: impl AsRef<[u8]>) {
        let writer = self.start(status, &[("content-type", content_type)]);
        // Nobody is left to tell where the client went away.
        let _client_gone = writer.write(body.as_ref()).and_then(|()| writer.finish());
    }

    pub fn text(self, status: u16, body: &str) {
        self.send(status, TEXT, body);
    }

    pub fn json(self, status: u16, body: String) {
        self.send(status, JSON, body);
    }

    pub fn fail(self, error: ErrorCode) {
        ResponseOutparam::set(self.0, Err(error));
    }

    /// Never answers, and keeps the way to.
    pub fn forget(self) {
        std::mem::forget(self.0);
    }
}

/// A body as it is written. Dropping it cuts the response short.
pub struct BodyWriter {
    stream: Option<OutputStream>,
    body: OutgoingBody,
}

impl BodyWriter {
    pub fn of(body: OutgoingBody) -> Self {
        BodyWriter { stream: Some(body.write().expect("the stream is taken once")), body }
    }

    /// Waits for room as it goes, and until all of it is on its way.
    pub fn write(&self, mut bytes: &[u8]) -> Result<(), String> {
        let stream = self.stream.as_ref().expect("open until it is finished");
        let ready = stream.subscribe();
        while !bytes.is_empty() {
            let room = stream.check_write().map_err(said)? as usize;
            if room == 0 {
                ready.block();
                continue;
            }
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            stream.write(now).map_err(said)?;
            bytes = later;
        }
        drop(ready);
        stream.blocking_flush().map_err(said)
    }

    pub fn finish(self) -> Result<(), String> {
        self.finish_with(None)
    }

    pub fn finish_with(mut self, trailers: Option<Fields>) -> Result<(), String> {
        self.stream = None;
        OutgoingBody::finish(self.body, trailers).map_err(|error| format!("{error:?}"))
    }
}

fn said(error: StreamError) -> String {
    match error {
        StreamError::Closed => "closed".to_owned(),
        StreamError::LastOperationFailed(error) => error.to_debug_string(),
    }
}

pub fn method_name(method: &Method) -> String {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        Method::Other(name) => name,
    }
    .to_owned()
}

/// `%20` and `+` of a query's value.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
