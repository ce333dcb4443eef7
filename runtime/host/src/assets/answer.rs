//! From an asset to a response: whole, a part of it, or nothing because the client has it (RFC 9110, 13 and 14).

use std::ops::Range;

use http::header::{
    ACCEPT_RANGES, AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};

use crate::answer::is_known;

/// Browsers may keep an asset and ask whether it is still the same.
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, max-age=0, must-revalidate");

/// What is known of an asset before its content is looked at.
pub(super) struct Asset<'a> {
    pub(super) bytes: u64,
    /// `None` where its content is not what it was when it was hashed.
    pub(super) etag: Option<&'a HeaderValue>,
    pub(super) content_type: Option<&'a HeaderValue>,
}

/// The head of the answer to a GET or a HEAD, and which part of the content follows it.
pub(super) fn head(
    asset: &Asset<'_>,
    found: StatusCode,
    method: &Method,
    asked: &HeaderMap,
) -> (Response<()>, Range<u64>) {
    let mut response = Response::new(());
    let headers = response.headers_mut();
    if let Some(etag) = asset.etag {
        headers.insert(ETAG, etag.clone());
    }
    if !asked.contains_key(AUTHORIZATION) && !asked.contains_key(RANGE) {
        headers.insert(CACHE_CONTROL, REVALIDATED);
    }
    if found == StatusCode::OK && asset.etag.is_some_and(|etag| is_known(etag, asked)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return (response, 0..0);
    }
    let part = match part(asset, found, method, asked) {
        Part::Whole => 0..asset.bytes,
        Part::Within(part) => {
            let text = format!("bytes {}-{}/{}", part.start, part.end - 1, asset.bytes);
            headers.insert(CONTENT_RANGE, text.try_into().expect("digits are visible ASCII"));
            part
        }
        Part::Beyond => {
            let text = format!("bytes */{}", asset.bytes);
            headers.insert(CONTENT_RANGE, text.try_into().expect("digits are visible ASCII"));
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            return (response, 0..0);
        }
    };
    if let Some(content_type) = asset.content_type {
        headers.insert(CONTENT_TYPE, content_type.clone());
    }
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, (part.end - part.start).into());
    *response.status_mut() =
        if response.headers().contains_key(CONTENT_RANGE) { StatusCode::PARTIAL_CONTENT } else { found };
    (response, if *method == Method::HEAD { 0..0 } else { part })
}

enum Part {
    Whole,
    /// Not empty.
    Within(Range<u64>),
    Beyond,
}

/// Several ranges at once are answered as if none was asked for, as the standard allows.
fn part(asset: &Asset<'_>, found: StatusCode, method: &Method, asked: &HeaderMap) -> Part {
    let range = asked.get(RANGE).and_then(|range| range.to_str().ok());
    let Some(range) = range.filter(|_| *method == Method::GET && found == StatusCode::OK) else { return Part::Whole };
    // A date says too little of what changes twice in a second.
    if asked.get(IF_RANGE).is_some_and(|condition| Some(condition) != asset.etag) || asset.etag.is_none() {
        return Part::Whole;
    }
    let Some((unit, spec)) = range.split_once('=') else { return Part::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Part::Whole;
    }
    let Some((first, last)) = spec.trim().split_once('-') else { return Part::Whole };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // A number that does not fit is beyond all ends.
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let bytes = asset.bytes;
    let (start, end) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1).min(bytes)),
        (Some(first), None) if last.is_empty() => (first, bytes),
        (None, Some(last)) if first.is_empty() => (bytes.saturating_sub(last), bytes),
        _ => return Part::Whole,
    };
    if start >= end { Part::Beyond } else { Part::Within(start..end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status, `content-range`, and the part, of 100 bytes.
    fn told(method: Method, asked: &[(&'static str, &str)]) -> (u16, Option<String>, Range<u64>) {
        let etag = HeaderValue::from_static("\"tag\"");
        let asset = Asset { bytes: 100, etag: Some(&etag), content_type: None };
        let mut headers = HeaderMap::new();
        for (name, value) in asked {
            headers.append(*name, value.parse().expect("a value"));
        }
        let (response, part) = head(&asset, StatusCode::OK, &method, &headers);
        let range = response.headers().get(CONTENT_RANGE).map(|value| value.to_str().expect("text").to_owned());
        (response.status().as_u16(), range, part)
    }

    #[test]
    fn parts() {
        for (range, status, content_range, part) in [
            ("bytes=0-9", 206, Some("bytes 0-9/100"), 0..10),
            ("bytes=90-", 206, Some("bytes 90-99/100"), 90..100),
            ("bytes=-10", 206, Some("bytes 90-99/100"), 90..100),
            ("bytes=-1000", 206, Some("bytes 0-99/100"), 0..100),
            ("Bytes=99-99999999999999999999999", 206, Some("bytes 99-99/100"), 99..100),
            ("bytes=100-", 416, Some("bytes */100"), 0..0),
            ("bytes=-0", 416, Some("bytes */100"), 0..0),
            ("bytes=9-3", 200, None, 0..100),
            ("bytes=0-1,5-6", 200, None, 0..100),
            ("lines=0-1", 200, None, 0..100),
            ("bytes=-", 200, None, 0..100),
            ("bytes=+1-2", 200, None, 0..100),
            ("bytes", 200, None, 0..100),
        ] {
            let expected = (status, content_range.map(str::to_owned), part);
            assert_eq!(told(Method::GET, &[("range", range)]), expected, "{range}");
        }
        assert_eq!(told(Method::HEAD, &[("range", "bytes=0-9")]), (200, None, 0..0));
        assert_eq!(told(Method::GET, &[("range", "bytes=0-9"), ("if-range", "\"tag\"")]).0, 206);
        assert_eq!(told(Method::GET, &[("range", "bytes=0-9"), ("if-range", "W/\"tag\"")]).0, 200);
        assert_eq!(told(Method::GET, &[("range", "bytes=0-9"), ("if-range", "\"other\"")]).0, 200);
    }

    #[test]
    fn what_the_client_has() {
        for (known, status) in [
            ("\"tag\"", 304),
            ("W/\"tag\"", 304),
            ("\"a\", W/\"tag\"", 304),
            ("*", 304),
            ("\"other\"", 200),
            ("tag", 200),
        ] {
            assert_eq!(told(Method::GET, &[("if-none-match", known)]).0, status, "{known}");
            assert_eq!(told(Method::HEAD, &[("if-none-match", known)]).0, status, "{known}");
        }
        assert_eq!(told(Method::GET, &[("if-none-match", "\"a\""), ("if-none-match", "\"tag\"")]).0, 304);
        assert_eq!(told(Method::GET, &[("if-none-match", "\"tag\""), ("range", "bytes=0-1")]).0, 304);
    }
}
