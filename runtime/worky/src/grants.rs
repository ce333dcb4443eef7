//! What each worker is given: its bindings, over what the process has.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::runtime::Handle;
use worky_host::Bindings;
use worky_host::assets::{Assets, AssetsError, AssetsLimits, AssetsSource};
use worky_host::cache::{CacheLimits, Caches};
use worky_host::clock::{Clock, SystemClock};
use worky_host::egress::{Egress, OwnListeners, Resolve, SystemResolver};
use worky_host::fetch::{Fetch, FetchConfig, FetchLimits, StandIn, TlsTrust};
use worky_host::files::{
    CopiesSnapshot, Files, FilesConfig, FilesLimits, HostRoots, Mode, MountConfig, MountError, Purpose,
};
use worky_host::kv::{Kv, SweepSettings, Sweeper};
use worky_host::log::{Log, Sink};
use worky_host::metrics::Metrics;
use worky_host::secrets::Redactor;
use worky_host::service::{NoServices, Service, ServiceDispatch, Services};
use worky_storage::{KvStore, MemorySnapshot, MemoryStorage, SqliteStorage, StorageError};

use crate::config::{AssetsConfig, WorkerConfig};

/// What errors call the worker that a binding of assets stands for.
const ASSETS: &str = "assets";
/// The same, of the caches.
const CACHES: &str = "caches";

/// What all workers' grants are made of.
#[derive(Clone)]
pub(crate) struct Grants {
    pub(crate) metrics: Metrics,
    pub(crate) own_listeners: OwnListeners,
    clock: Arc<dyn Clock>,
    resolver: Arc<dyn Resolve>,
    trust: TlsTrust,
    stores: Stores,
    services: Arc<dyn ServiceDispatch>,
    caches: Caches,
    roots: HostRoots,
    runtime: Handle,
    testing: Option<Testing>,
}

/// What differs where workers are tested: nobody else sees what they say, and nothing of theirs reaches the network.
#[derive(Clone)]
pub(crate) struct Testing {
    pub(crate) console: Arc<dyn Sink>,
    pub(crate) network: Arc<dyn StandIn>,
}

/// What workers under test have written up to one moment.
#[derive(Clone)]
pub(crate) struct Written {
    kv: MemorySnapshot,
    files: CopiesSnapshot,
}

/// Why a worker cannot be given what it was granted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GrantError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Mount(#[from] MountError),
    #[error(transparent)]
    Assets(#[from] AssetsError),
}

/// Where namespaces are kept.
#[derive(Clone)]
pub(crate) enum Stores {
    Sqlite(Arc<SqliteStorage>),
    /// For a process that serves nothing, and so writes nothing that lasts.
    Memory(Arc<MemoryStorage>),
}

impl Stores {
    fn kv(&self, id: &str) -> Result<Arc<dyn KvStore>, StorageError> {
        match self {
            Stores::Sqlite(storage) => storage.kv(id),
            Stores::Memory(storage) => Ok(storage.kv(id)),
        }
    }
}

impl Grants {
    /// Must be called within the runtime that is to do the workers' input and output.
    pub(crate) fn new(stores: Stores, metrics: Metrics) -> Self {
        let trust = TlsTrust::system().unwrap_or_else(|error| {
            tracing::warn!(%error, "outgoing https will fail");
            TlsTrust::none()
        });
        let caches = Caches::new(Arc::new(SystemClock), CacheLimits::default());
        let responses = caches.clone();
        metrics.sample(move |figures| figures.response_cache_bytes = responses.bytes());
        if let Stores::Sqlite(storage) = &stores {
            // Whoever closes it has it to himself.
            let storage = Arc::downgrade(storage);
            metrics.sample(move |figures| {
                let kept = storage.upgrade().map(|storage| storage.cache_figures()).unwrap_or_default();
                (figures.kv_cache_hits, figures.kv_cache_misses) = (kept.hits, kept.misses);
                figures.kv_cache_bytes = kept.bytes;
            });
        }
        Grants {
            metrics,
            own_listeners: OwnListeners::default(),
            caches,
            clock: Arc::new(SystemClock),
            resolver: Arc::new(SystemResolver::default()),
            trust,
            stores,
            services: Arc::new(NoServices),
            roots: HostRoots::default(),
            runtime: Handle::current(),
            testing: None,
        }
    }

    /// Of the same process, with storage and files of their own, that are in memory.
    pub(crate) fn for_tests(&self, services: Arc<dyn ServiceDispatch>, testing: Testing) -> Self {
        Grants {
            stores: Stores::Memory(Arc::default()),
            roots: HostRoots::default(),
            caches: Caches::new(self.clock.clone(), CacheLimits::default()),
            services,
            testing: Some(testing),
            ..self.clone()
        }
    }

    /// What workers under test have written.
    pub(crate) fn written(&self) -> Written {
        let kv = match &self.stores {
            Stores::Memory(storage) => storage.snapshot(),
            Stores::Sqlite(_) => MemorySnapshot::default(),
        };
        Written { kv, files: self.roots.snapshot() }
    }

    /// Undoes what workers under test have written since.
    pub(crate) fn write_back(&self, written: &Written) {
        if let Stores::Memory(storage) = &self.stores {
            storage.restore(&written.kv);
        }
        self.roots.restore(&written.files);
    }

