//! What every backend of files can do. Everything here may block; [`super::Mount`] keeps it off the callers' threads.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;

use super::{FileError, FilePath};

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    File,
    Directory,
    /// Others may have put them there. They are never followed, made, or told of.
    Symlink,
    /// A pipe, a socket, a device. They are never opened.
    Special,
}

/// What is known of a file or directory without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    pub entry: Entry,
    /// 0 for a directory.
    pub bytes: u64,
    /// How many names it has.
    pub links: u64,
    pub accessed: Option<SystemTime>,
    pub modified: Option<SystemTime>,
    /// When anything of it changed last.
    pub changed: Option<SystemTime>,
    /// What it is, whatever its name.
    pub id: FileId,
    /// How often its content was changed, where that is known: clocks may stand still in between.
    pub changes: u64,
}

/// Tells a file from all others of its process's mounts while it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId {
    pub device: u64,
    pub inode: u64,
}

impl Stat {
    /// A number that is another one once the content has changed.
    pub fn version(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.id, self.bytes, self.modified, self.changed, self.changes).hash(&mut hasher);
        hasher.finish()
    }
}

/// One name of a directory. Names that guests cannot write, links and special files are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    pub name: String,
    pub entry: Entry,
}

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOptions {
    pub access: OpenAccess,
    pub create: Create,
    pub content: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenAccess {
    Read,
    /// Reading is possible, too: how a file can be read is no secret from one that may write it.
    Write,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    Never,
    IfAbsent,
    /// It must not be there yet.
    Always,
}

/// What becomes of what a file holds already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    Keep,
    Discard,
}

/// Where a write begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteAt {
    Offset(u64),
    End,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    pub accessed: Option<SystemTime>,
    pub modified: Option<SystemTime>,
}

pub(super) trait Tree: Send + Sync {
    fn stat(&self, path: &FilePath) -> Result<Stat, FileError>;
    /// In the order of the names.
    fn list(&self, path: &FilePath) -> Result<Vec<DirectoryEntry>, FileError>;
    /// The bytes from `offset` on, at most `length`, of a file whose version is still this one.
    fn read(&self, path: &FilePath, offset: u64, length: usize, version: u64) -> Result<Bytes, FileError>;
    fn open(&self, path: &FilePath, options: OpenOptions) -> Result<Arc<dyn OpenFile>, FileError>;
    fn create_directory(&self, path: &FilePath) -> Result<(), FileError>;
    fn remove_file(&self, path: &FilePath) -> Result<(), FileError>;
    /// An empty one.
    fn remove_directory(&self, path: &FilePath) -> Result<(), FileError>;
    /// With everything in it.
    fn remove_all(&self, path: &FilePath) -> Result<(), FileError>;
    /// Replaces a file by a file, and an empty directory by a directory.
    fn rename(&self, from: &FilePath, to: &FilePath) -> Result<(), FileError>;
    /// Begins to write a file that takes the place of the one at `path`, which must exist, once it is whole.
    fn replace(&self, path: &FilePath, content: Content) -> Result<Box<dyn Staged>, FileError>;
    /// What is on the tree's account: bytes and entries.
    fn usage(&self) -> (u64, u64);
}

/// A file without its name.
pub(super) trait OpenFile: Send + Sync {
    fn stat(&self) -> Result<Stat, FileError>;
    /// Fewer bytes than asked for only at the end.
    fn read(&self, offset: u64, length: usize) -> Result<Bytes, FileError>;
    /// All of it, or nothing where it does not fit.
    fn write(&self, at: WriteAt, data: &[u8]) -> Result<(), FileError>;
    fn set_size(&self, bytes: u64) -> Result<(), FileError>;
    fn set_times(&self, times: Times) -> Result<(), FileError>;
    /// Returns once what was written is on the disk.
    fn sync(&self) -> Result<(), FileError>;
}

/// A file that is being written beside the one it replaces. Dropping it leaves the old one.
pub(super) trait Staged: Send + Sync {
    fn file(&self) -> &dyn OpenFile;
    /// Afterwards the new file is there, on the disk, or the old one is, whole.
    fn commit(&mut self) -> Result<(), FileError>;
}

/// The end of a write, within what systems can address.
pub(super) fn end_of(offset: u64, length: usize) -> Result<u64, FileError> {
    let end = offset.checked_add(length as u64).filter(|end| i64::try_from(*end).is_ok());
    end.ok_or(FileError::TooLarge { bytes: offset })
}
