//! A worker as the dispatcher sees it. Its instances come and go; see [`crate::placement`].

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use worky_engine::local::Visitor;
use worky_engine::{CallError, InstanceFigures, Invocation, LoadError, Outcome, Worker};

use crate::instance::Blueprint;
use crate::placement::{Placement, Replicas};

pub(crate) struct JsWorker(Arc<Replicas>);

impl JsWorker {
    /// Starts it, so that what is wrong with it is known.
    pub(crate) async fn load(placement: &Arc<Placement>, blueprint: Arc<Blueprint>) -> Result<Self, LoadError> {
        Replicas::load(placement, blueprint).await.map(JsWorker)
    }
}

impl Worker for JsWorker {
    fn call(&self, event: Invocation) -> BoxFuture<'_, Result<Outcome, CallError>> {
        let Invocation::Fetch(event) = event;
        self.0.fetch(Box::new(event)).boxed()
    }

    fn has_threads(&self) -> bool {
        true
    }

    fn host<'a>(&'a self, visitor: Box<dyn Visitor>) -> BoxFuture<'a, Result<(), Box<dyn Visitor>>> {
        async move {
            self.0.look_soon();
            match self.0.instance().await {
                Ok(instance) => instance.host(visitor),
                Err(_the_call_will_say) => Err(visitor),
            }
        }
        .boxed()
    }

    fn idle(&self) -> BoxFuture<'_, ()> {
        self.0.idle().boxed()
    }

    fn instances(&self) -> Vec<InstanceFigures> {
        self.0.instances()
    }

    fn drain(&self) -> BoxFuture<'_, ()> {
        self.0.drain().boxed()
    }
}
