//! Calls that were sent to an instance and not begun.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::time::Instant;
use worky_engine::FetchEvent;
use worky_host::standstill::Moment;

use super::Waiting;
use crate::instance::Answer;

/// One call on its way to an instance.
pub(crate) struct QueuedCall {
    /// Among the calls of the instance.
    pub(crate) id: u32,
    pub(crate) event: Box<FetchEvent>,
    pub(crate) reply: oneshot::Sender<Answer>,
    /// Since when it waits to be begun, by whichever instance.
    pub(crate) since: Moment,
    /// When it came into this queue.
    pub(crate) queued_at: Moment,
    /// Counts it among those that wait, for as long as it is here.
    pub(crate) waiting: Waiting,
}

/// First in, first out. The instance takes calls from its front; whoever places calls may take them back until then:
/// what has waited too long, or from the back what another instance can begin sooner.
#[derive(Default)]
pub(crate) struct CallQueue {
    state: Mutex<State>,
    /// Of the calls in it, so that looking takes no lock.
    len: AtomicU32,
}

#[derive(Default)]
struct State {
    calls: VecDeque<QueuedCall>,
    /// The instance begins no more calls.
    closed: bool,
    /// Since when a call waits here, or would if it had not been taken out: only the instance's coming round ends it.
    held_up_since: Option<Moment>,
}

impl CallQueue {
    /// Gives the call back where the instance begins no more.
    pub(crate) fn push(&self, call: QueuedCall) -> Result<(), Box<FetchEvent>> {
        let mut state = self.state.lock();
        if state.closed {
            return Err(call.event);
        }
        state.held_up_since.get_or_insert(call.queued_at);
        state.calls.push_back(call);
        self.count(&state);
        Ok(())
    }

    /// The next call that somebody still waits for. For the instance, which has come round to it.
    pub(crate) fn pop(&self) -> Option<QueuedCall> {
        let mut state = self.state.lock();
        let next = loop {
            match state.calls.pop_front() {
                Some(call) if call.reply.is_closed() => {}
                next => break next,
            }
        };
        state.held_up_since = state.calls.front().map(|call| call.queued_at);
        self.count(&state);
        next
    }

    pub(crate) fn len(&self) -> u32 {
        self.len.load(Ordering::Relaxed)
    }

    /// How long the call at the front has waited here, or one that was taken out because of it.
    pub(crate) fn delay(&self, now: Instant) -> Duration {
        let since = self.state.lock().held_up_since;
        since.map_or(Duration::ZERO, |since| since.until(now))
    }

    /// Takes out what has waited for `limit` or longer, and what nobody waits for any more.
    pub(crate) fn take_expired(&self, now: Instant, limit: Duration) -> Vec<QueuedCall> {
        if self.len() == 0 {
            return Vec::new();
        }
        let mut state = self.state.lock();
        // Calls that come from another instance keep their time, so the oldest need not be at the front.
        let expired = |call: &QueuedCall| call.since.until(now) >= limit || call.reply.is_closed();
        if !state.calls.iter().any(expired) {
            return Vec::new();
        }
        let (out, kept): (VecDeque<_>, _) = std::mem::take(&mut state.calls).into_iter().partition(expired);
        state.calls = kept;
        self.count(&state);
        out.into()
    }

    /// Takes out the `count` that came last.
    pub(crate) fn take_back(&self, count: u32) -> Vec<QueuedCall> {
        let mut state = self.state.lock();
        let kept = state.calls.len().saturating_sub(count as usize);
        let taken = state.calls.split_off(kept).into();
        self.count(&state);
        taken
    }

    /// Takes out all, and lets no more in.
    pub(crate) fn close(&self) -> Vec<QueuedCall> {
        let mut state = self.state.lock();
        state.closed = true;
        let taken = std::mem::take(&mut state.calls).into();
        self.count(&state);
        taken
    }

    fn count(&self, state: &State) {
        self.len.store(state.calls.len() as u32, Ordering::Relaxed);
    }
}

/// Sends calls back to their callers, who find another instance for them.
pub(crate) fn give_back(calls: impl IntoIterator<Item = QueuedCall>) {
    for QueuedCall { event, reply, waiting, .. } in calls {
        drop(waiting);
        // A caller that went away drops what it asked for.
        let _ = reply.send(Answer::Unsent(event));
    }
}
