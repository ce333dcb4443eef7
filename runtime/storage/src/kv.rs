use bytes::Bytes;
use futures_util::future::BoxFuture;

/// The values that one [`KvStore::get`] of several keys may add up to, in bytes: what a call may hold in memory.
pub const READ_BYTES_MAX: usize = 25 << 20;

/// One key-value namespace. Keys are any strings; order is that of their UTF-8 bytes. Times are unix milliseconds, and
/// the caller's clock decides what "now" is. An expired entry is absent from every read from that instant on.
///
/// A read that starts after a write resolved sees that write. A future that is dropped before it resolves may or may
/// not have written.
pub trait KvStore: Send + Sync {
    /// The live entries of `keys`, in the order asked for, all of one instant. A single key is read whatever the size
    /// of its value; several fail with [`KvStoreError::TooLarge`] beyond [`READ_BYTES_MAX`].
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

/// What stands under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvEntry {
    pub value: Bytes,
    /// JSON text.
    pub metadata: Option<String>,
    /// Unix milliseconds, at most `i64::MAX`; from this instant on the entry is absent.
    pub expires_ms: Option<u64>,
}

/// One write: it replaces what stood under the key, metadata and expiry too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvPut {
    pub key: String,
    pub entry: KvEntry,
}

/// One key of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvKey {
    pub name: String,
    /// JSON text.
    pub metadata: Option<String>,
    /// Unix milliseconds.
    pub expires_ms: Option<u64>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvList {
    pub keys: Vec<KvKey>,
    /// Whether live keys remain after the last one.
    pub more: bool,
}

/// Why an operation on a namespace has no result.
#[derive(Debug, thiserror::Error)]
pub enum KvStoreError {
    /// A bounded queue is full: of operations, or of the bytes that waiting writes hold.
    #[error("the key-value store is overloaded: {queued} operations are queued")]
    Overloaded { queued: usize },
    /// The values of one bulk read are too much to hold in memory at once.
    #[error("the values of one read add up to more than {max_bytes} bytes; ask for fewer keys at once")]
    TooLarge { max_bytes: usize },
    /// The text names the file and what SQLite said; it is for the operator, not for a guest.
    #[error("the key-value store failed: {0}")]
    Failed(String),
    #[error("the key-value store is closed")]
    Closed,
}
