//! How much of the machine's processors nobody uses: where there is none, one more instance only takes it from another.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// A share of one processor, in percent, from which another instance gets something done.
const WORTH_IT: u8 = 25;
/// Load that sets in leaves some of the first moments unused, and so does a client that starts: it is spare once so
/// many looks in turn have found it so.
const LOOKS: u8 = 3;
/// What was over a longer time says little about now.
const WINDOW_MAX: Duration = Duration::from_millis(400);

#[derive(Default)]
pub(super) struct Spare {
    last: Mutex<Option<(Instant, Duration)>>,
    /// Looks that have found something to spare, since one that has not.
    looks: AtomicU8,
}

impl Spare {
    /// Looks at the machine's clock of idleness. What is known after it is of the time since the last look.
    pub(super) fn look(&self, now: Instant) {
        // Where there is no such clock, there is always room.
        let Some(idle) = idle() else { return self.looks.store(LOOKS, Ordering::Relaxed) };
        if let Some((at, was)) = self.last.lock().replace((now, idle)) {
            self.found(percent(now.saturating_duration_since(at), idle.saturating_sub(was)));
        }
    }

    fn found(&self, percent: u8) {
        let looks = if percent >= WORTH_IT { self.looks.load(Ordering::Relaxed) + 1 } else { 0 };
        self.looks.store(looks.min(LOOKS), Ordering::Relaxed);
    }

    pub(super) fn is_some(&self) -> bool {
        self.looks.load(Ordering::Relaxed) >= LOOKS
    }
}

fn percent(passed: Duration, idle: Duration) -> u8 {
    if passed.is_zero() || passed > WINDOW_MAX {
        return 0;
    }
    (idle.as_micros() * 100 / passed.as_micros()).min(100) as u8
}

/// The time that all processors together had nothing to do, since the machine started.
#[cfg(target_os = "linux")]
fn idle() -> Option<Duration> {
    parse(&std::fs::read_to_string("/proc/stat").ok()?)
}

#[cfg(not(target_os = "linux"))]
fn idle() -> Option<Duration> {
    None
}

/// `cpu  USER NICE SYSTEM IDLE IOWAIT …`, in hundredths of a second.
#[cfg(any(target_os = "linux", test))]
fn parse(stat: &str) -> Option<Duration> {
    let mut fields = stat.lines().next()?.strip_prefix("cpu ")?.split_ascii_whitespace().skip(3);
    let (idle, waiting): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Duration::from_millis((idle + waiting) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_tells() {
        assert_eq!(parse("cpu  1 2 3 400 50 6 7 8 9 0\ncpu0 1"), Some(Duration::from_millis(4_500)));
        assert_eq!(parse("intr 1"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn it_is_spare_when_it_stays_so() {
        let spare = Spare::default();
        let after = |percents: &[u8]| {
            percents.iter().for_each(|&percent| spare.found(percent));
            spare.is_some()
        };
        assert!(!after(&[100, 100]));
        assert!(after(&[25]));
        assert!(after(&[100, 100, 100]));
        assert!(!after(&[24]));
        assert!(!after(&[100, 100, 0, 100, 100]));
    }

    #[test]
    fn a_share_of_one_processor() {
        let ms = Duration::from_millis;
        assert_eq!(percent(ms(100), ms(0)), 0);
        assert_eq!(percent(ms(100), ms(40)), 40);
        assert_eq!(percent(ms(100), ms(700)), 100);
        assert_eq!(percent(ms(5_000), ms(5_000)), 0, "that was long ago");
        assert_eq!(percent(ms(0), ms(1)), 0);
    }
}
