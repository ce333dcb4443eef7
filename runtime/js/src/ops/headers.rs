//! Header lists of a guest as the host's.

use deno_core::convert::ByteString;
use deno_error::JsErrorBox;
use http::header::{HeaderMap, HeaderName, HeaderValue};

/// The most headers of one message. The host's map grows slow with many of one name, and breaks at 32,768.
const HEADERS_MAX: usize = 1_000;
/// The most bytes of all of their names and values.
const HEADER_BYTES_MAX: usize = 256 << 10;

pub(super) fn fill<'a>(
    map: &mut HeaderMap,
    pairs: impl Iterator<Item = (&'a ByteString, &'a ByteString)>,
) -> Result<(), JsErrorBox> {
    let mut bytes = 0;
    for (count, (name, value)) in pairs.enumerate() {
        bytes += name.len() + value.len();
        if count >= HEADERS_MAX || bytes > HEADER_BYTES_MAX {
            return Err(JsErrorBox::type_error(format!(
                "too many headers: a message may have {HEADERS_MAX}, of {HEADER_BYTES_MAX} bytes in all"
            )));
        }
        let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) else {
            return Err(JsErrorBox::type_error(format!("header {:?} cannot be sent", String::from_utf8_lossy(name))));
        };
        map.append(name, value);
    }
    Ok(())
}
