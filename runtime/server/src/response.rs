//! A worker's answer on its way to the client.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body::{Body as _, Frame, SizeHint};
use worky_host::{Body, BodyError};

use crate::access::Exchange;
use crate::request::{X_REQUEST_ID, strip_hop_by_hop};

/// Header fields that concern one connection only (RFC 9110, 7.6.1). How long the body is and how it is framed follows
/// from the body itself.
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Whether the request was a HEAD, whose answer has no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    HeadOnly,
    Everything,
}

/// Makes what is sent of a worker's answer or of an error.
pub(crate) fn finish(response: Response<Body>, asked: Asked, mut exchange: Exchange) -> Response<ResponseBody> {
    let (mut parts, mut body) = response.into_parts();
    let fields = Fields::in_headers(&parts.headers);
    if fields.hop_by_hop {
        strip_hop_by_hop(&mut parts.headers, &HOP_BY_HOP);
    }
    let null_body =
        matches!(parts.status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED);
    match asked {
        Asked::HeadOnly => {
            let length = if null_body { None } else { head_length(&body, &parts.headers) };
            parts.headers.remove(header::CONTENT_LENGTH);
            if let Some(length) = length {
                parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            }
            body = Body::empty();
        }
        Asked::Everything => {
            if fields.content_length {
                parts.headers.remove(header::CONTENT_LENGTH);
            }
            if null_body {
                body = Body::empty();
            }
        }
    }
    parts.headers.insert(X_REQUEST_ID, exchange.request_id_value());
    exchange.status = Some(parts.status);
    Response::from_parts(parts, ResponseBody { body, failed: None, exchange })
}

/// What `content-length` a GET would have had, as far as it is known: that of the body the worker made, or, where it
/// made none because of the HEAD, what it says.
fn head_length(body: &Body, headers: &HeaderMap) -> Option<u64> {
    match body.size_hint().exact()? {
        0 => headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok(),
        length => Some(length),
    }
}

#[derive(Default)]
struct Fields {
    hop_by_hop: bool,
    content_length: bool,
}

impl Fields {
    fn in_headers(headers: &HeaderMap) -> Self {
        let mut fields = Fields::default();
        for name in headers.keys() {
            match name.as_str() {
                "content-length" => fields.content_length = true,
                "connection" | "keep-alive" | "proxy-connection" | "te" | "transfer-encoding" | "upgrade" => {
                    fields.hop_by_hop = true;
                }
                _ => {}
            }
        }
        fields
    }
}

/// The body that is sent. The exchange ends with it.
pub(crate) struct ResponseBody {
    body: Body,
    failed: Option<Failed>,
    exchange: Exchange,
}

/// Told to hyper two turns late, because it then drops what it has not written yet: in the first one a new socket learns
/// that it can be written to, in the second one what came before is written.
struct Failed {
    error: BodyError,
    turns: u8,
    turn: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Failed {
    fn new(error: BodyError) -> Self {
        Failed { error, turns: 2, turn: Box::pin(tokio::task::yield_now()) }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<BodyError> {
        while self.turns > 0 {
            ready!(self.turn.as_mut().poll(cx));
            self.turns -= 1;
            self.turn = Box::pin(tokio::task::yield_now());
        }
        Poll::Ready(self.error.clone())
    }
}

impl ResponseBody {
    /// The whole body, where it is at hand.
    pub(crate) fn as_bytes(&self) -> Option<&[u8]> {
        if self.failed.is_some() { None } else { self.body.as_bytes() }
    }

    /// The body was sent in one piece, and not by asking for frames.
    pub(crate) fn sent_whole(mut self, bytes: u64) {
        self.exchange.sent_bytes += bytes;
    }
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        if let Some(failed) = &mut this.failed {
            let error = ready!(failed.poll(cx));
            this.failed = None;
            return Poll::Ready(Some(Err(error)));
        }
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(Some(Err(error))) => {
                this.exchange.broke_off(&error);
                let failed = this.failed.insert(Failed::new(error));
                failed.poll(cx).map(|error| Some(Err(error)))
            }
            polled => {
                if let Poll::Ready(Some(Ok(frame))) = &polled {
                    this.exchange.sent_bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                }
                polled
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.failed.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
