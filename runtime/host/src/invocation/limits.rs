//! What one invocation may use of the host, and the account of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::InvocationContext;

/// The bounds of one invocation. The defaults are those of `worky_engine::Limits`, which says what each is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvocationLimits {
    pub subrequests: u32,
    pub subrequests_at_once: u32,
    pub open_streams: u32,
    pub kv_operations: u32,
    pub log_lines: u32,
    pub log_bytes: u64,
}

impl InvocationLimits {
    /// As good as no bounds, to start from where only some matter.
    pub const UNBOUNDED: InvocationLimits = InvocationLimits {
        subrequests: u32::MAX,
        subrequests_at_once: u32::MAX,
        open_streams: u32::MAX,
        kv_operations: u32::MAX,
        log_lines: u32::MAX,
        log_bytes: u64::MAX,
    };
}

/// One more subrequest was asked for than the limit allows.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("too many subrequests: this worker may make {max} in one request (limits.subrequests)")]
pub struct SubrequestsExceeded {
    pub max: u32,
}

/// One more body would be open than the limit allows.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error(
    "too many open streams: this request has {max} bodies of subrequests open (limits.open_streams); \
     read those of responses to their end, or cancel them"
)]
pub struct StreamsExceeded {
    pub max: u32,
}

/// One more operation on namespaces was asked for than the limit allows.
#[derive(Debug, Clone, Copy)]
pub struct KvOperationsExceeded {
    pub max: u32,
}

/// What [`InvocationContext::take_log_line`] answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogBudget {
    Ok,
    /// This line is the first over a limit: say so once.
    JustExceeded(LogLimit),
    Exceeded,
}

/// The limit of a log that was hit, as the log is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogLimit {
    #[error("this request has logged {max} lines, and no more are kept (limits.log_lines)")]
    Lines { max: u32 },
    #[error("this request has logged {max} bytes, and no more lines are kept (limits.log_bytes)")]
    Bytes { max: u64 },
    #[error(
        "{lines_max} lines, or {bytes_max} bytes, were logged for no request within a second, and no more of this \
         second are kept (limits.unrequested_log_lines, limits.log_bytes)"
    )]
    Unrequested { lines_max: u32, bytes_max: u64 },
}

impl LogLimit {
    /// As metrics name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            LogLimit::Lines { .. } => "log_lines",
            LogLimit::Bytes { .. } => "log_bytes",
            LogLimit::Unrequested { .. } => "unrequested_log_lines",
        }
    }
}

/// One of the subrequests that an invocation may wait for at once, until it is dropped.
#[derive(Debug)]
#[must_use = "the place is given back when it is dropped"]
pub struct SubrequestPlace(#[expect(dead_code, reason = "it is held and dropped")] OwnedSemaphorePermit);

/// One of the bodies that an invocation may have open, until it is dropped.
#[derive(Debug)]
#[must_use = "the stream counts as closed when it is dropped"]
pub struct OpenStream(InvocationContext);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.0.open_streams.fetch_sub(1, Ordering::Relaxed);
    }
}

impl InvocationContext {
    /// Counts one subrequest against the limit.
    pub fn take_subrequest(&self) -> Result<(), SubrequestsExceeded> {
        let max = self.0.limits.subrequests;
        if take(&self.0.subrequests, max) { Ok(()) } else { Err(SubrequestsExceeded { max }) }
    }

