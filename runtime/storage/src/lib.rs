//! What worky keeps, behind traits of whole atomic operations: never cursors, never transactions, so that a store of
//! many machines can stand behind the same traits. One conformance suite runs on every backend.

mod kv;

pub use kv::{KvEntry, KvKey, KvList, KvPut, KvStore, KvStoreError};
