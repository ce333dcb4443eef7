//! Memory of an isolate that nobody has called for a while. V8 collects garbage as the guest makes it, so that what a
//! guest has left behind when it falls idle stays until its next call.

use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep};

/// How long an isolate is idle before its garbage is collected. Less, and a worker that is called now and then would have
/// it collected after each call, which takes longer than the call.
const IDLE: Duration = Duration::from_secs(5);

/// Says when it is time to collect.
#[derive(Default)]
pub(super) struct Rest(Option<Pin<Box<Sleep>>>);

impl Rest {
    /// The isolate has been used.
    pub(super) fn begin(&mut self) {
        if self.0.is_none() {
            self.0 = Some(Box::pin(tokio::time::sleep(IDLE)));
        }
    }

    /// Whether nothing has been called since `used_at` for long enough. Said once for each use; for an isolate in which
    /// nothing is in flight.
    pub(super) fn is_due(&mut self, used_at: Instant, cx: &mut Context<'_>) -> bool {
        while let Some(timer) = &mut self.0 {
            if timer.as_mut().poll(cx).is_pending() {
                return false;
            }
            let due = used_at + IDLE;
            if due <= Instant::now() {
                self.0 = None;
                return true;
            }
            timer.as_mut().reset(due);
        }
        false
    }
}
