//! What the responses that the host makes itself have in common.

use http::header::IF_NONE_MATCH;
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use crate::Body;

pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Whether the client has it: the comparison is the weak one.
pub(crate) fn is_known(etag: &HeaderValue, asked: &HeaderMap) -> bool {
    let listed = asked.get_all(IF_NONE_MATCH).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    listed
        .map(<[u8]>::trim_ascii)
        .any(|known| known == b"*" || known.strip_prefix(b"W/").unwrap_or(known) == etag.as_bytes())
}
