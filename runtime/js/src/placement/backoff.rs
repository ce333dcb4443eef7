//! When a worker that does not stay up may be started again. Pure: time is given.

use std::time::Duration;

use tokio::time::Instant;

/// The wait after the first failure; each further one doubles it.
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);

/// An instance that was killed later than this after its start is no sign that the worker does not stay up.
const SOON: Duration = Duration::from_secs(1);

/// Instances killed in a row so soon, and before any call had ended in them, until that counts as a failure to start. A
/// limit is hit by one request, and the next gets a fresh instance; only a worker that nothing ever comes of has to wait.
const KILLS_FORGIVEN: u32 = 30;

/// Why and for how long there is no new start. `C` is the cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wait<C> {
    pub(crate) cause: C,
    pub(crate) left: Duration,
}

/// The failures of one worker since it last stayed up.
#[derive(Debug)]
pub(crate) struct Backoff<C> {
    failures: u32,
    kills: u32,
    until: Option<(Instant, C)>,
}

impl<C> Default for Backoff<C> {
    fn default() -> Self {
        Backoff { failures: 0, kills: 0, until: None }
    }
}

impl<C: Clone> Backoff<C> {
    /// An instance did not start.
    pub(crate) fn start_failed(&mut self, now: Instant, cause: C) {
        let wait = FIRST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        self.until = Some((now + wait, cause));
    }

    /// An instance that served for so long was killed before any call had ended in it.
    pub(crate) fn killed_unanswered(&mut self, now: Instant, served: Duration, cause: C) {
        if served > SOON {
            return;
        }
        self.kills = self.kills.saturating_add(1);
        if self.kills > KILLS_FORGIVEN {
            self.start_failed(now, cause);
        }
    }

    /// An instance has answered a call.
    pub(crate) fn stayed_up(&mut self) {
        *self = Backoff::default();
    }

    /// Whether a start may be tried now.
    pub(crate) fn check(&self, now: Instant) -> Result<(), Wait<C>> {
        match &self.until {
            Some((until, cause)) if now < *until => Err(Wait { cause: cause.clone(), left: *until - now }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(backoff: &Backoff<&'static str>, now: Instant) -> Option<u64> {
        backoff.check(now).err().map(|wait| wait.left.as_millis() as u64)
    }

    #[test]
    fn failures_double_the_wait_up_to_the_longest() {
        let mut now = Instant::now();
        let mut backoff = Backoff::default();
        let mut waits = Vec::new();
        for _ in 0..11 {
            assert_eq!(left(&backoff, now), None);
            backoff.start_failed(now, "throws");
            waits.push(left(&backoff, now).expect("it waits"));
            now += Duration::from_secs(60);
        }
        assert_eq!(waits, [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
    }

    #[test]
    fn the_wait_names_its_cause_and_ends() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        backoff.start_failed(now, "throws");
        let later = now + Duration::from_millis(40);
        assert_eq!(backoff.check(later), Err(Wait { cause: "throws", left: Duration::from_millis(60) }));
        assert_eq!(backoff.check(now + Duration::from_millis(100)), Ok(()));
    }

    #[test]
    fn kills_are_forgiven_until_they_are_too_many_in_a_row() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        for _ in 0..KILLS_FORGIVEN {
            backoff.killed_unanswered(now, SOON / 2, "cpu");
            backoff.killed_unanswered(now, SOON * 2, "cpu");
            assert_eq!(left(&backoff, now), None);
        }
        backoff.killed_unanswered(now, SOON * 2, "cpu");
        assert_eq!(left(&backoff, now), None);
        backoff.killed_unanswered(now, SOON / 2, "cpu");
        assert_eq!(left(&backoff, now), Some(100));
        backoff.killed_unanswered(now, SOON / 2, "cpu");
        assert_eq!(left(&backoff, now), Some(200));
    }

    #[test]
    fn an_answer_wipes_the_slate() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        (0..5).for_each(|_| backoff.start_failed(now, "throws"));
        (0..KILLS_FORGIVEN).for_each(|_| backoff.killed_unanswered(now, SOON, "cpu"));
        backoff.stayed_up();
        assert_eq!(left(&backoff, now), None);
        backoff.killed_unanswered(now, SOON, "cpu");
        assert_eq!(left(&backoff, now), None);
        backoff.start_failed(now, "throws");
        assert_eq!(left(&backoff, now), Some(100));
    }
}
