//! What the bundler asks: what an import means, and what is in a module.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;
use rolldown::plugin::{
    HookLoadArgs, HookLoadOutput, HookLoadReturn, HookResolveIdArgs, HookResolveIdOutput, HookResolveIdReturn,
    HookUsage, Plugin, PluginContext, SharedLoadPluginContext,
};
use rolldown_common::side_effects::HookSideEffects;
use rolldown_common::{ImportKind, ModuleType, ResolvedExternal};
use rolldown_error::{BuildDiagnostic, DiagnosticOptions};
use rolldown_sourcemap::SourceMap;

use crate::asset;
use crate::bundle::{Module, ModuleKind};
use crate::cache::CompileCache;
use crate::compile::Grammar;
use crate::error::{BuildError, Problem};
use crate::import_map::is_path;
use crate::kind::{Dialect, FileKind};
use crate::packages::{Asked, Package, Packages};
use crate::project::{BuildLimits, Project};
use crate::source::SourceTree;
use crate::specifier::FilePath;
use crate::trial::{Task, Trial};

use super::node;

/// A module for what a package says that there is nothing of.
const NOTHING: &str = "\0nothing";
/// Before a name that CommonJS asks for and that is no file's.
const REQUIRED: &str = "\0required:";
/// Before a name that CommonJS asks for and that nothing has.
const ABSENT: &str = "\0absent:";

/// The worker's own modules, compiled, and the packages on the disk.
pub(super) struct Modules {
    tree: Arc<SourceTree>,
    packages: Arc<Packages>,
    /// By the absolute path of the file.
    own: HashMap<String, Module>,
    /// The names that the engine answers.
    known: HashSet<String>,
    limits: BuildLimits,
    trial: Option<Trial>,
    cache: Option<Arc<CompileCache>>,
    /// Of packages.
    bytes: AtomicU64,
    files: AtomicUsize,
    assets: Mutex<BTreeMap<String, Module>>,
    problems: Mutex<Vec<BuildError>>,
}

impl std::fmt::Debug for Modules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Modules").field("packages", &self.packages).finish_non_exhaustive()
    }
}

impl Modules {
    pub(super) fn new(project: &Project, tree: Arc<SourceTree>, packages: Arc<Packages>, modules: Vec<Module>) -> Self {
        let (code, assets): (Vec<Module>, Vec<Module>) =
            modules.into_iter().partition(|module| module.kind == ModuleKind::Js);
        let own = code.into_iter().map(|module| (absolute(&tree, &module.specifier), module)).collect();
        Modules {
            packages,
            own,
            known: project.known().collect(),
            limits: project.limits,
            trial: project.trial.clone(),
            cache: project.cache.clone(),
            bytes: AtomicU64::new(0),
            files: AtomicUsize::new(0),
            assets: Mutex::new(assets.into_iter().map(|asset| (asset.specifier.clone(), asset)).collect()),
            problems: Mutex::default(),
            tree,
        }
    }

    /// The bundler's name for one of the worker's own modules of code.
    pub(super) fn id_of(&self, specifier: &str) -> Option<String> {
        Some(absolute(&self.tree, specifier)).filter(|id| self.own.contains_key(id))
    }

    pub(super) fn specifier_of(&self, id: &str) -> Option<String> {
        self.own.get(id).map(|module| module.specifier.clone())
    }

