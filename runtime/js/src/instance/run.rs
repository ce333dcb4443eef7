//! The life of an isolate: take messages, call the handler, turn the event loop, and account for both.

mod end;

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use deno_core::{PollEventLoopOptions, unsync, v8};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, Sleep};
use worky_engine::local::{LazyHead, Visitor};
use worky_engine::{CallError, FetchEvent};
use worky_host::log::Level;
use worky_host::{Body, InvocationContext};

use self::end::End;
use super::boot::Isolate;
use super::local::Local;
use super::rest::Rest;
use super::state::{Due, ReplyTo, Slice};
use super::{Answer, Blueprint, Call, Message, Phase, RequestFiles, Shared, Streaming};
use crate::placement::{QueuedCall, give_back};
use crate::watchdog::Kill;
use crate::{guest_error, memory, platform};

/// Calls that are begun before the event loop turns once for all of them.
const BATCH: usize = 32;

/// The life of an instance, until it is over. The loop and the visitors share it; each borrows it while it runs the
/// guest, and never across an await.
pub(super) type SharedLife = Rc<RefCell<Option<Life>>>;

pub(super) async fn run(
    isolate: Isolate,
    inbox: mpsc::WeakUnboundedSender<Message>,
    mut messages: mpsc::UnboundedReceiver<Message>,
    blueprint: &Arc<Blueprint>,
    shared: &Arc<Shared>,
) {
    let worker = blueprint.bindings.worker.clone();
    blueprint.metrics.instance_started(&worker);
    let life = SharedLife::default();
    let visitors = Rc::new(Visitors::default());
    *life.borrow_mut() = Some(Life {
        isolate,
        blueprint: blueprint.clone(),
        shared: shared.clone(),
        rest: Rest::default(),
        after_answers: false,
        wait_until: None,
        inbox: Inbox::Open,
        host: Rc::new(Local { life: life.clone(), shared: shared.clone(), inbox }),
        visitors: visitors.clone(),
        ended: None,
        waker: None,
    });
    let end = poll_fn(|cx| match &mut *life.borrow_mut() {
        Some(life) => life.turn(cx, &mut messages),
        None => unreachable!("it is taken below"),
    })
    .await;
    shared.enter(Phase::Dead);
    let mut over = life.borrow_mut().take().expect("nobody else takes it");
    over.stop(end);
    if let Some(coverage) = over.isolate.coverage.take() {
        coverage.end(&worker, &blueprint.modules);
    }
    shared.send_visitors_away();
    // Calls that were sent before the phase changed and not begun go to another instance.
    messages.close();
    give_back(shared.queue.close());
    let waiting = shared.lobby.lock().take();
    waiting.into_iter().flatten().for_each(|visitor| visitor.decline());
    drop(over);
    let retired = shared.retirement.get().filter(|_| end == End::Retired);
    blueprint.metrics.instance_stopped(&worker, retired.map_or(end.name(), |why| why.name()));
    // The memory is returned. What is left to do here is to send what is answered.
    shared.ended.send_replace(true);
    visitors.gone().await;
}

/// How many visitors there are.
#[derive(Default)]
struct Visitors {
    count: Cell<usize>,
    left: Notify,
}

impl Visitors {
    async fn gone(&self) {
        while self.count.get() > 0 {
            self.left.notified().await;
        }
    }
}

#[derive(PartialEq)]
enum Inbox {
    Open,
    Closed,
}

pub(super) struct Life {
    isolate: Isolate,
    blueprint: Arc<Blueprint>,
    shared: Arc<Shared>,
    rest: Rest,
    /// What runs, or ran last, is what `waitUntil` left to do.
    after_answers: bool,
    /// Ends the longest `waitUntil`.
    wait_until: Option<(u32, std::pin::Pin<Box<Sleep>>)>,
    inbox: Inbox,
    host: Rc<Local>,
    visitors: Rc<Visitors>,
    /// A visitor's call ended it.
    ended: Option<End>,
    /// Of the loop, which turns for visitors too.
    waker: Option<Waker>,
}

