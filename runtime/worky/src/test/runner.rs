//! What all test files of one run share: the workers, built once, and the engines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use worky_bundle::{Bundle, CompileCache, Project};
use worky_dispatch::Engines;

use super::console::Stacks;
use super::file::run_file;
use super::files::{self, FilesError};
use super::outcome::FileOutcome;
use crate::compile::{Inputs, build, bundle, is_component, project};
use crate::config::{Problem, WorkerConfig};
use crate::grants::Grants;
use crate::terminal::Color;

/// The module that tests import.
const TEST_MODULE: &str = "worky:test";

/// How tests are to be run.
#[derive(Debug, Clone)]
pub(crate) struct RunOptions {
    /// Files, directories, or parts of paths.
    pub(crate) names: Vec<String>,
    /// A part of a test's full name.
    pub(crate) filter: Option<String>,
    /// Files at the same time.
    pub(crate) jobs: usize,
    /// Of one test or hook that says nothing else.
    pub(crate) timeout: Duration,
    /// Failures after which nothing more begins.
    pub(crate) bail: Option<u32>,
    /// The directory for what is to be known of lines that ran.
    pub(crate) coverage: Option<PathBuf>,
}

pub(super) struct Runner {
    pub(super) options: RunOptions,
    pub(super) engines: Engines,
    pub(super) grants: Grants,
    pub(super) stacks: Arc<Stacks>,
    workers: Vec<(WorkerConfig, Built)>,
    cache: Arc<CompileCache>,
    failures: AtomicU32,
}

/// A worker's code, before it is linked with what it is granted.
pub(super) enum Built {
    Modules(Bundle),
    Component,
}

/// A file with tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TestFile {
    /// The place of the worker under test.
    worker: usize,
    /// From its directory.
    path: String,
    /// From where worky was called, or its whole path.
    pub(super) shown: String,
}

/// What there is to be run.
#[derive(Default)]
pub(super) struct FoundFiles {
    pub(super) files: Vec<TestFile>,
    /// Where a new one would be noticed.
    pub(super) directories: BTreeSet<PathBuf>,
}

