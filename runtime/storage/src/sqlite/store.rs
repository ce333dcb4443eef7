use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::cache::{Budget, Cache, CacheFigures, Found};
use super::directory::DataDirectory;
use super::readers::Readers;
use super::statements::Read;
use super::writer::{Done, Write, Writer};
use super::{Durability, OnThreadStart};
use crate::{KvEntry, KvExpected, KvIncrement, KvList, KvPut, KvStore, KvStoreError, StorageError};

/// One namespace's file.
pub(super) struct SqliteKv {
    writer: Writer,
    readers: Readers,
    cache: Arc<Cache>,
}

impl SqliteKv {
    pub(super) fn open(
        directory: &Arc<DataDirectory>,
        id: &str,
        durability: Durability,
        budget: &Arc<Budget>,
        on_thread_start: OnThreadStart,
    ) -> Result<Self, StorageError> {
        let path = directory.kv_file(id)?;
        let cache = Arc::new(Cache::new(budget.clone()));
        let writer = Writer::start(directory, id, &path, durability, &cache, on_thread_start)?;
        Ok(SqliteKv { writer, readers: Readers::new(directory, &path, on_thread_start), cache })
    }

    pub(super) fn cache_figures(&self) -> CacheFigures {
        self.cache.figures()
    }

    /// Gives back memory that another namespace needs.
    pub(super) fn trim(&self) {
        self.cache.trim();
    }

    pub(super) fn stop(&self) {
        self.cache.close();
        self.readers.stop();
        self.writer.stop();
    }

    pub(super) fn join(&self) -> Result<(), StorageError> {
        self.writer.join()
    }
}

impl KvStore for SqliteKv {
    fn get(&self, keys: Vec<String>, now_ms: u64) -> BoxFuture<'_, Result<Vec<Option<KvEntry>>, KvStoreError>> {
        async move {
            let read = match keys.as_slice() {
                [key] => match self.get_at_once(key, now_ms) {
                    Some(entry) => return Ok(vec![entry?]),
                    None => Read::Beyond,
                },
                keys => self.readers.get_at_once(keys, now_ms)?,
            };
            match read {
                Read::Entries(entries) => Ok(entries),
                Read::Beyond => self.readers.get(keys, now_ms).await,
            }
        }
        .boxed()
    }

    fn get_at_once(&self, key: &str, now_ms: u64) -> Option<Result<Option<KvEntry>, KvStoreError>> {
        let ticket = match self.cache.find(key, now_ms) {
            Found::Entry(entry) => return Some(Ok(entry)),
            Found::Nothing(ticket) => ticket,
        };
        match self.readers.get_at_once(&[key], now_ms) {
            Ok(Read::Entries(mut entries)) => {
                let entry = entries.pop().flatten();
                self.cache.fill(key, entry.as_ref(), ticket);
                Some(Ok(entry))
            }
            Ok(Read::Beyond) => None,
            Err(error) => Some(Err(error)),
        }
    }

    fn put(&self, put: KvPut) -> BoxFuture<'_, Result<(), KvStoreError>> {
        self.writer.write(Write::Put(put)).map(|done| done.map(drop)).boxed()
    }

    fn put_if(&self, put: KvPut, expected: KvExpected, now_ms: u64) -> BoxFuture<'_, Result<bool, KvStoreError>> {
        let write = self.writer.write(Write::PutIf { put, expected, now_ms });
        write.map(|done| done.map(|done| matches!(done, Done::Entries(1)))).boxed()
    }

    fn increment(&self, increment: KvIncrement, now_ms: u64) -> BoxFuture<'_, Result<i64, KvStoreError>> {
        async move {
            match self.writer.write(Write::Increment { increment, now_ms }).await? {
                Done::Sum(sum) => Ok(sum),
                Done::Entries(_) => Err(KvStoreError::Failed("an increment has no sum".to_owned())),
            }
        }
        .boxed()
    }

    fn delete(&self, key: String) -> BoxFuture<'_, Result<(), KvStoreError>> {
        self.writer.write(Write::Delete(key)).map(|done| done.map(drop)).boxed()
    }

    fn list(
        &self,
        prefix: String,
        after: Option<String>,
        limit: usize,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<KvList, KvStoreError>> {
        self.readers.list(prefix, after, limit, now_ms).boxed()
    }

    fn sweep(&self, now_ms: u64, limit: usize) -> BoxFuture<'_, Result<usize, KvStoreError>> {
        let write = self.writer.write(Write::Sweep { now_ms, limit });
        write.map(|done| done.map(|done| if let Done::Entries(entries) = done { entries } else { 0 })).boxed()
    }
}
