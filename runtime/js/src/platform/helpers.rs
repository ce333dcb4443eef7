//! Garbage is collected by the guest's own thread, and by no other.
//!
//! `--single-threaded-gc` says so, but V8 15.0 posts the work of a young generation as a job even then. A helper thread
//! takes it, most of the time before the guest has come to do it itself, and the guest then waits for the helper: that
//! is on nobody's bill, and the helper may have to wait for a processor behind busy guests.
//!
//! A job gets as many helpers as its platform says that it has. So the platform says "none" to a thread that collects
//! garbage: the job is posted to nobody, and whoever joins it does all of it.

use std::ffi::{c_int, c_void};
use std::sync::OnceLock;

use super::virtual_table::{Place, exchange};
use super::{COLLECTING, PLATFORM_FUNCTIONS};

/// After two destructors, `GetPageAllocator`, `GetThreadIsolatedAllocator`, `GetZeroSegmentSize` and
/// `OnCriticalMemoryPressure` in `v8::Platform`.
const NUMBER_OF_WORKER_THREADS: Place = Place { at: 6, of: PLATFORM_FUNCTIONS };

type NumberOfWorkerThreads = unsafe extern "C" fn(*mut c_void) -> c_int;

static ORIGINAL: OnceLock<NumberOfWorkerThreads> = OnceLock::new();

/// # Safety
///
/// `platform` is V8's, and nobody calls it meanwhile.
pub(super) unsafe fn adapt(platform: *mut c_void) {
    // SAFETY: the function has the same signature in C++, and the original one is what `NumberOfWorkerThreads` says.
    unsafe {
        let original = exchange(platform, &NUMBER_OF_WORKER_THREADS, number_of_worker_threads as *const c_void);
        let _set_once = ORIGINAL.set(std::mem::transmute::<*const c_void, NumberOfWorkerThreads>(original));
    }
}

unsafe extern "C" fn number_of_worker_threads(platform: *mut c_void) -> c_int {
    let Some(original) = ORIGINAL.get().filter(|_| !COLLECTING.get()) else { return 0 };
    // SAFETY: V8 calls this with the platform, whose own function that is.
    unsafe { original(platform) }
}

/// What V8 is told on this thread.
#[cfg(test)]
pub(super) fn count() -> c_int {
    let platform = super::platform();
    // SAFETY: this is V8's platform, and the function has that signature.
    unsafe {
        let function = super::virtual_table::function(platform, &NUMBER_OF_WORKER_THREADS);
        std::mem::transmute::<*const c_void, NumberOfWorkerThreads>(function)(platform)
    }
}
