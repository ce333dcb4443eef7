//! What no worker should do.

use std::hint::black_box;

use crate::bindings::wasi::cli::exit;
use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::http::types::{ErrorCode, Fields};
use crate::bindings::wasi::random::random::get_random_bytes;
use crate::http::{Request, Responder, TEXT};
use crate::json;

pub fn spin(_: Request, _: Responder, _: &str) {
    spin_forever();
}

/// Every turn is a call of the host.
pub fn spin_host(_: Request, _: Responder, _: &str) {
    loop {
        black_box(monotonic_clock::now());
    }
}

/// Computes for `ms` of time, then answers.
pub fn burn(request: Request, responder: Responder, _: &str) {
    let end = monotonic_clock::now() + request.number("ms", 10) * 1_000_000;
    let mut turns = 0_u64;
    while monotonic_clock::now() < end {
        for _ in 0..10_000 {
            turns = black_box(turns + 1);
        }
    }
    responder.text(200, "burnt\n");
}

/// Takes memory until there is none, and uses it.
pub fn bomb(_: Request, _: Responder, _: &str) {
    let mut held = Vec::new();
    loop {
        held.push(vec![1_u8; 1 << 20]);
        black_box(&held);
    }
}

/// `/grow?pages=`: asks for memory and takes no for an answer.
pub fn grow(request: Request, responder: Responder, _: &str) {
    let before = core::arch::wasm32::memory_grow::<0>(request.number("pages", 1) as usize);
    responder.text(200, if before == usize::MAX { "refused\n" } else { "granted\n" });
}

pub fn recurse(_: Request, responder: Responder, _: &str) {
    let depth = deeper(0);
    responder.text(200, &format!("{depth}\n"));
}

// The frame is used after the call, so that no loop can be made of it.
#[expect(unconditional_recursion, reason = "it is what the test is for")]
#[inline(never)]
fn deeper(depth: u64) -> u64 {
    let frame = [black_box(depth); 8];
    deeper(depth + 1) + black_box(frame)[depth as usize % 8]
}

pub fn trap(_: Request, _: Responder, _: &str) {
    core::arch::wasm32::unreachable();
}

pub fn panic(_: Request, _: Responder, _: &str) {
    panic!("thrown by the guest");
}

/// `/exit/1`
pub fn exit(_: Request, _: Responder, code: &str) {
    exit::exit(if code == "0" { Ok(()) } else { Err(()) });
}

/// Returns and never answers; `/no-response/kept` keeps the way to.
pub fn no_response(_: Request, responder: Responder, rest: &str) {
    if rest == "kept" {
        responder.forget();
    }
}

/// Answers with one of WASI's errors instead of a response.
pub fn fail(request: Request, responder: Responder, rest: &str) {
    responder.fail(match rest {
        "timeout" => ErrorCode::HttpResponseTimeout,
        _ => ErrorCode::InternalError(request.parameter("message")),
    });
}

/// Handles that are never given back: `times` of them, in as many calls of the host.
pub fn leak(request: Request, responder: Responder, _: &str) {
    let times = request.number("times", u64::MAX);
    let mut count = 0_u64;
    while count < times {
        std::mem::forget(Fields::new());
        count += 1;
    }
    responder.json(200, json::object([("leaked", count.to_string())]));
}

/// Makes the host build a list of `bytes`.
pub fn large_list(request: Request, responder: Responder, _: &str) {
    let bytes = get_random_bytes(request.number("bytes", 1 << 20));
    responder.text(200, &format!("{}\n", bytes.len()));
}

/// `times` headers of `bytes` each.
pub fn large_headers(request: Request, responder: Responder, _: &str) {
    let fields = Fields::new();
    let value = vec![b'x'; request.number("bytes", 100) as usize];
    for index in 0..request.number("times", 1) {
        if let Err(error) = fields.append(&format!("x-{index}"), &value) {
            return responder.text(500, &format!("{error:?} after {index}\n"));
        }
    }
    let _client_gone = responder.start_with(200, fields).finish();
}

/// A body that has no end but its reader's.
pub fn endless(_: Request, responder: Responder, _: &str) {
    let writer = responder.start(200, &[("content-type", TEXT)]);
    let chunk = [b'x'; 16 << 10];
    while writer.write(&chunk).is_ok() {}
}

/// Half a body, and no end to it.
pub fn cut_short(_: Request, responder: Responder, _: &str) {
    let writer = responder.start(200, &[("content-type", TEXT)]);
    let _client_gone = writer.write(b"half of it\n");
}

pub fn panic_after_head(_: Request, responder: Responder, _: &str) {
    let writer = responder.start(200, &[("content-type", TEXT)]);
    let _client_gone = writer.write(b"half of it\n");
    panic!("thrown after the head");
}

pub fn spin_after_head(_: Request, responder: Responder, _: &str) {
    let writer = responder.start(200, &[("content-type", TEXT)]);
    let _client_gone = writer.write(b"half of it\n");
    spin_forever();
}

fn spin_forever() -> ! {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}
