//! One test file, from its sources to what became of its tests.

use std::time::{Duration, Instant};

use super::console::Line;
use super::failure::Failure;
use super::outcome::{FileOutcome, Status, TestOutcome};
use super::plan::{Planned, Suite, longest_ms, plan};
use super::protocol::{Answer, AnswerStatus, Node, Step};
use super::runner::{Runner, TestFile};
use super::world::{Broken, Said, World};
use crate::config::{Problem, Report, WorkerConfig};
use crate::grants::Written;
use crate::terminal::Color;

/// What hooks that failed are called, after their suite.
const BEFORE_ALL: &str = "beforeAll";
const AFTER_ALL: &str = "afterAll";
/// Said where even a fresh isolate has not begun the suites.
const STALE: &str = "its isolate ended before it began: all isolates take too much memory, or there are too many";

/// Runs all tests of a file that are asked for.
pub(super) async fn run_file(runner: &Runner, file: &TestFile, color: Color) -> FileOutcome {
    let begun = Instant::now();
    let (module, inputs) = tokio::task::block_in_place(|| runner.build_file(file));
    let worker = runner.worker(file);
    let mut run = FileRun { runner, worker, tests: Vec::new(), levels: Vec::new(), failing: None };
    let mut console = Vec::new();
    let broken = match module {
        Ok(module) => match World::start(runner, worker, module, runner.options.timeout).await {
            Ok(mut world) => {
                let result = run.all(&mut world).await;
                console = world.said();
                world.end(runner).await;
                result.err()
            }
            Err(problems) => Some(problems),
        },
        Err(problems) => Some(problems),
    };
    let broken = broken.map(|problems| shown(problems, color));
    let FileRun { tests, .. } = run;
    FileOutcome {
        file: file.shown.clone(),
        root: worker.root.clone(),
        tests,
        broken,
        console,
        took: begun.elapsed(),
        inputs,
    }
}

fn shown(problems: Vec<Problem>, color: Color) -> String {
    let report = Report::default();
    problems.into_iter().for_each(|problem| report.push(problem));
    report.render(color)
}

struct FileRun<'a> {
    runner: &'a Runner,
    /// Under test.
    worker: &'a WorkerConfig,
    tests: Vec<TestOutcome>,
    /// The suites that have begun, outermost first.
    levels: Vec<Level>,
    /// The suite whose `beforeAll` failed: nothing in it runs.
    failing: Option<u32>,
}

struct Level {
    suite: Suite,
    /// What there was before anything of the suite ran.
    before: Written,
}

/// What a step came to.
struct Done {
    status: Status,
    console: Vec<Line>,
    took: Duration,
    /// The isolate is not to be used again.
    is_spent: bool,
    /// The isolate is not the one that suites have begun in.
    is_stale: bool,
}

