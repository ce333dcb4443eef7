//! A file in memory, and what all files of a tree are counted on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bytes::Bytes;
use parking_lot::{Mutex, MutexGuard};

use super::super::account::{Account, Quota};
use super::super::tree::{OpenFile, end_of};
use super::super::{Entry, FileError, FileId, FilePath, MemoryAccount, OpenAccess, Stat, Times, WriteAt};

/// What one entry takes besides its content, at most: its name and its place.
const ENTRY_BYTES: usize = 512;
/// Content grows by whole pages.
const PAGE_BYTES: usize = 4096;

/// Files of memory are told from one another, and from those of other trees, by numbers of this process.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// What every file of a tree holds on to.
pub(super) struct Shared {
    pub(super) account: Account,
    pub(super) quota: Quota,
    /// Whoever's memory it is.
    pub(super) memory: Option<Arc<dyn MemoryAccount>>,
}

impl Shared {
    pub(super) fn take_entry(&self, path: &FilePath) -> Result<(), FileError> {
        self.account.take_entry(&self.quota, path)?;
        self.take_memory(ENTRY_BYTES, path).inspect_err(|_| self.account.give_back_entries(1))
    }

    pub(super) fn give_back_entries(&self, entries: u64) {
        self.account.give_back_entries(entries);
        self.give_back_memory(usize::try_from(entries).unwrap_or(usize::MAX).saturating_mul(ENTRY_BYTES));
    }

    fn take_memory(&self, bytes: usize, path: &FilePath) -> Result<(), FileError> {
        match &self.memory {
            Some(memory) if !memory.take(bytes) => Err(FileError::Memory { path: path.to_string() }),
            _ => Ok(()),
        }
    }

    fn give_back_memory(&self, bytes: usize) {
        if let Some(memory) = &self.memory {
            memory.give_back(bytes);
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.give_back_entries(self.account.entries());
    }
}

pub(super) struct MemoryFile {
    shared: Arc<Shared>,
    id: u64,
    /// As it was made, for errors.
    path: FilePath,
    pub(super) content: Mutex<FileContent>,
}

pub(super) struct FileContent {
    pub(super) data: Data,
    times: Times,
    changed: SystemTime,
    /// How often it was changed: a clock may stand still in between.
    changes: u64,
}

pub(super) enum Data {
    Fixed(Bytes),
    Growable(Vec<u8>),
}

impl Data {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Data::Fixed(bytes) => bytes,
            Data::Growable(bytes) => bytes,
        }
    }

    pub(super) fn read(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
        end_of(offset, length)?;
        let all = self.bytes().len();
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(all);
        let end = start.saturating_add(length).min(all);
        Ok(match self {
            Data::Fixed(bytes) => bytes.slice(start..end),
            Data::Growable(bytes) => Bytes::copy_from_slice(&bytes[start..end]),
        })
    }
}

impl MemoryFile {
    pub(super) fn new(shared: Arc<Shared>, path: FilePath, data: Data) -> Self {
        let now = SystemTime::now();
        let times = Times { accessed: None, modified: Some(now) };
        let content = FileContent { data, times, changed: now, changes: 0 };
        MemoryFile { shared, id: next_id(), path, content: Mutex::new(content) }
    }

    pub(super) fn stat_of(&self, content: &FileContent) -> Stat {
        let bytes = content.data.bytes().len() as u64;
        let mut stat = stat(Entry::File, bytes, 1, self.id, content.times, content.changed);
        stat.changes = content.changes;
        stat
    }

    /// Makes the content `size` bytes long, zeros at its end, and on its account.
    fn resize(&self, content: &mut MutexGuard<'_, FileContent>, size: u64) -> Result<(), FileError> {
        let Data::Growable(bytes) = &mut content.data else { return Err(FileError::read_only(&self.path)) };
        let too_large = || FileError::TooLarge { bytes: size };
        let wanted = usize::try_from(size).map_err(|_| too_large())?;
        let (before, held) = (bytes.len(), bytes.capacity());
        if wanted <= before {
            self.shared.account.give_back_bytes((before - wanted) as u64);
            bytes.truncate(wanted);
            // A file that was emptied need not keep what it had.
            if wanted < held / 2 {
                bytes.shrink_to(wanted);
                self.shared.give_back_memory(held - bytes.capacity());
            }
            return Ok(());
        }
        let growth = (wanted - before) as u64;
        self.shared.account.take_bytes(growth, &self.shared.quota, &self.path)?;
        if wanted > held {
            // Some to spare, so that many small writes do not each move the whole.
            let capacity = wanted.max(held + held / 4).next_multiple_of(PAGE_BYTES);
            let taken = self.shared.take_memory(capacity - held, &self.path);
            taken.inspect_err(|_| self.shared.account.give_back_bytes(growth))?;
            if bytes.try_reserve_exact(capacity - before).is_err() {
                self.shared.give_back_memory(capacity - held);
                self.shared.account.give_back_bytes(growth);
                return Err(FileError::Memory { path: self.path.to_string() });
            }
        }
        bytes.resize(wanted, 0);
        Ok(())
    }

