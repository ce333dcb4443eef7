//! `[assets]`: files that are served beside a worker, or without one.

use std::path::{Path, PathBuf};

use worky_host::assets::{AssetsSettings, HtmlHandling, NotFoundHandling, WorkerFirst};

use super::files::{overlap, real, without_dots};
use super::reader::Reader;
use super::report::{Problem, Report};
use super::server::ProcessConfig;
use super::source::{At, Span};
use super::tree::Value;
use super::worker::WorkerConfig;

/// As many paths as `run_worker_first` may have, and how long each may be.
const PATHS_MAX: usize = 100;
const PATH_BYTES_MAX: usize = 100;

/// `[assets]`
#[derive(Debug, Clone)]
pub(crate) struct AssetsConfig {
    /// As it was written; in a bundle where the files are in it.
    pub(crate) directory: At<String>,
    /// Where they are on the disk.
    pub(crate) path: PathBuf,
    /// The name in `env`.
    pub(crate) binding: Option<At<String>>,
    pub(crate) settings: AssetsSettings,
    /// Where `run_worker_first` stands, if it does.
    worker_first: Option<Span>,
}

pub(crate) fn read(reader: &mut Reader<'_>) -> Option<AssetsConfig> {
    let table = reader.table("assets")?;
    let mut inner = Reader::new(table, reader.path("assets"), reader.report());
    let (directory, binding) = (inner.string("directory"), inner.string("binding"));
    let html_handling = inner.choice(
        "html_handling",
        &[
            ("auto-trailing-slash", HtmlHandling::AutoTrailingSlash),
            ("force-trailing-slash", HtmlHandling::ForceTrailingSlash),
            ("drop-trailing-slash", HtmlHandling::DropTrailingSlash),
            ("none", HtmlHandling::None),
        ],
    );
    let not_found_handling = inner.choice(
        "not_found_handling",
        &[
            ("none", NotFoundHandling::None),
            ("404-page", NotFoundHandling::Page404),
            ("single-page-application", NotFoundHandling::SinglePageApplication),
        ],
    );
    let worker_first = inner.value("run_worker_first").map(|node| node.span.clone());
    let first = worker_first_of(&mut inner);
    inner.settle(&["experimental_serve_directly"], |path| {
        Problem::error(format!("`{path}` is not supported")).hint("`run_worker_first = true` has the worker run first")
    });
    if table.find("directory").is_none() {
        inner.missing("directory", "`directory` is where the files are, relative to that of worky.toml");
    }
    inner.finish();
    let directory = directory?;
    Some(AssetsConfig {
        path: without_dots(&directory.span.resolve(&directory.value)),
        directory,
        binding,
        settings: AssetsSettings {
            html_handling: html_handling.unwrap_or_default(),
            not_found_handling: not_found_handling.unwrap_or_default(),
            worker_first: first,
        },
        worker_first,
    })
}

fn worker_first_of(reader: &mut Reader<'_>) -> WorkerFirst {
    let key = "run_worker_first";
    let Some(node) = reader.value(key) else { return WorkerFirst::Never };
    match &node.value {
        Value::Boolean(true) => return WorkerFirst::Always,
        Value::Boolean(false) => return WorkerFirst::Never,
        Value::Array(_) => {}
        other => {
            let message =
                format!("`{}` must be `true`, `false` or an array of paths, not {}", reader.path(key), other.kind());
            reader.report().push(Problem::error(message).at(&node.span, ""));
            return WorkerFirst::Never;
        }
    }
    let paths = reader.strings(key).unwrap_or_default();
    let errors = reader.report().errors();
    for path in &paths {
        let problem =
            |message: String, label: &str| reader.report().push(Problem::error(message).at(&path.span, label));
        if path.value.len() > PATH_BYTES_MAX {
            let length = path.value.len();
            problem(format!("`assets.{key}` has a path of {length} bytes, and may have {PATH_BYTES_MAX}"), "");
        } else if !path.value.starts_with('/') && !path.value.starts_with("!/") {
            let label = "must begin with `/`, or with `!/` for what the worker does not get";
            problem(format!("`assets.{key}` has \"{}\"", path.value), label);
        }
    }
    if paths.len() > PATHS_MAX {
        let message = format!("`assets.{key}` has {} paths, and may have {PATHS_MAX}", paths.len());
        reader.report().push(Problem::error(message).at(&node.span, ""));
    }
    if paths.iter().all(|path| path.value.starts_with('!')) {
        let problem = Problem::error(format!("`assets.{key}` names no path that the worker gets")).at(&node.span, "");
        reader.report().push(problem.hint("name one without `!`, such as \"/api/*\", or leave the key out"));
    }
    if reader.report().errors() > errors {
        // What was refused is not compiled: it may be too large for that.
        return WorkerFirst::Never;
    }
    WorkerFirst::of_paths(paths.iter().map(|path| path.value.as_str()))
}

/// What only means something to a worker with a module.
pub(crate) fn check_without_main(assets: &AssetsConfig, report: &Report) {
    let hint = "name the module in `main`, or leave this out: files alone are served as they are";
    if let Some(binding) = &assets.binding {
        let message = "`assets.binding` is for a worker, and there is no `main`";
        report.push(Problem::error(message).at(&binding.span, "").hint(hint));
    }
    if let Some(span) = &assets.worker_first {
        let message = "`assets.run_worker_first` is for a worker, and there is no `main`";
        report.push(Problem::error(message).at(span, "").hint(hint));
    }
}

/// Checks what can be said of one worker alone.
pub(crate) fn check_there(assets: &AssetsConfig, report: &Report) {
    let problem = |message: String| Problem::error(message).at(&assets.directory.span, "");
    match assets.path.metadata() {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => report.push(problem(format!("`assets.directory` is not a directory: {}", assets.path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => report.push(
            problem(format!("`assets.directory` does not exist: {}", assets.path.display()))
                .hint("if a build makes it, run that first; paths are relative to the directory of worky.toml"),
        ),
        Err(error) => {
            report.push(problem(format!("`assets.directory` cannot be looked at: {}: {error}", assets.path.display())));
        }
    }
}

/// Checks that nobody is handed what is not for everybody. Needs all workers to have been read.
pub(crate) fn check_places(workers: &[WorkerConfig], process: &ProcessConfig, report: &Report) {
    for worker in workers.iter().filter(|worker| worker.packed.is_none()) {
        let Some(assets) = &worker.assets else { continue };
        let place = real(&assets.path);
        let problem = |what: String| {
            let message = format!("`{}` would hand out {what}", assets.directory.value);
            Problem::error(message).at(&assets.directory.span, "")
        };
        let of = |dir: &Path| overlap(&place, &real(dir));
        if let Some(worker) = workers.iter().find(|worker| real(&worker.root).starts_with(&place)) {
            let name = &worker.name.value;
            let hint =
                "name a directory beneath it, with nothing in it but what everybody may read: directory = \"./public\"";
            report.push(problem(format!("the configuration of the worker `{name}`")).hint(hint));
        } else if of(&process.storage.path) {
            let hint = "serve another directory, or keep worky's own elsewhere: `path` in `[storage]`";
            report.push(problem(format!("the data of all workers: {}", process.storage.path.display())).hint(hint));
        } else if let Some(secrets) = process.credentials_dir.as_deref().filter(|dir| of(dir)) {
            let hint = "keep `server.credentials_dir` and what is served apart";
            report.push(problem(format!("the secrets in {}", secrets.display())).hint(hint));
        }
    }
}
