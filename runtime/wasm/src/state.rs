//! What one store carries.

use std::sync::Arc;

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::WasiHttpCtx;
use worky_host::{Bindings, InvocationContext};

/// The data of one store.
pub(crate) struct State {
    pub(crate) table: ResourceTable,
    pub(crate) wasi: WasiCtx,
    pub(crate) http: WasiHttpCtx,
    pub(crate) guest: Guest,
}

/// Whose code runs, with what grants, and on behalf of which request.
#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) bindings: Arc<Bindings>,
    pub(crate) context: InvocationContext,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}
