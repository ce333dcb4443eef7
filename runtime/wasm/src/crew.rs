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
            builder.build().inspect_err(|error| tracing::warn!(%error, "no threads for busy guests")).ok()
        };
        self.runtime.get_or_init(start).as_ref()
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        // What still runs is nobody's any more, and the last owner may be a task of a runtime, which must not block.
        if let Some(runtime) = self.runtime.take().flatten() {
            runtime.shutdown_background();
        }
    }
}
