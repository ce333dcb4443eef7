//! One isolate and its thread.
//!
//! `thread` is where it lives; `boot` makes the isolate and loads the worker's module into it; `run` is its life; `state` is what ops share with
//! both. The thread is reached through [`InstanceHandle`] alone.

mod boot;
mod code;
mod files;
mod local;
mod rest;
mod run;
mod state;
mod thread;
mod uncaught;

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use slab::Slab;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use worky_engine::local::{Door, Visitor};
use worky_engine::{Activity, CallError, FetchEvent, InstanceFigures, Limits, LoadError, Outcome};
use worky_host::Bindings;
use worky_host::metrics::Metrics;
use worky_host::standstill::Moment;

use crate::coverage::CoverageSink;
use crate::inspector::Inspected;
use crate::loader::Modules;
use crate::placement::{CallQueue, Load, QueuedCall, Waiting};
use crate::plugin::Plugins;
use crate::pool::Pool;
use crate::watchdog::{Kill, Warden};

pub(crate) use files::RequestFiles;
pub(crate) use state::{Call, InstanceState, Streaming};
pub(crate) use thread::Blank;
use thread::Order;

/// Everything an instance is made of.
pub(crate) struct Blueprint {
    pub(crate) modules: Arc<Modules>,
    pub(crate) plugins: Arc<Plugins>,
    pub(crate) bindings: Bindings,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) pool: Arc<Pool>,
    /// Whoever wants to know what has run.
    pub(crate) coverage: Option<Arc<dyn CoverageSink>>,
    /// Where the worker can be debugged.
    pub(crate) inspected: Option<Arc<Inspected>>,
}

/// What becomes of a call that was sent to an instance.
pub(crate) enum Answer {
    Done(Result<Outcome, CallError>),
    /// The instance ended before it began this one; another may have it.
    Unsent(Box<FetchEvent>),
}

pub(crate) enum Message {
    /// There is a call in the queue, unless it was taken back.
    Call,
    /// The caller of this call is gone.
    Cancel { id: u32 },
    /// There is somebody in the lobby who comes to live on this thread, unless they were sent away.
    Visit,
    /// Tell how much memory is in use, and look whether it is time to rest.
    SampleMemory,
    /// Tell how much memory is in use. Whoever watches does not change what he sees.
    Look,
    /// Finish what is in flight, then end.
    Retire,
}

/// Why an instance is to end that did nothing wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Retirement {
    /// Its worker is replaced, or was stopped; or it may not serve on.
    Replaced,
    /// To make room for another worker's.
    Evicted,
    /// To make room in the memory of all.
    EvictedForMemory,
    /// Others of its worker can do what is to do.
    NotNeeded,
}

impl Retirement {
    /// As metrics call it.
    fn name(self) -> &'static str {
        match self {
            Retirement::Replaced => "retired",
            Retirement::Evicted => "evicted",
            Retirement::EvictedForMemory => "evicted_for_memory",
            Retirement::NotNeeded => "not_needed",
        }
    }
}

/// Whether new calls may go to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Phase {
    Serving,
    /// It finishes what it has; new calls need another instance.
    Retiring,
    Dead,
}

/// The way to one instance. Dropping the last handle lets the instance finish and end.
#[derive(Clone)]
pub(crate) struct InstanceHandle {
    inbox: mpsc::UnboundedSender<Message>,
    shared: Arc<Shared>,
}

/// What both sides of an instance see.
pub(crate) struct Shared {
    /// One of its own in the process.
    number: u64,
    phase: AtomicU8,
    next_id: AtomicU32,
    queue: CallQueue,
    load: Load,
    /// Why it retires, where it was told to.
    retirement: OnceLock<Retirement>,
    /// One slice of the guest has been running for long.
    pub(crate) stuck: AtomicBool,
    /// Of those who live on the thread.
    doors: Mutex<Slab<Arc<dyn Door>>>,
    /// Those who come to live on the thread, until it lets them in. `None` once it will not.
    lobby: Mutex<Option<Vec<Box<dyn Visitor>>>>,
    /// Set once the thread has ended and all of its memory is returned.
    ended: tokio::sync::watch::Sender<bool>,
    /// The instance was killed and its thread does not notice, or not soon: nobody waits for its end.
    lost: tokio::sync::watch::Sender<bool>,
}

