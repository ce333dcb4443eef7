use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::future::join_all;
use http::Response;
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use worky_engine::local::Reply;
use worky_engine::{Artifact, CallError, InstanceFigures, Invocation, Limits, LoadError, Outcome, Worker};
use worky_host::assets::Assets;
use worky_host::metrics::Metrics;
use worky_host::service::ServiceDispatch;
use worky_host::standstill::Moment;
use worky_host::{Bindings, Body, InvocationContext};

use crate::Engines;
use crate::assets::WithAssets;
use crate::response_limit::{self, Sender};
use crate::services::ServiceCalls;
use crate::slot::{Full, InFlight, Slot};

/// Bounds of the dispatcher itself. The defaults are written here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchConfig {
    /// Requests at once in all workers together; beyond it the answer is 503. `server.max_in_flight`
    pub in_flight_max: u32,
    /// Workers that call each other for one request: the first, which the request is for, and those behind it.
    /// `server.max_service_depth`
    pub service_depth_max: u32,
}

impl Default for DispatchConfig {
    fn default() -> Self {
        DispatchConfig { in_flight_max: 16_384, service_depth_max: 16 }
    }
}

/// A worker to be: its code, its grants and its limits.
pub struct Deployment {
    pub name: Arc<str>,
    pub content: Content,
    pub bindings: Bindings,
    pub limits: Limits,
}

/// What answers a worker's requests.
pub enum Content {
    Code(Artifact),
    Assets(Assets),
    /// What the assets do not answer is for the code.
    AssetsThenCode(Assets, Artifact),
}

/// What one deployed worker does.
#[derive(Debug, Clone)]
pub struct WorkerFigures {
    pub name: Arc<str>,
    /// Requests in flight, bodies included.
    pub in_flight: u32,
    pub instances: Vec<InstanceFigures>,
}

/// How [`Dispatcher::drain`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrainOutcome {
    /// Everything that had begun has finished.
    Drained,
    /// The grace ended first. What still ran is cancelled.
    GraceEnded { in_flight: u32 },
}

/// The table of deployed workers. Cloning shares it.
#[derive(Clone)]
pub struct Dispatcher(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    engines: Engines,
    pub(crate) metrics: Metrics,
    pub(crate) service_depth_max: u32,
    pub(crate) in_flight: Arc<InFlight>,
    /// Read by every request, replaced by a deployment: readers take no lock.
    table: ArcSwap<Table>,
    /// Held for one change of the table, so that two deployments at once do not undo each other.
    changing: Mutex<()>,
    closed: AtomicBool,
    /// One task for each replaced worker that is still busy.
    retiring: TaskTracker,
    stop_retiring: CancellationToken,
}

type Table = HashMap<Arc<str>, Arc<Deployed>>;

pub(crate) struct Deployed {
    pub(crate) name: Arc<str>,
    metrics: Metrics,
    pub(crate) worker: Arc<dyn Worker>,
    /// What is asked before an instance is; `worker` asks it itself.
    pub(crate) assets: Option<Assets>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) in_flight: Arc<InFlight>,
}

impl Dispatcher {
    pub fn new(engines: Engines, metrics: Metrics, config: DispatchConfig) -> Self {
        Dispatcher(Arc::new(Shared {
            engines,
            metrics,
            service_depth_max: config.service_depth_max,
            in_flight: InFlight::new(config.in_flight_max),
            table: ArcSwap::default(),
            changing: Mutex::new(()),
            closed: AtomicBool::new(false),
            retiring: TaskTracker::new(),
            stop_retiring: CancellationToken::new(),
        }))
    }

    /// Loads a worker and puts it in the place of one of the same name. Where loading fails, the old one stays.
    pub async fn deploy(&self, deployment: Deployment) -> Result<(), LoadError> {
        let Deployment { name, content, bindings, limits } = deployment;
        let load = async |artifact: Artifact| {
            self.0.engines.engine_for(&artifact).load(artifact, bindings, limits.clone()).await
        };
        let (assets, worker): (_, Arc<dyn Worker>) = match content {
            Content::Code(artifact) => (None, load(artifact).await?),
            Content::Assets(assets) => (None, Arc::new(WithAssets { assets, worker: None })),
            Content::AssetsThenCode(assets, artifact) => {
                let worker = Some(load(artifact).await?);
                (Some(assets.clone()), Arc::new(WithAssets { assets, worker }))
            }
        };
        self.put(name, worker, assets, limits);
        Ok(())
    }