    /// A place among the subrequests that are under way, in the order of asking. `waits` is called where there is none
    /// at once. Dropping the future gives the place in the queue up.
    pub async fn subrequest_place(&self, waits: impl FnOnce()) -> SubrequestPlace {
        let places = self.0.subrequests_at_once.get_or_init(|| {
            let places = self.0.limits.subrequests_at_once.max(1) as usize;
            Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)))
        });
        if let Ok(place) = places.clone().try_acquire_owned() {
            return SubrequestPlace(place);
        }
        waits();
        SubrequestPlace(places.clone().acquire_owned().await.expect("the semaphore is never closed"))
    }

    /// Counts one more body of a subrequest, sent or received, that is open until what this returns is dropped.
    pub fn open_stream(&self) -> Result<OpenStream, StreamsExceeded> {
        let max = self.0.limits.open_streams;
        if take(&self.0.open_streams, max) { Ok(OpenStream(self.clone())) } else { Err(StreamsExceeded { max }) }
    }

    /// Counts one operation on a key-value namespace against the limit.
    pub fn take_kv_operation(&self) -> Result<(), KvOperationsExceeded> {
        let max = self.0.limits.kv_operations;
        if take(&self.0.kv_operations, max) { Ok(()) } else { Err(KvOperationsExceeded { max }) }
    }

    /// Counts one log line of so many bytes against both limits. After the first that is too much there is no other.
    pub fn take_log_line(&self, bytes: usize) -> LogBudget {
        if self.0.log_full.load(Ordering::Relaxed) {
            return LogBudget::Exceeded;
        }
        let (lines_max, bytes_max) = (self.0.limits.log_lines, self.0.limits.log_bytes);
        let hit = if !take(&self.0.log_lines, lines_max) {
            LogLimit::Lines { max: lines_max }
        } else {
            let taken = self.0.log_bytes.try_update(Ordering::Relaxed, Ordering::Relaxed, |taken| {
                taken.checked_add(bytes as u64).filter(|sum| *sum <= bytes_max)
            });
            match taken {
                Ok(_) => return LogBudget::Ok,
                Err(_) => LogLimit::Bytes { max: bytes_max },
            }
        };
        if self.0.log_full.swap(true, Ordering::Relaxed) { LogBudget::Exceeded } else { LogBudget::JustExceeded(hit) }
    }
}

/// Counts one more, unless there are `max` already.
fn take(count: &AtomicU32, max: u32) -> bool {
    count.try_update(Ordering::Relaxed, Ordering::Relaxed, |count| (count < max).then(|| count + 1)).is_ok()
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::{RequestId, TraceContext};

    fn context(limits: InvocationLimits) -> InvocationContext {
        InvocationContext::new(RequestId::random(), TraceContext::root(), limits)
    }

    #[test]
    fn what_is_counted_stops_at_its_limit() {
        let context = context(InvocationLimits { subrequests: 2, kv_operations: 1, ..InvocationLimits::UNBOUNDED });
        assert!(context.take_subrequest().is_ok());
        assert!(context.take_subrequest().is_ok());
        assert!(context.take_subrequest().is_err());
        assert!(context.take_subrequest().is_err());
        assert!(context.take_kv_operation().is_ok());
        assert!(context.take_kv_operation().is_err());
    }

    #[test]
    fn streams_that_end_make_room() {
        let context = context(InvocationLimits { open_streams: 2, ..InvocationLimits::UNBOUNDED });
        let first = context.open_stream().expect("there is room");
        let _second = context.open_stream().expect("there is room");
        assert!(context.open_stream().is_err());
        drop(first);
        assert!(context.open_stream().is_ok());
    }

    #[test]
    fn subrequests_wait_for_each_other_in_order() {
        let context = context(InvocationLimits { subrequests_at_once: 1, ..InvocationLimits::UNBOUNDED });
        let first = context.subrequest_place(|| panic!("it waits")).now_or_never().expect("there is room");
        let mut waited = false;
        let mut second = Box::pin(context.subrequest_place(|| waited = true));
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        assert!(second.as_mut().now_or_never().is_some());
        drop(second);
        assert!(waited);
    }

    #[test]
    fn a_log_is_full_after_its_lines_or_its_bytes() {
        let lines = context(InvocationLimits { log_lines: 1, ..InvocationLimits::UNBOUNDED });
        assert_eq!(lines.take_log_line(9), LogBudget::Ok);
        assert_eq!(lines.take_log_line(9), LogBudget::JustExceeded(LogLimit::Lines { max: 1 }));
        assert_eq!(lines.take_log_line(9), LogBudget::Exceeded);
        let bytes = context(InvocationLimits { log_bytes: 10, ..InvocationLimits::UNBOUNDED });
        assert_eq!(bytes.take_log_line(9), LogBudget::Ok);
        assert_eq!(bytes.take_log_line(2), LogBudget::JustExceeded(LogLimit::Bytes { max: 10 }));
        assert_eq!(bytes.take_log_line(1), LogBudget::Exceeded);
    }
}
