//! A worker and the packages it uses, in as few modules as its dynamic imports allow.
//!
//! The worker's own files come compiled from the graph; `plugin` tells the bundler what imports mean and reads packages.
//! What nothing uses is left out, and CommonJS becomes ES modules.

pub(crate) mod node;
mod plugin;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use rolldown::{Bundler, BundlerOptions, InputItem, OutputFormat, Platform, RawMinifyOptions, SourceMapType};
use rolldown_common::{InjectImport, Output, OutputChunk};
use rolldown_error::{BatchedBuildDiagnostic, BuildDiagnostic};

use crate::bundle::{Bundle, Module, ModuleKind};
use crate::error::{BuildError, Problem};
use crate::graph::STACK_BYTES;
use crate::packages::Packages;
use crate::project::Project;
use crate::source::SourceTree;
use crate::specifier::FilePath;

use plugin::Modules;

/// Where packed modules are, so that none has the name of a file of the worker's.
const DIRECTORY: &str = ".packed";
const THREADS_MAX: usize = 4;

/// An `import()` with a computed end: the way to write one of its files, and the specifier of that file.
pub(crate) type Computed = BTreeMap<String, String>;

/// Packs what the graph came to.
pub(crate) fn pack(
    project: &Project,
    tree: &Arc<SourceTree>,
    packages: &Arc<Packages>,
    bundle: Bundle,
    computed: &Computed,
) -> Result<Bundle, Vec<BuildError>> {
    let modules = Arc::new(Modules::new(project, tree.clone(), packages.clone(), bundle.modules));
    let entry = modules.id_of(&bundle.entry).expect("the main module is in the graph");
    let mut input = vec![InputItem { name: Some("index".to_owned()), import: entry }];
    for (count, target) in distinct(computed).into_iter().filter(|target| **target != bundle.entry).enumerate() {
        // Assets stay as they are.
        if let Some(import) = modules.id_of(target) {
            input.push(InputItem { name: Some(format!("computed-{count}")), import });
        }
    }
    let result = generate(options(project, tree, input), modules.clone());
    let problems = modules.take_problems();
    if !problems.is_empty() {
        return Err(problems);
    }
    let outputs = match result {
        Ok(outputs) => outputs,
        Err(Failure::Diagnostics(diagnostics)) => {
            return Err(diagnostics.iter().map(|diagnostic| modules.error_of(diagnostic)).collect());
        }
        Err(Failure::Panic(message)) => return Err(vec![BuildError::new(Problem::Packer { message })]),
    };
    let chunks: Vec<&OutputChunk> = outputs
        .iter()
        .filter_map(|output| match output {
            Output::Chunk(chunk) => Some(&**chunk),
            Output::Asset(_) => None,
        })
        .collect();
    let mut packed = modules.take_assets();
    let (mut entry, mut entries) = (None, BTreeMap::new());
    for chunk in &chunks {
        let Some(facade) = chunk.facade_module_id.as_ref().filter(|_| chunk.is_entry) else { continue };
        if let Some(own) = modules.specifier_of(facade.as_str()) {
            if own == bundle.entry {
                entry = Some(specifier(&chunk.filename));
            }
            entries.insert(own, specifier(&chunk.filename));
        }
    }
    let written: BTreeMap<String, String> = computed
        .iter()
        .map(|(written, target)| (written.clone(), entries.get(target).unwrap_or(target).clone()))
        .collect();
    packed.extend(chunks.iter().map(|chunk| module(chunk, &modules, &written)));
    packed.sort_by(|a, b| a.specifier.cmp(&b.specifier));
    packed.dedup_by(|a, b| a.specifier == b.specifier);
    match entry {
        Some(entry) => Ok(Bundle { entry, modules: packed }),
        None => {
            let message = "the main module did not come out".to_owned();
            Err(vec![BuildError::new(Problem::Packer { message })])
        }
    }
}

