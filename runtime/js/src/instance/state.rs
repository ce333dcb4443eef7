//! What the ops of an isolate share with its loop: the calls in flight and the worker's bindings.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use worky_engine::local::{LazyHead, Reply};
use worky_engine::{CallError, Limits, Outcome};
use worky_host::standstill::Moment;
use worky_host::{Bindings, Body, BodyError, InvocationContext};

use super::local::Slot;
use super::{Answer, Message, RequestFiles};
use crate::memory::MemoryMeter;
use crate::plugin::{Hooks, Plugins, Sessions};
use crate::watchdog::Meter;

/// One request that the guest has not finished with.
pub(crate) struct Call {
    pub(crate) head: Box<dyn LazyHead>,
    pub(crate) body: Option<Body>,
    pub(crate) context: InvocationContext,
    pub(crate) files: RequestFiles,
    /// What ended the request's body early; told to the caller if the guest fails because of it.
    pub(crate) body_error: Rc<RefCell<Option<BodyError>>>,
    /// `None` once answered, or once nobody waits.
    pub(crate) reply: Option<ReplyTo>,
    /// The response's body is still being sent.
    pub(crate) streaming: bool,
    /// `waitUntil` promises are open.
    pub(crate) waiting: bool,
    /// When the last of the answer left; `waitUntil` is measured from here.
    pub(crate) answered_at: Option<Moment>,
    /// CPU time on its account since `cpu_since`, or since the last of the answer left.
    pub(crate) cpu: Duration,
    pub(crate) cpu_since: Instant,
    pub(crate) due: Due,
}

/// Whether a call's context is to be told of its part of what the running slice uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nobody had answered it when the slice began.
    Yes,
    /// It was told when the call was answered.
    Told,
    /// It was answered before.
    No,
}

impl Call {
    /// Only `waitUntil` keeps it open.
    pub(crate) fn is_answered(&self) -> bool {
        self.reply.is_none() && !self.streaming
    }

    fn slice_ends(&mut self) {
        if self.reply.is_none() {
            self.due = Due::No;
        }
    }
}

/// Limits of CPU time that a call has passed.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Passed {
    pub(crate) soft: bool,
    pub(crate) hard: bool,
    pub(crate) wait_until: bool,
}

/// Where the answer to a call goes.
pub(crate) enum ReplyTo {
    /// To another thread.
    Message(oneshot::Sender<Answer>),
    /// To somebody on this thread.
    Local(Rc<Slot>),
}

impl ReplyTo {
    fn send(self, reply: Result<Reply, CallError>) {
        match self {
            // A caller that went away drops what it asked for.
            ReplyTo::Message(sender) => {
                let outcome = reply.map(|reply| Outcome::Response(reply.into_response()));
                drop(sender.send(Answer::Done(outcome)));
            }
            ReplyTo::Local(slot) => slot.fill(reply),
        }
    }
}

/// Put into deno_core's `OpState` as an `Rc`: ops clone it out and never hold that borrow over a call into V8.
pub(crate) struct InstanceState {
    pub(crate) bindings: Bindings,
    pub(crate) meter: Arc<Meter>,
    pub(crate) memory: Arc<MemoryMeter>,
    pub(crate) plugins: Sessions,
    inbox: mpsc::WeakUnboundedSender<Message>,
    uncaught: Cell<u32>,
    worn_out: Cell<bool>,
    /// What runs, or ran last.
    slice: Cell<Slice>,
    calls: RefCell<HashMap<u32, Call, BuildHasherDefault<IdHasher>>>,
    /// Calls that ended since the event loop last turned. What they left behind, a rejection nobody handles above all,
    /// comes to light in that turn and is still theirs.
    ended: RefCell<Vec<EndedCall>>,
}

struct EndedCall {
    id: u32,
    context: InvocationContext,
    due: Due,
}

impl InstanceState {
    pub(crate) fn new(
        bindings: Bindings,
        meter: Arc<Meter>,
        memory: Arc<MemoryMeter>,
        plugins: Arc<Plugins>,
        hooks: Option<Hooks>,
        inbox: mpsc::WeakUnboundedSender<Message>,
    ) -> Rc<Self> {
        Rc::new(InstanceState {
            bindings,
            meter,
            plugins: Sessions::new(plugins, hooks, memory.clone()),
            memory,
            inbox,
            uncaught: Cell::new(0),
            worn_out: Cell::new(false),
            slice: Cell::new(Slice::Turn),
            calls: RefCell::default(),
            ended: RefCell::default(),
        })
    }

    pub(crate) fn insert(&self, id: u32, call: Call) {
        self.calls.borrow_mut().insert(id, call);
    }

