//! Calls that are made on the thread of an instance, within the same bounds as all others.

use std::sync::Arc;

use http::request::Parts;
use tokio::time::Instant;
use worky_engine::local::{Begun, LocalCall, LocalInstance, Reply, Visitor};
use worky_engine::{CallError, Limits};
use worky_host::standstill::Moment;

use crate::dispatcher::{Deployed, Dispatcher, Shared, in_time, server_is_full, worker_is_full};

/// A worker as somebody found it who went to live with one of its instances.
#[derive(Clone)]
pub struct Residence {
    shared: Arc<Shared>,
    deployed: Arc<Deployed>,
}

impl Dispatcher {
    /// A worker to live with; `None` where nothing of this name takes calls.
    pub fn residence(&self, worker: &str) -> Option<Residence> {
        if self.0.is_closed() {
            return None;
        }
        let deployed = self.0.find(worker)?;
        Some(Residence { shared: Arc::clone(&self.0), deployed })
    }
}

impl Residence {
    pub fn worker(&self) -> &Arc<str> {
        &self.deployed.name
    }

    pub fn limits(&self) -> &Arc<Limits> {
        &self.deployed.limits
    }

    /// Whether instances of this worker have threads to live on.
    pub fn has_threads(&self) -> bool {
        self.deployed.worker.has_threads()
    }

    /// Whether a request is answered from a file, and so not by an instance.
    pub fn has_file_for(&self, request: impl FnOnce() -> Parts) -> bool {
        self.deployed.assets.as_ref().is_some_and(|assets| assets.answer(&request()).is_some())
    }

    /// Has a visitor live with an instance of the worker, or gives it back.
    pub async fn host(&self, visitor: Box<dyn Visitor>) -> Result<(), Box<dyn Visitor>> {
        self.deployed.worker.host(visitor).await
    }

    /// What [`Dispatcher::call`] does, on the thread of `instance`. The deadline counts from the call's `now`.
    pub fn call(&self, instance: &dyn LocalInstance, mut call: LocalCall) -> Begun {
        let begun = Moment::at(Instant::from_std(call.now));
        let counted = |error: CallError| {
            self.shared.count_limit(&self.deployed.name, &error);
            error
        };
        if self.shared.is_closed() {
            return Begun::Done(Err(CallError::ShuttingDown));
        }
        let of_all = || self.shared.in_flight.take_briefly().map_err(server_is_full);
        let of_worker = || self.deployed.in_flight.take_briefly().map_err(worker_is_full);
        let (place, own_place) = match of_all().and_then(|place| Ok((place, of_worker()?))) {
            Ok(places) => places,
            Err(error) => return Begun::Done(Err(counted(error))),
        };
        let limit = self.deployed.limits.wall;
        let context = call.context.clone();
        context.arrived(begun, limit);
        // Most answers are texts, which need nothing of the worker any more.
        let held = || (place.keep(), own_place.keep(), Arc::clone(&self.deployed));
        // Workers without files pay nothing for those with some.
        let file = self.deployed.assets.as_ref().and_then(|assets| assets.answer(call.head.parts()));
        let begun_call = match file {
            Some(answer) => Begun::Pending(Box::pin(async move {
                let response = answer.await.map_err(|error| CallError::Host(error.to_string()))?;
                Ok(Reply::Response(Box::new(response)))
            })),
            None => instance.call(call),
        };
        match begun_call {
            Begun::Done(Ok(reply)) => {
                context.set_answered();
                let reply = self.deployed.limited_reply(reply, &context).map_err(counted);
                Begun::Done(reply.map(|reply| hold(reply, held)))
            }
            Begun::Done(Err(error)) => Begun::Done(Err(counted(error))),
            Begun::Refused(call) => Begun::Refused(call),
            Begun::Pending(answer) => {
                let (shared, deployed, held) = (Arc::clone(&self.shared), Arc::clone(&self.deployed), held());
                Begun::Pending(Box::pin(async move {
                    let answer = begun.timeout(limit, answer).await;
                    let reply = answer
                        .unwrap_or(Err(CallError::WallExceeded { limit }))
                        .map_err(in_time(begun, limit))
                        .and_then(|reply| deployed.limited_reply(reply, &context))
                        .inspect_err(|error| shared.count_limit(&deployed.name, error))?;
                    context.set_answered();
                    Ok(hold(reply, || held))
                }))
            }
        }
    }
}

fn hold<T: Send + Unpin + 'static>(reply: Reply, held: impl FnOnce() -> T) -> Reply {
    match reply {
        Reply::Response(response) => Reply::Response(Box::new(response.map(|body| body.holding(held())))),
        text @ Reply::Text { .. } => text,
    }
}
