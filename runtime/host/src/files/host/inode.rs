//! Open files of the host. One that has lost its name still takes room while somebody has it open.

use std::collections::HashMap;
use std::fs::{File, FileTimes};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use parking_lot::Mutex;

use super::super::account::{Account, Quota};
use super::super::error::io_error;
use super::super::tree::{OpenFile, end_of};
use super::super::{Entry, FileError, FileId, FilePath, OpenAccess, Stat, Times, WriteAt};

/// The files that are open, by what they are.
pub(super) struct Inodes {
    account: Arc<Account>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    inodes: HashMap<FileId, Weak<Inode>>,
    /// At this many the dead ones are thrown out.
    prune_at: usize,
}

/// One file that is open, however often.
pub(super) struct Inode {
    account: Arc<Account>,
    /// Held while its size changes. The bytes it still counts for, once it has no name any more.
    orphaned: Mutex<Option<u64>>,
}

impl Drop for Inode {
    fn drop(&mut self) {
        if let Some(bytes) = *self.orphaned.get_mut() {
            self.account.give_back_bytes(bytes);
        }
    }
}

impl Inodes {
    pub(super) fn new(account: Arc<Account>) -> Self {
        Inodes { account, open: Mutex::default() }
    }

    pub(super) fn opened(&self, id: FileId) -> Arc<Inode> {
        const PRUNE_AT_LEAST: usize = 64;
        let mut open = self.open.lock();
        if let Some(inode) = open.inodes.get(&id).and_then(Weak::upgrade) {
            return inode;
        }
        if open.inodes.len() >= open.prune_at {
            open.inodes.retain(|_, inode| inode.strong_count() > 0);
            open.prune_at = PRUNE_AT_LEAST.max(open.inodes.len() * 2);
        }
        let inode = Arc::new(Inode { account: self.account.clone(), orphaned: Mutex::default() });
        open.inodes.insert(id, Arc::downgrade(&inode));
        inode
    }

    /// Runs `remove`, which takes the file's name away and answers its size, while nobody changes that size.
    pub(super) fn while_still(
        &self,
        id: FileId,
        remove: impl FnOnce() -> Result<u64, FileError>,
    ) -> Result<(), FileError> {
        let inode = self.open.lock().inodes.get(&id).and_then(Weak::upgrade);
        match inode {
            None => self.account.give_back_bytes(remove()?),
            Some(inode) => {
                let mut orphaned = inode.orphaned.lock();
                let bytes = remove()?;
                // With another name left it can be reached from there, and is counted there.
                orphaned.get_or_insert(bytes);
            }
        }
        Ok(())
    }

    /// A file of `bytes` has lost its name.
    pub(super) fn unnamed(&self, id: FileId, bytes: u64) {
        // It cannot fail: nothing is done.
        let _infallible = self.while_still(id, || Ok(bytes));
    }
}

pub(super) struct HostFile {
    // Before the file: once that is closed, the system may give its number to another.
    inode: Arc<Inode>,
    file: File,
    account: Arc<Account>,
    quota: Quota,
    /// As it was opened, for errors.
    path: FilePath,
    access: OpenAccess,
}

impl HostFile {
    pub(super) fn new(
        file: File,
        inode: Arc<Inode>,
        account: Arc<Account>,
        quota: Quota,
        path: FilePath,
        access: OpenAccess,
    ) -> Self {
        HostFile { file, inode, account, quota, path, access }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    fn failed(&self) -> impl Fn(io::Error) -> FileError {
        io_error(&self.path)
    }

    fn size(&self) -> Result<u64, FileError> {
        Ok(self.file.metadata().map_err(self.failed())?.len())
    }

    fn check_writable(&self) -> Result<(), FileError> {
        match self.access {
            OpenAccess::Write => Ok(()),
            OpenAccess::Read => Err(FileError::NotOpenedForThis { path: self.path.to_string() }),
        }
    }

    /// Changes the file so that it is `after(size before)` bytes long, with its account. The size is the inode's lock's.
    fn resize(
        &self,
        after: impl FnOnce(u64) -> Result<u64, FileError>,
        change: impl FnOnce(u64) -> io::Result<()>,
    ) -> Result<(), FileError> {
        self.check_writable()?;
        let mut orphaned = self.inode.orphaned.lock();
        let before = self.size()?;
        let growth = after(before)?.saturating_sub(before);
        self.account.take_bytes(growth, &self.quota, &self.path)?;
        let changed = change(before).map_err(self.failed());
        // What the system did, which is not all of it where it failed.
        let now = self.size().unwrap_or(before.saturating_add(growth));
        let grown = now.saturating_sub(before);
        let shrunk = before.saturating_sub(now);
        self.account.give_back_bytes(growth.saturating_sub(grown) + shrunk);
        if let Some(bytes) = orphaned.as_mut() {
            *bytes = bytes.saturating_add(grown).saturating_sub(shrunk);
        }
        changed
    }
}

impl OpenFile for HostFile {
    fn stat(&self) -> Result<Stat, FileError> {
        let metadata = self.file.metadata().map_err(self.failed())?;
        Ok(Stat {
            entry: Entry::File,
            bytes: metadata.len(),
            links: metadata.nlink(),
            accessed: metadata.accessed().ok(),
            modified: metadata.modified().ok(),
            changed: system_time(metadata.ctime(), metadata.ctime_nsec()),
            id: FileId { device: metadata.dev(), inode: metadata.ino() },
            changes: 0,
        })
    }

    fn read(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
        end_of(offset, length)?;
        // No more than there is: what a guest asks for is not what the host must have ready.
        let there = usize::try_from(self.size()?.saturating_sub(offset)).unwrap_or(usize::MAX);
        let mut buffer = vec![0; length.min(there)];
        let mut filled = 0;
        while filled < buffer.len() {
            match self.file.read_at(&mut buffer[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed()(error)),
            }
        }
        buffer.truncate(filled);
        Ok(buffer.into())
    }

    fn write(&self, at: WriteAt, data: &[u8]) -> Result<(), FileError> {
        let offset = |size| match at {
            WriteAt::Offset(offset) => offset,
            WriteAt::End => size,
        };
        // Nothing written changes nothing, however far it is from the end.
        if data.is_empty() {
            return self.check_writable();
        }
        self.resize(|size| end_of(offset(size), data.len()), |size| self.file.write_all_at(data, offset(size)))
    }

    fn set_size(&self, bytes: u64) -> Result<(), FileError> {
        self.resize(|_| end_of(bytes, 0), |_| self.file.set_len(bytes))
    }

    fn set_times(&self, times: Times) -> Result<(), FileError> {
        self.check_writable()?;
        let mut wanted = FileTimes::new();
        if let Some(accessed) = times.accessed {
            wanted = wanted.set_accessed(accessed);
        }
        if let Some(modified) = times.modified {
            wanted = wanted.set_modified(modified);
        }
        self.file.set_times(wanted).map_err(self.failed())
    }

    fn sync(&self) -> Result<(), FileError> {
        self.file.sync_all().map_err(self.failed())
    }
}

/// A time of the system's; `None` where it is before 1970.
pub(super) fn system_time(seconds: i64, nanoseconds: i64) -> Option<SystemTime> {
    let (seconds, nanoseconds) = (u64::try_from(seconds).ok()?, u32::try_from(nanoseconds).ok()?);
    SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds))
}
