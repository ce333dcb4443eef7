use std::io;

use super::{Entry, FilePath};
use crate::Blame;

/// Why an operation on files failed. Texts name places as the guest does, and never a path of the host.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("\"{path}\" does not exist")]
    NotFound { path: String },
    #[error("\"{path}\" exists already")]
    Exists { path: String },
    #[error("\"{path}\" is not a directory")]
    NotDirectory { path: String },
    #[error("\"{path}\" is a directory")]
    IsDirectory { path: String },
    #[error("\"{path}\" is neither a file nor a directory")]
    Special { path: String },
    #[error("\"{path}\" is a symbolic link, and links are not followed")]
    Symlink { path: String },
    /// Writing it in place would change what another name, perhaps outside of the mount, stands for.
    #[error("\"{path}\" has other names (hard links) and cannot be written in place; replace it")]
    HardLink { path: String },
    #[error("\"{path}\" is not empty")]
    NotEmpty { path: String },
    #[error("\"{path}\" leads out of what was granted")]
    Outside { path: String },
    #[error("\"{path}\" cannot be changed: it was granted for reading only")]
    ReadOnly { path: String },
    #[error("\"{path}\" was not opened for this")]
    NotOpenedForThis { path: String },
    #[error("the system refuses access to \"{path}\"")]
    Denied { path: String },
    #[error("\"{path}\" is being written")]
    Locked { path: String },
    #[error("\"{from}\" cannot be moved into itself")]
    IntoItself { from: String },
    #[error("\"{from}\" cannot be moved from one mount to another")]
    CrossMount { from: String },
    #[error("\"{path}\" changed after it was looked at")]
    Changed { path: String },
    #[error("{name:?} is not a valid name: {problem}")]
    Name { name: String, problem: &'static str },
    #[error("a path of {bytes} bytes is too long: at most {max}")]
    PathTooLong { bytes: usize, max: usize },
    #[error("the path is too deep: at most {max} directories in one another")]
    TooDeep { max: usize },
    #[error("an offset or a size of {bytes} bytes is too large")]
    TooLarge { bytes: u64 },
    #[error("\"{path}\" has more than {max} entries, too many to be listed")]
    TooManyToList { path: String, max: usize },
    /// `limit` is the key that sets it.
    #[error("\"{path}\" does not fit: {max} bytes are granted ({limit})")]
    Quota { path: String, max: u64, limit: &'static str },
    #[error("\"{path}\" cannot be made: {max} files and directories are granted ({limit})")]
    Entries { path: String, max: u64, limit: &'static str },
    #[error("the worker's memory has no room for \"{path}\" (limits.memory_mb)")]
    Memory { path: String },
    #[error("the worker has {max} files open (limits.open_files)")]
    OpenFiles { max: u32 },
    #[error("the disk is full")]
    DiskFull,
    /// What the system said; the guest is not told, as it may name places of the host.
    #[error("\"{path}\" cannot be accessed: {}", source.kind())]
    Io { path: String, source: io::Error },
    #[error("the server is shutting down")]
    ShuttingDown,
}

impl FileError {
    pub fn blame(&self) -> Blame {
        match self {
            FileError::DiskFull | FileError::Io { .. } | FileError::Denied { .. } => Blame::Host,
            FileError::ShuttingDown => Blame::Overload,
            _ => Blame::Guest,
        }
    }

    /// The configuration's key of the limit that was hit, for metrics.
    pub fn limit(&self) -> Option<&'static str> {
        match self {
            FileError::Quota { limit, .. } | FileError::Entries { limit, .. } => Some(limit),
            FileError::Memory { .. } => Some("limits.memory_mb"),
            FileError::OpenFiles { .. } => Some("limits.open_files"),
            _ => None,
        }
    }

    pub(super) fn read_only(path: &FilePath) -> Self {
        FileError::ReadOnly { path: path.to_string() }
    }
}

/// The system's error about a place.
pub(super) fn io_error(path: impl ToString) -> impl Fn(io::Error) -> FileError {
    move |source| {
        let path = path.to_string();
        match source.kind() {
            io::ErrorKind::NotFound => FileError::NotFound { path },
            io::ErrorKind::AlreadyExists => FileError::Exists { path },
            io::ErrorKind::NotADirectory => FileError::NotDirectory { path },
            io::ErrorKind::IsADirectory => FileError::IsDirectory { path },
            io::ErrorKind::DirectoryNotEmpty => FileError::NotEmpty { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => FileError::Denied { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileError::DiskFull,
            io::ErrorKind::InvalidFilename => {
                FileError::Name { name: path, problem: "the file system does not take it" }
            }
            _ => FileError::Io { path, source },
        }
    }
}

/// What stands where a file or a directory was looked for.
pub(super) fn wrong_kind(entry: Entry, path: impl ToString) -> FileError {
    let path = path.to_string();
    match entry {
        Entry::File => FileError::NotDirectory { path },
        Entry::Directory => FileError::IsDirectory { path },
        Entry::Symlink => FileError::Symlink { path },
        Entry::Special => FileError::Special { path },
    }
}
