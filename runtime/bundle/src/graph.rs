use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use bytes::Bytes;

use crate::asset;
use crate::bundle::{Bundle, Module, ModuleKind};
use crate::cache::CompileCache;
use crate::compile::{Attribute, Compiled, Grammar, Import, Request, compile};
use crate::error::{BuildError, BuildErrors, Problem};
use crate::kind::{Dialect, FileKind};
use crate::pack::{Computed, pack};
use crate::packages::Packages;
use crate::project::{BuildLimits, Packing, Project};
use crate::resolve::{Resolved, Resolver, SourceFile};
use crate::source::SourceTree;
use crate::trial::{Task, Trial};
use crate::tsconfig::CompilerOptions;

/// More threads than this gain nothing: reading and hashing take over.
const THREADS_MAX: usize = 8;
/// The compiler recurses over the syntax tree. Memory is only taken as far as it is used. `nesting_max` bounds every
/// pass but the parser, and `trial` what gets to the parser: on this much it gets through 60,000 levels of parentheses
/// where it was optimised, and 12,000 where not.
pub(crate) const STACK_BYTES: usize = 256 << 20;

/// Compiles a project's main module and all that it imports, and reports everything that is wrong.
pub fn build(project: &Project) -> Result<Bundle, BuildErrors> {
    build_watched(project).0
}

/// [`build`], and the absolute paths of all files that would make it another one if they changed, appeared or went.
pub fn build_watched(project: &Project) -> (Result<Bundle, BuildErrors>, BTreeSet<PathBuf>) {
    match SourceTree::open(&project.root, &project.limits) {
        Ok(tree) => {
            let tree = Arc::new(tree);
            let result = build_in(project, &tree);
            (result, tree.take_touched())
        }
        Err(problem) => (Err(BuildErrors(vec![BuildError::new(problem)])), BTreeSet::from([project.root.clone()])),
    }
}

fn build_in(project: &Project, tree: &Arc<SourceTree>) -> Result<Bundle, BuildErrors> {
    let packages = Arc::new(Packages::new(tree));
    let (options, mut errors) = CompilerOptions::load(tree);
    let (resolver, problems) = Resolver::new(tree, &packages, project);
    errors.extend(problems.into_iter().map(BuildError::new));

    let mut walked = Walked::default();
    let entry = match resolver.resolve_main(&project.main) {
        Ok(main) => {
            let entry = main.path.specifier();
            let loader = Loader {
                tree,
                resolver: &resolver,
                options: &options,
                limits: &project.limits,
                cache: project.cache.as_deref(),
                trial: project.trial.as_ref(),
            };
            loader.walk(main, &mut walked, &mut errors);
            entry
        }
        Err(problem) => {
            errors.push(BuildError::new(problem));
            String::new()
        }
    };
    if errors.is_empty() {
        let Walked { mut modules, computed, uses_packages } = walked;
        modules.sort_by(|a: &Module, b| a.specifier.cmp(&b.specifier));
        let bundle = Bundle { entry, modules };
        if !uses_packages && project.packing == Packing::WithPackages {
            return Ok(bundle);
        }
        match once(computed).and_then(|computed| pack(project, tree, &packages, bundle, &computed)) {
            Ok(packed) => return Ok(packed),
            Err(failed) => errors = failed,
        }
    }
    errors.sort_by(|a, b| a.location.cmp(&b.location));
    Err(BuildErrors(errors))
}

/// What the imports of the main module lead to.
#[derive(Default)]
struct Walked {
    modules: Vec<Module>,
    /// Where an `import()` with a computed end can lead, in no order.
    computed: Vec<(String, String)>,
    uses_packages: bool,
}

/// In a packed worker the path that is computed no longer says from where.
fn once(computed: Vec<(String, String)>) -> Result<Computed, Vec<BuildError>> {
    let mut all = Computed::new();
    for (written, target) in computed {
        match all.get(&written) {
            Some(other) if *other != target => {
                let mut files = [other.clone(), target];
                files.sort();
                let files = Box::new(files.map(|file| file.trim_start_matches("file:///").to_owned()).into());
                return Err(vec![BuildError::new(Problem::ComputedTwice { written, files })]);
            }
            _ => all.insert(written, target),
        };
    }
    Ok(all)
}

