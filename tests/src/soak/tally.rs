//! What came of everything that was asked, by kind.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::trouble::Trouble;

/// How many examples of one kind's trouble are kept.
const EXAMPLES: usize = 3;
/// Microseconds. What takes longer counts as this long.
const SLOWEST_US: u64 = 120_000_000;

pub(crate) struct Tally {
    kinds: Mutex<Vec<Kind>>,
    begun: Instant,
}

pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// As they should be.
    pub(crate) right: u64,
    /// Explained by an end of the program.
    pub(crate) interrupted: u64,
    pub(crate) unexplained: u64,
    /// The first of them, with what was asked.
    pub(crate) examples: Vec<String>,
    /// Microseconds of those that were right.
    all: Histogram<u64>,
    /// Those since the last sample.
    recent: Histogram<u64>,
}

/// The latency of one kind, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latency {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

impl Tally {
    pub(crate) fn new(names: impl Iterator<Item = &'static str>) -> Self {
        let histogram = || Histogram::new_with_max(SLOWEST_US, 2).expect("valid bounds");
        let kind = |name| Kind {
            name,
            right: 0,
            interrupted: 0,
            unexplained: 0,
            examples: Vec::new(),
            all: histogram(),
            recent: histogram(),
        };
        Tally { kinds: Mutex::new(names.map(kind).collect()), begun: Instant::now() }
    }

    pub(crate) fn right(&self, kind: usize, took: Duration) {
        let kind = &mut self.lock()[kind];
        kind.right += 1;
        let micros = took.as_micros() as u64;
        kind.all.saturating_record(micros);
        kind.recent.saturating_record(micros);
    }

    pub(crate) fn interrupted(&self, kind: usize) {
        self.lock()[kind].interrupted += 1;
    }

    pub(crate) fn unexplained(&self, kind: usize, asked: &str, trouble: &Trouble) {
        let second = self.begun.elapsed().as_secs_f64();
        let kind = &mut self.lock()[kind];
        kind.unexplained += 1;
        if kind.examples.len() < EXAMPLES {
            kind.examples.push(format!("{asked}, at {second:.1} s: {trouble}"));
        }
    }

    /// The 99th percentile of each kind since this was last asked, in milliseconds; `None` where nothing was measured.
    pub(crate) fn recent_p99(&self) -> Vec<Option<f64>> {
        let p99 = |kind: &mut Kind| {
            let p99 = (!kind.recent.is_empty()).then(|| millis(kind.recent.value_at_quantile(0.99)));
            kind.recent.reset();
            p99
        };
        self.lock().iter_mut().map(p99).collect()
    }

    pub(crate) fn total(&self) -> u64 {
        self.lock().iter().map(|kind| kind.right + kind.interrupted + kind.unexplained).sum()
    }

    pub(crate) fn into_kinds(self) -> Vec<Kind> {
        self.kinds.into_inner().expect("no holder panics")
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Kind>> {
        self.kinds.lock().expect("no holder panics")
    }
}

impl Kind {
    pub(crate) fn latency(&self) -> Option<Latency> {
        let at = |quantile| millis(self.all.value_at_quantile(quantile));
        (!self.all.is_empty()).then(|| Latency { p50: at(0.5), p99: at(0.99), max: millis(self.all.max()) })
    }
}

fn millis(micros: u64) -> f64 {
    micros as f64 / 1000.0
}