fn options(project: &Project, tree: &SourceTree, input: Vec<InputItem>) -> BundlerOptions {
    let define = project.define.iter().map(|(name, value)| (name.clone(), value.clone()));
    let define = define.chain([("global".to_owned(), "globalThis".to_owned())]).collect();
    BundlerOptions {
        input: Some(input),
        cwd: Some(tree.root().to_owned()),
        dir: Some(tree.root().join(DIRECTORY).to_string_lossy().into_owned()),
        platform: Some(Platform::Neutral),
        format: Some(OutputFormat::Esm),
        sourcemap: Some(SourceMapType::Hidden),
        define: Some(define),
        inject: Some(node_globals()),
        minify: project.minify.then_some(RawMinifyOptions::Bool(true)),
        // A handler's name is what errors and profiles show.
        keep_names: Some(true),
        ..BundlerOptions::default()
    }
}

/// What Node has in its global scope, for who uses it.
fn node_globals() -> Vec<InjectImport> {
    let scopes = ["", "globalThis.", "self."];
    let of = |(name, module, export): &(&str, &str, &str)| {
        scopes.map(|scope| {
            InjectImport::named((*export).to_owned(), Some(format!("{scope}{name}")), (*module).to_owned())
        })
    };
    node::GLOBALS.iter().flat_map(of).collect()
}

enum Failure {
    Diagnostics(Vec<BuildDiagnostic>),
    Panic(String),
}

/// Starts the threads of all that works in parallel in this process. They are the process's own, and what starts them first
/// says how deep they may recurse: the bundler does so over syntax trees, so a program calls this before anything else.
pub fn start_threads() -> Result<(), String> {
    static STARTED: OnceLock<Result<(), String>> = OnceLock::new();
    let start = || {
        let threads =
            rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).thread_name(|index| format!("parallel-{index}"));
        threads.build_global().map_err(|error| error.to_string())
    };
    STARTED.get_or_init(start).clone()
}

/// The bundler wants an event loop of its own; whoever calls this may be on another's thread.
fn generate(options: BundlerOptions, modules: Arc<Modules>) -> Result<Vec<Output>, Failure> {
    start_threads().map_err(|error| Failure::Panic(format!("cannot start threads: {error}")))?;
    let run = move || {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name("pack")
            .thread_stack_size(STACK_BYTES)
            .build()
            .map_err(|error| Failure::Panic(format!("no event loop: {error}")))?;
        runtime.block_on(async {
            let failed = |failed: BatchedBuildDiagnostic| Failure::Diagnostics(failed.into_vec());
            let mut bundler = Bundler::with_plugins(options, vec![modules]).map_err(failed)?;
            let output = bundler.generate().await.map_err(failed)?;
            Ok(output.assets)
        })
    };
    let thread = std::thread::Builder::new().name("pack".to_owned()).stack_size(STACK_BYTES).spawn(run);
    let thread = thread.map_err(|error| Failure::Panic(format!("cannot start a thread: {error}")))?;
    thread.join().unwrap_or_else(|_| Err(Failure::Panic("it gave no reason".to_owned())))
}

/// One chunk as the engine runs it.
fn module(chunk: &OutputChunk, modules: &Modules, computed: &BTreeMap<String, String>) -> Module {
    let mut imports = computed.clone();
    for import in chunk.imports.iter().chain(&chunk.dynamic_imports) {
        match import.as_str() {
            // Builtins written by their own name need no entry.
            asset if asset.starts_with("file:///") => imports.insert(asset.to_owned(), asset.to_owned()),
            external if modules.is_known(external) => None,
            other => imports.insert(format!("./{other}"), specifier(other)),
        };
    }
    let map = chunk.map.as_ref().map(|map| Bytes::from(modules.named_sources(&map.to_json_string())));
    Module::new(specifier(&chunk.filename), ModuleKind::Js, chunk.code.clone().into(), map, imports)
}

fn specifier(filename: &str) -> String {
    FilePath::new(format!("{DIRECTORY}/{filename}")).specifier()
}

fn distinct(computed: &Computed) -> Vec<&String> {
    let mut targets: Vec<&String> = computed.values().collect();
    targets.sort();
    targets.dedup();
    targets
}
