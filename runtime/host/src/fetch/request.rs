//! From a guest's request to what goes on the wire: the URL, the method and the headers that are not the guest's.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, PROXY_AUTHORIZATION, RANGE, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use percent_encoding::percent_decode_str;
use url::Url;

use super::FetchError;
use super::decode::ACCEPTED;
use crate::InvocationContext;
use crate::egress::Destination;

/// Whether the answer's body is to be decoded: not where the guest asked for an encoding itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decoding {
    Auto,
    AsSent,
}

/// Where a request goes, and the URL for it, without credentials.
pub(crate) fn target(uri: &Uri, headers: &mut HeaderMap) -> Result<(Url, Destination), FetchError> {
    let mut url = Url::parse(&uri.to_string()).map_err(|error| FetchError::InvalidUrl(error.to_string()))?;
    let Some(destination) = Destination::of(&url) else {
        return Err(match url.scheme() {
            "http" | "https" => FetchError::InvalidUrl("it has no host".to_owned()),
            other => FetchError::UnsupportedScheme(other.to_owned()),
        });
    };
    if !url.username().is_empty() || url.password().is_some() {
        if !headers.contains_key(AUTHORIZATION) {
            headers.insert(AUTHORIZATION, basic_authorization(&url));
        }
        // Both can fail only for a URL without a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    url.set_fragment(None);
    Ok((url, destination))
}

/// `CONNECT` opens a raw tunnel and `TRACE` echoes credentials: the fetch standard forbids both.
pub(crate) fn check_method(method: &Method) -> Result<(), FetchError> {
    if *method == Method::CONNECT || *method == Method::TRACE || method.as_str().eq_ignore_ascii_case("TRACK") {
        return Err(FetchError::ForbiddenMethod(method.clone()));
    }
    Ok(())
}

/// Takes out what belongs to the connection, and adds what the guest left to us.
pub(super) fn prepare_headers(headers: &mut HeaderMap, context: &InvocationContext) -> Decoding {
    strip_own_headers(headers);
    if !headers.contains_key(&TRACEPARENT) {
        let traceparent = HeaderValue::try_from(context.trace().child().traceparent());
        headers.insert(TRACEPARENT, traceparent.expect("a traceparent is hexadecimal digits and dashes"));
    }
    if headers.contains_key(ACCEPT_ENCODING) {
        return Decoding::AsSent;
    }
    // A range of an encoded body cannot be decoded (the fetch standard, HTTP-network-or-cache fetch).
    let accepted = if headers.contains_key(RANGE) { "identity" } else { ACCEPTED };
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accepted));
    Decoding::Auto
}

/// Removes from a request the headers that are not its sender's to set.
pub(crate) fn strip_own_headers(headers: &mut HeaderMap) {
    strip_connection_headers(headers);
    // The host is the URL's, the length the body's: a guest that could set them could smuggle a second request.
    for name in [HOST, CONTENT_LENGTH, EXPECT, PROXY_AUTHORIZATION] {
        headers.remove(name);
    }
}

/// Removes the headers that speak of one connection only (RFC 9110, 7.6.1), in either direction.
pub(crate) fn strip_connection_headers(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let always = [CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, HTTP2_SETTINGS];
    for name in named.iter().chain(&always) {
        headers.remove(name);
    }
}

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const HTTP2_SETTINGS: HeaderName = HeaderName::from_static("http2-settings");

fn basic_authorization(url: &Url) -> HeaderValue {
    let mut credentials: Vec<u8> = percent_decode_str(url.username()).collect();
    credentials.push(b':');
    credentials.extend(percent_decode_str(url.password().unwrap_or_default()));
    let text = format!("Basic {}", BASE64_STANDARD.encode(credentials));
    let mut value = HeaderValue::try_from(text).expect("base64 is visible ASCII");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RequestId, TraceContext};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn credentials_leave_the_url() {
        for (url, sent, header) in [
            ("https://a.test/x?y", "https://a.test/x?y", None),
            ("https://us%20er:p%3Ass@a.test/x", "https://a.test/x", Some("Basic dXMgZXI6cDpzcw==")),
            ("https://user@a.test/", "https://a.test/", Some("Basic dXNlcjo=")),
        ] {
            let mut map = HeaderMap::new();
            let (url, _) = target(&url.parse().expect(url), &mut map).expect("a good URL");
            assert_eq!(url.as_str(), sent);
            assert_eq!(map.get(AUTHORIZATION).map(|value| value.to_str().expect("text")), header);
        }
        let mut map = headers(&[("authorization", "Bearer own")]);
        target(&"https://user:pass@a.test/".parse().expect("valid"), &mut map).expect("a good URL");
        assert_eq!(map[AUTHORIZATION], "Bearer own");
    }

    #[test]
    fn bad_urls_and_methods_are_refused() {
        let refuse = |uri: &str| target(&uri.parse().expect(uri), &mut HeaderMap::new()).expect_err(uri).code();
        assert_eq!(refuse("/path"), "invalid_url");
        assert_eq!(refuse("a.test:80"), "unsupported_scheme");
        assert_eq!(refuse("ftp://a.test/"), "unsupported_scheme");
        assert_eq!(refuse("http://a.256.256.256/"), "invalid_url");
        for method in ["CONNECT", "TRACE", "TRACK", "track"] {
            assert!(check_method(&method.parse().expect(method)).is_err(), "{method}");
        }
        for method in ["GET", "POST", "PROPFIND", "connect"] {
            assert!(check_method(&method.parse().expect(method)).is_ok(), "{method}");
        }
    }

    #[test]
    fn headers_of_the_connection_are_dropped() {
        let context =
            InvocationContext::new(RequestId::random(), TraceContext::root(), crate::InvocationLimits::UNBOUNDED);
        let mut map = headers(&[
            ("connection", "x-hop, close"),
            ("x-hop", "1"),
            ("keep-alive", "timeout=5"),
            ("host", "other.test"),
            ("content-length", "7"),
            ("transfer-encoding", "chunked"),
            ("te", "trailers"),
            ("upgrade", "websocket"),
            ("expect", "100-continue"),
            ("proxy-authorization", "Basic x"),
            ("x-own", "stays"),
        ]);
        assert_eq!(prepare_headers(&mut map, &context), Decoding::Auto);
        let mut names: Vec<&str> = map.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept-encoding", "traceparent", "x-own"]);
        let sent = TraceContext::parse(map[TRACEPARENT].to_str().expect("text")).expect("valid");
        assert_eq!(sent.trace_id, context.trace().trace_id);
        assert_ne!(sent.span_id, context.trace().span_id);
    }

    #[test]
    fn what_the_guest_set_stays() {
        let context =
            InvocationContext::new(RequestId::random(), TraceContext::root(), crate::InvocationLimits::UNBOUNDED);
        let mut map = headers(&[("accept-encoding", "gzip"), ("traceparent", "own")]);
        assert_eq!(prepare_headers(&mut map, &context), Decoding::AsSent);
        assert_eq!((&map[ACCEPT_ENCODING], &map[TRACEPARENT]), (&"gzip".parse().unwrap(), &"own".parse().unwrap()));
        let mut map = headers(&[("range", "bytes=0-1")]);
        prepare_headers(&mut map, &context);
        assert_eq!(map[ACCEPT_ENCODING], "identity");
    }
}
