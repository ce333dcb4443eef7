//! What worky keeps, behind traits of whole atomic operations: never cursors, never transactions, so that a store of
//! many machines can stand behind the same traits. One conformance suite runs on every backend.
//!
//! Reading order: [`KvStore`], the trait; [`SqliteStorage`], the default; [`MemoryStorage`], for tests; `conformance`,
//! the cases that all of them pass.

#![forbid(unsafe_code)]

mod error;
mod kv;
mod memory;
mod sqlite;

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;

pub use error::StorageError;
pub use kv::{KvEntry, KvExpected, KvIncrement, KvKey, KvList, KvPut, KvStore, KvStoreError, READ_BYTES_MAX};
pub use memory::{MemorySnapshot, MemoryStorage};
pub use sqlite::{CacheFigures, Durability, NAMESPACE_ID_BYTES_MAX, SqliteStorage};
