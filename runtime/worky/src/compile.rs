//! A worker's sources to what an engine runs, and what is wrong with them to a report.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use url::Url;
use worky_bundle::trial::Trial;
use worky_bundle::{BuildError, Bundle, CompileCache, Project};
use worky_engine::plugin::PluginArtifact;
use worky_engine::{Artifact, ComponentArtifact, GuestError, GuestFrame, JsArtifact, LoadError, Module, ModuleKind};
use worky_host::Bindings;
use worky_host::secrets::Redactor;

use crate::config::{At, Problem, WorkerConfig, place_in_file};
use crate::dev::EVERYTHING_BENEATH;
use crate::plugins;

/// The largest component that is read.
const COMPONENT_BYTES_MAX: u64 = 256 << 20;

/// The absolute paths of all files that make a worker what it is, there or not.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    paths: Mutex<BTreeSet<PathBuf>>,
    /// What was compiled before.
    cache: Option<Arc<CompileCache>>,
}

impl Inputs {
    pub(crate) fn cached(cache: Option<Arc<CompileCache>>) -> Self {
        Inputs { cache, ..Inputs::default() }
    }

    pub(crate) fn extend(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.paths.lock().extend(paths);
    }

    /// The files of a project that are named in its configuration, whatever becomes of them.
    pub(crate) fn extend_declared(&self, worker: &WorkerConfig) {
        self.extend(worker.plugins.iter().map(|plugin| plugin.path.clone()));
        // Whatever is in a directory.
        let wit = worker.plugins.iter().filter_map(|plugin| plugin.wit.as_ref());
        self.extend(wit.map(|path| if path.is_dir() { path.join("*") } else { path.clone() }));
        match &worker.packed {
            Some(packed) => self.extend([packed.path.clone()]),
            None => {
                self.extend(worker.assets.iter().map(|assets| assets.path.join(EVERYTHING_BENEATH)));
                self.extend(worker.main.iter().map(|main| worker.root.join(&main.value)));
            }
        }
    }

    pub(crate) fn into_paths(self) -> BTreeSet<PathBuf> {
        self.paths.into_inner()
    }
}

/// Compiles the worker's whole module graph, or reads its component. Plugins get what they are granted of `bindings`.
/// What it was made of goes to `inputs`. `None` where it has no code.
pub(crate) fn compile(
    worker: &WorkerConfig,
    bindings: &Bindings,
    inputs: &Inputs,
) -> Result<Option<Artifact>, Vec<Problem>> {
    let Some(main) = &worker.main else { return Ok(None) };
    if is_component(worker) {
        let component = component(worker, main).map_err(|problem| vec![problem.at(&main.span, "")])?;
        let (file, settings) = (main_of(worker, main), worker.wasm.clone());
        return Ok(Some(Artifact::Component(ComponentArtifact { file, component, settings })));
    }
    link(worker, bundle(worker, inputs), bindings).map(Some)
}

/// From a module graph to what an engine runs. Plugins get what they are granted of `bindings`.
pub(crate) fn link(
    worker: &WorkerConfig,
    bundle: Result<Bundle, Vec<Problem>>,
    bindings: &Bindings,
) -> Result<Artifact, Vec<Problem>> {
    // The files of a bundle are not on the disk.
    let root = worker.packed.is_none().then(|| worker.root.clone());
    match (bundle, plugins::declared(worker, bindings)) {
        (Ok(bundle), Ok(declared)) => Ok(artifact(bundle, declared, bindings, root)),
        (Err(problems), Ok(_)) | (Ok(_), Err(problems)) => Err(problems),
        (Err(problems), Err(more)) => Err(problems.into_iter().chain(more).collect()),
    }
}

/// Whether the worker is a component by itself.
pub(crate) fn is_component(worker: &WorkerConfig) -> bool {
    let main = worker.main.as_ref().map(|main| Path::new(&main.value));
    main.and_then(Path::extension).is_some_and(|extension| extension == "wasm")
}

