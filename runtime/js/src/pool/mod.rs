//! Isolates that are made in advance, so that a worker that is not resident waits for its own code alone.
//!
//! A blank isolate has its thread, V8's heap from the start-up snapshot and worky's own scripts, and has never run a
//! guest's code. A worker moves into one and never out again: what has run a guest's code ends with it.

#[cfg(test)]
mod figures;

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::instance::Blank;

/// How many sizes of heap are kept ready. A size that was not asked for while so many others were makes room.
const SIZES_MAX: usize = 4;

/// How long the end of the process waits for blank isolates to be taken apart. Each takes some milliseconds.
const CLOSE_MAX: Duration = Duration::from_secs(2);

/// Blank isolates by the limit of their heap, which V8 must know when it makes an isolate. They are made one at a time,
/// on their own threads.
pub(crate) struct Pool(Arc<Shelf>);

struct Shelf {
    /// How many of each size.
    blanks_max: usize,
    state: Mutex<State>,
    /// Told when a thread that belongs to the pool is gone.
    left: Condvar,
}

#[derive(Default)]
struct State {
    blanks: Vec<Blank>,
    /// Sizes that were asked for, the latest last.
    sizes: Vec<usize>,
    /// An isolate is being made.
    making: bool,
    closed: bool,
    /// Threads that no worker has moved into.
    threads: usize,
}

impl Pool {
    /// Keeps `blanks_max` isolates of each size that is in use; 0 is none.
    pub(crate) fn new(blanks_max: usize) -> Arc<Self> {
        let shelf = Shelf { blanks_max, state: Mutex::default(), left: Condvar::new() };
        Arc::new(Pool(Arc::new(shelf)))
    }

    /// A blank isolate of this size, if one is ready.
    pub(crate) fn take(&self, memory_bytes: usize) -> Option<Blank> {
        let mut state = self.0.state.lock();
        let place = state.blanks.iter().position(|blank| blank.memory_bytes == memory_bytes)?;
        Some(state.blanks.swap_remove(place))
    }

    /// Has isolates of this size made until there are enough.
    pub(crate) fn refill(&self, memory_bytes: usize) {
        if self.0.blanks_max == 0 {
            return;
        }
        let forgotten = self.0.state.lock().use_size(memory_bytes);
        // Outside of the lock: it wakes threads.
        drop(forgotten);
        self.0.make_next();
    }
}

impl Drop for Pool {
    /// No thread may be inside of V8 while the process is taken apart.
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.closed = true;
        drop(std::mem::take(&mut state.blanks));
        while state.threads > 0 {
            if self.0.left.wait_for(&mut state, CLOSE_MAX).timed_out() {
                tracing::warn!(threads = state.threads, "blank isolates are still there");
                return;
            }
        }
    }
}

impl State {
    /// Notes that a size is in use. Answers the blank isolates of a size that is no longer kept.
    fn use_size(&mut self, memory_bytes: usize) -> Vec<Blank> {
        self.sizes.retain(|size| *size != memory_bytes);
        self.sizes.push(memory_bytes);
        if self.sizes.len() <= SIZES_MAX {
            return Vec::new();
        }
        let oldest = self.sizes.remove(0);
        self.blanks.extract_if(.., |blank| blank.memory_bytes == oldest).collect()
    }

    /// The size of which one more should be made; what was asked for last comes first.
    fn wanted(&self, blanks_max: usize) -> Option<usize> {
        let ready = |size| self.blanks.iter().filter(|blank| blank.memory_bytes == size).count();
        self.sizes.iter().rev().copied().find(|size| ready(*size) < blanks_max)
    }
}

impl Shelf {
    /// Has one more isolate made, unless one is under way, which will come back here.
    fn make_next(self: &Arc<Self>) {
        let mut state = self.state.lock();
        if state.making || state.closed {
            return;
        }
        let Some(memory_bytes) = state.wanted(self.blanks_max) else { return };
        state.making = true;
        state.threads += 1;
        drop(state);
        let (held, making) = (Held(self.clone()), Making(Arc::downgrade(self)));
        if let Err(error) = Blank::start_for(memory_bytes, held, move |blank| making.done(blank)) {
            tracing::warn!(%error, "no thread for a blank isolate");
        }
    }
}

/// An isolate on its way into the pool. Where it cannot be made the next try waits for the next worker.
struct Making(Weak<Shelf>);

impl Making {
    fn done(self, blank: Blank) {
        let Some(shelf) = self.0.upgrade() else { return };
        let unwanted = {
            let mut state = shelf.state.lock();
            let wanted = !state.closed && state.sizes.contains(&blank.memory_bytes);
            if wanted {
                state.blanks.push(blank);
                None
            } else {
                Some(blank)
            }
        };
        drop(unwanted);
        drop(self);
        shelf.make_next();
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        if let Some(shelf) = self.0.upgrade() {
            shelf.state.lock().making = false;
        }
    }
}

/// Kept by a thread for as long as it is the pool's.
struct Held(Arc<Shelf>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.state.lock().threads -= 1;
        self.0.left.notify_all();
    }
}
