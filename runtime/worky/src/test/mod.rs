//! `worky test`: a project's tests, run in the runtime that will run its worker.
//!
//! A test file becomes a worker of its own: its module graph, around it worky's modules of `guest/` (`worky:test` and
//! what runs tests), under the bindings of the worker under test. Each file has a dispatcher with that worker, the worker
//! under test and those that it calls, over storage in memory. The host asks the isolate step by step, one request each,
//! so that limits, deadlines and the log hold for one test as they do for one request.
//!
//! In reading order: `runner` (one run of many files), `file` (one file, step by step), `plan` (which tests, in which
//! order), `world` (what a file runs in), `protocol` (with `guest/run.js`), `network`, `console`; then `failure`,
//! `coverage` and `report` (how it is told), `files` (which files have tests), `watch`.

mod console;
mod coverage;
mod failure;
mod file;
mod files;
mod network;
mod outcome;
mod plan;
mod protocol;
mod report;
mod runner;
mod watch;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use worky_bundle::CompileCache;
use worky_dispatch::Engines;
use worky_host::metrics::Metrics;
use worky_js::{JsConfig, JsEngine};
use worky_storage::MemoryStorage;
use worky_wasm::{WasmConfig, WasmEngine};

use crate::command::{Exit, Voice, count, give_up, print_report};
use crate::config::{self, Config, Problem, Report, Request};
use crate::grants::{Grants, Stores};
use crate::terminal::{stderr_color, stdout_color};
use console::{ReadStacks, Stacks};
use coverage::Collector;
use outcome::Counts;
pub(crate) use report::Reporter;
pub(crate) use runner::RunOptions;
use runner::{FoundFiles, Runner};

/// What the command line asks for.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) run: RunOptions,
    pub(crate) reporter: Reporter,
    /// The report's file; standard output gets the usual one beside it.
    pub(crate) output: Option<PathBuf>,
    /// Run again what a change concerns.
    pub(crate) watch: bool,
}

pub(crate) fn run(request: &Request, report: Report, options: Options) -> Exit {
    let color = stderr_color();
    let config = match config::load(request, &report) {
        Some(config) if report.errors() == 0 => config,
        _ => return give_up(&report, color),
    };
    print_report(&report, color);
    let metrics = Metrics::default();
    let stacks = Arc::<Stacks>::default();
    let also = Box::new(ReadStacks(stacks.clone()));
    let _logging = match crate::logging::init_with(&config.process.log, color, Voice::Lines, metrics.clone(), also) {
        Ok(logging) => logging,
        Err(error) => {
            eprintln!("error: the thread that writes the log cannot be started: {error}");
            return Exit::Failure;
        }
    };
    let threads = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(threads) => threads,
        Err(error) => {
            eprintln!("error: no runtime can be started: {error}");
            return Exit::Failure;
        }
    };
    let exit = threads.block_on(async {
        let session = Session::new(&config, metrics, stacks, options);
        if session.options.watch {
            watch::watch(session, config, request).await
        } else {
            session.once(config, request).await.0
        }
    });
    // Isolates that are stopped are not waited for.
    threads.shutdown_background();
    exit
}

/// What stays from one run to the next.
struct Session {
    options: Options,
    engines: Engines,
    grants: Grants,
    stacks: Arc<Stacks>,
    coverage: Option<Arc<Collector>>,
    cache: Arc<CompileCache>,
}

/// What one run was made of, for who waits until it changes.
#[derive(Default)]
struct Ran {
    /// Of all workers.
    workers: BTreeSet<PathBuf>,
    /// Of each test file, as it is shown.
    files: BTreeMap<String, BTreeSet<PathBuf>>,
    /// Where test files may appear.
    directories: BTreeSet<PathBuf>,
}

impl Session {
    fn new(config: &Config, metrics: Metrics, stacks: Arc<Stacks>, options: Options) -> Self {
        let wasm = Arc::new(WasmEngine::new(WasmConfig { cache: None }, metrics.clone()));
        let js = JsConfig { code_cache: None, ..config.process.js.clone() };
        let js = JsEngine::new(js, metrics.clone(), wasm.clone());
        let coverage = options.run.coverage.as_ref().map(|_| Collector::new());
        let js = Arc::new(match coverage.clone() {
            Some(collector) => js.with_coverage(collector),
            None => js,
        });
        let grants = Grants::new(Stores::Memory(Arc::new(MemoryStorage::default())), metrics);
        Session { options, engines: Engines { js, wasm }, grants, stacks, coverage, cache: Arc::default() }
    }

