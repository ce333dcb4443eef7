use crate::bindings::wasi::clocks::{monotonic_clock, wall_clock};
use crate::bindings::wasi::random::random::get_random_bytes;
use crate::http::{Request, Responder};
use crate::json;
use crate::routes::{kv, stdio};

/// Answers at once, and works on for `ms`: writes what came to the key-value namespace and to the log.
pub fn after(request: Request, responder: Responder, _: &str) {
    let (key, ms) = (request.parameter("key"), request.number("ms", 0));
    responder.text(200, "answered\n");
    monotonic_clock::subscribe_duration(ms * 1_000_000).block();
    if let Some(key) = key {
        kv::put(&key, b"after").expect("granted");
    }
    stdio::info("worked on");
}

pub fn sleep(request: Request, responder: Responder, _: &str) {
    let before = monotonic_clock::now();
    monotonic_clock::subscribe_duration(request.number("ms", 10) * 1_000_000).block();
    let slept = (monotonic_clock::now() - before) / 1_000_000;
    responder.json(200, json::object([("slept_ms", slept.to_string())]));
}

pub fn time(_: Request, responder: Responder, _: &str) {
    responder.json(200, json::object([("seconds", wall_clock::now().seconds.to_string())]));
}

pub fn random(request: Request, responder: Responder, _: &str) {
    let bytes = get_random_bytes(request.number("bytes", 16));
    responder.text(200, &bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
}
