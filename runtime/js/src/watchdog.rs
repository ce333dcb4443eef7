//! CPU time and memory of running isolates, enforced from one thread for all of them.
//!
//! An isolate's thread publishes a budget of CPU time before it enters V8 (a *slice*) and takes it back after. The
//! watchdog reads the clocks of the threads that are in one and terminates what is over. Both sides hold the slice's
//! lock while they change it, so a late termination cannot hit a later slice.
//!
//! Reading a thread's CPU clock is a system call, so most slices, which are over in some microseconds, do without: they
//! are billed the time that passed, and the watchdog gives those it finds their deadline.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::thread::Thread;
use std::time::{Duration, Instant};

use deno_core::{SourceMapper, v8};
use parking_lot::Mutex;
use worky_engine::Place;
use worky_host::Bindings;

use crate::chores::Chore;
use crate::guest_error;
use crate::memory::MemoryMeter;
use crate::processors::Crowd;
use crate::turns::{self, Turns};
use crate::whereabouts::Whereabouts;

/// How often running slices are looked at. A slice is stopped at most this long, and one scheduling delay, too late.
const TICK: Duration = Duration::from_millis(5);
/// A slice that has used this much since the watchdog first saw it holds up what else is on its thread.
const STUCK_AFTER: Duration = Duration::from_millis(15);
/// A slice shorter than this is billed the time that passed: no more than that was CPU time.
const SHORT_SLICE: Duration = Duration::from_micros(100);
/// How old a reading of the CPU clock may be from which a longer slice is billed.
const READING_AGE_MAX: Duration = Duration::from_millis(10);
/// A slice that used as much CPU time after the isolate was killed is in native code that takes no notice. What takes V8
/// longest and does end, a JSON text of the largest length that a string can have, takes some 10 s; its callers are to
/// get an answer.
const LOST_AFTER: Duration = Duration::from_secs(30);
/// A guest that ran within this time may want another moment soon.
const ACTIVE: Duration = Duration::from_millis(200);
/// A worker whose isolate was busy within this time will be busy with its next one, too.
const BUSY_LATELY: Duration = Duration::from_secs(5);
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
    warden: Box<dyn Warden>,
    whereabouts: Arc<Whereabouts>,
    /// Whose isolate it is, once it is somebody's.
    worker: OnceLock<Arc<str>>,
    slice: Mutex<Slice>,
    /// What killed the isolate; set once.
    kill: Mutex<Option<Kill>>,
    killed: AtomicBool,
}

struct Slice {
    /// What the slice may use; `None` outside of one.
    budget: Option<Duration>,
    /// When it began, or the last one did.
    begun: Instant,
    /// On the thread's CPU clock, once the watchdog has seen the slice.
    deadline: Option<Duration>,
    stuck: bool,
    /// On the thread's CPU clock, when the watchdog first saw it run on although the isolate was killed.
    killed_at: Option<Duration>,
    /// It is given up.
    lost: bool,
    /// The last time that the thread read its CPU clock, and what it showed.
    reading: (Instant, Duration),
    turns: Turns,
}

/// Told by the watchdog, on its own thread.
pub(crate) trait Warden: Send + Sync {
    /// The isolate is killed, and may take long to notice: native code of V8 does not look.
    fn killed(&self, reason: Kill);

    /// A slice takes so long that whatever else is on the thread should not wait for it.
    fn stuck(&self);

    /// That slice is over.
    fn unstuck(&self);

    /// The isolate is killed and its thread does not come back, or not soon. It may be that thread that says so.
    fn lost(&self);
}

impl Meter {
    pub(crate) fn new(
        isolate: v8::IsolateHandle,
        memory: Arc<MemoryMeter>,
        warden: impl Warden + 'static,
    ) -> Arc<Self> {
        let clock = ThreadClock::of_this_thread();
        let read = clock.read();
        let reading = (Instant::now(), read);
        let turns = Turns::of_this_thread(read);
        let meter = Arc::new(Meter {
            clock,
            isolate,
            memory,
            warden: Box::new(warden),
            whereabouts: Arc::default(),
            worker: OnceLock::new(),
            slice: Mutex::new(Slice {
                budget: None,
                begun: reading.0,
                deadline: None,
                stuck: false,
                killed_at: None,
                lost: false,
                reading,
                turns,
            }),
            kill: Mutex::new(None),
            killed: AtomicBool::new(false),
        });
        Watchdog::global().watch(&meter);
        meter
    }

    /// The isolate is this worker's from now on.
    pub(crate) fn belongs_to(&self, worker: Arc<str>) {
        // Asked before the lock is taken, since the watchdog asks each meter while it looks at all of them.
        let was_busy = Watchdog::global().was_busy(&worker);
        let mut slice = self.slice.lock();
        if was_busy {
            slice.turns.expect_busy();
        } else {
            slice.turns.confine(false);
        }
        drop(slice);
        let _set_once = self.worker.set(worker);
    }

