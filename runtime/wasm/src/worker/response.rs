//! The guest's answer on its way out.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::StreamBody;
use tokio::sync::oneshot;
use tokio_util::task::AbortOnDropHandle;
use wasmtime_wasi_http::{Error, WasiBody};
use worky_engine::{CallError, GuestError};
use worky_host::{Body, BodyError};

use super::call::Head;

/// A response that can be sent.
pub(super) fn checked(head: Head) -> Result<http::Response<WasiBody>, CallError> {
    let response = head.map_err(|message| CallError::Exception(GuestError::unplaced(message)))?;
    if response.status().is_informational() {
        let status = response.status().as_u16();
        return Err(CallError::BadResponse(format!("its status is {status}; it must be 200 to 599")));
    }
    Ok(response)
}

/// The body of a guest that has ended: all of it is there.
pub(super) struct Gathering {
    body: WasiBody,
    frames: Vec<Result<Frame<Bytes>, BodyError>>,
    complete: bool,
}

impl Gathering {
    pub(super) fn new(body: WasiBody) -> Self {
        Gathering { body, frames: Vec::new(), complete: false }
    }

    /// Takes what is there. Whether that is all of it.
    pub(super) fn gather(&mut self) -> bool {
        // Where the task has used up its turn, a channel would say that it is empty.
        let taken = tokio::task::unconstrained(std::future::poll_fn(|cx| Poll::Ready(self.take(cx))));
        std::pin::pin!(taken).poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(true)
    }

    fn take(&mut self, cx: &mut Context<'_>) -> bool {
        while !self.complete {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(Some(frame)) => {
                    self.complete = frame.is_err();
                    self.frames.push(frame.map_err(|error| body_error(&error)));
                }
                Poll::Ready(None) => self.complete = true,
                Poll::Pending => return false,
            }
        }
        true
    }

    /// The whole body. The guest's store must be gone or its body complete, so that nothing is waited for.
    pub(super) fn finish(mut self) -> Body {
        if !self.gather() {
            self.frames.push(Err(BodyError::Guest("the body has no end although its writer has ended".to_owned())));
        }
        if !self.frames.iter().all(|frame| frame.as_ref().is_ok_and(Frame::is_data)) {
            return Body::stream(StreamBody::new(stream::iter(self.frames)));
        }
        let mut chunks = self.frames.into_iter().flatten().filter_map(|frame| frame.into_data().ok());
        let Some(first) = chunks.next() else { return Body::empty() };
        let Some(second) = chunks.next() else { return Body::full(first) };
        let mut whole = BytesMut::from(first);
        whole.extend_from_slice(&second);
        chunks.for_each(|chunk| whole.extend_from_slice(&chunk));
        Body::full(whole)
    }
}

/// The body of a guest that goes on while it is read.
pub(super) struct Streamed {
    body: WasiBody,
    /// The guest. Dropping it stops the guest; it is let go once there is nothing more to read.
    guest: Option<AbortOnDropHandle<()>>,
    all_sent: Option<oneshot::Sender<()>>,
    /// Why the guest was stopped, if it was.
    failure: Arc<OnceLock<String>>,
}

impl Streamed {
    pub(super) fn new(
        body: WasiBody,
        guest: AbortOnDropHandle<()>,
        all_sent: oneshot::Sender<()>,
        failure: Arc<OnceLock<String>>,
    ) -> Self {
        let mut streamed = Streamed { body, guest: Some(guest), all_sent: Some(all_sent), failure };
        if streamed.body.is_end_stream() {
            streamed.let_go();
        }
        streamed
    }

    fn let_go(&mut self) {
        if let (Some(all_sent), Some(guest)) = (self.all_sent.take(), self.guest.take()) {
            // A guest that has ended hears nothing any more.
            let _ended = all_sent.send(());
            drop(guest.detach());
        }
    }
}

impl http_body::Body for Streamed {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else { return Poll::Pending };
        Poll::Ready(match frame {
            Some(Ok(frame)) => Some(Ok(frame)),
            Some(Err(error)) => {
                this.let_go();
                Some(Err(body_error(&error)))
            }
            None => {
                this.let_go();
                this.failure.get().map(|failure| Err(BodyError::Guest(failure.clone())))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body that tells when nobody reads it any more, to its end or not.
pub(super) struct Watched {
    body: WasiBody,
    /// Dropped at the end.
    over: Option<oneshot::Sender<()>>,
}

impl Watched {
    /// The body, and what resolves, with an error, once it is over.
    pub(super) fn new(body: WasiBody) -> (Self, oneshot::Receiver<()>) {
        let (over, is_over) = oneshot::channel();
        (Watched { body, over: Some(over) }, is_over)
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            this.over = None;
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

fn body_error(error: &Error) -> BodyError {
    BodyError::Guest(match error {
        Error::HttpProtocolError => "the body is shorter or longer than its content-length, or was given up".to_owned(),
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use http_body_util::channel::Channel;
    use http_body_util::{BodyExt, Full};

    use super::*;

    /// A task may take so many turns at tokio's channels before they say that there is nothing.
    #[tokio::test]
    async fn a_task_that_has_used_up_its_turn_gets_the_whole_body() {
        for _ in 0..1_000 {
            let (mut sender, body) = Channel::<Bytes, Error>::new(2);
            sender.try_send(Frame::data("whole".into())).expect("there is room");
            drop(sender);
            let mut gathering = Gathering::new(body.boxed_unsync());
            assert!(gathering.gather());
            assert_eq!(gathering.finish().as_bytes(), Some(&b"whole"[..]));
        }
    }

    #[test]
    fn a_body_without_an_end_is_not_ended() {
        let (sender, body) = Channel::<Bytes, Error>::new(1);
        let mut gathering = Gathering::new(body.boxed_unsync());
        assert!(!gathering.gather());
        assert!(gathering.finish().as_bytes().is_none());
        drop(sender);
    }

    #[test]
    fn informational_answers_cannot_be_sent() {
        let body = || Full::new(Bytes::new()).map_err(|never| match never {}).boxed_unsync();
        let response = |status: u16| Ok(http::Response::builder().status(status).body(body()).expect("valid"));
        assert!(checked(response(103)).is_err());
        assert!(checked(response(200)).is_ok());
    }
}
