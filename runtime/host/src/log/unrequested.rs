//! The account of what is logged for no request: by a module's top level, by finalizers, by what a request left behind.

use std::time::{Duration, Instant};

use super::LogLimits;
use crate::invocation::{LogBudget, LogLimit};

const WINDOW: Duration = Duration::from_secs(1);

/// Lines and bytes of the second that has begun last.
pub(super) struct Unrequested {
    begun: Instant,
    lines: u32,
    bytes: u64,
    full: bool,
}

impl Unrequested {
    pub(super) fn new(now: Instant) -> Self {
        Unrequested { begun: now, lines: 0, bytes: 0, full: false }
    }

    /// Counts one line. After the first that is too much the log is full for the rest of the second.
    pub(super) fn take(&mut self, now: Instant, bytes: usize, limits: &LogLimits) -> LogBudget {
        if now.saturating_duration_since(self.begun) >= WINDOW {
            *self = Unrequested::new(now);
        }
        if self.full {
            return LogBudget::Exceeded;
        }
        self.lines = self.lines.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.lines <= limits.unrequested_lines && self.bytes <= limits.unrequested_bytes {
            return LogBudget::Ok;
        }
        self.full = true;
        LogBudget::JustExceeded(LogLimit::Unrequested {
            lines_max: limits.unrequested_lines,
            bytes_max: limits.unrequested_bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: LogLimits = LogLimits { line_bytes: 10, unrequested_lines: 2, unrequested_bytes: 15 };
    const FULL: LogBudget = LogBudget::JustExceeded(LogLimit::Unrequested { lines_max: 2, bytes_max: 15 });

    #[test]
    fn each_second_has_its_lines_and_bytes() {
        let start = Instant::now();
        let mut log = Unrequested::new(start);
        let later = start + Duration::from_millis(900);
        assert_eq!(
            [1, 1, 1, 1].map(|bytes| log.take(later, bytes, &LIMITS)),
            [LogBudget::Ok, LogBudget::Ok, FULL, LogBudget::Exceeded]
        );
        let next = start + Duration::from_millis(1_000);
        assert_eq!([10, 10, 1].map(|bytes| log.take(next, bytes, &LIMITS)), [LogBudget::Ok, FULL, LogBudget::Exceeded]);
    }
}
