//! `wasi:logging`: records of the worker's log, with the rules that `console` has.

use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

use self::bindings::wasi::logging::logging::Level;
use crate::state::State;

/// With its version, and without, as components of older tools import it.
const NAMES: [&str; 2] = ["wasi:logging/logging@0.1.0-draft", "wasi:logging/logging"];

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit/deps/logging.wit",
        world: "wasi:logging/imports",
    });
}

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    for name in NAMES {
        linker.instance(name)?.func_wrap("log", log)?;
    }
    Ok(())
}

fn log(store: StoreContextMut<'_, State>, (level, context, message): (Level, String, String)) -> wasmtime::Result<()> {
    let guest = &store.data().guest;
    let message = if context.is_empty() { message } else { format!("{context}: {message}") };
    guest.bindings.log.write(Some(&guest.context), host_level(level), &message);
    Ok(())
}

/// Host and console know four levels.
fn host_level(level: Level) -> worky_host::log::Level {
    match level {
        Level::Trace | Level::Debug => worky_host::log::Level::Debug,
        Level::Info => worky_host::log::Level::Info,
        Level::Warn => worky_host::log::Level::Warn,
        Level::Error | Level::Critical => worky_host::log::Level::Error,
    }
}
