//! A worker keeps one serving instance. One that a limit killed, or that retires, is replaced by the next call.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use worky_engine::{CallError, FetchEvent, Invocation, Outcome, Worker};

use crate::instance::{Answer, Blueprint, InstanceHandle, Phase};

/// How often a call is sent again because its instance ended before it was begun.
const RESENDS_MAX: usize = 3;

/// How many instances of one worker may be on their way out while another starts.
const LEAVING_MAX: usize = 2;

pub(crate) struct JsWorker {
    blueprint: Arc<Blueprint>,
    serving: Mutex<InstanceHandle>,
    /// Instances that take no new calls and have not ended yet.
    leaving: Mutex<Vec<InstanceHandle>>,
    /// Held while a fresh instance starts, so that a burst of calls starts one.
    starting: tokio::sync::Mutex<()>,
}

impl JsWorker {
    pub(crate) fn new(blueprint: Arc<Blueprint>, first: InstanceHandle) -> Self {
        JsWorker {
            blueprint,
            serving: Mutex::new(first),
            leaving: Mutex::default(),
            starting: tokio::sync::Mutex::default(),
        }
    }

    async fn fetch(&self, mut event: Box<FetchEvent>) -> Result<Outcome, CallError> {
        for _ in 0..RESENDS_MAX {
            let instance = self.instance().await?;
            event = match instance.call(event) {
                Ok(call) => match call.answer().await {
                    Answer::Done(outcome) => return outcome,
                    Answer::Unsent(event) => event,
                },
                Err(unsent) => unsent,
            }
        }
        Err(CallError::InstanceStopped { reason: "it did not stay up" })
    }

    /// The instance that takes calls now; a fresh one where there is none.
    async fn instance(&self) -> Result<InstanceHandle, CallError> {
        if let Some(serving) = self.serving_now() {
            return Ok(serving);
        }
        let _starting = self.starting.lock().await;
        if let Some(serving) = self.serving_now() {
            return Ok(serving);
        }
        self.check_leaving()?;
        let fresh = InstanceHandle::start(self.blueprint.clone()).await.map_err(|e| CallError::Start(Arc::new(e)))?;
        let old = std::mem::replace(&mut *self.serving.lock(), fresh.clone());
        old.retire();
        self.leaving.lock().push(old);
        Ok(fresh)
    }

    /// A killed instance whose thread is deep in native code of V8 holds its memory and a core until that returns.
    fn check_leaving(&self) -> Result<(), CallError> {
        let mut leaving = self.leaving.lock();
        leaving.retain(|instance| !instance.has_ended());
        if leaving.len() < LEAVING_MAX {
            return Ok(());
        }
        Err(CallError::InstanceStopped { reason: "too many stopped instances have not ended yet" })
    }

    fn serving_now(&self) -> Option<InstanceHandle> {
        let serving = self.serving.lock();
        (serving.phase() == Phase::Serving).then(|| serving.clone())
    }
}

impl Worker for JsWorker {
    fn call(&self, event: Invocation) -> BoxFuture<'_, Result<Outcome, CallError>> {
        let Invocation::Fetch(event) = event;
        self.fetch(Box::new(event)).boxed()
    }

    fn drain(&self) -> BoxFuture<'_, ()> {
        async move {
            let mut instances = self.leaving.lock().clone();
            instances.push(self.serving.lock().clone());
            for instance in &instances {
                instance.retire();
            }
            for instance in &instances {
                instance.ended().await;
            }
        }
        .boxed()
    }
}
