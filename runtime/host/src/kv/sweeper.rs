//! Removes what has expired. Nothing depends on it but disk space: reads pass over expired entries.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use worky_storage::{KvStore, KvStoreError};

use crate::clock::Clock;

/// How a [`Sweeper`] goes about it. The defaults are written here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepSettings {
    /// From the end of one round to the start of the next.
    pub interval: Duration,
    /// Entries of one removal: one write of the store, which other writes wait for.
    pub batch_entries: usize,
    /// Removals in one namespace and round; what is left is for the next round.
    pub batches_max: usize,
}

impl Default for SweepSettings {
    fn default() -> Self {
        SweepSettings { interval: Duration::from_secs(60), batch_entries: 500, batches_max: 200 }
    }
}

/// Removes expired keys from a set of namespaces, for as long as it is run.
pub struct Sweeper {
    stores: Vec<(String, Arc<dyn KvStore>)>,
    clock: Arc<dyn Clock>,
    settings: SweepSettings,
}

impl Sweeper {
    /// `stores`: the id of each namespace, for the log, and its store.
    pub fn new(stores: Vec<(String, Arc<dyn KvStore>)>, clock: Arc<dyn Clock>, settings: SweepSettings) -> Self {
        Sweeper { stores, clock, settings }
    }

    /// Sweeps until it is dropped.
    pub async fn run(self) -> Infallible {
        loop {
            tokio::time::sleep(self.settings.interval).await;
            self.round().await;
        }
    }

    /// Sweeps every namespace once; answers how many keys went. A namespace that fails does not keep the others.
    pub async fn round(&self) -> usize {
        let mut removed = 0;
        for (namespace, store) in &self.stores {
            match self.sweep(&**store).await {
                Ok(keys) => removed += keys,
                // Those who wait come first; the next round finds the same keys.
                Err(KvStoreError::Overloaded { .. } | KvStoreError::Closed) => {}
                Err(error) => tracing::warn!(namespace, %error, "cannot remove expired keys"),
            }
        }
        removed
    }

    async fn sweep(&self, store: &dyn KvStore) -> Result<usize, KvStoreError> {
        let (now_ms, batch_entries) = (self.clock.now_unix_ms(), self.settings.batch_entries);
        let mut removed = 0;
        for _ in 0..self.settings.batches_max {
            let batch = store.sweep(now_ms, batch_entries).await?;
            removed += batch;
            if batch < batch_entries {
                break;
            }
        }
        Ok(removed)
    }
}
