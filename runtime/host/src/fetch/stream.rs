//! The two bodies of an exchange, as the HTTP client wants the one and the guest gets the other.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use parking_lot::Mutex;
use sync_wrapper::SyncWrapper;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep};

use super::error::deepest_cause;
use crate::{Body, BodyError};

/// When the upload last moved: the wait for a response counts from there, so that a long upload is not an idle one.
#[derive(Clone)]
pub(super) struct Progress(Arc<Mutex<Instant>>);

impl Progress {
    pub(super) fn start() -> Self {
        Progress(Arc::new(Mutex::new(Instant::now())))
    }

    pub(super) fn moved(&self) {
        *self.0.lock() = Instant::now();
    }

    pub(super) fn last(&self) -> Instant {
        *self.0.lock()
    }
}

/// A request body that is a stream. `Sync`, which the client asks for and a guest's stream is not.
pub(super) struct Upload {
    body: SyncWrapper<Body>,
    left: SizeHint,
    progress: Progress,
}

impl Upload {
    pub(super) fn new(body: Body, progress: Progress) -> Self {
        let left = body.size_hint();
        Upload { body: SyncWrapper::new(body), left, progress }
    }
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let body = this.body.get_mut();
        let polled = Pin::new(&mut *body).poll_frame(cx);
        if polled.is_ready() {
            this.left = body.size_hint();
            this.progress.moved();
        }
        polled
    }

    fn size_hint(&self) -> SizeHint {
        self.left
    }
}

/// A response body as it comes. Dropping it ends the exchange.
pub(super) struct Download {
    body: reqwest::Body,
    idle: IdleTimer,
    /// One of the worker's exchanges, until the body is over: a guest may keep hold of one that it has read.
    permit: Option<OwnedSemaphorePermit>,
}

impl Download {
    pub(super) fn new(body: reqwest::Body, idle: IdleTimer, permit: OwnedSemaphorePermit) -> Self {
        Download { body, idle, permit: Some(permit) }
    }
}

impl http_body::Body for Download {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                this.idle.disarm();
                if !matches!(frame, Some(Ok(_))) {
                    this.permit = None;
                }
                let broken = |error: reqwest::Error| BodyError::Upstream(deepest_cause(&error));
                Poll::Ready(frame.map(|result| result.map_err(broken)))
            }
            Poll::Pending => this.idle.poll_expired(cx).map(|()| {
                let after_ms = this.idle.after.as_millis();
                Some(Err(BodyError::Upstream(format!("it sent nothing for {after_ms} ms"))))
            }),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

/// Measures how long the upstream is waited for, and not how long the guest takes between two reads.
///
/// The timer is set when a wait begins and left alone when it ends: most waits are short, and setting a timer costs
/// more than looking at the clock when an old one goes off.
pub(super) struct IdleTimer {
    after: Duration,
    /// Where the timer lives: the body may be read on several runtimes, and one of them may end before it.
    runtime: Handle,
    waiting_since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl IdleTimer {
    pub(super) fn new(after: Duration, runtime: Handle) -> Self {
        IdleTimer { after, runtime, waiting_since: None, timer: None }
    }

    fn disarm(&mut self) {
        self.waiting_since = None;
    }

    fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = *self.waiting_since.get_or_insert_with(Instant::now) + self.after;
        let timer = self.timer.get_or_insert_with(|| {
            let _entered = self.runtime.enter();
            Box::pin(sleep(self.after))
        });
        while timer.as_mut().poll(cx).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            timer.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[tokio::test]
    async fn only_waiting_counts_as_idle() {
        let after = Duration::from_millis(300);
        let mut idle = IdleTimer::new(after, Handle::current());
        for _ in 0..2 {
            assert!(poll_fn(|cx| Poll::Ready(idle.poll_expired(cx).is_pending())).await);
            idle.disarm();
            // The guest takes its time, and the timer of the wait that is over goes off meanwhile.
            sleep(after + Duration::from_millis(10)).await;
        }
        let start = Instant::now();
        poll_fn(|cx| idle.poll_expired(cx)).await;
        assert!(start.elapsed() >= after);
    }
}
