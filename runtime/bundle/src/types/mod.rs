//! TypeScript declarations of what a worker finds beside its own files: its `env`, and the components that it imports.
//!
//! In reading order: `env` (the interface of `env` and what it is made of), `wit` (a component to its WIT, with the
//! comments of the WIT text), `names` (WIT's names in TypeScript), `value` (the type of a value), `module` (a component
//! as a module) and `members` (the functions and classes in it).
//!
//! Names and types are those of jco (<https://github.com/bytecodealliance/jco>, `docs/src/wit-type-representations.md`),
//! except that functions answer promises; the functions of `sync`, where a plugin has it, are jco's own.

mod env;
mod members;
mod module;
mod names;
mod value;
mod wit;

use std::path::PathBuf;

pub use env::{Binding, Env};

/// A component that modules import.
#[derive(Debug, Clone)]
pub struct PluginTypes {
    /// As TypeScript writes an ambient module: `plugin:markdown`, `*/markdown.wasm`.
    pub module: String,
    pub component: bytes::Bytes,
    /// WIT text, files or directories, whose comments are taken over. What it declares otherwise is not asked.
    pub wit: Vec<PathBuf>,
    /// Whether the component is granted files, for which its calls then wait.
    pub files: bool,
}

/// Why a component cannot be described.
#[derive(Debug, thiserror::Error)]
pub enum TypesError {
    #[error("{module} cannot be read as a component: {cause}")]
    Component { module: String, cause: String },
    #[error("{}: {cause}", path.display())]
    Wit { path: PathBuf, cause: String },
}

/// The text of a `.d.ts` file. `env` and every plugin; what cannot be described is told and left out.
pub fn declare(env: &Env, plugins: &[PluginTypes]) -> (String, Vec<TypesError>) {
    let mut errors = Vec::new();
    let mut modules = Vec::new();
    for plugin in plugins {
        match wit::Component::read(plugin, &mut errors) {
            Ok(component) => modules.push(module::declare(&plugin.module, &component)),
            Err(error) => errors.push(error),
        }
    }
    let mut text = env::declare(env);
    if !modules.is_empty() {
        text.push('\n');
        text.push_str(module::ERRORS);
    }
    for module in modules {
        text.push('\n');
        text.push_str(&module);
    }
    (text, errors)
}
