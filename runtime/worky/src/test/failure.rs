//! What went wrong in a test, and where.

use std::path::Path;

use url::Url;

use super::protocol::GuestFailure;
use crate::config::{Problem, Report, place_in_file};
use crate::terminal::Color;

/// Frames of a stack that are shown below the place itself.
const FRAMES_SHOWN_MAX: usize = 6;
const INDENT: &str = "  ";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// `AssertionError: expected 1 to be 2`
    pub(super) title: String,
    /// How what there was differs from what was expected, in lines.
    pub(super) diff: Option<String>,
    /// In the project's files, innermost first.
    pub(super) frames: Vec<Frame>,
    pub(super) causes: Vec<Failure>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// From the project's directory.
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) function: Option<String>,
}

impl Failure {
    /// One that the host found, at the place where something was declared.
    pub(super) fn new(title: impl Into<String>, stack: &str) -> Self {
        let frames = frames(stack).into_iter().take(1).collect();
        Failure { title: title.into(), diff: None, frames, causes: Vec::new() }
    }

    /// One that the guest found; where its own stack has nothing of the project's, at the place of `declared`.
    pub(super) fn of_guest(guest: GuestFailure, declared: &str) -> Self {
        let GuestFailure { name, message, stack, diff, causes } = guest;
        let title = match (name.is_empty(), message.is_empty()) {
            (true, _) => message,
            // The line says already that it is one.
            (false, false) if name == "Error" => message,
            (false, true) => name,
            (false, false) => format!("{name}: {message}"),
        };
        let mut own = frames(&stack);
        if own.is_empty() {
            own.extend(frames(declared).into_iter().next());
        }
        let causes = causes.into_iter().map(|cause| Failure::of_guest(cause, "")).collect();
        Failure { title, diff, frames: own, causes }
    }

    /// The innermost place that is not a package's.
    pub(super) fn place(&self) -> Option<&Frame> {
        self.frames.iter().find(|frame| !frame.file.contains("node_modules/")).or(self.frames.first())
    }

    /// Everything, with the lines of the source that lies under `root`.
    pub(super) fn render(&self, root: &Path, color: Color) -> String {
        let (title, more) = self.title.split_once('\n').unwrap_or((&self.title, ""));
        let mut problem = Problem::error(title);
        if let Some(Frame { file, line, column, .. }) = self.place() {
            problem = match place_in_file(file, &root.join(file), *line as usize, *column as usize) {
                Some(span) => problem.at(&span, ""),
                None => problem.in_file(format!("{file}:{line}:{column}")),
            };
        }
        let report = Report::default();
        report.push(problem);
        let mut text = report.render(color).trim_end().to_owned() + "\n";
        for lines in [Some(more), self.diff.as_deref()].into_iter().flatten().filter(|lines| !lines.is_empty()) {
            text += "\n";
            for line in lines.trim_matches('\n').lines() {
                text += &format!("{INDENT}{}\n", painted(line, color));
            }
        }
        if self.frames.len() > 1 {
            text += "\n";
            for Frame { file, line, column, function } in self.frames.iter().take(FRAMES_SHOWN_MAX) {
                let place = format!("{file}:{line}:{column}");
                text += &match function {
                    Some(function) => format!("{INDENT}at {function} ({place})\n"),
                    None => format!("{INDENT}at {place}\n"),
                };
            }
        }
        for cause in &self.causes {
            text += &format!("\ncaused by:\n{}", cause.render(root, color));
        }
        text
    }
}

/// What was expected in green, what there was in red.
fn painted(line: &str, color: Color) -> String {
    match (color, line.chars().next()) {
        (Color::Always, Some('-')) => format!("\x1b[32m{line}\x1b[0m"),
        (Color::Always, Some('+')) => format!("\x1b[31m{line}\x1b[0m"),
        _ => line.to_owned(),
    }
}

/// The frames of a stack, as V8 writes it, that are in the project's files: worky's own are left out.
pub(super) fn frames(stack: &str) -> Vec<Frame> {
    stack.lines().filter_map(frame).collect()
}

/// `    at async name (file:///src/x.ts:1:2)`, or without a name.
fn frame(line: &str) -> Option<Frame> {
    let rest = line.trim_start().strip_prefix("at ")?;
    let (function, place) = match rest.rsplit_once(" (") {
        Some((function, place)) => (Some(function), place.strip_suffix(')')?),
        None => (None, rest.strip_prefix("async ").unwrap_or(rest)),
    };
    let (place, column) = place.rsplit_once(':')?;
    let (url, line) = place.rsplit_once(':')?;
    let file = path_of(url)?;
    Some(Frame { file, line: line.parse().ok()?, column: column.parse().ok()?, function: function.map(str::to_owned) })
}

/// The path from the worker's directory that a specifier stands for; `None` where it is not one of its files.
pub(super) fn path_of(specifier: &str) -> Option<String> {
    let path = Url::parse(specifier).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()?;
    Some(path.strip_prefix("/").ok()?.to_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_a_stack() {
        let stack = "Error: at sea (file:///not/a/frame)\n    at check (file:///src/a%20b.ts:3:7)\n    \
            at async file:///test/x.test.ts:10:2\n    at worky:test/run:5:1\n    at run (worky:test/run:1:1)\n    \
            at Object.<anonymous> (file:///node_modules/p/i.js:1:1)";
        let shown: Vec<String> = frames(stack)
            .iter()
            .map(|frame| format!("{}|{}:{}|{:?}", frame.file, frame.line, frame.column, frame.function))
            .collect();
        let expected = [
            "src/a b.ts|3:7|Some(\"check\")",
            "test/x.test.ts|10:2|None",
            "node_modules/p/i.js|1:1|Some(\"Object.<anonymous>\")",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_failure_is_shown_at_its_place() {
        let root = tempfile::tempdir().expect("a directory");
        std::fs::write(root.path().join("a.test.ts"), "one\nexpect(1).toBe(2);\n").expect("written");
        let failure = Failure {
            diff: Some("- Expected\n+ Received\n\n- 2\n+ 1".to_owned()),
            ..Failure::new("AssertionError: expected 1 to be 2", "    at file:///a.test.ts:2:11")
        };
        let text = failure.render(root.path(), Color::Never);
        for part in ["error: AssertionError: expected 1 to be 2", "a.test.ts:2:11", "expect(1).toBe(2);", "  + 1\n"] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
