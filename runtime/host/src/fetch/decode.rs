//! Content encodings of a response, undone as the guest reads.

use std::io;
use std::pin::Pin;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use futures_util::{TryStreamExt, stream};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio_util::io::{ReaderStream, StreamReader};

use super::stream::Download;
use crate::{Body, BodyError};

/// What we ask for where the guest leaves it to us.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// The most encodings on top of each other; with more, the body is passed on as it is.
const LAYERS_MAX: usize = 3;

/// The size of the chunks a decoded body comes in, in bytes.
const CHUNK_BYTES: usize = 16 << 10;

/// The largest window of a zstd body, as a power of two: the 8 MiB that RFC 9659 allows on the web. The upstream
/// picks the window and we hold it in memory.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Gzip,
    Brotli,
    Zstd,
    Deflate,
}

/// The body without its encodings. The headers that spoke of the encoded one are removed with them; a body in an
/// encoding we do not know keeps both.
pub(super) fn decode(headers: &mut HeaderMap, body: Download) -> Body {
    let encodings = match parse(headers) {
        Some(encodings) if !encodings.is_empty() => encodings,
        _ => return Body::stream(body),
    };
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
    let mut encoded = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    let chunks = stream::once(async move {
        // Nothing at all is not a valid encoding of anything, and is sent nevertheless.
        let empty = encoded.fill_buf().await?.is_empty();
        let mut reader: Pin<Box<dyn AsyncRead + Send>> = Box::pin(encoded);
        // The last one in the list was applied last.
        for encoding in encodings.into_iter().rev().filter(|_| !empty) {
            reader = decoder(encoding, reader);
        }
        io::Result::Ok(ReaderStream::with_capacity(reader, CHUNK_BYTES))
    });
    Body::stream(StreamBody::new(chunks.try_flatten().map_ok(Frame::data).map_err(body_error)))
}

/// In the order they were applied; `None` where one of them is unknown.
fn parse(headers: &HeaderMap) -> Option<Vec<Encoding>> {
    let mut encodings = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING).iter().map(HeaderValue::to_str) {
        for word in value.ok()?.split(',').map(str::trim) {
            let encoding = match word.to_ascii_lowercase().as_str() {
                "" | "identity" => continue,
                "gzip" | "x-gzip" => Encoding::Gzip,
                "br" => Encoding::Brotli,
                "zstd" => Encoding::Zstd,
                "deflate" => Encoding::Deflate,
                _ => return None,
            };
            encodings.push(encoding);
        }
    }
    (encodings.len() <= LAYERS_MAX).then_some(encodings)
}

fn decoder(encoding: Encoding, encoded: Pin<Box<dyn AsyncRead + Send>>) -> Pin<Box<dyn AsyncRead + Send>> {
    let encoded = BufReader::with_capacity(CHUNK_BYTES, encoded);
    match encoding {
        Encoding::Gzip => {
            let mut decoder = GzipDecoder::new(encoded);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
        Encoding::Brotli => Box::pin(BrotliDecoder::new(encoded)),
        Encoding::Zstd => {
            let window = DParameter::window_log_max(ZSTD_WINDOW_LOG_MAX);
            let mut decoder = ZstdDecoder::with_params(encoded, &[window]);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
        Encoding::Deflate => Box::pin(ZlibDecoder::new(encoded)),
    }
}

/// What broke off: the transfer, or the encoding itself.
fn body_error(error: io::Error) -> BodyError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<BodyError>()) {
        Some(transfer) => transfer.clone(),
        None => BodyError::Upstream(format!("its content encoding is damaged: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_read_in_order() {
        use Encoding::*;
        for (values, expected) in [
            (&[][..], Some(vec![])),
            (&["identity"], Some(vec![])),
            (&["GZIP"], Some(vec![Gzip])),
            (&["gzip, br", "zstd"], Some(vec![Gzip, Brotli, Zstd])),
            (&["deflate,,x-gzip"], Some(vec![Deflate, Gzip])),
            (&["gzip, snappy"], None),
            (&["gzip,gzip,gzip,gzip"], None),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(parse(&headers), expected, "{values:?}");
        }
    }
}
