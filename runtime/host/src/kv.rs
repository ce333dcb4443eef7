//! The key-value capability: the rules of a namespace (limits, expiry, cursors) over a store.

use std::sync::Arc;

use bytes::Bytes;
use worky_storage::{KvStore, KvStoreError};

use crate::clock::Clock;
use crate::metrics::Metrics;
use crate::{Blame, InvocationContext};

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

/// One namespace, as one worker holds it.
#[derive(Clone)]
pub struct Kv {
    store: Arc<dyn KvStore>,
    clock: Arc<dyn Clock>,
    metrics: Metrics,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub value: Bytes,
    /// JSON text.
    pub metadata: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct PutOptions {
    /// Unix seconds.
    pub expiration: Option<u64>,
    /// Seconds from now; wins over `expiration`.
    pub expiration_ttl: Option<u64>,
    /// JSON text.
    pub metadata: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    pub prefix: String,
    pub limit: Option<usize>,
    pub cursor: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListKey {
    pub name: String,
    /// Unix seconds.
    pub expiration: Option<u64>,
    /// JSON text.
    pub metadata: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    pub keys: Vec<ListKey>,
    /// Opaque; absent when the list is complete.
    pub cursor: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum KvError {
    #[error(transparent)]
    Store(#[from] KvStoreError),
}

impl KvError {
    pub fn blame(&self) -> Blame {
        match self {
            KvError::Store(KvStoreError::Overloaded { .. }) => Blame::Overload,
            KvError::Store(_) => Blame::Host,
        }
    }
}

impl Kv {
    pub fn new(store: Arc<dyn KvStore>, clock: Arc<dyn Clock>, metrics: Metrics) -> Self {
        Kv { store, clock, metrics }
    }

    /// The values of `keys` (at most [`BULK_KEYS_MAX`]), in the order asked for.
    pub async fn get(&self, _context: &InvocationContext, _keys: Vec<String>) -> Result<Vec<Option<Entry>>, KvError> {
        unimplemented!()
    }

    /// Resolves once the write is durable.
    pub async fn put(
        &self,
        _context: &InvocationContext,
        _key: String,
        _value: Bytes,
        _options: PutOptions,
    ) -> Result<(), KvError> {
        unimplemented!()
    }

    pub async fn delete(&self, _context: &InvocationContext, _key: String) -> Result<(), KvError> {
        unimplemented!()
    }

    pub async fn list(&self, _context: &InvocationContext, _options: ListOptions) -> Result<ListPage, KvError> {
        unimplemented!()
    }
}
