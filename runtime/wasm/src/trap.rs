//! Why a guest stopped, from what the underlying engine says.

use wasmtime::component::ResourceTableError;
use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;
use worky_engine::{CallError, GuestError, GuestFrame, Limits, Place};

use crate::limiter::Limiter;
use crate::meter::CpuExceeded;

/// Which limit stopped a guest, if one did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exceeded {
    Cpu,
    Memory,
}

/// A refused allocation mostly ends in a trap of the guest's own making, which then says nothing of memory.
pub(crate) fn exceeded(error: &wasmtime::Error, limiter: &Limiter) -> Option<Exceeded> {
    if error.is::<CpuExceeded>() {
        Some(Exceeded::Cpu)
    } else if limiter.refused() && error.downcast_ref::<I32Exit>().is_none_or(|exit| exit.0 != 0) {
        Some(Exceeded::Memory)
    } else {
        None
    }
}

/// The error of a call.
pub(crate) fn call_error(error: &wasmtime::Error, limiter: &Limiter, limits: &Limits) -> CallError {
    match exceeded(error, limiter) {
        Some(Exceeded::Cpu) => {
            let limit = limits.cpu;
            CallError::CpuExceeded { limit, at: place(error, CallError::CpuExceeded { limit, at: None }.to_string()) }
        }
        Some(Exceeded::Memory) => CallError::MemoryExceeded { limit_bytes: limits.memory_bytes },
        None => CallError::Exception(guest_error(error)),
    }
}

/// Where the guest was when it was stopped, for `what`.
pub(crate) fn place(error: &wasmtime::Error, what: String) -> Place {
    let trace = error.downcast_ref::<WasmBacktrace>()?;
    Some(Box::new(GuestError { stack: Some(trace.to_string()), frames: frames(trace), ..GuestError::unplaced(what) }))
}

/// A trap, an exit, or an error of a host function that the guest cannot go on after.
pub(crate) fn guest_error(error: &wasmtime::Error) -> GuestError {
    let (name, message) = if let Some(exit) = error.downcast_ref::<I32Exit>() {
        ("Exit", format!("the component called wasi:cli/exit inside of a handler, with status {}", exit.0))
    } else if let Some(trap) = error.downcast_ref::<Trap>() {
        ("Trap", trap.to_string().trim_start_matches("wasm trap: ").to_owned())
    } else if let Some(ResourceTableError::Full) = error.downcast_ref::<ResourceTableError>() {
        let mend = "drop some, or raise limits.memory_mb, with which their number grows";
        ("Trap", format!("too many handles of the host's resources are open at once; {mend}"))
    } else {
        ("Trap", error.root_cause().to_string())
    };
    let backtrace = error.downcast_ref::<WasmBacktrace>();
    let frames = backtrace.map(frames).unwrap_or_default();
    let stack = backtrace.map(|trace| format!("{name}: {message}\n{trace}"));
    GuestError { name: name.into(), stack, frames, ..GuestError::unplaced(message) }
}

fn demangled(name: &str) -> String {
    let mut text = String::new();
    match wasmtime_environ::demangle_function_name(&mut text, name) {
        Ok(()) => text,
        Err(_) => name.to_owned(),
    }
}

/// Positions in the files that the guest was written in, where it carries debug information.
fn frames(trace: &WasmBacktrace) -> Vec<GuestFrame> {
    let symbols = trace.frames().iter().flat_map(|frame| frame.symbols());
    let written = symbols.filter_map(|symbol| {
        let function = symbol.name().map(demangled);
        Some(GuestFrame {
            file: symbol.file()?.to_owned(),
            line: symbol.line()?,
            column: symbol.column().unwrap_or(1),
            function,
        })
    });
    written.collect()
}
