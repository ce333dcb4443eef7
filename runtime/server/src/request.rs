//! A request's head: what is wrong with it, where it goes, and what of it the worker sees.

mod body;
mod forwarded;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Uri, Version};
use worky_host::{RequestId, TraceContext};

use crate::config::ServerConfig;
use crate::connection::Connection;
use crate::errors::Refusal;

pub(crate) use body::{BodyFault, receive};
pub(crate) use forwarded::{Claims, forward};

/// Makes what the worker reads of what the client sent. Answers the trace that the request belongs to.
pub(crate) fn present(
    head: &Head,
    parts: &mut Parts,
    request_id: &RequestId,
    new_trace: impl FnOnce() -> TraceContext,
    connection: &Connection,
) -> TraceContext {
    head.strip_hop_by_hop(&mut parts.headers);
    head.complete_host(&parts.uri, &mut parts.headers);
    let scheme = forward(&mut parts.headers, head.claims(), connection);
    let trace = head.trace(&mut parts.headers, new_trace);
    let id = HeaderValue::from_str(request_id.as_str()).expect("an id is visible ASCII");
    parts.headers.insert(X_REQUEST_ID, id);
    parts.uri = head.absolute(parts.uri.path_and_query(), scheme);
    trace
}

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// Header fields that concern one connection only (RFC 9110, 7.6.1), as far as a request may have them.
const HOP_BY_HOP: [HeaderName; 7] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("http2-settings"),
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// A head that may be served.
#[derive(Debug)]
pub(crate) struct Head {
    authority: Authority,
    found: Found,
}

/// What one pass over the header fields finds.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    hosts: u32,
    cookies: u32,
    hop_by_hop: bool,
    upgrade: bool,
    expect: bool,
    trace: bool,
    baggage: bool,
    forwarded: bool,
    bytes: usize,
}

/// Whether the client waits for `100 Continue` before it sends its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Continue {
    Expected,
    NotExpected,
}

impl Head {
    /// Checks a head. `own` is the server's address, the host of HTTP/1.0 requests that name none.
    pub(crate) fn check(parts: &Parts, config: &ServerConfig, own: &Authority) -> Result<Self, Refusal> {
        if matches!(parts.method.as_str(), "CONNECT" | "TRACE" | "TRACK") {
            return Err(Refusal::Method { method: parts.method.clone() });
        }
        let target_bytes = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
        if target_bytes > config.uri_bytes_max {
            return Err(Refusal::UriTooLong { bytes: target_bytes, limit: config.uri_bytes_max });
        }
        if !parts.uri.path().starts_with('/') {
            return Err(Refusal::Target { target: parts.uri.to_string() });
        }
        let found = Found::in_headers(&parts.headers);
        if found.bytes > config.header_bytes_max {
            return Err(Refusal::HeaderBytes { bytes: found.bytes, limit: config.header_bytes_max });
        }
        if parts.headers.len() > config.header_count_max {
            return Err(Refusal::HeaderCount { count: parts.headers.len(), limit: config.header_count_max });
        }
        if found.expect {
            check_expectation(&parts.headers)?;
        }
        if found.upgrade {
            check_upgrade(&parts.headers)?;
        }
        Ok(Head { authority: authority(parts, found.hosts, own)?, found })
    }

    /// The host that was asked for, without its port.
    pub(crate) fn host(&self) -> &str {
        self.authority.host()
    }

    pub(crate) fn continues(&self) -> Continue {
        if self.found.expect { Continue::Expected } else { Continue::NotExpected }
    }

    /// The absolute address, as a worker reads it in `request.url`.
    pub(crate) fn absolute(&self, target: Option<&PathAndQuery>, scheme: Scheme) -> Uri {
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(scheme);
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(target.cloned().unwrap_or_else(|| PathAndQuery::from_static("/")));
        Uri::from_parts(parts).expect("scheme, authority and path make an address")
    }

    /// Takes out what is between the client and this server only.
    pub(crate) fn strip_hop_by_hop(&self, headers: &mut HeaderMap) {
        if self.found.hop_by_hop {
            strip_hop_by_hop(headers, &HOP_BY_HOP);
        }
        if self.found.expect {
            headers.remove(header::EXPECT);
        }
        if self.found.cookies > 1 {
            join_cookies(headers);
        }
    }

    /// HTTP/2 requests, and those with an absolute target, name their host in the target; the worker finds it in the
    /// field as well.
    pub(crate) fn complete_host(&self, target: &Uri, headers: &mut HeaderMap) {
        if target.authority().is_some() {
            let host = HeaderValue::from_str(self.authority.as_str()).expect("an authority is visible ASCII");
            headers.insert(header::HOST, host);
        }
    }

    /// Whether the client says something about where the request comes from.
    pub(crate) fn claims(&self) -> Claims {
        if self.found.forwarded { Claims::Some } else { Claims::None }
    }

    /// The client's trace or the one that `otherwise` makes; the worker sees the one that counts. Baggage is never taken
    /// over from outside.
    pub(crate) fn trace(&self, headers: &mut HeaderMap, otherwise: impl FnOnce() -> TraceContext) -> TraceContext {
        if self.found.baggage {
            headers.remove(BAGGAGE);
        }
        if self.found.trace {
            let mut values = headers.get_all(TRACEPARENT).iter();
            let trace = match (values.next(), values.next()) {
                (Some(only), None) => only.to_str().ok().and_then(TraceContext::parse),
                _ => None,
            };
            if let Some(trace) = trace {
                return trace;
            }
            headers.remove(TRACESTATE);
        }
        let trace = otherwise();
        let value = HeaderValue::try_from(trace.traceparent()).expect("a traceparent is visible ASCII");
        headers.insert(TRACEPARENT, value);
        trace
    }
}

