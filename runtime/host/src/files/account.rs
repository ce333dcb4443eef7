//! What a tree holds, counted: bytes, entries, and the names that are being written.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{FileError, FilePath};

/// Bytes and entries of one tree, whoever uses it. What is taken is taken before it is used, so that writers at the
/// same time cannot pass a limit together.
#[derive(Debug, Default)]
pub(super) struct Account {
    bytes: AtomicU64,
    entries: AtomicU64,
}

/// What one holder of a tree may fill it to, and the keys that say so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quota {
    pub(super) bytes: u64,
    pub(super) bytes_key: &'static str,
    pub(super) entries: u64,
    pub(super) entries_key: &'static str,
}

impl Account {
    pub(super) fn take_bytes(&self, bytes: u64, quota: &Quota, path: &FilePath) -> Result<(), FileError> {
        if take(&self.bytes, bytes, quota.bytes) {
            return Ok(());
        }
        Err(FileError::Quota { path: path.to_string(), max: quota.bytes, limit: quota.bytes_key })
    }

    pub(super) fn give_back_bytes(&self, bytes: u64) {
        give_back(&self.bytes, bytes);
    }

    pub(super) fn take_entry(&self, quota: &Quota, path: &FilePath) -> Result<(), FileError> {
        if take(&self.entries, 1, quota.entries) {
            return Ok(());
        }
        Err(FileError::Entries { path: path.to_string(), max: quota.entries, limit: quota.entries_key })
    }

    pub(super) fn give_back_entries(&self, entries: u64) {
        give_back(&self.entries, entries);
    }

    /// What is there already, limit or no limit.
    pub(super) fn add(&self, bytes: u64, entries: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.entries.fetch_add(entries, Ordering::Relaxed);
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn entries(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }
}

fn take(count: &AtomicU64, more: u64, max: u64) -> bool {
    // Taking nothing succeeds even where others have filled the tree beyond this limit.
    more == 0
        || count
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |used| used.checked_add(more).filter(|sum| *sum <= max))
            .is_ok()
}

fn give_back(count: &AtomicU64, less: u64) {
    // Saturates: others may change a directory of the host behind this account.
    count.update(Ordering::Relaxed, Ordering::Relaxed, |used| used.saturating_sub(less));
}

/// The files that somebody is about to replace. Until then they are neither removed nor moved.
#[derive(Debug, Default)]
pub(super) struct Locks(HashMap<FilePath, u32>);

impl Locks {
    pub(super) fn take(&mut self, path: FilePath) {
        *self.0.entry(path).or_default() += 1;
    }

    pub(super) fn release(&mut self, path: &FilePath) {
        if let Some(count) = self.0.get_mut(path) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(path);
            }
        }
    }

    /// Refuses where `path`, or anything in it, is locked.
    pub(super) fn check(&self, path: &FilePath) -> Result<(), FileError> {
        match self.0.keys().find(|locked| locked.is_within(path)) {
            None => Ok(()),
            Some(locked) => Err(FileError::Locked { path: locked.to_string() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> FilePath {
        FilePath::parse(text).expect("a path")
    }

    #[test]
    fn writers_at_once_cannot_pass_a_quota_together() {
        let account = Account::default();
        let quota = Quota { bytes: 1000, bytes_key: "b", entries: 10, entries_key: "e" };
        let taken: u64 = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..500).filter(|_| account.take_bytes(3, &quota, &path("a")).is_ok()).count()))
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends") as u64).sum()
        });
        assert_eq!(taken, 333);
        assert_eq!(account.bytes(), 999);
        account.give_back_bytes(2000);
        assert_eq!(account.bytes(), 0);
    }

    #[test]
    fn a_lock_holds_for_what_is_above_it() {
        let mut locks = Locks::default();
        locks.take(path("a/b"));
        locks.take(path("a/b"));
        for (held, name) in [(true, "a"), (true, "a/b"), (false, "a/bc"), (false, "a/b/c")] {
            assert_eq!(locks.check(&path(name)).is_err(), held, "{name}");
        }
        locks.release(&path("a/b"));
        assert!(locks.check(&path("a")).is_err());
        locks.release(&path("a/b"));
        assert!(locks.check(&FilePath::root()).is_ok());
    }
}
