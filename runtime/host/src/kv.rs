//! The key-value capability: the rules of a namespace (limits, expiry, cursors) over a store.

mod cursor;
mod error;
mod sweeper;

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};
use worky_storage::{KvEntry, KvExpected, KvIncrement, KvPut, KvStore, KvStoreError};

use crate::InvocationContext;
use crate::clock::Clock;
use crate::metrics::{KvOperation, KvOutcome, Metrics};

pub use error::KvError;
pub use sweeper::{SweepSettings, Sweeper};

/// The longest key, in bytes of UTF-8.
pub const KEY_BYTES_MAX: usize = 512;
/// The largest value, in bytes.
pub const VALUE_BYTES_MAX: usize = 25 << 20;
/// The largest metadata, in bytes of its JSON text.
pub const METADATA_BYTES_MAX: usize = 1024;
/// The shortest time to live, in seconds.
pub const TTL_SECONDS_MIN: u64 = 60;
/// The most keys of one page of a list, and the default.
pub const LIST_LIMIT_MAX: usize = 1000;
/// The most keys of one bulk get.
pub const BULK_KEYS_MAX: usize = 100;

/// Reads of one worker from one namespace at once; the next wait. An answer may be as large as
/// [`worky_storage::READ_BYTES_MAX`], and is in memory until its guest takes it.
const READS_AT_ONCE: usize = 16;

/// The last expiry that milliseconds in 63 bits can tell, in unix seconds.
const EXPIRATION_UNIX_SECONDS_MAX: u64 = i64::MAX as u64 / 1000;

/// One namespace, as one worker holds it.
#[derive(Clone)]
pub struct Kv {
    /// Whose limits count, for metrics.
    worker: Arc<str>,
    store: Arc<dyn KvStore>,
    clock: Arc<dyn Clock>,
    metrics: Metrics,
    reads: Arc<Semaphore>,
}

/// A value and what was put with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub value: Bytes,
    /// JSON text.
    pub metadata: Option<String>,
    /// Unix seconds.
    pub expiration: Option<u64>,
}

/// What a put may say besides key and value.
#[derive(Debug, Clone, Default)]
pub struct PutOptions {
    /// Unix seconds, at least [`TTL_SECONDS_MIN`] from now.
    pub expiration: Option<u64>,
    /// Seconds from now, at least [`TTL_SECONDS_MIN`]; wins over `expiration`.
    pub expiration_ttl: Option<u64>,
    /// JSON text of at most [`METADATA_BYTES_MAX`].
    pub metadata: Option<String>,
}

/// Which keys a list is of.
#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    pub prefix: String,
    /// 1 to [`LIST_LIMIT_MAX`], which is the default.
    pub limit: Option<usize>,
    /// [`ListPage::cursor`] of the page before, of the same prefix.
    pub cursor: Option<String>,
}

/// One key of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListKey {
    pub name: String,
    /// Unix seconds.
    pub expiration: Option<u64>,
    /// JSON text.
    pub metadata: Option<String>,
}

/// What stood under a key when it was read; of fixed size, however large the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(KvExpected);

/// One page of a list, in the order of the keys' UTF-8 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    pub keys: Vec<ListKey>,
    /// Opaque; absent when the list is complete.
    pub cursor: Option<String>,
}

impl Version {
    /// Of the entry that a [`Kv::get`] found, or did not find.
    pub fn of(entry: Option<&Entry>) -> Self {
        Version(KvExpected::of(entry.map(|entry| &*entry.value)))
    }
}

impl Kv {
    pub fn new(worker: Arc<str>, store: Arc<dyn KvStore>, clock: Arc<dyn Clock>, metrics: Metrics) -> Self {
        Kv { worker, store, clock, metrics, reads: Arc::new(Semaphore::new(READS_AT_ONCE)) }
    }

    /// The values of `keys` (1 to [`BULK_KEYS_MAX`]), in the order asked for. The values of several keys may add up to
    /// [`worky_storage::READ_BYTES_MAX`].
    pub async fn get(&self, context: &InvocationContext, keys: Vec<String>) -> Result<Vec<Option<Entry>>, KvError> {
        let operation = if keys.len() == 1 { KvOperation::Get } else { KvOperation::GetBulk };
        self.measured(context, operation, async {
            if keys.is_empty() || keys.len() > BULK_KEYS_MAX {
                return Err(KvError::BulkKeys { keys: keys.len() });
            }
            keys.iter().try_for_each(|key| check_key(operation, key))?;
            let _reading = self.reading().await;
            let entries = self.store.get(keys, self.clock.now_unix_ms()).await.map_err(failed(operation))?;
            Ok(entries.into_iter().map(|found| found.map(Entry::from)).collect())
        })
        .await
    }

