//! Every type of value there and back, resources, and faults: what the tests of plugins call.

mod counters;
mod echo;
mod faults;

mod bindings {
    wit_bindgen::generate!({ path: "wit" });
}

use std::sync::atomic::{AtomicU32, Ordering};

struct Values;

impl bindings::Guest for Values {
    fn add(a: i32, b: i32) -> i32 {
        a.wrapping_add(b)
    }

    fn calls() -> u32 {
        static CALLS: AtomicU32 = AtomicU32::new(0);
        CALLS.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn nothing() {}
}

bindings::export!(Values with_types_in bindings);
