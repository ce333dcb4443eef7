//! For people: each file as soon as it has run, then what failed, then how many there were.

use std::io::{self, Write as _};
use std::time::Duration;

use super::{console_text, summary};
use crate::terminal::Color;
use crate::test::outcome::{Counts, FileOutcome, Status, TestOutcome};

/// What took longer is told how long.
const SLOW: Duration = Duration::from_millis(50);

pub(in super::super) struct Spec {
    /// Only some tests are asked for: files without any are not told of.
    filtered: bool,
    color: Color,
    /// Whether anybody reads it.
    prints: bool,
}

impl Spec {
    pub(in super::super) fn new(filtered: bool, color: Color, prints: bool) -> Self {
        Spec { filtered, color, prints }
    }

    /// A file has run.
    pub(in super::super) fn tell(&self, file: &FileOutcome) {
        if self.prints {
            // Where standard output is gone the exit code still tells.
            let _gone = write(&self.file_text(file, self.color));
        }
    }

    pub(super) fn end(&self, files: &[FileOutcome], coverage: &str, counts: Counts, took: Duration) -> io::Result<()> {
        if !self.prints {
            return Ok(());
        }
        let failures = failures_of(files, self.color);
        write(&format!(
            "{failures}{coverage}{}\n",
            painted(&summary(counts, took), if counts.failed > 0 { RED } else { GREEN }, self.color)
        ))
    }

    /// The same as a text.
    pub(super) fn whole(&self, files: &[FileOutcome], took: Duration) -> String {
        let each: String = files.iter().map(|file| self.file_text(file, Color::Never)).collect();
        let failures = failures_of(files, Color::Never);
        format!("{each}{failures}{}\n", summary(Counts::of(files), took))
    }

    fn file_text(&self, file: &FileOutcome, color: Color) -> String {
        let is_empty = file.tests.is_empty() && file.broken.is_none();
        if is_empty && self.filtered { String::new() } else { file_text(file, color) }
    }
}

const GREEN: &str = "32";
const RED: &str = "31";
const YELLOW: &str = "33";
const FAINT: &str = "2";

fn write(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

fn painted(text: &str, code: &str, color: Color) -> String {
    match color {
        Color::Always => format!("\x1b[{code}m{text}\x1b[0m"),
        Color::Never => text.to_owned(),
    }
}

fn file_text(file: &FileOutcome, color: Color) -> String {
    let mut text = format!("{}\n", file.file);
    let mut above: &[String] = &[];
    for test in &file.tests {
        let (name, suites) = test.path.split_last().map_or(("", &[][..]), |(name, suites)| (name.as_str(), suites));
        let same = suites.iter().zip(above).take_while(|(one, other)| one == other).count();
        for (depth, suite) in suites.iter().enumerate().skip(same) {
            text += &format!("{}{suite}\n", indent(depth + 1));
        }
        above = suites;
        text += &format!("{}{}\n", indent(suites.len() + 1), line(test, name, color));
        // What a test that failed said is told with its failure.
        if !matches!(test.status, Status::Failed(_)) {
            for said in console_text(&test.console).lines() {
                text += &format!("{}{}\n", indent(suites.len() + 2), painted(said, FAINT, color));
            }
        }
    }
    if file.tests.is_empty() && file.broken.is_none() {
        text += &format!("{}{} there are no tests in it\n", indent(1), painted("-", YELLOW, color));
    }
    if file.broken.is_some() {
        text += &format!("{}{} it cannot be run\n", indent(1), painted("✗", RED, color));
    }
    for said in console_text(&file.console).lines() {
        text += &format!("{}{}\n", indent(1), painted(said, FAINT, color));
    }
    text + "\n"
}

fn line(test: &TestOutcome, name: &str, color: Color) -> String {
    let took = if test.took > SLOW { format!(" ({} ms)", test.took.as_millis()) } else { String::new() };
    match &test.status {
        Status::Passed => format!("{} {name}{took}", painted("✓", GREEN, color)),
        Status::Failed(_) => format!("{} {name}{took}", painted("✗", RED, color)),
        Status::Skipped(reason) if reason.is_empty() => format!("{} {name} (skipped)", painted("-", YELLOW, color)),
        Status::Skipped(reason) => format!("{} {name} (skipped: {reason})", painted("-", YELLOW, color)),
        Status::Todo => format!("{} {name} (to be written)", painted("-", YELLOW, color)),
    }
}

fn failures_of(files: &[FileOutcome], color: Color) -> String {
    let mut text = String::new();
    for file in files.iter().filter(|file| file.has_failed()) {
        if let Some(broken) = &file.broken {
            text += &format!("{}\n{broken}", painted(&format!("{} cannot be run", file.file), RED, color));
        }
        for test in &file.tests {
            let Status::Failed(failures) = &test.status else { continue };
            text += &painted(&format!("{} > {}", file.file, test.name()), RED, color);
            text.push('\n');
            for failure in failures {
                text += &failure.render(&file.root, color);
                text.push('\n');
            }
            if !test.console.is_empty() {
                text += &format!("console:\n{}\n", console_text(&test.console));
            }
        }
    }
    if text.is_empty() { text } else { format!("failures:\n\n{text}") }
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}
