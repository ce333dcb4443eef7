//! From settings to a served worker, and to a clean end.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::task::AbortOnDropHandle;
use worky_dispatch::DrainOutcome;
use worky_explorer::{Build, Explorer, Hub};
use worky_host::metrics::Metrics;
use worky_server::Server;
use worky_storage::{SqliteStorage, StorageError};
use worky_wasm::{WasmConfig, WasmEngine};

use crate::assemble::{AssembleError, Assembly, assemble};
use crate::command::{Exit, Mode, Voice};
use crate::config::{Config, Request, WorkerConfig};
use crate::debugger::Debugger;
use crate::dev::Reload;
use crate::dev::keys::{self, Asked, Keys, obey};
use crate::logging::READY;
use crate::signals;

/// How long threads that are still busy after the drain may take, such as a name lookup that nobody waits for.
const THREADS_GRACE: Duration = Duration::from_secs(1);

/// Where compiled components are kept, in the data directory.
const COMPILED_DIR: &str = "compiled";

/// Where V8's compiled form of JavaScript is kept, in the data directory.
const CODE_CACHE_DIR: &str = "code-cache";

/// The explorer's port, and what it is to show.
pub(crate) type ExplorerSettings = (u16, Hub);

/// Serves until a signal asks for the end. With `reload`, the request that `config` comes of, what is saved is served;
/// with `explorer`, a port and what is to be shown, the explorer is.
pub(crate) fn run(
    mut config: Config,
    mode: Mode,
    metrics: Metrics,
    reload: Option<Request>,
    explorer: Option<ExplorerSettings>,
) -> Exit {
    let reload = reload.map(|request| (request, format!("{:?}", config.process)));
    config.process.js.code_cache = Some(config.process.storage.path.join(CODE_CACHE_DIR));
    let cache = Some(config.process.storage.path.join(COMPILED_DIR));
    let wasm = WasmEngine::new(WasmConfig { cache }, metrics.clone());
    // Connections wait for nobody: not for guests that are busy, and not for the thousands of exchanges that they may
    // have open with others, which have threads of their own.
    let threads = |name: &str, start: fn()| {
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_name(name).on_thread_start(start).build()
    };
    let serving = threads("worky-io", worky_js::prefer_this_thread);
    let outgoing = threads("worky-outgoing", worky_js::work_for_guests_on_this_thread);
    let (serving, outgoing) = match (serving, outgoing) {
        (Ok(serving), Ok(outgoing)) => (serving, outgoing),
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "no runtime can be started");
            return Exit::Failure;
        }
    };
    // This one accepts connections.
    worky_js::prefer_this_thread();
    let exit = serving.block_on(serve(config, mode, metrics, wasm, outgoing.handle(), (reload, explorer)));
    serving.shutdown_timeout(THREADS_GRACE);
    outgoing.shutdown_timeout(THREADS_GRACE);
    keys::restore();
    exit
}