impl Shared {
    fn new() -> Arc<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        Arc::new(Shared {
            number: COUNT.fetch_add(1, Ordering::Relaxed),
            phase: AtomicU8::new(Phase::Serving as u8),
            next_id: AtomicU32::new(0),
            queue: CallQueue::default(),
            load: Load::default(),
            retirement: OnceLock::new(),
            stuck: AtomicBool::new(false),
            doors: Mutex::default(),
            lobby: Mutex::new(Some(Vec::new())),
            ended: tokio::sync::watch::Sender::new(false),
            lost: tokio::sync::watch::Sender::new(false),
        })
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Serving,
            1 => Phase::Retiring,
            _ => Phase::Dead,
        }
    }

    pub(crate) fn enter(&self, phase: Phase) {
        self.phase.fetch_max(phase as u8, Ordering::AcqRel);
    }

    fn next_id(&self) -> u32 {
        self.next_id.fetch_add(1, Ordering::Relaxed) & (i32::MAX as u32)
    }

    /// Those who live on the thread and wait for something need not wait here.
    pub(crate) fn send_visitors_away(&self) {
        for (_, door) in self.doors.lock().iter() {
            door.send_away();
        }
    }
}

impl Warden for Arc<Shared> {
    /// Who sees the instance dead knows why.
    fn killed(&self, reason: Kill) {
        self.load.record_kill(reason);
        self.enter(Phase::Dead);
    }

    fn stuck(&self) {
        self.stuck.store(true, Ordering::Relaxed);
        self.send_visitors_away();
        let waiting = self.lobby.lock().as_mut().map(std::mem::take);
        waiting.into_iter().flatten().for_each(|visitor| visitor.decline());
    }

    fn unstuck(&self) {
        self.stuck.store(false, Ordering::Relaxed);
    }

    fn lost(&self) {
        self.stuck();
        for (_, door) in self.doors.lock().iter() {
            door.cut_off();
        }
        self.lost.send_replace(true);
    }
}

impl InstanceHandle {
    /// Starts the worker in a blank isolate, or, where none waits, in one that is made for it.
    pub(crate) async fn start(blueprint: Arc<Blueprint>) -> Result<InstanceHandle, LoadError> {
        let (inbox, messages) = mpsc::unbounded_channel();
        let (started, outcome) = oneshot::channel();
        let order = Order { blueprint: blueprint.clone(), inbox: inbox.downgrade(), messages, started };
        let no_thread = |error| LoadError::Host(format!("no thread for an isolate: {error}"));
        let shared = Self::move_in(&blueprint, order).map_err(no_thread)?;
        let outcome = outcome.await;
        // From here on, so that making the next one is not in this one's way.
        blueprint.pool.refill(blueprint.limits.memory_bytes);
        outcome.unwrap_or_else(|_| Err(LoadError::Host("the isolate's thread ended while it started".into())))?;
        Ok(InstanceHandle { inbox, shared })
    }

    fn move_in(blueprint: &Blueprint, mut order: Order) -> io::Result<Arc<Shared>> {
        let memory_bytes = blueprint.limits.memory_bytes;
        while let Some(blank) = blueprint.pool.take(memory_bytes) {
            match blank.furnish(order) {
                Ok(shared) => {
                    blueprint.metrics.blank_isolate("taken");
                    return Ok(shared);
                }
                Err(unread) => order = unread,
            }
        }
        blueprint.metrics.blank_isolate("missing");
        let ended = |_| io::Error::other("it ended before it began");
        Blank::start(memory_bytes)?.furnish(order).map_err(ended)
    }

    pub(crate) fn phase(&self) -> Phase {
        self.shared.phase()
    }

    pub(crate) fn queue(&self) -> &CallQueue {
        &self.shared.queue
    }

    pub(crate) fn load(&self) -> &Load {
        &self.shared.load
    }

    /// One slice of the guest has been running for long.
    pub(crate) fn is_stuck(&self) -> bool {
        self.shared.stuck.load(Ordering::Relaxed)
    }

    /// Connections that live on its thread.
    pub(crate) fn connections(&self) -> u32 {
        self.shared.doors.lock().len() as u32
    }

    /// Has so many connections go, each when it has finished what it does.
    pub(crate) fn send_away(&self, count: u32) {
        let doors = self.shared.doors.lock();
        doors.iter().take(count as usize).for_each(|(_, door)| door.send_away());
    }