    pub(super) fn is_known(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    pub(super) fn take_assets(&self) -> Vec<Module> {
        std::mem::take(&mut *self.assets.lock()).into_values().collect()
    }

    /// What is wrong, each thing once.
    pub(super) fn take_problems(&self) -> Vec<BuildError> {
        let mut problems = std::mem::take(&mut *self.problems.lock());
        problems.sort_by_key(|error| (error.location.clone(), error.message()));
        problems.dedup_by_key(|error| (error.location.clone(), error.message()));
        problems
    }

    /// A source map whose sources are called as everywhere else.
    pub(super) fn named_sources(&self, map: &str) -> Vec<u8> {
        let Ok(mut map) = serde_json::from_str::<serde_json::Value>(map) else { return map.as_bytes().to_vec() };
        for source in map["sources"].as_array_mut().into_iter().flatten() {
            let Some(written) = source.as_str() else { continue };
            // The bundler takes it for a path from wherever the process is.
            if let Some((_, name)) = format!("/{written}").split_once(&format!("/{}", node::SCHEME)) {
                *source = format!("{}{name}", node::SCHEME).into();
                continue;
            }
            let path = normal(&self.tree.root().join(super::DIRECTORY).join(written));
            if let Ok(name) = self.tree.name(&path) {
                *source = name.specifier().into();
            }
        }
        serde_json::to_vec(&map).expect("it was JSON before")
    }

    /// What the bundler says of a module, in our words.
    pub(super) fn error_of(&self, diagnostic: &BuildDiagnostic) -> BuildError {
        // Its paths are relative: by default to where the program was started.
        let options = DiagnosticOptions { cwd: self.tree.root().to_owned() };
        let shown = diagnostic.to_diagnostic_with(&options);
        let message = diagnostic.to_message_with(&options);
        let problem = Problem::Linking { message: message.lines().next().unwrap_or_default().trim().to_owned() };
        let Some((file, line, column, _)) = shown.get_primary_location() else { return BuildError::new(problem) };
        let id = normal(&self.tree.root().join(file));
        if let Some(module) = self.own.get(&*id.to_string_lossy())
            && let Some(map) = &module.source_map
            && let Ok(map) = sourcemap::SourceMap::from_slice(map)
            && let Some(token) = map.lookup_token(line.saturating_sub(1) as u32, column as u32)
        {
            return self.error_at(&id, token.get_src_line() as usize, token.get_src_col() as usize, problem);
        }
        self.error_at(&id, line.saturating_sub(1), column, problem)
    }

    fn resolve(&self, args: &HookResolveIdArgs<'_>) -> Option<HookResolveIdOutput> {
        let HookResolveIdArgs { specifier, importer, kind, .. } = *args;
        // The bundler's own modules, and those that are made here.
        if specifier.starts_with('\0') || specifier.starts_with("@oxc-project/runtime") {
            return None;
        }
        let Some(importer) = importer else { return Some(HookResolveIdOutput::from_id(specifier)) };
        if importer.starts_with('\0') || importer.starts_with(node::SCHEME) {
            return self.named(specifier).or_else(|| node::find_within(specifier).map(node_module));
        }
        if let Some(target) = self.own.get(importer).and_then(|module| module.imports.get(specifier)) {
            return Some(self.id_of(target).map_or_else(|| external(target), HookResolveIdOutput::from_id));
        }
        if let Some(output) = self.named(specifier) {
            return Some(match kind {
                ImportKind::Require => HookResolveIdOutput::from_id(format!("{REQUIRED}{specifier}")),
                _ => output,
            });
        }
        Some(self.in_packages(specifier, importer, kind).unwrap_or_else(|problem| {
            self.push(importer, specifier, problem);
            external(specifier)
        }))
    }

    fn in_packages(&self, specifier: &str, importer: &str, kind: ImportKind) -> Result<HookResolveIdOutput, Problem> {
        let directory = Path::new(importer).parent().unwrap_or(self.tree.root());
        let asked = if kind == ImportKind::Require { Asked::ByRequire } else { Asked::ByImport };
        match self.packages.resolve(specifier, directory, asked)? {
            Some(Package::File { path, package_json }) => self.file(&path, package_json),
            Some(Package::Nothing) => Ok(HookResolveIdOutput::from_id(NOTHING)),
            // What is asked for as it runs may be caught as it runs.
            None if kind == ImportKind::Require
                || (kind == ImportKind::DynamicImport && !self.own.contains_key(importer)) =>
            {
                Ok(HookResolveIdOutput::from_id(format!("{ABSENT}{specifier}")))
            }
            None => Err(missing(specifier)),
        }
    }

    /// What is known by its name: to the engine, or of Node's modules, with or without `node:`.
    fn named(&self, specifier: &str) -> Option<HookResolveIdOutput> {
        if self.is_known(specifier) {
            return Some(external(specifier));
        }
        let of_node = format!("node:{specifier}");
        if self.is_known(&of_node) {
            return Some(external(&of_node));
        }
        node::find(specifier).map(node_module)
    }

    fn file(&self, path: &Path, package_json: Option<PathBuf>) -> Result<HookResolveIdOutput, Problem> {
        let not_utf8 = || Problem::NameNotUtf8 { path: path.to_string_lossy().into_owned() };
        let id = path.to_str().ok_or_else(not_utf8)?;
        Ok(match FileKind::of_package_file(id)? {
            FileKind::Code(_) | FileKind::Json => HookResolveIdOutput {
                package_json_path: package_json.map(|path| path.to_string_lossy().into_owned()),
                ..HookResolveIdOutput::from_id(id)
            },
            kind => external(&self.asset(path, kind)?),
        })
    }

    /// A file that is not code, which stays a module of its own.
    fn asset(&self, path: &Path, kind: FileKind) -> Result<String, Problem> {
        let name = self.tree.name(path)?;
        let specifier = name.specifier();
        if !self.assets.lock().contains_key(&specifier) {
            let bytes = self.read(path)?;
            let (kind, source) = asset::load(&name, kind, bytes).map_err(|error| error.problem)?;
            let module = Module::new(specifier.clone(), kind, source, None, BTreeMap::new());
            self.assets.lock().insert(specifier.clone(), module);
        }
        Ok(specifier)
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, Problem> {
        let bytes = self.tree.read_package_file(path)?;
        let BuildLimits { total_bytes_max, modules_max, .. } = self.limits;
        if self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed) + bytes.len() as u64 > total_bytes_max {
            return Err(Problem::TotalTooLarge { max: total_bytes_max });
        }
        if self.files.fetch_add(1, Ordering::Relaxed) >= modules_max {
            return Err(Problem::TooManyModules { max: modules_max });
        }
        Ok(bytes)
    }

    fn load_id(&self, id: &str) -> Option<HookLoadOutput> {
        if let Some(module) = self.own.get(id) {
            let code = String::from_utf8_lossy(&module.source).into_owned();
            let map = module.source_map.as_ref().and_then(|map| source_map(map, id));
            return Some(HookLoadOutput { map, ..code_of(code, ModuleType::Js) });
        }
        if id == NOTHING {
            return Some(code_of("module.exports = {};".to_owned(), ModuleType::Js));
        }
        if let Some(name) = id.strip_prefix(node::SCHEME) {
            return Some(code_of(node::source(name)?.to_owned(), ModuleType::Js));
        }
        if let Some(specifier) = id.strip_prefix(ABSENT) {
            let message = format!("Cannot find module '{specifier}'");
            let code = format!(
                "throw Object.assign(new Error({message:?}), {{ code: \"MODULE_NOT_FOUND\" }});\nmodule.exports = {{}};\n"
            );
            return Some(code_of(code, ModuleType::Js));
        }
        if let Some(builtin) = id.strip_prefix(REQUIRED) {
            // What `require` gives is what Node gives: the default export.
            return Some(code_of(
                format!(
                    "import builtin from {builtin:?};\nexport {{ builtin as \"module.exports\" }};\nexport default builtin;\n"
                ),
                ModuleType::Js,
            ));
        }
        if id.starts_with('\0') || !Path::new(id).is_absolute() {
            return None;
        }
        let path = Path::new(id);
        let name = self.tree.name(path).unwrap_or_else(|_| FilePath::new(id.to_owned()));
        let text = self
            .read(path)
            .map_err(|problem| BuildError::in_file(name.as_str(), problem))
            .and_then(|bytes| asset::text(&name, bytes))
            .and_then(|text| self.tried(id, &name, text));
        let text = text.unwrap_or_else(|error| {
            self.problems.lock().push(error);
            String::new()
        });
        let kind = match FileKind::of_package_file(id) {
            // Where there is nothing to parse any more, the error is told already.
            Ok(FileKind::Json) if !text.is_empty() => ModuleType::Json,
            Ok(FileKind::Code(Dialect::Ts | Dialect::Declarations)) => ModuleType::Ts,
            Ok(FileKind::Code(Dialect::Tsx)) => ModuleType::Tsx,
            Ok(FileKind::Code(Dialect::Jsx)) => ModuleType::Jsx,
            _ => ModuleType::Js,
        };
        Some(code_of(text, kind))
    }

    /// Code that can be parsed without danger. JSON has a parser that bounds itself.
    fn tried(&self, id: &str, name: &FilePath, text: String) -> Result<String, BuildError> {
        if let (Some(trial), Ok(FileKind::Code(dialect))) = (&self.trial, FileKind::of_package_file(id)) {
            let task = Task { dialect, grammar: Grammar::Any, nesting_max: self.limits.nesting_max };
            trial.check(&text, task, self.cache.as_deref()).map_err(|refusal| refusal.in_file(name.as_str(), &text))?;
        }
        Ok(text)
    }

    /// Something is wrong with an import.
    fn push(&self, importer: &str, specifier: &str, problem: Problem) {
        let path = Path::new(importer);
        let text = self.own_text(path);
        let at = ["\"", "'", "`"].iter().find_map(|quote| Some(text.find(&format!("{quote}{specifier}{quote}"))? + 1));
        let error = match (self.tree.name(path), at) {
            (Ok(name), Some(at)) => BuildError::at(name.as_str(), &text, at..at + specifier.len(), problem),
            (Ok(name), None) => BuildError::in_file(name.as_str(), problem),
            (Err(_), _) => BuildError::new(problem),
        };
        self.problems.lock().push(error);
    }

    fn error_at(&self, path: &Path, line: usize, column: usize, problem: Problem) -> BuildError {
        let text = self.own_text(path);
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut at = start;
        for (units, (offset, _)) in text[start..].char_indices().enumerate() {
            at = start + offset;
            if units >= column {
                break;
            }
        }
        match self.tree.name(path) {
            Ok(name) if !text.is_empty() => BuildError::at(name.as_str(), &text, at..at + 1, problem),
            Ok(name) => BuildError::in_file(name.as_str(), problem),
            Err(_) => BuildError::new(problem),
        }
    }

    /// What is in a file, to show a line of it.
    fn own_text(&self, path: &Path) -> String {
        let bytes = self.tree.read_package_file(path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Plugin for Modules {
    fn name(&self) -> Cow<'static, str> {
        "worky".into()
    }

    fn register_hook_usage(&self) -> HookUsage {
        HookUsage::ResolveId | HookUsage::Load
    }

    async fn resolve_id(&self, _: &PluginContext, args: &HookResolveIdArgs<'_>) -> HookResolveIdReturn {
        Ok(self.resolve(args))
    }

    async fn load(&self, _: SharedLoadPluginContext, args: &HookLoadArgs<'_>) -> HookLoadReturn {
        Ok(self.load_id(args.id))
    }
}

/// Why a package's import leads nowhere.
fn missing(specifier: &str) -> Problem {
    let specifier = specifier.to_owned();
    if is_path(&specifier) {
        return Problem::NotFound { specifier, hint: None };
    }
    if node::is_nodes(&specifier) { Problem::NodeModule { specifier } } else { Problem::Bare { specifier } }
}

/// One of Node's modules, which has no effect but on who uses it.
fn node_module(name: &'static str) -> HookResolveIdOutput {
    HookResolveIdOutput {
        side_effects: Some(HookSideEffects::False),
        ..HookResolveIdOutput::from_id(format!("{}{name}", node::SCHEME))
    }
}

fn external(name: &str) -> HookResolveIdOutput {
    HookResolveIdOutput {
        external: Some(ResolvedExternal::Bool(true)),
        normalize_external_id: Some(false),
        ..HookResolveIdOutput::from_id(name)
    }
}

fn code_of(code: String, kind: ModuleType) -> HookLoadOutput {
    HookLoadOutput { code: code.into(), module_type: Some(kind), ..HookLoadOutput::default() }
}

/// A map of one file, whose source is called as the file is.
fn source_map(map: &[u8], id: &str) -> Option<SourceMap> {
    let mut map: serde_json::Value = serde_json::from_slice(map).ok()?;
    for source in map["sources"].as_array_mut()? {
        *source = id.into();
    }
    let map = map.to_string();
    Some(rolldown_sourcemap::OwnedSourceMap::from_json_string(&map).ok()?.into_inner())
}

fn absolute(tree: &SourceTree, specifier: &str) -> String {
    let path = percent_encoding::percent_decode_str(specifier.trim_start_matches("file:///"));
    tree.root().join(&*path.decode_utf8_lossy()).to_string_lossy().into_owned()
}

/// The path without `.` and `..`, which no link stands before here.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                normal.pop();
            }
            std::path::Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}
