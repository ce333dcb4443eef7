//! What happened last, in so many entries and bytes: the newest takes the place of the oldest.

use std::collections::VecDeque;
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Ring {
    entries_max: usize,
    bytes_max: usize,
    entries: VecDeque<Arc<str>>,
    bytes: usize,
    /// The number of the oldest entry; the first of all is 1.
    first: u64,
}

/// The next entry for somebody who reads along.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Entry {
        number: u64,
        json: Arc<str>,
    },
    /// So many went before they were read.
    Lost(u64),
}

impl Ring {
    pub(crate) fn new(entries_max: usize, bytes_max: usize) -> Self {
        Ring { entries_max, bytes_max, entries: VecDeque::new(), bytes: 0, first: 1 }
    }

    /// Takes in a JSON object. One that is larger than all that is kept goes at once.
    pub(crate) fn push(&mut self, json: Arc<str>) {
        self.bytes += json.len();
        self.entries.push_back(json);
        while self.entries.len() > self.entries_max || self.bytes > self.bytes_max {
            let Some(gone) = self.entries.pop_front() else { return };
            self.bytes -= gone.len();
            self.first += 1;
        }
    }

    /// What comes behind the entry of number `after`, which is then moved to what was given; 0 is before all.
    pub(crate) fn next(&self, after: &mut u64) -> Option<Next> {
        let wanted = *after + 1;
        if wanted < self.first {
            *after = self.first - 1;
            return Some(Next::Lost(self.first - wanted));
        }
        let index = usize::try_from(wanted - self.first).ok()?;
        let json = self.entries.get(index)?.clone();
        *after = wanted;
        Some(Next::Entry { number: wanted, json })
    }

    /// The number of the newest entry, or of the last one that went.
    pub(crate) fn last(&self) -> u64 {
        self.first + self.entries.len() as u64 - 1
    }

    /// Where somebody starts who is to see all that is kept, without being told what went before he came.
    pub(crate) fn start(&self) -> u64 {
        self.first - 1
    }

    pub(crate) fn clear(&mut self) {
        self.first = self.last() + 1;
        self.entries.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(ring: &Ring, after: &mut u64) -> Vec<String> {
        let mut read = Vec::new();
        while let Some(next) = ring.next(after) {
            read.push(match next {
                Next::Entry { number, json } => format!("{number}:{json}"),
                Next::Lost(count) => format!("lost {count}"),
            });
        }
        read
    }

    #[test]
    fn who_reads_along_sees_all() {
        let mut ring = Ring::new(3, 100);
        let mut after = ring.start();
        assert_eq!(read(&ring, &mut after), [""; 0]);
        for text in ["a", "b"] {
            ring.push(text.into());
        }
        assert_eq!(read(&ring, &mut after), ["1:a", "2:b"]);
        ring.push("c".into());
        assert_eq!(read(&ring, &mut after), ["3:c"]);
    }

    #[test]
    fn who_is_slow_loses_the_oldest_and_is_told() {
        let mut ring = Ring::new(3, 100);
        let mut after = ring.start();
        for text in ["a", "b", "c", "d", "e"] {
            ring.push(text.into());
        }
        assert_eq!(read(&ring, &mut after), ["lost 2", "3:c", "4:d", "5:e"]);
        assert_eq!(read(&ring, &mut ring.start()), ["3:c", "4:d", "5:e"]);
        assert_eq!(ring.last(), 5);
    }

    #[test]
    fn bytes_are_bounded_too() {
        let mut ring = Ring::new(100, 10);
        for text in ["12345", "67890", "x"] {
            ring.push(text.into());
        }
        assert_eq!(read(&ring, &mut ring.start()), ["2:67890", "3:x"]);
        ring.push("too large to be kept".into());
        assert_eq!((read(&ring, &mut ring.start()), ring.bytes, ring.last()), (vec![], 0, 4));
        ring.push("y".into());
        assert_eq!(read(&ring, &mut ring.start()), ["5:y"]);
    }

    #[test]
    fn what_is_cleared_was_read() {
        let mut ring = Ring::new(3, 100);
        ring.push("a".into());
        let mut after = ring.last();
        ring.clear();
        ring.push("b".into());
        assert_eq!(read(&ring, &mut after), ["2:b"]);
    }
}
