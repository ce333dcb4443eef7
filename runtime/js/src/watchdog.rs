//! CPU time and memory of running isolates, enforced from one thread for all of them.
//!
//! An isolate's thread publishes a deadline on its own CPU clock before it enters V8 (a *slice*) and takes it back
//! after. The watchdog reads those clocks and terminates what is over. Both sides hold the slice's lock while they
//! change it, so a late termination cannot hit a later slice.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::thread::Thread;
use std::time::Duration;

use deno_core::v8;
use parking_lot::Mutex;

use crate::memory::MemoryMeter;

/// How often running slices are looked at. A slice is stopped at most this long, and one scheduling delay, too late.
const TICK: Duration = Duration::from_millis(5);
/// Ticks without any slice before the watchdog sleeps until the next one.
const IDLE_TICKS: u32 = 40;

/// Why an isolate was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kill {
    Cpu,
    Memory,
}

/// The CPU clock of one thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThreadClock(clock::Id);

impl ThreadClock {
    /// The calling thread's.
    pub(crate) fn of_this_thread() -> Self {
        ThreadClock(clock::of_this_thread())
    }

    /// CPU time used so far. Zero once the thread has ended.
    pub(crate) fn read(self) -> Duration {
        clock::read(self.0)
    }
}

/// One isolate as the watchdog sees it.
pub(crate) struct Meter {
    clock: ThreadClock,
    isolate: v8::IsolateHandle,
    memory: Arc<MemoryMeter>,
    /// Keeps new calls away from a killed isolate, which may take long to notice: native code of V8 does not look.
    on_kill: Box<dyn Fn() + Send + Sync>,
    slice: Mutex<Slice>,
    /// What killed the isolate; set once.
    kill: Mutex<Option<Kill>>,
    killed: AtomicBool,
}

struct Slice {
    /// On the thread's CPU clock; `None` outside of a slice.
    deadline: Option<Duration>,
}

impl Meter {
    pub(crate) fn new(
        isolate: v8::IsolateHandle,
        memory: Arc<MemoryMeter>,
        on_kill: impl Fn() + Send + Sync + 'static,
    ) -> Arc<Self> {
        let meter = Arc::new(Meter {
            clock: ThreadClock::of_this_thread(),
            isolate,
            memory,
            on_kill: Box::new(on_kill),
            slice: Mutex::new(Slice { deadline: None }),
            kill: Mutex::new(None),
            killed: AtomicBool::new(false),
        });
        Watchdog::global().watch(&meter);
        meter
    }

    /// Enters V8 with `budget` of CPU time. Answers the clock's reading, for [`Meter::end`].
    pub(crate) fn begin(&self, budget: Duration) -> Duration {
        let now = self.clock.read();
        self.slice.lock().deadline = Some(now + budget);
        Watchdog::global().wake();
        now
    }

    /// Leaves V8; answers the CPU time used since `begun`.
    pub(crate) fn end(&self, begun: Duration) -> Duration {
        self.slice.lock().deadline = None;
        self.clock.read().saturating_sub(begun)
    }

    /// Stops the guest for good, whoever asks first. It may be called from any thread and from V8's callbacks.
    pub(crate) fn kill(&self, reason: Kill) {
        let mut kill = self.kill.lock();
        if kill.is_none() {
            *kill = Some(reason);
            self.killed.store(true, Ordering::Release);
            self.isolate.terminate_execution();
            (self.on_kill)();
        }
    }

    pub(crate) fn killed(&self) -> Option<Kill> {
        if self.killed.load(Ordering::Acquire) { *self.kill.lock() } else { None }
    }

    fn check(&self) -> Running {
        let slice = self.slice.lock();
        let Some(deadline) = slice.deadline else { return Running::No };
        if self.killed.load(Ordering::Acquire) {
            // deno_core takes a termination back while it makes an error of it; the guest must not profit.
            self.isolate.terminate_execution();
        } else if self.clock.read() >= deadline {
            self.kill(Kill::Cpu);
        } else if self.memory.over_limit() {
            self.kill(Kill::Memory);
        } else {
            self.memory.request_sample(&self.isolate);
        }
        Running::Yes
    }
}

#[derive(PartialEq)]
enum Running {
    Yes,
    No,
}

