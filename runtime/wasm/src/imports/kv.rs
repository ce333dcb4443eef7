//! `wasi:keyvalue`, in both of its drafts, over `worky_host::kv`. A bucket is a namespace that was granted, opened by
//! the name of its binding.

mod draft;
mod draft2;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use wasmtime::component::{HasData, Linker, Resource, ResourceTable, ResourceTableError};
use worky_host::kv::{Kv, KvError, ListOptions, ListPage, PutOptions};

use crate::state::{Guest, State};

/// Writes of one `set-many` or `delete-many` that run at once: enough to share one flush to the device.
const BATCH_WRITES_AT_ONCE: usize = 64;
/// A `set-many` of more goes one by one, so as not to fill the queue of the namespace, where others wait, by itself.
const BATCH_BYTES_AT_ONCE: usize = 16 << 20;

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    draft::link(linker)?;
    draft2::link(linker)
}

/// What these imports need of a store's data.
struct View<'a> {
    guest: &'a Guest,
    table: &'a mut ResourceTable,
}

fn view(state: &mut State) -> View<'_> {
    View { guest: &state.guest, table: &mut state.table }
}

struct HasView;

impl HasData for HasView {
    type Data<'a> = View<'a>;
}

/// An open bucket. Public, as [`Error`] is, because generated code exports it again, in a private module.
#[allow(unreachable_pub)]
pub struct Bucket {
    kv: Kv,
    cursors: draft::Cursors,
}

/// The error of both drafts.
#[allow(unreachable_pub)]
pub enum Error {
    NoSuchStore,
    AccessDenied,
    Other(String),
    /// The guest broke the component model's rules, which ends it.
    Trap(wasmtime::Error),
}

impl From<KvError> for Error {
    fn from(error: KvError) -> Self {
        Error::Other(error.to_string())
    }
}

impl From<ResourceTableError> for Error {
    fn from(error: ResourceTableError) -> Self {
        match error {
            ResourceTableError::Full => Error::Other("too many handles are open; drop some".to_owned()),
            error => Error::Trap(error.into()),
        }
    }
}

impl View<'_> {
    fn open_bucket(&mut self, identifier: &str) -> Result<Resource<Bucket>, Error> {
        let granted = &self.guest.bindings.kv;
        let found = match (identifier, granted.as_slice()) {
            (_, []) => return Err(Error::AccessDenied),
            // What hosts with a single bucket call it.
            ("", [only]) => Some(only),
            _ => granted.iter().find(|(binding, _)| binding == identifier),
        };
        let (_, kv) = found.ok_or(Error::NoSuchStore)?;
        Ok(self.table.push(Bucket { kv: kv.clone(), cursors: draft::Cursors::default() })?)
    }

    fn kv(&self, bucket: &Resource<Bucket>) -> Result<Kv, Error> {
        Ok(self.table.get(bucket)?.kv.clone())
    }

    async fn read(&mut self, bucket: Resource<Bucket>, key: String) -> Result<Option<Vec<u8>>, Error> {
        let found = self.kv(&bucket)?.get(&self.guest.context, vec![key]).await?.pop().flatten();
        Ok(found.map(|entry| entry.value.into()))
    }

    async fn write(&mut self, bucket: Resource<Bucket>, key: String, value: Vec<u8>) -> Result<(), Error> {
        let kv = self.kv(&bucket)?;
        Ok(kv.put(&self.guest.context, key, value.into(), PutOptions::default()).await?)
    }

    async fn remove(&mut self, bucket: Resource<Bucket>, key: String) -> Result<(), Error> {
        Ok(self.kv(&bucket)?.delete(&self.guest.context, key).await?)
    }

    async fn has(&mut self, bucket: Resource<Bucket>, key: String) -> Result<bool, Error> {
        Ok(self.kv(&bucket)?.exists(&self.guest.context, key).await?)
    }

    async fn page(&mut self, bucket: &Resource<Bucket>, cursor: Option<String>) -> Result<ListPage, Error> {
        let options = ListOptions { cursor, ..ListOptions::default() };
        Ok(self.kv(bucket)?.list(&self.guest.context, options).await?)
    }

    async fn add(&mut self, bucket: Resource<Bucket>, key: String, delta: i64, min: i64) -> Result<i64, Error> {
        Ok(self.kv(&bucket)?.increment(&self.guest.context, key, delta, min).await?)
    }

    async fn read_many(&mut self, bucket: Resource<Bucket>, keys: Vec<String>) -> Result<Vec<Pair>, Error> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.kv(&bucket)?.get(&self.guest.context, keys.clone()).await?;
        let pair = |(key, entry): (_, Option<worky_host::kv::Entry>)| entry.map(|entry| (key, entry.value.into()));
        Ok(keys.into_iter().zip(found).map(pair).collect())
    }

    /// The first error ends it; what was written before stays.
    async fn write_many(&mut self, bucket: Resource<Bucket>, pairs: Vec<(String, Vec<u8>)>) -> Result<(), Error> {
        let (kv, context) = (self.kv(&bucket)?, &self.guest.context);
        let bytes: usize = pairs.iter().map(|(_, value)| value.len()).sum();
        let at_once = if bytes > BATCH_BYTES_AT_ONCE { 1 } else { BATCH_WRITES_AT_ONCE };
        let put = |(key, value)| kv.put(context, key, Bytes::from(value), PutOptions::default());
        let puts = stream::iter(pairs.into_iter().map(put)).buffer_unordered(at_once);
        Ok(puts.try_collect::<()>().await?)
    }

    /// The first error ends it; what was removed before stays so.
    async fn remove_many(&mut self, bucket: Resource<Bucket>, keys: Vec<String>) -> Result<(), Error> {
        let (kv, context) = (self.kv(&bucket)?, &self.guest.context);
        let delete = |key| kv.delete(context, key);
        let deletes = stream::iter(keys.into_iter().map(delete)).buffer_unordered(BATCH_WRITES_AT_ONCE);
        Ok(deletes.try_collect::<()>().await?)
    }

    fn close_bucket(&mut self, bucket: Resource<Bucket>) -> wasmtime::Result<()> {
        self.table.delete(bucket)?;
        Ok(())
    }
}

/// Of one key of a `get-many`.
type Pair = Option<(String, Vec<u8>)>;
