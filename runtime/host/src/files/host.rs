//! A directory of the host. Every path is walked name by name from the directory that was opened at the start, each step
//! without following links (cap-std, `openat2` with `RESOLVE_BENEATH` on Linux), so that whatever others do to the
//! names meanwhile, nothing outside of it is reached.

mod inode;
mod replace;
mod scan;

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, MetadataExt as _};
use parking_lot::{Mutex, MutexGuard};

use super::account::{Account, Locks, Quota};
use super::error::{io_error, wrong_kind};
use super::path::{RESERVED_PREFIX, problem_of};
use super::tree::{OpenFile, Staged, Tree};
use super::{Content, Create, DirectoryEntry, Entry, FileError, FileId, FilePath, OpenAccess, OpenOptions, Stat};
use inode::{HostFile, Inodes};

/// The most entries of one directory that are listed.
const LIST_ENTRIES_MAX: usize = 100_000;

/// One directory of the host and its account, whoever mounts it.
pub(super) struct HostRoot {
    dir: Dir,
    account: Arc<Account>,
    /// Held while names change, so that what an entry counts for is still true when it is counted.
    names: Mutex<Locks>,
    inodes: Inodes,
    /// Keeps other processes from writing here: their bytes would be on nobody's account.
    _exclusive: Option<std::fs::File>,
}

/// Whether a directory is prepared for writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prepare {
    /// Counts what is there, removes what a killed process left half written, and keeps other processes out.
    ForWriting,
    /// Nothing is touched.
    No,
}

impl HostRoot {
    pub(super) fn open(path: &Path, prepare: Prepare) -> io::Result<Arc<Self>> {
        let dir = Dir::open_ambient_dir(path, ambient_authority())?;
        let account = Arc::<Account>::default();
        let exclusive = match prepare {
            Prepare::No => None,
            Prepare::ForWriting => {
                let itself = dir.open(".")?.into_std();
                itself.try_lock().map_err(|error| match error {
                    std::fs::TryLockError::WouldBlock => {
                        io::Error::new(io::ErrorKind::ResourceBusy, "another process of worky writes it")
                    }
                    std::fs::TryLockError::Error(error) => error,
                })?;
                scan::scan(&dir, &account)?;
                Some(itself)
            }
        };
        Ok(Arc::new(HostRoot {
            dir,
            inodes: Inodes::new(account.clone()),
            account,
            names: Mutex::default(),
            _exclusive: exclusive,
        }))
    }

    /// The directory at `names`, reached without a link.
    fn directory(&self, names: &[String]) -> Result<Dir, FileError> {
        let mut dir = self.dir.try_clone().map_err(io_error(""))?;
        for (depth, name) in names.iter().enumerate() {
            dir = dir.open_dir_nofollow(name).map_err(|error| {
                let path = names[..=depth].join("/");
                // The error of a link is the same as that of a file.
                match dir.symlink_metadata(name).map(|metadata| entry_of(&metadata)) {
                    Ok(entry @ (Entry::File | Entry::Symlink | Entry::Special)) => wrong_kind(entry, path),
                    _ => io_error(path)(error),
                }
            })?;
        }
        Ok(dir)
    }

    /// The directory that `path` is in, and its name there.
    fn parent<'p>(&self, path: &'p FilePath) -> Result<(Dir, &'p str), FileError> {
        let (parent, name) = path.split().ok_or(FileError::IsDirectory { path: String::new() })?;
        Ok((self.directory(parent)?, name))
    }

    fn lock_names(&self) -> MutexGuard<'_, Locks> {
        self.names.lock()
    }

    /// Takes a file off the account that is about to lose its name. The names are locked.
    fn forget_file(&self, metadata: &Metadata) {
        self.account.give_back_entries(1);
        self.inodes.unnamed(id_of(metadata), metadata.len());
    }
}

/// A directory of the host, as one mount holds it.
pub(super) struct HostTree {
    root: Arc<HostRoot>,
    quota: Quota,
}

impl HostTree {
    pub(super) fn new(root: Arc<HostRoot>, quota: Quota) -> Self {
        HostTree { root, quota }
    }

    /// An existing file, opened without following links and without waiting for the other end of a pipe.
    fn open_existing(&self, dir: &Dir, name: &str, path: &FilePath, access: OpenAccess) -> Result<HostFile, FileError> {
        let metadata = dir.symlink_metadata(name).map_err(io_error(path))?;
        match entry_of(&metadata) {
            Entry::File => {}
            other => return Err(wrong_kind(other, path)),
        }
        let mut options = cap_std::fs::OpenOptions::new();
        options.read(true).write(access == OpenAccess::Write).follow(FollowSymlinks::No).nonblock(true);
        let opened = dir.open_with(name, &options).map_err(|error| match dir.symlink_metadata(name) {
            Ok(now) if entry_of(&now) != Entry::File => wrong_kind(entry_of(&now), path),
            _ => io_error(path)(error),
        });
        let file = opened?.into_std();
        // What was looked at may not be what was opened.
        let metadata = file.metadata().map_err(io_error(path))?;
        if !metadata.is_file() {
            return Err(FileError::Special { path: path.to_string() });
        }
        if access == OpenAccess::Write && metadata.nlink() > 1 {
            return Err(FileError::HardLink { path: path.to_string() });
        }
        let inode = self.root.inodes.opened(FileId { device: metadata.dev(), inode: metadata.ino() });
        Ok(HostFile::new(file, inode, self.root.account.clone(), self.quota, path.clone(), access))
    }

