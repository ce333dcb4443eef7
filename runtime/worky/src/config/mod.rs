//! From files, environment and command line to settings that are valid by construction.
//!
//! A setting is taken from the first of: flags, `WORKY_*` variables, the file, the default. Everything that is wrong goes
//! to one [`Report`].
//!
//! In reading order: `source` (where a text came from), `tree` (TOML with places), `layers` (what is laid over a file),
//! `reader` (one key at a time), `raw` and `wrangler` (the keys), `worker`, `wasm`, `services`, `files`, `assets`, `secrets`, `routes` and `server` (what they mean), `packed` (all of it in a bundle), `report`.

mod assets;
mod files;
mod layers;
mod packed;
mod plugins;
mod raw;
mod reader;
mod report;
mod routes;
mod secrets;
mod server;
mod services;
mod source;
mod tree;
mod wasm;
mod worker;
mod wrangler;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use assets::AssetsConfig;
pub(crate) use files::FilesConfig;
pub(crate) use layers::Flag;
pub(crate) use packed::{is_bundle, pack};
pub(crate) use plugins::{Grant, PluginConfig};
pub(crate) use report::{Problem, Report, Told};
pub(crate) use secrets::{DEV_VARS, DevFiles};
pub(crate) use server::{Defaults, LogConfig, LogFormat, ProcessConfig};
use source::Source;
pub(crate) use source::{At, Span};
pub(crate) use worker::{WorkerConfig, is_name};

use worky_server::Router;

use raw::RawHosted;
use reader::Reader;
use tree::Table;
use worker::Selected;

/// The name of a configuration file in its directory.
pub(crate) const FILE_NAME: &str = "worky.toml";

/// Where settings come from.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) origin: Origin,
    /// The environment of `[env.NAME]`.
    pub(crate) environment: Option<String>,
    /// The process's variables.
    pub(crate) variables: Vec<(OsString, OsString)>,
    pub(crate) flags: Vec<Flag>,
    pub(crate) dev_files: DevFiles,
    /// Vars given on the command line.
    pub(crate) vars: Vec<(String, String)>,
    pub(crate) defaults: Defaults,
    /// Settings of the file that do not hold for this command.
    pub(crate) ignored: &'static [[&'static str; 2]],
    /// Whether services may be workers that are not there.
    pub(crate) services: ServicesWanted,
    /// Where relative paths of flags and variables start.
    pub(crate) working_dir: PathBuf,
}

/// What becomes of a service that is no worker of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServicesWanted {
    /// It is an error.
    Deployed,
    /// Somebody else answers in its place.
    Any,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A configuration file, or a bundle.
    File(PathBuf),
    /// A main module, without any configuration.
    Module(PathBuf),
}

/// All settings of one process.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) process: ProcessConfig,
    /// The valid ones. All of them, if the report has no errors.
    pub(crate) workers: Vec<WorkerConfig>,
    /// Over all of them. Empty where the routes are wrong.
    pub(crate) router: Router,
}

/// Reads everything; what is wrong is in the report. `None` where the first file cannot be read at all.
pub(crate) fn load(request: &Request, report: &Report) -> Option<Config> {
    let source = match &request.origin {
        Origin::File(path) => read_file(path, &request.working_dir).map_err(|problem| report.push(problem)).ok()?,
        Origin::Module(path) => without_file(path, &request.working_dir),
    };
    let written = Table::parse(&source, report)?;
    packed::check(&written, &source, report);
    let layered = |mut tree: Table, report: &Report| {
        layers::lay_environment(&mut tree, &request.variables, &request.working_dir, report);
        layers::lay_flags(&mut tree, &request.flags, &request.working_dir);
        tree
    };
    let tree = layered(written.clone(), report);
    let mut reader = Reader::new(&tree, "", report);
    let mut process = server::read(&mut reader, &request.defaults);
    if !request.ignored.is_empty() {
        // What does not hold for this command is checked all the same, and then read again without it.
        let unheard = Report::default();
        let mut holds = written;
        request.ignored.iter().for_each(|[section, key]| holds.remove(section, key));
        let holds = layered(holds, &unheard);
        process = server::read(&mut Reader::new(&holds, "", &unheard), &request.defaults);
    }
    let workers = match raw::hosted(&mut reader) {
        Some(hosted) => {
            refuse_worker_keys(&mut reader);
            load_hosted(request, &process, &hosted, report)
        }
        None => {
            let worker = read_worker(request, &process, &mut reader, report);
            if let Some(worker) = worker.iter().find(|worker| worker.routes.as_ref().is_some_and(Vec::is_empty)) {
                report.push(services::no_routes(&worker.name.value, &worker.name.span));
            }
            worker.into_iter().collect()
        }
    };
    reader.finish();
    if report.errors() == 0 && request.dev_files != DevFiles::NamesOnly {
        if request.services == ServicesWanted::Deployed {
            services::check_deployed(&workers, report);
        }
        files::check_places(&workers, &process, report);
        assets::check_places(&workers, &process, report);
    }
    let router = routes::router(&workers, report);
    Some(Config { process, workers, router })
}

/// Adds a place in a file that is not a configuration file, such as a module's.
pub(crate) fn place_in_file(name: &str, path: &Path, line: usize, column: usize) -> Option<Span> {
    let source = Source::new(name, ".", fs::read_to_string(path).ok()?);
    Some(Span::of_character(&source, line, column))
}

