//! What became of tests.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::console::Line;
use super::failure::Failure;

/// One test file, from its compilation to its last hook.
#[derive(Debug)]
pub(super) struct FileOutcome {
    /// From where worky was called.
    pub(super) file: String,
    /// The directory that places in it start from.
    pub(super) root: PathBuf,
    /// In their order in the file; a hook that failed is one of them.
    pub(super) tests: Vec<TestOutcome>,
    /// Why there are no tests, as it is shown.
    pub(super) broken: Option<String>,
    /// What was said at the top level of modules.
    pub(super) console: Vec<Line>,
    pub(super) took: Duration,
    /// What it was made of.
    pub(super) inputs: BTreeSet<PathBuf>,
}

#[derive(Debug)]
pub(super) struct TestOutcome {
    /// The names of the suites around it, and its own.
    pub(super) path: Vec<String>,
    pub(super) status: Status,
    pub(super) console: Vec<Line>,
    pub(super) took: Duration,
}

#[derive(Debug)]
pub(super) enum Status {
    Passed,
    Failed(Vec<Failure>),
    /// With the reason, or an empty text.
    Skipped(String),
    Todo,
}

/// How many there were of each.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
    pub(super) files: usize,
}

impl TestOutcome {
    /// `suite > inner > test`
    pub(super) fn name(&self) -> String {
        self.path.join(" > ")
    }
}

impl FileOutcome {
    pub(super) fn has_failed(&self) -> bool {
        self.broken.is_some() || self.tests.iter().any(|test| matches!(test.status, Status::Failed(_)))
    }
}

impl Counts {
    pub(super) fn of(files: &[FileOutcome]) -> Self {
        let mut counts = Counts { files: files.len(), ..Counts::default() };
        for file in files {
            // A file that could not be run is one failure.
            counts.failed += usize::from(file.broken.is_some());
            for test in &file.tests {
                match test.status {
                    Status::Passed => counts.passed += 1,
                    Status::Failed(_) => counts.failed += 1,
                    Status::Skipped(_) | Status::Todo => counts.skipped += 1,
                }
            }
        }
        counts
    }

    pub(super) fn is_empty(&self) -> bool {
        self.passed + self.failed + self.skipped == 0
    }
}
