use std::path::PathBuf;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use worky_engine::{Artifact, Engine, Limits, LoadError, Worker};
use worky_host::Bindings;
use worky_host::metrics::Metrics;

/// Settings of the whole engine.
#[derive(Debug, Clone, Default)]
pub struct WasmConfig {
    /// Where compiled code is kept, readable and writable by this user alone. `None`: nowhere.
    pub cache: Option<PathBuf>,
}

/// Runs components. Cloning shares it.
#[derive(Clone)]
pub struct WasmEngine(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) engine: wasmtime::Engine,
    pub(crate) metrics: Metrics,
    pub(crate) config: WasmConfig,
}

impl WasmEngine {
    /// V8 must have been started before: both install signal handlers, and wasmtime's must be the later ones.
    pub fn new(config: WasmConfig, metrics: Metrics) -> Result<Self, String> {
        let engine = wasmtime::Engine::default();
        Ok(WasmEngine(Arc::new(Shared { engine, metrics, config })))
    }
}

impl Engine for WasmEngine {
    fn load(
        &self,
        _artifact: Artifact,
        _bindings: Bindings,
        _limits: Limits,
    ) -> BoxFuture<'_, Result<Arc<dyn Worker>, LoadError>> {
        async move { Err(LoadError::Host("components cannot be run yet".to_owned())) }.boxed()
    }
}
