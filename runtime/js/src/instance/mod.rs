//! One isolate and its thread.
//!
//! `boot` makes the isolate and loads the worker's module into it; `run` is its life; `state` is what ops share with
//! both. The thread is reached through [`InstanceHandle`] alone.

mod boot;
mod files;
mod run;
mod state;
mod uncaught;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use tokio::sync::{mpsc, oneshot};
use worky_engine::{CallError, FetchEvent, Limits, LoadError, Outcome};
use worky_host::Bindings;
use worky_host::metrics::Metrics;

use crate::loader::Modules;
use crate::plugin::Plugins;

pub(crate) use files::RequestFiles;
pub(crate) use state::{Call, InstanceState, Streaming};

/// Native stack of an isolate's thread: V8 takes at most a quarter (`--stack-size`), native code below it the rest.
const STACK_BYTES: usize = 4 << 20;

/// Threads on which one instance has cryptography done.
const BLOCKING_THREADS_MAX: usize = 2;

/// Everything an instance is made of.
pub(crate) struct Blueprint {
    pub(crate) modules: Arc<Modules>,
    pub(crate) plugins: Arc<Plugins>,
    pub(crate) bindings: Bindings,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
}

pub(crate) type Reply = oneshot::Sender<Answer>;

/// What becomes of a call that was sent to an instance.
pub(crate) enum Answer {
    Done(Result<Outcome, CallError>),
    /// The instance ended before it began this one; another may have it.
    Unsent(Box<FetchEvent>),
}

pub(crate) enum Message {
    Call {
        id: u32,
        event: Box<FetchEvent>,
        reply: Reply,
    },
    /// The caller of this call is gone.
    Cancel {
        id: u32,
    },
    /// Finish what is in flight, then end.
    Retire,
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
    phase: AtomicU8,
    next_id: AtomicU32,
    /// Set once the thread has ended and all of its memory is returned.
    ended: tokio::sync::watch::Sender<bool>,
}

impl Shared {
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
}

impl InstanceHandle {
    /// Starts a thread, an isolate in it, and the worker in that.
    pub(crate) async fn start(blueprint: Arc<Blueprint>) -> Result<InstanceHandle, LoadError> {
        let (inbox, messages) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            phase: AtomicU8::new(Phase::Serving as u8),
            next_id: AtomicU32::new(0),
            ended: tokio::sync::watch::Sender::new(false),
        });
        let (started, outcome) = oneshot::channel();
        let thread = Thread {
            blueprint: blueprint.clone(),
            inbox: inbox.downgrade(),
            messages,
            shared: shared.clone(),
            started,
        };
        std::thread::Builder::new()
            .name(format!("worker {}", blueprint.bindings.worker))
            .stack_size(STACK_BYTES)
            .spawn(move || thread.run())
            .map_err(|error| LoadError::Host(format!("no thread for an isolate: {error}")))?;
        outcome.await.unwrap_or_else(|_| Err(LoadError::Host("the isolate's thread ended while it started".into())))?;
        Ok(InstanceHandle { inbox, shared })
    }

    pub(crate) fn phase(&self) -> Phase {
        self.shared.phase()
    }

    /// Sends a call; gives the event back where the instance takes no more.
    pub(crate) fn call(&self, event: Box<FetchEvent>) -> Result<PendingCall, Box<FetchEvent>> {
        let id = self.shared.next_id.fetch_add(1, Ordering::Relaxed) & (i32::MAX as u32);
        let (reply, answer) = oneshot::channel();
        match self.inbox.send(Message::Call { id, event, reply }) {
            Ok(()) => Ok(PendingCall { id, answer: Some(answer), inbox: self.inbox.clone() }),
            Err(mpsc::error::SendError(Message::Call { event, .. })) => Err(event),
            Err(_) => unreachable!("a send gives back what was sent"),
        }
    }

    /// Lets the instance finish what it has and end.
    pub(crate) fn retire(&self) {
        self.shared.enter(Phase::Retiring);
        // An instance that is gone needs no telling.
        let _ = self.inbox.send(Message::Retire);
    }

    pub(crate) fn has_ended(&self) -> bool {
        *self.shared.ended.borrow()
    }

    /// Resolves once the thread has ended.
    pub(crate) async fn ended(&self) {
        let mut ended = self.shared.ended.subscribe();
        // An error means that the sender is gone, with the thread.
        let _ = ended.wait_for(|ended| *ended).await;
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

/// What a new thread starts with.
struct Thread {
    blueprint: Arc<Blueprint>,
    inbox: mpsc::WeakUnboundedSender<Message>,
    messages: mpsc::UnboundedReceiver<Message>,
    shared: Arc<Shared>,
    started: oneshot::Sender<Result<(), LoadError>>,
}

impl Thread {
    fn run(self) {
        let shared = self.shared.clone();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(BLOCKING_THREADS_MAX)
            .build();
        match runtime {
            Ok(runtime) => {
                runtime.block_on(self.live());
                // Cryptography that is still at work may finish for nobody; the instance does not wait for it.
                runtime.shutdown_background();
            }
            Err(error) => {
                let _ = self.started.send(Err(LoadError::Host(format!("no event loop for an isolate: {error}"))));
            }
        }
        shared.enter(Phase::Dead);
        shared.ended.send_replace(true);
    }

    async fn live(self) {
        let Thread { blueprint, inbox, messages, shared, started } = self;
        match boot::boot(&blueprint, inbox, shared.clone()).await {
            Ok(isolate) => {
                // Without a caller any more there is still the inbox to close in order.
                let _ = started.send(Ok(()));
                run::run(isolate, messages, &blueprint, &shared).await;
            }
            Err(error) => {
                let _ = started.send(Err(error));
            }
        }
    }
}
