use bytes::Bytes;
use futures_util::future::BoxFuture;

/// One key-value namespace. Keys are any strings; order is that of their UTF-8 bytes. Times are unix milliseconds, and
/// the caller's clock decides what "now" is. An expired entry is absent from every read from that instant on.
pub trait KvStore: Send + Sync {
    /// The live entries of `keys`, in the order asked for.
    fn get(&self, keys: Vec<String>, now_ms: u64) -> BoxFuture<'_, Result<Vec<Option<KvEntry>>, KvStoreError>>;

    /// Resolves once the write is durable; a write that resolves survives the death of the process.
    fn put(&self, put: KvPut) -> BoxFuture<'_, Result<(), KvStoreError>>;

    /// Resolves once durable. Deleting what is absent succeeds.
    fn delete(&self, key: String) -> BoxFuture<'_, Result<(), KvStoreError>>;

    /// Live keys that start with `prefix` and sort after `after`, in order, at most `limit`.
    fn list(
        &self,
        prefix: String,
        after: Option<String>,
        limit: usize,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<KvList, KvStoreError>>;

    /// Removes at most `limit` entries that expired at or before `now_ms`; answers how many went.
    fn sweep(&self, now_ms: u64, limit: usize) -> BoxFuture<'_, Result<usize, KvStoreError>>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvEntry {
    pub value: Bytes,
    /// JSON text.
    pub metadata: Option<String>,
    pub expires_ms: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvPut {
    pub key: String,
    pub entry: KvEntry,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvKey {
    pub name: String,
    pub metadata: Option<String>,
    pub expires_ms: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvList {
    pub keys: Vec<KvKey>,
    /// Whether live keys remain after the last one.
    pub more: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum KvStoreError {
    /// The bounded queue of writes is full.
    #[error("the key-value store is overloaded: {queued} writes are queued")]
    Overloaded { queued: usize },
    #[error("the key-value store failed: {0}")]
    Failed(String),
    #[error("the key-value store is closed")]
    Closed,
}
