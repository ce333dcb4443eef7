//! Threads for guests that are busy.
//!
//! A guest begins on the thread that its request came in on, and most are done there. One that is still busy after an
//! epoch goes on here: the system shares the cores fairly between these threads and those that serve connections, which
//! would otherwise look at their sockets once in many epochs.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};
use tokio_util::task::AbortOnDropHandle;

/// How many turns of guests the threads take between two looks at timers and sockets.
const EVENT_INTERVAL: u32 = 2;

/// As that of the threads of isolates: the weight of the host's is three times theirs.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

#[derive(Default)]
pub(crate) struct Crew {
    runtime: OnceLock<Option<Runtime>>,
}

impl Crew {
    /// Goes on with a guest on the crew's threads; on this runtime's where the system gives no more threads. Dropping the
    /// handle stops it at its next epoch.
    pub(crate) fn spawn<F>(&self, guest: F) -> AbortOnDropHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        AbortOnDropHandle::new(match self.runtime() {
            Some(runtime) => runtime.spawn(guest),
            None => tokio::spawn(guest),
        })
    }

    fn runtime(&self) -> Option<&Runtime> {
        let start = || {
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(threads).thread_name("wasm-guests").event_interval(EVENT_INTERVAL).enable_all();
            builder.on_thread_start(postpone_this_thread);
            builder.build().inspect_err(|error| tracing::warn!(%error, "no threads for busy guests")).ok()
        };
        self.runtime.get_or_init(start).as_ref()
    }
}

/// What serves everybody goes first: as busy isolates' threads, these are a little nicer than the process. Where the system
/// refuses, they are as nice as it.
#[cfg(target_os = "linux")]
fn postpone_this_thread() {
    // SAFETY: both calls take numbers and touch no memory. On Linux niceness is a thread's, and 0 is the one that calls.
    unsafe {
        let process = libc::getpriority(libc::PRIO_PROCESS, std::process::id());
        let _refused = libc::setpriority(libc::PRIO_PROCESS, 0, (process + NICENESS).min(19));
    }
}

/// Elsewhere niceness is the whole process's.
#[cfg(not(target_os = "linux"))]
fn postpone_this_thread() {}

impl Drop for Crew {
    fn drop(&mut self) {
        // What still runs is nobody's any more, and the last owner may be a task of a runtime, which must not block.
        if let Some(runtime) = self.runtime.take().flatten() {
            runtime.shutdown_background();
        }
    }
}
