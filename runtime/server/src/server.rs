use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use http::uri::Authority;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use worky_dispatch::{Dispatcher, DrainOutcome};
use worky_host::metrics::Metrics;

use crate::config::{ErrorDetail, ServerConfig};
use crate::connection::{Command, Watch};
use crate::developer::{Developer, Development, Pages, Trouble};
use crate::live_reload::LiveReload;
use crate::router::Router;
use crate::{admin, listener};

/// How long connections that were cut off get to let go of what they hold.
const CUT_GRACE: Duration = Duration::from_secs(1);

/// An HTTP server, bound and not yet running.
pub struct Server {
    listener: TcpListener,
    local_addr: SocketAddr,
    admin: Option<(TcpListener, SocketAddr)>,
    shared: Arc<Shared>,
}

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) config: ServerConfig,
    /// Read by every request, replaced where the routes change.
    pub(crate) router: ArcSwap<Router>,
    /// Why what was changed last cannot be served; what was there before is, but to a developer's browser.
    pub(crate) trouble: ArcSwapOption<Trouble>,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) metrics: Metrics,
    pub(crate) error_detail: ErrorDetail,
    /// Who is told of failures instead of the log.
    pub(crate) developer: Option<Arc<dyn Developer>>,
    pub(crate) live_reload: Option<LiveReload>,
    pub(crate) watch: Arc<Watch>,
    /// Of the runtime that the server is on; connections come back to it from the threads of instances.
    pub(crate) handle: Handle,
    /// Connections, and the streams of those that speak HTTP/2.
    pub(crate) tasks: TaskTracker,
    /// The host of requests that need not name one.
    pub(crate) own_authority: Authority,
    readiness: AtomicU8,
}

/// Whether the server takes requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readiness {
    Starting,
    Ready,
    Draining,
}

impl Server {
    /// Binds the listeners. Must be called within a tokio runtime. Where an address cannot be had, the error names it.
    pub fn bind(
        config: ServerConfig,
        router: Router,
        dispatcher: Dispatcher,
        metrics: Metrics,
        error_detail: ErrorDetail,
        development: Option<Development>,
    ) -> io::Result<Self> {
        let listener = listener::bind(config.listen)?;
        let local_addr = listener.local_addr()?;
        let admin = match config.admin_listen {
            Some(address) => {
                let listener = listener::bind(address)?;
                let address = listener.local_addr()?;
                Some((listener, address))
            }
            None => None,
        };
        let own_authority = Authority::try_from(local_addr.to_string()).expect("an address is an authority");
        let watch = Arc::new(Watch::new(&config));
        let shared = Arc::new(Shared {
            config,
            router: ArcSwap::from_pointee(router),
            trouble: ArcSwapOption::empty(),
            dispatcher,
            metrics,
            error_detail,
            live_reload: development
                .as_ref()
                .filter(|development| development.pages == Pages::Reloading)
                .map(|_| LiveReload::new()),
            developer: development.map(|development| development.developer),
            watch,
            handle: Handle::current(),
            tasks: TaskTracker::new(),
            own_authority,
            readiness: AtomicU8::new(Readiness::Starting as u8),
        });
        Ok(Server { listener, local_addr, admin, shared })
    }

    /// The way to change what is served while the server runs.
    pub fn control(&self) -> Control {
        Control(Arc::clone(&self.shared))
    }

    /// Where requests come in.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Where `/healthz`, `/readyz` and `/metrics` are, if anywhere.
    pub fn admin_addr(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|(_, address)| *address)
    }

    /// Serves until `shutdown`, then takes no new connections, finishes what is in flight, `waitUntil` included, for at
    /// most the grace of the configuration, and cuts off the rest.
    pub async fn run(self, shutdown: CancellationToken) -> DrainOutcome {
        let Server { listener, admin, shared, .. } = self;
        // Aborted when this returns.
        let mut background = JoinSet::new();
        let watch = Arc::clone(&shared.watch);
        background.spawn(async move { watch.run().await });
        if let Some((listener, _)) = admin {
            background.spawn(admin::serve(listener, Arc::clone(&shared)));
        }
        shared.set_readiness(Readiness::Ready);
        listener::accept_until(listener, &shutdown, &shared).await;
        shared.set_readiness(Readiness::Draining);
        shared.drain().await
    }
}

/// What can be changed while the server runs.
#[derive(Clone)]
pub struct Control(Arc<Shared>);

impl Control {
    /// Has requests go by these routes from now on. Their workers must be deployed.
    pub fn set_router(&self, router: Router) {
        self.0.router.store(Arc::new(router));
    }

    /// Has a developer's browser see why a change cannot be served, until there is another one that can.
    pub fn set_trouble(&self, trouble: Option<Trouble>) {
        self.0.trouble.store(trouble.map(Arc::new));
    }

    /// Has pages look again, where they do so.
    pub fn reload_pages(&self) {
        if let Some(live) = &self.0.live_reload {
            live.reload();
        }
    }
}

impl Shared {
    /// What a developer's browser is to see in the place of an answer.
    pub(crate) fn trouble(&self) -> Option<Arc<Trouble>> {
        match self.error_detail {
            ErrorDetail::Production => None,
            ErrorDetail::Development => self.trouble.load_full(),
        }
    }

    pub(crate) fn readiness(&self) -> Readiness {
        match self.readiness.load(Ordering::Acquire) {
            0 => Readiness::Starting,
            1 => Readiness::Ready,
            _ => Readiness::Draining,
        }
    }

    fn set_readiness(&self, readiness: Readiness) {
        self.readiness.store(readiness as u8, Ordering::Release);
    }

    async fn drain(&self) -> DrainOutcome {
        let deadline = Instant::now() + self.config.shutdown_grace;
        self.watch.command_all(Command::Close);
        // Pages listen for as long as they are open.
        if let Some(live) = &self.live_reload {
            live.close();
        }
        self.tasks.close();
        if timeout_at(deadline, self.tasks.wait()).await.is_ok() {
            return self.dispatcher.drain(deadline.saturating_duration_since(Instant::now())).await;
        }
        let in_flight = self.dispatcher.in_flight();
        self.watch.command_all(Command::Cut);
        if timeout(CUT_GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!(connections = self.tasks.len(), "connections did not end though they were cut off");
        }
        self.dispatcher.drain(Duration::ZERO).await;
        DrainOutcome::GraceEnded { in_flight }
    }
}