    /// Enters V8 with `budget` of CPU time. Answers the time, for [`Meter::end`].
    pub(crate) fn begin(&self, budget: Duration) -> Instant {
        let now = Instant::now();
        let mut slice = self.slice.lock();
        if now - slice.reading.0 > READING_AGE_MAX {
            let read = self.clock.read();
            slice.reading = (now, read);
            slice.turns.begins(read);
        }
        (slice.budget, slice.begun) = (Some(budget), now);
        drop(slice);
        Watchdog::global().wake();
        now
    }

    /// What the slice that runs has used so far. On the isolate's thread.
    pub(crate) fn used(&self) -> Duration {
        let slice = self.slice.lock();
        if slice.budget.is_none() {
            return Duration::ZERO;
        }
        let passed = slice.begun.elapsed();
        if passed <= SHORT_SLICE {
            return passed;
        }
        self.clock.read().saturating_sub(slice.reading.1).min(passed)
    }

    /// Leaves V8; answers the CPU time used since `begun`, or up to [`SHORT_SLICE`] more, and the time.
    pub(crate) fn end(&self, begun: Instant) -> (Duration, Instant) {
        let now = Instant::now();
        let passed = now - begun;
        let mut slice = self.slice.lock();
        (slice.budget, slice.deadline) = (None, None);
        if std::mem::take(&mut slice.stuck) {
            self.warden.unstuck();
        }
        if passed <= SHORT_SLICE {
            return (passed, now);
        }
        let read = self.clock.read();
        let used = read.saturating_sub(slice.reading.1);
        slice.reading = (now, read);
        (used.min(passed), now)
    }

    /// Whatever the isolate's thread does until this is dropped is on nobody's bill: a debugger holds it, or uses it.
    pub(crate) fn suspend(&self) -> Suspended<'_> {
        let mut slice = self.slice.lock();
        let began = self.clock.read();
        Suspended { meter: self, began, budget: slice.budget.take() }
    }

    /// Stops the guest for good, whoever asks first. It may be called from any thread and from V8's callbacks.
    pub(crate) fn kill(&self, reason: Kill) {
        let mut kill = self.kill.lock();
        if kill.is_none() {
            *kill = Some(reason);
            self.killed.store(true, Ordering::Release);
            self.isolate.terminate_execution();
            self.warden.killed(reason);
        }
    }

    /// The slice that runs has no end: its thread will not come back.
    pub(crate) fn abandon(&self) {
        self.slice.lock().budget = None;
        self.warden.lost();
    }

    pub(crate) fn killed(&self) -> Option<Kill> {
        if self.killed.load(Ordering::Acquire) { *self.kill.lock() } else { None }
    }

    /// Puts the place where the slice was that runs or ran last, if it is known, to what became of it.
    pub(crate) fn place(&self, what: String, sources: &mut SourceMapper, bindings: &Bindings) -> Place {
        let begun = self.slice.lock().begun;
        let error = self.whereabouts.place(begun, what, sources)?;
        Some(Box::new(guest_error::told(error, bindings)))
    }

    /// Looks at what runs; `confined` says whether busy guests make way for others.
    fn check(&self, confined: bool) -> Running {
        let mut slice = self.slice.lock();
        let Some(budget) = slice.budget else { return Running::No };
        let now = self.clock.read();
        let deadline = *slice.deadline.get_or_insert(now + budget);
        let first_seen = deadline.saturating_sub(budget);
        slice.turns.seen_running(first_seen, now);
        let busy = slice.turns.is_busy();
        slice.turns.confine(confined && busy);
        // By its own clock: on a busy machine a slice may take long without being long.
        if !slice.stuck && now.saturating_sub(first_seen) >= STUCK_AFTER {
            slice.stuck = true;
            self.warden.stuck();
        }
        if self.killed.load(Ordering::Acquire) {
            let killed_at = *slice.killed_at.get_or_insert(now);
            if !slice.lost && now.saturating_sub(killed_at) >= LOST_AFTER {
                slice.lost = true;
                slice.turns.come_last();
                self.warden.lost();
            }
            // deno_core takes a termination back while it makes an error of it; the guest must not profit.
            self.isolate.terminate_execution();
        } else if now >= deadline {
            self.kill(Kill::Cpu);
        } else if self.memory.over_limit() {
            self.kill(Kill::Memory);
        } else {
            self.memory.request_sample(&self.isolate);
            // It may be the last time that it can be asked.
            self.whereabouts.request(&self.isolate);
        }
        Running::Yes
    }

    /// What it does to others.
    fn temper(&self, now: Instant) -> Temper {
        let slice = self.slice.lock();
        match () {
            () if now.saturating_duration_since(slice.reading.0) > ACTIVE => Temper::Quiet,
            () if slice.turns.is_busy() => Temper::Busy,
            () => Temper::Calm,
        }
    }

    fn is_running(&self) -> bool {
        self.slice.lock().budget.is_some()
    }
}

