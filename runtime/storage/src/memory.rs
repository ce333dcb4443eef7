//! Namespaces in memory, for tests: the same rules, no file, nothing kept. What is in them can be put back.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use parking_lot::Mutex;

use crate::{KvEntry, KvExpected, KvIncrement, KvKey, KvList, KvPut, KvStore, KvStoreError, READ_BYTES_MAX};

/// All namespaces of one test. Cloning shares them.
#[derive(Clone, Default)]
pub struct MemoryStorage(Arc<Mutex<HashMap<String, Arc<MemoryKv>>>>);

impl MemoryStorage {
    /// The namespace `id`: the same one for the same id.
    pub fn kv(&self, id: &str) -> Arc<dyn KvStore> {
        self.0.lock().entry(id.to_owned()).or_default().clone()
    }
}

/// What all namespaces held at one moment. Values are shared with it, not copied.
#[derive(Clone, Default)]
pub struct MemorySnapshot(HashMap<String, BTreeMap<String, KvEntry>>);

impl MemoryStorage {
    pub fn snapshot(&self) -> MemorySnapshot {
        MemorySnapshot(self.0.lock().iter().map(|(id, kv)| (id.clone(), kv.0.lock().clone())).collect())
    }

    /// Has every namespace hold what it held then; one that there was not is empty.
    pub fn restore(&self, snapshot: &MemorySnapshot) {
        for (id, kv) in &*self.0.lock() {
            *kv.0.lock() = snapshot.0.get(id).cloned().unwrap_or_default();
        }
    }
}

#[derive(Default)]
struct MemoryKv(Mutex<BTreeMap<String, KvEntry>>);

impl MemoryKv {
    fn read(&self, keys: &[String], now_ms: u64) -> Result<Vec<Option<KvEntry>>, KvStoreError> {
        let entries = self.0.lock();
        let found: Vec<_> =
            keys.iter().map(|key| entries.get(key).filter(|entry| is_live(entry, now_ms)).cloned()).collect();
        let bytes: usize = found.iter().flatten().map(|entry| entry.value.len()).sum();
        if keys.len() > 1 && bytes > READ_BYTES_MAX {
            return Err(KvStoreError::TooLarge { max_bytes: READ_BYTES_MAX });
        }
        Ok(found)
    }

    fn put_if(&self, put: KvPut, expected: KvExpected, now_ms: u64) -> bool {
        let mut entries = self.0.lock();
        let found = entries.get(&put.key).filter(|entry| is_live(entry, now_ms));
        let is_expected = KvExpected::of(found.map(|entry| &*entry.value)) == expected;
        if is_expected {
            entries.insert(put.key, put.entry);
        }
        is_expected
    }

    fn increment(&self, increment: KvIncrement, now_ms: u64) -> Result<i64, KvStoreError> {
        let mut entries = self.0.lock();
        let found = entries.get(&increment.key).filter(|entry| is_live(entry, now_ms)).cloned();
        let sum = increment.sum(found.as_ref().map(|entry| &*entry.value))?;
        let absent = KvEntry { value: Bytes::new(), metadata: None, expires_ms: None };
        entries.insert(increment.key, KvEntry { value: sum.to_string().into(), ..found.unwrap_or(absent) });
        Ok(sum)
    }

    fn page(&self, prefix: &str, after: Option<String>, limit: usize, now_ms: u64) -> KvList {
        let entries = self.0.lock();
        let start = match after {
            Some(after) if after.as_str() >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix.to_owned()),
        };
        let mut live = entries
            .range((start, Bound::Unbounded))
            .take_while(|(name, _)| name.starts_with(prefix))
            .filter(|(_, entry)| is_live(entry, now_ms));
        let keys = live
            .by_ref()
            .take(limit)
            .map(|(name, entry)| KvKey {
                name: name.clone(),
                metadata: entry.metadata.clone(),
                expires_ms: entry.expires_ms,
            })
            .collect();
        KvList { keys, more: live.next().is_some() }
    }

    fn remove_expired(&self, now_ms: u64, limit: usize) -> usize {
        let mut entries = self.0.lock();
        let expired: Vec<String> =
            entries.iter().filter(|(_, e)| !is_live(e, now_ms)).take(limit).map(|(name, _)| name.clone()).collect();
        for name in &expired {
            entries.remove(name);
        }
        expired.len()
    }
}

fn is_live(entry: &KvEntry, now_ms: u64) -> bool {
    entry.expires_ms.is_none_or(|expires_ms| expires_ms > now_ms)
}

impl KvStore for MemoryKv {
    fn get(&self, keys: Vec<String>, now_ms: u64) -> BoxFuture<'_, Result<Vec<Option<KvEntry>>, KvStoreError>> {
        async move { self.read(&keys, now_ms) }.boxed()
    }

    fn get_at_once(&self, key: &str, now_ms: u64) -> Option<Result<Option<KvEntry>, KvStoreError>> {
        Some(Ok(self.0.lock().get(key).filter(|entry| is_live(entry, now_ms)).cloned()))
    }

    fn put(&self, put: KvPut) -> BoxFuture<'_, Result<(), KvStoreError>> {
        self.0.lock().insert(put.key, put.entry);
        ready(Ok(())).boxed()
    }

    fn put_if(&self, put: KvPut, expected: KvExpected, now_ms: u64) -> BoxFuture<'_, Result<bool, KvStoreError>> {
        ready(Ok(MemoryKv::put_if(self, put, expected, now_ms))).boxed()
    }

    fn increment(&self, increment: KvIncrement, now_ms: u64) -> BoxFuture<'_, Result<i64, KvStoreError>> {
        ready(MemoryKv::increment(self, increment, now_ms)).boxed()
    }

    fn delete(&self, key: String) -> BoxFuture<'_, Result<(), KvStoreError>> {
        self.0.lock().remove(&key);
        ready(Ok(())).boxed()
    }

    fn list(
        &self,
        prefix: String,
        after: Option<String>,
        limit: usize,
        now_ms: u64,
    ) -> BoxFuture<'_, Result<KvList, KvStoreError>> {
        async move { Ok(self.page(&prefix, after, limit, now_ms)) }.boxed()
    }

    fn sweep(&self, now_ms: u64, limit: usize) -> BoxFuture<'_, Result<usize, KvStoreError>> {
        async move { Ok(self.remove_expired(now_ms, limit)) }.boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_there_is_put_back() {
        let storage = MemoryStorage::default();
        let put = |key: &str, value: &'static str| {
            let entry = KvEntry { value: Bytes::from_static(value.as_bytes()), metadata: None, expires_ms: None };
            KvPut { key: key.to_owned(), entry }
        };
        let kv = storage.kv("a");
        kv.put(put("kept", "1")).await.expect("it is written");
        let before = storage.snapshot();
        kv.put(put("kept", "2")).await.expect("it is written");
        kv.put(put("new", "3")).await.expect("it is written");
        storage.kv("later").put(put("new", "4")).await.expect("it is written");
        storage.restore(&before);
        let found = kv.get(vec!["kept".to_owned(), "new".to_owned()], 0).await.expect("it is read");
        let values: Vec<_> = found.iter().map(|entry| entry.as_ref().map(|entry| &*entry.value)).collect();
        assert_eq!(values, [Some(&b"1"[..]), None]);
        assert_eq!(storage.kv("later").get(vec!["new".to_owned()], 0).await.expect("it is read"), [None]);
    }

    crate::kv_conformance!({
        let storage = MemoryStorage::default();
        move |id: &str| storage.kv(id)
    });
}
