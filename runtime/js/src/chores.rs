//! Threads of the host that do what guests ask for: they write to the storage, exchange with others, and write the log. One
//! that is always busy is so for guests that are, and makes way as they do (see [`crate::processors`]).

use std::cell::OnceCell;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::turns::Turns;
use crate::watchdog::{ThreadClock, Watchdog};

thread_local! {
    static OWN: OnceCell<Own> = const { OnceCell::new() };
}

/// One such thread as the watchdog sees it.
pub(crate) struct Chore {
    clock: ThreadClock,
    /// `None` once the thread ends: its number may be another's afterwards.
    turns: Mutex<Option<Turns>>,
}

struct Own(Arc<Chore>);

impl Drop for Own {
    fn drop(&mut self) {
        self.0.turns.lock().take();
    }
}

/// The thread that calls this does what guests ask for, until it ends.
pub fn work_for_guests_on_this_thread() {
    OWN.with(|own| {
        own.get_or_init(|| {
            let clock = ThreadClock::of_this_thread();
            let turns = Mutex::new(Some(Turns::of_a_chore(clock.read())));
            let chore = Arc::new(Chore { clock, turns });
            Watchdog::global().watch_chore(&chore);
            Own(chore)
        });
    });
}

impl Chore {
    /// Looks at what it does; `confined` says whether who is busy makes way for others.
    pub(crate) fn check(&self, confined: bool) {
        if let Some(turns) = self.turns.lock().as_mut() {
            turns.look(|| self.clock.read());
            turns.confine(confined && turns.is_busy());
        }
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.turns.lock().as_ref().is_some_and(Turns::is_busy)
    }
}
