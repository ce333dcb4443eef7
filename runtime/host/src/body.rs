//! A message body in either direction: nothing, bytes at hand, or a stream of bytes as they come.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;

use crate::Blame;

/// The body of a request or response. Back-pressure is the consumer's: nothing is read ahead of a poll.
pub struct Body(Inner);

enum Inner {
    Empty,
    Full(Bytes),
    Stream(UnsyncBoxBody<Bytes, BodyError>),
}

impl Body {
    pub fn empty() -> Self {
        Body(Inner::Empty)
    }

    pub fn full(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        if bytes.is_empty() { Body(Inner::Empty) } else { Body(Inner::Full(bytes)) }
    }

    pub fn stream<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes, Error = BodyError> + Send + 'static,
    {
        Body(Inner::Stream(body.boxed_unsync()))
    }

    /// Keeps `held` until the body has been read to its end, has failed, or was dropped. Bytes at hand need nothing any
    /// more, so they pass as they are, and stay bytes at hand.
    pub fn holding<T: Send + Unpin + 'static>(self, held: T) -> Body {
        if self.as_bytes().is_some() { self } else { Body::stream(Holding { body: self, held: Some(held) }) }
    }

    /// Fails with what `exceeded` makes once more than `limit_bytes` have been read, and lets go of its source. Bytes at hand
    /// pass as they are: whoever has them knows their length.
    pub fn limited<E>(self, limit_bytes: u64, exceeded: E) -> Body
    where
        E: FnOnce() -> BodyError + Send + Unpin + 'static,
    {
        if self.as_bytes().is_some() {
            return self;
        }
        Body::stream(Limited { body: self, left_bytes: limit_bytes, exceeded: Some(exceeded) })
    }

    /// The whole body where it is at hand already, without waiting; `None` for a stream.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Inner::Empty => Some(&[]),
            Inner::Full(bytes) => Some(bytes),
            Inner::Stream(_) => None,
        }
    }

    /// Like [`Body::as_bytes`], consuming; a stream is given back.
    pub fn into_bytes(self) -> Result<Bytes, Body> {
        match self.0 {
            Inner::Empty => Ok(Bytes::new()),
            Inner::Full(bytes) => Ok(bytes),
            stream @ Inner::Stream(_) => Err(Body(stream)),
        }
    }

    /// The next chunk of data, or `None` at the end; trailers are passed over. Cancel-safe.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, BodyError>> {
        loop {
            match self.frame().await? {
                Ok(frame) => match frame.into_data() {
                    Ok(data) if data.is_empty() => continue,
                    Ok(data) => return Some(Ok(data)),
                    Err(_trailers) => continue,
                },
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Body::empty()
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Inner::Empty => f.write_str("Body::Empty"),
            Inner::Full(bytes) => write!(f, "Body::Full({} bytes)", bytes.len()),
            Inner::Stream(_) => f.write_str("Body::Stream"),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let inner = &mut self.get_mut().0;
        match inner {
            Inner::Empty => Poll::Ready(None),
            Inner::Full(bytes) => {
                let bytes = std::mem::take(bytes);
                *inner = Inner::Empty;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Inner::Stream(stream) => Pin::new(stream).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Empty => true,
            Inner::Full(_) => false,
            Inner::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Empty => SizeHint::with_exact(0),
            Inner::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Inner::Stream(stream) => stream.size_hint(),
        }
    }
}

struct Holding<T> {
    body: Body,
    held: Option<T>,
}

impl<T: Unpin> http_body::Body for Holding<T> {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            this.held = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

struct Limited<E> {
    body: Body,
    left_bytes: u64,
    /// `None` once it was asked.
    exceeded: Option<E>,
}

impl<E: FnOnce() -> BodyError + Unpin> http_body::Body for Limited<E> {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let frame = std::task::ready!(Pin::new(&mut this.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
            match this.left_bytes.checked_sub(bytes) {
                Some(left_bytes) => this.left_bytes = left_bytes,
                None => {
                    // Whoever sends is let go of at once.
                    this.body = Body::empty();
                    return Poll::Ready(this.exceeded.take().map(|exceeded| Err(exceeded())));
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Why a body ended before its end.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BodyError {
    #[error("the client went away before its body was complete")]
    ClientGone,
    #[error("the request body is larger than {limit_bytes} bytes")]
    TooLarge { limit_bytes: u64 },
    #[error("the request body stalled for {after_ms} ms")]
    Stalled { after_ms: u64 },
    /// The guest's stream failed, or the guest was stopped, while it produced the body.
    #[error("the worker failed while it sent the body: {0}")]
    Guest(String),
    #[error("the response body is larger than {limit_bytes} bytes (limits.response_bytes)")]
    ResponseTooLarge { limit_bytes: u64 },
    #[error("the upstream failed while it sent the body: {0}")]
    Upstream(String),
    /// A file that is an asset could not be read to its end.
    #[error("the asset could not be read: {0}")]
    Asset(String),
}

impl BodyError {
    pub fn blame(&self) -> Blame {
        match self {
            BodyError::ClientGone | BodyError::TooLarge { .. } | BodyError::Stalled { .. } => Blame::Client,
            BodyError::Guest(_) | BodyError::Upstream(_) | BodyError::ResponseTooLarge { .. } => Blame::Guest,
            BodyError::Asset(_) => Blame::Host,
        }
    }
}
