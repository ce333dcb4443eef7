use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView};

use super::{Access, CommandConfig, CommandError};
use crate::limiter::Limiter;
use crate::state::RESOURCES_MAX;

/// The data of a command's store.
pub(super) struct CommandState {
    /// WASI of both versions.
    pub(super) wasi: WasiP1Ctx,
    http: WasiHttpCtx,
    network: NoNetwork,
    pub(super) limiter: Limiter,
}

impl CommandState {
    pub(super) fn new(config: &CommandConfig) -> Result<Self, CommandError> {
        let mut wasi = WasiCtxBuilder::new();
        wasi.inherit_stdio().args(&config.args).envs(&config.env);
        wasi.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
        // Nothing else waits for this thread.
        wasi.allow_blocking_current_thread(true);
        for dir in &config.dirs {
            let perms = match dir.access {
                Access::Read => FsPerms::ReadOnly,
                Access::ReadWrite => FsPerms::ReadWrite,
            };
            wasi.preopened_dir(&dir.host, &dir.guest, perms).map_err(|error| {
                let source = error.downcast::<std::io::Error>().unwrap_or_else(std::io::Error::other);
                CommandError::Directory { host: dir.host.clone(), source }
            })?;
        }
        let mut wasi = wasi.build_p1();
        wasi.ctx().table.set_max_capacity(RESOURCES_MAX);
        let limiter = Limiter::new(config.memory_bytes);
        Ok(CommandState { wasi, http: WasiHttpCtx::new(), network: NoNetwork, limiter })
    }
}

impl WasiView for CommandState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.wasi.ctx()
    }
}

impl WasiHttpView for CommandState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: self.wasi.ctx().table, hooks: &mut self.network }
    }
}

/// Refuses every request. Linked, because some languages' runtimes import HTTP whether their program needs it or not.
struct NoNetwork;

type Response = (http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

impl WasiHttpHooks for NoNetwork {
    fn send_request(
        &mut self,
        _request: http::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _processed: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Response, Error>> + Send> {
        Box::new(std::future::ready(Err(Error::HttpRequestDenied)))
    }
}
