//! From settings to a served worker, and to a clean end.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use worky_dispatch::DrainOutcome;
use worky_host::metrics::Metrics;
use worky_server::Server;
use worky_storage::SqliteStorage;
use worky_wasm::{WasmConfig, WasmEngine};

use crate::assemble::{AssembleError, Assembly, assemble};
use crate::command::{Exit, Mode, print_report};
use crate::config::Config;
use crate::signals;

/// How long threads that are still busy after the drain may take, such as a name lookup that nobody waits for.
const THREADS_GRACE: Duration = Duration::from_secs(1);

/// Where compiled components are kept, in the data directory.
const COMPILED_DIR: &str = "compiled";

/// Serves until a signal asks for the end.
pub(crate) fn run(config: Config, mode: Mode) -> Exit {
    let metrics = Metrics::default();
    let cache = Some(config.process.storage.path.join(COMPILED_DIR));
    let wasm = WasmEngine::new(WasmConfig { cache }, metrics.clone());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("worky-io").build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "no runtime can be started");
            return Exit::Failure;
        }
    };
    let exit = runtime.block_on(serve(config, mode, metrics, wasm));
    runtime.shutdown_timeout(THREADS_GRACE);
    exit
}

async fn serve(config: Config, mode: Mode, metrics: Metrics, wasm: WasmEngine) -> Exit {
    let shutdown = match signals::shutdown_token() {
        Ok(token) => token,
        Err(error) => {
            tracing::error!(%error, "signals cannot be received");
            return Exit::Failure;
        }
    };
    let assembled = tokio::select! {
        biased;
        () = shutdown.cancelled() => return Exit::Success,
        assembled = assemble(config, mode, metrics, wasm) => assembled,
    };
    let Assembly { server, sweeper, storage } = match assembled {
        Ok(assembly) => assembly,
        Err(error) => return refuse(&error, mode),
    };
    announce(&server);
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
    if outcome == DrainOutcome::Drained && closed == Exit::Success { Exit::Success } else { Exit::Failure }
}

fn refuse(error: &AssembleError, mode: Mode) -> Exit {
    if let AssembleError::Workers { report, .. } = error {
        print_report(report, mode.color);
    }
    tracing::error!("{error}");
    Exit::Failure
}

/// One line for each listener. They are part of the public interface: whoever started the program waits for them.
fn announce(server: &Server) {
    let mut text = format!("listening on http://{}\n", server.local_addr());
    if let Some(address) = server.admin_addr() {
        text += &format!("admin listening on http://{address}\n");
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