impl Life {
    /// One turn: messages, then the event loop, then what is due. Ready when the life is over.
    fn turn(&mut self, cx: &mut Context<'_>, messages: &mut mpsc::UnboundedReceiver<Message>) -> Poll<End> {
        if !self.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            self.waker = Some(cx.waker().clone());
        }
        if let Some(end) = self.ended.take() {
            return Poll::Ready(end);
        }
        loop {
            let mut taken = 0;
            while taken < BATCH {
                match messages.poll_recv(cx) {
                    Poll::Ready(Some(message)) => {
                        if let Some(end) = self.take(message) {
                            return Poll::Ready(end);
                        }
                        taken += 1;
                    }
                    Poll::Ready(None) => {
                        self.inbox = Inbox::Closed;
                        break;
                    }
                    Poll::Pending => break,
                }
            }
            let debugged = self.isolate.inspection.as_ref().is_some_and(|inspection| inspection.turn(cx));
            // Without a call in flight nothing runs: timers and promises that a handler left behind wait for the next. What
            // is evaluated in a debugger's console belongs to no call.
            if self.isolate.state.wants_turn() || debugged {
                if let Some(end) = self.turn_event_loop(cx) {
                    return Poll::Ready(end);
                }
                if self.isolate.makes_code && self.isolate.state.is_idle() {
                    self.isolate.keep_code(&self.blueprint.modules);
                }
            }
            if self.isolate.state.is_idle() && self.rest.is_due(self.shared.load.used_at(), cx) {
                let Isolate { state, runtime, .. } = &mut self.isolate;
                memory::collect(runtime.v8_isolate());
                self.shared.load.sample(runtime.v8_isolate(), &state.memory);
            }
            if let Poll::Ready(end) = self.check_wait_until(cx) {
                return Poll::Ready(end);
            }
            if self.isolate.state.is_idle() && (self.inbox == Inbox::Closed || self.shared.phase() == Phase::Retiring) {
                return Poll::Ready(End::Retired);
            }
            if taken < BATCH {
                if debugged {
                    // For the CPU profile.
                    self.isolate.runtime.v8_isolate().set_idle(true);
                }
                platform::unmap_freed();
                return Poll::Pending;
            }
        }
    }

    fn take(&mut self, message: Message) -> Option<End> {
        match message {
            // Whoever places calls may have taken it back.
            Message::Call => {
                let QueuedCall { id, event, reply, .. } = self.shared.queue.pop()?;
                self.begin_call(id, event, reply)
            }
            Message::SampleMemory | Message::Look => {
                let Isolate { state, runtime, .. } = &mut self.isolate;
                self.shared.load.sample(runtime.v8_isolate(), &state.memory);
                if matches!(message, Message::SampleMemory) {
                    self.rest.begin();
                }
                None
            }
            Message::Cancel { id } => {
                self.isolate.state.cancel(id);
                self.call_guest(id, Entry::Abort)
            }
            Message::Visit => {
                let waiting = self.shared.lobby.lock().as_mut().map(std::mem::take);
                waiting.into_iter().flatten().for_each(|visitor| self.let_in(visitor));
                None
            }
            Message::Retire => {
                self.shared.send_visitors_away();
                None
            }
        }
    }

    fn let_in(&self, visitor: Box<dyn Visitor>) {
        let door = self.shared.doors.lock().insert(visitor.door());
        let (host, shared, visitors) = (self.host.clone(), self.shared.clone(), self.visitors.clone());
        visitors.count.set(visitors.count.get() + 1);
        unsync::spawn(async move {
            visitor.stay(host).await;
            shared.doors.lock().remove(door);
            visitors.count.set(visitors.count.get() - 1);
            visitors.left.notify_one();
        });
    }

    fn begin_call(&mut self, id: u32, event: Box<FetchEvent>, reply: oneshot::Sender<Answer>) -> Option<End> {
        let FetchEvent { request, context } = *event;
        let (parts, body) = request.into_parts();
        let now = Instant::now();
        context.guest_begins(now);
        self.begin(id, Box::new(parts), body, context, ReplyTo::Message(reply), now)
    }

    /// A call of somebody on this thread. The loop turns later, once for all that come now.
    pub(super) fn call_from_here(
        &mut self,
        id: u32,
        head: Box<dyn LazyHead>,
        body: Body,
        context: InvocationContext,
        reply: ReplyTo,
        now: Instant,
    ) {
        self.ended = self.begin(id, head, body, context, reply, now);
        if (self.ended.is_some() || self.isolate.state.wants_turn())
            && let Some(waker) = &self.waker
        {
            waker.wake_by_ref();
        }
    }

    fn begin(
        &mut self,
        id: u32,
        head: Box<dyn LazyHead>,
        body: Body,
        context: InvocationContext,
        reply: ReplyTo,
        now: Instant,
    ) -> Option<End> {
        self.isolate.state.insert(
            id,
            Call {
                head,
                body: Some(body),
                context,
                files: RequestFiles::default(),
                body_error: Rc::default(),
                reply: Some(reply),
                streaming: false,
                waiting: false,
                answered_at: None,
                cpu: Duration::ZERO,
                cpu_since: now,
                due: Due::Yes,
            },
        );
        self.shared.load.call_begun(self.isolate.state.open_calls(), now);
        self.call_guest(id, Entry::Dispatch)
    }

    /// Calls one function of guest/worker.js on behalf of one request, and runs its microtasks.
    fn call_guest(&mut self, id: u32, entry: Entry) -> Option<End> {
        let Isolate { state, meter, runtime, context, dispatch_fetch, abort_fetch, .. } = &mut self.isolate;
        let function = match entry {
            Entry::Dispatch => dispatch_fetch,
            Entry::Abort => abort_fetch,
        };
        let limits = &self.blueprint.limits;
        let so_far = state.with_call(id, |call| (call.is_answered(), call.cpu));
        let (answered, spent) = so_far.unwrap_or_default();
        let limit = if answered { limits.wait_until_cpu } else { limits.cpu };
        self.after_answers = answered;
        state.begins(Slice::Call(id));
        let begun = meter.begin(limit.saturating_sub(spent));
        let thrown = {
            v8::scope_with_context!(scope, runtime.v8_isolate(), &*context);
            v8::tc_scope!(let tc, scope);
            let function = v8::Local::new(tc, &*function);
            let undefined = v8::undefined(tc);
            let id = v8::Integer::new_from_unsigned(tc, id);
            function.call(tc, undefined.into(), &[id.into()]);
            if tc.exception().is_none() && !tc.has_terminated() {
                tc.perform_microtask_checkpoint();
            }
            match tc.exception() {
                Some(exception) if !tc.has_terminated() => {
                    Some(guest_error::from_js_error(&deno_core::error::JsError::from_v8_exception(tc, exception)))
                }
                _ => None,
            }
        };
        let (used, now) = meter.end(begun);
        state.charge(id, used);
        // What follows its answer is on an account of its own.
        state.with_call(id, |call| {
            if call.is_answered() == answered {
                call.cpu += used
            }
        });
        if !answered && limits.cpu_soft.is_some_and(|soft| spent + used > soft) {
            self.retire_early("cpu_soft_ms", Some(id));
        }
        let state = &self.isolate.state;
        if let Some(error) = thrown {
            // The glue catches what a handler throws; what comes through is a stack overflow inside of the glue.
            state.answer(id, Err(CallError::Exception(error)), Streaming::No);
        }
        self.after_slice(Some(id), now)
    }

    fn turn_event_loop(&mut self, cx: &mut Context<'_>) -> Option<End> {
        let Isolate { state, meter, runtime, .. } = &mut self.isolate;
        let limits = &self.blueprint.limits;
        self.after_answers = state.is_after_answers();
        state.begins(Slice::Turn);
        let begun = meter.begin(if self.after_answers { limits.wait_until_cpu } else { limits.cpu });
        let turned = runtime.poll_event_loop(cx, PollEventLoopOptions::default());
        let (used, now) = meter.end(begun);
        let passed = state.bill(used, limits);
        state.turned();
        if let Some(end) = self.after_slice(None, now) {
            return Some(end);
        }
        if passed.soft {
            self.retire_early("cpu_soft_ms", self.isolate.state.only_call());
        }
        if passed.hard || passed.wait_until {
            self.after_answers = !passed.hard;
            self.isolate.meter.kill(Kill::Cpu);
            return Some(End::Killed { reason: Kill::Cpu, guilty: self.isolate.state.only_call() });
        }
        match turned {
            Poll::Pending => None,
            Poll::Ready(Ok(())) => {
                // Nothing is left that could settle a promise.
                for id in self.isolate.state.unanswered_ids() {
                    self.isolate.state.answer(id, Err(CallError::NeverSettles), Streaming::No);
                    // The guest's scripts forget the request, too.
                    if let Some(end) = self.call_guest(id, Entry::Abort) {
                        return Some(end);
                    }
                }
                None
            }
            Poll::Ready(Err(error)) => {
                // Errors of single handlers are caught; this one belongs to none of them.
                let error = guest_error::from_core_error(error);
                self.blueprint.bindings.log.write(None, Level::Error, &format!("uncaught {error}"));
                cx.waker().wake_by_ref();
                None
            }
        }
    }

    /// What the limits say after the guest has run.
    fn after_slice(&mut self, guilty: Option<u32>, now: std::time::Instant) -> Option<End> {
        let Isolate { state, meter, runtime, .. } = &mut self.isolate;
        state.memory.sample(runtime.v8_isolate(), now);
        if state.memory.take_warning() {
            let Blueprint { bindings, limits, .. } = &*self.blueprint;
            let context = guilty.or_else(|| state.only_call()).and_then(|id| state.context(id));
            let text = format!(
                "90 % of this instance's {} MiB of memory are in use; it is stopped at 100 % (limits.memory_mb)",
                limits.memory_bytes >> 20
            );
            bindings.log.write(context.as_ref(), Level::Warn, &text);
        }
        if state.memory.buffer_refused() || state.memory.over_limit() {
            meter.kill(Kill::Memory);
        }
        let Some(reason) = meter.killed() else {
            if state.take_worn_out() {
                self.retire_early("timers", guilty);
            }
            let state = &self.isolate.state;
            self.shared.load.slice_ended(state.open_calls());
            return None;
        };
        Some(End::Killed { reason, guilty: guilty.or_else(|| state.only_call()) })
    }
}

/// The two ways into guest/worker.js.
#[derive(Clone, Copy)]
enum Entry {
    Dispatch,
    Abort,
}
