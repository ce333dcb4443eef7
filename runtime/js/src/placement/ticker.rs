//! What is done from time to time: calls that have waited too long, workers that need one more instance or one less, and
//! memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::Placement;
use super::replicas::figures_of;
use super::residents::distinct;

/// How often queues are looked at while there are calls. A call waits this much longer than it should, at most.
const TICK: Duration = Duration::from_millis(20);
/// Ticks between two looks at the clocks of the threads: what is busy is busy for so long.
const LOOK_TICKS: u32 = 5;
/// Between two sweeps.
const SWEEP: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) struct Ticker {
    running: AtomicBool,
    awake: AtomicBool,
    wake: Arc<Notify>,
}

impl Placement {
    /// Has the ticker run from now on, and as long as the placement is there.
    pub(super) fn start_ticker(self: &Arc<Self>, runtime: &Handle) {
        if !self.ticker.running.swap(true, Ordering::Relaxed) {
            runtime.spawn(run(Arc::downgrade(self)));
        }
    }

    /// A call is in a queue.
    pub(super) fn wake_ticker(&self) {
        if !self.ticker.awake.load(Ordering::Relaxed) && !self.ticker.awake.swap(true, Ordering::SeqCst) {
            self.ticker.wake.notify_one();
        }
    }

    /// Queues alone.
    fn tick(&self, now: Instant) {
        let mut waiting = Vec::new();
        self.residents.each(|resident| {
            if resident.instance.queue().len() > 0 {
                waiting.extend(resident.replicas.upgrade());
            }
        });
        distinct(waiting).iter().for_each(|replicas| replicas.relieve(now));
    }

    /// How busy the threads are, and whether that is too much for their workers.
    fn look(&self, now: Instant, looked: Instant) {
        self.spare.look(now);
        let mut pressed = Vec::new();
        self.residents.each(|resident| {
            let load = resident.instance.load();
            if load.open() > 0 || load.busy_percent() > 0 || load.used_at() >= looked {
                load.look(now);
                if figures_of(&resident.instance, now).is_pressed() {
                    pressed.extend(resident.replicas.upgrade());
                }
            }
        });
        distinct(pressed).iter().for_each(|replicas| replicas.relieve(now));
    }

    /// What can wait for a second. Answers whether anything was called since `swept`.
    fn sweep(&self, now: Instant, swept: Instant) -> bool {
        let (mut used, mut known) = (false, Vec::new());
        self.residents.each(|resident| {
            let load = resident.instance.load();
            if load.open() > 0 || load.used_at() >= swept {
                used = true;
                resident.instance.sample_memory();
            }
            known.extend(resident.replicas.upgrade());
        });
        distinct(known).iter().for_each(|replicas| replicas.shrink(now, self.config.idle));
        self.residents.sweep(now);
        used || self.queued.count() > 0
    }
}

async fn run(placement: Weak<Placement>) {
    let Some(wake) = placement.upgrade().map(|placement| placement.ticker.wake.clone()) else { return };
    let (mut looked, mut swept) = (Instant::now(), Instant::now());
    let mut ticks = 0;
    loop {
        let Some(awake) = placement.upgrade().map(|placement| placement.ticker.awake.load(Ordering::Relaxed)) else {
            return;
        };
        if awake {
            tokio::time::sleep(TICK).await;
        } else {
            // In between it looks whether the placement is still there, and at what came without a queue.
            let _woken = tokio::time::timeout(SWEEP, wake.notified()).await;
            if let Some(placement) = placement.upgrade() {
                placement.spare.look(Instant::now());
            }
        }
        let Some(placement) = placement.upgrade() else { return };
        let now = Instant::now();
        ticks += 1;
        placement.tick(now);
        if ticks % LOOK_TICKS == 0 {
            placement.look(now, looked);
            looked = now;
        }
        if now - swept >= SWEEP {
            // Put down before the look: a call that comes meanwhile wakes it again.
            placement.ticker.awake.store(false, Ordering::SeqCst);
            if placement.sweep(now, swept) {
                placement.ticker.awake.store(true, Ordering::SeqCst);
            }
            swept = now;
        }
    }
}
