//! The directories that workers of this process were granted: each is opened once, with one account for all who write it.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::account::Quota;
use super::copies::{Copies, CopiesSnapshot};
use super::host::{HostRoot, HostTree, Prepare};
use super::memory::MemoryTree;
use super::tree::Tree;
use super::{Mode, MountConfig};

/// All directories of a process. Cloning shares it.
#[derive(Clone, Default)]
pub struct HostRoots {
    open: Arc<Mutex<HashMap<PathBuf, Weak<HostRoot>>>>,
    /// In the place of those that would be written, of [`Purpose::Test`].
    copies: Arc<Copies>,
}

/// What mounts are opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Directories that are written are counted, tidied, and kept from other processes.
    Serve,
    /// Only to see whether they are there: nothing is made or touched.
    Check,
    /// Directories that would be written are copied into memory, and stay as they are.
    Test,
}

/// Why a directory could not be mounted.
#[derive(Debug, thiserror::Error)]
#[error("the directory {} for `{binding}` cannot be used: {source}", path.display())]
pub struct MountError {
    pub binding: String,
    pub path: PathBuf,
    #[source]
    pub source: io::Error,
}

impl HostRoots {
    pub(super) fn open(&self, mount: &MountConfig, purpose: Purpose) -> Result<Arc<dyn Tree>, MountError> {
        if purpose == Purpose::Check && !mount.path.exists() {
            // It will be made.
            return Ok(Arc::new(MemoryTree::of_files([])));
        }
        let failed = |source| MountError { binding: mount.binding.clone(), path: mount.path.clone(), source };
        let quota = Quota {
            bytes: mount.quota_bytes,
            bytes_key: "files.quota_bytes",
            entries: mount.quota_entries,
            entries_key: "files.quota_entries",
        };
        let root = match (mount.mode, purpose) {
            (Mode::ReadWrite, Purpose::Serve) => self.writable(&mount.path),
            (Mode::ReadWrite, Purpose::Test) => {
                return Ok(self.copies.open(&mount.path, quota).map_err(failed)?);
            }
            // Nothing is to be counted where nothing is written.
            (Mode::Read, _) | (_, Purpose::Check) => HostRoot::open(&mount.path, Prepare::No),
        };
        let root = root.map_err(failed)?;
        Ok(Arc::new(HostTree::new(root, quota)))
    }

    /// What the copies of [`Purpose::Test`] hold.
    pub fn snapshot(&self) -> CopiesSnapshot {
        self.copies.snapshot()
    }

    /// Has those copies hold what they held then.
    pub fn restore(&self, snapshot: &CopiesSnapshot) {
        self.copies.restore(snapshot);
    }

    fn writable(&self, path: &Path) -> io::Result<Arc<HostRoot>> {
        let path = path.canonicalize()?;
        let mut roots = self.open.lock();
        if let Some(root) = roots.get(&path).and_then(Weak::upgrade) {
            return Ok(root);
        }
        let root = HostRoot::open(&path, Prepare::ForWriting)?;
        roots.insert(path, Arc::downgrade(&root));
        Ok(root)
    }
}
