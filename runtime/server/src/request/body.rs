//! A request's body on its way to the worker: bounded, timed, and at hand where it has come already.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};
use worky_host::{Body, BodyError};

use super::Continue;
use crate::connection::{Connection, Pulse};
use crate::errors::Refusal;

/// A body of at most this size is given to the worker in one piece where all of it is here when the worker is called.
const AT_HAND_BYTES_MAX: u64 = 64 << 10;

/// What is left of a body that the worker does not want is read up to this much and for this long, so that the connection
/// can be kept.
const LEFT_BYTES_MAX: u64 = 256 << 10;
const LEFT_TIME: Duration = Duration::from_secs(1);

/// What went wrong with a body while the worker read it: the answer tells the client, whatever the worker made of it.
pub(crate) type BodyFault = Arc<OnceLock<Refusal>>;

/// Makes the worker's body of what comes in, or refuses it. The fault is there for bodies that may still fail.
pub(crate) async fn receive(
    mut incoming: Incoming,
    continues: Continue,
    limit_bytes: u64,
    connection: &Connection,
) -> Result<(Body, Option<BodyFault>), Refusal> {
    let pulse = &connection.pulse;
    if incoming.is_end_stream() {
        pulse.body_ends();
        return Ok((Body::empty(), None));
    }
    pulse.body_begins(continues);
    let length = incoming.size_hint().exact();
    if length.is_some_and(|length| length > limit_bytes) {
        return Err(Refusal::BodyTooLarge { limit_bytes });
    }
    let mut first = None;
    if let Some(length) = length.filter(|length| *length <= AT_HAND_BYTES_MAX)
        && continues == Continue::NotExpected
    {
        match at_hand(&mut incoming, length).await? {
            AtHand::All(bytes) => {
                pulse.body_ends();
                return Ok((Body::full(bytes), None));
            }
            AtHand::Some(bytes) => first = Some(bytes).filter(|bytes| !bytes.is_empty()),
        }
    }
    let fault = BodyFault::default();
    let stall = connection.shared.config.body_stall;
    let body = RequestBody {
        incoming: Some(incoming),
        handle: connection.shared.handle.clone(),
        first,
        received_bytes: 0,
        limit_bytes,
        stall,
        stalled: None,
        fault: Arc::clone(&fault),
        pulse: Arc::clone(pulse),
    };
    Ok((Body::stream(body), Some(fault)))
}

enum AtHand {
    All(Bytes),
    Some(Bytes),
}

/// Takes what has arrived, without waiting for more. Where nothing has, the connection gets one turn to read: a body in
/// the same packet as its head is still in the connection's buffer.
async fn at_hand(incoming: &mut Incoming, length: u64) -> Result<AtHand, Refusal> {
    let mut taken = Bytes::new();
    let mut more = BytesMut::new();
    let mut had_its_turn = false;
    poll_fn(|cx| {
        loop {
            if (taken.len() + more.len()) as u64 == length {
                return Poll::Ready(Ok(true));
            }
            match Pin::new(&mut *incoming).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) if taken.is_empty() => taken = data,
                    Ok(data) => more.extend_from_slice(&data),
                    Err(_trailers) => {}
                },
                Poll::Ready(None) => return Poll::Ready(Ok(true)),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(refusal(&error))),
                Poll::Pending if had_its_turn => return Poll::Ready(Ok(false)),
                Poll::Pending => {
                    had_its_turn = true;
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
        }
    })
    .await
    .map(|all| {
        let bytes = if more.is_empty() { taken } else { Bytes::from([&taken[..], &more[..]].concat()) };
        if all { AtHand::All(bytes) } else { AtHand::Some(bytes) }
    })
}

struct RequestBody {
    /// Until it is dropped.
    incoming: Option<Incoming>,
    handle: Handle,
    /// Taken already by [`at_hand`].
    first: Option<Bytes>,
    received_bytes: u64,
    limit_bytes: u64,
    stall: Duration,
    /// Made when the worker first has to wait.
    stalled: Option<Pin<Box<Sleep>>>,
    fault: BodyFault,
    pulse: Arc<Pulse>,
}

impl RequestBody {
    fn fail(&self, refusal: Refusal) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let error = match &refusal {
            Refusal::BodyTooLarge { limit_bytes } => BodyError::TooLarge { limit_bytes: *limit_bytes },
            Refusal::BodyStalled { after } => {
                BodyError::Stalled { after_ms: u64::try_from(after.as_millis()).unwrap_or(u64::MAX) }
            }
            _ => BodyError::ClientGone,
        };
        // The first fault is the cause of what follows it.
        let _ = self.fault.set(refusal);
        Poll::Ready(Some(Err(error)))
    }

    fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let stall = self.stall;
        self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall))).as_mut().poll(cx)
    }

    fn incoming(&mut self) -> &mut Incoming {
        self.incoming.as_mut().expect("it is taken only as this is dropped")
    }

    /// The next byte has the whole time again.
    fn progressed(&mut self) {
        if let Some(stalled) = &mut self.stalled {
            stalled.as_mut().reset(Instant::now() + self.stall);
        }
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        if this.fault.get().is_some() {
            return Poll::Ready(None);
        }
        this.pulse.body_is_asked_for();
        let frame = match this.first.take() {
            Some(first) => Poll::Ready(Some(Ok(Frame::data(first)))),
            None => Pin::new(this.incoming()).poll_frame(cx),
        };
        match frame {
            Poll::Ready(Some(Ok(frame))) => {
                this.received_bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                if this.received_bytes > this.limit_bytes {
                    return this.fail(Refusal::BodyTooLarge { limit_bytes: this.limit_bytes });
                }
                this.progressed();
                if this.incoming().is_end_stream() {
                    this.pulse.body_ends();
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(None) => {
                this.pulse.body_ends();
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(error))) => this.fail(refusal(&error)),
            Poll::Pending => match this.poll_stalled(cx) {
                Poll::Ready(()) => this.fail(Refusal::BodyStalled { after: this.stall }),
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.incoming.as_ref().is_some_and(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        match self.incoming.as_ref().and_then(|incoming| incoming.size_hint().exact()) {
            Some(left) => SizeHint::with_exact(left + self.first.as_ref().map_or(0, |first| first.len() as u64)),
            None => SizeHint::default(),
        }
    }
}

impl Drop for RequestBody {
    /// hyper ends a connection behind a body that was not read, and the client, which is not told, may have asked again.
    fn drop(&mut self) {
        let Some(incoming) = self.incoming.take().filter(|_| self.fault.get().is_none()) else { return };
        if self.pulse.can_read_on() && incoming.size_hint().lower() <= LEFT_BYTES_MAX {
            let all = Limited::new(incoming, LEFT_BYTES_MAX as usize).collect();
            self.handle.spawn(async { tokio::time::timeout(LEFT_TIME, all).await });
        }
    }
}

/// hyper tells a body that breaks the rules from one that breaks off by the kind of the I/O error underneath.
fn refusal(error: &hyper::Error) -> Refusal {
    let cause = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    match cause.map(io::Error::kind) {
        Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => Refusal::BodyMalformed,
        _ => Refusal::BodyBroken,
    }
}
