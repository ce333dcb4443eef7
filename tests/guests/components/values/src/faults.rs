use std::hint::black_box;

use crate::Values;
use crate::bindings::exports::worky::values::faults::{Failure, Guest, GuestGrenade};

pub struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        core::arch::wasm32::unreachable();
    }
}

impl GuestGrenade for Grenade {
    fn new() -> Self {
        Grenade
    }
}

impl Guest for Values {
    type Grenade = Grenade;

    fn fail(message: String) -> Result<u32, String> {
        if message.is_empty() { Ok(7) } else { Err(message) }
    }

    fn fail_with(found: bool) -> Result<String, Failure> {
        if found { Err(Failure::Busy) } else { Err(Failure::NotFound("it".to_owned())) }
    }

    fn fail_bare(ok: bool) -> Result<(), ()> {
        if ok { Ok(()) } else { Err(()) }
    }

    fn trap() {
        core::arch::wasm32::unreachable();
    }

    fn panic(message: String) {
        panic!("{message}");
    }

    fn spin() {
        let mut turns = 0_u64;
        loop {
            turns = black_box(turns.wrapping_add(1));
        }
    }

    fn bomb() {
        let mut held = Vec::new();
        loop {
            held.push(vec![1_u8; 1 << 20]);
            black_box(&held);
        }
    }

    fn recurse() -> u32 {
        deeper(0)
    }

    fn large(bytes: u32) -> Vec<u8> {
        vec![7; bytes as usize]
    }
}

// The frame is used after the call, so that no loop can be made of it.
#[expect(unconditional_recursion, reason = "it is what the test is for")]
#[inline(never)]
fn deeper(depth: u32) -> u32 {
    let frame = [black_box(depth); 8];
    deeper(depth + 1) + black_box(frame)[depth as usize % 8]
}
