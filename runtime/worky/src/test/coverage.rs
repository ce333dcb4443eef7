//! `--coverage`: which lines of the project's files have run, of what V8 counted in all isolates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use sourcemap::SourceMap;
use worky_js::{CoverageSink, CoveredFunction, CoveredModule, CoveredRange};

use super::failure::path_of;

/// One file of the project.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct FileCoverage {
    /// Lines with code, from 1, and how often what is on them has run: the most frequent part of each.
    pub(super) lines: BTreeMap<u32, u64>,
    /// Functions with a name, by the line that they begin on.
    pub(super) functions: BTreeMap<(u32, String), u64>,
}

/// All isolates of a run together, by the path of the file.
#[derive(Default)]
pub(super) struct Collector {
    files: Mutex<BTreeMap<PathBuf, FileCoverage>>,
    /// The directories of workers, by name.
    roots: Mutex<BTreeMap<String, PathBuf>>,
}

impl Collector {
    pub(super) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// A run begins.
    pub(super) fn begin(&self, roots: BTreeMap<String, PathBuf>) {
        self.files.lock().clear();
        *self.roots.lock() = roots;
    }

    /// What has run, of all files but these.
    pub(super) fn take(&self, without: &BTreeSet<PathBuf>) -> BTreeMap<PathBuf, FileCoverage> {
        let mut files = std::mem::take(&mut *self.files.lock());
        files.retain(|path, _| !without.contains(path));
        files
    }

    /// The file that a path from a worker's directory means: tests have that of the worker under test.
    fn file(&self, worker: &str, path: &str) -> Option<PathBuf> {
        let roots = self.roots.lock();
        let candidates: Vec<&PathBuf> = match roots.get(worker) {
            Some(root) => vec![root],
            None => roots.values().collect(),
        };
        candidates.into_iter().map(|root| root.join(path)).find(|path| path.is_file())
    }
}

impl CoverageSink for Collector {
    fn take(&self, worker: &str, modules: Vec<CoveredModule>) {
        for module in &modules {
            for (path, covered) in of_module(module) {
                let is_package = Path::new(&path).components().any(|part| part.as_os_str() == "node_modules");
                let Some(path) = self.file(worker, &path).filter(|_| !is_package) else { continue };
                self.files.lock().entry(path).or_default().add(covered);
            }
        }
    }
}

impl FileCoverage {
    /// What ran in another isolate.
    fn add(&mut self, other: FileCoverage) {
        for (line, count) in other.lines {
            *self.lines.entry(line).or_default() += count;
        }
        for (function, count) in other.functions {
            *self.functions.entry(function).or_default() += count;
        }
    }

    fn line(&mut self, line: u32, count: u64) {
        let most = self.lines.entry(line).or_default();
        *most = count.max(*most);
    }
}

/// The files that one module is made of, from the worker's directory.
fn of_module(module: &CoveredModule) -> BTreeMap<String, FileCoverage> {
    let Some(own) = path_of(&module.specifier) else { return BTreeMap::new() };
    let text = String::from_utf8_lossy(&module.source);
    let starts = line_starts(&text);
    let map = module.source_map.as_deref().and_then(|map| SourceMap::from_slice(map).ok());
    let mut files = BTreeMap::<String, FileCoverage>::new();
    match map {
        Some(map) => {
            // A map of one file need not name it as the worker does.
            let file = |source: Option<&str>| match source {
                _ if map.get_source_count() == 1 => Some(own.clone()),
                source => path_of(source?),
            };
            let mut counts = Counts::new(&module.functions);
            for token in map.tokens() {
                let Some(file) = file(token.get_source()) else { continue };
                let Some(start) = starts.get(token.get_dst_line() as usize) else { continue };
                let count = counts.at(start + token.get_dst_col());
                files.entry(file).or_default().line(token.get_src_line() + 1, count);
            }
            for (function, count, offset) in named(&module.functions) {
                let line = starts.partition_point(|start| *start <= offset).saturating_sub(1);
                let Some(token) = map.lookup_token(line as u32, offset - starts[line]) else { continue };
                let Some(file) = file(token.get_source()) else { continue };
                let key = (token.get_src_line() + 1, function.to_owned());
                *files.entry(file).or_default().functions.entry(key).or_default() += count;
            }
        }
        None => {
            let covered = files.entry(own).or_default();
            let mut counts = Counts::new(&module.functions);
            for (index, line) in text.lines().enumerate() {
                let code = line.trim_start();
                if code.is_empty() || ["//", "/*", "*"].iter().any(|comment| code.starts_with(comment)) {
                    continue;
                }
                let indent = line.len() - code.len();
                let count = counts.at(starts[index] + indent as u32);
                covered.line(index as u32 + 1, count);
            }
            for (function, count, offset) in named(&module.functions) {
                let line = starts.partition_point(|start| *start <= offset) as u32;
                *covered.functions.entry((line, function.to_owned())).or_default() += count;
            }
        }
    }
    files
}

