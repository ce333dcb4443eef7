//! Bodies on both sides of the border: a host's stream as a deno_core resource, and a resource as a host's stream.

use std::borrow::Cow;
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use deno_core::{AsyncRefCell, AsyncResult, BufView, CancelHandle, CancelTryFuture, RcRef, Resource};
use deno_error::JsErrorBox;
use http_body::{Frame, SizeHint};
use tokio::sync::{mpsc, oneshot};
use worky_host::{Body, BodyError};

/// A body that the host streams to the guest.
pub(super) struct HostBody {
    stream: AsyncRefCell<Stream>,
    cancel: CancelHandle,
    /// Where the reason of an early end goes, besides to the reader.
    failed: Rc<RefCell<Option<BodyError>>>,
    exact_bytes: Option<u64>,
}

struct Stream {
    body: Body,
    /// What a reader with a small buffer left of the last chunk.
    rest: Bytes,
}

impl HostBody {
    pub(super) fn new(body: Body) -> Self {
        HostBody::of_request(body, Rc::default())
    }

    /// The body of an incoming request; `failed` learns why it ended early.
    pub(super) fn of_request(body: Body, failed: Rc<RefCell<Option<BodyError>>>) -> Self {
        let exact_bytes = http_body::Body::size_hint(&body).exact();
        HostBody {
            stream: AsyncRefCell::new(Stream { body, rest: Bytes::new() }),
            cancel: CancelHandle::new(),
            failed,
            exact_bytes,
        }
    }

    /// The stream itself, if nothing of it was read and nobody is reading: it need not pass through the isolate.
    pub(super) fn take_whole(self: &Rc<Self>) -> Option<Body> {
        let mut stream = RcRef::map(self, |this| &this.stream).try_borrow_mut()?;
        stream.rest.is_empty().then(|| std::mem::take(&mut stream.body))
    }
}

impl Resource for HostBody {
    fn name(&self) -> Cow<'_, str> {
        "hostBody".into()
    }

    fn read(self: Rc<Self>, limit: usize) -> AsyncResult<BufView> {
        Box::pin(async move {
            let cancel = RcRef::map(&self, |this| &this.cancel);
            let read = async {
                let mut stream = RcRef::map(&self, |this| &this.stream).borrow_mut().await;
                if stream.rest.is_empty() {
                    stream.rest = match stream.body.chunk().await {
                        Some(Ok(chunk)) => chunk,
                        Some(Err(error)) => {
                            *self.failed.borrow_mut() = Some(error.clone());
                            return Err(guest_error(&error));
                        }
                        None => return Ok(BufView::empty()),
                    };
                }
                let length = stream.rest.len().min(limit);
                Ok(BufView::from(stream.rest.split_to(length)))
            };
            read.try_or_cancel(cancel).await
        })
    }

    fn size_hint(&self) -> (u64, Option<u64>) {
        (self.exact_bytes.unwrap_or(0), self.exact_bytes)
    }

    fn close(self: Rc<Self>) {
        self.cancel.cancel();
    }
}

fn guest_error(error: &BodyError) -> JsErrorBox {
    super::guest_sees(error.blame(), error.to_string())
}

/// A resource of the guest (its end of a `ReadableStream`) as a body of the host, read as fast as it is sent.
pub(super) fn from_resource(resource: Rc<dyn Resource>) -> Pumped {
    let (sender, receiver) = mpsc::channel(1);
    let exact_bytes = match resource.size_hint() {
        (low, Some(high)) if low == high && low > 0 => Some(low),
        _ => None,
    };
    let body = Body::stream(ChannelBody { receiver, exact_bytes, ended: Ended::No });
    Pumped { body, pump: Pump { resource, sender } }
}

pub(super) struct Pumped {
    pub(super) body: Body,
    pub(super) pump: Pump,
}

pub(super) struct Pump {
    resource: Rc<dyn Resource>,
    sender: mpsc::Sender<Result<Bytes, BodyError>>,
}

/// A body of the host that tells when it has ended, or that nobody read it to its end (the sender drops).
pub(super) fn observed(body: Body) -> (Body, oneshot::Receiver<PumpEnd>) {
    let (sender, receiver) = oneshot::channel();
    (Body::stream(Observed { body, ended: Some(sender) }), receiver)
}

struct Observed {
    body: Body,
    ended: Option<oneshot::Sender<PumpEnd>>,
}

impl http_body::Body for Observed {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(cx));
        let end = match &frame {
            None => Some(PumpEnd::Complete),
            Some(Err(error)) => Some(PumpEnd::Failed(error.to_string())),
            // A reader that knows the length does not ask again after the last byte.
            Some(Ok(_)) => self.body.is_end_stream().then_some(PumpEnd::Complete),
        };
        if let Some(end) = end
            && let Some(ended) = self.ended.take()
        {
            // The isolate may be gone.
            let _ = ended.send(end);
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

/// How a pump ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PumpEnd {
    Complete,
    /// Nobody reads any more.
    Abandoned,
    /// The guest's stream failed.
    Failed(String),
}

/// Bytes of one read of a guest's stream.
const CHUNK_BYTES: usize = 64 << 10;

impl Pump {
    /// Moves the body until its end. It must run on the isolate's thread.
    pub(super) async fn run(self) -> PumpEnd {
        let Pump { resource, sender } = self;
        let end = loop {
            let read = tokio::select! {
                biased;
                () = sender.closed() => break PumpEnd::Abandoned,
                read = resource.clone().read(CHUNK_BYTES) => read,
            };
            match read {
                Ok(chunk) if chunk.is_empty() => {
                    // An empty chunk that was sent ends the body whole; a channel that closes does not.
                    let _ = sender.send(Ok(Bytes::new())).await;
                    break PumpEnd::Complete;
                }
                Ok(chunk) => {
                    if sender.send(Ok(Bytes::copy_from_slice(&chunk))).await.is_err() {
                        break PumpEnd::Abandoned;
                    }
                }
                Err(error) => {
                    let text = error.to_string();
                    let _ = sender.send(Err(BodyError::Guest(text.clone()))).await;
                    break PumpEnd::Failed(text);
                }
            }
        };
        resource.close();
        end
    }
}

struct ChannelBody {
    receiver: mpsc::Receiver<Result<Bytes, BodyError>>,
    exact_bytes: Option<u64>,
    ended: Ended,
}

#[derive(PartialEq)]
enum Ended {
    Yes,
    No,
}

impl http_body::Body for ChannelBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.ended == Ended::Yes {
            return Poll::Ready(None);
        }
        let next = std::task::ready!(self.receiver.poll_recv(cx));
        Poll::Ready(match next {
            Some(Ok(chunk)) if chunk.is_empty() => {
                self.ended = Ended::Yes;
                None
            }
            Some(Ok(chunk)) => {
                self.exact_bytes = self.exact_bytes.map(|left| left.saturating_sub(chunk.len() as u64));
                Some(Ok(Frame::data(chunk)))
            }
            Some(Err(error)) => {
                self.ended = Ended::Yes;
                Some(Err(error))
            }
            None => {
                self.ended = Ended::Yes;
                Some(Err(BodyError::Guest("the instance was stopped".to_owned())))
            }
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.exact_bytes.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
