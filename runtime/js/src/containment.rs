//! What is left to do where V8 would end the process.
//!
//! Some of V8's native code, asked for something absurd, allocates what there is no room for, or what is larger than
//! anything may be, and has no way to fail but to abort. The only way out that harms nobody else is not to come back:
//! the isolate's thread waits for ever, with the isolate on it. A worker can do that to itself a few times only, since
//! its placement counts such threads among those that have not ended.

use std::cell::RefCell;
use std::ffi::c_char;
use std::sync::{Arc, Weak};

use deno_core::v8;

use crate::watchdog::{Kill, Meter};

/// Fatal errors of V8 that tell of a size, and of nothing that is broken.
const SIZE_ERRORS: [&str; 3] = ["invalid size error", "invalid array length", "invalid table size"];

thread_local! {
    static METER: RefCell<Weak<Meter>> = const { RefCell::new(Weak::new()) };
}

/// For the whole process, once V8 has started.
pub(crate) fn install() {
    v8::V8::set_fatal_error_handler(fatal_error);
}

/// From here on V8 does not end the process for want of memory on the calling thread, which is the isolate's.
pub(crate) fn watch_over(isolate: &mut v8::Isolate, meter: &Arc<Meter>) {
    METER.set(Arc::downgrade(meter));
    isolate.set_oom_error_handler(out_of_memory);
}

/// Gives the isolate of the calling thread up, and the thread with it. It returns only on a thread that has no isolate.
pub(crate) fn abandon(why: &str) {
    let Some(meter) = METER.with_borrow(Weak::upgrade) else { return };
    meter.kill(Kill::Memory);
    meter.abandon();
    tracing::error!(why, "V8 could not stop an instance, whose thread and memory are lost");
    drop(meter);
    loop {
        std::thread::park();
    }
}

unsafe extern "C" fn out_of_memory(_location: *const c_char, _details: &v8::OomDetails) {
    abandon("it ran out of memory");
}

fn fatal_error(_file: &str, _line: i32, message: &str) {
    if SIZE_ERRORS.iter().any(|error| message.contains(error)) {
        abandon("it asked for more than there can be");
    }
}
