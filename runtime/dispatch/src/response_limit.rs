//! `limits.response_bytes`: how large the body of one response may be.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use worky_engine::CallError;
use worky_host::metrics::Metrics;
use worky_host::{Body, BodyError, InvocationContext};

/// Whom a body that grows too large is blamed on, and where that is counted.
pub(crate) struct Sender {
    pub(crate) worker: Arc<str>,
    pub(crate) context: InvocationContext,
    pub(crate) metrics: Metrics,
}

/// Refuses a body that is known to be too large; breaks off one that turns out to be.
pub(crate) fn limited(body: Body, limit_bytes: u64, sender: impl FnOnce() -> Sender) -> Result<Body, CallError> {
    if body.size_hint().lower() > limit_bytes {
        return Err(CallError::ResponseTooLarge { limit_bytes });
    }
    // A length that is known is held to by whoever sends the body.
    if body.as_bytes().is_some() {
        return Ok(body);
    }
    Ok(Body::stream(LimitedBody { body, left_bytes: limit_bytes, limit_bytes, sender: sender() }))
}

struct LimitedBody {
    body: Body,
    left_bytes: u64,
    limit_bytes: u64,
    sender: Sender,
}

impl http_body::Body for LimitedBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let frame = std::task::ready!(Pin::new(&mut this.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
            let Some(left_bytes) = this.left_bytes.checked_sub(bytes) else {
                // The guest is let go of at once.
                this.body = Body::empty();
                return Poll::Ready(Some(Err(this.exceeded())));
            };
            this.left_bytes = left_bytes;
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

impl LimitedBody {
    fn exceeded(&self) -> BodyError {
        let Sender { worker, context, metrics } = &self.sender;
        metrics.limit_exceeded(worker, "response_bytes");
        let error = BodyError::ResponseTooLarge { limit_bytes: self.limit_bytes };
        let (worker, request_id) = (&**worker, context.request_id().as_str());
        tracing::warn!(worker, request_id, code = "response_too_large", %error, "worker failed");
        error
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use http_body_util::StreamBody;
    use worky_host::{InvocationLimits, RequestId, TraceContext};

    use super::*;

    fn limited(body: Body, limit_bytes: u64, metrics: &Metrics) -> Result<Body, CallError> {
        let context = InvocationContext::new(RequestId::random(), TraceContext::root(), InvocationLimits::UNBOUNDED);
        super::limited(body, limit_bytes, || Sender { worker: "w".into(), context, metrics: metrics.clone() })
    }

    #[test]
    fn a_body_that_is_known_to_be_too_large_is_refused() {
        let metrics = Metrics::default();
        assert!(limited(Body::full("abc"), 3, &metrics).is_ok());
        let refused = limited(Body::full("abcd"), 3, &metrics);
        assert!(matches!(refused, Err(CallError::ResponseTooLarge { limit_bytes: 3 })));
    }

    #[test]
    fn a_stream_is_broken_off_where_it_is_too_large() {
        let metrics = Metrics::default();
        let chunks = ["ab", "c", "d"].map(|text| Ok(Frame::data(Bytes::from(text))));
        let stream = Body::stream(StreamBody::new(futures_util::stream::iter(chunks)));
        let mut body = limited(stream, 3, &metrics).expect("its length is not known");
        let mut next = || body.chunk().now_or_never().expect("at hand");
        assert_eq!(next().expect("a chunk").expect("no error"), "ab");
        assert_eq!(next().expect("a chunk").expect("no error"), "c");
        assert!(matches!(next(), Some(Err(BodyError::ResponseTooLarge { limit_bytes: 3 }))));
        assert!(next().is_none());
        let text = metrics.encode();
        assert!(text.contains(r#"worky_limit_exceeded_total{worker="w",limit="response_bytes"} 1"#), "{text}");
    }
}
