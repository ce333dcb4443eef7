//! The whole process put together, from settings to a server that only has to run.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use tokio::runtime::Handle;
use worky_bundle::CompileCache;
use worky_dispatch::{Content, Deployment, Dispatcher, Engines};
use worky_engine::Artifact;
use worky_host::Bindings;
use worky_host::assets::Assets;
use worky_host::kv::Sweeper;
use worky_host::metrics::Metrics;
use worky_js::JsEngine;
use worky_server::{Development, Server};
use worky_storage::{SqliteStorage, StorageError};
use worky_wasm::WasmEngine;

use crate::command::Mode;
use crate::compile::{Inputs, compile, files_of, load_problem};
use crate::config::{Config, Problem, Report, WorkerConfig};
use crate::debugger::Debugger;
use crate::dev::Failures;
use crate::grants::{GrantError, Grants, Stores};

/// Workers that start at the same time: enough for a core to be busy while a worker waits for something.
const DEPLOYED_AT_ONCE: usize = 16;

/// What runs, and what is to be closed after it.
pub(crate) struct Assembly {
    pub(crate) server: Server,
    pub(crate) sweeper: Sweeper,
    pub(crate) storage: Arc<SqliteStorage>,
    pub(crate) grants: Grants,
    pub(crate) dispatcher: Dispatcher,
    /// Where workers are built again.
    pub(crate) cache: Option<Arc<CompileCache>>,
    /// In the order of the files.
    pub(crate) workers: Vec<WorkerConfig>,
    /// What each worker is made of, in the same order.
    pub(crate) inputs: Vec<BTreeSet<PathBuf>>,
    /// What is wrong with each, in the same order, where they will be built again.
    pub(crate) problems: Vec<Report>,
    /// Who tells of failures while the workers are worked on.
    pub(crate) failures: Option<Failures>,
}

/// Why there is nothing to run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AssembleError {
    #[error("{0}")]
    Storage(#[from] StorageError),
    /// It names the address and the next step.
    #[error("{0}")]
    Listen(io::Error),
    #[error("{workers} of {workers} workers cannot be served")]
    Workers { report: Report, workers: usize },
}

/// Opens what is kept, binds the listeners and starts every worker. Nothing is served yet. What workers send and what
/// they read from files is done by the runtime `outgoing`.
pub(crate) async fn assemble(
    config: Config,
    mode: Mode,
    metrics: Metrics,
    wasm: WasmEngine,
    outgoing: &Handle,
    debugger: Option<&Debugger>,
) -> Result<Assembly, AssembleError> {
    let Config { process, workers, router } = config;
    let storage = &process.storage;
    let storage = SqliteStorage::open(&storage.path, storage.durability, storage.cache_bytes)?;
    let storage = Arc::new(storage.on_thread_start(worky_js::work_for_guests_on_this_thread));
    let mut grants = {
        let _within = outgoing.enter();
        Grants::new(Stores::Sqlite(storage.clone()), metrics)
    };
    let wasm = Arc::new(wasm);
    let engines =
        Engines { js: Arc::new(JsEngine::new(process.js.clone(), grants.metrics.clone(), wasm.clone())), wasm };
    let dispatcher = Dispatcher::new(engines, grants.metrics.clone(), process.dispatch);
    grants.serve_services(dispatcher.services());

    let failures = mode.reload.then(|| Failures::new(mode.color, &workers));
    let development = failures.clone().map(|failures| Development { developer: Arc::new(failures), pages: mode.pages });
    // Before any worker runs: its egress must know which addresses are the server's own.
    let server =
        Server::bind(process.server, router, dispatcher.clone(), grants.metrics.clone(), mode.errors, development)
            .map_err(AssembleError::Listen)?;
    grants.own_listeners.add(server.local_addr());
    let beside = [server.admin_addr(), debugger.map(Debugger::address)];
    beside.into_iter().flatten().for_each(|address| grants.own_listeners.add(address));

    let report = Report::default();
    let cache = mode.reload.then(Arc::default);
    // What is wrong is told in the order of the files, whichever is ready first.
    let deployed = workers.iter().map(|worker| deploy(worker, &grants, &dispatcher, cache.as_ref()));
    let mut deployed = stream::iter(deployed).buffered(DEPLOYED_AT_ONCE);
    let mut inputs = Vec::with_capacity(workers.len());
    let (mut problems, mut refused) = (Vec::new(), Vec::new());
    while let Some((result, made_of)) = deployed.next().await {
        if result.is_err() {
            refused.push(&*workers[inputs.len()].name.value);
        }
        inputs.push(made_of);
        let own = Report::default();
        let told = if mode.reload { &own } else { &report };
        result.err().into_iter().flatten().for_each(|problem| told.push(problem));
        problems.push(own);
    }
    drop(deployed);
    if !refused.is_empty() && !mode.reload {
        if refused.len() == workers.len() {
            return Err(AssembleError::Workers { report, workers: workers.len() });
        }
        mode.tell(&report);
        let (refused, of) = (refused.join(", "), workers.len());
        tracing::error!(refused, "not all of the {of} workers can be served; the others are");
    }
    let sweeper = grants.sweeper(&workers)?;
    Ok(Assembly { server, sweeper, storage, grants, dispatcher, cache, workers, inputs, problems, failures })
}