/// The worker's module graph, empty where it has no code. It must not be a component.
pub(crate) fn bundle(worker: &WorkerConfig, inputs: &Inputs) -> Result<Bundle, Vec<Problem>> {
    match &worker.packed {
        Some(packed) => Ok(packed.archive.bundle()),
        None if worker.main.is_none() => Ok(Bundle::empty()),
        None => build(worker, &Project { cache: inputs.cache.clone(), ..project(worker) }, inputs),
    }
}

/// What runs now, also after its file was replaced.
fn this_program() -> Option<PathBuf> {
    if cfg!(target_os = "linux") { Some(PathBuf::from("/proc/self/exe")) } else { std::env::current_exe().ok() }
}

/// What there is to be built of a worker that is a project.
pub(crate) fn project(worker: &WorkerConfig) -> Project {
    let main = worker.main.as_ref().map_or("", |main| &main.value);
    let mut project = Project::new(&worker.root, main);
    project.import_map.clone_from(&worker.import_map);
    project.trial = this_program().map(Trial::new);
    project.plugins = worker.plugins.iter().map(|plugin| plugin.name.clone()).collect();
    project
}

pub(crate) fn build(worker: &WorkerConfig, project: &Project, inputs: &Inputs) -> Result<Bundle, Vec<Problem>> {
    let (built, touched) = worky_bundle::build_watched(project);
    inputs.extend(touched);
    built.map_err(|errors| errors.0.iter().map(|error| build_problem(worker, error)).collect::<Vec<_>>())
}

/// What the worker is made of, by the path of each file in its directory. Modules are as the engine runs them.
pub(crate) fn files_of(artifact: &Artifact) -> Vec<(String, Bytes)> {
    match artifact {
        Artifact::Component(component) => vec![(component.file.clone(), component.component.clone())],
        Artifact::Js(js) => js
            .modules
            .iter()
            .filter_map(|module| {
                let path = Url::parse(&module.specifier).ok()?.to_file_path().ok()?;
                Some((path.to_str()?.trim_start_matches('/').to_owned(), module.source.clone()))
            })
            .collect(),
    }
}

/// The name of the main module from the worker's directory, as its author knows it.
fn main_of(worker: &WorkerConfig, main: &At<String>) -> String {
    let packed = worker.packed.as_ref().map(|packed| packed.archive.manifest().entry.trim_start_matches("file:///"));
    packed.unwrap_or(&main.value).to_owned()
}

/// The bytes of a worker that is a component.
pub(crate) fn component(worker: &WorkerConfig, main: &At<String>) -> Result<Bytes, Problem> {
    let file = &main.value;
    if let Some(packed) = &worker.packed {
        return Ok(packed.archive.file(file).expect("checked when the configuration was read").clone());
    }
    let unreadable = |error: std::io::Error| Problem::error(format!("{file} cannot be read: {error}"));
    // A link may lead anywhere, and only what is in the worker's directory is the worker.
    let (root, path) = (worker.root.canonicalize(), worker.root.join(file).canonicalize());
    let (root, path) = (root.map_err(unreadable)?, path.map_err(unreadable)?);
    if !path.starts_with(&root) {
        let problem = Problem::error(format!("`main` leads out of the worker's directory: {}", path.display()));
        return Err(problem.hint("copy the component into the worker's directory"));
    }
    let bytes = std::fs::metadata(&path).map_err(unreadable)?.len();
    if bytes > COMPONENT_BYTES_MAX {
        let message = format!("{file} is too large: {bytes} bytes, and {COMPONENT_BYTES_MAX} at most are taken");
        return Err(Problem::error(message).hint("strip its debug information: wasm-tools strip --all"));
    }
    Ok(std::fs::read(&path).map_err(unreadable)?.into())
}

