//! What components may import. Each file converts the types of one capability and calls `worky_host`, which has the rules.

mod config;
mod filesystem;
pub(crate) mod http;
mod kv;
mod log;
pub(crate) mod stdio;

use wasmtime::component::Linker;

use crate::state::State;

/// What there is, for who asked for something else.
pub(crate) const SUPPORTED: &str = "a component may import wasi:cli, wasi:io, wasi:clocks, wasi:random, wasi:filesystem, \
    wasi:sockets and wasi:http in any version 0.2, wasi:keyvalue, wasi:config and wasi:logging";

/// Links everything that a component of WASI 0.2 may name; what it is not granted refuses at run time.
pub(crate) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    filesystem::link(linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(linker)?;
    config::link(linker)?;
    kv::link(linker)?;
    log::link(linker)
}

/// The same with WASI 0.3, for an engine that can run it.
pub(crate) fn link_concurrent(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    link(linker)?;
    wasmtime_wasi::p3::add_to_linker(linker)?;
    wasmtime_wasi_http::p3::add_to_linker(linker)
}

/// Links what is not WASI's own and never waits: for components that run on their caller's thread.
pub(crate) fn link_inline(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    config::link(linker)?;
    log::link(linker)
}

#[cfg(test)]
mod tests;