    /// Runs everything that is asked for, and reports it.
    async fn once(&self, config: Config, request: &Request) -> (Exit, Ran) {
        self.some(config, request, |_| true).await
    }

    /// Runs the files of which `wanted` is true, by the name that they are shown with.
    async fn some(&self, config: Config, request: &Request, wanted: impl Fn(&str) -> bool) -> (Exit, Ran) {
        let color = stderr_color();
        let mut ran = Ran::default();
        if let Some(problem) = config.workers.iter().find(|worker| worker.packed.is_some()).map(|worker| {
            let problem = Problem::error(format!("{} is a bundle: tests need its project", worker.name.value));
            problem.hint("name the worky.toml of the project: worky test --config DIR/worky.toml")
        }) {
            let report = Report::default();
            report.push(problem);
            return (give_up(&report, color), ran);
        }
        let mut inputs = BTreeMap::new();
        let runner = tokio::task::block_in_place(|| {
            let (engines, grants, stacks) = (self.engines.clone(), self.grants.clone(), self.stacks.clone());
            Runner::new(
                self.options.run.clone(),
                engines,
                grants,
                stacks,
                config.workers,
                self.cache.clone(),
                &mut inputs,
            )
        });
        ran.workers = inputs.into_values().flatten().collect();
        let runner = match runner {
            Ok(runner) => Arc::new(runner),
            Err(problems) => {
                let report = Report::default();
                problems.into_iter().for_each(|problem| report.push(problem));
                print_report(&report, color);
                eprintln!("error: the worker under test cannot be built");
                return (Exit::Failure, ran);
            }
        };
        let FoundFiles { mut files, directories } = match runner.find(&request.working_dir) {
            Ok(found) => found,
            Err(error) => {
                eprintln!("error: {error}");
                return (Exit::BadConfig, ran);
            }
        };
        ran.directories = directories;
        if files.is_empty() {
            eprintln!(
                "error: there are no tests: no file is named *.test.ts or *.spec.ts (or .tsx, .js, .jsx, .mts, .mjs)"
            );
            return (Exit::BadConfig, ran);
        }
        let tests: BTreeSet<PathBuf> = files.iter().map(|file| runner.path(file)).collect();
        files.retain(|file| wanted(&file.shown));
        if let Some(collector) = &self.coverage {
            collector.begin(runner.roots());
        }
        let color = stdout_color();
        let spec = report::Spec::new(self.options.run.filter.is_some(), color, self.options.prints_spec());
        let begun = std::time::Instant::now();
        let outcomes = runner.run(&files, color, |outcome| spec.tell(outcome)).await;
        for outcome in &outcomes {
            ran.files.insert(outcome.file.clone(), outcome.inputs.clone());
        }
        let took = begun.elapsed();
        let covered = self.coverage.as_ref().map(|collector| collector.take(&tests));
        let ended = report::Ended { files: &outcomes, took, covered: covered.as_ref(), root: &request.working_dir };
        (self.conclude(&ended, spec), ran)
    }

    /// The rest of the report, and the exit code.
    fn conclude(&self, ended: &report::Ended<'_>, spec: report::Spec) -> Exit {
        let counts = Counts::of(ended.files);
        if let Err(error) = report::write(&self.options, ended, spec) {
            eprintln!("error: the report cannot be written: {error}");
            return Exit::Failure;
        }
        if counts.is_empty() {
            match &self.options.run.filter {
                Some(filter) => eprintln!("error: no test has \"{filter}\" in its name"),
                None => eprintln!("error: there are no tests in {}", count(ended.files.len(), "file")),
            }
            return Exit::BadConfig;
        }
        if counts.failed > 0 { Exit::Failure } else { Exit::Success }
    }
}

impl Options {
    /// Whether people read standard output, and not programs.
    fn prints_spec(&self) -> bool {
        self.reporter == Reporter::Spec || self.output.is_some()
    }
}
