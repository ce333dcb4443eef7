//! The head of a request that can be served without further ado: which one is, and what becomes of it when the guest
//! asks for it. Everything that is out of the ordinary is left to hyper, errors included.

use std::mem::MaybeUninit;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Method, Request, Uri};
use worky_engine::local::LazyHead;
use worky_host::{RequestId, TraceContext};

use crate::config::ServerConfig;
use crate::connection::Connection;
use crate::request::{self, Head};

/// Header fields that are read here; with more of them, hyper reads the request.
const FIELDS_MAX: usize = 100;

/// What is in the first bytes of what came.
pub(super) enum Look {
    /// A whole head, and nothing in it that needs care.
    Ordinary(Ordinary),
    /// The beginning of a head.
    Partial,
    /// A request for hyper: it needs care, or is wrong.
    Other,
}

/// Where in the head is what is needed at once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ordinary {
    pub(super) method: Method,
    pub(super) head_bytes: usize,
    pub(super) body_bytes: u64,
    pub(super) target: Range<usize>,
    pub(super) host: Range<usize>,
    pub(super) request_id: Option<Range<usize>>,
    pub(super) trace: Option<Range<usize>>,
}

/// Reads the head at the beginning of `input`.
pub(super) fn look(input: &[u8], config: &ServerConfig) -> Look {
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS_MAX];
    let mut request = httparse::Request::new(&mut []);
    let head_bytes = match request.parse_with_uninit_headers(input, &mut fields) {
        Ok(httparse::Status::Complete(bytes)) => bytes,
        Ok(httparse::Status::Partial) => return Look::Partial,
        Err(_) => return Look::Other,
    };
    ordinary(input, head_bytes, &request, config).map_or(Look::Other, Look::Ordinary)
}

fn ordinary(
    input: &[u8],
    head_bytes: usize,
    request: &httparse::Request<'_, '_>,
    config: &ServerConfig,
) -> Option<Ordinary> {
    let target = request.path?.as_bytes();
    if request.version != Some(1) || !target.starts_with(b"/") || target.len() > config.uri_bytes_max {
        return None;
    }
    let method = Method::from_bytes(request.method?.as_bytes()).ok()?;
    if matches!(method.as_str(), "CONNECT" | "TRACE" | "TRACK") || request.headers.len() > config.header_count_max {
        return None;
    }
    let place = |part: &[u8]| {
        let start = part.as_ptr().addr() - input.as_ptr().addr();
        start..start + part.len()
    };
    let mut found = Ordinary {
        method,
        head_bytes,
        body_bytes: 0,
        target: place(target),
        host: 0..0,
        request_id: None,
        trace: None,
    };
    let (mut host, mut length) = (None, None);
    let mut fields_bytes = 0;
    for field in &*request.headers {
        let name = field.name;
        fields_bytes += name.len() + field.value.len();
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match name.len() {
            4 if is("host") => first(&mut host, place(field.value))?,
            6 if is("expect") => return None,
            7 if is("upgrade") => return None,
            10 if is("connection") && !field.value.eq_ignore_ascii_case(b"keep-alive") => return None,
            11 if is("traceparent") => first(&mut found.trace, place(field.value))?,
            12 if is("x-request-id") => first(&mut found.request_id, place(field.value))?,
            14 if is("content-length") => first(&mut length, decimal(field.value)?)?,
            17 if is("transfer-encoding") => return None,
            _ => {}
        }
    }
    if fields_bytes > config.header_bytes_max {
        return None;
    }
    found.host = host?;
    found.body_bytes = length.unwrap_or(0);
    Some(found)
}

/// A field that may occur once.
fn first<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

