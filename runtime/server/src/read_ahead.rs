//! Answers to clients that wait for `100 Continue`.
//!
//! Such a client holds its body back, and hyper asks it to go on when the body is first read, unless the response's head
//! has left already. A worker that streams its request into its response reads the one only while the other is read. So
//! the first bytes of such a response are read before its head leaves.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use worky_host::{Body, BodyError};

/// A stream that has nothing to say yet is not held back for longer.
const READ_AHEAD: Duration = Duration::from_millis(500);

pub(crate) async fn read_ahead(response: Response<Body>) -> Response<Body> {
    if response.body().as_bytes().is_some() {
        return response;
    }
    let (parts, mut rest) = response.into_parts();
    let body = match tokio::time::timeout(READ_AHEAD, rest.frame()).await {
        Ok(None) => Body::empty(),
        Ok(Some(first)) => Body::stream(ReadAhead { first: Some(first), rest }),
        Err(_nothing_yet) => rest,
    };
    Response::from_parts(parts, body)
}

struct ReadAhead {
    first: Option<Result<Frame<Bytes>, BodyError>>,
    rest: Body,
}

impl http_body::Body for ReadAhead {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let first = match &self.first {
            Some(Ok(frame)) => frame.data_ref().map_or(0, |data| data.len() as u64),
            _ => 0,
        };
        self.rest.size_hint().exact().map_or_else(SizeHint::new, |rest| SizeHint::with_exact(rest + first))
    }
}
