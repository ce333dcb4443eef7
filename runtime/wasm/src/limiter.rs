//! The memory of one store: all of its linear memories and tables together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use wasmtime::ResourceLimiter;
use worky_engine::plugin::MemoryAccount;

use crate::config::CORE_INSTANCES_MAX;

/// What a table's element takes.
const TABLE_ELEMENT_BYTES: usize = size_of::<usize>();

/// Refuses growth beyond a bound, and remembers that it did: the guest sees no more than an allocation that failed, and
/// what it does then is mostly to trap.
pub(crate) struct Limiter {
    bytes_max: usize,
    bytes: usize,
    /// The growth allowed last, which may still fail.
    last: usize,
    refused: bool,
    account: Option<Arc<dyn MemoryAccount>>,
    held: Arc<HeldMemory>,
    instances_max: usize,
}

/// What the host keeps for the guest, the files of `/tmp`, under the same bound as what the guest has itself.
pub(crate) struct HeldMemory {
    bytes_max: usize,
    guest: AtomicUsize,
    held: AtomicUsize,
}

impl worky_host::files::MemoryAccount for HeldMemory {
    fn take(&self, bytes: usize) -> bool {
        let guest = self.guest.load(Ordering::Relaxed);
        let held = self.held.try_update(Ordering::Relaxed, Ordering::Relaxed, |held| {
            held.checked_add(bytes).filter(|sum| sum.saturating_add(guest) <= self.bytes_max)
        });
        held.is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.held.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Limiter {
    pub(crate) fn new(bytes_max: usize) -> Self {
        let held = HeldMemory { bytes_max, guest: AtomicUsize::new(0), held: AtomicUsize::new(0) };
        let instances_max = CORE_INSTANCES_MAX as usize;
        Limiter { bytes_max, bytes: 0, last: 0, refused: false, account: None, held: Arc::new(held), instances_max }
    }

    /// Allows no more instances of modules than that.
    pub(crate) fn limit_instances(&mut self, instances_max: usize) {
        self.instances_max = instances_max;
    }

    /// One whose bytes count in an account as well.
    pub(crate) fn with_account(bytes_max: usize, account: Arc<dyn MemoryAccount>) -> Self {
        let mut limiter = Limiter::new(bytes_max);
        limiter.account = Some(account);
        limiter
    }

    pub(crate) fn bytes_max(&self) -> usize {
        self.bytes_max
    }

    pub(crate) fn held(&self) -> Arc<HeldMemory> {
        self.held.clone()
    }

    /// In use now.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether growth was refused since the last [`Limiter::forget`].
    pub(crate) fn refused(&self) -> bool {
        self.refused
    }

    pub(crate) fn forget(&mut self) {
        self.refused = false;
    }

    fn grow(&mut self, bytes: usize) -> bool {
        self.last = 0;
        let held = self.held.held.load(Ordering::Relaxed);
        let within = self.bytes.checked_add(bytes).is_some_and(|sum| sum.saturating_add(held) <= self.bytes_max);
        if !within || self.account.as_ref().is_some_and(|account| !account.take(bytes)) {
            self.refused = true;
            return false;
        }
        self.bytes += bytes;
        self.held.guest.store(self.bytes, Ordering::Relaxed);
        self.last = bytes;
        true
    }

    fn take_back_last(&mut self) {
        let last = std::mem::take(&mut self.last);
        self.bytes -= last;
        self.held.guest.store(self.bytes, Ordering::Relaxed);
        if let Some(account) = &self.account {
            account.give_back(last);
        }
    }
}

impl Drop for Limiter {
    fn drop(&mut self) {
        if let Some(account) = &self.account {
            account.give_back(self.bytes);
        }
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current)))
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.take_back_last();
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current).saturating_mul(TABLE_ELEMENT_BYTES)))
    }

    fn instances(&self) -> usize {
        self.instances_max
    }

    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.take_back_last();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Account(AtomicUsize);

    impl MemoryAccount for Account {
        fn take(&self, bytes: usize) -> bool {
            if self.0.load(Ordering::SeqCst) + bytes > 100 {
                return false;
            }
            self.0.fetch_add(bytes, Ordering::SeqCst);
            true
        }

        fn give_back(&self, bytes: usize) {
            self.0.fetch_sub(bytes, Ordering::SeqCst);
        }
    }

    #[test]
    fn memories_and_tables_are_counted_together() {
        let mut limiter = Limiter::new(64);
        assert!(limiter.memory_growing(0, 32, None).expect("no error"));
        assert!(limiter.table_growing(0, 4, None).expect("no error"));
        assert!(!limiter.refused());
        assert!(!limiter.memory_growing(32, 33, None).expect("no error"));
        assert!(limiter.refused());
    }

    #[test]
    fn growth_that_fails_is_not_counted() {
        let mut limiter = Limiter::new(64);
        assert!(limiter.memory_growing(0, 64, None).expect("no error"));
        limiter.memory_grow_failed(wasmtime::Error::msg("no")).expect("no error");
        // A failure of growth that was refused before is none of it.
        limiter.memory_grow_failed(wasmtime::Error::msg("no")).expect("no error");
        assert_eq!(limiter.bytes(), 0);
        assert!(limiter.memory_growing(0, 64, None).expect("no error"));
    }

    #[test]
    fn the_account_gets_everything_back() {
        let account = Arc::new(Account::default());
        let mut limiter = Limiter::with_account(1_000, account.clone());
        assert!(limiter.memory_growing(0, 90, None).expect("no error"));
        assert!(!limiter.memory_growing(90, 110, None).expect("no error"));
        drop(limiter);
        assert_eq!(account.0.load(Ordering::SeqCst), 0);
    }
}