impl Runner {
    /// Builds every worker. What they are made of goes to `inputs`, by name.
    pub(super) fn new(
        options: RunOptions,
        engines: Engines,
        grants: Grants,
        stacks: Arc<Stacks>,
        workers: Vec<WorkerConfig>,
        cache: Arc<CompileCache>,
        inputs: &mut BTreeMap<String, BTreeSet<PathBuf>>,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut built = Vec::with_capacity(workers.len());
        for worker in workers {
            let read = Inputs::cached(Some(cache.clone()));
            read.extend_declared(&worker);
            let result =
                if is_component(&worker) { Ok(Built::Component) } else { bundle(&worker, &read).map(Built::Modules) };
            inputs.insert(worker.name.value.clone(), read.into_paths());
            match result {
                Ok(code) => built.push((worker, code)),
                Err(more) => problems.extend(more),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Runner { options, engines, grants, stacks, workers: built, cache, failures: AtomicU32::new(0) })
    }

    /// The directories of workers, by name.
    pub(super) fn roots(&self) -> BTreeMap<String, PathBuf> {
        self.workers.iter().map(|(worker, _)| (worker.name.value.clone(), worker.root.clone())).collect()
    }

    /// Where a test file is.
    pub(super) fn path(&self, file: &TestFile) -> PathBuf {
        self.worker(file).root.join(&file.path)
    }

    /// The test files that are asked for.
    pub(super) fn find(&self, working_dir: &Path) -> Result<FoundFiles, FilesError> {
        let mut found = FoundFiles::default();
        let mut nothing = None;
        for (index, (worker, _)) in self.workers.iter().enumerate() {
            let here = match files::find(&worker.root, &self.options.names, working_dir) {
                Ok(here) => here,
                Err(error @ (FilesError::Nothing { .. } | FilesError::Outside { .. })) => {
                    nothing = Some(error);
                    continue;
                }
                Err(error) => return Err(error),
            };
            found.directories.extend(here.directories);
            // A worker in a directory of another one's has its own.
            let own = |path: &String| self.innermost(&worker.root.join(path)) == index;
            found.files.extend(here.files.into_iter().filter(own).map(|path| {
                let whole = worker.root.join(&path);
                let shown = whole.strip_prefix(working_dir).unwrap_or(&whole).display().to_string();
                TestFile { worker: index, path, shown }
            }));
        }
        match nothing {
            Some(error) if found.files.is_empty() => Err(error),
            _ => Ok(found),
        }
    }

    /// The worker in whose directory a file is.
    fn innermost(&self, path: &Path) -> usize {
        let within = self.workers.iter().enumerate().filter(|(_, (worker, _))| path.starts_with(&worker.root));
        within.max_by_key(|(_, (worker, _))| worker.root.components().count()).map_or(0, |(index, _)| index)
    }

    /// Runs files, several at a time; `tell` gets each of them in their order.
    pub(super) async fn run(
        self: &Arc<Self>,
        files: &[TestFile],
        color: Color,
        mut tell: impl FnMut(&FileOutcome),
    ) -> Vec<FileOutcome> {
        self.failures.store(0, Ordering::Relaxed);
        let running = files.iter().cloned().map(|file| {
            let runner = self.clone();
            async move { tokio::spawn(async move { run_file(&runner, &file, color).await }).await }
        });
        let mut running = stream::iter(running).buffered(self.options.jobs);
        let mut outcomes = Vec::with_capacity(files.len());
        while let Some(outcome) = running.next().await {
            let outcome = outcome.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()));
            tell(&outcome);
            outcomes.push(outcome);
        }
        outcomes
    }

    pub(super) fn worker(&self, file: &TestFile) -> &WorkerConfig {
        &self.workers[file.worker].0
    }

    /// A worker, those that it calls, and so on.
    pub(super) fn needed_by<'a>(&'a self, worker: &'a WorkerConfig) -> impl Iterator<Item = &'a (WorkerConfig, Built)> {
        let mut names = BTreeSet::from([worker.name.value.as_str()]);
        let mut open = vec![worker];
        while let Some(worker) = open.pop() {
            for service in &worker.services {
                let called =
                    self.workers.iter().map(|(worker, _)| worker).find(|w| w.name.value == service.service.value);
                if let Some(called) = called.filter(|called| names.insert(&called.name.value)) {
                    open.push(called);
                }
            }
        }
        self.workers.iter().filter(move |(worker, _)| names.contains(worker.name.value.as_str()))
    }

    /// The workers that these call and that are not part of the project.
    pub(super) fn missing_services(&self, worker: &WorkerConfig) -> BTreeSet<Arc<str>> {
        let called = self.needed_by(worker).flat_map(|(worker, _)| &worker.services);
        let is_there = |name: &str| self.workers.iter().any(|(worker, _)| worker.name.value == name);
        called.map(|service| service.service.value.as_str()).filter(|name| !is_there(name)).map(Arc::from).collect()
    }

    /// A test file's graph, and what it is made of.
    pub(super) fn build_file(&self, file: &TestFile) -> (Result<Bundle, Vec<Problem>>, BTreeSet<PathBuf>) {
        let worker = self.worker(file);
        let mut project = Project { main: file.path.clone(), cache: Some(self.cache.clone()), ..project(worker) };
        project.builtins.push(TEST_MODULE.to_owned());
        project.define.insert("process.env.NODE_ENV".to_owned(), "\"test\"".to_owned());
        let inputs = Inputs::default();
        let built = build(worker, &project, &inputs);
        (built, inputs.into_paths())
    }

    pub(super) fn count_failure(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// As many tests have failed as may.
    pub(super) fn has_bailed(&self) -> bool {
        self.options.bail.is_some_and(|max| self.failures.load(Ordering::Relaxed) >= max)
    }
}
