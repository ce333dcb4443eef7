//! Which processors busy guests run on. While guests that use little have something to do, one processor in eight, and at
//! least one, is kept free of those that are always busy: whoever wants a moment finds one where nobody has to make way.
//!
//! Niceness and short turns (see [`crate::turns`]) decide who runs next where two want the same processor, and the
//! scheduler looks at that when one of them wakes up and at its ticks, which are milliseconds apart: whoever has just
//! run waits for one. Only Linux tells threads where to run.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::turns::sys::Thread;

pub(crate) use sys::place;

/// The others are kept free for this long after the last guest that used little ran.
const KEPT_FREE: Duration = Duration::from_secs(1);

/// Who ran, as the watchdog sees it in one look at all of them.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    last_calm: Option<Instant>,
}

/// Whether busy guests make way at this moment.
static CONFINED: AtomicBool = AtomicBool::new(false);

pub(crate) fn are_confined() -> bool {
    CONFINED.load(Ordering::Relaxed)
}

impl Crowd {
    /// Whether busy guests make way, now that `calm` says whether a guest of another worker than theirs wants a moment.
    pub(crate) fn look(&mut self, calm: bool, now: Instant) -> bool {
        if calm {
            self.last_calm = Some(now);
        }
        let confined = self.last_calm.is_some_and(|at| now.saturating_duration_since(at) < KEPT_FREE);
        if confined != CONFINED.swap(confined, Ordering::Relaxed) {
            HELPERS.get().into_iter().flatten().for_each(|thread| place(*thread, confined));
        }
        confined
    }
}

/// The threads that V8 has for compiling and collecting garbage.
static HELPERS: OnceLock<Vec<Thread>> = OnceLock::new();

/// Has these threads, which live as long as the process, go where busy guests go.
pub(crate) fn helpers_are(threads: Vec<Thread>) {
    let _set_once = HELPERS.set(threads);
}

#[cfg(target_os = "linux")]
mod sys {
    use std::sync::OnceLock;

    use rustix::process::Pid;
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    use crate::turns::sys::Thread;

    struct Processors {
        all: CpuSet,
        /// Not for busy guests, where others want them.
        left: CpuSet,
    }

    /// `None` where there is nothing to choose from.
    fn processors() -> Option<&'static Processors> {
        static PROCESSORS: OnceLock<Option<Processors>> = OnceLock::new();
        let found = PROCESSORS.get_or_init(|| {
            let all = sched_getaffinity(Pid::from_raw(std::process::id() as i32)).ok()?;
            let mut left = all;
            let count = all.count() as usize;
            let numbers = (0..CpuSet::MAX_CPU).filter(|&number| all.is_set(number));
            numbers.take((count / 8).max(1)).for_each(|number| left.unset(number));
            (count > 1).then_some(Processors { all, left })
        });
        found.as_ref()
    }

    pub(crate) fn place(thread: Thread, confined: bool) {
        let (Some(processors), Some(thread)) = (processors(), Pid::from_raw(thread)) else { return };
        let set = if confined { &processors.left } else { &processors.all };
        if let Err(error) = sched_setaffinity(Some(thread), set) {
            tracing::debug!(?thread, %error, "a thread stays on the processors it has");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod sys {
    use crate::turns::sys::Thread;

    pub(crate) fn place(_thread: Thread, _confined: bool) {}
}
