//! A body that the guest makes. Its script puts chunks into a queue on the isolate's thread; the host takes them out on
//! whatever thread sends them. Several may wait, within a bound on their bytes, so that neither side waits for each
//! single one.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::{Bytes, BytesMut};
use deno_core::{OpState, Resource, ResourceId, op2};
use http_body::{Frame, SizeHint};
use parking_lot::Mutex;
use worky_host::{Body, BodyError};

use super::body::PumpEnd;
use super::instance;
use crate::memory::MemoryMeter;

/// What waits to be sent, in bytes: four chunks of the usual size, which one system call may take.
const WAITING_BYTES_MAX: usize = 256 << 10;
/// The guest goes on once no more than this waits.
const WAITING_BYTES_RESUME: usize = WAITING_BYTES_MAX / 2;
/// Chunks that come before the last one has left join it up to this size: copying them costs less than a frame each.
const JOINED_BYTES_MAX: usize = 16 << 10;
/// Chunks that are put in before one has to leave, so that a guest that makes many small ones lets the host send them.
const PUTS_MAX: u32 = 256;

/// The guest's side. A body whose side of the guest is gone before its end breaks off.
pub(super) struct GuestBody {
    queue: Arc<Queue>,
    exact_bytes: Option<u64>,
    /// The call that it answers, once it does.
    call: Cell<Option<u32>>,
}

struct Queue {
    state: Mutex<State>,
    memory: Arc<MemoryMeter>,
}

struct State {
    chunks: VecDeque<BytesMut>,
    bytes: usize,
    /// Since something was last taken out.
    puts: u32,
    end: End,
    /// Memory ran out; the guest goes on once nothing waits.
    short_of_memory: bool,
    /// Of the guest, which waits for room.
    writer: Option<Waker>,
    /// Of the host, which waits for a chunk.
    reader: Option<Waker>,
    /// Of whoever waits for the end.
    watcher: Option<Waker>,
}

#[derive(Clone, PartialEq)]
enum End {
    /// More may come.
    Open,
    /// Everything is in the queue, or has left.
    Complete,
    /// The guest's stream failed.
    Failed(String),
    /// The isolate ended.
    Stopped,
    /// Nobody reads any more.
    Abandoned,
}

impl State {
    fn wake_all(&mut self) {
        for waker in [self.writer.take(), self.reader.take(), self.watcher.take()].into_iter().flatten() {
            waker.wake();
        }
    }

    fn has_room(&self) -> bool {
        let waiting_max = if self.short_of_memory { 0 } else { WAITING_BYTES_RESUME };
        self.end != End::Open || (self.bytes <= waiting_max && self.puts < PUTS_MAX)
    }

    fn is_full(&self) -> bool {
        self.bytes >= WAITING_BYTES_MAX || self.puts >= PUTS_MAX
    }
}

impl GuestBody {
    fn new(memory: Arc<MemoryMeter>, exact_bytes: Option<u64>) -> Self {
        let state = State {
            chunks: VecDeque::new(),
            bytes: 0,
            puts: 0,
            end: End::Open,
            short_of_memory: false,
            writer: None,
            reader: None,
            watcher: None,
        };
        GuestBody { queue: Arc::new(Queue { state: Mutex::new(state), memory }), exact_bytes, call: Cell::new(None) }
    }

    /// The host's side. There is one.
    pub(super) fn body(&self) -> Body {
        let left = self.exact_bytes;
        Body::stream(Outgoing { queue: self.queue.clone(), left, failed: false })
    }

    /// It is the answer to this call.
    pub(super) fn answers(&self, id: u32) {
        self.call.set(Some(id));
    }

    /// Nobody will read it.
    pub(super) fn abandon(&self) {
        self.finish(End::Abandoned);
    }

    fn finish(&self, end: End) {
        let mut state = self.queue.state.lock();
        if state.end == End::Open {
            state.end = end;
            state.wake_all();
        }
    }

