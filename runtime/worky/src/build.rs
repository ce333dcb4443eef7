//! `worky build`: a project to a bundle.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use worky_bundle::archive::{Archive, ArchiveError, Contents, EXTENSION, Form, Kind, metafile, module_path};
use worky_bundle::{Bundle, Packing};
use worky_host::assets::AssetsLimits;

use crate::command::{Exit, count, give_up, print_report};
use crate::compile::{self, Inputs, is_component};
use crate::config::{self, Problem, Report, Request, WorkerConfig};
use crate::plugins;
use crate::terminal::Color;

/// How a bundle is built, and where it goes.
#[derive(Debug)]
pub(crate) struct Options {
    /// Where to; a name of its own in the working directory where nothing is said.
    pub(crate) output: Option<PathBuf>,
    pub(crate) form: Option<Form>,
    pub(crate) minify: bool,
    pub(crate) define: Vec<(String, String)>,
    /// Whether a metafile is written, and where if that is said.
    pub(crate) metafile: Option<Option<PathBuf>>,
}

pub(crate) fn run(request: &Request, report: &Report, options: &Options, color: Color) -> Exit {
    let began = Instant::now();
    let workers = config::load(request, report).map(|config| config.workers).unwrap_or_default();
    if report.errors() == 0 && workers.len() != 1 {
        let message = format!("there are {}, and a bundle holds one", count(workers.len(), "worker"));
        report.push(Problem::error(message).hint("name the directory of the worker"));
    }
    if let Some(worker) = workers.first().filter(|worker| worker.packed.is_some()) {
        report.push(Problem::error("this is a bundle already").at(&worker.name.span, ""));
    }
    let [worker] = &workers[..] else { return give_up(report, color) };
    if report.errors() > 0 {
        return give_up(report, color);
    }
    let built = build(worker, request.environment.as_deref(), options, report).and_then(|archive| {
        let written = write(worker, &archive, &request.working_dir, options)
            .map_err(|error| vec![Problem::error(error.to_string())])?;
        Ok((archive, written))
    });
    let told = match built {
        Ok((archive, written)) => Some(summary(&archive, &written, &request.working_dir, began)),
        Err(problems) => {
            problems.into_iter().for_each(|problem| report.push(problem));
            None
        }
    };
    print_report(report, color);
    let Some(told) = told else {
        eprintln!("error: {}; no bundle was written", count(report.errors(), "error"));
        return Exit::Failure;
    };
    // Where standard output is gone the exit code still tells.
    let _gone = std::io::stdout().lock().write_all(told.as_bytes());
    Exit::Success
}

fn build(
    worker: &WorkerConfig,
    environment: Option<&str>,
    options: &Options,
    report: &Report,
) -> Result<Archive, Vec<Problem>> {
    let unreadable: Vec<Problem> = options.define.iter().filter_map(not_an_expression).collect();
    if !unreadable.is_empty() {
        return Err(unreadable);
    }
    let bundle = if let Some(main) = worker.main.as_ref().filter(|_| is_component(worker)) {
        let component = compile::component(worker, main).and_then(|component| {
            plugins::check(&component, &main.value)?;
            Ok(Bundle::component(&main.value, component))
        });
        component.map_err(|problem| vec![problem.at(&main.span, "")])
    } else if worker.main.is_none() {
        Ok(Bundle::empty())
    } else {
        let mut project = compile::project(worker);
        project.packing = Packing::Always;
        project.minify = options.minify;
        project.define.extend(options.define.iter().cloned());
        compile::build(worker, &project, &Inputs::default())
    };
    let mut components = BTreeMap::new();
    let mut problems = Vec::new();
    for plugin in &worker.plugins {
        match plugins::read(plugin) {
            Ok(component) => drop(components.insert(plugin.name.clone(), component)),
            Err(problem) => problems.push(problem.at(&plugin.span, "")),
        }
    }
    let assets = worker.assets.as_ref().map(|assets| {
        let found = worky_host::assets::collect(&assets.path, &AssetsLimits::default());
        found.map_err(|error| Problem::error(error.to_string()).at(&assets.directory.span, ""))
    });
    let assets = assets.transpose().unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let bundle = match bundle {
        Ok(bundle) if problems.is_empty() => bundle,
        Ok(_) => return Err(problems),
        Err(more) => return Err(more.into_iter().chain(problems).collect()),
    };
    let main = worker.main.is_some().then(|| module_path(&bundle.entry));
    let (text, declaration) = config::pack(&worker.name.span.source, environment, main.as_deref());
    let assets = assets.unwrap_or_default();
    let contents = Contents { declaration, worker: text, bundle, assets, plugins: components };
    let archive = Archive::new(contents)
        .map_err(|error| vec![Problem::error(format!("this cannot be a bundle: {error}")).at(worker.place(), "")])?;
    if archive.manifest().handlers.as_ref().is_some_and(Vec::is_empty) {
        let problem = Problem::warning("the worker handles nothing").at(worker.place(), "");
        report.push(problem.hint("export default { fetch(request, env, ctx) { … } }"));
    }
    Ok(archive)
}

/// What is wrong with a `--define`. The packer would tell of a place in no file.
fn not_an_expression((name, value): &(String, String)) -> Option<Problem> {
    let message = worky_bundle::check_expression(value).err()?;
    let problem = Problem::error(format!("--define {name}={value}: this is not an expression: {message}"));
    Some(problem.hint(format!("a text needs quotes of its own: --define '{name}=\"{value}\"'")))
}

fn write(
    worker: &WorkerConfig,
    archive: &Archive,
    working_dir: &Path,
    options: &Options,
) -> Result<PathBuf, ArchiveError> {
    let own_name = || PathBuf::from(format!("{}.{EXTENSION}", worker.name.value));
    let output = options.output.clone().unwrap_or_else(own_name);
    let written_so = output.as_os_str().as_encoded_bytes().ends_with(b"/");
    let path: PathBuf = working_dir.join(&output).components().collect();
    let as_directory = written_so || path.is_dir();
    let form = options.form.unwrap_or(if as_directory { Form::Directory } else { Form::File });
    archive.write(&path, form)?;
    if let Some(at) = &options.metafile {
        let at = at.as_ref().map_or_else(|| path.with_extension("meta.json"), |at| working_dir.join(at));
        let failed = |source| ArchiveError::Write { path: at.display().to_string(), source };
        std::fs::write(&at, metafile(archive)).map_err(failed)?;
    }
    Ok(path)
}

/// What was built, for who started it.
fn summary(archive: &Archive, written: &Path, working_dir: &Path, began: Instant) -> String {
    let manifest = archive.manifest();
    let shown = written.strip_prefix(working_dir).unwrap_or(written).display();
    let handlers = match &manifest.handlers {
        Some(handlers) if handlers.is_empty() => "none".to_owned(),
        Some(handlers) => handlers.join(", "),
        None => "known once it runs".to_owned(),
    };
    // Of a directory what its files have, which is what is carried.
    let bytes = match std::fs::metadata(written) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        _ => manifest.files.iter().map(|file| file.bytes).sum(),
    };
    let handlers = if manifest.kind == Kind::Assets { String::new() } else { format!("; handlers: {handlers}") };
    let assets = archive.assets().len();
    let assets = if assets == 0 { String::new() } else { format!(" and {}", count(assets, "asset")) };
    format!(
        "{shown} has {}, version {}: {}{assets}, {bytes} bytes{handlers}; built in {} ms\n",
        manifest.worker.name,
        &manifest.version[..12],
        count(manifest.modules.len(), "module"),
        began.elapsed().as_millis(),
    )
}
