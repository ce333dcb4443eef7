//! Where calls go, and which instances there are.
//!
//! Each worker has its [`replicas`]: none while nobody calls it, one as a rule, more while that one has too much to do.
//! [`residents`] are the instances of all workers, bounded in number and in memory: the idle one that was used least
//! recently makes room. A call that an instance has not begun is in its [`queue`], can be taken back from there, and
//! does not wait for long. [`policy`] and [`backoff`] decide and are pure; [`ticker`] asks them in time.

mod backoff;
mod load;
mod policy;
mod queue;
mod replicas;
mod residents;
mod spare;
mod ticker;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use worky_engine::CallError;

pub(crate) use load::Load;
pub(crate) use queue::{CallQueue, QueuedCall, give_back};
pub(crate) use replicas::Replicas;
use residents::Residents;
use spare::Spare;
use ticker::Ticker;

/// Bounds on the instances of all workers together. The defaults are written here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacementConfig {
    /// Beyond so many isolates an idle one makes room for the next; where none is idle there may be twice as many.
    /// `server.max_isolates`
    pub isolates_max: u32,
    /// Beyond so much memory of all isolates, as last sampled, idle ones make room; where none is idle no more are
    /// started. `server.max_isolates_mb`
    pub memory_bytes_max: usize,
    /// How long an instance of a worker that has another one is kept without a call. `server.isolate_idle_ms`
    pub idle: Duration,
    /// Calls of all workers that have not begun. `server.max_queued`
    pub queued_max: u32,
}

/// Memory that the default bound on isolates counts for each: those of small workers take a few MiB.
const TYPICAL_BYTES: usize = 8 << 20;

impl PlacementConfig {
    /// For a machine, or a share of one, with so much memory: half of it is for isolates.
    pub fn for_memory(bytes: usize) -> Self {
        let memory_bytes_max = (bytes / 2).max(64 << 20);
        PlacementConfig {
            isolates_max: (memory_bytes_max / TYPICAL_BYTES).clamp(32, 1_000) as u32,
            memory_bytes_max,
            idle: Duration::from_secs(10),
            queued_max: 8_192,
        }
    }
}

impl Default for PlacementConfig {
    /// Where nothing is known of the machine.
    fn default() -> Self {
        PlacementConfig::for_memory(4 << 30)
    }
}

/// What the replicas of all workers share.
pub(crate) struct Placement {
    config: PlacementConfig,
    residents: Residents,
    /// Calls that have not begun, of all workers.
    queued: Counter,
    spare: Spare,
    ticker: Ticker,
}

impl Placement {
    pub(crate) fn new(config: PlacementConfig) -> Arc<Self> {
        let residents = Residents::new(config.isolates_max, config.memory_bytes_max);
        Arc::new(Placement {
            config,
            residents,
            queued: Counter::default(),
            spare: Spare::default(),
            ticker: Ticker::default(),
        })
    }

    /// Calls that have not begun, of all workers.
    pub(crate) fn queued(&self) -> u32 {
        self.queued.count()
    }

    /// What all isolates hold.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.residents.memory_bytes()
    }
}

/// A count that goes down by itself.
#[derive(Clone, Debug, Default)]
struct Counter(Arc<AtomicU32>);

#[derive(Debug)]
struct Counted(Arc<AtomicU32>);

impl Counter {
    fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// `None` where there are `max` already.
    fn take(&self, max: u32) -> Option<Counted> {
        let counted = self.take_one_more();
        (self.count() <= max).then_some(counted)
    }

    fn take_one_more(&self) -> Counted {
        self.0.fetch_add(1, Ordering::Relaxed);
        Counted(self.0.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A call's place among those that wait: from its arrival until an instance begins it.
#[derive(Debug)]
pub(crate) struct Waiting {
    _of_worker: Counted,
    _of_all: Counted,
}

/// Who may wait: the counts of one worker and of all.
struct Gate {
    of_worker: Counter,
    of_all: Counter,
    of_all_max: u32,
}

impl Gate {
    fn enter(&self, of_worker_max: u32) -> Result<Waiting, CallError> {
        let of_worker = self.of_worker.take(of_worker_max);
        let of_worker = of_worker.ok_or(CallError::QueueFull { limit: of_worker_max })?;
        let of_all = self.of_all.take(self.of_all_max).ok_or(CallError::QueuesFull { limit: self.of_all_max })?;
        Ok(Waiting { _of_worker: of_worker, _of_all: of_all })
    }

    /// For a call that was let in before, and comes back because its instance will not begin it.
    fn enter_again(&self) -> Waiting {
        Waiting { _of_worker: self.of_worker.take_one_more(), _of_all: self.of_all.take_one_more() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_of_one_worker_and_of_all_hold() {
        let of_all = Counter::default();
        let gate = || Gate { of_worker: Counter::default(), of_all: of_all.clone(), of_all_max: 3 };
        let (one, other) = (gate(), gate());
        let first = one.enter(2).expect("room");
        let _second = one.enter(2).expect("room");
        assert!(matches!(one.enter(2), Err(CallError::QueueFull { limit: 2 })));
        let _third = other.enter(2).expect("room");
        assert!(matches!(other.enter(2), Err(CallError::QueuesFull { limit: 3 })));
        drop(first);
        let _again = one.enter_again();
        assert!(matches!(other.enter(2), Err(CallError::QueuesFull { limit: 3 })));
    }

    #[test]
    fn defaults_follow_the_memory() {
        assert_eq!(PlacementConfig::for_memory(24 << 30).isolates_max, 1_000);
        assert_eq!(PlacementConfig::for_memory(2 << 30).isolates_max, 128);
        let small = PlacementConfig::for_memory(100 << 20);
        assert_eq!((small.isolates_max, small.memory_bytes_max), (32, 64 << 20));
    }
}