/// Makes modules of files. Shared by the threads that do so.
struct Loader<'a> {
    tree: &'a SourceTree,
    resolver: &'a Resolver<'a>,
    options: &'a CompilerOptions,
    limits: &'a BuildLimits,
    cache: Option<&'a CompileCache>,
    trial: Option<&'a Trial>,
}

/// What became of one file.
#[derive(Default)]
struct Loaded {
    module: Option<Module>,
    /// The size of the file.
    bytes: u64,
    /// The files it imports.
    imported: Vec<SourceFile>,
    computed: Vec<(String, String)>,
    uses_packages: bool,
    errors: Vec<BuildError>,
}

impl Loaded {
    fn failed(error: BuildError) -> Self {
        Loaded { errors: vec![error], ..Loaded::default() }
    }
}

impl Loader<'_> {
    /// Loads `main` and whatever it leads to, on several threads.
    fn walk(&self, main: SourceFile, walked: &mut Walked, errors: &mut Vec<BuildError>) {
        // Both queues hold at most `modules_max` files.
        let (todo, next) = mpsc::channel::<SourceFile>();
        let (done, results) = mpsc::channel::<Loaded>();
        let next = Mutex::new(next);
        thread::scope(|scope| {
            let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
            for index in 0..threads {
                let (next, done) = (&next, done.clone());
                let run = move || {
                    while let Some(file) = receive(next) {
                        if done.send(self.load_caught(&file)).is_err() {
                            break;
                        }
                    }
                };
                let spawned = thread::Builder::new()
                    .name(format!("compile-{index}"))
                    .stack_size(STACK_BYTES)
                    .spawn_scoped(scope, run);
                // One thread is enough.
                if let Err(error) = spawned
                    && index == 0
                {
                    let message = format!("cannot start a thread: {error}");
                    errors.push(BuildError::in_file(main.path.as_str(), Problem::Compiler { message }));
                    return;
                }
            }
            drop(done);
            self.drive(main, todo, &results, walked, errors);
        });
    }

    /// Hands out each file once until nothing is left to do.
    fn drive(
        &self,
        main: SourceFile,
        todo: mpsc::Sender<SourceFile>,
        results: &mpsc::Receiver<Loaded>,
        walked: &mut Walked,
        errors: &mut Vec<BuildError>,
    ) {
        let mut seen = HashSet::from([main.path.clone()]);
        let mut pending = 1;
        let mut total_bytes = 0;
        let mut is_full = false;
        todo.send(main).expect("the threads wait for work");
        while pending > 0 {
            let loaded = results.recv().expect("the threads answer every file");
            pending -= 1;
            total_bytes += loaded.bytes;
            walked.modules.extend(loaded.module);
            walked.computed.extend(loaded.computed);
            walked.uses_packages |= loaded.uses_packages;
            errors.extend(loaded.errors);
            if is_full {
                continue;
            }
            if total_bytes > self.limits.total_bytes_max {
                errors.push(BuildError::new(Problem::TotalTooLarge { max: self.limits.total_bytes_max }));
                is_full = true;
                continue;
            }
            for file in loaded.imported {
                if seen.contains(&file.path) {
                    continue;
                }
                if seen.len() == self.limits.modules_max {
                    errors.push(BuildError::new(Problem::TooManyModules { max: self.limits.modules_max }));
                    is_full = true;
                    break;
                }
                seen.insert(file.path.clone());
                pending += 1;
                todo.send(file).expect("the threads wait for work");
            }
        }
    }

    /// A file on which the compiler itself fails is an error like any other.
    fn load_caught(&self, file: &SourceFile) -> Loaded {
        catch_unwind(AssertUnwindSafe(|| self.load(file))).unwrap_or_else(|panic| {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("it gave no reason")
                .to_owned();
            Loaded::failed(BuildError::in_file(file.path.as_str(), Problem::Compiler { message }))
        })
    }

    fn load(&self, file: &SourceFile) -> Loaded {
        let bytes = match self.tree.read(&file.path) {
            Ok(bytes) => bytes,
            Err(problem) => return Loaded::failed(BuildError::in_file(file.path.as_str(), problem)),
        };
        let size = bytes.len() as u64;
        let loaded = match file.kind {
            FileKind::Code(dialect) => {
                let untouched = Bytes::from(bytes);
                match asset::text(&file.path, untouched.to_vec()) {
                    Ok(text) => match self.compile(file, &text, dialect, &untouched) {
                        Ok(compiled) => self.link(file, &text, untouched, compiled),
                        Err(errors) => Loaded { errors, ..Loaded::default() },
                    },
                    Err(error) => Loaded::failed(error),
                }
            }
            kind => match asset::load(&file.path, kind, bytes) {
                Ok((kind, source)) => {
                    let module = Module::new(file.path.specifier(), kind, source, None, BTreeMap::new());
                    Loaded { module: Some(module), ..Loaded::default() }
                }
                Err(error) => Loaded::failed(error),
            },
        };
        Loaded { bytes: size, ..loaded }
    }

    fn compile(
        &self,
        file: &SourceFile,
        text: &str,
        dialect: Dialect,
        source: &Bytes,
    ) -> Result<Compiled, Vec<BuildError>> {
        let path = self.tree.root().join(file.path.as_str());
        if let Some(kept) = self.cache.and_then(|cache| cache.get(&path, source, self.options)) {
            return Ok(kept);
        }
        let nesting_max = self.limits.nesting_max;
        if let Some(trial) = self.trial {
            trial
                .check(text, Task { dialect, grammar: Grammar::Module, nesting_max }, self.cache)
                .map_err(|refusal| vec![refusal.in_file(file.path.as_str(), text)])?;
        }
        let compiled = compile(&file.path, text, dialect, self.options, nesting_max)?;
        if let Some(cache) = self.cache {
            cache.keep(path, source.clone(), self.options.clone(), compiled.clone());
        }
        Ok(compiled)
    }

    /// Finds the files that a compiled file imports.
    fn link(&self, file: &SourceFile, text: &str, untouched: Bytes, compiled: Compiled) -> Loaded {
        let mut loaded = Loaded::default();
        let mut map = BTreeMap::new();
        for import in compiled.imports {
            self.link_one(file, text, import, &mut map, &mut loaded);
        }
        let (source, source_map) = match compiled.code {
            Some(code) => (code.text, Some(code.source_map)),
            None => (untouched, None),
        };
        loaded.module = Some(Module::new(file.path.specifier(), ModuleKind::Js, source, source_map, map));
        loaded
    }

    fn link_one(
        &self,
        file: &SourceFile,
        text: &str,
        import: Import,
        map: &mut BTreeMap<String, String>,
        loaded: &mut Loaded,
    ) {
        let error = |range: Range<usize>, problem| BuildError::at(file.path.as_str(), text, range, problem);
        match import.request {
            Request::Exact(specifier) => match self.resolver.resolve(&specifier, &file.path) {
                Ok(Resolved::Builtin(builtin)) => {
                    if builtin != specifier {
                        map.insert(specifier, builtin);
                    }
                }
                Ok(Resolved::Package) => loaded.uses_packages = true,
                Ok(Resolved::File(target)) => {
                    for attribute in import.attributes {
                        if let Err(problem) = check_attribute(&attribute, &target) {
                            loaded.errors.push(error(attribute.range, problem));
                        }
                    }
                    map.insert(specifier, target.path.specifier());
                    loaded.imported.push(target);
                }
                Err(problem) => loaded.errors.push(error(import.range, problem)),
            },
            Request::Pattern(pattern) => match self.resolver.resolve_pattern(&pattern, &file.path) {
                Ok(found) => {
                    for (written, target) in found {
                        loaded.computed.push((written.clone(), target.path.specifier()));
                        map.insert(written, target.path.specifier());
                        loaded.imported.push(target);
                    }
                }
                Err(problem) => loaded.errors.push(error(import.range, problem)),
            },
        }
    }
}

fn receive(next: &Mutex<mpsc::Receiver<SourceFile>>) -> Option<SourceFile> {
    // A poisoned lock cannot be: nothing below it panics.
    next.lock().ok()?.recv().ok()
}

fn check_attribute(attribute: &Attribute, target: &SourceFile) -> Result<(), Problem> {
    if attribute.name != "type" {
        return Err(Problem::UnknownAttribute { name: attribute.name.clone() });
    }
    let expected = target.kind.attribute_type();
    if expected == Some(attribute.value.as_str()) {
        return Ok(());
    }
    let actual = match target.kind {
        FileKind::Code(_) => "a JavaScript module",
        FileKind::Json => "JSON",
        FileKind::Text => "text",
        FileKind::Bytes => "bytes",
        FileKind::Wasm => "a WebAssembly module",
    };
    let path = target.path.to_string();
    Err(Problem::AttributeMismatch { found: attribute.value.clone(), path, actual })
}
