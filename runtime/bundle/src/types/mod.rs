//! TypeScript declarations of what a worker finds beside its own files: its `env`, and the components that it imports.
//!
//! What they are made of, and the runtime's own, is the npm package's (`sdk-js/types`): a project that has the package refers to
//! it, and any other gets the same text.
//!
//! In reading order: `ambient` (what the project's TypeScript knows without), `env` (the interface of `env`), `wit` (a component to its WIT, with the
//! comments of the WIT text), `names` (WIT's names in TypeScript), `value` (the type of a value), `module` (a component
//! as a module) and `members` (the functions and classes in it).
//!
//! Names and types are those of jco (<https://github.com/bytecodealliance/jco>, `docs/src/wit-type-representations.md`),
//! except that functions answer promises; the functions of `sync`, where a plugin has it, are jco's own.

mod ambient;
mod env;
mod members;
mod module;
mod names;
mod value;
mod wit;

use std::path::PathBuf;

pub use ambient::Ambient;
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

/// How every file begins that [`declare`] wrote.
pub const MARK: &str = "// Written by `worky types`";

const HEAD: &str = " from the worker's configuration and its plugins; `worky dev` keeps worky.d.ts up to date.\n";

/// The text of a `.d.ts` file: `env`, every plugin, and of the runtime what `ambient` lacks. What cannot be described is told
/// and left out.
pub fn declare(env: &Env, plugins: &[PluginTypes], ambient: Ambient) -> (String, Vec<TypesError>) {
    let mut errors = Vec::new();
    let mut modules = Vec::new();
    for plugin in plugins {
        match wit::Component::read(plugin, &mut errors) {
            Ok(component) => modules.push(module::declare(&plugin.module, &component)),
            Err(error) => errors.push(error),
        }
    }
    let mut text = format!("{MARK}{HEAD}{}\n{}", ambient.references(), env::declare(env));
    let own = ambient.lacks(!modules.is_empty());
    for part in modules.into_iter().chain(own.map(str::to_owned)) {
        text.push('\n');
        text.push_str(&part);
    }
    (text, errors)
}
