//! What plugins and the values on their way take up, on the account of the worker that uses them.

use std::ffi::c_void;
use std::sync::Arc;

use deno_core::v8;
use worky_engine::plugin::MemoryAccount;

use crate::memory::MemoryMeter;

/// Bytes by which a charge grows, so that not every value asks the account.
const STEP_BYTES: usize = 64 << 10;

/// The account of one isolate, for the engine that runs plugins.
pub(super) struct WorkerAccount(pub(super) Arc<MemoryMeter>);

impl MemoryAccount for WorkerAccount {
    fn take(&self, bytes: usize) -> bool {
        self.0.take_for_plugin(bytes)
    }

    fn give_back(&self, bytes: usize) {
        self.0.give_back_for_plugin(bytes);
    }
}

/// What is on the account until it is dropped.
#[derive(Debug)]
pub(crate) struct Charge {
    memory: Arc<MemoryMeter>,
    used: usize,
    taken: usize,
}

impl Charge {
    pub(super) fn new(memory: Arc<MemoryMeter>) -> Self {
        Charge { memory, used: 0, taken: 0 }
    }

    /// Answers the account's limit where there is no room.
    pub(super) fn add(&mut self, bytes: usize) -> Result<(), usize> {
        self.used = self.used.saturating_add(bytes);
        if self.used <= self.taken.saturating_add(STEP_BYTES) {
            return Ok(());
        }
        let more = self.used - self.taken;
        if !self.memory.take_for_plugin(more) {
            return Err(self.memory.limit_bytes());
        }
        self.taken = self.used;
        Ok(())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.memory.give_back_for_plugin(self.taken);
    }
}

/// Bytes of the host as an `ArrayBuffer`, without a copy. They count as every other buffer of the worker does. `None`
/// where its limit has no room for them.
pub(super) fn adopt<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    memory: &Arc<MemoryMeter>,
    bytes: Vec<u8>,
) -> Option<v8::Local<'s, v8::ArrayBuffer>> {
    /// The alignment that the largest element of a typed array wants.
    const ALIGN: usize = 8;
    if bytes.is_empty() {
        return Some(v8::ArrayBuffer::new(scope, 0));
    }
    let (length, taken) = (bytes.len(), bytes.capacity());
    if !memory.take_for_buffer(scope, taken) {
        return None;
    }
    let storage = if bytes.as_ptr().addr().is_multiple_of(ALIGN) {
        Storage::Bytes(bytes)
    } else {
        // No allocator in use gives such bytes, and none promises not to.
        Storage::Words(bytes.chunks(ALIGN).map(word).collect())
    };
    let adopted = Box::into_raw(Box::new(Adopted { memory: memory.clone(), taken, storage }));
    // SAFETY: the box was made in the line above, and nobody else has it yet.
    let data = match unsafe { &mut (*adopted).storage } {
        Storage::Bytes(bytes) => bytes.as_mut_ptr().cast::<c_void>(),
        Storage::Words(words) => words.as_mut_ptr().cast::<c_void>(),
    };
    // SAFETY: `data` has at least `length` bytes, which stay where they are, in the box that `release` takes back once V8
    // is done with them; nobody else has a pointer to them.
    let store = unsafe { v8::ArrayBuffer::new_backing_store_from_ptr(data, length, release, adopted.cast()) };
    Some(v8::ArrayBuffer::with_backing_store(scope, &store.make_shared()))
}

/// What V8 keeps alive with a buffer.
struct Adopted {
    memory: Arc<MemoryMeter>,
    taken: usize,
    storage: Storage,
}

enum Storage {
    Bytes(Vec<u8>),
    Words(Vec<u64>),
}

impl Drop for Adopted {
    fn drop(&mut self) {
        self.memory.give_back(self.taken);
    }
}

unsafe extern "C" fn release(_data: *mut c_void, _bytes: usize, adopted: *mut c_void) {
    // SAFETY: this is the box that `adopt` gave away, and V8 calls this once.
    drop(unsafe { Box::from_raw(adopted.cast::<Adopted>()) });
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; size_of::<u64>()];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_ne_bytes(word)
}
