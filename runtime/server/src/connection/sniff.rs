use std::io;

use super::io::Io;
use crate::config::Http2;

/// What a client that knows it talks HTTP/2 sends first (RFC 9113, 3.4).
const HTTP2_PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
    /// The client went away without a word.
    None,
}

/// Finds out the protocol from the first bytes, which stay to be read.
pub(super) async fn protocol(io: &mut Io, http2: Http2) -> io::Result<Protocol> {
    loop {
        if io.fill_first_bytes().await? == 0 {
            return Ok(if io.first_bytes().is_empty() { Protocol::None } else { Protocol::Http1 });
        }
        if let Some(protocol) = judge(io.first_bytes(), http2) {
            return Ok(protocol);
        }
    }
}

/// `None` where more bytes are needed to tell.
fn judge(first: &[u8], http2: Http2) -> Option<Protocol> {
    let compared = first.len().min(HTTP2_PREFACE.len());
    if http2 == Http2::Off || first[..compared] != HTTP2_PREFACE[..compared] {
        return Some(Protocol::Http1);
    }
    (compared == HTTP2_PREFACE.len()).then_some(Protocol::Http2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        for (first, expected) in [
            (&b"GET / HTTP/1.1\r\n"[..], Some(Protocol::Http1)),
            (b"P", None),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r", None),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore", Some(Protocol::Http2)),
            (b"POST", Some(Protocol::Http1)),
            (b"PRI * HTTP/1.1\r\n", Some(Protocol::Http1)),
        ] {
            assert_eq!(judge(first, Http2::On), expected, "{first:?}");
        }
        assert_eq!(judge(HTTP2_PREFACE, Http2::Off), Some(Protocol::Http1));
    }
}
