//! A worker's sources to what an engine runs, and what is wrong with them to a report.

use std::path::Path;

use worky_bundle::{BuildError, Bundle, Project};
use worky_engine::{Artifact, GuestFrame, JsArtifact, LoadError, Module, ModuleKind};
use worky_host::secrets::Redactor;

use crate::config::{Problem, WorkerConfig, place_in_file};

/// Compiles the worker's whole module graph.
pub(crate) fn compile(worker: &WorkerConfig) -> Result<Artifact, Vec<Problem>> {
    let mut project = Project::new(&worker.root, &worker.main.value);
    project.import_map.clone_from(&worker.import_map);
    match worky_bundle::build(&project) {
        Ok(bundle) => Ok(artifact(bundle)),
        Err(errors) => Err(errors.0.iter().map(|error| build_problem(worker, error)).collect()),
    }
}

/// Why an engine did not take the worker.
pub(crate) fn load_problem(worker: &WorkerConfig, error: &LoadError) -> Problem {
    let problem = match error {
        LoadError::Guest(guest) => {
            let title = if guest.name.is_empty() { String::new() } else { format!("{}: ", guest.name) };
            let text = format!("{title}{}", guest.message);
            let problem = Problem::error(Redactor::new(worker.secrets.clone()).redact(&text));
            return match guest.frames.first() {
                Some(GuestFrame { file, line, column, .. }) => at(problem, worker, file, *line, *column, "thrown here"),
                None => problem.at(&worker.main.span, "while this module was loaded"),
            };
        }
        other => Problem::error(format!("worker `{}`: {other}", worker.name.value)),
    };
    problem.at(&worker.main.span, "")
}

fn build_problem(worker: &WorkerConfig, error: &BuildError) -> Problem {
    let problem = Problem::error(error.message());
    let problem = match &error.location {
        Some(place) => at(problem, worker, &place.file, place.line, place.column, ""),
        None => problem.at(&worker.main.span, ""),
    };
    match error.hint() {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// Puts a place in one of the worker's files to a problem; by name alone where the file cannot be shown.
fn at(problem: Problem, worker: &WorkerConfig, file: &str, line: u32, column: u32, label: &str) -> Problem {
    // Named as the worker's own worky.toml is: many workers have a src/index.ts.
    let beside = Path::new(worker.main.span.source.name());
    let name = beside.with_file_name(file).display().to_string();
    match place_in_file(&name, &worker.root.join(file), line as usize, column as usize) {
        Some(span) => problem.at(&span, label),
        None => problem.in_file(format!("{name}:{line}:{column}")),
    }
}

fn artifact(bundle: Bundle) -> Artifact {
    let modules = bundle.modules.into_iter().map(|module| Module {
        specifier: module.specifier,
        kind: match module.kind {
            worky_bundle::ModuleKind::Js => ModuleKind::Js,
            worky_bundle::ModuleKind::Json => ModuleKind::Json,
            worky_bundle::ModuleKind::Text => ModuleKind::Text,
            worky_bundle::ModuleKind::Bytes => ModuleKind::Bytes,
            worky_bundle::ModuleKind::Wasm => ModuleKind::Wasm,
        },
        source: module.source,
        source_map: module.source_map,
        imports: module.imports,
    });
    Artifact::Js(JsArtifact { entry: bundle.entry, modules: modules.collect(), plugins: Vec::new() })
}
