//! `worky types`: what TypeScript is to know of a worker.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use worky_bundle::types::{Ambient, Binding, Env, MARK, PluginTypes, TypesError};
use worky_bundle::{Bundle, CompileCache, ModuleKind};

use crate::command::{Exit, count, give_up, print_report};
use crate::compile::{Inputs, bundle, is_component};
use crate::config::{self, Grant, Problem, Report, Request, WorkerConfig};
use crate::plugins;
use crate::terminal::Color;

/// The name of the file where none is given.
pub(crate) const FILE_NAME: &str = "worky.d.ts";

/// Where the declarations go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Output {
    File(PathBuf),
    /// [`FILE_NAME`] in the directory of each worker.
    BesideConfig,
    Stdout,
}

/// `wit` is asked for the comments of every plugin.
pub(crate) fn run(request: &Request, report: &Report, wit: Vec<PathBuf>, output: &Output, color: Color) -> Exit {
    let workers = config::load(request, report).map(|config| config.workers).unwrap_or_default();
    if report.errors() == 0 && workers.len() > 1 && *output != Output::BesideConfig {
        let message = format!("there are {}, and one file can describe one", count(workers.len(), "worker"));
        report.push(Problem::error(message).hint("name the directory of one, or let each have a file of its own"));
    }
    if report.errors() > 0 {
        return give_up(report, color);
    }
    for worker in &workers {
        if let Err(problems) = describe(worker, &wit, output, report) {
            problems.into_iter().for_each(|problem| report.push(problem));
        }
    }
    print_report(report, color);
    if report.errors() > 0 { Exit::Failure } else { Exit::Success }
}

/// What is known of a project before what it imports is there: `env`, and the runtime's own.
pub(crate) fn declare_env(request: &Request, report: &Report) -> Option<String> {
    let config = config::load(request, report).filter(|_| report.errors() == 0)?;
    let worker = config.workers.first()?;
    Some(worky_bundle::types::declare(&env(worker), &[], Ambient::of(&worker.root)).0)
}

/// Writes the declarations beside the worker's configuration anew, where `worky types` wrote them before and they are others
/// now. `inputs` are the files that the worker was made of. What is wrong is for the command to tell.
pub(crate) fn refresh(worker: &WorkerConfig, inputs: &BTreeSet<PathBuf>, cache: Option<&Arc<CompileCache>>) {
    let path = worker.root.join(FILE_NAME);
    let Ok(before) = std::fs::read_to_string(&path) else { return };
    if worker.packed.is_some() || !before.starts_with(MARK) {
        return;
    }
    // Modules are looked at once more only where one of them imports a component by its path.
    let is_plugin = |file: &PathBuf| worker.plugins.iter().any(|plugin| plugin.path == *file);
    let by_path = |file: &PathBuf| file.extension().is_some_and(|end| end == "wasm") && !is_plugin(file);
    let bundle = (!is_component(worker) && inputs.iter().any(by_path))
        .then(|| bundle(worker, &Inputs::cached(cache.cloned())))
        .transpose();
    let wit = wit_named(&before).map(|path| worker.root.join(path)).collect();
    let report = Report::default();
    let declared = bundle.and_then(|bundle| declarations(worker, wit, bundle, &report));
    let Ok(Declarations { text, .. }) = declared else { return };
    // It may have been written by somebody else meanwhile.
    let is_as_before = std::fs::read_to_string(&path).is_ok_and(|now| now == before);
    if report.errors() > 0 || text == before || !is_as_before {
        return;
    }
    match std::fs::write(&path, text) {
        Ok(()) => tracing::info!(file = %path.display(), "types are up to date"),
        Err(error) => tracing::warn!(file = %path.display(), %error, "types cannot be written"),
    }
}

fn describe(worker: &WorkerConfig, wit: &[PathBuf], output: &Output, report: &Report) -> Result<(), Vec<Problem>> {
    let bundle = (!is_component(worker)).then(|| bundle(worker, &Inputs::default())).transpose()?;
    let Declarations { text, plugins } = declarations(worker, wit.to_vec(), bundle, report)?;
    let path = match output {
        Output::Stdout => {
            // Where standard output is gone nobody reads it.
            let _gone = std::io::stdout().lock().write_all(text.as_bytes());
            return Ok(());
        }
        Output::File(path) => path.clone(),
        Output::BesideConfig => worker.root.join(FILE_NAME),
    };
    std::fs::write(&path, text)
        .map_err(|error| vec![Problem::error(format!("{} cannot be written: {error}", path.display()))])?;
    println!("{} has the types of {} and {}", path.display(), worker.name.value, count(plugins, "plugin"));
    Ok(())
}

struct Declarations {
    text: String,
    plugins: usize,
}