    /// No call waits for it, and none is in it: neither one that streams nor one with a `waitUntil`.
    pub(crate) fn is_idle(&self) -> bool {
        self.shared.queue.len() == 0 && self.shared.load.open() == 0
    }

    /// What it does and holds. Memory is as last sampled, and is sampled anew.
    pub(crate) fn figures(&self, now: Instant) -> InstanceFigures {
        let _tells_soon = self.inbox.send(Message::Look);
        let Shared { number, queue, load, .. } = &*self.shared;
        InstanceFigures {
            id: *number,
            activity: match self.phase() {
                Phase::Serving if self.is_stuck() => Activity::Busy,
                Phase::Serving => Activity::Serving,
                Phase::Retiring | Phase::Dead => Activity::Retiring,
            },
            heap_bytes: load.heap_bytes(),
            memory_bytes: load.memory_bytes(),
            cpu: load.cpu(),
            age: now.saturating_duration_since(load.serving_since()),
            open: load.open(),
            queued: queue.len(),
            connections: self.connections(),
        }
    }

    /// Has it tell soon how much memory it uses.
    pub(crate) fn sample_memory(&self) {
        let _ = self.inbox.send(Message::SampleMemory);
    }

    /// Sends a call, which waits to be begun since `since`; gives the event back where the instance takes no more.
    pub(crate) fn call(
        &self,
        event: Box<FetchEvent>,
        since: Moment,
        waiting: Waiting,
    ) -> Result<PendingCall, Box<FetchEvent>> {
        let id = self.shared.next_id();
        let (reply, answer) = oneshot::channel();
        let queued_at = Moment::now();
        self.shared.queue.push(QueuedCall { id, event, reply, since, queued_at, waiting })?;
        // Where the inbox is closed, so will be the queue: the call comes back.
        let _ = self.inbox.send(Message::Call);
        Ok(PendingCall { id, answer: Some(answer), inbox: self.inbox.clone() })
    }

    /// Has a visitor live on the instance's thread; gives it back where the instance is busy or takes no more calls.
    pub(crate) fn host(&self, visitor: Box<dyn Visitor>) -> Result<(), Box<dyn Visitor>> {
        if self.phase() != Phase::Serving {
            return Err(visitor);
        }
        let mut lobby = self.shared.lobby.lock();
        // Asked while the lobby is locked: whoever sets it empties the lobby afterwards.
        let (Some(open), false) = (&mut *lobby, self.is_stuck()) else { return Err(visitor) };
        open.push(visitor);
        drop(lobby);
        // Where the inbox is closed, so will be the lobby: the visitor is declined.
        let _ = self.inbox.send(Message::Visit);
        Ok(())
    }

    /// Lets the instance finish what it has and end.
    pub(crate) fn retire(&self, why: Retirement) {
        let _first_reason_holds = self.shared.retirement.set(why);
        self.shared.enter(Phase::Retiring);
        // An instance that is gone needs no telling.
        let _ = self.inbox.send(Message::Retire);
    }

    pub(crate) fn has_ended(&self) -> bool {
        *self.shared.ended.borrow()
    }

    /// Resolves once the thread has ended, or is lost.
    pub(crate) async fn ended(&self) {
        let (mut ended, mut lost) = (self.shared.ended.subscribe(), self.shared.lost.subscribe());
        // An error means that the sender is gone, with the thread.
        tokio::select! {
            _ = ended.wait_for(|ended| *ended) => {}
            _ = lost.wait_for(|lost| *lost) => {}
        }
    }
}

/// A call under way. Dropping it tells the isolate that nobody waits any more.
pub(crate) struct PendingCall {
    id: u32,
    answer: Option<oneshot::Receiver<Answer>>,
    inbox: mpsc::UnboundedSender<Message>,
}

impl PendingCall {
    pub(crate) async fn answer(mut self) -> Answer {
        let answer = self.answer.as_mut().expect("it is taken only below, once").await;
        self.answer = None;
        // Only a thread that panicked drops a call without an answer.
        answer.unwrap_or_else(|_| Answer::Done(Err(CallError::Host("the instance broke down".to_owned()))))
    }
}

impl Drop for PendingCall {
    fn drop(&mut self) {
        if self.answer.is_some() {
            let _ = self.inbox.send(Message::Cancel { id: self.id });
        }
    }
}
