//! `limits.response_bytes`: how large the body of one response may be.

use std::sync::Arc;

use http_body::Body as _;
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
    let sender = sender();
    Ok(body.limited(limit_bytes, move || sender.exceeded(limit_bytes)))
}

impl Sender {
    fn exceeded(&self, limit_bytes: u64) -> BodyError {
        let Sender { worker, context, metrics } = self;
        metrics.limit_exceeded(worker, "response_bytes");
        let error = BodyError::ResponseTooLarge { limit_bytes };
        let (worker, request_id) = (&**worker, context.request_id().as_str());
        tracing::warn!(worker, request_id, code = "response_too_large", %error, "worker failed");
        error
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::FutureExt;
    use http_body::Frame;
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
