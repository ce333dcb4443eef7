//! CPU time of one guest: the time its thread spends while it polls the guest, host functions included.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use wasmtime::{Store, UpdateDeadline};
use worky_host::InvocationContext;

use crate::epoch::Ticker;
use crate::state::State;

/// Epochs before a guest that has just been entered lets others run. The first one may end at once.
const EPOCHS_FIRST: u64 = 2;

/// The account of one guest. One thread at a time polls a guest, so its fields need no order among each other.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    limit_ns: AtomicU64,
    /// Up to the beginning of the current poll.
    spent_ns: AtomicU64,
    /// The thread's clock at the beginning of the current poll.
    begun_ns: AtomicU64,
    /// Whether the guest was still busy when it last let others run.
    busy: AtomicBool,
    /// How long a window is after which the account begins anew. 0: it never does.
    window_ns: AtomicU64,
    window_begun_ns: AtomicU64,
    /// Which request it is for, once it is for one.
    context: OnceLock<InvocationContext>,
}

/// The guest used more than its limit. What a store's epoch callback stops it with.
#[derive(Debug, thiserror::Error)]
#[error("stopped: it used more CPU time than it may")]
pub(crate) struct CpuExceeded;

impl Meter {
    /// A new account. From within a poll it starts with what is left of that poll.
    pub(crate) fn start(&self, limit: Duration) {
        self.limit_ns.store(nanoseconds(limit), Ordering::Relaxed);
        self.spent_ns.store(0, Ordering::Relaxed);
        self.begun_ns.store(thread_ns(), Ordering::Relaxed);
    }

    /// A new account, of a request, which is told what it uses.
    pub(crate) fn serve(&self, context: InvocationContext, limit: Duration) {
        self.start(limit);
        let _served_once = self.context.set(context);
    }

    /// From now on the account begins anew every `window`, so that a stream that is open for hours is not stopped for it.
    pub(crate) fn start_windows(&self, window: Duration) {
        self.window_begun_ns.store(monotonic_ns(), Ordering::Relaxed);
        self.window_ns.store(nanoseconds(window), Ordering::Relaxed);
    }

    #[cfg(test)]
    fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent_ns.load(Ordering::Relaxed))
    }

    fn begin(&self) {
        let window = self.window_ns.load(Ordering::Relaxed);
        if window > 0 {
            let now = monotonic_ns();
            if now - self.window_begun_ns.load(Ordering::Relaxed) >= window {
                self.window_begun_ns.store(now, Ordering::Relaxed);
                self.spent_ns.store(0, Ordering::Relaxed);
            }
        }
        self.begun_ns.store(thread_ns(), Ordering::Relaxed);
    }

    /// Puts down what the current poll has used so far. On the thread that polls.
    pub(crate) fn settle(&self) {
        let now = thread_ns();
        let ran = now.saturating_sub(self.begun_ns.swap(now, Ordering::Relaxed));
        self.spent_ns.fetch_add(ran, Ordering::Relaxed);
        if let Some(context) = self.context.get() {
            context.spend_cpu(Duration::from_nanos(ran));
        }
    }

    fn running_ns(&self) -> u64 {
        thread_ns().saturating_sub(self.begun_ns.load(Ordering::Relaxed))
    }

    fn is_over(&self) -> bool {
        self.spent_ns.load(Ordering::Relaxed) + self.running_ns() > self.limit_ns.load(Ordering::Relaxed)
    }
}

/// Has the store's guest let others run at every epoch, and stops it once its meter is over its limit.
pub(crate) fn enforce(store: &mut Store<State>) {
    store.set_epoch_deadline(EPOCHS_FIRST);
    store.epoch_deadline_callback(|cx| {
        let meter = &cx.data().meter;
        if meter.is_over() {
            return Err(CpuExceeded.into());
        }
        meter.busy.store(true, Ordering::Relaxed);
        Ok(UpdateDeadline::Yield(1))
    });
}

/// A guest's future with a meter around each poll. A panic in a host function stays within it.
pub(crate) struct Metered<F> {
    inner: Pin<Box<F>>,
    meter: Arc<Meter>,
}

impl<F: Future> Metered<F> {
    pub(crate) fn new(meter: Arc<Meter>, inner: F) -> Self {
        Metered { inner: Box::pin(inner), meter }
    }

    /// Whether the guest had more to do when it last let others run. Asking takes the answer back.
    pub(crate) fn was_busy(&self) -> bool {
        self.meter.busy.swap(false, Ordering::Relaxed)
    }
}

/// What a host function panicked with.
#[derive(Debug)]
pub(crate) struct Panicked(pub(crate) String);

impl<F: Future> Future for Metered<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let _running = Ticker::global().enter();
        self.meter.begin();
        let inner = &mut self.inner;
        // The future is not polled again after a panic, so nobody sees what it left half done.
        let polled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| inner.as_mut().poll(cx)));
        self.meter.settle();
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(panic) => Poll::Ready(Err(Panicked(message_of(&*panic)))),
        }
    }
}

fn message_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a message".to_owned())
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Since some moment in the life of this process.
fn monotonic_ns() -> u64 {
    static BEGINNING: OnceLock<Instant> = OnceLock::new();
    nanoseconds(BEGINNING.get_or_init(Instant::now).elapsed())
}

/// CPU time of the calling thread.
fn thread_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` outlives the call, and every thread has this clock.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    if failed != 0 {
        return 0;
    }
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_of_other_polls_is_not_counted() {
        let meter = Meter::default();
        meter.start(Duration::from_millis(5));
        meter.settle();
        let clock = thread_ns();
        while thread_ns() - clock < 20_000_000 {}
        meter.begin();
        assert!(!meter.is_over(), "{:?}", meter.spent());
        let clock = thread_ns();
        while thread_ns() - clock < 20_000_000 {}
        assert!(meter.is_over());
        meter.settle();
        assert!(meter.spent() >= Duration::from_millis(20), "{:?}", meter.spent());
    }

    #[tokio::test]
    async fn a_panic_becomes_an_error() {
        let guest = Metered::new(Arc::default(), async { panic!("oh") });
        let outcome: Result<(), Panicked> = guest.await;
        assert_eq!(outcome.expect_err("it panics").0, "oh");
    }
}