    fn touch(content: &mut FileContent) {
        let now = SystemTime::now();
        content.times.modified = Some(now);
        content.changed = now;
        content.changes += 1;
    }
}

impl Drop for MemoryFile {
    fn drop(&mut self) {
        if let Data::Growable(bytes) = &self.content.get_mut().data {
            self.shared.account.give_back_bytes(bytes.len() as u64);
            self.shared.give_back_memory(bytes.capacity());
        }
    }
}

impl OpenFile for MemoryFile {
    fn stat(&self) -> Result<Stat, FileError> {
        Ok(self.stat_of(&self.content.lock()))
    }

    fn read(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
        self.content.lock().data.read(offset, length)
    }

    fn write(&self, at: WriteAt, data: &[u8]) -> Result<(), FileError> {
        if data.is_empty() {
            return Ok(());
        }
        let mut content = self.content.lock();
        let size = content.data.bytes().len() as u64;
        let offset = match at {
            WriteAt::Offset(offset) => offset,
            WriteAt::End => size,
        };
        let end = end_of(offset, data.len())?;
        if end > size {
            self.resize(&mut content, end)?;
        }
        let Data::Growable(bytes) = &mut content.data else { return Err(FileError::read_only(&self.path)) };
        // Both fit: the content is that long.
        let range = offset as usize..end as usize;
        bytes[range].copy_from_slice(data);
        MemoryFile::touch(&mut content);
        Ok(())
    }

    fn set_size(&self, bytes: u64) -> Result<(), FileError> {
        let mut content = self.content.lock();
        self.resize(&mut content, end_of(bytes, 0)?)?;
        MemoryFile::touch(&mut content);
        Ok(())
    }

    fn set_times(&self, times: Times) -> Result<(), FileError> {
        let mut content = self.content.lock();
        content.times.accessed = times.accessed.or(content.times.accessed);
        content.times.modified = times.modified.or(content.times.modified);
        content.changed = SystemTime::now();
        Ok(())
    }

    fn sync(&self) -> Result<(), FileError> {
        Ok(())
    }
}

/// A file as somebody opened it.
pub(super) struct OpenMemoryFile {
    pub(super) file: Arc<MemoryFile>,
    pub(super) access: OpenAccess,
}

impl OpenMemoryFile {
    fn writable(&self) -> Result<&MemoryFile, FileError> {
        match self.access {
            OpenAccess::Write => Ok(&self.file),
            OpenAccess::Read => Err(FileError::NotOpenedForThis { path: self.file.path.to_string() }),
        }
    }
}

impl OpenFile for OpenMemoryFile {
    fn stat(&self) -> Result<Stat, FileError> {
        self.file.stat()
    }

    fn read(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
        self.file.read(offset, length)
    }

    fn write(&self, at: WriteAt, data: &[u8]) -> Result<(), FileError> {
        self.writable()?.write(at, data)
    }

    fn set_size(&self, bytes: u64) -> Result<(), FileError> {
        self.writable()?.set_size(bytes)
    }

    fn set_times(&self, times: Times) -> Result<(), FileError> {
        self.writable()?.set_times(times)
    }

    fn sync(&self) -> Result<(), FileError> {
        Ok(())
    }
}

pub(super) fn next_id() -> u64 {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

pub(super) fn stat(entry: Entry, bytes: u64, links: u64, id: u64, times: Times, changed: SystemTime) -> Stat {
    Stat {
        entry,
        bytes,
        links,
        accessed: times.accessed,
        modified: times.modified,
        changed: Some(changed),
        id: FileId { device: 0, inode: id },
        changes: 0,
    }
}