    /// Lets workers call those that are deployed.
    pub(crate) fn serve_services(&mut self, services: Arc<dyn ServiceDispatch>) {
        self.services = services;
    }

    /// One worker's bindings. Opens its namespaces and directories.
    pub(crate) fn bindings(&self, worker: &WorkerConfig) -> Result<Bindings, GrantError> {
        let name: Arc<str> = worker.name.value.as_str().into();
        let kv = self.kv(worker)?;
        let services = worker.services.iter().map(|service| {
            let (dispatch, metrics) = (self.services.clone(), self.metrics.clone());
            Service::new(&service.binding.value, &service.service.value, name.clone(), dispatch, metrics)
        });
        let assets = worker.assets.as_ref().map(|assets| self.assets(worker, assets)).transpose()?;
        let fetched = worker.assets.as_ref().and_then(|assets| assets.binding.as_ref()).zip(assets.clone());
        let fetched = fetched.map(|(binding, assets)| {
            Service::new(&binding.value, ASSETS, name.clone(), Arc::new(assets), self.metrics.clone())
        });
        let services = Services::new(services.chain(fetched).collect());
        let fetch = FetchConfig {
            worker: name.clone(),
            egress: Egress::new(worker.egress.clone(), self.own_listeners.clone(), self.resolver.clone()),
            trust: self.trust.clone(),
            limits: FetchLimits::default(),
            metrics: self.metrics.clone(),
            runtime: self.runtime.clone(),
        };
        let files = self.files(worker)?;
        let fetch = match &self.testing {
            None => Fetch::new(fetch),
            Some(testing) => Fetch::without_network(fetch, testing.network.clone()),
        };
        let log = self.log(name.clone(), worker);
        let caches = Arc::new(self.caches.of_worker(name.clone()));
        let caches = Service::new(CACHES, CACHES, name.clone(), caches, self.metrics.clone());
        Ok(Bindings {
            worker: name,
            vars: worker.vars.clone(),
            secrets: worker.secrets.clone(),
            kv,
            services,
            caches,
            assets,
            files,
            globals: worker.globals.clone(),
            fetch,
            log,
        })
    }

    fn assets(&self, worker: &WorkerConfig, assets: &AssetsConfig) -> Result<Assets, AssetsError> {
        let source = match &worker.packed {
            Some(packed) => AssetsSource::Packed(packed.archive.assets()),
            None => AssetsSource::Directory(&assets.path),
        };
        Assets::open(source, assets.settings.clone(), &AssetsLimits::default(), self.runtime.clone())
    }

    /// Of a worker by this name, without the secrets of the one that is configured so.
    pub(crate) fn log(&self, name: Arc<str>, worker: &WorkerConfig) -> Log {
        let redactor = Redactor::new(worker.secrets.clone());
        let (limits, metrics) = (worker.limits.log(), self.metrics.clone());
        match &self.testing {
            None => Log::new(name, limits, redactor, metrics),
            Some(testing) => Log::to_sink(name, limits, redactor, metrics, testing.console.clone()),
        }
    }

    /// One worker's namespaces, by binding.
    pub(crate) fn kv(&self, worker: &WorkerConfig) -> Result<Vec<(String, Kv)>, StorageError> {
        let name: Arc<str> = worker.name.value.as_str().into();
        let namespaces = worker.kv_namespaces.iter().map(|namespace| {
            let store = self.stores.kv(&namespace.id)?;
            let kv = Kv::new(name.clone(), store, self.clock.clone(), self.metrics.clone());
            Ok((namespace.binding.clone(), kv))
        });
        namespaces.collect()
    }

    fn files(&self, worker: &WorkerConfig) -> Result<Files, MountError> {
        let purpose = match &self.stores {
            Stores::Sqlite(_) => Purpose::Serve,
            Stores::Memory(_) if self.testing.is_some() => Purpose::Test,
            Stores::Memory(_) => Purpose::Check,
        };
        let mounts: Vec<MountConfig> = worker.files.iter().map(|files| files.mount.clone()).collect();
        for mount in mounts.iter().filter(|mount| mount.mode == Mode::ReadWrite && purpose == Purpose::Serve) {
            // Those that may be made lie beneath the worker's own directory.
            std::fs::create_dir_all(&mount.path).map_err(|source| MountError {
                binding: mount.binding.clone(),
                path: mount.path.clone(),
                source,
            })?;
        }
        Files::new(FilesConfig {
            worker: worker.name.value.as_str().into(),
            mounts: &mounts,
            roots: &self.roots,
            purpose,
            limits: FilesLimits {
                open_files: worker.limits.open_files,
                tmp_bytes: worker.limits.tmp_bytes,
                tmp_entries: worker.limits.tmp_entries.into(),
            },
            metrics: self.metrics.clone(),
            runtime: self.runtime.clone(),
        })
    }

    /// Removes what has expired from all namespaces of these workers.
    pub(crate) fn sweeper(&self, workers: &[WorkerConfig]) -> Result<Sweeper, StorageError> {
        // Workers may share a namespace.
        let ids: BTreeSet<&str> =
            workers.iter().flat_map(|worker| &worker.kv_namespaces).map(|namespace| namespace.id.as_str()).collect();
        let stores = ids.into_iter().map(|id| Ok((id.to_owned(), self.stores.kv(id)?))).collect::<Result<_, _>>()?;
        Ok(Sweeper::new(stores, self.clock.clone(), SweepSettings::default()))
    }
}
