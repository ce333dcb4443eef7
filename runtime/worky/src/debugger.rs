//! Where debuggers attach, if they may.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use worky_js::JsInspector;
use worky_server::InspectorServer;

use crate::command::Mode;

/// The listener, which is there before any worker is, so that workers can wait for whoever attaches.
pub(crate) struct Debugger {
    address: SocketAddr,
    inspector: Arc<JsInspector>,
    _listening: AbortOnDropHandle<()>,
}

#[derive(Debug, thiserror::Error)]
#[error("debuggers cannot attach at {address}: {source}; --inspect=PORT takes another port, 0 a free one")]
pub(crate) struct DebuggerError {
    address: SocketAddr,
    source: std::io::Error,
}

impl Debugger {
    pub(crate) async fn start(mode: Mode) -> Result<Option<Self>, DebuggerError> {
        let Some((address, start)) = mode.inspect else { return Ok(None) };
        let server = InspectorServer::bind(address).await.map_err(|source| DebuggerError { address, source })?;
        let address = server.local_addr();
        if !address.ip().is_loopback() {
            tracing::warn!(%address, "whoever can reach the debugger's address can run code as you");
        }
        let inspector = JsInspector::new(start);
        let listening = AbortOnDropHandle::new(tokio::spawn(server.run(inspector.clone())));
        announce(address);
        Ok(Some(Debugger { address, inspector, _listening: listening }))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn inspector(&self) -> Arc<JsInspector> {
        self.inspector.clone()
    }

    /// A request that is held at a breakpoint must not hold up the end.
    pub(crate) fn close_at(&self, shutdown: CancellationToken) {
        let inspector = self.inspector.clone();
        tokio::spawn(async move {
            shutdown.cancelled().await;
            inspector.close();
        });
    }
}

/// Part of the public interface: whoever started the program waits for it.
fn announce(address: SocketAddr) {
    let mut stdout = std::io::stdout().lock();
    // Where standard output is gone nobody waits for it.
    let _gone = writeln!(stdout, "debugger listening on ws://{address}").and_then(|()| stdout.flush());
}
