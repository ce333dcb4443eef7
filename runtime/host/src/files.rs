//! The files capability: directories of the host that a worker was granted, its own files, and a request's `/tmp`.
//!
//! A [`Mount`] is one tree as a worker holds it. [`Files`] are all mounts of a worker; a [`Session`] adds what belongs to
//! one request. Trees are directories of the host ([`host`], over cap-std) or memory ([`memory`]).
//!
//! What holds for all of them: a [`FilePath`] cannot lead out of its mount; links are neither followed nor made, and
//! pipes and devices never opened; every byte is on an account before it is written; a file that is replaced is the old
//! one or the new one, whole, whatever happens.

mod account;
mod copies;
mod error;
mod host;
mod memory;
mod mount;
mod path;
mod roots;
mod tree;

#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use tokio::runtime::Handle;

use crate::metrics::Metrics;

pub use copies::CopiesSnapshot;
pub use error::FileError;
pub use mount::{File, Mode, Mount, Replacement};
pub use path::{DEPTH_MAX, FilePath, NAME_BYTES_MAX, PATH_BYTES_MAX};
pub use roots::{HostRoots, MountError, Purpose};
pub use tree::{Content, Create, DirectoryEntry, Entry, FileId, OpenAccess, OpenOptions, Stat, Times, WriteAt};

use account::Quota;
use memory::MemoryTree;
use mount::{OpenFiles, Pool, Use};

/// The most bytes of one read.
pub const READ_BYTES_MAX: usize = 1 << 20;

/// The memory of whoever a request's files are kept for.
pub trait MemoryAccount: Send + Sync {
    /// Takes `bytes` more; false where the account's limit would be passed.
    fn take(&self, bytes: usize) -> bool;
    fn give_back(&self, bytes: usize);
}

/// What one worker may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FilesLimits {
    /// Files that all requests of the worker together have open.
    pub open_files: u32,
    /// Content of one request's `/tmp`.
    pub tmp_bytes: u64,
    /// Files and directories of one request's `/tmp`.
    pub tmp_entries: u64,
}

/// One `[[files]]`: a directory of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountConfig {
    pub binding: String,
    pub path: std::path::PathBuf,
    pub mode: Mode,
    /// Content of all files in it.
    pub quota_bytes: u64,
    /// Files and directories in it.
    pub quota_entries: u64,
}

/// What [`Files`] are made of.
pub struct FilesConfig<'a> {
    pub worker: Arc<str>,
    pub mounts: &'a [MountConfig],
    /// The directories of the whole process.
    pub roots: &'a HostRoots,
    pub purpose: Purpose,
    pub limits: FilesLimits,
    pub metrics: Metrics,
    /// Does what blocks.
    pub runtime: Handle,
}

/// The files of one worker. Cloning is cheap.
#[derive(Clone)]
pub struct Files {
    mounts: Arc<[(String, Mount)]>,
    /// `None` for a part of the worker that was not given it.
    bundle: Option<Mount>,
    limits: FilesLimits,
    used: Use,
}

/// Which tree a guest means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MountId {
    /// By its place in [`Files::mounts`].
    Granted(usize),
    /// The files that the worker is made of.
    Bundle,
    /// The request's own.
    Tmp,
}

impl Files {
    /// Opens every directory.
    pub fn new(config: FilesConfig<'_>) -> Result<Self, MountError> {
        let open = OpenFiles::new(config.limits.open_files);
        let used = Use { worker: config.worker, metrics: config.metrics, open };
        let pool = Pool::new(config.runtime);
        let mounts = config.mounts.iter().map(|mount| {
            let tree = config.roots.open(mount, config.purpose)?;
            Ok((mount.binding.clone(), Mount::blocking(tree, mount.mode, used.clone(), pool.clone())))
        });
        let mounts = mounts.collect::<Result<Vec<_>, MountError>>()?.into();
        Ok(Files { mounts, bundle: None, limits: config.limits, used })
    }

    /// Nothing at all.
    pub fn none() -> Self {
        let used = Use { worker: "".into(), metrics: Metrics::default(), open: OpenFiles::new(0) };
        Files { mounts: Arc::new([]), bundle: None, limits: FilesLimits::default(), used }
    }

    /// With these as the worker's own files. A path that is not valid in a mount is left out.
    #[must_use]
    pub fn with_bundle(self, files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let files = files.into_iter().filter_map(|(path, content)| Some((FilePath::parse(&path).ok()?, content)));
        let tree = Arc::new(MemoryTree::of_files(files));
        Files { bundle: Some(Mount::inline(tree, Mode::Read, self.used.clone())), ..self }
    }

    /// Only the mounts of these names, and no `/bundle` and `/tmp`: for a part of the worker that is granted less.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        let granted = self.mounts.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned();
        let limits = FilesLimits { open_files: self.limits.open_files, ..FilesLimits::default() };
        Files { mounts: granted.collect(), bundle: None, limits, used: self.used.clone() }
    }

    /// Binding name and mount.
    pub fn mounts(&self) -> &[(String, Mount)] {
        &self.mounts
    }

    /// What one request sees. Its `/tmp` is kept on `memory`'s account, besides its own limits.
    pub fn session(&self, memory: Option<Arc<dyn MemoryAccount>>) -> Session {
        Session(Arc::new(Inner { files: self.clone(), memory, tmp: OnceLock::new() }))
    }
}

impl Default for Files {
    fn default() -> Self {
        Files::none()
    }
}

/// The files of one request. Its `/tmp` is gone with the last clone.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    files: Files,
    memory: Option<Arc<dyn MemoryAccount>>,
    /// Made when somebody asks for it.
    tmp: OnceLock<Mount>,
}

impl Session {
    /// `None` where there is no such mount.
    pub fn mount(&self, id: MountId) -> Option<&Mount> {
        match id {
            MountId::Granted(index) => self.0.files.mounts.get(index).map(|(_, mount)| mount),
            MountId::Bundle => self.0.files.bundle.as_ref(),
            MountId::Tmp if self.0.files.limits.tmp_entries == 0 => None,
            MountId::Tmp => Some(self.0.tmp.get_or_init(|| self.0.empty_tmp())),
        }
    }

    pub fn files(&self) -> &Files {
        &self.0.files
    }
}

impl Inner {
    fn empty_tmp(&self) -> Mount {
        let FilesLimits { tmp_bytes, tmp_entries, .. } = self.files.limits;
        let quota = Quota {
            bytes: tmp_bytes,
            bytes_key: "limits.tmp_bytes",
            entries: tmp_entries,
            entries_key: "limits.tmp_entries",
        };
        let tree = MemoryTree::empty(quota, self.memory.clone());
        Mount::inline(Arc::new(tree), Mode::ReadWrite, self.files.used.clone())
    }
}