/// A slice that does not run on, on the isolate's thread.
pub(crate) struct Suspended<'a> {
    meter: &'a Meter,
    /// On the thread's CPU clock.
    began: Duration,
    budget: Option<Duration>,
}

impl Drop for Suspended<'_> {
    fn drop(&mut self) {
        let mut slice = self.meter.slice.lock();
        let used = self.meter.clock.read().saturating_sub(self.began);
        slice.budget = self.budget;
        slice.deadline = slice.deadline.map(|deadline| deadline + used);
        slice.reading.1 += used;
        drop(slice);
        Watchdog::global().wake();
    }
}

enum Temper {
    /// It has not run lately.
    Quiet,
    /// It wants a moment now and then.
    Calm,
    Busy,
}

#[derive(PartialEq)]
enum Running {
    Yes,
    No,
}

/// Starts the thread. A guest's must not be the one that does: a thread begins as nice as the one that starts it.
pub(crate) fn start() {
    Watchdog::global();
}

pub(crate) struct Watchdog {
    meters: Mutex<Vec<Weak<Meter>>>,
    chores: Mutex<Vec<Weak<Chore>>>,
    /// When an isolate of each worker was last seen busy.
    busy: Mutex<HashMap<Arc<str>, Instant>>,
    thread: OnceLock<Thread>,
    asleep: AtomicBool,
}

impl Watchdog {
    pub(crate) fn global() -> &'static Watchdog {
        static WATCHDOG: OnceLock<&'static Watchdog> = OnceLock::new();
        WATCHDOG.get_or_init(|| {
            let watchdog: &'static Watchdog = Box::leak(Box::new(Watchdog {
                meters: Mutex::default(),
                chores: Mutex::default(),
                busy: Mutex::default(),
                thread: OnceLock::new(),
                asleep: AtomicBool::new(false),
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

    pub(crate) fn watch_chore(&self, chore: &Arc<Chore>) {
        let mut chores = self.chores.lock();
        chores.retain(|known| known.strong_count() > 0);
        chores.push(Arc::downgrade(chore));
    }

    fn wake(&self) {
        if self.asleep.load(Ordering::SeqCst)
            && self.asleep.swap(false, Ordering::SeqCst)
            && let Some(thread) = self.thread.get()
        {
            thread.unpark();
        }
    }

    fn run(&self) {
        turns::prefer_this_thread();
        let (mut idle, mut crowd) = (0, Crowd::default());
        loop {
            std::thread::park_timeout(TICK);
            let (meters, now) = (self.meters(), Instant::now());
            let chores = living(&self.chores);
            let confined = crowd.look(self.somebody_waits(&meters, &chores, now), now);
            chores.iter().for_each(|chore| chore.check(confined));
            let running = meters.iter().filter(|meter| meter.check(confined) == Running::Yes).count();
            idle = if running == 0 { idle + 1 } else { 0 };
            if idle >= IDLE_TICKS {
                self.asleep.store(true, Ordering::SeqCst);
                // A slice that began before that did not wake anybody, and is seen here: whoever takes the slice's lock
                // later sees `asleep`.
                while self.asleep.load(Ordering::SeqCst) && !self.meters().iter().any(|meter| meter.is_running()) {
                    std::thread::park();
                }
                self.asleep.store(false, Ordering::SeqCst);
                idle = 0;
            }
        }
    }

    /// Whether a guest wants a moment of whose worker no isolate was busy lately, while some other's is, or a thread that
    /// works for guests.
    fn somebody_waits(&self, meters: &[Arc<Meter>], chores: &[Arc<Chore>], now: Instant) -> bool {
        let (mut seen, mut calm) = (Vec::new(), Vec::new());
        for meter in meters {
            let Some(worker) = meter.worker.get() else { continue };
            match meter.temper(now) {
                Temper::Busy => seen.push(worker),
                Temper::Calm => calm.push(worker),
                Temper::Quiet => {}
            }
        }
        let mut busy = self.busy.lock();
        busy.retain(|_, seen| now.saturating_duration_since(*seen) < BUSY_LATELY);
        busy.extend(seen.into_iter().map(|worker| (worker.clone(), now)));
        let somebody_is_busy = !busy.is_empty() || chores.iter().any(|chore| chore.is_busy());
        somebody_is_busy && calm.into_iter().any(|worker| !busy.contains_key(worker))
    }

    fn was_busy(&self, worker: &str) -> bool {
        self.busy.lock().get(worker).is_some_and(|seen| seen.elapsed() < BUSY_LATELY)
    }

    fn meters(&self) -> Vec<Arc<Meter>> {
        living(&self.meters)
    }
}

/// The list is copied so that starting an isolate or a thread never waits for a look at all of them.
fn living<T>(watched: &Mutex<Vec<Weak<T>>>) -> Vec<Arc<T>> {
    watched.lock().iter().filter_map(Weak::upgrade).collect()
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
