//! Which lines have run: a table for people, and lcov's tracefile for programs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::test::coverage::FileCoverage;

/// Places in the column of lines that did not run, so that a table stays one.
const MISSED_SHOWN_MAX: usize = 8;
const ALL: &str = "all files";

/// <https://manpages.debian.org/testing/lcov/geninfo.1.en.html#TRACEFILE_FORMAT>
pub(super) fn lcov(files: &BTreeMap<PathBuf, FileCoverage>, root: &Path) -> String {
    let mut text = String::new();
    for (path, covered) in files {
        text += &format!("TN:\nSF:{}\n", shown(path, root));
        for (line, name) in covered.functions.keys() {
            text += &format!("FN:{line},{name}\n");
        }
        for ((_, name), count) in &covered.functions {
            text += &format!("FNDA:{count},{name}\n");
        }
        let hit = |counts: &mut dyn Iterator<Item = &u64>| counts.filter(|count| **count > 0).count();
        text += &format!("FNF:{}\nFNH:{}\n", covered.functions.len(), hit(&mut covered.functions.values()));
        for (line, count) in &covered.lines {
            text += &format!("DA:{line},{count}\n");
        }
        text += &format!("LF:{}\nLH:{}\nend_of_record\n", covered.lines.len(), hit(&mut covered.lines.values()));
    }
    text
}

#[derive(Default, Clone, Copy)]
struct Share {
    hit: usize,
    all: usize,
}

impl Share {
    fn of<'a>(counts: impl Iterator<Item = &'a u64>) -> Self {
        counts.fold(Share::default(), |share, count| Share {
            hit: share.hit + usize::from(*count > 0),
            all: share.all + 1,
        })
    }

    fn plus(self, other: Share) -> Share {
        Share { hit: self.hit + other.hit, all: self.all + other.all }
    }

    /// `12/15`, `80 %`; nothing of nothing is all of it.
    fn cells(self) -> [String; 2] {
        let percent = (self.hit * 100).checked_div(self.all).unwrap_or(100);
        [format!("{}/{}", self.hit, self.all), format!("{percent} %")]
    }
}

pub(super) fn table(files: &BTreeMap<PathBuf, FileCoverage>, root: &Path) -> String {
    let mut rows = vec![["coverage", "lines", "", "functions", "", "lines that did not run"].map(str::to_owned)];
    let (mut lines, mut functions) = (Share::default(), Share::default());
    let mut push = |name: String, lines: Share, functions: Share, missed: String| {
        let ([hit, percent], [called, of_all]) = (lines.cells(), functions.cells());
        rows.push([name, hit, percent, called, of_all, missed]);
    };
    for (path, covered) in files {
        let (own, called) = (Share::of(covered.lines.values()), Share::of(covered.functions.values()));
        push(shown(path, root), own, called, missed(&covered.lines));
        (lines, functions) = (lines.plus(own), functions.plus(called));
    }
    push(ALL.to_owned(), lines, functions, String::new());
    aligned(&rows)
}

/// The first column to the left, figures to the right.
fn aligned(rows: &[[String; 6]]) -> String {
    let widths: [usize; 6] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let line = |row: &[String; 6]| {
        let cell = |column: usize| {
            let (text, width) = (&row[column], widths[column]);
            if (1..5).contains(&column) { format!("{text:>width$}") } else { format!("{text:width$}") }
        };
        let cells: Vec<String> = (0..row.len()).map(cell).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// `3-5, 9`: of the lines with code those that did not run, with nothing that ran between them.
fn missed(lines: &BTreeMap<u32, u64>) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    let mut open = false;
    for (line, count) in lines {
        match runs.last_mut() {
            Some(run) if open && *count == 0 => run.1 = *line,
            _ if *count == 0 => runs.push((*line, *line)),
            _ => {}
        }
        open = *count == 0;
    }
    let more = runs.len().saturating_sub(MISSED_SHOWN_MAX);
    let shown = runs.iter().take(MISSED_SHOWN_MAX).map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    });
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if more > 0 {
        text += &format!(" and {more} more");
    }
    text
}

fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let covered = FileCoverage {
            lines: BTreeMap::from([(1, 1), (3, 0), (4, 0), (6, 2), (9, 0)]),
            functions: BTreeMap::from([((1, "f".to_owned()), 2), ((3, "g".to_owned()), 0)]),
        };
        let files = BTreeMap::from([(PathBuf::from("/p/src/a.ts"), covered)]);
        let expected = "\
coverage   lines        functions        lines that did not run
src/a.ts     2/5  40 %        1/2  50 %  3-4, 9
all files    2/5  40 %        1/2  50 %
";
        assert_eq!(table(&files, Path::new("/p")), expected);
        let expected = "TN:\nSF:src/a.ts\nFN:1,f\nFN:3,g\nFNDA:2,f\nFNDA:0,g\nFNF:2\nFNH:1\n\
            DA:1,1\nDA:3,0\nDA:4,0\nDA:6,2\nDA:9,0\nLF:5\nLH:2\nend_of_record\n";
        assert_eq!(lcov(&files, Path::new("/p")), expected);
    }
}
