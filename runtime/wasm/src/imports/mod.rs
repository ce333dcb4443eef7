//! What components may import. Each file converts the types of one capability and calls `worky_host`, which has the rules.

use wasmtime::component::Linker;

use crate::state::State;

/// Links everything a component may name; what it is not granted refuses at run time.
pub(crate) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)
}
