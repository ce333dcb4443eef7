//! A worker behind its assets: what a file answers never reaches an engine.
//!
//! It is a worker like any other, so that all that holds for calls holds for assets too, and workers without assets pay
//! nothing. Connections live with its instances all the same, and get files there from [`crate::local`]; one whose first
//! request is for a file waits for no instance.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use worky_engine::local::Visitor;
use worky_engine::{CallError, InstanceFigures, Invocation, Outcome, Worker};
use worky_host::assets::Assets;

/// Assets, and the worker that gets what they do not answer, if there is one.
pub(crate) struct WithAssets {
    pub(crate) assets: Assets,
    pub(crate) worker: Option<Arc<dyn Worker>>,
}

impl Worker for WithAssets {
    fn call(&self, event: Invocation) -> BoxFuture<'_, Result<Outcome, CallError>> {
        let Invocation::Fetch(fetch) = &event;
        let answer = match &self.worker {
            Some(worker) => match self.assets.answer(&fetch.request) {
                Some(answer) => answer,
                None => return worker.call(event),
            },
            None => self.assets.fetch(&fetch.request),
        };
        Box::pin(async move {
            let answer = answer.await.map_err(|error| CallError::Host(error.to_string()))?;
            Ok(Outcome::Response(answer))
        })
    }

    fn has_threads(&self) -> bool {
        self.worker.as_ref().is_some_and(|worker| worker.has_threads())
    }

    fn host<'a>(&'a self, visitor: Box<dyn Visitor>) -> BoxFuture<'a, Result<(), Box<dyn Visitor>>> {
        match &self.worker {
            Some(worker) => worker.host(visitor),
            None => Box::pin(std::future::ready(Err(visitor))),
        }
    }

    fn idle(&self) -> BoxFuture<'_, ()> {
        match &self.worker {
            Some(worker) => worker.idle(),
            None => Box::pin(std::future::ready(())),
        }
    }

    fn instances(&self) -> Vec<InstanceFigures> {
        self.worker.as_ref().map(|worker| worker.instances()).unwrap_or_default()
    }

    fn drain(&self) -> BoxFuture<'_, ()> {
        match &self.worker {
            Some(worker) => worker.drain(),
            None => Box::pin(std::future::ready(())),
        }
    }
}