fn declarations(
    worker: &WorkerConfig,
    wit: Vec<PathBuf>,
    bundle: Option<Bundle>,
    report: &Report,
) -> Result<Declarations, Vec<Problem>> {
    let mut plugins = Vec::new();
    for plugin in &worker.plugins {
        let component = plugins::read(plugin).map_err(|problem| vec![problem.at(&plugin.span, "")])?;
        plugins.push(PluginTypes {
            module: format!("plugin:{}", plugin.name),
            component,
            wit: wit.iter().cloned().chain(plugin.wit.clone().or_else(|| wit_beside(&plugin.path))).collect(),
            files: plugin.grants.iter().any(|grant| matches!(grant, Grant::Files(_))),
        });
    }
    plugins.extend(bundle.into_iter().flat_map(|bundle| imported(worker, bundle, &wit, report)));
    let (mut text, errors) = worky_bundle::types::declare(&env(worker), &plugins, Ambient::of(&worker.root));
    for error in errors {
        report.push(match error {
            // The types are right without their comments.
            TypesError::Wit { .. } => Problem::warning(error.to_string()).hint("its comments are left out"),
            TypesError::Component { .. } => Problem::error(error.to_string()).at(worker.place(), "imported from here"),
        });
    }
    let end_of_first = text.find('\n').map_or(0, |end| end + 1);
    text.insert_str(end_of_first, &named_wit(worker, &wit));
    Ok(Declarations { text, plugins: plugins.len() })
}

/// What begins the lines that keep what `--wit` named, for when the file is written anew.
const WIT_LINE: &str = "// --wit ";

fn named_wit(worker: &WorkerConfig, wit: &[PathBuf]) -> String {
    let shown = |path: &PathBuf| path.strip_prefix(&worker.root).unwrap_or(path).display().to_string();
    wit.iter().map(|path| format!("{WIT_LINE}{}\n", shown(path))).collect()
}

fn wit_named(text: &str) -> impl Iterator<Item = &str> {
    text.lines().skip(1).map_while(|line| line.strip_prefix(WIT_LINE))
}

fn env(worker: &WorkerConfig) -> Env {
    let mut entries = Vec::new();
    entries.extend(worker.vars.iter().map(|(name, value)| (name.clone(), Binding::Var(value.clone()))));
    entries.extend(worker.secrets.iter().map(|(name, _)| (name.clone(), Binding::Secret)));
    entries.extend(worker.kv_namespaces.iter().map(|kv| (kv.binding.clone(), Binding::KvNamespace)));
    entries.extend(worker.services.iter().map(|service| (service.binding.value.clone(), Binding::Service)));
    let assets = worker.assets.as_ref().and_then(|assets| assets.binding.as_ref());
    entries.extend(assets.map(|binding| (binding.value.clone(), Binding::Service)));
    entries.extend(worker.files.iter().map(|files| (files.binding.value.clone(), Binding::Files)));
    Env { entries }
}

/// The components that modules import by their paths. TypeScript has no names for files of other kinds than by their
/// ends, so that two that end alike would be one.
fn imported(worker: &WorkerConfig, bundle: Bundle, wit: &[PathBuf], report: &Report) -> Vec<PluginTypes> {
    let component = |specifier: &str| {
        let module = bundle.modules.iter().find(|module| module.specifier == specifier)?;
        (module.kind == ModuleKind::Component).then(|| module.source.clone())
    };
    let mut found: BTreeMap<String, (String, Bytes)> = BTreeMap::new();
    for (written, specifier) in bundle.modules.iter().flat_map(|module| &module.imports) {
        let Some(bytes) = component(specifier) else { continue };
        let name = ambient_name(written);
        match found.get(&name) {
            Some((first, _)) if first != specifier => {
                let message = format!("{name} stands for {first} and for {specifier}; the first one is declared");
                report.push(Problem::warning(message).hint("declare the other with [[plugins]], or rename it"));
            }
            Some(_) => {}
            None => drop(found.insert(name, (specifier.clone(), bytes))),
        }
    }
    let plugin = |(module, (specifier, component)): (String, (String, Bytes))| {
        let file = worker.root.join(specifier.trim_start_matches("file:///"));
        let wit = wit.iter().cloned().chain(wit_beside(&file)).collect();
        PluginTypes { module, component, wit, files: false }
    };
    found.into_iter().map(plugin).collect()
}

/// `*/lib/a.wasm` for `../lib/a.wasm`; what is no path stays as it is.
fn ambient_name(written: &str) -> String {
    let mut rest = written;
    while let Some(shorter) = rest.strip_prefix("./").or_else(|| rest.strip_prefix("../")) {
        rest = shorter;
    }
    if rest == written { written.to_owned() } else { format!("*/{rest}") }
}

/// Where a component's WIT text may lie.
fn wit_beside(component: &Path) -> Option<PathBuf> {
    let candidates = [component.with_extension("wit"), component.with_file_name("wit")];
    candidates.into_iter().find(|path| path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_named_is_named_again() {
        let text = format!("{MARK} and so on\n{WIT_LINE}wit/a b.wit\n{WIT_LINE}/x\n\n{WIT_LINE}too late\n");
        assert_eq!(wit_named(&text).collect::<Vec<_>>(), ["wit/a b.wit", "/x"]);
    }

    #[test]
    fn ambient_modules_are_named_by_their_end() {
        for (written, name) in [
            ("./a.wasm", "*/a.wasm"),
            ("../lib/a.wasm", "*/lib/a.wasm"),
            ("./../a.wasm", "*/a.wasm"),
            ("#alias", "#alias"),
        ] {
            assert_eq!(ambient_name(written), name);
        }
    }
}