/// The keys of a worker, environment and command line included.
fn read_worker(
    request: &Request,
    process: &ProcessConfig,
    reader: &mut Reader<'_>,
    report: &Report,
) -> Option<WorkerConfig> {
    let (top, environments) = raw::worker(reader);
    let asked = request.environment.as_deref();
    let span = layers::flag_span("--env", asked.unwrap_or_default(), &request.working_dir);
    let selected = asked.map(|name| Selected { name, span: &span });
    let raw = worker::overlay(top, environments, selected.as_ref(), report)?;
    let dir = raw.span.source.dir();
    let credentials = process.credentials_dir.as_deref();
    let sources = secrets::sources(dir, request.dev_files, asked, credentials, &request.variables, report);
    worker::validate(raw, &request.vars, sources.as_ref(), report)
}

/// The workers of `[[workers]]`, each with a file of its own.
fn load_hosted(request: &Request, process: &ProcessConfig, hosted: &[RawHosted], report: &Report) -> Vec<WorkerConfig> {
    let mut workers: Vec<WorkerConfig> = Vec::new();
    let mut names: HashMap<String, Span> = HashMap::new();
    let mut unrouted = Vec::new();
    for entry in hosted {
        let Some(mut worker) = load_hosted_worker(request, process, entry, report) else { continue };
        if entry.routes.is_some() {
            worker.routes = entry.routes.clone();
        }
        if worker.routes.as_ref().is_none_or(Vec::is_empty) {
            worker.routes = Some(Vec::new());
            unrouted.push((worker.name.value.clone(), entry.path.span.clone()));
        }
        if let Some(first) = names.insert(worker.name.value.clone(), entry.path.span.clone()) {
            let message = format!("two workers are named `{}`", worker.name.value);
            let problem = Problem::error(message).at(&entry.path.span, "the second").at(&first, "the first");
            report.push(problem.hint("a name stands for one worker in logs, metrics and data: rename one"));
            continue;
        }
        workers.push(worker);
    }
    services::check_reached(&workers, &unrouted, report);
    workers
}

fn load_hosted_worker(
    request: &Request,
    process: &ProcessConfig,
    entry: &RawHosted,
    report: &Report,
) -> Option<WorkerConfig> {
    let dir = entry.path.span.resolve(&entry.path.value);
    let is_file = dir.extension().is_some_and(|extension| extension == "toml") || is_bundle(&dir);
    let path = if is_file { dir } else { dir.join(FILE_NAME) };
    let source = read_file(&path, &request.working_dir)
        .map_err(|problem| report.push(problem.at(&entry.path.span, "named here")))
        .ok()?;
    let tree = Table::parse(&source, report)?;
    packed::check(&tree, &source, report);
    let mut reader = Reader::new(&tree, "", report);
    reader.settle(&["server", "storage", "log"], |section| {
        Problem::warning(format!("`[{section}]` of a hosted worker's file has no effect"))
            .hint("set it in the file that hosts the worker")
    });
    reader.settle(&["workers"], |_| Problem::error("a hosted worker cannot host workers"));
    let worker = read_worker(request, process, &mut reader, report);
    reader.finish();
    worker
}

/// A file hosts other workers or is one; both at once would leave open what its routes are.
fn refuse_worker_keys(reader: &mut Reader<'_>) {
    let keys: Vec<&str> = packed::KEYS.into_iter().flatten().chain(&["imports", "env"]).copied().collect();
    reader.settle(&keys, |key| {
        Problem::error(format!("`{key}` cannot stand beside `[[workers]]`"))
            .hint("a worker's own keys belong to the worky.toml in its directory")
    });
}

fn read_file(path: &Path, working_dir: &Path) -> Result<Arc<Source>, Problem> {
    let path = working_dir.join(path);
    // From the root directory a relative path would only lack its first character.
    let relative = path.strip_prefix(working_dir).ok().filter(|_| working_dir.parent().is_some());
    let shown = relative.unwrap_or(&path).display().to_string();
    if is_bundle(&path) {
        return packed::read(&path, &shown);
    }
    let dir = path.parent().unwrap_or(working_dir).to_owned();
    let bytes = fs::read(&path).map_err(|error| {
        let problem = Problem::error(format!("{shown} cannot be read: {error}"));
        match error.kind() {
            std::io::ErrorKind::NotFound => problem.hint(
                "worky init makes a project; a worky.toml has at least: name = \"hello\", main = \"src/index.ts\"",
            ),
            _ => problem,
        }
    })?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(shown, dir, text)),
        Err(error) => {
            Err(Problem::error(format!("{shown} is not UTF-8: byte {} is wrong", error.utf8_error().valid_up_to())))
        }
    }
}

/// What a configuration file for this module alone would say.
fn without_file(module: &Path, working_dir: &Path) -> Arc<Source> {
    let module = working_dir.join(module);
    let stem = module.file_stem().unwrap_or_default().to_string_lossy();
    let name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(63).collect();
    let name = name.trim_start_matches('-');
    let name = if name.is_empty() { "worker" } else { name };
    let main = module.file_name().unwrap_or_default().to_string_lossy();
    let text = format!("name = {}\nmain = {}\n", toml::Value::from(name), toml::Value::from(main.as_ref()));
    Source::new("command line", module.parent().unwrap_or(working_dir), text)
}