    /// Looks at a call; `None` where it is over.
    pub(crate) fn with_call<T>(&self, id: u32, look: impl FnOnce(&mut Call) -> T) -> Option<T> {
        self.calls.borrow_mut().get_mut(&id).map(look)
    }

    pub(crate) fn context(&self, id: u32) -> Option<InvocationContext> {
        self.with_call(id, |call| call.context.clone()).or_else(|| {
            let ended = self.ended.borrow();
            ended.iter().find(|call| call.id == id).map(|call| call.context.clone())
        })
    }

    /// Answers a call, unless that has been done.
    pub(crate) fn answer(&self, id: u32, answer: Result<Reply, CallError>, streaming: Streaming) {
        self.settle(id);
        let reply = self.with_call(id, |call| {
            call.streaming = streaming == Streaming::Yes && call.reply.is_some();
            if !call.streaming {
                // Only `waitUntil` is measured from here.
                if call.waiting {
                    call.answered_at.get_or_insert_with(Moment::now);
                }
                call.cpu = Duration::ZERO;
            }
            call.reply.take()
        });
        if let Some(Some(reply)) = reply {
            reply.send(answer);
        }
        self.finish(id);
    }

    pub(crate) fn is_open(&self, id: u32) -> bool {
        self.calls.borrow().get(&id).is_some_and(|call| call.reply.is_some())
    }

    pub(crate) fn stream_ended(&self, id: u32) {
        self.with_call(id, |call| {
            call.streaming = false;
            call.answered_at = Some(Moment::now());
            call.cpu = Duration::ZERO;
        });
        self.finish(id);
    }

    pub(crate) fn wait_until(&self, id: u32, open: bool) {
        self.with_call(id, |call| call.waiting = open);
        self.finish(id);
    }

    /// Nobody waits for this call any more.
    pub(crate) fn cancel(&self, id: u32) {
        self.with_call(id, |call| {
            call.body = None;
            call.answered_at.get_or_insert_with(Moment::now);
            call.reply = None;
        });
        self.finish(id);
    }

    /// Tells the loop that the client of a streaming response is gone.
    pub(crate) fn client_gone(&self, id: u32) {
        if let Some(inbox) = self.inbox.upgrade() {
            let _ = inbox.send(Message::Cancel { id });
        }
    }

    fn finish(&self, id: u32) {
        let mut calls = self.calls.borrow_mut();
        if calls.get(&id).is_some_and(|call| call.reply.is_none() && !call.streaming && !call.waiting)
            && let Some(call) = calls.remove(&id)
        {
            call.context.end();
            self.ended.borrow_mut().push(EndedCall { id, context: call.context, due: call.due });
        }
    }

    /// How many errors outside of any script there were before this one.
    pub(crate) fn count_uncaught(&self) -> u32 {
        self.uncaught.replace(self.uncaught.get().saturating_add(1))
    }

    /// How many calls are in flight.
    pub(crate) fn open_calls(&self) -> usize {
        self.calls.borrow().len()
    }

    /// What earlier requests left behind is in the way of later ones: a fresh instance is better.
    pub(crate) fn wear_out(&self) {
        self.worn_out.set(true);
    }

    /// Whether [`Self::wear_out`] was called since the last time.
    pub(crate) fn take_worn_out(&self) -> bool {
        self.worn_out.take()
    }

    /// Nothing is in flight.
    pub(crate) fn is_idle(&self) -> bool {
        self.calls.borrow().is_empty()
    }

    /// The event loop has something to do: a call in flight, or one that has just ended.
    pub(crate) fn wants_turn(&self) -> bool {
        !self.is_idle() || !self.ended.borrow().is_empty()
    }

    /// The event loop has turned.
    pub(crate) fn turned(&self) {
        self.ended.borrow_mut().clear();
    }

    /// Before an answer, or the end of one that streams, leaves: whoever gets it on another thread may ask at once what
    /// it cost. One on this thread asks after the slice.
    pub(crate) fn settle(&self, id: u32) {
        let mut calls = self.calls.borrow_mut();
        if calls.get(&id).is_none_or(|call| matches!(call.reply, Some(ReplyTo::Local(_)))) {
            return;
        }
        let unanswered = calls.values().filter(|call| call.reply.is_some()).count();
        let sharing = match self.slice.get() {
            Slice::Call(of) => usize::from(of == id),
            Slice::Turn if unanswered == 0 => calls.len(),
            Slice::Turn => unanswered,
        };
        let Some(call) = calls.get_mut(&id) else { return };
        let owes = call.reply.is_some() || call.streaming && (unanswered == 0 || self.slice.get() == Slice::Call(id));
        if owes && sharing > 0 {
            call.context.spend_cpu(share(self.meter.used(), sharing));
            call.due = Due::Told;
        }
    }

