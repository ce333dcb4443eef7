//! What the system's scheduler is told about threads, so that a guest that is always busy does not hold up one that only
//! wants a moment.
//!
//! Linux gives threads that want a processor equal shares, weighted by their niceness. Who of them runs *next* depends
//! on the length of the turns that each asks for: one that asks for short turns and has used less than its share runs
//! at once, where the usual turn would let it wait for one to four milliseconds behind whoever runs. Threads of the host
//! and of guests that use little ask for the shortest turns; a guest that is busy gets long ones, and its share.
//!
//! Turns can be changed both ways without any privilege, niceness only upwards, so it is what all guests have in common:
//! they are a little nicer than the threads that serve everybody. Linux before 6.12 has no turns of a length of one's
//! own, and other systems neither; there only the niceness holds, or nothing.

use std::time::{Duration, Instant};

use crate::processors;

#[cfg_attr(target_os = "linux", path = "turns/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "turns/other.rs")]
pub(crate) mod sys;

/// How much nicer guests are than the host, whose weight is twice theirs then. More would hold them up too much where other
/// programs are busy on the same machine.
const GUEST_NICENESS: i32 = 3;
/// The shortest turn that Linux gives.
const SHORT: Duration = Duration::from_micros(100);
/// Longer than the turns that other programs get unasked (0.7 to 2.8 ms), which run first then. Not longer than it has to
/// be: of many busy guests on one processor each waits for the turns of all others, and whoever wants a lock that it
/// holds, in V8 or in the kernel, waits with it.
const LONG: Duration = Duration::from_millis(3);

/// A guest is busy once it has run for this long without a pause …
const BUSY_AFTER: Duration = Duration::from_millis(4);
/// … or for at least this part of the time, in percent, since it was last looked at …
const BUSY_PERCENT: u32 = 10;
/// … which is this long ago at least.
const LOOK_PERIOD: Duration = Duration::from_millis(50);
/// It is busy no more once it has run for less than this part of as long a time, and was not busy over a longer one: work
/// that comes in bursts would begin each of them among those that use little.
const CALM_PERCENT: u32 = 5;
const LONG_LOOK_PERIOD: Duration = Duration::from_secs(1);

/// The thread that calls this serves everybody: it is to run as soon as it has something to do.
pub fn prefer_this_thread() {
    sys::set(sys::this_thread(), SHORT, sys::niceness(sys::process()));
}

/// The thread that calls this is a guest's, and has much to do before the guest can answer anybody.
pub(crate) fn postpone_this_thread() {
    sys::set(sys::this_thread(), LONG, guest_niceness());
    if processors::are_confined() {
        processors::place(sys::this_thread(), true);
    }
}

/// The threads that the process has.
pub(crate) fn threads() -> Vec<sys::Thread> {
    sys::threads()
}

/// The threads that V8 has for compiling and collecting garbage do that for guests that are busy: all that were not there
/// `before` it was started.
pub(crate) fn postpone_threads_since(before: &[sys::Thread]) {
    let mut threads = sys::threads();
    threads.retain(|thread| !before.contains(thread));
    for &thread in &threads {
        sys::set(thread, LONG, guest_niceness());
    }
    processors::helpers_are(threads);
}

fn guest_niceness() -> i32 {
    // From that of the process, and not of this thread, which may be a guest's itself.
    (sys::niceness(sys::process()) + GUEST_NICENESS).min(19)
}

/// The turns of one guest's thread.
#[derive(Debug)]
pub(crate) struct Turns {
    thread: sys::Thread,
    niceness: i32,
    busy: bool,
    /// It runs where busy guests run.
    confined: bool,
    last: Look,
    long_ago: Look,
    /// The part of a processor that it had between two looks that were long apart, in percent.
    long_share: u32,
}

/// What a thread's CPU clock said, and when.
#[derive(Debug, Clone, Copy)]
struct Look {
    at: Instant,
    cpu: Duration,
    /// For how long it had waited for a processor, of those that are busy: ten of them on one processor have a tenth of it
    /// each, and are no less busy for that.
    waited: Duration,
}

impl Look {
    /// The part of the time that the thread ran between two looks, in percent of that in which it could run or had nothing
    /// to do; `None` where they are closer than `period`.
    fn share_since(self, earlier: Look, period: Duration) -> Option<u32> {
        let passed = self.at.saturating_duration_since(earlier.at);
        let waited = self.waited.saturating_sub(earlier.waited);
        let ran = self.cpu.saturating_sub(earlier.cpu).as_micros();
        let had = passed.saturating_sub(waited).as_micros().max(1);
        (passed >= period).then(|| (ran * 100 / had).min(100) as u32)
    }
}

