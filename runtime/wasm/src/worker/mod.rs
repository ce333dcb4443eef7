//! A component as a worker.
//!
//! `load` makes one of a file; `instance` is a store with the component in it; `call` takes one request through an
//! instance; `response` is the guest's answer on its way out.

mod call;
#[cfg(test)]
mod figures;
mod instance;
mod load;
mod response;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};
use worky_engine::{CallError, ComponentSettings, FetchEvent, Invocation, Limits, Outcome, Worker};
use worky_host::Bindings;

use crate::config::Use;
use crate::engine::Shared;
use instance::{Handler, Instance};

/// How many instances a worker keeps that wait for their next request.
const IDLE_MAX: usize = 8;

/// One loaded component.
pub(crate) struct WasmWorker(Arc<Blueprint>);

/// Everything an instance is made of, and what its instances share.
pub(crate) struct Blueprint {
    shared: Arc<Shared>,
    purpose: Use,
    file: String,
    component: Bytes,
    handler: Handler,
    /// The same for instances beyond the pool, made once the pool is full.
    spare: OnceCell<Handler>,
    /// What an instance takes of the pool.
    places: u32,
    bindings: Arc<Bindings>,
    limits: Limits,
    settings: ComponentSettings,
    /// Where guests are polled: calls may come from runtimes that nobody else must hold up.
    runtime: Handle,
    idle: Mutex<Vec<Instance>>,
    /// Guests that run, answered or not.
    running: TaskTracker,
}

impl Worker for WasmWorker {
    fn call(&self, event: Invocation) -> BoxFuture<'_, Result<Outcome, CallError>> {
        let Invocation::Fetch(event) = event;
        self.fetch(event).boxed()
    }

    fn drain(&self) -> BoxFuture<'_, ()> {
        async {
            self.0.running.close();
            self.0.running.wait().await;
            self.0.idle.lock().clear();
        }
        .boxed()
    }
}

impl WasmWorker {
    async fn fetch(&self, event: FetchEvent) -> Result<Outcome, CallError> {
        let here = Handle::current().id() == self.0.runtime.id();
        let call = call::call(self.0.clone(), event);
        if here {
            return call.await;
        }
        match AbortOnDropHandle::new(self.0.runtime.spawn(call)).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_cancelled() => Err(CallError::ShuttingDown),
            Err(error) => Err(CallError::Host(format!("the call broke down: {error}"))),
        }
    }
}

impl Blueprint {
    fn take_idle(&self) -> Option<Instance> {
        self.idle.lock().pop()
    }

    /// Keeps an instance for its next request, if it may serve one more and there is room.
    fn keep(&self, instance: Instance) {
        let Some(instance) = instance.rested(&self.shared, self.settings.instance_reuse) else { return };
        let mut idle = self.idle.lock();
        if idle.len() < IDLE_MAX {
            idle.push(instance);
        }
    }
}