async fn serve(
    mut config: Config,
    mode: Mode,
    metrics: Metrics,
    wasm: WasmEngine,
    outgoing: &Handle,
    (reload, explorer): (Option<(Request, String)>, Option<ExplorerSettings>),
) -> Exit {
    let debugger = match Debugger::start(mode).await {
        Ok(debugger) => debugger,
        Err(error) => {
            tracing::error!("{error}");
            return Exit::Failure;
        }
    };
    let shutdown = match signals::shutdown_token() {
        Ok(token) => token,
        Err(error) => {
            tracing::error!(%error, "signals cannot be received");
            return Exit::Failure;
        }
    };
    if let Some(debugger) = &debugger {
        config.process.js.inspector = Some(debugger.inspector());
        debugger.close_at(shutdown.clone());
    }
    let assembled = tokio::select! {
        biased;
        () = shutdown.cancelled() => return Exit::Success,
        assembled = assemble(config, mode, metrics, wasm, outgoing, debugger.as_ref()) => assembled,
    };
    let mut assembly = match assembled {
        Ok(assembly) => assembly,
        Err(error) => return refuse(&error, mode),
    };
    let explorer = match explorer.map(|explorer| open_explorer(explorer, &assembly)).transpose() {
        Ok(explorer) => explorer,
        Err(error) => {
            tracing::error!("{error}");
            return Exit::Failure;
        }
    };
    let (explorer, hub) = explorer.unzip();
    let reload = reload.and_then(|(request, process)| {
        let reload = Reload::new(request, mode, process, &mut assembly, hub);
        reload.inspect_err(|error| tracing::warn!(%error, "files cannot be watched: restart to serve a change")).ok()
    });
    let Assembly { server, sweeper, storage, workers, .. } = assembly;
    announce(&server, explorer.as_ref(), &workers, mode);
    let _exploring = explorer.map(|explorer| AbortOnDropHandle::new(tokio::spawn(explorer.run())));
    let keys = (mode.reload && mode.voice == Voice::Lines).then(Keys::listen).flatten();
    let asked = Asked::default();
    let _listening = keys.map(|keys| {
        eprintln!("{}", keys::HELP);
        AbortOnDropHandle::new(tokio::spawn(obey(keys, server.local_addr(), shutdown.clone(), asked.clone())))
    });
    // Ends with this, if not before.
    let _reloading = reload.map(|reload| AbortOnDropHandle::new(tokio::spawn(reload.run())));
    let outcome = tokio::select! {
        outcome = server.run(shutdown) => outcome,
        never = sweeper.run() => match never {},
    };
    let closed = close(storage).await;
    match outcome {
        DrainOutcome::Drained => tracing::info!("shut down; everything that had begun has finished"),
        DrainOutcome::GraceEnded { in_flight } => {
            tracing::warn!(
                in_flight,
                "shut down; the grace (server.shutdown_grace_ms) ended before these had finished"
            );
        }
    }
    if asked.restart() {
        return Exit::Again;
    }
    if outcome == DrainOutcome::Drained && closed == Exit::Success { Exit::Success } else { Exit::Failure }
}

/// Why there is no explorer.
#[derive(Debug, thiserror::Error)]
enum ExplorerError {
    #[error(
        "the explorer cannot listen on 127.0.0.1:{port}: {source}; choose another port with --explorer, or --explorer off"
    )]
    Listen { port: u16, source: io::Error },
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Binds the explorer and has it told of everything.
fn open_explorer((port, hub): ExplorerSettings, assembly: &Assembly) -> Result<(Explorer, Hub), ExplorerError> {
    let Assembly { grants, dispatcher, workers, .. } = assembly;
    let bound = Explorer::bind(port, hub.clone(), dispatcher.clone());
    let explorer = bound.map_err(|source| ExplorerError::Listen { port, source })?;
    // No worker reaches it, whatever its egress policy allows.
    grants.own_listeners.add(explorer.address());
    crate::explorer::show(&hub, workers, grants)?;
    hub.set_build(Build::good());
    grants.metrics.observe_requests(Arc::new(hub.clone()));
    Ok((explorer, hub))
}

fn refuse(error: &AssembleError, mode: Mode) -> Exit {
    if let AssembleError::Workers { report, .. } = error {
        mode.tell(report);
    }
    tracing::error!("{error}");
    Exit::Failure
}

/// One line for each listener. They are part of the public interface: whoever started the program waits for them.
fn announce(server: &Server, explorer: Option<&Explorer>, workers: &[WorkerConfig], mode: Mode) {
    if mode.voice == Voice::Events {
        let names: Vec<&str> = workers.iter().map(|worker| worker.name.value.as_str()).collect();
        let url = format!("http://{}", server.local_addr());
        let admin_url = server.admin_addr().map(|address| format!("http://{address}"));
        let explorer_url = explorer.map(Explorer::url);
        tracing::info!(target: READY, url, admin_url, explorer_url, workers = names.join(", "));
        return;
    }
    let mut text = format!("listening on http://{}\n", server.local_addr());
    if let Some(address) = server.admin_addr() {
        text += &format!("admin listening on http://{address}\n");
    }
    if let Some(explorer) = explorer {
        text += &format!("explorer on {}\n", explorer.url());
    }
    let mut stdout = std::io::stdout().lock();
    // Where standard output is gone nobody waits for it, and the server serves all the same.
    let _gone = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

async fn close(storage: Arc<SqliteStorage>) -> Exit {
    let closed = tokio::task::spawn_blocking(move || storage.close()).await;
    match closed {
        Ok(Ok(())) => Exit::Success,
        Ok(Err(error)) => {
            tracing::error!(%error, "the storage did not close cleanly");
            Exit::Failure
        }
        Err(error) => {
            tracing::error!(%error, "closing the storage failed");
            Exit::Failure
        }
    }
}
