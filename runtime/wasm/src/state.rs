//! What one store carries.

use std::sync::Arc;

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};
use worky_host::files::Session;
use worky_host::{Bindings, InvocationContext};

use crate::imports::stdio::GuestOutput;
use crate::limiter::Limiter;
use crate::meter::Meter;
use crate::plugin::Bounds;

/// Handles of host resources (streams, requests, headers, descriptors) that one guest may hold at once. Of those there
/// may be as many as would, at their largest, fit into the guest's own memory.
pub(crate) const RESOURCES_MAX: usize = 10_000;
const RESOURCES_MIN: usize = 128;

/// The largest of what the host keeps for one handle: all names and values of headers, or what of a body waits to be sent.
const RESOURCE_BYTES_MAX: usize = 128 << 10;

/// What of a body a guest may write at once. Two such pieces of it wait to be sent.
pub(crate) const BODY_CHUNK_BYTES: usize = RESOURCE_BYTES_MAX / 2;

/// What one call of a host function may make the host allocate for its parameters: four times the largest value that a
/// capability takes.
pub(crate) const HOSTCALL_BYTES_MAX: usize = 128 << 20;

/// What `get-random-bytes` gives at once.
const RANDOM_BYTES_MAX: u64 = 1 << 20;

/// The data of one store.
pub(crate) struct State {
    pub(crate) table: ResourceTable,
    pub(crate) wasi: WasiCtx,
    pub(crate) http: WasiHttpCtx,
    pub(crate) guest: Guest,
    /// The files of the request that it runs for.
    pub(crate) files: Session,
    pub(crate) limiter: Limiter,
    pub(crate) meter: Arc<Meter>,
    /// What it writes to standard output and error.
    pub(crate) output: GuestOutput,
    /// Of a plugin's calls. A worker's are its meter's.
    pub(crate) bounds: Option<Box<Bounds>>,
}

/// Whose code runs, with what grants, and on behalf of which request.
#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) bindings: Arc<Bindings>,
    pub(crate) context: InvocationContext,
}

impl State {
    /// For a guest that is granted what its bindings hold and nothing else: no environment, arguments, directories,
    /// sockets or names. Its output becomes records of its log.
    pub(crate) fn new(guest: Guest, limiter: Limiter) -> Self {
        let output = GuestOutput::new(&guest);
        let mut wasi = WasiCtxBuilder::new();
        wasi.stdout(output.stdout.clone()).stderr(output.stderr.clone());
        State::with_wasi(guest, limiter, output, wasi)
    }

    /// Like [`State::new`], for a guest that is granted something of WASI's own.
    pub(crate) fn with_wasi(guest: Guest, limiter: Limiter, output: GuestOutput, mut wasi: WasiCtxBuilder) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity((limiter.bytes_max() / RESOURCE_BYTES_MAX).clamp(RESOURCES_MIN, RESOURCES_MAX));
        wasi.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false).max_random_size(RANDOM_BYTES_MAX);
        let (wasi, mut http, meter) = (wasi.build(), WasiHttpCtx::new(), Arc::default());
        http.set_field_size_limit(RESOURCE_BYTES_MAX);
        let files = guest.bindings.files.session(Some(limiter.held()));
        State { table, wasi, http, guest, files, limiter, meter, output, bounds: None }
    }

    /// From here on the guest runs for another request, on another account.
    pub(crate) fn serve(&mut self, context: InvocationContext, meter: Arc<Meter>) {
        self.meter = meter;
        self.output.attribute_to(context.clone());
        self.guest.context = context;
        self.files = self.guest.bindings.files.session(Some(self.limiter.held()));
        self.limiter.forget();
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.guest }
    }
}
