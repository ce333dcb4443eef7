use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::specifier::FilePath;

/// A worker's whole module graph, compiled.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The specifier of the main module.
    pub entry: String,
    /// Sorted by specifier, so that the same sources give the same bundle.
    pub modules: Vec<Module>,
}

impl Bundle {
    /// Of a worker that has no code.
    pub fn empty() -> Self {
        Bundle { entry: String::new(), modules: Vec::new() }
    }

    /// A worker that is a component and nothing else; `path` is from its directory.
    pub fn component(path: &str, component: Bytes) -> Self {
        let entry = FilePath::new(path.to_owned()).specifier();
        let module = Module::new(entry.clone(), ModuleKind::Component, component, None, BTreeMap::new());
        Bundle { entry, modules: vec![module] }
    }
}

/// One module. Its specifier is `file:///` and the path from the worker's directory, percent-encoded.
#[derive(Debug, Clone)]
pub struct Module {
    pub specifier: String,
    pub kind: ModuleKind,
    /// JavaScript for [`ModuleKind::Js`], the file's own bytes otherwise.
    pub source: Bytes,
    /// A version 3 source map, where `source` is not the file's own text.
    pub source_map: Option<Bytes>,
    /// Imports as written, to the specifier of what they mean. Builtins written by their own name are not in it.
    pub imports: BTreeMap<String, String>,
    /// The SHA-256 of `source`.
    pub sha256: [u8; 32],
}

impl Module {
    pub(crate) fn new(
        specifier: String,
        kind: ModuleKind,
        source: Bytes,
        source_map: Option<Bytes>,
        imports: BTreeMap<String, String>,
    ) -> Self {
        let sha256 = Sha256::digest(&source).into();
        Module { specifier, kind, source, source_map, imports, sha256 }
    }
}

/// How a module's bytes become its exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ModuleKind {
    /// An ECMAScript module.
    Js,
    /// Default export: the parsed value. UTF-8 without a byte order mark, checked to be JSON.
    Json,
    /// Default export: a string. UTF-8 without a byte order mark.
    Text,
    /// Default export: an `ArrayBuffer`.
    Bytes,
    /// Default export: a compiled `WebAssembly.Module`. A core module, not a component.
    Wasm,
    /// A component: its exports are the module's.
    Component,
}
