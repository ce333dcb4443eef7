//! How an isolate's life ends: by a limit, or because its calls are over and no more are to come.

use std::task::{Context, Poll};

use tokio::time::Instant;
use worky_engine::{CallError, suffix};
use worky_host::log::Level;

use super::Life;
use crate::instance::{Blueprint, Phase};
use crate::watchdog::Kill;

/// Why an isolate's life ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Killed { reason: Kill, guilty: Option<u32> },
    WaitUntilExceeded,
    Retired,
}

impl End {
    pub(super) fn name(self) -> &'static str {
        match self {
            End::Killed { reason: Kill::Cpu, .. } => "cpu_ms",
            End::Killed { reason: Kill::Memory, .. } => "memory_mb",
            End::WaitUntilExceeded => "wait_until_ms",
            End::Retired => "retired",
        }
    }
}

impl Life {
    /// The instance takes no new calls, for a limit that makes it end with the last of those that it has.
    pub(super) fn retire_early(&mut self, limit: &'static str, guilty: Option<u32>) {
        if self.shared.phase() != Phase::Serving {
            return;
        }
        let Blueprint { bindings, metrics, .. } = &*self.blueprint;
        let context = guilty.and_then(|id| self.isolate.state.context(id));
        let text = format!("this instance takes no more requests, and ends with those that it has (limits.{limit})");
        bindings.log.write(context.as_ref(), Level::Warn, &text);
        metrics.limit_exceeded(&bindings.worker, limit);
        self.shared.enter(Phase::Retiring);
        self.shared.send_visitors_away();
    }

    pub(super) fn check_wait_until(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        let Some((id, since)) = self.isolate.state.oldest_waiting() else {
            self.wait_until = None;
            return Poll::Pending;
        };
        let limit = self.blueprint.limits.wait_until;
        let (_, sleep) = match &mut self.wait_until {
            Some(timer) if timer.0 == id => timer,
            timer => timer.insert((id, Box::pin(tokio::time::sleep_until(since.instant() + limit)))),
        };
        while sleep.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            let left = limit.saturating_sub(since.until(now));
            if left.is_zero() {
                return self.wait_until_exceeded(id);
            }
            // A debugger held it meanwhile.
            sleep.as_mut().reset(now + left);
        }
        Poll::Pending
    }

    /// A `waitUntil` has had its time. What it left running can be stopped only with the isolate, which takes no new
    /// calls from here on and ends with the last of those it has.
    fn wait_until_exceeded(&mut self, id: u32) -> Poll<End> {
        let Blueprint { bindings, limits, metrics, .. } = &*self.blueprint;
        let context = self.isolate.state.context(id);
        bindings.log.write(
            context.as_ref(),
            Level::Warn,
            &format!(
                "waitUntil took longer than {} ms and was stopped (limits.wait_until_ms)",
                limits.wait_until.as_millis()
            ),
        );
        metrics.limit_exceeded(&bindings.worker, "wait_until_ms");
        self.shared.enter(Phase::Retiring);
        self.shared.send_visitors_away();
        self.isolate.state.abandon(id);
        self.shared.load.slice_ended(self.isolate.state.open_calls());
        self.wait_until = None;
        if self.isolate.state.is_idle() { Poll::Ready(End::WaitUntilExceeded) } else { Poll::Pending }
    }

    /// Answers everybody who still waits.
    pub(super) fn stop(&mut self, end: End) {
        let Blueprint { bindings, limits, .. } = &*self.blueprint;
        let state = &self.isolate.state;
        let End::Killed { reason, guilty } = end else { return };
        let text = match reason {
            Kill::Cpu if self.after_answers => {
                self.blueprint.metrics.limit_exceeded(&bindings.worker, "wait_until_cpu_ms");
                let limit = limits.wait_until_cpu.as_millis();
                format!("waitUntil was stopped after {limit} ms of CPU time (limits.wait_until_cpu_ms)")
            }
            Kill::Cpu => format!("stopped after {} ms of CPU time (limits.cpu_ms)", limits.cpu.as_millis()),
            Kill::Memory => format!("stopped at {} MiB of memory (limits.memory_mb)", limits.memory_bytes >> 20),
        };
        let context = guilty.and_then(|id| state.context(id));
        let limit = limits.cpu;
        let at = match reason {
            Kill::Cpu => {
                let what = CallError::CpuExceeded { limit, at: None }.to_string();
                let sources = self.isolate.runtime.source_mapper();
                self.isolate.meter.place(what, &mut sources.borrow_mut(), bindings)
            }
            // What was the last to take some may not have taken much.
            Kill::Memory => None,
        };
        bindings.log.write(context.as_ref(), Level::Error, &(text + &suffix(&at)));
        state.fail_all(|id| match reason {
            // A turn of the event loop runs on behalf of many; the culprit is known only if it was alone.
            Kill::Cpu if guilty == Some(id) => CallError::CpuExceeded { limit, at: at.clone() },
            Kill::Memory if guilty == Some(id) => CallError::MemoryExceeded { limit_bytes: limits.memory_bytes },
            _ => CallError::InstanceStopped { reason: end.name() },
        });
        // The isolate is about to be taken apart, which runs V8 code of its own.
        self.isolate.runtime.v8_isolate().cancel_terminate_execution();
    }
}
