use bytes::Bytes;
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};

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

    /// Like [`KvStore::get`] of one key, for a caller that may not wait long. `None` where it would take more than some
    /// 0.1 ms on this thread, or where the store cannot tell: then `get` has to be asked.
    fn get_at_once(&self, _key: &str, _now_ms: u64) -> Option<Result<Option<KvEntry>, KvStoreError>> {
        None
    }

    /// Resolves once the write is durable; a write that resolves survives the death of the process.
    fn put(&self, put: KvPut) -> BoxFuture<'_, Result<(), KvStoreError>>;

    /// Writes only if what stands under the key is still `expected`, and answers whether it did. Nothing else is written
    /// in between. Resolves once durable.
    fn put_if(&self, put: KvPut, expected: KvExpected, now_ms: u64) -> BoxFuture<'_, Result<bool, KvStoreError>>;

    /// Adds to the number under a key and answers the sum. An absent key counts as 0; one that is there keeps its
    /// metadata and expiry. Nothing else is written in between. Resolves once durable.
    fn increment(&self, increment: KvIncrement, now_ms: u64) -> BoxFuture<'_, Result<i64, KvStoreError>>;

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

/// What stood under a key. An expired entry is absent; metadata and expiry do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KvExpected {
    Absent,
    /// The SHA-256 of its value: whoever waits to swap a large value does not hold it in memory.
    Value([u8; 32]),
}

/// An addition to a number, which is kept as decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KvIncrement {
    pub key: String,
    pub delta: i64,
    /// A sum below it is refused, as one above `i64::MAX` is.
    pub min: i64,
}

impl KvExpected {
    /// What stands there now, with `value` or nothing.
    pub fn of(value: Option<&[u8]>) -> Self {
        match value {
            None => KvExpected::Absent,
            Some(value) => KvExpected::Value(Sha256::digest(value).into()),
        }
    }
}

impl KvIncrement {
    /// The sum, where `value` is what stands under the key.
    pub(crate) fn sum(&self, value: Option<&[u8]>) -> Result<i64, KvStoreError> {
        let number = match value {
            None => 0,
            Some(text) => std::str::from_utf8(text)
                .ok()
                .and_then(|text| text.parse::<i64>().ok())
                .ok_or(KvStoreError::NotANumber)?,
        };
        number.checked_add(self.delta).filter(|sum| *sum >= self.min).ok_or(KvStoreError::OutOfRange { min: self.min })
    }
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
    #[error("the value is not a whole number in decimal digits, from -2^63 to 2^63 - 1")]
    NotANumber,
    #[error("the sum is not between {min} and {}", i64::MAX)]
    OutOfRange { min: i64 },
    /// The text names the file and what SQLite said; it is for the operator, not for a guest.
    #[error("the key-value store failed: {0}")]
    Failed(String),
    #[error("the key-value store is closed")]
    Closed,
}