    /// A slice begins.
    pub(crate) fn begins(&self, slice: Slice) {
        self.slice.set(slice);
    }

    /// CPU time of a slice that was for one call, in the account of its context.
    pub(crate) fn charge(&self, id: u32, used: Duration) {
        if let Some(call) = self.calls.borrow_mut().get_mut(&id) {
            if call.due != Due::Told {
                call.context.spend_cpu(used);
            }
            call.slice_ends();
        } else if let Some(call) = self.ended.borrow_mut().iter_mut().rev().find(|call| call.id == id)
            && std::mem::replace(&mut call.due, Due::No) == Due::Yes
        {
            call.context.spend_cpu(used);
        }
    }

    /// The call in flight, where it is the only one.
    pub(crate) fn only_call(&self) -> Option<u32> {
        let calls = self.calls.borrow();
        if calls.len() == 1 { calls.keys().next().copied() } else { None }
    }

    /// Splits `used` CPU time of a turn of the event loop over the calls it was likely for: those that have not been
    /// answered, or else those that stream or wait. A stream may go on for hours, so its account starts anew every
    /// `limits.wall`. Answers which limits a call has passed.
    pub(crate) fn bill(&self, used: Duration, limits: &Limits) -> Passed {
        let mut calls = self.calls.borrow_mut();
        let unanswered = calls.values().filter(|call| call.reply.is_some()).count();
        let sharing = if unanswered == 0 { calls.len() } else { unanswered };
        // Those that were answered in this turn have their part of it, too.
        let ended = self.ended.borrow();
        let taking_part = |call: &Call| call.due != Due::No || unanswered == 0;
        let open = calls.values().filter(|call| taking_part(call)).map(|call| (&call.context, call.due));
        let ended = ended.iter().filter(|call| call.due != Due::No).map(|call| (&call.context, call.due));
        let part = share(used, open.clone().chain(ended.clone()).count());
        open.chain(ended).filter(|(_, due)| *due != Due::Told).for_each(|(context, _)| context.spend_cpu(part));
        calls.values_mut().for_each(Call::slice_ends);
        let share = share(used, sharing);
        let now = Instant::now();
        let mut passed = Passed::default();
        for call in calls.values_mut().filter(|call| unanswered == 0 || call.reply.is_some()) {
            if call.streaming && now - call.cpu_since > limits.wall {
                call.cpu = Duration::ZERO;
                call.cpu_since = now;
            }
            call.cpu += share;
            if call.is_answered() {
                passed.wait_until |= call.cpu > limits.wait_until_cpu;
            } else {
                passed.hard |= call.cpu > limits.cpu;
                passed.soft |= limits.cpu_soft.is_some_and(|soft| call.cpu > soft);
            }
        }
        passed
    }

    /// Nothing is left but what `waitUntil` keeps open.
    pub(crate) fn is_after_answers(&self) -> bool {
        let calls = self.calls.borrow();
        !calls.is_empty() && calls.values().all(Call::is_answered)
    }

    /// The earliest `answered_at` of a call that only `waitUntil` keeps open.
    pub(crate) fn oldest_waiting(&self) -> Option<(u32, Moment)> {
        let calls = self.calls.borrow();
        let waiting = calls.iter().filter(|(_, call)| call.reply.is_none() && !call.streaming && call.waiting);
        waiting.filter_map(|(id, call)| Some((*id, call.answered_at?))).min_by_key(|(_, at)| at.instant())
    }

    /// Ends every call, answering those that nobody answered with what `error` makes for them.
    pub(crate) fn fail_all(&self, mut error: impl FnMut(u32) -> CallError) {
        for (id, call) in self.calls.borrow_mut().drain() {
            if let Some(reply) = call.reply {
                reply.send(Err(error(id)));
            }
        }
    }

    /// Ends one call that only `waitUntil` keeps open.
    pub(crate) fn abandon(&self, id: u32) {
        if let Some(call) = self.calls.borrow_mut().remove(&id) {
            call.context.end();
        }
    }

    /// The calls that nobody has answered.
    pub(crate) fn unanswered_ids(&self) -> Vec<u32> {
        self.calls.borrow().iter().filter(|(_, call)| call.reply.is_some()).map(|(id, _)| *id).collect()
    }
}

/// What a slice of the guest is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slice {
    Call(u32),
    /// A turn of the event loop, for all calls.
    Turn,
}

fn share(used: Duration, sharing: usize) -> Duration {
    used / u32::try_from(sharing.max(1)).unwrap_or(u32::MAX)
}

/// Whether a response's body goes on after its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Streaming {
    Yes,
    No,
}

/// Ids are handed out one after the other: they are good hashes as they are.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u32(&mut self, id: u32) {
        // Spread over the high bits too, from which the map takes its tags.
        self.0 = u64::from(id).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
