//! Components that modules import (`plugin:NAME`): the JavaScript side of `worky_engine::plugin`.
//!
//! In reading order: `exports` (a component's exports as those of a module), `shape` (its types, ready for conversion),
//! `arguments` (JavaScript to component values), `results` (and back), `memory` (the worker's account of both),
//! `sessions` (one isolate's share). The functions that guests call are in guest/plugin.js.

mod arguments;
mod exports;
mod memory;
mod results;
mod sessions;
mod shape;

use std::sync::Arc;

use worky_engine::LoadError;
use worky_engine::plugin::{Plugin, PluginArtifact, PluginEngine};

pub(crate) use arguments::{Arguments, Refused, from_f64, token_of};
use exports::Exports;
pub(crate) use exports::{Description, MODULE_TYPE};
pub(crate) use results::Results;
pub(crate) use sessions::{Flavour, Hooks, Outcome, Pending, Sessions, Signature};
pub(crate) use shape::Shape;

/// A worker's plugins, shared by all of its instances.
#[derive(Default)]
pub(crate) struct Plugins(Vec<LoadedPlugin>);

pub(crate) struct LoadedPlugin {
    /// As modules import it.
    specifier: String,
    pub(crate) name: Arc<str>,
    pub(crate) plugin: Arc<dyn Plugin>,
    exports: Exports,
}

impl Plugins {
    pub(crate) async fn load(engine: &dyn PluginEngine, artifacts: Vec<PluginArtifact>) -> Result<Self, LoadError> {
        let mut plugins = Vec::with_capacity(artifacts.len());
        for artifact in artifacts {
            let (specifier, name) = (artifact.specifier.clone(), artifact.name.clone());
            let plugin = engine.load(artifact).await?;
            let exports = Exports::of(&specifier, &name, plugin.interface(), plugin.is_synchronous());
            plugins.push(LoadedPlugin { specifier, name, plugin, exports });
        }
        Ok(Plugins(plugins))
    }

    /// The place of a plugin, which stands for it in guest/plugin.js.
    pub(crate) fn find(&self, specifier: &str) -> Option<usize> {
        self.0.iter().position(|plugin| plugin.specifier == specifier)
    }

    pub(crate) fn get(&self, index: usize) -> Option<&LoadedPlugin> {
        self.0.get(index)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl LoadedPlugin {
    pub(crate) fn specifier(&self) -> &str {
        &self.specifier
    }

    /// The module that its importers get; `exports` says what of.
    pub(crate) fn module(&self) -> &str {
        &self.exports.module
    }

    pub(crate) fn description(&self) -> &Description {
        &self.exports.description
    }
}