    /// A file that was not there. The names are locked.
    fn create(&self, dir: &Dir, name: &str, path: &FilePath) -> Result<HostFile, FileError> {
        self.root.account.take_entry(&self.quota, path)?;
        self.create_uncounted(dir, name, path).inspect_err(|_| self.root.account.give_back_entries(1))
    }

    fn create_uncounted(&self, dir: &Dir, name: &str, path: &FilePath) -> Result<HostFile, FileError> {
        let mut options = cap_std::fs::OpenOptions::new();
        options.read(true).write(true).create_new(true).follow(FollowSymlinks::No);
        let file = dir.open_with(name, &options).map_err(io_error(path))?.into_std();
        let metadata = file.metadata().map_err(io_error(path))?;
        let inode = self.root.inodes.opened(FileId { device: metadata.dev(), inode: metadata.ino() });
        Ok(HostFile::new(file, inode, self.root.account.clone(), self.quota, path.clone(), OpenAccess::Write))
    }
}

impl Tree for HostTree {
    fn stat(&self, path: &FilePath) -> Result<Stat, FileError> {
        if path.is_root() {
            return Ok(stat_of(&self.root.dir.dir_metadata().map_err(io_error(path))?));
        }
        let (dir, name) = self.root.parent(path)?;
        let stat = stat_of(&dir.symlink_metadata(name).map_err(io_error(path))?);
        match stat.entry {
            Entry::File | Entry::Directory => Ok(stat),
            other => Err(wrong_kind(other, path)),
        }
    }