/// The client's id for the request, if it is one, or a new one.
pub(crate) fn request_id(asked: Option<&[u8]>) -> RequestId {
    let asked = asked.and_then(|value| std::str::from_utf8(value).ok());
    asked.and_then(RequestId::parse).unwrap_or_else(RequestId::random)
}

/// The trace that a `traceparent` field continues, if it is a valid one.
pub(crate) fn parse_trace(field: &[u8]) -> Option<TraceContext> {
    TraceContext::parse(std::str::from_utf8(field).ok()?)
}

/// The host that a `host` field names, if it is one.
pub(crate) fn parse_host(field: &[u8]) -> Option<Authority> {
    checked(Authority::try_from(field).ok()?).ok()
}

/// Removes what `connection` names and what is hop-by-hop by definition.
pub(crate) fn strip_hop_by_hop(headers: &mut HeaderMap, by_definition: &[HeaderName]) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::try_from(name.trim()).ok())
        // A message cannot declare these to be about the connection: they say what the message is.
        .filter(|name| !matches!(*name, header::HOST | header::CONTENT_LENGTH | header::CONTENT_TYPE))
        .collect();
    for name in named.iter().chain(by_definition) {
        headers.remove(name);
    }
}

impl Found {
    fn in_headers(headers: &HeaderMap) -> Self {
        let mut found = Found::default();
        for (name, value) in headers {
            found.bytes += name.as_str().len() + value.len();
            match name.as_str() {
                "host" => found.hosts += 1,
                "cookie" => found.cookies += 1,
                "connection" | "keep-alive" | "proxy-connection" | "http2-settings" | "te" | "transfer-encoding" => {
                    found.hop_by_hop = true;
                }
                "upgrade" => (found.upgrade, found.hop_by_hop) = (true, true),
                "expect" => found.expect = true,
                "traceparent" | "tracestate" => found.trace = true,
                "baggage" => found.baggage = true,
                "forwarded" | "cf-connecting-ip" | "cf-connecting-ipv6" | "true-client-ip" | "x-real-ip"
                | "x-client-ip" => found.forwarded = true,
                name if name.starts_with("x-forwarded-") => found.forwarded = true,
                _ => {}
            }
        }
        found
    }
}

/// The host a request is for: that of an absolute target (RFC 9112, 3.2.2), else the `host` field.
fn authority(parts: &Parts, hosts: u32, own: &Authority) -> Result<Authority, Refusal> {
    if hosts > 1 {
        return Err(Refusal::Hosts { count: hosts });
    }
    let field = parts.headers.get(header::HOST);
    if let Some(scheme) = parts.uri.scheme_str()
        && !matches!(scheme, "http" | "https")
    {
        return Err(Refusal::Target { target: parts.uri.to_string() });
    }
    match (parts.uri.authority(), field) {
        // HTTP/1.1 asks for the field even where the target makes it superfluous.
        (Some(_), None) if parts.version == Version::HTTP_11 => Err(Refusal::NoHost),
        (Some(authority), _) => checked(authority.clone()),
        (None, Some(field)) => {
            let bad = || Refusal::Host { host: String::from_utf8_lossy(field.as_bytes()).into_owned() };
            checked(Authority::try_from(field.as_bytes()).map_err(|_| bad())?)
        }
        (None, None) if parts.version == Version::HTTP_10 => Ok(own.clone()),
        (None, None) => Err(Refusal::NoHost),
    }
}

fn checked(authority: Authority) -> Result<Authority, Refusal> {
    let (text, host) = (authority.as_str(), authority.host());
    let port_good = match text.get(host.len()..) {
        Some("") => true,
        Some(port) => port.strip_prefix(':').is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok()),
        None => false,
    };
    let host_good = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)),
    };
    // A user name before the host makes the text longer at its front, so that neither check holds.
    if text.starts_with(host) && host_good && port_good {
        Ok(authority)
    } else {
        Err(Refusal::Host { host: text.to_owned() })
    }
}

fn check_expectation(headers: &HeaderMap) -> Result<(), Refusal> {
    for value in headers.get_all(header::EXPECT) {
        if !value.as_bytes().eq_ignore_ascii_case(b"100-continue") {
            return Err(Refusal::Expectation { expected: String::from_utf8_lossy(value.as_bytes()).into_owned() });
        }
    }
    Ok(())
}

/// A client that offers HTTP/2 by upgrade goes on in HTTP/1.1 when the offer is passed over, and so does any other
/// whose protocol is optional; one that asks for a WebSocket does not.
fn check_upgrade(headers: &HeaderMap) -> Result<(), Refusal> {
    let asked = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    match asked.flat_map(|value| value.split(',')).find(|protocol| protocol.trim().eq_ignore_ascii_case("websocket")) {
        Some(protocol) => Err(Refusal::Upgrade { protocol: protocol.trim().to_owned() }),
        None => Ok(()),
    }
}

/// HTTP/2 clients may split the cookie field; whoever reads it as one field must find it in one piece
/// (RFC 9113, 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let parts: Vec<&[u8]> = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if let Ok(joined) = HeaderValue::from_bytes(&parts.join(&b"; "[..])) {
        headers.insert(header::COOKIE, joined);
    }
}