impl Turns {
    /// Of the calling thread, which is a guest's from now on. `cpu` is what its clock says.
    pub(crate) fn of_this_thread(cpu: Duration) -> Self {
        Turns::new(guest_niceness(), processors::are_confined(), cpu)
    }

    /// Of the calling thread, which does what guests ask for. `cpu` is what its clock says.
    pub(crate) fn of_a_chore(cpu: Duration) -> Self {
        // Where a busy guest's thread starts it, it is where that is.
        processors::place(sys::this_thread(), false);
        Turns::new(sys::niceness(sys::process()), false, cpu)
    }

    fn new(niceness: i32, confined: bool, cpu: Duration) -> Self {
        let now = Look { at: Instant::now(), cpu, waited: Duration::ZERO };
        let thread = sys::this_thread();
        let turns = Turns { thread, niceness, busy: false, confined, last: now, long_ago: now, long_share: 0 };
        turns.ask_for(SHORT);
        turns
    }

    /// The guest runs, and has done so since its clock said `begun`. Called by others than its own thread, which must
    /// live: its number may be another's afterwards.
    pub(crate) fn seen_running(&mut self, begun: Duration, cpu: Duration) {
        let share = self.look_now(cpu);
        if !self.busy && (cpu.saturating_sub(begun) >= BUSY_AFTER || share.is_some_and(|share| share >= BUSY_PERCENT)) {
            self.be_busy();
        }
    }

    /// The guest is about to run. Called by its own thread.
    pub(crate) fn begins(&mut self, cpu: Duration) {
        if !self.busy {
            self.confine(false);
        } else if let Some(share) = self.look_now(cpu) {
            self.calm_down(share);
        }
    }

    /// The thread may run or not. Called by others than itself; it must live. `cpu` reads its clock.
    pub(crate) fn look(&mut self, cpu: impl FnOnce() -> Duration) {
        if self.last.at.elapsed() < LOOK_PERIOD {
            return;
        }
        let Some(share) = self.look_now(cpu()) else { return };
        if self.busy {
            self.calm_down(share);
        } else if share >= BUSY_PERCENT {
            self.be_busy();
        }
    }

    /// The part of the time that the guest ran since it was last looked at, in percent; `None` where that was just now.
    fn look_now(&mut self, cpu: Duration) -> Option<u32> {
        let at = Instant::now();
        if at.saturating_duration_since(self.last.at) < LOOK_PERIOD {
            return None;
        }
        let waited = if self.busy { sys::waited(self.thread) } else { self.last.waited };
        let now = Look { at, cpu, waited };
        if let Some(share) = now.share_since(self.long_ago, LONG_LOOK_PERIOD) {
            (self.long_ago, self.long_share) = (now, share);
        }
        let share = now.share_since(self.last, LOOK_PERIOD)?;
        self.last = now;
        Some(share)
    }

    fn be_busy(&mut self) {
        self.busy = true;
        let waited = sys::waited(self.thread);
        (self.last.waited, self.long_ago.waited) = (waited, waited);
        self.ask_for(LONG);
    }

    fn calm_down(&mut self, share: u32) {
        if share < CALM_PERCENT && self.long_share < BUSY_PERCENT {
            self.busy = false;
            self.confine(false);
            self.ask_for(SHORT);
        }
    }

    /// Its worker's other isolates were busy a moment ago, and so will this one be.
    pub(crate) fn expect_busy(&mut self) {
        self.be_busy();
        self.last.at = Instant::now();
        self.confine(processors::are_confined());
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.busy
    }

    /// Has a thread run where busy guests run, or anywhere. It must live.
    pub(crate) fn confine(&mut self, confined: bool) {
        if std::mem::replace(&mut self.confined, confined) != confined {
            processors::place(self.thread, confined);
        }
    }

    /// The guest is stopped and its thread does not come to an end: it gets what nobody else wants. Called by others
    /// than its own thread, which must live.
    pub(crate) fn come_last(&mut self) {
        self.niceness = 19;
        self.be_busy();
    }

