//! What one instance has to do and what it holds: written by its thread, read by whoever places calls.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{LazyLock, OnceLock};
use std::time::Duration;

use deno_core::v8;
use tokio::time::Instant;

use crate::memory::MemoryMeter;
use crate::watchdog::{Kill, ThreadClock};

/// What an instance takes beside what V8 and the memory account tell: the pages of its stack that are in use, its event
/// loop, its modules.
const BASE_BYTES: usize = 1 << 20;

/// The origin of the times that are kept in atomics.
static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The figures of one instance.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Calls that have begun and are not finished with: answers that stream and `waitUntil` included.
    open: AtomicU32,
    /// When a call last began, in microseconds since [`ORIGIN`].
    used_at: AtomicU64,
    /// Since when it takes calls, in microseconds since [`ORIGIN`].
    serving_since: AtomicU64,
    /// A call has begun in it.
    begun: AtomicBool,
    /// A call has come to an end in it.
    answered: AtomicBool,
    memory_bytes: AtomicUsize,
    heap_bytes: AtomicUsize,
    /// Why it was killed, as a number; 0 where it was not.
    killed: AtomicU8,
    /// Of the instance's thread.
    clock: OnceLock<ThreadClock>,
    /// The reading of `clock` when it was last looked at, and when that was, both in microseconds.
    clock_was: AtomicU64,
    looked_at: AtomicU64,
    /// The share of the time between the last two looks that its thread ran for.
    busy_percent: AtomicU8,
}

impl Load {
    /// On the instance's thread, once.
    pub(crate) fn of_this_thread(&self) {
        let _set_once = self.clock.set(ThreadClock::of_this_thread());
    }

    /// It takes calls from now on.
    pub(crate) fn serves(&self, now: Instant) {
        self.serving_since.store(micros(now), Ordering::Relaxed);
    }

    pub(crate) fn serving_since(&self) -> Instant {
        *ORIGIN + Duration::from_micros(self.serving_since.load(Ordering::Relaxed))
    }

    /// A call begins; `open` is how many there are with it. On the instance's thread.
    pub(crate) fn call_begun(&self, open: usize, now: Instant) {
        self.open.store(open as u32, Ordering::Relaxed);
        self.begun.store(true, Ordering::Relaxed);
        self.used_at.store(micros(now), Ordering::Relaxed);
    }

    /// The guest has run and was not stopped; `open` calls are left. On the instance's thread.
    pub(crate) fn slice_ended(&self, open: usize) {
        let open = open as u32;
        if open < self.open.load(Ordering::Relaxed) {
            self.answered.store(true, Ordering::Relaxed);
        }
        self.open.store(open, Ordering::Relaxed);
    }

    pub(crate) fn open(&self) -> u32 {
        self.open.load(Ordering::Relaxed)
    }

    pub(crate) fn used_at(&self) -> Instant {
        *ORIGIN + Duration::from_micros(self.used_at.load(Ordering::Relaxed))
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed)
    }

    pub(crate) fn has_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    pub(crate) fn record_kill(&self, reason: Kill) {
        let number = match reason {
            Kill::Cpu => 1,
            Kill::Memory => 2,
        };
        self.killed.store(number, Ordering::Release);
    }

    pub(crate) fn killed(&self) -> Option<Kill> {
        match self.killed.load(Ordering::Acquire) {
            0 => None,
            1 => Some(Kill::Cpu),
            _ => Some(Kill::Memory),
        }
    }

    /// Takes what V8 has committed, and what the account has outside of it. On the instance's thread, between slices.
    pub(crate) fn sample(&self, isolate: &mut v8::Isolate, memory: &MemoryMeter) {
        let heap = isolate.get_heap_statistics();
        let bytes = heap.total_heap_size() + heap.malloced_memory() + memory.outside_heap();
        self.memory_bytes.store(bytes, Ordering::Relaxed);
        self.heap_bytes.store(heap.used_heap_size(), Ordering::Relaxed);
    }

    /// An estimate, as last sampled.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.memory_bytes.load(Ordering::Relaxed) + BASE_BYTES
    }

    /// In use in V8's heap, as last sampled.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.heap_bytes.load(Ordering::Relaxed)
    }

    /// CPU time of the thread; zero once it has ended.
    pub(crate) fn cpu(&self) -> Duration {
        self.clock.get().map_or(Duration::ZERO, |clock| clock.read())
    }

    /// Looks at the thread's clock. By one thread at a time.
    pub(crate) fn look(&self, now: Instant) {
        let Some(clock) = self.clock.get() else { return };
        let (cpu, now) = (clock.read().as_micros() as u64, micros(now));
        let ran = cpu.saturating_sub(self.clock_was.swap(cpu, Ordering::Relaxed));
        let passed = now.saturating_sub(self.looked_at.swap(now, Ordering::Relaxed)).max(1);
        self.busy_percent.store((ran.saturating_mul(100) / passed).min(100) as u8, Ordering::Relaxed);
    }

    pub(crate) fn busy_percent(&self) -> u8 {
        self.busy_percent.load(Ordering::Relaxed)
    }
}

fn micros(at: Instant) -> u64 {
    at.saturating_duration_since(*ORIGIN).as_micros() as u64
}