    fn list(&self, path: &FilePath) -> Result<Vec<DirectoryEntry>, FileError> {
        let dir = self.root.directory(path.names())?;
        let mut entries = Vec::new();
        for entry in dir.entries().map_err(io_error(path))? {
            let entry = entry.map_err(io_error(path))?;
            // What no guest could ask for by this name is not shown.
            let Ok(name) = entry.file_name().into_string() else { continue };
            if problem_of(&name).is_some() {
                continue;
            }
            let kind = entry.file_type().map_err(io_error(path))?;
            let entry = match (kind.is_file(), kind.is_dir()) {
                (true, _) => Entry::File,
                (_, true) => Entry::Directory,
                _ => continue,
            };
            if entries.len() == LIST_ENTRIES_MAX {
                return Err(FileError::TooManyToList { path: path.to_string(), max: LIST_ENTRIES_MAX });
            }
            entries.push(DirectoryEntry { name, entry });
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn read(&self, path: &FilePath, offset: u64, length: usize, version: u64) -> Result<Bytes, FileError> {
        let (dir, name) = self.root.parent(path)?;
        let file = self.open_existing(&dir, name, path, OpenAccess::Read)?;
        let unchanged = || match file.stat()?.version() == version {
            true => Ok(()),
            false => Err(FileError::Changed { path: path.to_string() }),
        };
        unchanged()?;
        let bytes = file.read(offset, length)?;
        unchanged()?;
        Ok(bytes)
    }

    fn open(&self, path: &FilePath, options: OpenOptions) -> Result<Arc<dyn OpenFile>, FileError> {
        let _names = self.root.lock_names();
        let (dir, name) = self.root.parent(path)?;
        if options.create != Create::Never {
            let absent = dir.symlink_metadata(name).err().is_some_and(|e| e.kind() == io::ErrorKind::NotFound);
            if absent {
                return Ok(Arc::new(self.create(&dir, name, path)?));
            }
            if options.create == Create::Always {
                return Err(FileError::Exists { path: path.to_string() });
            }
        }
        let file = self.open_existing(&dir, name, path, options.access)?;
        if options.content == Content::Discard {
            file.set_size(0)?;
        }
        Ok(Arc::new(file))
    }

    fn create_directory(&self, path: &FilePath) -> Result<(), FileError> {
        if path.is_root() {
            return Err(FileError::Exists { path: String::new() });
        }
        let _names = self.root.lock_names();
        let (dir, name) = self.root.parent(path)?;
        self.root.account.take_entry(&self.quota, path)?;
        dir.create_dir(name).map_err(|error| {
            self.root.account.give_back_entries(1);
            io_error(path)(error)
        })
    }

    fn remove_file(&self, path: &FilePath) -> Result<(), FileError> {
        let names = self.root.lock_names();
        names.check(path)?;
        let (dir, name) = self.root.parent(path)?;
        let metadata = dir.symlink_metadata(name).map_err(io_error(path))?;
        match entry_of(&metadata) {
            Entry::File => {}
            other => return Err(wrong_kind(other, path)),
        }
        self.root.inodes.while_still(id_of(&metadata), || {
            let metadata = dir.symlink_metadata(name).map_err(io_error(path))?;
            dir.remove_file(name).map_err(io_error(path))?;
            Ok(metadata.len())
        })?;
        self.root.account.give_back_entries(1);
        Ok(())
    }

    fn remove_directory(&self, path: &FilePath) -> Result<(), FileError> {
        let names = self.root.lock_names();
        let (dir, name) = self.root.parent(path)?;
        names.check(path)?;
        match entry_of(&dir.symlink_metadata(name).map_err(io_error(path))?) {
            Entry::Directory => {}
            Entry::File => return Err(FileError::NotDirectory { path: path.to_string() }),
            other => return Err(wrong_kind(other, path)),
        }
        dir.remove_dir(name).map_err(io_error(path))?;
        self.root.account.give_back_entries(1);
        Ok(())
    }

    fn remove_all(&self, path: &FilePath) -> Result<(), FileError> {
        let names = self.root.lock_names();
        names.check(path)?;
        let (dir, name) = self.root.parent(path)?;
        let metadata = dir.symlink_metadata(name).map_err(io_error(path))?;
        match entry_of(&metadata) {
            Entry::Directory => scan::remove_all(&self.root, &dir, name, path),
            Entry::File => {
                dir.remove_file(name).map_err(io_error(path))?;
                self.root.forget_file(&metadata);
                Ok(())
            }
            other => Err(wrong_kind(other, path)),
        }
    }

    fn rename(&self, from: &FilePath, to: &FilePath) -> Result<(), FileError> {
        let names = self.root.lock_names();
        names.check(from)?;
        names.check(to)?;
        let (from_dir, from_name) = self.root.parent(from)?;
        let (to_dir, to_name) = self.root.parent(to)?;
        let source = from_dir.symlink_metadata(from_name).map_err(io_error(from))?;
        let source_entry = entry_of(&source);
        if matches!(source_entry, Entry::Symlink | Entry::Special) {
            return Err(wrong_kind(source_entry, from));
        }
        if from == to {
            return Ok(());
        }
        if to.is_within(from) {
            return Err(FileError::IntoItself { from: from.to_string() });
        }
        let target = match to_dir.symlink_metadata(to_name) {
            Ok(target) => Some(target),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(io_error(to)(error)),
        };
        if let Some(target) = &target {
            match (source_entry, entry_of(target)) {
                (Entry::File, Entry::File) | (Entry::Directory, Entry::Directory) => {}
                (Entry::Directory, Entry::File) => return Err(FileError::NotDirectory { path: to.to_string() }),
                (_, other) => return Err(wrong_kind(other, to)),
            }
            // Two names of one file: the system would do nothing, and nothing is to be counted.
            if id_of(target) == id_of(&source) {
                return Ok(());
            }
        }
        from_dir.rename(from_name, &to_dir, to_name).map_err(io_error(to))?;
        match target {
            Some(target) if target.is_file() => self.root.forget_file(&target),
            Some(_) => self.root.account.give_back_entries(1),
            None => {}
        }
        Ok(())
    }

    fn replace(&self, path: &FilePath, content: Content) -> Result<Box<dyn Staged>, FileError> {
        Ok(Box::new(replace::Replace::begin(self, path, content)?))
    }

    fn usage(&self) -> (u64, u64) {
        (self.root.account.bytes(), self.root.account.entries())
    }
}

fn entry_of(metadata: &Metadata) -> Entry {
    let kind = metadata.file_type();
    match (kind.is_file(), kind.is_dir(), kind.is_symlink()) {
        (true, ..) => Entry::File,
        (_, true, _) => Entry::Directory,
        (.., true) => Entry::Symlink,
        _ => Entry::Special,
    }
}

fn id_of(metadata: &Metadata) -> FileId {
    FileId { device: metadata.dev(), inode: metadata.ino() }
}

fn stat_of(metadata: &Metadata) -> Stat {
    let entry = entry_of(metadata);
    Stat {
        entry,
        bytes: if entry == Entry::Directory { 0 } else { metadata.len() },
        links: metadata.nlink(),
        accessed: metadata.accessed().ok().map(|time| time.into_std()),
        modified: metadata.modified().ok().map(|time| time.into_std()),
        changed: inode::system_time(metadata.ctime(), metadata.ctime_nsec()),
        id: id_of(metadata),
        changes: 0,
    }
}