    fn ask_for(&self, turn: Duration) {
        sys::set(self.thread, turn, self.niceness);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_at(ago: Duration, busy: bool) -> Turns {
        let at = Instant::now().checked_sub(ago).expect("the machine runs for longer");
        let last = Look { at, cpu: Duration::ZERO, waited: sys::waited(sys::this_thread()) };
        Turns {
            thread: sys::this_thread(),
            niceness: guest_niceness(),
            busy,
            confined: false,
            last,
            long_ago: last,
            long_share: 0,
        }
    }

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn one_long_run_makes_a_guest_busy() {
        let mut turns = looked_at(Duration::ZERO, false);
        turns.seen_running(10 * MS, 13 * MS);
        assert!(!turns.busy);
        turns.seen_running(10 * MS, 14 * MS);
        assert!(turns.busy);
    }

    #[test]
    fn many_short_runs_make_a_guest_busy() {
        let mut turns = looked_at(1_000 * MS, false);
        turns.seen_running(89 * MS, 90 * MS);
        assert!(!turns.busy, "9 percent");
        let mut turns = looked_at(1_000 * MS, false);
        turns.seen_running(119 * MS, 120 * MS);
        assert!(turns.busy, "12 percent");
    }

    #[test]
    fn a_chore_is_busy_and_calm_by_what_it_used() {
        let mut turns = looked_at(1_000 * MS, false);
        turns.look(|| 90 * MS);
        assert!(!turns.busy, "9 percent");
        turns.last.at = Instant::now() - 1_000 * MS;
        turns.look(|| 210 * MS);
        assert!(turns.busy, "12 percent");
        turns.look(|| panic!("it was looked at just now"));
        turns.last.at = Instant::now() - 1_000 * MS;
        turns.look(|| 240 * MS);
        assert!(!turns.busy, "3 percent");
    }

    #[test]
    fn a_guest_is_calm_after_a_pause() {
        let mut turns = looked_at(10 * MS, true);
        turns.begins(Duration::ZERO);
        assert!(turns.busy, "it was looked at just now");
        let mut turns = looked_at(1_000 * MS, true);
        turns.begins(70 * MS);
        assert!(turns.busy, "7 percent");
        let mut turns = looked_at(1_000 * MS, true);
        turns.begins(30 * MS);
        assert!(!turns.busy, "3 percent");
    }

    #[test]
    fn a_guest_that_works_in_bursts_stays_busy() {
        let mut turns = looked_at(1_000 * MS, true);
        turns.begins(150 * MS);
        assert!(turns.busy, "15 percent of a second");
        turns.last.at -= 60 * MS;
        turns.begins(151 * MS);
        assert!(turns.busy, "a pause between two bursts");
        (turns.last.at, turns.long_ago.at) = (turns.last.at - 60 * MS, turns.long_ago.at - 1_000 * MS);
        turns.begins(200 * MS);
        assert!(turns.busy, "5 percent of a second, in a burst");
        turns.last.at -= 60 * MS;
        turns.begins(201 * MS);
        assert!(!turns.busy, "a pause after it used little");
    }

    #[test]
    fn who_waits_for_a_processor_is_no_calmer_for_that() {
        let then = Look { at: Instant::now(), cpu: Duration::ZERO, waited: 7 * MS };
        let share = |cpu, waited| {
            let now = Look { at: then.at + 1_000 * MS, cpu, waited: then.waited + waited };
            now.share_since(then, LOOK_PERIOD)
        };
        assert_eq!(share(40 * MS, 900 * MS), Some(40), "it had a tenth of the time, and wanted 40 percent");
        assert_eq!(share(40 * MS, 200 * MS), Some(5), "others are busy, and it wants little");
        assert_eq!(share(10 * MS, 1_000 * MS), Some(100), "it never had nothing to do");
        assert_eq!(share(40 * MS, Duration::ZERO), Some(4));
    }

    /// Two that want the same processor.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_system_says_for_how_long_a_thread_waited() {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

        let all = sched_getaffinity(None).expect("the system says where the thread may run");
        let first = (0..CpuSet::MAX_CPU).find(|&number| all.is_set(number)).expect("it runs somewhere");
        let mut one = CpuSet::new();
        one.set(first);
        let ends = Instant::now() + 200 * MS;
        let spin = move || {
            sched_setaffinity(None, &one).expect("a thread may be told where to run");
            while Instant::now() < ends {}
            sys::waited(sys::this_thread())
        };
        let other = std::thread::spawn(spin);
        let waited =
            std::thread::spawn(spin).join().expect("it does not panic") + other.join().expect("it does not panic");
        assert!(waited >= 50 * MS, "{waited:?} of 200 ms");
    }

    /// What the system was told, on systems that tell it back. That V8 is started meanwhile, by another test, changes
    /// nothing: it makes nicer only the threads that it starts.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_guests_thread_is_nicer_than_the_process() {
        let host = sys::niceness(sys::process());
        let guest = std::thread::spawn(|| {
            let _turns = Turns::of_this_thread(Duration::ZERO);
            sys::niceness(sys::this_thread())
        })
        .join()
        .expect("it does not panic");
        assert_eq!(guest, (host + GUEST_NICENESS).min(19));
    }
}
