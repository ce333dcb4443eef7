//! The bytes behind `Blob` and `File`, which deno_web keeps outside of V8, on the isolate's account.

use std::sync::Arc;

use deno_core::url::Url;
use deno_web::{Blob, BlobPart, BlobStore, BlobStoreTrait};
use uuid::Uuid;

use crate::memory::MemoryMeter;

/// A store of one isolate.
#[derive(Debug)]
pub(super) struct MeteredBlobs {
    store: BlobStore,
    memory: Arc<MemoryMeter>,
}

impl MeteredBlobs {
    pub(super) fn new(memory: Arc<MemoryMeter>) -> Self {
        MeteredBlobs { store: BlobStore::default(), memory }
    }
}

impl BlobStoreTrait for MeteredBlobs {
    fn insert_part(&self, part: Arc<dyn BlobPart + Send + Sync>) -> Uuid {
        // A part cannot be refused here; over the limit the watchdog ends the guest at its next look.
        self.memory.hold(part.size());
        self.store.insert_part(part)
    }

    fn get_part(&self, id: &Uuid) -> Option<Arc<dyn BlobPart + Send + Sync>> {
        self.store.get_part(id)
    }

    fn remove_part(&self, id: &Uuid) -> Option<Arc<dyn BlobPart + Send + Sync>> {
        let part = self.store.remove_part(id)?;
        self.memory.release(part.size());
        Some(part)
    }

    fn get_object_url(&self, url: Url) -> Option<Arc<Blob>> {
        self.store.get_object_url(url)
    }

    fn insert_object_url(&self, blob: Blob, maybe_location: Option<Url>) -> Url {
        self.store.insert_object_url(blob, maybe_location)
    }

    fn remove_object_url(&self, url: &Url) {
        self.store.remove_object_url(url);
    }

    fn clear(&self) {
        self.store.clear();
    }
}