    /// The value of one key where that needs no waiting, for a caller that may not wait. `None` where it does: ask with
    /// [`Kv::get`] then. Only what is answered is counted.
    pub fn get_at_once(&self, context: &InvocationContext, key: &str) -> Option<Result<Option<Entry>, KvError>> {
        let started = Instant::now();
        let found = match check_key(KvOperation::Get, key) {
            Ok(()) => self.store.get_at_once(key, self.clock.now_unix_ms())?.map_err(failed(KvOperation::Get)),
            Err(error) => Err(error),
        };
        // The limit comes last, so that what `get` has to be asked for counts once.
        let result = self.counted(context, KvOperation::Get).and(found);
        self.record(context, KvOperation::Get, started, &result);
        Some(result.map(|found| found.map(Entry::from)))
    }

    /// Resolves once the write is durable.
    pub async fn put(
        &self,
        context: &InvocationContext,
        key: String,
        value: Bytes,
        options: PutOptions,
    ) -> Result<(), KvError> {
        self.measured(context, KvOperation::Put, async {
            check_key(KvOperation::Put, &key)?;
            let expires_ms = expires_ms(&options, self.clock.now_unix_ms())?;
            if let Some(metadata) = &options.metadata {
                check_metadata(metadata)?;
            }
            if value.len() > VALUE_BYTES_MAX {
                return Err(KvError::ValueTooLarge { bytes: value.len() });
            }
            let entry = KvEntry { value, metadata: options.metadata, expires_ms };
            self.store.put(KvPut { key, entry }).await.map_err(failed(KvOperation::Put))
        })
        .await
    }

    /// Whether there is a value under a key, without reading it where it is large.
    pub async fn exists(&self, context: &InvocationContext, key: String) -> Result<bool, KvError> {
        self.measured(context, KvOperation::Get, async {
            check_key(KvOperation::Get, &key)?;
            let now_ms = self.clock.now_unix_ms();
            if let Some(found) = self.store.get_at_once(&key, now_ms) {
                return found.map(|entry| entry.is_some()).map_err(failed(KvOperation::Get));
            }
            // A value that is large need not be read: of the keys that start with it, it is the first.
            let first = self.store.list(key.clone(), None, 1, now_ms);
            let first = first.await.map_err(failed(KvOperation::Get))?;
            Ok(first.keys.first().is_some_and(|first| first.name == key))
        })
        .await
    }

    /// Puts a value, without metadata or expiry, only if what stands under the key is still of `version`, and answers
    /// whether it did. Resolves once the write is durable.
    pub async fn put_if(
        &self,
        context: &InvocationContext,
        key: String,
        value: Bytes,
        version: Version,
    ) -> Result<bool, KvError> {
        self.measured(context, KvOperation::PutIf, async {
            check_key(KvOperation::PutIf, &key)?;
            if value.len() > VALUE_BYTES_MAX {
                return Err(KvError::ValueTooLarge { bytes: value.len() });
            }
            let put = KvPut { key, entry: KvEntry { value, metadata: None, expires_ms: None } };
            let written = self.store.put_if(put, version.0, self.clock.now_unix_ms());
            written.await.map_err(failed(KvOperation::PutIf))
        })
        .await
    }

    /// Adds to the number under a key, decimal text, and answers the sum, which is refused below `min`. An absent key
    /// counts as 0; another keeps its metadata and expiry. Resolves once the write is durable.
    pub async fn increment(
        &self,
        context: &InvocationContext,
        key: String,
        delta: i64,
        min: i64,
    ) -> Result<i64, KvError> {
        self.measured(context, KvOperation::Increment, async {
            check_key(KvOperation::Increment, &key)?;
            let sum = self.store.increment(KvIncrement { key, delta, min }, self.clock.now_unix_ms());
            sum.await.map_err(failed(KvOperation::Increment))
        })
        .await
    }

    /// Resolves once it is durable. Deleting what is absent succeeds.
    pub async fn delete(&self, context: &InvocationContext, key: String) -> Result<(), KvError> {
        self.measured(context, KvOperation::Delete, async {
            check_key(KvOperation::Delete, &key)?;
            self.store.delete(key).await.map_err(failed(KvOperation::Delete))
        })
        .await
    }

    /// One page of the keys with a prefix.
    pub async fn list(&self, context: &InvocationContext, options: ListOptions) -> Result<ListPage, KvError> {
        self.measured(context, KvOperation::List, self.page(options)).await
    }

