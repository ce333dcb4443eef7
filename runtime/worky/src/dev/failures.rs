//! What a request's failure looks like to whoever wrote the worker: the line it comes from, and what to do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::RwLock;
use worky_engine::{GuestError, GuestFrame};
use worky_server::{Developer, Failure, SourceFile};

use crate::config::{Problem, Report, Span, WorkerConfig};
use crate::logging::{FAILURE, plain};
use crate::terminal::Color;

/// A file that is larger is no source that somebody reads.
const SOURCE_BYTES_MAX: u64 = 4 << 20;
/// Places of the stack that are shown below the first one.
const FRAMES_MAX: usize = 8;

/// Tells of failures in the terminal, and knows where workers' files are. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Failures(Arc<Shared>);

struct Shared {
    color: Color,
    /// By the worker's name.
    workers: RwLock<BTreeMap<String, Place>>,
}

/// Where a worker is.
struct Place {
    root: PathBuf,
    /// Its worky.toml as reports call it: files are named as that is.
    config: PathBuf,
    /// Its files are in a bundle.
    is_packed: bool,
}

impl Failures {
    pub(crate) fn new(color: Color, workers: &[WorkerConfig]) -> Self {
        let failures = Failures(Arc::new(Shared { color, workers: RwLock::default() }));
        failures.set_workers(workers);
        failures
    }

    /// The workers that there are from now on.
    pub(crate) fn set_workers(&self, workers: &[WorkerConfig]) {
        let place = |worker: &WorkerConfig| Place {
            root: worker.root.clone(),
            config: PathBuf::from(worker.place().source.name()),
            is_packed: worker.packed.is_some(),
        };
        *self.0.workers.write() = workers.iter().map(|worker| (worker.name.value.clone(), place(worker))).collect();
    }

    /// What is wrong, with its line and its hint, over some lines of text.
    fn rendered(&self, failure: &Failure<'_>) -> String {
        let mut problem = Problem::error(plain(&failure.message));
        let frames = failure.guest.map_or(&[][..], |guest| &guest.frames);
        if let Some(guest) = failure.guest
            && let Some(frame) = frames.first()
        {
            let name = self.name_of(failure.worker, &frame.file);
            problem = match span(guest, frame, &name) {
                Some(span) => problem.at(&span, ""),
                None => problem.in_file(format!("{name}:{}:{}", frame.line, frame.column)),
            };
        }
        if let Some(hint) = &failure.hint {
            problem = problem.hint(plain(hint));
        }
        let report = Report::default();
        report.push(problem);
        let mut text = report.render(self.0.color).trim_end().to_owned();
        for frame in frames.iter().skip(1).take(FRAMES_MAX) {
            let function = plain(frame.function.as_deref().unwrap_or("(anonymous)"));
            let name = self.name_of(failure.worker, &frame.file);
            text += &format!("\n   at {function} ({name}:{}:{})", frame.line, frame.column);
        }
        if let Some(more) = frames.len().checked_sub(FRAMES_MAX + 1).filter(|more| *more > 0) {
            text += &format!("\n   and {more} more");
        }
        text
    }

    /// A worker's file as its worky.toml is named: many workers have a src/index.ts.
    fn name_of(&self, worker: Option<&str>, file: &str) -> String {
        let workers = self.0.workers.read();
        let place = worker.and_then(|worker| workers.get(worker));
        let name = place.map_or_else(|| PathBuf::from(file), |place| place.config.with_file_name(file));
        plain(&name.display().to_string())
    }
}

impl Developer for Failures {
    fn source(&self, worker: &str, file: &str) -> Option<SourceFile> {
        let workers = self.0.workers.read();
        let Place { root, is_packed: false, .. } = workers.get(worker)? else { return None };
        let path = root.join(file).canonicalize().ok()?;
        // Of what a worker says of itself only files of the project are shown.
        let is_source = path.starts_with(root.canonicalize().ok()?) || is_installed(&path);
        let bytes = std::fs::metadata(&path).ok()?.len();
        if !is_source || bytes > SOURCE_BYTES_MAX {
            return None;
        }
        let text = std::fs::read_to_string(&path).ok()?;
        Some(SourceFile { path, text })
    }

    fn failed(&self, failure: &Failure<'_>) {
        let Failure { worker, request_id, code, message, hint, guest } = failure;
        let frame = guest.and_then(|guest| guest.frames.first());
        tracing::error!(
            target: FAILURE,
            worker,
            request_id,
            code,
            message,
            file = frame.map(|frame| frame.file.as_str()),
            line = frame.map(|frame| frame.line),
            column = frame.map(|frame| frame.column),
            hint = hint.as_deref(),
            stack = guest.and_then(|guest| guest.stack.as_deref()),
            text = self.rendered(failure),
        );
    }
}

/// The line of the error as it was when the worker was built, in its place.
fn span(guest: &GuestError, frame: &GuestFrame, name: &str) -> Option<Span> {
    Some(Span::of_line(name, plain(guest.line.as_deref()?), frame.line as usize, frame.column as usize))
}

fn is_installed(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "node_modules")
}
