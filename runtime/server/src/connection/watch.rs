//! One task that looks at every connection a few times a second, instead of timers for each request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use parking_lot::Mutex;
use slab::Slab;
use tokio::time::MissedTickBehavior;

use super::pulse::{Command, Finding, Pulse, TickLimits, Ticks};
use crate::config::ServerConfig;

/// How long a client that is still sending gets to read its answer before it is cut off.
const LINGER: Duration = Duration::from_secs(2);

/// Limits are kept to a quarter of the shortest, within these bounds.
const PERIOD_MIN: Duration = Duration::from_millis(10);
const PERIOD_MAX: Duration = Duration::from_millis(250);

/// All connections of a server.
pub(crate) struct Watch {
    now: Arc<AtomicU32>,
    period: Duration,
    limits: TickLimits,
    pulses: Mutex<Slab<Arc<Pulse>>>,
}

/// One connection's place in the watch, until it is dropped.
pub(crate) struct Watched {
    watch: Arc<Watch>,
    key: usize,
    pulse: Arc<Pulse>,
}

impl Watch {
    pub(crate) fn new(config: &ServerConfig) -> Self {
        let shortest = config.header_read.min(config.idle).min(config.write_stall);
        let period = (shortest / 4).clamp(PERIOD_MIN, PERIOD_MAX);
        let ticks = |limit: Duration| {
            Ticks::try_from(limit.as_nanos().div_ceil(period.as_nanos())).unwrap_or(Ticks::MAX / 2).min(Ticks::MAX / 2)
        };
        let limits = TickLimits {
            header_read: ticks(config.header_read),
            idle: ticks(config.idle),
            write_stall: ticks(config.write_stall),
            linger: ticks(LINGER),
        };
        Watch { now: Arc::new(AtomicU32::new(1)), period, limits, pulses: Mutex::default() }
    }

    pub(crate) fn enter(self: &Arc<Self>) -> Watched {
        let pulse = Arc::new(Pulse::new(Arc::clone(&self.now)));
        let key = self.pulses.lock().insert(Arc::clone(&pulse));
        Watched { watch: Arc::clone(self), key, pulse }
    }

    /// Tells every connection.
    pub(crate) fn command_all(&self, command: Command) {
        for (_, pulse) in self.pulses.lock().iter() {
            pulse.command(command);
        }
    }

    /// Keeps the time and the limits for as long as it is polled.
    pub(crate) async fn run(&self) {
        let mut interval = tokio::time::interval(self.period);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            let now = match self.now.fetch_add(1, Relaxed).wrapping_add(1) {
                // Zero means "never"; the counter comes round after a year at the earliest.
                0 => self.now.fetch_add(1, Relaxed).wrapping_add(1),
                now => now,
            };
            self.examine_all(now);
        }
    }

    fn examine_all(&self, now: Ticks) {
        for (_, pulse) in self.pulses.lock().iter() {
            match pulse.examine(now, &self.limits) {
                Finding::Well => {}
                Finding::Unobserved => pulse.probe(),
                Finding::Idle => pulse.command(Command::Close),
                Finding::Stuck(limit) => {
                    tracing::debug!(limit, "connection cut off");
                    pulse.command(Command::Cut);
                }
            }
        }
    }
}

impl Watched {
    pub(crate) fn pulse(&self) -> &Arc<Pulse> {
        &self.pulse
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.watch.pulses.lock().remove(self.key);
    }
}