/// What an engine needs of a worker, if it has code; and what it is granted.
pub(crate) fn prepare(
    worker: &WorkerConfig,
    grants: &Grants,
    inputs: &Inputs,
) -> Result<(Option<Artifact>, Bindings), Vec<Problem>> {
    // Before anything can be wrong with them.
    inputs.extend_declared(worker);
    let mut bindings = grants.bindings(worker).map_err(|error| {
        let place = match (&error, &worker.assets) {
            (GrantError::Assets(_), Some(assets)) => &assets.directory.span,
            _ => &worker.name.span,
        };
        vec![Problem::error(error.to_string()).at(place, "")]
    })?;
    let artifact = compile(worker, &bindings, inputs)?;
    bindings.files = bindings.files.with_bundle(artifact.iter().flat_map(files_of));
    Ok((artifact, bindings))
}

/// What answers the requests of a worker.
pub(crate) fn content(artifact: Option<Artifact>, bindings: &Bindings) -> Content {
    let first = bindings.assets.clone().filter(Assets::come_first);
    match (artifact, first) {
        (Some(artifact), Some(assets)) => Content::AssetsThenCode(assets, artifact),
        (Some(artifact), None) => Content::Code(artifact),
        (None, _) => Content::Assets(bindings.assets.clone().expect("a worker without code has assets")),
    }
}

/// Puts a worker in its place, or tells what is wrong with it; and what it is made of, either way.
pub(crate) async fn deploy(
    worker: &WorkerConfig,
    grants: &Grants,
    dispatcher: &Dispatcher,
    cache: Option<&Arc<CompileCache>>,
) -> (Result<(), Vec<Problem>>, BTreeSet<PathBuf>) {
    let inputs = Inputs::cached(cache.cloned());
    let result = deploy_from(worker, grants, dispatcher, &inputs).await;
    (result, inputs.into_paths())
}

async fn deploy_from(
    worker: &WorkerConfig,
    grants: &Grants,
    dispatcher: &Dispatcher,
    inputs: &Inputs,
) -> Result<(), Vec<Problem>> {
    let (artifact, bindings) = prepare(worker, grants, inputs)?;
    let name = bindings.worker.clone();
    let content = content(artifact, &bindings);
    let deployment = Deployment { name, content, bindings, limits: worker.limits.clone() };
    dispatcher.deploy(deployment).await.map_err(|error| vec![load_problem(worker, &error)])?;
    tracing::debug!(worker = &*worker.name.value, "deployed");
    Ok(())
}
