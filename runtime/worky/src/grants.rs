//! What each worker is given: its bindings, over what the process has.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::runtime::Handle;
use worky_host::Bindings;
use worky_host::clock::{Clock, SystemClock};
use worky_host::egress::{Egress, OwnListeners, Resolve, SystemResolver};
use worky_host::fetch::{Fetch, FetchConfig, FetchLimits, TlsTrust};
use worky_host::kv::{Kv, SweepSettings, Sweeper};
use worky_host::log::Log;
use worky_host::metrics::Metrics;
use worky_host::secrets::Redactor;
use worky_host::service::{NoServices, Service, ServiceDispatch, Services};
use worky_storage::{KvStore, MemoryStorage, SqliteStorage, StorageError};

use crate::config::WorkerConfig;

/// What all workers' grants are made of.
pub(crate) struct Grants {
    pub(crate) metrics: Metrics,
    pub(crate) own_listeners: OwnListeners,
    clock: Arc<dyn Clock>,
    resolver: Arc<dyn Resolve>,
    trust: TlsTrust,
    stores: Stores,
    services: Arc<dyn ServiceDispatch>,
    runtime: Handle,
}

/// Where namespaces are kept.
#[derive(Clone)]
pub(crate) enum Stores {
    Sqlite(Arc<SqliteStorage>),
    /// For a process that serves nothing and so writes nothing.
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
    pub(crate) fn new(stores: Stores) -> Self {
        let trust = TlsTrust::system().unwrap_or_else(|error| {
            tracing::warn!(%error, "outgoing https will fail");
            TlsTrust::none()
        });
        Grants {
            metrics: Metrics::default(),
            own_listeners: OwnListeners::default(),
            clock: Arc::new(SystemClock),
            resolver: Arc::new(SystemResolver::default()),
            trust,
            stores,
            services: Arc::new(NoServices),
            runtime: Handle::current(),
        }
    }

    /// Lets workers call those that are deployed.
    pub(crate) fn serve_services(&mut self, services: Arc<dyn ServiceDispatch>) {
        self.services = services;
    }

    /// One worker's bindings. Opens its namespaces.
    pub(crate) fn bindings(&self, worker: &WorkerConfig) -> Result<Bindings, StorageError> {
        let name: Arc<str> = worker.name.value.as_str().into();
        let mut kv = Vec::with_capacity(worker.kv_namespaces.len());
        for namespace in &worker.kv_namespaces {
            let store = self.stores.kv(&namespace.id)?;
            kv.push((namespace.binding.clone(), Kv::new(store, self.clock.clone(), self.metrics.clone())));
        }
        let services = worker.services.iter().map(|service| {
            let (dispatch, metrics) = (self.services.clone(), self.metrics.clone());
            Service::new(&service.binding.value, &service.service.value, name.clone(), dispatch, metrics)
        });
        let services = Services::new(services.collect());
        let fetch = Fetch::new(FetchConfig {
            worker: name.clone(),
            egress: Egress::new(worker.egress.clone(), self.own_listeners.clone(), self.resolver.clone()),
            trust: self.trust.clone(),
            limits: FetchLimits::default(),
            metrics: self.metrics.clone(),
            runtime: self.runtime.clone(),
        });
        let redactor = Redactor::new(worker.secrets.clone());
        let log = Log::new(name.clone(), worker.limits.log_line_bytes, redactor, self.metrics.clone());
        Ok(Bindings {
            worker: name,
            vars: worker.vars.clone(),
            secrets: worker.secrets.clone(),
            kv,
            services,
            files: worky_host::files::Files::none(),
            globals: worker.globals.clone(),
            fetch,
            log,
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
