use std::collections::BTreeMap;

use bytes::Bytes;

/// A worker's code, ready for an engine: compiled, with nothing left to look up in the file system.
#[derive(Debug, Clone)]
pub enum Artifact {
    Js(JsArtifact),
}

/// An import as written in a module, to the specifier of the module it means.
pub type SpecifierMap = BTreeMap<String, String>;

/// A whole module graph.
#[derive(Debug, Clone)]
pub struct JsArtifact {
    /// The specifier of the main module.
    pub entry: String,
    pub modules: Vec<Module>,
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
