//! `wasi:keyvalue@0.2.0-draft`: numbers as cursors, counters without a sign, no compare-and-swap.

use std::collections::VecDeque;

use wasmtime::component::{Linker, Resource};

use self::bindings::wasi::keyvalue::{atomics, batch, store};
use super::{Bucket, Error, HasView, Pair, View, view};
use crate::state::State;

/// Cursors that a bucket keeps: a guest goes through one list, or a few at once.
const CURSORS_KEPT: usize = 16;

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit/deps/keyvalue-draft",
        world: "wasi:keyvalue/imports",
        imports: { default: async | trappable },
        with: { "wasi:keyvalue/store.bucket": crate::imports::kv::Bucket },
        trappable_error_type: { "wasi:keyvalue/store.error" => crate::imports::kv::Error },
    });
}

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    store::add_to_linker::<_, HasView>(linker, view)?;
    atomics::add_to_linker::<_, HasView>(linker, view)?;
    batch::add_to_linker::<_, HasView>(linker, view)
}

/// The cursors of the last pages of one bucket. The host's are text, which a number has no room for, so that the number
/// is only good for the handle that made it.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    kept: VecDeque<String>,
    /// The number of the first one kept.
    first: u64,
}

impl Cursors {
    fn keep(&mut self, cursor: String) -> u64 {
        if self.kept.len() == CURSORS_KEPT {
            self.kept.pop_front();
            self.first += 1;
        }
        self.kept.push_back(cursor);
        self.first + self.kept.len() as u64 - 1
    }

    fn find(&self, number: u64) -> Option<String> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.kept.get(index).cloned()
    }
}

impl store::Host for View<'_> {
    async fn open(&mut self, identifier: String) -> Result<Resource<Bucket>, Error> {
        self.open_bucket(&identifier)
    }

    fn convert_error(&mut self, error: Error) -> wasmtime::Result<store::Error> {
        match error {
            Error::NoSuchStore => Ok(store::Error::NoSuchStore),
            Error::AccessDenied => Ok(store::Error::AccessDenied),
            Error::Other(text) => Ok(store::Error::Other(text)),
            Error::Trap(error) => Err(error),
        }
    }
}

impl store::HostBucket for View<'_> {
    async fn get(&mut self, bucket: Resource<Bucket>, key: String) -> Result<Option<Vec<u8>>, Error> {
        self.read(bucket, key).await
    }

    async fn set(&mut self, bucket: Resource<Bucket>, key: String, value: Vec<u8>) -> Result<(), Error> {
        self.write(bucket, key, value).await
    }

    async fn delete(&mut self, bucket: Resource<Bucket>, key: String) -> Result<(), Error> {
        self.remove(bucket, key).await
    }

    async fn exists(&mut self, bucket: Resource<Bucket>, key: String) -> Result<bool, Error> {
        self.has(bucket, key).await
    }

    async fn list_keys(&mut self, bucket: Resource<Bucket>, cursor: Option<u64>) -> Result<store::KeyResponse, Error> {
        let cursor = match cursor {
            None => None,
            Some(number) => Some(self.table.get(&bucket)?.cursors.find(number).ok_or_else(|| {
                let rule = format!("pass one of the last {CURSORS_KEPT} that list-keys of this bucket handle returned");
                Error::Other(format!("invalid cursor {number}; {rule}"))
            })?),
        };
        let page = self.page(&bucket, cursor).await?;
        let cursors = &mut self.table.get_mut(&bucket)?.cursors;
        let cursor = page.cursor.map(|cursor| cursors.keep(cursor));
        Ok(store::KeyResponse { keys: page.keys.into_iter().map(|key| key.name).collect(), cursor })
    }

    async fn drop(&mut self, bucket: Resource<Bucket>) -> wasmtime::Result<()> {
        self.close_bucket(bucket)
    }
}

impl atomics::Host for View<'_> {
    async fn increment(&mut self, bucket: Resource<Bucket>, key: String, delta: u64) -> Result<u64, Error> {
        let Ok(delta) = i64::try_from(delta) else {
            return Err(Error::Other(format!("a delta of {delta} is more than {}", i64::MAX)));
        };
        let sum = self.add(bucket, key, delta, 0).await?;
        u64::try_from(sum).map_err(|_| Error::Other(format!("the sum {sum} is below 0")))
    }
}

impl batch::Host for View<'_> {
    async fn get_many(&mut self, bucket: Resource<Bucket>, keys: Vec<String>) -> Result<Vec<Pair>, Error> {
        self.read_many(bucket, keys).await
    }

    async fn set_many(&mut self, bucket: Resource<Bucket>, pairs: Vec<(String, Vec<u8>)>) -> Result<(), Error> {
        self.write_many(bucket, pairs).await
    }

    async fn delete_many(&mut self, bucket: Resource<Bucket>, keys: Vec<String>) -> Result<(), Error> {
        self.remove_many(bucket, keys).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_cursors_are_kept() {
        let mut cursors = Cursors::default();
        let numbers: Vec<u64> = (0..20).map(|n| cursors.keep(n.to_string())).collect();
        assert_eq!(numbers, (0..20).collect::<Vec<_>>());
        assert_eq!(cursors.kept.len(), CURSORS_KEPT);
        assert_eq!(cursors.find(3), None, "it is too long ago");
        assert_eq!(cursors.find(4).as_deref(), Some("4"));
        assert_eq!(cursors.find(19).as_deref(), Some("19"));
        assert_eq!(cursors.find(20), None);
        assert_eq!(cursors.find(u64::MAX), None);
    }
}