fn decimal(text: &[u8]) -> Option<u64> {
    let digits = (1..=18).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    digits.then(|| text.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// A head as it came, which becomes what the worker reads when it is asked for.
pub(super) struct RawHead {
    pub(super) bytes: Bytes,
    pub(super) method: Method,
    pub(super) target: PathAndQuery,
    pub(super) request_id: RequestId,
    pub(super) trace: TraceContext,
    pub(super) connection: Arc<Connection>,
    pub(super) parts: Option<Box<Parts>>,
}

impl RawHead {
    fn read(&self) -> Box<Parts> {
        let mut parts = raw_parts(&self.bytes, self.method.clone(), self.target.clone());
        let shared = &self.connection.shared;
        // It was found to be in order when it came.
        if let Ok(head) = Head::check(&parts, &shared.config, &shared.own_authority) {
            request::present(&head, &mut parts, &self.request_id, || self.trace, &self.connection);
        }
        Box::new(parts)
    }

    pub(super) fn into_parts(self) -> Parts {
        match self.parts {
            Some(parts) => *parts,
            None => *self.read(),
        }
    }
}

impl LazyHead for RawHead {
    fn method(&self) -> &Method {
        &self.method
    }

    fn parts(&mut self) -> &Parts {
        if self.parts.is_none() {
            self.parts = Some(self.read());
        }
        self.parts.as_deref().expect("it was just put there")
    }
}

fn raw_parts(bytes: &[u8], method: Method, target: PathAndQuery) -> Parts {
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.method = method;
    parts.uri = Uri::from(target);
    parts.headers = fields(bytes);
    parts
}

/// The head at the beginning of `input`, for somebody who looks what it asks for.
pub(super) fn parts(input: &[u8], method: Method, host: Authority, target: PathAndQuery) -> Parts {
    let mut parts = raw_parts(input, method, target.clone());
    let uri = Uri::builder().scheme(Scheme::HTTP).authority(host).path_and_query(target).build();
    parts.uri = uri.expect("it has all of its parts");
    parts
}

/// The header fields of the head at the beginning of `input`, which was found to be in order.
pub(super) fn fields(input: &[u8]) -> HeaderMap {
    /// Those that the worker sees besides.
    const ADDED: usize = 8;
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS_MAX];
    let mut request = httparse::Request::new(&mut []);
    let mut headers = HeaderMap::new();
    if let Ok(httparse::Status::Complete(_)) = request.parse_with_uninit_headers(input, &mut fields) {
        headers.reserve(request.headers.len() + ADDED);
        for field in &*request.headers {
            let (name, value) = (HeaderName::from_bytes(field.name.as_bytes()), HeaderValue::from_bytes(field.value));
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
    }
    headers
}

/// The host of the last request: the next one on the same connection nearly always has the same.
#[derive(Default)]
pub(super) struct LastHost {
    field: Vec<u8>,
    host: Option<Box<str>>,
}

impl LastHost {
    /// The host that a `host` field names, without a port; `None` where it names none.
    pub(super) fn read(&mut self, field: &[u8]) -> Option<&str> {
        if self.host.is_none() || self.field != field {
            self.host = Some(request::parse_host(field)?.host().into());
            self.field = field.to_vec();
        }
        self.host.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ordinary(head: &str) -> bool {
        matches!(look(head.as_bytes(), &ServerConfig::default()), Look::Ordinary(_))
    }

    #[test]
    fn places_are_those_of_the_head() {
        let input = b"POST /a?b HTTP/1.1\r\nHost: example.com\r\nContent-Length: 3\r\nX-Request-Id: r1\r\n\r\nabc";
        let Look::Ordinary(found) = look(input, &ServerConfig::default()) else { panic!("an ordinary request") };
        assert_eq!(&input[found.target], b"/a?b");
        assert_eq!(&input[found.host], b"example.com");
        assert_eq!(&input[found.request_id.expect("it is there")], b"r1");
        assert_eq!((found.method, found.body_bytes, &input[found.head_bytes..]), (Method::POST, 3, &b"abc"[..]));
    }

    #[test]
    fn what_needs_care_is_left_to_hyper() {
        assert!(is_ordinary("GET / HTTP/1.1\r\nhost: a\r\nconnection: keep-alive\r\n\r\n"));
        for (line, field) in [
            ("GET / HTTP/1.0", "host: a"),
            ("GET / HTTP/1.1", "x: no host"),
            ("GET / HTTP/1.1", "host: a\r\nHost: b"),
            ("GET http://a/ HTTP/1.1", "host: a"),
            ("OPTIONS * HTTP/1.1", "host: a"),
            ("CONNECT a:1 HTTP/1.1", "host: a"),
            ("TRACE / HTTP/1.1", "host: a"),
            ("GET / HTTP/1.1", "host: a\r\nConnection: close"),
            ("GET / HTTP/1.1", "host: a\r\nconnection: keep-alive, upgrade"),
            ("GET / HTTP/1.1", "host: a\r\nUpgrade: websocket"),
            ("POST / HTTP/1.1", "host: a\r\nexpect: 100-continue\r\ncontent-length: 1"),
            ("POST / HTTP/1.1", "host: a\r\ntransfer-encoding: chunked"),
            ("POST / HTTP/1.1", "host: a\r\ncontent-length: 1\r\ncontent-length: 1"),
            ("POST / HTTP/1.1", "host: a\r\ncontent-length: +1"),
            ("POST / HTTP/1.1", "host: a\r\ncontent-length: 99999999999999999999"),
        ] {
            assert!(!is_ordinary(&format!("{line}\r\n{field}\r\n\r\n")), "{line} {field}");
        }
        assert!(matches!(look(b"GET / HTTP/1.1\r\nhost: a\r\n", &ServerConfig::default()), Look::Partial));
        let many = "x: y\r\n".repeat(101);
        assert!(!is_ordinary(&format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n")));
        let long = "y".repeat(ServerConfig::default().uri_bytes_max);
        assert!(!is_ordinary(&format!("GET /{long} HTTP/1.1\r\nhost: a\r\n\r\n")));
    }
}