/// Why an engine did not take the worker.
pub(crate) fn load_problem(worker: &WorkerConfig, error: &LoadError) -> Problem {
    let problem = match error {
        LoadError::Guest(guest) => {
            let (guest, label) = linked(guest);
            let problem = Problem::error(Redactor::new(worker.secrets.clone()).redact(&guest.title()));
            let problem = match &guest.hint {
                Some(hint) => problem.hint(&**hint),
                None => problem,
            };
            return match guest.frames.first() {
                Some(GuestFrame { file, line, column, .. }) => at(problem, worker, file, *line, *column, label),
                None => problem.at(worker.place(), "while this module was loaded"),
            };
        }
        other => Problem::error(format!("worker `{}`: {other}", worker.name.value)),
    };
    let problem = match error.hint() {
        Some(hint) => problem.hint(hint),
        None => problem,
    };
    match error.guest().and_then(|guest| guest.frames.first()) {
        Some(GuestFrame { file, line, column, .. }) => at(problem, worker, file, *line, *column, "stopped here"),
        None => problem.at(worker.place(), ""),
    }
}

/// An error and what to write beside its place. V8 tells where modules do not fit together in the message alone:
/// `The requested module './a' does not provide an export named 'b' at file:///src/index.ts:1:10`.
fn linked(error: &GuestError) -> (Cow<'_, GuestError>, &'static str) {
    let place = || {
        let (message, place) = error.message.rsplit_once(" at file:///")?;
        let (rest, column) = place.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        let module = message.strip_prefix("The requested module '")?;
        let (module, name) = module.split_once("' does not provide an export named '")?;
        let name = name.strip_suffix('\'')?;
        let frame = GuestFrame {
            file: file.to_owned(),
            line: line.parse().ok()?,
            column: column.parse().ok()?,
            function: None,
        };
        let hint = match name {
            "default" => {
                format!("import by name, import {{ … }} from \"{module}\", or give {module} an export default")
            }
            name => format!("look for a typo, or export it: export const {name} = …"),
        };
        let title = format!("{module} has no export {name}");
        Some(GuestError { frames: vec![frame], hint: Some(hint.into()), ..GuestError::unplaced(title) })
    };
    match place() {
        Some(placed) if error.frames.is_empty() => (Cow::Owned(placed), "imported here"),
        _ => (Cow::Borrowed(error), "thrown here"),
    }
}

fn build_problem(worker: &WorkerConfig, error: &BuildError) -> Problem {
    let problem = Problem::error(error.message());
    let problem = match &error.location {
        Some(place) => at(problem, worker, &place.file, place.line, place.column, ""),
        None => problem.at(worker.place(), ""),
    };
    match error.hint() {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// Puts a place in one of the worker's files to a problem; by name alone where the file cannot be shown.
fn at(problem: Problem, worker: &WorkerConfig, file: &str, line: u32, column: u32, label: &str) -> Problem {
    // Named as the worker's own worky.toml is: many workers have a src/index.ts.
    let beside = Path::new(worker.place().source.name());
    let name = beside.with_file_name(file).display().to_string();
    // What lies beside a bundle is not what it was made of.
    let on_disk = worker.packed.is_none().then(|| worker.root.join(file));
    match on_disk.and_then(|path| place_in_file(&name, &path, line as usize, column as usize)) {
        Some(span) => problem.at(&span, label),
        None => problem.in_file(format!("{name}:{line}:{column}")),
    }
}

fn artifact(bundle: Bundle, mut plugins: Vec<PluginArtifact>, bindings: &Bindings, root: Option<PathBuf>) -> Artifact {
    let mut modules = Vec::with_capacity(bundle.modules.len());
    for module in bundle.modules {
        let kind = match module.kind {
            worky_bundle::ModuleKind::Js => ModuleKind::Js,
            worky_bundle::ModuleKind::Json => ModuleKind::Json,
            worky_bundle::ModuleKind::Text => ModuleKind::Text,
            worky_bundle::ModuleKind::Bytes => ModuleKind::Bytes,
            worky_bundle::ModuleKind::Wasm => ModuleKind::Wasm,
            worky_bundle::ModuleKind::Component => {
                let file = module.specifier.strip_prefix("file:///").unwrap_or(&module.specifier).to_owned();
                plugins.push(plugins::imported(module.specifier, &file, module.source, bindings));
                continue;
            }
        };
        let worky_bundle::Module { specifier, source, source_map, imports, .. } = module;
        modules.push(Module { specifier, kind, source, source_map, imports });
    }
    Artifact::Js(JsArtifact { entry: bundle.entry, modules, plugins, root })
}
