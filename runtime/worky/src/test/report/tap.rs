//! The Test Anything Protocol, version 14: <https://testanything.org/tap-version-14-specification.html>.

use super::{console_text, failures_text};
use crate::test::outcome::{FileOutcome, Status};

pub(super) fn render(files: &[FileOutcome]) -> String {
    let points: usize = files.iter().map(|file| file.tests.len() + usize::from(file.broken.is_some())).sum();
    let mut text = format!("TAP version 14\n1..{points}\n");
    let mut number = 0;
    for file in files {
        for test in &file.tests {
            number += 1;
            let name = escaped(&format!("{} > {}", file.file, test.name()));
            let ms = test.took.as_secs_f64() * 1000.0;
            match &test.status {
                Status::Passed => {
                    text += &format!("ok {number} - {name}\n  ---\n  duration_ms: {ms:.3}\n  ...\n");
                }
                Status::Skipped(reason) => text += &format!("ok {number} - {name} # SKIP {}\n", one_line(reason)),
                Status::Todo => text += &format!("not ok {number} - {name} # TODO\n"),
                Status::Failed(failures) => {
                    text += &format!("not ok {number} - {name}\n  ---\n  duration_ms: {ms:.3}\n");
                    text += &block("failure", &failures_text(failures, &file.root));
                    text += &block("console", &console_text(&test.console));
                    text += "  ...\n";
                }
            }
        }
        if let Some(broken) = &file.broken {
            number += 1;
            text += &format!("not ok {number} - {}\n  ---\n", escaped(&file.file));
            text += &block("failure", broken);
            text += "  ...\n";
        }
    }
    text
}

/// A YAML text of several lines; nothing where there are none.
fn block(key: &str, lines: &str) -> String {
    if lines.trim().is_empty() {
        return String::new();
    }
    // The indentation is told, since a first line may begin with blanks of its own.
    let lines: String = lines.trim_end().lines().map(|line| format!("    {line}\n")).collect();
    format!("  {key}: |2\n{lines}")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `#` begins a directive.
fn escaped(name: &str) -> String {
    one_line(name).replace('\\', "\\\\").replace('#', "\\#")
}