    /// Resolves once everything has been taken out, or nothing more will be.
    pub(super) async fn ended(&self) -> PumpEnd {
        poll_fn(|cx| {
            let mut state = self.queue.state.lock();
            match &state.end {
                End::Complete if state.chunks.is_empty() => return Poll::Ready(PumpEnd::Complete),
                End::Failed(text) => return Poll::Ready(PumpEnd::Failed(text.clone())),
                End::Abandoned | End::Stopped => return Poll::Ready(PumpEnd::Abandoned),
                End::Complete | End::Open => {}
            }
            state.watcher = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Takes what there is room for; answers how many bytes, or `None` where nobody reads any more.
    fn put(&self, bytes: &[u8]) -> Option<usize> {
        let mut state = self.queue.state.lock();
        if state.end != End::Open {
            return None;
        }
        let taken = if state.is_full() { 0 } else { bytes.len().min(WAITING_BYTES_MAX - state.bytes) };
        if taken == 0 {
            return Some(0);
        }
        // A stream that is read goes on, however little memory the worker has left; one that is not does not add to it.
        if state.bytes == 0 {
            self.queue.memory.hold(taken);
        } else if !self.queue.memory.try_hold(taken) {
            state.short_of_memory = true;
            return Some(0);
        }
        state.short_of_memory = false;
        state.bytes += taken;
        state.puts += 1;
        let bytes = &bytes[..taken];
        match state.chunks.back_mut() {
            Some(last) if last.len() + taken <= JOINED_BYTES_MAX => last.extend_from_slice(bytes),
            _ => state.chunks.push_back(BytesMut::from(bytes)),
        }
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
        Some(taken)
    }

    fn is_full(&self) -> bool {
        self.queue.state.lock().is_full()
    }

    fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.queue.state.lock();
        if state.has_room() {
            return Poll::Ready(());
        }
        state.writer = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Resource for GuestBody {
    fn name(&self) -> Cow<'_, str> {
        "guestBody".into()
    }

    fn close(self: Rc<Self>) {
        self.finish(End::Complete);
    }
}

impl Drop for GuestBody {
    fn drop(&mut self) {
        self.finish(End::Stopped);
    }
}

/// The host's side.
struct Outgoing {
    queue: Arc<Queue>,
    /// Bytes that are still to come, where the guest said how many there are.
    left: Option<u64>,
    failed: bool,
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.failed {
            return Poll::Ready(None);
        }
        let chunk = match ready!(self.queue.poll_take(cx)) {
            Some(Ok(chunk)) => chunk,
            Some(Err(error)) => {
                self.failed = true;
                return Poll::Ready(Some(Err(error)));
            }
            None => return Poll::Ready(None),
        };
        self.left = self.left.map(|left| left.saturating_sub(chunk.len() as u64));
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        let state = self.queue.state.lock();
        self.failed || (state.end == End::Complete && state.chunks.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

impl Queue {
    fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        let mut state = self.state.lock();
        let Some(chunk) = state.chunks.pop_front() else {
            let text = match &state.end {
                End::Open => {
                    state.reader = Some(cx.waker().clone());
                    return Poll::Pending;
                }
                End::Complete | End::Abandoned => return Poll::Ready(None),
                End::Failed(text) => text.clone(),
                End::Stopped => "the instance was stopped".to_owned(),
            };
            return Poll::Ready(Some(Err(BodyError::Guest(text))));
        };
        state.bytes -= chunk.len();
        state.puts = 0;
        self.memory.release(chunk.len());
        if state.has_room()
            && let Some(writer) = state.writer.take()
        {
            writer.wake();
        }
        if state.end == End::Complete
            && state.chunks.is_empty()
            && let Some(watcher) = state.watcher.take()
        {
            watcher.wake();
        }
        Poll::Ready(Some(Ok(chunk.freeze())))
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        let mut state = self.queue.state.lock();
        let is_whole = state.chunks.is_empty() && (state.end == End::Complete || self.left == Some(0));
        self.queue.memory.release(state.bytes);
        (state.bytes, state.chunks) = (0, VecDeque::new());
        if matches!(state.end, End::Open | End::Complete) {
            state.end = if is_whole { End::Complete } else { End::Abandoned };
        }
        state.wake_all();
    }
}

/// A body to be answered with. `length` is that of the whole, or below zero where nobody knows.
#[op2(fast)]
#[smi]
pub(super) fn op_body_new(state: &mut OpState, length: f64) -> ResourceId {
    let exact_bytes = (length > 0.0).then_some(length as u64);
    let memory = instance(state).memory.clone();
    state.resource_table.add(GuestBody::new(memory, exact_bytes))
}

/// Takes the chunk from `offset` on. 0: all of it, and there is room for another one. -1: nobody reads any more.
/// Otherwise there is no room: `op_body_room` has to be waited for, and what is left begins at -2 minus the answer.
#[op2(fast)]
pub(super) fn op_body_write(state: &mut OpState, #[smi] rid: ResourceId, #[buffer] chunk: &[u8], offset: f64) -> f64 {
    let Ok(body) = state.resource_table.get::<GuestBody>(rid) else { return -1.0 };
    let offset = offset as usize;
    let rest = chunk.get(offset..).unwrap_or_default();
    match body.put(rest) {
        None => -1.0,
        Some(taken) if taken == rest.len() && !body.is_full() => 0.0,
        Some(taken) => -2.0 - (offset + taken) as f64,
    }
}

/// Resolves once there is room, or nobody reads any more.
#[op2]
pub(super) async fn op_body_room(state: Rc<RefCell<OpState>>, #[smi] rid: ResourceId) {
    let body = state.borrow().resource_table.get::<GuestBody>(rid);
    if let Ok(body) = body {
        poll_fn(|cx| body.poll_room(cx)).await;
    }
}

/// Nothing more comes: the stream was whole, or failed with what `error` says.
#[op2]
pub(super) fn op_body_end(state: &mut OpState, #[smi] rid: ResourceId, #[string] error: Option<String>) {
    if let Ok(body) = state.resource_table.take::<GuestBody>(rid) {
        if let Some(id) = body.call.get() {
            instance(state).settle(id);
        }
        body.finish(error.map_or(End::Complete, End::Failed));
    }
}

#[cfg(test)]
mod tests;