struct Watchdog {
    meters: Mutex<Vec<Weak<Meter>>>,
    thread: OnceLock<Thread>,
    asleep: AtomicBool,
    slices: AtomicU32,
}

impl Watchdog {
    fn global() -> &'static Watchdog {
        static WATCHDOG: OnceLock<&'static Watchdog> = OnceLock::new();
        WATCHDOG.get_or_init(|| {
            let watchdog: &'static Watchdog = Box::leak(Box::new(Watchdog {
                meters: Mutex::new(Vec::new()),
                thread: OnceLock::new(),
                asleep: AtomicBool::new(false),
                slices: AtomicU32::new(0),
            }));
            let handle = std::thread::Builder::new()
                .name("watchdog".to_owned())
                .spawn(move || watchdog.run())
                .expect("the system can start one more thread");
            let _ = watchdog.thread.set(handle.thread().clone());
            watchdog
        })
    }

    fn watch(&self, meter: &Arc<Meter>) {
        let mut meters = self.meters.lock();
        meters.retain(|known| known.strong_count() > 0);
        meters.push(Arc::downgrade(meter));
    }

    fn wake(&self) {
        self.slices.fetch_add(1, Ordering::SeqCst);
        if self.asleep.load(Ordering::SeqCst)
            && self.asleep.swap(false, Ordering::SeqCst)
            && let Some(thread) = self.thread.get()
        {
            thread.unpark();
        }
    }

    fn run(&self) {
        let mut idle = 0;
        loop {
            std::thread::park_timeout(TICK);
            let before = self.slices.load(Ordering::SeqCst);
            // The list is copied so that starting an isolate never waits for a look at all of them.
            let meters: Vec<_> = self.meters.lock().iter().filter_map(Weak::upgrade).collect();
            let running = meters.iter().filter(|meter| meter.check() == Running::Yes).count();
            drop(meters);
            idle = if running == 0 { idle + 1 } else { 0 };
            if idle >= IDLE_TICKS {
                self.asleep.store(true, Ordering::SeqCst);
                // A slice that began before `asleep` was set did not wake anybody.
                while self.asleep.load(Ordering::SeqCst) && self.slices.load(Ordering::SeqCst) == before {
                    std::thread::park();
                }
                self.asleep.store(false, Ordering::SeqCst);
                idle = 0;
            }
        }
    }
}

#[cfg(target_os = "linux")]
mod clock {
    use std::time::Duration;

    pub(super) type Id = libc::clockid_t;

    pub(super) fn of_this_thread() -> Id {
        let mut id = 0;
        // SAFETY: pthread_self is always valid in the thread that calls it, and `id` outlives the call.
        let failed = unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &mut id) };
        assert_eq!(failed, 0, "a running thread has a CPU clock");
        id
    }

    pub(super) fn read(id: Id) -> Duration {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `time` outlives the call. A clock of a thread that has ended is refused with EINVAL, not undefined.
        if unsafe { libc::clock_gettime(id, &mut time) } != 0 {
            return Duration::ZERO;
        }
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }
}

#[cfg(target_os = "macos")]
mod clock {
    use std::time::Duration;

    pub(super) type Id = libc::mach_port_t;

    pub(super) fn of_this_thread() -> Id {
        // SAFETY: pthread_self is always valid in the thread that calls it.
        unsafe { libc::pthread_mach_thread_np(libc::pthread_self()) }
    }

    pub(super) fn read(id: Id) -> Duration {
        // SAFETY: a thread_basic_info of zeros is a valid value of that plain C struct.
        let mut info: libc::thread_basic_info = unsafe { std::mem::zeroed() };
        let mut count = (size_of::<libc::thread_basic_info>() / size_of::<libc::integer_t>()) as u32;
        // SAFETY: `info` and `count` outlive the call and `count` is the size of `info` in integers. The port of a
        // thread that has ended is refused, not undefined.
        let failed =
            unsafe { libc::thread_info(id, libc::THREAD_BASIC_INFO as u32, (&raw mut info).cast(), &mut count) };
        if failed != 0 {
            return Duration::ZERO;
        }
        let (user, system) = (info.user_time, info.system_time);
        Duration::new((user.seconds + system.seconds) as u64, 0)
            + Duration::from_micros((user.microseconds + system.microseconds) as u64)
    }
}
