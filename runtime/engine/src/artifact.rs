use std::collections::BTreeMap;
use std::path::PathBuf;

use bytes::Bytes;

use crate::plugin::PluginArtifact;

/// A worker's code, ready for an engine: compiled, with nothing left to look up in the file system.
#[derive(Debug, Clone)]
pub enum Artifact {
    Js(JsArtifact),
    Component(ComponentArtifact),
}

/// A WebAssembly component that handles events by itself.
#[derive(Debug, Clone)]
pub struct ComponentArtifact {
    /// The file, relative to the worker's directory: `app.wasm`. For errors.
    pub file: String,
    /// The component in its binary form. Native code is never accepted.
    pub component: Bytes,
    pub settings: ComponentSettings,
}

/// `[wasm]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentSettings {
    /// Whether a component may speak WASI 0.3. `wasm.wasi_p3`
    pub wasi_p3: bool,
    /// How many requests one instance serves before it is thrown away, one after the other. 1: a fresh instance for each
    /// request, so that nothing of a request is left for the next one. `wasm.instance_reuse`
    pub instance_reuse: u32,
}

impl Default for ComponentSettings {
    fn default() -> Self {
        ComponentSettings { wasi_p3: false, instance_reuse: 1 }
    }
}

/// An import as written in a module, to the specifier of the module it means.
pub type SpecifierMap = BTreeMap<String, String>;

/// A whole module graph.
#[derive(Debug, Clone)]
pub struct JsArtifact {
    /// The specifier of the main module.
    pub entry: String,
    pub modules: Vec<Module>,
    /// The components that modules import.
    pub plugins: Vec<PluginArtifact>,
    /// The worker's directory, where its files are on this machine: for debuggers alone, guests never see it.
    pub root: Option<PathBuf>,
}

/// One module. Specifiers are URLs under `file:///`, whose root is the worker's directory, so that no path of the
/// machine is told to the guest.
#[derive(Debug, Clone)]
pub struct Module {
    pub specifier: String,
    pub kind: ModuleKind,
    /// What the engine runs: JavaScript for [`ModuleKind::Js`], the file's own bytes otherwise.
    pub source: Bytes,
    /// A version 3 source map from `source` back to the file, with the file's text in `sourcesContent`.
    pub source_map: Option<Bytes>,
    /// Every import this module makes, static or `import()` of a constant.
    pub imports: SpecifierMap,
}

/// How a module's bytes become its exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModuleKind {
    /// An ECMAScript module.
    Js,
    /// Default export: the parsed value.
    Json,
    /// Default export: a string. UTF-8.
    Text,
    /// Default export: an `ArrayBuffer`.
    Bytes,
    /// Default export: a compiled `WebAssembly.Module`. A core module, not a component.
    Wasm,
}
