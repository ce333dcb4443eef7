//! How tests are told of: to people as they run, to programs when they have.

mod coverage;
mod junit;
mod spec;
mod tap;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;

use super::Options;
use super::console::{Line, level_name};
use super::coverage::FileCoverage;
use super::failure::Failure;
use super::outcome::{Counts, FileOutcome};
use crate::terminal::Color;

pub(super) use spec::Spec;

/// How the report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reporter {
    /// For people
    Spec,
    /// The Test Anything Protocol, version 14
    Tap,
    /// JUnit's XML
    Junit,
}

/// A run that is over.
pub(super) struct Ended<'a> {
    pub(super) files: &'a [FileOutcome],
    pub(super) took: Duration,
    /// Which lines have run, where that was asked for.
    pub(super) covered: Option<&'a BTreeMap<PathBuf, FileCoverage>>,
    /// What paths are shown from.
    pub(super) root: &'a Path,
}

/// Ends the report: what failed, and how many there were. What programs read goes to the file, or to standard output,
/// where people's goes to standard error then.
pub(super) fn write(options: &Options, ended: &Ended<'_>, spec: Spec) -> io::Result<()> {
    let Ended { files, took, .. } = *ended;
    let table = write_coverage(options, ended)?;
    let counts = Counts::of(files);
    let text = match options.reporter {
        Reporter::Spec => options.output.as_ref().map(|_| spec.whole(files, took)),
        Reporter::Tap => Some(tap::render(files)),
        Reporter::Junit => Some(junit::render(files, took)),
    };
    match (text, &options.output) {
        (Some(text), Some(path)) => {
            if let Some(directory) = path.parent() {
                fs::create_dir_all(directory)?;
            }
            fs::write(path, text)?;
        }
        (Some(text), None) => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(text.as_bytes())?;
            stdout.flush()?;
            eprintln!("{table}{}", summary(counts, took));
            return Ok(());
        }
        (None, _) => {}
    }
    spec.end(files, &table, counts, took)
}

/// Writes the tracefile; the table for people, or an empty text.
fn write_coverage(options: &Options, ended: &Ended<'_>) -> io::Result<String> {
    const TRACEFILE: &str = "lcov.info";
    let (Some(directory), Some(covered)) = (&options.run.coverage, ended.covered) else { return Ok(String::new()) };
    fs::create_dir_all(directory)?;
    fs::write(directory.join(TRACEFILE), coverage::lcov(covered, ended.root))?;
    Ok(format!("{}\n", coverage::table(covered, ended.root)))
}

/// `3 passed, 1 failed, 2 skipped (2 files, 0.41 s)`
pub(super) fn summary(counts: Counts, took: Duration) -> String {
    let Counts { passed, failed, skipped, files } = counts;
    let files = crate::command::count(files, "file");
    format!("{passed} passed, {failed} failed, {skipped} skipped ({files}, {:.2} s)", took.as_secs_f64())
}

/// What a test said, a line each.
fn console_text(lines: &[Line]) -> String {
    let line = |Line { worker, level, message }: &Line| {
        let who = worker.as_ref().map_or_else(String::new, |worker| format!("{worker} "));
        // What has many lines stays together.
        let message = message.replace('\n', "\n    ");
        format!("{who}{}: {message}\n", level_name(*level))
    };
    lines.iter().map(line).collect()
}

/// All failures of a test, without colours.
fn failures_text(failures: &[Failure], root: &Path) -> String {
    let texts: Vec<String> = failures.iter().map(|failure| failure.render(root, Color::Never)).collect();
    texts.join("\n")
}
