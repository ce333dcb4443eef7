use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cache::CompileCache;
use crate::pack::node;
use crate::trial::Trial;

/// What begins the specifier of a plugin.
pub(crate) const PLUGIN_SCHEME: &str = "plugin";

/// What to build.
#[derive(Debug, Clone)]
pub struct Project {
    /// The worker's directory. No file outside of it is read, but for packages of the project that it is a part of.
    pub root: PathBuf,
    /// The main module, relative to `root`.
    pub main: String,
    /// Bare names, or prefixes that end in `/`, to a path from `root` (`./src/lib/`, `/src/lib/`) or a builtin.
    pub import_map: BTreeMap<String, String>,
    /// The specifiers that the engine answers itself (`worky:workers`). They take no part in the graph.
    pub builtins: Vec<String>,
    /// The declared plugins, imported as `plugin:NAME`. They take no part in the graph.
    pub plugins: Vec<String>,
    /// Expressions to what stands for them, in code that is packed: `process.env.NODE_ENV` to `"production"`.
    pub define: BTreeMap<String, String>,
    pub minify: bool,
    pub packing: Packing,
    /// For builds of the same sources again.
    pub cache: Option<Arc<CompileCache>>,
    /// Who parses what may nest too deep for this process. Without one, such a file can end the process.
    pub trial: Option<Trial>,
    pub limits: BuildLimits,
}

/// Whether modules are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Where the worker uses packages. Without any, its files are the modules.
    WithPackages,
    Always,
}

impl Project {
    /// A project without an import map, with the builtins every worker has.
    pub fn new(root: impl Into<PathBuf>, main: impl Into<String>) -> Self {
        Project {
            root: root.into(),
            main: main.into(),
            import_map: BTreeMap::new(),
            builtins: ["worky:workers", "cloudflare:workers", "worky:plugins", node::OF_ENGINE]
                .map(String::from)
                .to_vec(),
            plugins: Vec::new(),
            define: BTreeMap::from([("process.env.NODE_ENV".to_owned(), "\"production\"".to_owned())]),
            minify: false,
            packing: Packing::WithPackages,
            cache: None,
            trial: None,
            limits: BuildLimits::default(),
        }
    }

    /// The names that are no files: builtins, and `plugin:NAME` of each plugin.
    pub(crate) fn known(&self) -> impl Iterator<Item = String> {
        self.builtins.iter().cloned().chain(self.plugin_specifiers())
    }

    pub(crate) fn plugin_specifiers(&self) -> impl Iterator<Item = String> {
        self.plugins.iter().map(|name| format!("{PLUGIN_SCHEME}:{name}"))
    }
}

/// How much a build may take.
#[derive(Debug, Clone, Copy)]
pub struct BuildLimits {
    /// The size of one file.
    pub module_bytes_max: u64,
    /// The size of one `.wasm` file: a language's whole runtime may be in it.
    pub wasm_bytes_max: u64,
    /// The size of all files together.
    pub total_bytes_max: u64,
    pub modules_max: usize,
    /// How many files one `import()` with a computed end may bring in.
    pub pattern_files_max: usize,
    /// How deep the syntax of one file may nest. V8 refuses what is much deeper, and the compiler recurses.
    pub nesting_max: usize,
}

impl Default for BuildLimits {
    fn default() -> Self {
        BuildLimits {
            module_bytes_max: 10 << 20,
            wasm_bytes_max: 32 << 20,
            total_bytes_max: 64 << 20,
            modules_max: 10_000,
            pattern_files_max: 1_000,
            nesting_max: 2_500,
        }
    }
}