    /// Puts a loaded worker in the place of one of the same name, which finishes the requests that it has and is then
    /// drained and dropped by a task of its own. Must be called within a tokio runtime.
    pub fn install(&self, name: Arc<str>, worker: Arc<dyn Worker>, limits: Limits) {
        self.put(name, worker, None, limits);
    }

    fn put(&self, name: Arc<str>, worker: Arc<dyn Worker>, assets: Option<Assets>, limits: Limits) {
        let in_flight = InFlight::new(limits.concurrency);
        let (limits, metrics) = (Arc::new(limits), self.0.metrics.clone());
        let deployed = Arc::new(Deployed { name: Arc::clone(&name), metrics, worker, assets, limits, in_flight });
        let replaced = self.change(|table| table.insert(Arc::clone(&name), deployed));
        if let Some(replaced) = replaced {
            self.retire(&name, replaced);
        }
    }

    /// Takes a worker away, which finishes the requests that it has. Must be called within a tokio runtime.
    pub fn remove(&self, name: &str) {
        if let Some((name, removed)) = self.change(|table| table.remove_entry(name)) {
            self.retire(&name, removed);
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Table) -> T) -> T {
        let _changing = self.0.changing.lock();
        let mut table = Table::clone(&self.0.table.load());
        let changed = change(&mut table);
        self.0.table.store(Arc::new(table));
        changed
    }

    /// The limits of a deployed worker, or the error that [`Dispatcher::call`] would answer for it.
    pub fn limits(&self, worker: &str) -> Result<Arc<Limits>, CallError> {
        self.0.deployed(worker).map(|deployed| Arc::clone(&deployed.limits))
    }

    /// Requests in flight in all workers, bodies included.
    pub fn in_flight(&self) -> u32 {
        self.0.in_flight.count()
    }

    /// Every deployed worker, by name.
    pub fn workers(&self) -> Vec<WorkerFigures> {
        let figures = |deployed: &Arc<Deployed>| WorkerFigures {
            name: Arc::clone(&deployed.name),
            in_flight: deployed.in_flight.count(),
            instances: deployed.worker.instances(),
        };
        let mut workers: Vec<_> = self.0.table.load().values().map(figures).collect();
        workers.sort_by(|a, b| a.name.cmp(&b.name));
        workers
    }

    /// Sends one event to a worker. The wall-clock deadline starts here and ends with the head of the response.
    /// Dropping the future, or the body of the response, cancels the guest.
    pub async fn call(&self, worker: &str, event: Invocation) -> Result<Outcome, CallError> {
        self.call_admitted(worker, event).await.inspect_err(|error| self.0.count_limit(worker, error))
    }

    /// The way by which workers call each other. It keeps no worker alive: a call after the end is refused. Must be
    /// called within the tokio runtime that is to run the calls.
    pub fn services(&self) -> Arc<dyn ServiceDispatch> {
        let shared: Weak<Shared> = Arc::downgrade(&self.0);
        Arc::new(ServiceCalls::new(shared, Handle::current()))
    }

    /// Resolves at a moment when nothing runs in any worker, `waitUntil` included. New calls are taken all the same.
    pub async fn idle(&self) {
        self.0.in_flight.idle().await;
        let workers: Vec<_> = self.0.table.load().values().map(|deployed| Arc::clone(&deployed.worker)).collect();
        join_all(workers.iter().map(|worker| worker.idle())).await;
    }

    /// Refuses new calls from now on, waits until everything that has begun is finished, `waitUntil` included, for at
    /// most `grace`, and lets go of all workers.
    pub async fn drain(&self, grace: Duration) -> DrainOutcome {
        self.0.closed.store(true, Ordering::SeqCst);
        self.0.retiring.close();
        let finished = tokio::time::timeout(grace, self.finished()).await;
        self.0.stop_retiring.cancel();
        self.0.table.store(Arc::default());
        match finished {
            Ok(()) => DrainOutcome::Drained,
            Err(_) => DrainOutcome::GraceEnded { in_flight: self.in_flight() },
        }
    }

    async fn finished(&self) {
        self.0.in_flight.idle().await;
        let workers: Vec<_> = self.0.table.load().values().map(|deployed| Arc::clone(&deployed.worker)).collect();
        join_all(workers.iter().map(|worker| worker.drain())).await;
        self.0.retiring.wait().await;
    }

