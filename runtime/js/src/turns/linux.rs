//! What Linux is told about threads, and says of them.

use std::time::Duration;

pub(crate) type Thread = libc::pid_t;

/// Threads that this one starts have the usual turns, not its own.
const RESET_ON_FORK: u64 = 1;

/// `struct sched_attr` of the kernel, up to what is used here: its first version.
#[repr(C)]
struct Attributes {
    size: u32,
    policy: u32,
    flags: u64,
    nice: i32,
    priority: u32,
    /// The length of a turn, in nanoseconds.
    runtime: u64,
    deadline: u64,
    period: u64,
}

pub(crate) fn this_thread() -> Thread {
    // SAFETY: the call has no arguments and no effects.
    unsafe { libc::gettid() }
}

/// The thread that the process began with has the process's number.
pub(crate) fn process() -> Thread {
    std::process::id() as Thread
}

pub(crate) fn niceness(thread: Thread) -> i32 {
    // SAFETY: the call reads a number; a thread that is not there is an error, which is answered as -1.
    unsafe { libc::getpriority(libc::PRIO_PROCESS, thread as libc::id_t) }
}

/// A refusal changes nothing that is promised: the thread has the turns and the niceness that it had.
pub(crate) fn set(thread: Thread, turn: Duration, niceness: i32) {
    let attributes = Attributes {
        size: size_of::<Attributes>() as u32,
        policy: libc::SCHED_OTHER as u32,
        flags: RESET_ON_FORK,
        nice: niceness,
        priority: 0,
        runtime: turn.as_nanos() as u64,
        deadline: 0,
        period: 0,
    };
    // SAFETY: the attributes outlive the call, which reads as many bytes of them as their size says.
    let failed = unsafe { libc::syscall(libc::SYS_sched_setattr, thread, &raw const attributes, 0) };
    if failed != 0 {
        tracing::debug!(thread, error = %std::io::Error::last_os_error(), "a thread keeps the turns it has");
    }
}

/// For how long a thread wanted a processor and had none. Zero where the system does not say.
pub(crate) fn waited(thread: Thread) -> Duration {
    let path = format!("/proc/self/task/{thread}/schedstat");
    let nanoseconds = std::fs::read_to_string(path).ok().and_then(|said| said.split(' ').nth(1)?.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

pub(crate) fn threads() -> Vec<Thread> {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return Vec::new() };
    let number = |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    threads.filter_map(number).collect()
}
