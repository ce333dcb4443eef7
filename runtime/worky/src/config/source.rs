use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::packed::Packed;

/// A text that settings were read from: a file, the environment, the command line.
pub(crate) struct Source {
    /// As reports call it.
    name: String,
    /// What relative paths in it start from.
    dir: PathBuf,
    text: String,
    packed: Option<Arc<Packed>>,
}

impl Source {
    pub(crate) fn new(name: impl Into<String>, dir: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Source { name: name.into(), dir: dir.into(), text: text.into(), packed: None })
    }

    /// A text in a bundle.
    pub(crate) fn packed(name: String, dir: PathBuf, text: String, packed: Arc<Packed>) -> Arc<Self> {
        Arc::new(Source { name, dir, text, packed: Some(packed) })
    }

    /// The bundle that this is in: files that belong to the worker are there and not on the disk.
    pub(crate) fn as_packed(&self) -> Option<&Arc<Packed>> {
        self.packed.as_ref()
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The byte offset of a line and column, both from 1; columns count characters. A position past the end of its
    /// line is its end.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let start: usize = self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = self.text[start..].split('\n').next().unwrap_or("");
        let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        start + within
    }
}

impl Source {
    /// The line and column, both from 1, of a byte.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.name)
    }
}

/// A place in a source.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) source: Arc<Source>,
    /// Bytes. Empty at 0 where a whole source is meant.
    pub(crate) range: Range<usize>,
}

impl Span {
    pub(crate) fn new(source: &Arc<Source>, range: Range<usize>) -> Self {
        let end = range.end.min(source.text.len());
        Span { source: source.clone(), range: range.start.min(end)..end }
    }

    /// A place in a line that is all there is of its file.
    pub(crate) fn of_line(name: &str, line_text: String, line: usize, column: usize) -> Self {
        let source = Source::new(name, ".", "\n".repeat(line.saturating_sub(1)) + &line_text);
        Span::of_character(&source, line, column)
    }

    /// The character at a line and column, both from 1.
    pub(crate) fn of_character(source: &Arc<Source>, line: usize, column: usize) -> Self {
        let start = source.offset(line, column);
        let character = source.text()[start..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        Span::new(source, start..start + character)
    }

    /// The source as a whole.
    pub(crate) fn whole(source: &Arc<Source>) -> Self {
        Span { source: source.clone(), range: 0..0 }
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.range == (0..0)
    }

    pub(crate) fn text(&self) -> &str {
        &self.source.text[self.range.clone()]
    }

    /// A path that stands here, from the directory of its source.
    pub(crate) fn resolve(&self, path: &str) -> PathBuf {
        self.source.dir.join(path)
    }
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_found() {
        let source = Source::new("a", ".", "ab\ncäd\n\nend");
        assert_eq!(source.offset(1, 1), 0);
        assert_eq!(source.offset(2, 3), 6);
        assert_eq!(source.offset(2, 99), 7);
        assert_eq!(source.offset(3, 1), 8);
        assert_eq!(source.offset(4, 2), 10);
        assert_eq!(source.offset(99, 1), 12);
        assert_eq!((source.position(0), source.position(6), source.position(8)), ((1, 1), (2, 3), (3, 1)));
    }
}
