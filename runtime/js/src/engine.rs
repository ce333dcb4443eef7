use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use worky_engine::plugin::PluginEngine;
use worky_engine::{Artifact, Engine, Limits, LoadError, Worker};
use worky_host::Bindings;
use worky_host::metrics::Metrics;

use crate::instance::{Blueprint, InstanceHandle};
use crate::loader::Modules;
use crate::plugin::Plugins;
use crate::worker::JsWorker;

/// Runs JavaScript workers, each in an isolate with a thread of its own.
pub struct JsEngine {
    metrics: Metrics,
    /// Runs the components that workers import.
    plugins: Arc<dyn PluginEngine>,
}

impl JsEngine {
    /// [`crate::init_platform`] must have been called.
    pub fn new(metrics: Metrics, plugins: Arc<dyn PluginEngine>) -> Self {
        JsEngine { metrics, plugins }
    }
}

impl Engine for JsEngine {
    fn load(
        &self,
        artifact: Artifact,
        bindings: Bindings,
        limits: Limits,
    ) -> BoxFuture<'_, Result<Arc<dyn Worker>, LoadError>> {
        async move {
            let Artifact::Js(mut artifact) = artifact else {
                return Err(LoadError::Host("the JavaScript engine was given something else".to_owned()));
            };
            let plugins = Plugins::load(&*self.plugins, std::mem::take(&mut artifact.plugins)).await?;
            let blueprint = Arc::new(Blueprint {
                plugins: Arc::new(plugins),
                modules: Modules::new(artifact),
                bindings,
                limits,
                metrics: self.metrics.clone(),
            });
            let first = InstanceHandle::start(blueprint.clone()).await?;
            Ok(Arc::new(JsWorker::new(blueprint, first)) as Arc<dyn Worker>)
        }
        .boxed()
    }
}
