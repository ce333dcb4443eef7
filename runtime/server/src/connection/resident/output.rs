//! Answers whose body is at hand, as HTTP/1.1 (RFC 9112) has them.

use std::cell::RefCell;
use std::time::{Duration, Instant, SystemTime};

use http::header::{self, HeaderMap, HeaderValue};
use http::{Response, StatusCode};
use worky_host::RequestId;

use crate::response::{Asked, ResponseBody};

/// Whether the connection goes on after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    KeepAlive,
    Close,
}

/// A text with status 200, the most frequent answer.
pub(super) fn write_text(
    out: &mut Vec<u8>,
    text: &str,
    content_type: Option<&HeaderValue>,
    request_id: &RequestId,
    (asked, after, now): (Asked, After, Instant),
) {
    out.reserve(192 + text.len());
    out.extend_from_slice(b"HTTP/1.1 200 OK\r\n");
    if let Some(content_type) = content_type {
        write_field(out, b"content-type", content_type.as_bytes());
    }
    write_field(out, b"x-request-id", request_id.as_bytes());
    // Nobody knows how long the text would have been, had the worker made one.
    if asked == Asked::Everything || !text.is_empty() {
        write_length(out, text.len());
    }
    finish_head(out, after, now);
    if asked == Asked::Everything {
        out.extend_from_slice(text.as_bytes());
    }
}

/// An answer with its fields and a body at hand; `bytes` is that body.
pub(super) fn write_whole(
    out: &mut Vec<u8>,
    response: &Response<ResponseBody>,
    bytes: &[u8],
    (asked, after, now): (Asked, After, Instant),
) {
    let (status, headers) = (response.status(), response.headers());
    out.reserve(192 + headers.len() * 48 + bytes.len());
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(status.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(status.canonical_reason().unwrap_or("").as_bytes());
    out.extend_from_slice(b"\r\n");
    write_fields(out, headers);
    // What a HEAD would have had is among its fields already, as far as it is known.
    let has_length = !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if has_length && asked == Asked::Everything {
        write_length(out, bytes.len());
    }
    if headers.contains_key(header::DATE) {
        finish_head_without_date(out, after);
    } else {
        finish_head(out, after, now);
    }
    out.extend_from_slice(bytes);
}

fn write_fields(out: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers {
        write_field(out, name.as_str().as_bytes(), value.as_bytes());
    }
}

fn write_field(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

fn write_length(out: &mut Vec<u8>, bytes: usize) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut left = bytes;
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    write_field(out, b"content-length", &digits[at..]);
}

fn finish_head(out: &mut Vec<u8>, after: After, now: Instant) {
    DATE.with_borrow_mut(|date| write_field(out, b"date", date.at(now)));
    finish_head_without_date(out, after);
}

fn finish_head_without_date(out: &mut Vec<u8>, after: After) {
    if after == After::Close {
        out.extend_from_slice(b"connection: close\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

thread_local! {
    static DATE: RefCell<Date> = const { RefCell::new(Date { text: [b' '; 29], until: None }) };
}

/// The time of day as a `date` field has it, written once a second.
struct Date {
    text: [u8; 29],
    until: Option<Instant>,
}

impl Date {
    fn at(&mut self, now: Instant) -> &[u8] {
        if self.until.is_none_or(|until| now >= until) {
            let time = SystemTime::now();
            let into_second = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
            self.until = Some(now + Duration::from_secs(1) - Duration::from_nanos(into_second.into()));
            let text = httpdate::fmt_http_date(time);
            if let Ok(text) = text.as_bytes().try_into() {
                self.text = text;
            }
        }
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_whole_answer() {
        let content_type = HeaderValue::from_static("text/plain");
        let id = RequestId::parse("r1").expect("an id");
        for (asked, after, end) in [
            (Asked::Everything, After::KeepAlive, "\r\n\r\nhello"),
            (Asked::HeadOnly, After::Close, "\r\nconnection: close\r\n\r\n"),
        ] {
            let mut out = Vec::new();
            write_text(&mut out, "hello", Some(&content_type), &id, (asked, after, Instant::now()));
            let out = String::from_utf8(out).expect("ASCII");
            let start =
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nx-request-id: r1\r\ncontent-length: 5\r\ndate: ";
            assert!(out.starts_with(start) && out.ends_with(end), "{out}");
        }
    }

    #[test]
    fn lengths_are_decimal() {
        for length in [0, 7, 10, 4_294_967_296, usize::MAX] {
            let mut out = Vec::new();
            write_length(&mut out, length);
            assert_eq!(out, format!("content-length: {length}\r\n").into_bytes());
        }
    }
}
