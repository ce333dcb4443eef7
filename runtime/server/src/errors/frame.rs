//! Some lines around the place that an error comes from.

use worky_engine::{GuestError, GuestFrame};

use crate::developer::SourceFile;

/// Lines that are shown before the place, and after it.
const AROUND: u32 = 2;
/// Of each line; minified code may have one line for everything.
const LINE_CHARS_MAX: usize = 200;

/// Numbered lines, one of which is the culprit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodeFrame {
    pub(super) lines: Vec<(u32, String)>,
    pub(super) line: u32,
    /// From 1, in characters.
    pub(super) column: u32,
}

impl CodeFrame {
    /// The lines around an error's first frame, as they were when the worker was built: of the file, where its line is
    /// still the same, or else that line alone.
    pub(super) fn of(error: &GuestError, file: Option<&SourceFile>) -> Option<Self> {
        let GuestFrame { line, column, .. } = *error.frames.first()?;
        let built = error.line.as_deref()?;
        if built.chars().count() > LINE_CHARS_MAX {
            return None;
        }
        let is_same = |file: &&SourceFile| nth(&file.text, line).is_some_and(|now| now == built);
        let lines = match file.filter(is_same) {
            Some(file) => {
                let first = line.saturating_sub(AROUND).max(1);
                let shown = |number| nth(&file.text, number).map(|text| (number, cut(text)));
                (first..=line.saturating_add(AROUND)).filter_map(shown).collect()
            }
            None => vec![(line, built.to_owned())],
        };
        Some(CodeFrame { lines, line, column })
    }

    /// What stands before the place in its line, as wide as it is shown.
    pub(super) fn lead(&self) -> String {
        let text = self.lines.iter().find(|(number, _)| *number == self.line).map_or("", |(_, text)| text);
        text.chars().take(self.column.saturating_sub(1) as usize).map(|c| if c == '\t' { '\t' } else { ' ' }).collect()
    }
}

fn nth(text: &str, line: u32) -> Option<&str> {
    text.lines().nth(line.checked_sub(1)? as usize)
}

fn cut(text: &str) -> String {
    text.chars().take(LINE_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: u32, column: u32, text: &str) -> GuestError {
        let frame = GuestFrame { file: "a.ts".to_owned(), line, column, function: None };
        GuestError { frames: vec![frame], line: Some(text.into()), ..GuestError::unplaced("x") }
    }

    fn file(text: &str) -> SourceFile {
        SourceFile { path: "/w/a.ts".into(), text: text.to_owned() }
    }

    #[test]
    fn lines_around_the_place_are_shown() {
        let frame = CodeFrame::of(&error(2, 3, "\tb();"), Some(&file("a\n\tb();\nc\nd\ne"))).expect("it is there");
        let lines = ["a", "\tb();", "c", "d"].map(str::to_owned);
        assert_eq!(frame.lines, (1..).zip(lines).collect::<Vec<_>>());
        assert_eq!(frame.lead(), "\t ");
    }

    #[test]
    fn a_file_that_has_changed_since_is_not_shown() {
        let frame = CodeFrame::of(&error(2, 1, "b"), Some(&file("new\na\nb"))).expect("it is there");
        assert_eq!(frame.lines, [(2, "b".to_owned())]);
        assert_eq!(CodeFrame::of(&error(9, 1, &"x".repeat(300)), None), None);
    }
}
