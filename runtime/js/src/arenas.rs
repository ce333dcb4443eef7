//! Where the C library takes memory from for each thread.
//!
//! glibc has eight arenas for each processor, and threads beyond that many share them, each with a lock. A thread that is
//! made to wait for a processor may hold such a lock, and whoever shares the arena waits as long: tens of milliseconds
//! for a guest that has nothing to do with it. So each thread gets an arena of its own. Those of threads that have ended go to new ones.

/// More threads than a process can have under any limit that is usual; glibc makes an arena when a thread needs one.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const ARENAS_MAX: i32 = 32_768;

/// Call it before there are threads: those that share an arena keep it.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn one_for_each_thread() {
    // SAFETY: the call sets a number, which glibc reads under its own lock. A refusal leaves the default.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, ARENAS_MAX) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn one_for_each_thread() {}
