//! The clock of running guests: one thread for the process counts up the epochs of all engines while any guest runs.
//! Compiled code compares its epoch at every function and loop, so this is what stops or interrupts an endless one.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::Thread;
use std::time::Duration;

use parking_lot::Mutex;
use wasmtime::{Engine, EngineWeak};

/// How long an epoch lasts: a guest that is busy lets others run this often, and is stopped this much too late.
pub(crate) const TICK: Duration = Duration::from_millis(2);

/// Epochs with no guest before the thread sleeps until the next one.
const IDLE_TICKS: u32 = 100;

/// The ticker of the process.
pub(crate) struct Ticker {
    engines: Mutex<Vec<EngineWeak>>,
    thread: OnceLock<Thread>,
    asleep: AtomicBool,
    /// Guests that run now.
    running: AtomicU32,
    /// Counts up, so that guests too short to be seen running keep the thread awake.
    entries: AtomicU32,
}

/// A guest runs for as long as this is there.
pub(crate) struct Running(&'static Ticker);

impl Ticker {
    pub(crate) fn global() -> &'static Ticker {
        static TICKER: OnceLock<Arc<Ticker>> = OnceLock::new();
        TICKER.get_or_init(|| {
            let ticker = Arc::new(Ticker {
                engines: Mutex::default(),
                thread: OnceLock::new(),
                asleep: AtomicBool::new(false),
                running: AtomicU32::new(0),
                entries: AtomicU32::new(0),
            });
            let own = ticker.clone();
            let handle = std::thread::Builder::new()
                .name("wasm-epochs".to_owned())
                .spawn(move || own.run())
                .expect("the system can start one more thread");
            let _first = ticker.thread.set(handle.thread().clone());
            ticker
        })
    }

    pub(crate) fn add(&self, engine: &Engine) {
        let mut engines = self.engines.lock();
        engines.retain(|known| known.upgrade().is_some());
        engines.push(engine.weak());
    }

    /// To be held while a guest is polled or called.
    pub(crate) fn enter(&'static self) -> Running {
        self.running.fetch_add(1, Ordering::SeqCst);
        self.entries.fetch_add(1, Ordering::SeqCst);
        if self.asleep.load(Ordering::SeqCst)
            && self.asleep.swap(false, Ordering::SeqCst)
            && let Some(thread) = self.thread.get()
        {
            thread.unpark();
        }
        Running(self)
    }

    fn run(&self) {
        let mut idle = 0;
        let mut seen = 0;
        loop {
            std::thread::park_timeout(TICK);
            let entries = self.entries.load(Ordering::SeqCst);
            if self.running.load(Ordering::SeqCst) > 0 {
                let engines = self.engines.lock();
                engines.iter().filter_map(EngineWeak::upgrade).for_each(|engine| engine.increment_epoch());
                idle = 0;
            } else {
                idle = if entries == seen { idle + 1 } else { 0 };
            }
            seen = entries;
            if idle >= IDLE_TICKS {
                self.asleep.store(true, Ordering::SeqCst);
                // A guest that was entered before `asleep` was set has not woken anybody.
                while self.asleep.load(Ordering::SeqCst) && self.entries.load(Ordering::SeqCst) == seen {
                    std::thread::park();
                }
                self.asleep.store(false, Ordering::SeqCst);
                idle = 0;
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}
