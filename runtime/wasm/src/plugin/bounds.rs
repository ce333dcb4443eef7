//! What one call may take, as the store that runs it sees it.

use std::time::{Duration, Instant};

use worky_engine::plugin::PluginError;

use crate::epoch::TICK;

/// The bounds of a store's calls.
pub(crate) struct Bounds {
    call: Duration,
    /// When the guest was first seen running in this call.
    seen: Option<Instant>,
    interrupted: Option<Interrupted>,
}

/// The caller's question of whether it still wants an answer.
struct Interrupted(*const (dyn Fn() -> bool + Sync));

// SAFETY: what it points to is `Sync`, and it is only called, through a shared reference.
unsafe impl Send for Interrupted {}
// SAFETY: as above.
unsafe impl Sync for Interrupted {}

/// Why a guest was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stopped {
    #[error("the call took too long")]
    CallTime,
    #[error("the call was interrupted")]
    Interrupted,
}

impl Bounds {
    pub(super) fn new(call: Duration) -> Self {
        Bounds { call, seen: None, interrupted: None }
    }

    /// Begins a call that `interrupted` can stop. [`Bounds::end`] must be called before `interrupted` goes away.
    ///
    /// # Safety
    ///
    /// `interrupted` is asked until [`Bounds::end`] is called.
    pub(super) unsafe fn begin(&mut self, interrupted: &(dyn Fn() -> bool + Sync)) {
        self.seen = None;
        let pointer: *const (dyn Fn() -> bool + Sync + '_) = interrupted;
        // SAFETY: the two types differ in a lifetime alone, which whoever calls this answers for.
        let pointer = unsafe {
            std::mem::transmute::<*const (dyn Fn() -> bool + Sync + '_), *const (dyn Fn() -> bool + Sync)>(pointer)
        };
        self.interrupted = Some(Interrupted(pointer));
    }

    pub(super) fn end(&mut self) {
        self.interrupted = None;
    }

    /// To be asked at every epoch, and by whatever waits on behalf of the guest.
    pub(super) fn check(&mut self) -> Result<(), Stopped> {
        let now = Instant::now();
        // Calls are mostly over before the first epoch is, so that the clock is not read when they begin.
        let seen = *self.seen.get_or_insert(now);
        if now - seen + TICK >= self.call {
            return Err(Stopped::CallTime);
        }
        if let Some(Interrupted(interrupted)) = &self.interrupted {
            // SAFETY: it is there only between `begin` and `end`, in which time it lives: `begin` says so.
            let interrupted = unsafe { &**interrupted };
            if interrupted() {
                return Err(Stopped::Interrupted);
            }
        }
        Ok(())
    }
}

impl Stopped {
    pub(super) fn error(self, call: Duration) -> PluginError {
        match self {
            Stopped::CallTime => PluginError::Limit {
                limit: "call_ms",
                message: format!("the call took more than {} ms (limits.call_ms of the plugin)", call.as_millis()),
            },
            Stopped::Interrupted => PluginError::Interrupted,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_call_ends_with_its_time() {
        let mut bounds = Bounds::new(TICK * 3);
        assert_eq!(bounds.check(), Ok(()));
        std::thread::sleep(TICK * 3);
        assert_eq!(bounds.check(), Err(Stopped::CallTime));
    }

    #[test]
    fn a_call_ends_with_its_caller() {
        let gone = AtomicBool::new(false);
        let asked = || gone.load(Ordering::Relaxed);
        let mut bounds = Bounds::new(Duration::from_secs(9));
        // SAFETY: `asked` outlives `bounds`' last question.
        unsafe { bounds.begin(&asked) };
        assert_eq!(bounds.check(), Ok(()));
        gone.store(true, Ordering::Relaxed);
        assert_eq!(bounds.check(), Err(Stopped::Interrupted));
        bounds.end();
        assert_eq!(bounds.check(), Ok(()));
    }
}
