//! What one isolate uses of a plugin: a guest on its own thread, or one on the engine's threads that takes its calls one
//! after the other.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::AbortOnDropHandle;
use worky_engine::plugin::{MemoryAccount, PluginError, PluginSession, Value};
use worky_host::InvocationContext;

use super::guest::{Outcome, PluginGuest};
use super::load::Loaded;

/// Calls that wait for their turn at one guest.
const WAITING_MAX: usize = 4_096;

pub(super) fn open(plugin: Arc<Loaded>, account: Arc<dyn MemoryAccount>) -> Box<dyn PluginSession> {
    if plugin.is_synchronous {
        Box::new(Here(PluginGuest::new(plugin, account)))
    } else {
        Box::new(Elsewhere { plugin, account, queue: None })
    }
}

/// On the thread of its caller.
struct Here(PluginGuest);

impl PluginSession for Here {
    fn call_here(
        &mut self,
        context: Option<&InvocationContext>,
        interrupted: &(dyn Fn() -> bool + Sync),
        function: u32,
        arguments: Vec<Value<'_>>,
    ) -> Outcome {
        self.0.call_here(context, interrupted, function, &arguments)
    }

    fn call(
        &mut self,
        context: InvocationContext,
        function: u32,
        arguments: Vec<Value<'static>>,
    ) -> BoxFuture<'static, Outcome> {
        ready(self.0.call_here(Some(&context), &|| false, function, &arguments)).boxed()
    }

    fn drop_resource(&mut self, handle: u32) {
        self.0.drop_here(handle);
    }
}

/// On the engine's threads. The task is there from the first call on, and ends with the session.
struct Elsewhere {
    plugin: Arc<Loaded>,
    account: Arc<dyn MemoryAccount>,
    queue: Option<Queue>,
}

struct Queue {
    turns: mpsc::Sender<Turn>,
    _task: AbortOnDropHandle<()>,
}

enum Turn {
    Call { context: InvocationContext, function: u32, arguments: Vec<Value<'static>>, reply: oneshot::Sender<Outcome> },
    Drop { handle: u32 },
}

impl Elsewhere {
    fn turns(&mut self) -> &mpsc::Sender<Turn> {
        let Elsewhere { plugin, account, queue } = self;
        let queue = queue.get_or_insert_with(|| {
            let (turns, waiting) = mpsc::channel(WAITING_MAX);
            let guest = PluginGuest::new(plugin.clone(), account.clone());
            Queue { turns, _task: plugin.shared.crew.spawn(take_turns(guest, waiting)) }
        });
        &queue.turns
    }
}

impl PluginSession for Elsewhere {
    fn call_here(
        &mut self,
        _context: Option<&InvocationContext>,
        _interrupted: &(dyn Fn() -> bool + Sync),
        _function: u32,
        _arguments: Vec<Value<'_>>,
    ) -> Outcome {
        Err(PluginError::Host(
            "this plugin's imports have to wait, so that it cannot be called synchronously".to_owned(),
        ))
    }

    fn call(
        &mut self,
        context: InvocationContext,
        function: u32,
        arguments: Vec<Value<'static>>,
    ) -> BoxFuture<'static, Outcome> {
        let (reply, outcome) = oneshot::channel();
        if let Err(error) = self.turns().try_send(Turn::Call { context, function, arguments, reply }) {
            return ready(Err(refused(&error))).boxed();
        }
        async move { outcome.await.unwrap_or(Err(PluginError::Interrupted)) }.boxed()
    }

    fn drop_resource(&mut self, handle: u32) {
        // There is nothing to drop before the first call. Where the queue is full the resource stays until its instance
        // goes, and counts against `limits.handles`.
        if let Some(queue) = &self.queue {
            let _full = queue.turns.try_send(Turn::Drop { handle });
        }
    }
}

fn refused<T>(error: &mpsc::error::TrySendError<T>) -> PluginError {
    match error {
        mpsc::error::TrySendError::Full(_) => PluginError::Limit {
            limit: "calls",
            message: format!("{WAITING_MAX} calls of the plugin are waiting for their turn; await some of them first"),
        },
        mpsc::error::TrySendError::Closed(_) => PluginError::Host("the plugin's task has ended".to_owned()),
    }
}

async fn take_turns(mut guest: PluginGuest, mut waiting: mpsc::Receiver<Turn>) {
    while let Some(turn) = waiting.recv().await {
        match turn {
            Turn::Call { context, function, arguments, mut reply } => {
                if reply.is_closed() {
                    continue;
                }
                let outcome = tokio::select! {
                    outcome = guest.call(&context, function, &arguments) => Some(outcome),
                    () = reply.closed() => None,
                };
                match outcome {
                    Some(outcome) => {
                        let _gone = reply.send(outcome);
                    }
                    // The guest stopped in the middle of something.
                    None => guest.discard(),
                }
            }
            Turn::Drop { handle } => guest.drop(handle).await,
        }
    }
}