    async fn page(&self, options: ListOptions) -> Result<ListPage, KvError> {
        let ListOptions { prefix, limit, cursor } = options;
        check_length(KvOperation::List, &prefix)?;
        let limit = limit.unwrap_or(LIST_LIMIT_MAX);
        if limit == 0 || limit > LIST_LIMIT_MAX {
            return Err(KvError::ListLimit { limit });
        }
        let after = match cursor {
            // What a guest passes that has a cursor from a complete list, or none yet.
            None => None,
            Some(cursor) if cursor.is_empty() => None,
            Some(cursor) => Some(cursor::decode(&prefix, &cursor).ok_or(KvError::Cursor { cursor })?),
        };
        let now_ms = self.clock.now_unix_ms();
        let _reading = self.reading().await;
        let list = self.store.list(prefix.clone(), after, limit, now_ms).await.map_err(failed(KvOperation::List))?;
        let cursor = list.keys.last().filter(|_| list.more).map(|last| cursor::encode(&prefix, &last.name));
        let key = |key: worky_storage::KvKey| ListKey {
            name: key.name,
            expiration: key.expires_ms.map(|ms| ms / 1000),
            metadata: key.metadata,
        };
        Ok(ListPage { keys: list.keys.into_iter().map(key).collect(), cursor })
    }

    async fn reading(&self) -> SemaphorePermit<'_> {
        self.reads.acquire().await.expect("the semaphore is never closed")
    }

    async fn measured<T>(
        &self,
        context: &InvocationContext,
        operation: KvOperation,
        work: impl Future<Output = Result<T, KvError>>,
    ) -> Result<T, KvError> {
        let started = Instant::now();
        let result = match self.counted(context, operation) {
            Ok(()) => work.await,
            Err(exceeded) => Err(exceeded),
        };
        self.record(context, operation, started, &result);
        result
    }

    fn counted(&self, context: &InvocationContext, operation: KvOperation) -> Result<(), KvError> {
        context.take_kv_operation().map_err(|exceeded| {
            self.metrics.limit_exceeded(&self.worker, "kv_operations");
            KvError::Operations { operation, max: exceeded.max }
        })
    }

    fn record<T>(
        &self,
        context: &InvocationContext,
        operation: KvOperation,
        started: Instant,
        result: &Result<T, KvError>,
    ) {
        if let Err(KvError::Store { source: KvStoreError::Failed(problem), .. }) = result {
            tracing::error!(request_id = %context.request_id(), ?operation, problem, "a key-value operation failed");
        }
        let outcome = result.as_ref().err().map_or(KvOutcome::Ok, KvError::outcome);
        self.metrics.kv_operation(operation, outcome, started.elapsed());
    }
}

impl From<KvEntry> for Entry {
    fn from(entry: KvEntry) -> Self {
        let expiration = entry.expires_ms.map(|ms| ms / 1000);
        Entry { value: entry.value, metadata: entry.metadata, expiration }
    }
}

fn failed(operation: KvOperation) -> impl Fn(KvStoreError) -> KvError {
    move |source| KvError::Store { operation, source }
}

fn check_key(operation: KvOperation, key: &str) -> Result<(), KvError> {
    match key {
        "" => Err(KvError::KeyEmpty),
        "." | ".." => Err(KvError::KeyReserved { key: key.to_owned() }),
        _ => check_length(operation, key),
    }
}

fn check_length(operation: KvOperation, key: &str) -> Result<(), KvError> {
    match key.len() {
        bytes if bytes > KEY_BYTES_MAX => Err(KvError::KeyTooLong { operation, bytes }),
        _ => Ok(()),
    }
}

fn check_metadata(metadata: &str) -> Result<(), KvError> {
    if metadata.len() > METADATA_BYTES_MAX {
        return Err(KvError::MetadataTooLarge { bytes: metadata.len() });
    }
    serde_json::from_str::<serde_json::Value>(metadata)
        .map(drop)
        .map_err(|error| KvError::MetadataNotJson { problem: error.to_string() })
}

fn expires_ms(options: &PutOptions, now_ms: u64) -> Result<Option<u64>, KvError> {
    let now_unix_seconds = now_ms / 1000;
    match (options.expiration_ttl, options.expiration) {
        (Some(seconds), _) => {
            let last = EXPIRATION_UNIX_SECONDS_MAX.saturating_sub(now_unix_seconds + 1);
            if !(TTL_SECONDS_MIN..=last).contains(&seconds) {
                return Err(KvError::ExpirationTtl { seconds });
            }
            Ok(Some(now_ms + seconds * 1000))
        }
        (None, Some(unix_seconds)) => {
            if !(now_unix_seconds + TTL_SECONDS_MIN..=EXPIRATION_UNIX_SECONDS_MAX).contains(&unix_seconds) {
                return Err(KvError::Expiration { unix_seconds, now_unix_seconds });
            }
            Ok(Some(unix_seconds * 1000))
        }
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests;
