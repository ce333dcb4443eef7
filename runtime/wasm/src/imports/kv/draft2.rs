//! `wasi:keyvalue@0.2.0-draft2`: text as cursors, counters with a sign, compare-and-swap.

use wasmtime::component::{Linker, Resource};
use worky_host::kv::{Entry, Kv, Version};

use self::bindings::wasi::keyvalue::{atomics, batch, store};
use super::{Bucket, Error, HasView, Pair, View, view};
use crate::state::State;

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit/deps/keyvalue-draft2.wit",
        world: "wasi:keyvalue/imports",
        imports: { default: async | trappable },
        with: {
            "wasi:keyvalue/store.bucket": crate::imports::kv::Bucket,
            "wasi:keyvalue/atomics.cas": crate::imports::kv::draft2::Cas,
        },
        trappable_error_type: { "wasi:keyvalue/store.error" => crate::imports::kv::Error },
    });
}

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    store::add_to_linker::<_, HasView>(linker, view)?;
    atomics::add_to_linker::<_, HasView>(linker, view)?;
    batch::add_to_linker::<_, HasView>(linker, view)
}

/// A compare-and-swap that has not happened yet. It holds no value, so that many of them cost little.
#[allow(unreachable_pub)]
pub struct Cas {
    kv: Kv,
    key: String,
    version: Version,
    /// Whether the guest has seen the value that `version` is of.
    seen: Seen,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Yes,
    No,
}

impl View<'_> {
    async fn entry(&mut self, kv: &Kv, key: &str) -> Result<Option<Entry>, Error> {
        Ok(kv.get(&self.guest.context, vec![key.to_owned()]).await?.pop().flatten())
    }

    async fn new_cas(&mut self, kv: Kv, key: String) -> Result<Resource<Cas>, Error> {
        let version = Version::of(self.entry(&kv, &key).await?.as_ref());
        Ok(self.table.push(Cas { kv, key, version, seen: Seen::No })?)
    }

    /// `None` once it is done; else a new handle, of what is there now.
    async fn try_swap(&mut self, cas: Resource<Cas>, value: Vec<u8>) -> Result<Option<Resource<Cas>>, Error> {
        let Cas { kv, key, version, .. } = self.table.delete(cas)?;
        if kv.put_if(&self.guest.context, key.clone(), value.into(), version).await? {
            return Ok(None);
        }
        self.new_cas(kv, key).await.map(Some)
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

    async fn list_keys(
        &mut self,
        bucket: Resource<Bucket>,
        cursor: Option<String>,
    ) -> Result<store::KeyResponse, Error> {
        let page = self.page(&bucket, cursor).await?;
        let keys = page.keys.into_iter().map(|key| key.name).collect();
        Ok(store::KeyResponse { keys, cursor: page.cursor })
    }

    async fn drop(&mut self, bucket: Resource<Bucket>) -> wasmtime::Result<()> {
        self.close_bucket(bucket)
    }
}

impl atomics::Host for View<'_> {
    async fn increment(&mut self, bucket: Resource<Bucket>, key: String, delta: i64) -> Result<i64, Error> {
        self.add(bucket, key, delta, i64::MIN).await
    }

    async fn swap(&mut self, cas: Resource<Cas>, value: Vec<u8>) -> wasmtime::Result<Result<(), atomics::CasError>> {
        match self.try_swap(cas, value).await {
            Ok(None) => Ok(Ok(())),
            Ok(Some(cas)) => Ok(Err(atomics::CasError::CasFailed(cas))),
            Err(error) => Ok(Err(atomics::CasError::StoreError(store::Host::convert_error(self, error)?))),
        }
    }
}

impl atomics::HostCas for View<'_> {
    async fn new(&mut self, bucket: Resource<Bucket>, key: String) -> Result<Resource<Cas>, Error> {
        let kv = self.kv(&bucket)?;
        self.new_cas(kv, key).await
    }

    /// Reads the value anew. A swap compares with what the guest has seen: what changed before it first looked is the
    /// current value now; what changed after is an error, since the swap cannot succeed.
    async fn current(&mut self, cas: Resource<Cas>) -> Result<Option<Vec<u8>>, Error> {
        let Cas { kv, key, .. } = self.table.get(&cas)?;
        let (kv, key) = (kv.clone(), key.clone());
        let entry = self.entry(&kv, &key).await?;
        let version = Version::of(entry.as_ref());
        let cas = self.table.get_mut(&cas)?;
        if cas.seen == Seen::Yes && cas.version != version {
            let text = "the value has changed since `current` was first asked; make a new cas handle";
            return Err(Error::Other(text.to_owned()));
        }
        (cas.version, cas.seen) = (version, Seen::Yes);
        Ok(entry.map(|entry| entry.value.into()))
    }

    async fn drop(&mut self, cas: Resource<Cas>) -> wasmtime::Result<()> {
        self.table.delete(cas)?;
        Ok(())
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
