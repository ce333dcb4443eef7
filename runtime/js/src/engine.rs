use std::path::PathBuf;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use worky_engine::plugin::PluginEngine;
use worky_engine::{Artifact, Engine, Limits, LoadError, Worker};
use worky_host::Bindings;
use worky_host::metrics::Metrics;

use crate::code_cache::CodeCache;
use crate::coverage::CoverageSink;
use crate::inspector::JsInspector;
use crate::instance::Blueprint;
use crate::loader::Modules;
use crate::placement::{Placement, PlacementConfig};
use crate::plugin::Plugins;
use crate::pool::Pool;
use crate::worker::JsWorker;

/// Settings of the process's JavaScript engine. The defaults are written here and nowhere else.
#[derive(Debug, Clone)]
pub struct JsConfig {
    /// How many isolates are made in advance for each size of heap in use; 0 is none. `server.blank_isolates`
    pub blank_isolates: usize,
    /// Where workers' compiled code is kept; it need not exist. Nowhere, if there is none.
    pub code_cache: Option<PathBuf>,
    /// All of that code. What was used least recently makes room; 0 keeps none. `storage.code_cache_mb`
    pub code_cache_bytes_max: u64,
    pub placement: PlacementConfig,
    /// Where workers can be debugged. Each has one isolate then, which stays.
    pub inspector: Option<Arc<JsInspector>>,
}

impl Default for JsConfig {
    fn default() -> Self {
        JsConfig {
            blank_isolates: 2,
            code_cache: None,
            code_cache_bytes_max: 256 << 20,
            placement: PlacementConfig::default(),
            inspector: None,
        }
    }
}

/// Runs JavaScript workers, each in an isolate with a thread of its own.
pub struct JsEngine {
    metrics: Metrics,
    /// Runs the components that workers import.
    plugins: Arc<dyn PluginEngine>,
    pool: Arc<Pool>,
    code_cache: Arc<CodeCache>,
    placement: Arc<Placement>,
    coverage: Option<Arc<dyn CoverageSink>>,
    inspector: Option<Arc<JsInspector>>,
}

impl JsEngine {
    /// [`crate::init_platform`] must have been called.
    pub fn new(config: JsConfig, metrics: Metrics, plugins: Arc<dyn PluginEngine>) -> Self {
        let pool = Pool::new(config.blank_isolates);
        // Most workers have no limits of their own.
        pool.refill(Limits::default().memory_bytes);
        let JsConfig { code_cache, code_cache_bytes_max, mut placement, inspector, .. } = config;
        // What is compiled for a debugger is marked for it.
        let code_cache = code_cache.filter(|_| inspector.is_none());
        let code_cache = CodeCache::new(code_cache, code_cache_bytes_max, metrics.clone());
        if inspector.is_some() {
            (placement.isolates_max, placement.memory_bytes_max) = (u32::MAX, usize::MAX);
        }
        let placement = Placement::new(placement);
        let sampled = Arc::downgrade(&placement);
        metrics.sample(move |figures| {
            if let Some(placement) = sampled.upgrade() {
                figures.requests_queued += u64::from(placement.queued());
                figures.isolates_bytes += placement.memory_bytes() as u64;
            }
        });
        JsEngine { metrics, plugins, pool, code_cache, placement, coverage: None, inspector }
    }

    /// Has every isolate count what runs in it, which makes it slower, and tell at its end.
    #[must_use]
    pub fn with_coverage(self, sink: Arc<dyn CoverageSink>) -> Self {
        JsEngine { coverage: Some(sink), ..self }
    }
}

impl Engine for JsEngine {
    fn load(
        &self,
        artifact: Artifact,
        bindings: Bindings,
        mut limits: Limits,
    ) -> BoxFuture<'_, Result<Arc<dyn Worker>, LoadError>> {
        async move {
            let Artifact::Js(mut artifact) = artifact else {
                return Err(LoadError::Host("the JavaScript engine was given something else".to_owned()));
            };
            let inspected = self.inspector.as_ref().map(|inspector| inspector.load(&bindings.worker, &mut artifact));
            if inspected.is_some() {
                limits.max_instances = 1;
            }
            let plugins = Plugins::load(&*self.plugins, std::mem::take(&mut artifact.plugins)).await?;
            let blueprint = Arc::new(Blueprint {
                plugins: Arc::new(plugins),
                modules: Modules::new(artifact, &self.code_cache, bindings.worker.clone()),
                bindings,
                limits,
                metrics: self.metrics.clone(),
                pool: self.pool.clone(),
                coverage: self.coverage.clone(),
                inspected,
            });
            let worker = JsWorker::load(&self.placement, blueprint).await?;
            Ok(Arc::new(worker) as Arc<dyn Worker>)
        }
        .boxed()
    }
}
