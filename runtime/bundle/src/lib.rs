//! From a worker's directory to compiled modules.
//!
//! [`build`] follows the imports of the main module, compiles TypeScript and JSX to the JavaScript that V8 runs, and
//! hands back every module of the graph with nothing left to look up. Everything that is wrong is reported at once,
//! with file, line and column.
//!
//! In reading order: `project` (what is asked), `graph` (the walk over the imports), `source` (the only place that
//! touches the file system, and only inside the worker's directory), `resolve` and `import_map` (which file an import
//! means), `tsconfig`, `compile` (one file to JavaScript), `asset` (the files that are not code), `bundle` (what
//! comes out), `error` and `excerpt` (what is said when nothing does). `trial` keeps what nests too deep from all of it. Three stand by themselves: [`archive`], a bundle with
//! all that belongs to it as one file or directory, [`componentize()`], a core module to a component, and [`types`], what TypeScript is told of the components and the `env`
//! that a worker has.

#![forbid(unsafe_code)]

pub mod archive;
mod asset;
mod bundle;
mod cache;
mod compile;
mod componentize;
mod error;
mod excerpt;
mod graph;
mod import_map;
mod kind;
mod pack;
mod packages;
mod project;
mod resolve;
mod source;
mod specifier;
pub mod trial;
mod tsconfig;
pub mod types;

pub use bundle::{Bundle, Module, ModuleKind};
pub use cache::CompileCache;
pub use compile::check_expression;
pub use componentize::{ComponentizeError, componentize};
pub use error::{BuildError, BuildErrors, Location, Problem};
pub use graph::{build, build_watched};
pub use pack::start_threads;
pub use project::{BuildLimits, Packing, Project};
