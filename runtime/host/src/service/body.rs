//! A response in the hands of a guest, a service's or an upstream's.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::{Body, BodyError};

/// A body that lets go of its source when its caller's invocation ends, whether anybody reads it or not: a response that a
/// guest forgets would keep a service at work, or a connection open, until the guest's garbage is collected. Bytes at hand
/// keep nothing.
/// `runtime` is where the end is waited for.
pub(crate) fn until(runtime: &Handle, ended: CancellationToken, body: Body) -> Body {
    if body.as_bytes().is_some() {
        return body;
    }
    let lent = Arc::new(Mutex::new(Lent::Open { body, reader: None }));
    let theirs = lent.clone();
    let watch = runtime.spawn(async move {
        ended.cancelled().await;
        cut(&theirs);
    });
    Body::stream(LentBody { lent, _watch: AbortOnDropHandle::new(watch) })
}

struct LentBody {
    lent: Arc<Mutex<Lent>>,
    _watch: AbortOnDropHandle<()>,
}

enum Lent {
    Open {
        body: Body,
        reader: Option<Waker>,
    },
    Ended,
    /// Taken back before its end.
    Cut,
}

fn cut(lent: &Mutex<Lent>) {
    let mut now = lent.lock();
    if let Lent::Open { .. } = &*now {
        let before = std::mem::replace(&mut *now, Lent::Cut);
        // Dropping the body may run code of the service's worker, and waking code of the reader's.
        drop(now);
        if let Lent::Open { reader: Some(reader), .. } = before {
            reader.wake();
        }
    }
}

impl http_body::Body for LentBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let mut lent = self.lent.lock();
        let (polled, whole) = match &mut *lent {
            Lent::Open { body, reader } => match Pin::new(&mut *body).poll_frame(cx) {
                Poll::Pending => {
                    *reader = Some(cx.waker().clone());
                    return Poll::Pending;
                }
                // Whoever hears of the last byte may end the request, and must not cut off what has come whole.
                Poll::Ready(polled) => (polled, body.is_end_stream()),
            },
            Lent::Ended => (None, true),
            Lent::Cut => {
                let over = BodyError::Upstream("the request that asked for it is over".to_owned());
                (Some(Err(over)), true)
            }
        };
        if whole || matches!(polled, None | Some(Err(_))) {
            *lent = Lent::Ended;
        }
        Poll::Ready(polled)
    }

    fn is_end_stream(&self) -> bool {
        match &*self.lent.lock() {
            Lent::Open { body, .. } => body.is_end_stream(),
            Lent::Ended => true,
            Lent::Cut => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &*self.lent.lock() {
            Lent::Open { body, .. } => body.size_hint(),
            Lent::Ended => SizeHint::with_exact(0),
            Lent::Cut => SizeHint::new(),
        }
    }
}