impl FileRun<'_> {
    async fn all(&mut self, world: &mut World) -> Result<(), Vec<Problem>> {
        let default = self.runner.options.timeout;
        let (answer, _) = world.step(Step::List, default).await;
        let root: Node =
            parse(answer).map_err(|broken| vec![Problem::error(format!("tests cannot be listed: {broken}"))])?;
        let plan = plan(&root, self.runner.options.filter.as_deref());
        let longest = Duration::from_millis(longest_ms(&plan, default.as_millis() as u64));
        if longest > default {
            world.renew(self.worker, longest).await?;
        }
        for planned in plan {
            if self.runner.has_bailed() {
                self.leave_out(planned, "a test before it failed (--bail)");
                continue;
            }
            match planned {
                Planned::Begin(suite) => self.begin(world, suite, longest).await?,
                Planned::Test { id, path, timeout_ms, hooks_ms, stack } => {
                    let own = timeout_ms.map_or(default, Duration::from_millis);
                    let timeout = own + Duration::from_millis(hooks_ms);
                    self.test(world, Test { id, path, stack, timeout }, longest).await?;
                }
                Planned::End(suite) => self.end(world, &suite, longest).await?,
                skipped => self.leave_out(skipped, ""),
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, planned: Planned, why: &str) {
        let (path, status) = match planned {
            Planned::Test { path, .. } => (path, Status::Skipped(why.to_owned())),
            Planned::Skip { path, reason } => (path, Status::Skipped(reason.to_owned())),
            Planned::Todo { path } => (path, Status::Todo),
            Planned::Begin(_) | Planned::End(_) => return,
        };
        self.tests.push(TestOutcome { path, status, console: Vec::new(), took: Duration::ZERO });
    }

    async fn begin(&mut self, world: &mut World, suite: Suite, longest: Duration) -> Result<(), Vec<Problem>> {
        self.levels.push(Level { suite: suite.clone(), before: world.written() });
        if self.failing.is_some() {
            return Ok(());
        }
        let done = self.begin_in(world, &suite).await;
        if matches!(done.status, Status::Failed(_)) {
            self.failing = Some(suite.id);
            if done.is_spent {
                self.again(world, longest).await?;
            }
            self.push(suite.path, BEFORE_ALL, done);
        }
        Ok(())
    }

    async fn begin_in(&self, world: &World, suite: &Suite) -> Done {
        let timeout = self.hook_timeout(suite.before_ms);
        self.step(world, Step::Begin { id: suite.id }, timeout, &suite.stack).await
    }

    async fn test(&mut self, world: &mut World, test: Test, longest: Duration) -> Result<(), Vec<Problem>> {
        if let Some(failing) = self.failing {
            let suite =
                self.levels.iter().find(|level| level.suite.id == failing).map(|level| level.suite.path.join(" > "));
            let why = match suite.as_deref() {
                None | Some("") => format!("{BEFORE_ALL} of the file failed"),
                Some(name) => format!("{BEFORE_ALL} of {name} failed"),
            };
            self.tests.push(TestOutcome {
                path: test.path,
                status: Status::Skipped(why),
                console: Vec::new(),
                took: Duration::ZERO,
            });
            return Ok(());
        }
        let before = world.written();
        let mut done = self.step(world, Step::Test { id: test.id }, test.timeout, &test.stack).await;
        if done.is_stale {
            // The isolate made room for others, or ended for a reason of its own: a fresh one has not begun the suites.
            self.again(world, longest).await?;
            done = self.step(world, Step::Test { id: test.id }, test.timeout, &test.stack).await;
        }
        if !done.is_spent
            && let Err(broken) = world.quiet().await
        {
            let message = format!("what was given to ctx.waitUntil goes on after the test: {broken}");
            done.status = failed(done.status, Failure::new(message, &test.stack));
            done.is_spent = true;
        }
        world.write_back(&before);
        if done.is_spent {
            self.again(world, longest).await?;
        }
        if matches!(done.status, Status::Failed(_)) {
            self.runner.count_failure();
        }
        self.tests.push(TestOutcome { path: test.path, status: done.status, console: done.console, took: done.took });
        Ok(())
    }

    async fn end(&mut self, world: &mut World, suite: &Suite, longest: Duration) -> Result<(), Vec<Problem>> {
        let Some(level) = self.levels.pop() else { return Ok(()) };
        let within_failing = self.failing.is_some_and(|failing| failing != suite.id);
        if self.failing == Some(suite.id) {
            self.failing = None;
        }
        if within_failing {
            return Ok(());
        }
        let timeout = self.hook_timeout(suite.after_ms);
        let done = self.step(world, Step::End { id: suite.id }, timeout, &suite.stack).await;
        let is_quiet = done.is_spent || world.quiet().await.is_ok();
        world.write_back(&level.before);
        if done.is_spent || !is_quiet {
            self.again(world, longest).await?;
        }
        if matches!(done.status, Status::Failed(_)) {
            self.push(suite.path.clone(), AFTER_ALL, done);
        }
        Ok(())
    }

    fn push(&mut self, mut path: Vec<String>, hook: &str, done: Done) {
        self.runner.count_failure();
        path.push(hook.to_owned());
        self.tests.push(TestOutcome { path, status: done.status, console: done.console, took: done.took });
    }

    /// A fresh isolate, in which the same suites have begun, over what there was before them.
    async fn again(&self, world: &mut World, longest: Duration) -> Result<(), Vec<Problem>> {
        world.renew(self.worker, longest).await?;
        // The worker under test may have something left to do, which is then undone. The isolate that is gone has not.
        let _as_quiet_as_it_gets = world.quiet().await;
        if let Some(first) = self.levels.first() {
            world.write_back(&first.before);
        }
        for level in self.levels.iter().take_while(|level| Some(level.suite.id) != self.failing) {
            let done = self.begin_in(world, &level.suite).await;
            if let Status::Failed(failures) = done.status {
                let title = failures.first().map_or_else(String::new, |failure| failure.title.clone());
                let message = format!("{BEFORE_ALL} succeeded, and failed when it had to run again: {title}");
                return Err(vec![Problem::error(message)]);
            }
        }
        Ok(())
    }

    /// Hooks of a suite have the time of one test together, and `own_ms` for those that say how long they may take.
    fn hook_timeout(&self, own_ms: u64) -> Duration {
        self.runner.options.timeout + Duration::from_millis(own_ms)
    }

    async fn step(&self, world: &World, step: Step, timeout: Duration, stack: &str) -> Done {
        let begun = Instant::now();
        let (answer, Said { lines: mut console, stacks }) = world.step(step, timeout).await;
        let took = begun.elapsed();
        let answer = parse::<Answer>(answer);
        if answer.as_ref().is_ok_and(|answer| answer.status == AnswerStatus::Failed) {
            console.extend(stacks);
        }
        match answer {
            Ok(answer) => Done {
                is_stale: answer.status == AnswerStatus::Stale,
                status: match answer.status {
                    AnswerStatus::Passed => Status::Passed,
                    AnswerStatus::Stale => Status::Failed(vec![Failure::new(STALE, stack)]),
                    AnswerStatus::Skipped => Status::Skipped(answer.reason.unwrap_or_default()),
                    AnswerStatus::Failed => {
                        let failures = answer.errors.into_iter().map(|error| Failure::of_guest(error, stack));
                        Status::Failed(failures.collect())
                    }
                },
                console,
                took,
                is_spent: false,
            },
            Err(broken) => {
                let status = Status::Failed(vec![Failure::new(broken.to_string(), stack)]);
                Done { status, console, took, is_spent: true, is_stale: false }
            }
        }
    }
}

/// One test to run.
struct Test {
    id: u32,
    path: Vec<String>,
    stack: String,
    timeout: Duration,
}

fn failed(status: Status, failure: Failure) -> Status {
    match status {
        Status::Failed(mut failures) => {
            failures.push(failure);
            Status::Failed(failures)
        }
        _ => Status::Failed(vec![failure]),
    }
}

fn parse<T: serde::de::DeserializeOwned>(answer: Result<bytes::Bytes, Broken>) -> Result<T, Broken> {
    serde_json::from_slice(&answer?).map_err(|error| Broken::Answer(error.to_string()))
}
