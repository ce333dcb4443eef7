//! The embedded default: SQLite in WAL mode, one database file for each namespace.
//!
//! ```text
//! DATA/LOCK           held with flock while the storage is open
//! DATA/kv/<ns>.db     one namespace, with its -wal and -shm
//! ```
//!
//! Reading order: [`directory`] (who may use these files, and their names), [`file`] (how a file is opened),
//! [`statements`] (what is asked of it), [`writer`] (group commit), [`readers`], [`cache`], [`store`] (the trait).

mod cache;
mod directory;
mod file;
mod readers;
mod statements;
mod store;
mod writer;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::{KvStore, StorageError};
use cache::Budget;
pub use cache::CacheFigures;
use directory::DataDirectory;
use store::SqliteKv;

pub use directory::NAMESPACE_ID_BYTES_MAX;

/// When a write counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Once the device holds it: an acknowledged write survives `kill -9`, a crash of the operating system and a loss
    /// of power, if the device honours a flush.
    #[default]
    Full,
    /// Once the operating system holds it: it survives `kill -9`, but a loss of power may take the last writes. The
    /// file stays whole in either case.
    Relaxed,
}

/// What each thread of a store does first.
type OnThreadStart = fn();

/// The stores of one data directory. Dropping it lets what is queued be written, but does not wait for it; closing does.
pub struct SqliteStorage {
    directory: Arc<DataDirectory>,
    durability: Durability,
    cache: Arc<Budget>,
    on_thread_start: OnThreadStart,
    /// `None` once closed.
    namespaces: Mutex<Option<HashMap<String, Arc<SqliteKv>>>>,
}

impl SqliteStorage {
    /// Takes the data directory for this process alone, making it if it is not there.
    ///
    /// Up to `cache_bytes` of what was read stay in memory, in equal shares for each namespace; 0 keeps nothing.
    pub fn open(path: impl AsRef<Path>, durability: Durability, cache_bytes: usize) -> Result<Self, StorageError> {
        file::check_sqlite_version()?;
        let directory = Arc::new(DataDirectory::take(path.as_ref())?);
        let cache = Arc::new(Budget::new(cache_bytes));
        let namespaces = Mutex::new(Some(HashMap::new()));
        Ok(SqliteStorage { directory, durability, cache, on_thread_start: || {}, namespaces })
    }

    /// Has each thread that reads or writes a namespace opened from now on call `start` first.
    pub fn on_thread_start(mut self, start: fn()) -> Self {
        self.on_thread_start = start;
        self
    }

    /// The namespace `id`, 1 to [`NAMESPACE_ID_BYTES_MAX`] bytes: the same store for the same id. Opens its file, so
    /// call it at start-up, not on a request.
    pub fn kv(&self, id: &str) -> Result<Arc<dyn KvStore>, StorageError> {
        let mut namespaces = self.namespaces.lock();
        let Some(open) = namespaces.as_mut() else {
            return Err(StorageError::Closed { directory: self.directory.path().to_owned() });
        };
        if let Some(store) = open.get(id) {
            return Ok(store.clone());
        }
        let store = Arc::new(SqliteKv::open(&self.directory, id, self.durability, &self.cache, self.on_thread_start)?);
        open.values().for_each(|other| other.trim());
        open.insert(id.to_owned(), store.clone());
        Ok(store)
    }

    /// Of all namespaces.
    pub fn cache_figures(&self) -> CacheFigures {
        let namespaces = self.namespaces.lock();
        let each = namespaces.iter().flat_map(HashMap::values).map(|store| store.cache_figures());
        each.fold(CacheFigures::default(), |all, one| CacheFigures {
            hits: all.hits + one.hits,
            misses: all.misses + one.misses,
            bytes: all.bytes + one.bytes,
        })
    }

    /// Writes what is queued, folds the write-ahead logs into their files and closes them. Blocks until done. What is
    /// asked of a store afterwards fails with `Closed`. Every file is tried; the first error is returned.
    pub fn close(&self) -> Result<(), StorageError> {
        let Some(open) = self.namespaces.lock().take() else { return Ok(()) };
        // All stop first, so that their last flushes overlap.
        open.values().for_each(|store| store.stop());
        let results: Vec<_> = open.values().map(|store| store.join()).collect();
        results.into_iter().collect()
    }
}

impl std::fmt::Debug for SqliteStorage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStorage")
            .field("directory", &self.directory.path())
            .field("durability", &self.durability)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
