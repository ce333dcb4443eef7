use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use wasmtime::component::Component;
use worky_engine::{Artifact, Engine, Limits, LoadError, Worker};
use worky_host::Bindings;
use worky_host::metrics::Metrics;

use crate::cache::{Cache, Key};
use crate::config::{self, Pooled, Use};
use crate::crew::Crew;
use crate::epoch::Ticker;
use crate::worker::WasmWorker;

/// Components compiled at the same time. The compiler uses all cores for one already.
const COMPILING_MAX: usize = 1;

/// Instances of all workers that wait for their next request: half of the pool stays for those that have one.
const IDLE_MAX: usize = config::PLACES as usize / 2;

/// Settings of the whole engine.
#[derive(Debug, Clone, Default)]
pub struct WasmConfig {
    /// Where compiled code is kept, readable and writable by this user alone. `None`: nowhere.
    pub cache: Option<PathBuf>,
}

/// Runs components. Cloning shares it.
#[derive(Clone)]
pub struct WasmEngine(pub(crate) Arc<Shared>);

/// What workers and plugins have in common.
pub(crate) struct Shared {
    pub(crate) metrics: Metrics,
    /// Threads for guests that are busy.
    pub(crate) crew: Crew,
    workers: OnceLock<Result<Pooled, String>>,
    small_workers: OnceLock<Result<Pooled, String>>,
    plugins: OnceLock<Result<Pooled, String>>,
    concurrent: OnceLock<Result<Pooled, String>>,
    /// Instances that wait for their next request may take this much of the pool.
    pub(crate) idle: Arc<Semaphore>,
    cache: Cache,
    compiling: Semaphore,
}

impl WasmEngine {
    /// V8 must have been started before: both install signal handlers, and wasmtime's must be the later ones.
    pub fn new(config: WasmConfig, metrics: Metrics) -> Self {
        WasmEngine(Arc::new(Shared {
            metrics,
            crew: Crew::default(),
            workers: OnceLock::new(),
            small_workers: OnceLock::new(),
            plugins: OnceLock::new(),
            concurrent: OnceLock::new(),
            idle: Arc::new(Semaphore::new(IDLE_MAX)),
            cache: Cache::new(config.cache),
            compiling: Semaphore::new(COMPILING_MAX),
        }))
    }
}

impl Shared {
    /// The engine for one kind of use, made when it is asked for first.
    pub(crate) fn engine(&self, purpose: Use) -> Result<&Pooled, LoadError> {
        let made = match purpose {
            Use::Workers => self.workers.get_or_init(|| engine(purpose)),
            Use::SmallWorkers => self.small_workers.get_or_init(|| engine(purpose)),
            Use::Plugins => self.plugins.get_or_init(|| engine(purpose)),
            Use::Concurrent => self.concurrent.get_or_init(|| engine(purpose)),
        };
        made.as_ref().map_err(|error| LoadError::Host(format!("a WebAssembly engine cannot be made: {error}")))
    }

    /// Compiles a component, or takes what was compiled before. `file` names it in errors.
    pub(crate) async fn compile(
        self: &Arc<Self>,
        purpose: Use,
        file: &str,
        bytes: &Bytes,
    ) -> Result<Component, LoadError> {
        let _turn = self.compiling.acquire().await.expect("the semaphore is never closed");
        let (shared, file, bytes) = (self.clone(), file.to_owned(), bytes.clone());
        let compiled = tokio::task::spawn_blocking(move || shared.compile_here(purpose, &file, &bytes)).await;
        compiled.unwrap_or_else(|panic| Err(LoadError::Host(format!("the compiler broke down: {panic}"))))
    }

    fn compile_here(&self, purpose: Use, file: &str, bytes: &[u8]) -> Result<Component, LoadError> {
        let engine = &self.engine(purpose)?.engine;
        let key = Key::new(engine, bytes);
        if let Some(component) = self.cache.load(engine, &key) {
            return Ok(component);
        }
        let component = Component::from_binary(engine, bytes).map_err(|error| LoadError::NotAComponent {
            file: file.to_owned(),
            problem: format!("it is not valid: {error:#}"),
        })?;
        self.cache.store(&key, &component);
        Ok(component)
    }
}

fn engine(purpose: Use) -> Result<Pooled, String> {
    let pooled = config::engine(purpose)?;
    Ticker::global().add(&pooled.engine);
    Ok(pooled)
}

impl Engine for WasmEngine {
    fn load(
        &self,
        artifact: Artifact,
        bindings: Bindings,
        limits: Limits,
    ) -> BoxFuture<'_, Result<Arc<dyn Worker>, LoadError>> {
        async move {
            let Artifact::Component(artifact) = artifact else {
                return Err(LoadError::Host("the WebAssembly engine was given something else".to_owned()));
            };
            let worker = WasmWorker::load(self.0.clone(), artifact, bindings, limits).await?;
            Ok(Arc::new(worker) as Arc<dyn Worker>)
        }
        .boxed()
    }
}
