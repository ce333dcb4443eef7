//! Time that does not count: while a debugger holds a worker, wall-clock limits stand still, for all workers, since any
//! of them may be waiting for the one that is held.
//!
//! Nobody but a debugger makes time stand still, so that where there is none all of this is one look at an atomic.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// How often a limit that is over is looked at again while time stands still.
const LOOK: Duration = Duration::from_millis(50);

static STOPPED_EVER: AtomicBool = AtomicBool::new(false);
static CLOCK: Mutex<Clock> = Mutex::new(Clock { holders: 0, since: None, total: Duration::ZERO });

struct Clock {
    holders: u32,
    /// Since when it stands still.
    since: Option<Instant>,
    /// How long it stood still before.
    total: Duration,
}

impl Clock {
    fn stood(&self, now: Instant) -> Duration {
        self.total + self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }
}

/// Time stands still for as long as there is one of these.
#[derive(Debug)]
pub struct Standstill(());

impl Standstill {
    pub fn begin() -> Self {
        STOPPED_EVER.store(true, Ordering::Release);
        let mut clock = CLOCK.lock();
        clock.holders += 1;
        clock.since.get_or_insert_with(Instant::now);
        Standstill(())
    }
}

impl Drop for Standstill {
    fn drop(&mut self) {
        let mut clock = CLOCK.lock();
        clock.holders -= 1;
        if clock.holders == 0
            && let Some(since) = clock.since.take()
        {
            clock.total += since.elapsed();
        }
    }
}

/// How long time has stood still in the life of this process.
fn stood(now: Instant) -> Duration {
    if STOPPED_EVER.load(Ordering::Acquire) { CLOCK.lock().stood(now) } else { Duration::ZERO }
}

/// A moment from which time is counted.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    at: Instant,
    stood: Duration,
}

impl Moment {
    pub fn now() -> Self {
        Moment::at(Instant::now())
    }

    /// A moment that has just been.
    pub fn at(at: Instant) -> Self {
        Moment { at, stood: stood(at) }
    }

    pub fn instant(self) -> Instant {
        self.at
    }

    /// The time that has counted from this moment to `now`.
    pub fn until(self, now: Instant) -> Duration {
        now.saturating_duration_since(self.at).saturating_sub(stood(now).saturating_sub(self.stood))
    }

    /// Waits for `future`, until `limit` has counted from this moment.
    pub async fn timeout<F: Future>(self, limit: Duration, future: F) -> Result<F::Output, Elapsed> {
        let mut future = pin!(future);
        let mut end = self.at + limit;
        loop {
            if let Ok(output) = tokio::time::timeout_at(end, &mut future).await {
                return Ok(output);
            }
            let now = Instant::now();
            let left = limit.saturating_sub(self.until(now));
            if left.is_zero() {
                return Err(Elapsed);
            }
            end = now + left.max(LOOK);
        }
    }
}

/// A limit is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time is over")]
pub struct Elapsed;

#[cfg(test)]
mod tests {
    use super::*;

    /// One test, since there is one clock.
    #[tokio::test(start_paused = true)]
    async fn time_that_stood_still_does_not_count() {
        let never = std::future::pending::<()>;
        let limit = Duration::from_secs(1);
        let start = Instant::now();
        assert_eq!(Moment::now().timeout(limit, never()).await, Err(Elapsed));
        assert_eq!(start.elapsed(), limit);

        let moment = Moment::now();
        let (one, other) = (Standstill::begin(), Standstill::begin());
        let ended = tokio::spawn(async move { moment.timeout(limit, never()).await });
        tokio::time::advance(Duration::from_secs(600)).await;
        drop(one);
        tokio::time::advance(Duration::from_secs(600)).await;
        assert!(!ended.is_finished(), "time stands still");
        assert_eq!(moment.until(Instant::now()), Duration::ZERO);
        drop(other);
        tokio::time::advance(limit / 2).await;
        assert_eq!(moment.until(Instant::now()), limit / 2);
        assert!(!ended.is_finished(), "half of the time is left");
        assert_eq!(ended.await.expect("it does not panic"), Err(Elapsed));
        assert!(moment.until(Instant::now()) <= limit + LOOK, "{:?}", moment.until(Instant::now()));

        let late = Moment::now();
        tokio::time::advance(limit / 4).await;
        assert_eq!(late.until(Instant::now()), limit / 4, "what stood still before does not matter");
        assert_eq!(late.timeout(limit, async { 7 }).await, Ok(7));
    }
}