/// Name, count and beginning.
fn named(functions: &[CoveredFunction]) -> impl Iterator<Item = (&str, u64, u32)> {
    let whole = |function: &CoveredFunction| function.ranges.first().copied();
    functions
        .iter()
        .filter(|function| !function.name.is_empty())
        .filter_map(move |function| whole(function).map(|range| (function.name.as_str(), range.count, range.start)))
}

/// How often what is at an offset has run: that is the innermost range around it. Offsets are asked in any order, and
/// best in rising order.
struct Counts {
    /// Outer ones before inner ones.
    ranges: Vec<CoveredRange>,
    next: usize,
    /// The ranges around the offset that was asked last, outermost first.
    around: Vec<CoveredRange>,
    last: u32,
}

impl Counts {
    fn new(functions: &[CoveredFunction]) -> Self {
        let mut ranges: Vec<CoveredRange> = functions.iter().flat_map(|function| function.ranges.clone()).collect();
        ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        Counts { ranges, next: 0, around: Vec::new(), last: 0 }
    }

    fn at(&mut self, offset: u32) -> u64 {
        if offset < self.last {
            (self.next, self.around) = (0, Vec::new());
        }
        self.last = offset;
        while let Some(range) = self.ranges.get(self.next).filter(|range| range.start <= offset) {
            while self.around.last().is_some_and(|outer| outer.end <= range.start) {
                self.around.pop();
            }
            self.around.push(*range);
            self.next += 1;
        }
        while self.around.last().is_some_and(|outer| outer.end <= offset) {
            self.around.pop();
        }
        self.around.last().map_or(0, |range| range.count)
    }
}

/// The offset of each line, in UTF-16 units.
fn line_starts(text: &str) -> Vec<u32> {
    let mut starts = vec![0];
    let mut at = 0;
    for c in text.chars() {
        at += c.len_utf16() as u32;
        if c == '\n' {
            starts.push(at);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, ranges: &[(u32, u32, u64)]) -> CoveredFunction {
        let ranges = ranges.iter().map(|(start, end, count)| CoveredRange { start: *start, end: *end, count: *count });
        CoveredFunction { name: name.to_owned(), ranges: ranges.collect() }
    }

    #[test]
    fn the_innermost_range_counts() {
        let functions =
            [function("", &[(0, 100, 1)]), function("f", &[(10, 50, 3), (20, 30, 0)]), function("g", &[(60, 70, 0)])];
        let mut counts = Counts::new(&functions);
        let asked = [0, 10, 19, 20, 29, 30, 50, 60, 69, 70, 99, 100, 25];
        assert_eq!(asked.map(|offset| counts.at(offset)), [1, 3, 3, 0, 0, 3, 1, 0, 0, 1, 1, 0, 0]);
    }

    #[test]
    fn a_module_without_a_map_is_its_own_file() {
        let source = "// \u{1f600} two units\nfunction f() {\n  return 1;\n}\nfunction g() {}\nf();\n";
        let at = |part: &str| {
            let before = &source[..source.find(part).expect("it is there")];
            before.encode_utf16().count() as u32
        };
        let end = source.encode_utf16().count() as u32;
        let functions = vec![
            function("", &[(0, end, 1)]),
            function("f", &[(at("function f"), at("\nfunction g"), 2)]),
            function("g", &[(at("function g"), at("\nf();"), 0)]),
        ];
        let specifier = "file:///src/a%20b.js".to_owned();
        let module = CoveredModule { specifier, source: source.into(), source_map: None, functions };
        let files = of_module(&module);
        let covered = &files["src/a b.js"];
        assert_eq!(covered.lines, BTreeMap::from([(2, 2), (3, 2), (4, 2), (5, 0), (6, 1)]));
        let functions = BTreeMap::from([((2, "f".to_owned()), 2), ((5, "g".to_owned()), 0)]);
        assert_eq!(covered.functions, functions);
    }
}