    async fn call_admitted(&self, worker: &str, event: Invocation) -> Result<Outcome, CallError> {
        // Taken first and asked second, so that `drain`, which does it the other way round, misses nobody.
        let place = self.0.take_place()?;
        let deployed = self.0.deployed(worker)?;
        deployed.call(place, event, None).await
    }

    fn retire(&self, name: &Arc<str>, replaced: Arc<Deployed>) {
        let (name, stop) = (Arc::clone(name), self.0.stop_retiring.clone());
        self.0.retiring.spawn(async move {
            let finish = async {
                replaced.in_flight.idle().await;
                replaced.worker.drain().await;
            };
            tokio::select! {
                () = finish => tracing::debug!(worker = &*name, "replaced worker finished"),
                () = stop.cancelled() => tracing::warn!(worker = &*name, "replaced worker cancelled at shutdown"),
            }
        });
    }
}

impl Shared {
    pub(crate) fn take_place(&self) -> Result<Slot, CallError> {
        self.in_flight.take().map_err(server_is_full)
    }

    /// The worker of this name, also while the dispatcher drains: what has begun may still call it.
    pub(crate) fn find(&self, worker: &str) -> Option<Arc<Deployed>> {
        self.table.load().get(worker).map(Arc::clone)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    pub(crate) fn count_limit(&self, worker: &str, error: &CallError) {
        if let Some(limit) = error.limit() {
            self.metrics.limit_exceeded(worker, limit);
        }
    }

    fn deployed(&self, worker: &str) -> Result<Arc<Deployed>, CallError> {
        if self.is_closed() {
            return Err(CallError::ShuttingDown);
        }
        self.find(worker).ok_or_else(|| CallError::NotDeployed { worker: worker.to_owned() })
    }
}

pub(crate) fn server_is_full(full: Full) -> CallError {
    CallError::ServerOverloaded { limit: full.max }
}

pub(crate) fn worker_is_full(full: Full) -> CallError {
    CallError::Overloaded { limit: full.max }
}

/// A guest that throws after the end of its time throws because of that end: whatever it waited for and that had the
/// same deadline, such as a service, may have been told of it a moment earlier.
pub(crate) fn in_time(begun: Moment, limit: Duration) -> impl FnOnce(CallError) -> CallError {
    move |error| match error {
        CallError::Exception(_) if begun.until(Instant::now()) >= limit => CallError::WallExceeded { limit },
        error => error,
    }
}

impl Deployed {
    pub(crate) fn take_place(&self) -> Result<Slot, CallError> {
        self.in_flight.take().map_err(worker_is_full)
    }

    /// One event within the worker's limits, and within `time_left` of whoever calls.
    pub(crate) async fn call(
        self: Arc<Self>,
        place: Slot,
        event: Invocation,
        time_left: Option<Duration>,
    ) -> Result<Outcome, CallError> {
        let own_place = self.take_place()?;
        let limit = time_left.map_or(self.limits.wall, |left| left.min(self.limits.wall));
        let Invocation::Fetch(fetch) = &event;
        let context = fetch.context.clone();
        let begun = Moment::now();
        context.arrived(begun, limit);
        let outcome = begun.timeout(limit, self.worker.call(event)).await;
        let outcome = outcome.unwrap_or(Err(CallError::WallExceeded { limit })).map_err(in_time(begun, limit))?;
        context.set_answered();
        let Outcome::Response(response) = outcome;
        let response = self.limited(response, &context)?;
        Ok(Outcome::Response(response.map(|body| body.holding((place, own_place, self)))))
    }

    /// [`Self::limited`], for an answer on the thread of an instance.
    pub(crate) fn limited_reply(&self, reply: Reply, context: &InvocationContext) -> Result<Reply, CallError> {
        let limit_bytes = self.limits.response_bytes;
        match reply {
            Reply::Text { text, .. } if text.len() as u64 > limit_bytes => {
                Err(CallError::ResponseTooLarge { limit_bytes })
            }
            text @ Reply::Text { .. } => Ok(text),
            Reply::Response(response) => {
                self.limited(*response, context).map(|response| Reply::Response(Box::new(response)))
            }
        }
    }

    /// The response with a body that is no larger than it may be.
    fn limited(&self, response: Response<Body>, context: &InvocationContext) -> Result<Response<Body>, CallError> {
        let (head, body) = response.into_parts();
        let sender = || Sender { worker: self.name.clone(), context: context.clone(), metrics: self.metrics.clone() };
        let body = response_limit::limited(body, self.limits.response_bytes, sender)?;
        Ok(Response::from_parts(head, body))
    }
}
