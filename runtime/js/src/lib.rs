//! The JavaScript engine: workers as ES modules in V8 isolates, and the only crate that names deno_core.
//!
//! Each isolate has an operating-system thread of its own and is reached by message alone. [`JsEngine`] loads a worker;
//! `placement` starts and ends instances of it and decides which one a call goes to; `pool` has isolates ready that no
//! worker is in yet, and `code_cache` has the code that was compiled before; `instance` is the thread: it calls the
//! handler, polls the event loop and accounts for CPU time, which `watchdog` enforces from outside; `ops` are what the
//! scripts in `guest/` call.

#![deny(unsafe_op_in_unsafe_fn)]

mod arenas;
mod chores;
mod code_cache;
mod containment;
mod coverage;
mod engine;
mod guest_error;
mod hint;
mod inspector;
mod instance;
mod loader;
mod memory;
#[cfg(test)]
mod op_table;
mod ops;
mod placement;
mod platform;
mod plugin;
mod pool;
mod processors;
mod turns;
mod v8_flags;
mod watchdog;
mod whereabouts;
mod worker;

pub use chores::work_for_guests_on_this_thread;
pub use coverage::{CoverageSink, CoveredFunction, CoveredModule, CoveredRange};
pub use engine::{JsConfig, JsEngine};
pub use inspector::{InspectStart, JsInspector};
pub use placement::PlacementConfig;
pub use turns::prefer_this_thread;

/// Starts V8. Call it first in `main`, while the process has one thread: threads that are older than V8 may not run
/// JavaScript on processors with memory protection keys.
pub fn init_platform() {
    arenas::one_for_each_thread();
    v8_flags::set();
    let before = turns::threads();
    deno_core::JsRuntime::init_platform(None);
    platform::adapt();
    containment::install();
    turns::postpone_threads_since(&before);
    watchdog::start();
}
