//! Files in memory: a request's own, and those that a worker is made of.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bytes::Bytes;
use parking_lot::{Mutex, MutexGuard};

use super::account::{Account, Locks, Quota};
use super::tree::{OpenFile, Staged, Tree, end_of};
use super::{
    Content, Create, DirectoryEntry, Entry, FileError, FileId, FilePath, MemoryAccount, OpenAccess, OpenOptions, Stat,
    Times, WriteAt,
};

/// What one entry takes besides its content, at most: its name and its place.
const ENTRY_BYTES: usize = 512;
/// Content grows by whole pages.
const PAGE_BYTES: usize = 4096;

/// Files of memory are told from one another, and from those of other trees, by numbers of this process.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

pub(super) struct MemoryTree {
    shared: Arc<Shared>,
    names: Arc<Mutex<Names>>,
}

/// What every file of a tree holds on to.
struct Shared {
    account: Account,
    quota: Quota,
    /// Whoever's memory it is.
    memory: Option<Arc<dyn MemoryAccount>>,
}

struct Names {
    root: Directory,
    locks: Locks,
}

struct Directory {
    id: u64,
    changed: SystemTime,
    entries: BTreeMap<String, Node>,
}

enum Node {
    Directory(Directory),
    File(Arc<MemoryFile>),
}

impl Directory {
    fn new() -> Self {
        Directory { id: next_id(), changed: SystemTime::now(), entries: BTreeMap::new() }
    }

    fn stat(&self) -> Stat {
        stat(Entry::Directory, 0, 1, self.id, Times { accessed: None, modified: Some(self.changed) }, self.changed)
    }

    /// How many entries it has, with those in its directories.
    fn count(&self) -> u64 {
        self.entries.values().map(|node| 1 + if let Node::Directory(inner) = node { inner.count() } else { 0 }).sum()
    }
}

impl MemoryTree {
    /// An empty tree of one request.
    pub(super) fn empty(quota: Quota, memory: Option<Arc<dyn MemoryAccount>>) -> Self {
        let shared = Arc::new(Shared { account: Account::default(), quota, memory });
        let names = Names { root: Directory::new(), locks: Locks::default() };
        MemoryTree { shared, names: Arc::new(Mutex::new(names)) }
    }

    /// A tree of these files, for reading. A path that is none, or that is taken, is left out.
    pub(super) fn of_files(files: impl IntoIterator<Item = (FilePath, Bytes)>) -> Self {
        let quota = Quota { bytes: 0, bytes_key: "", entries: 0, entries_key: "" };
        let tree = MemoryTree::empty(quota, None);
        let mut names = tree.names.lock();
        for (path, content) in files {
            let Some((parent, name)) = path.split() else { continue };
            let mut directory = Some(&mut names.root);
            for name in parent {
                directory = directory.and_then(|directory| {
                    let node = directory.entries.entry(name.clone());
                    match node.or_insert_with(|| Node::Directory(Directory::new())) {
                        Node::Directory(inner) => Some(inner),
                        Node::File(_) => None,
                    }
                });
            }
            if let Some(directory) = directory {
                let file = Arc::new(MemoryFile::new(tree.shared.clone(), path.clone(), Data::Fixed(content)));
                directory.entries.entry(name.to_owned()).or_insert(Node::File(file));
            }
        }
        drop(names);
        tree
    }

    /// A fresh file, not in the tree yet.
    fn fresh(&self, path: &FilePath) -> Arc<MemoryFile> {
        Arc::new(MemoryFile::new(self.shared.clone(), path.clone(), Data::Growable(Vec::new())))
    }
}

impl Names {
    fn directory(&mut self, names: &[String]) -> Result<&mut Directory, FileError> {
        let mut directory = &mut self.root;
        for (depth, name) in names.iter().enumerate() {
            directory = match directory.entries.get_mut(name) {
                Some(Node::Directory(inner)) => inner,
                Some(Node::File(_)) => return Err(FileError::NotDirectory { path: names[..=depth].join("/") }),
                None => return Err(FileError::NotFound { path: names[..=depth].join("/") }),
            };
        }
        Ok(directory)
    }

    fn parent<'p>(&mut self, path: &'p FilePath) -> Result<(&mut Directory, &'p str), FileError> {
        let (parent, name) = path.split().ok_or(FileError::IsDirectory { path: String::new() })?;
        Ok((self.directory(parent)?, name))
    }

    fn file(&mut self, path: &FilePath) -> Result<Arc<MemoryFile>, FileError> {
        let (directory, name) = self.parent(path)?;
        match directory.entries.get(name) {
            Some(Node::File(file)) => Ok(file.clone()),
            Some(Node::Directory(_)) => Err(FileError::IsDirectory { path: path.to_string() }),
            None => Err(FileError::NotFound { path: path.to_string() }),
        }
    }

    /// Takes an entry out of the tree, if `wanted` allows it.
    fn remove(
        &mut self,
        path: &FilePath,
        wanted: impl FnOnce(&Node) -> Result<(), FileError>,
    ) -> Result<Node, FileError> {
        self.locks.check(path)?;
        let (directory, name) = self.parent(path)?;
        let node = directory.entries.get(name).ok_or_else(|| FileError::NotFound { path: path.to_string() })?;
        wanted(node)?;
        directory.changed = SystemTime::now();
        directory.entries.remove(name).ok_or_else(|| FileError::NotFound { path: path.to_string() })
    }
}

impl Shared {
    fn take_entry(&self, path: &FilePath) -> Result<(), FileError> {
        self.account.take_entry(&self.quota, path)?;
        self.take_memory(ENTRY_BYTES, path).inspect_err(|_| self.account.give_back_entries(1))
    }

    fn give_back_entries(&self, entries: u64) {
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

impl Tree for MemoryTree {
    fn stat(&self, path: &FilePath) -> Result<Stat, FileError> {
        let mut names = self.names.lock();
        if path.is_root() {
            return Ok(names.root.stat());
        }
        let (directory, name) = names.parent(path)?;
        match directory.entries.get(name) {
            Some(Node::Directory(inner)) => Ok(inner.stat()),
            Some(Node::File(file)) => file.stat(),
            None => Err(FileError::NotFound { path: path.to_string() }),
        }
    }

    fn list(&self, path: &FilePath) -> Result<Vec<DirectoryEntry>, FileError> {
        let mut names = self.names.lock();
        let kind = |node: &Node| match node {
            Node::Directory(_) => Entry::Directory,
            Node::File(_) => Entry::File,
        };
        let entries = &names.directory(path.names())?.entries;
        Ok(entries.iter().map(|(name, node)| DirectoryEntry { name: name.clone(), entry: kind(node) }).collect())
    }

    fn read(&self, path: &FilePath, offset: u64, length: usize, version: u64) -> Result<Bytes, FileError> {
        let file = self.names.lock().file(path)?;
        let content = file.content.lock();
        if file.stat_of(&content).version() != version {
            return Err(FileError::Changed { path: path.to_string() });
        }
        content.data.read(offset, length)
    }

    fn open(&self, path: &FilePath, options: OpenOptions) -> Result<Arc<dyn OpenFile>, FileError> {
        let mut names = self.names.lock();
        let file = match (names.file(path), options.create) {
            (Err(FileError::NotFound { .. }), Create::IfAbsent | Create::Always) => {
                let file = self.fresh(path);
                let (directory, name) = names.parent(path)?;
                self.shared.take_entry(path)?;
                directory.changed = SystemTime::now();
                directory.entries.insert(name.to_owned(), Node::File(file.clone()));
                file
            }
            (Ok(_) | Err(FileError::IsDirectory { .. }), Create::Always) => {
                return Err(FileError::Exists { path: path.to_string() });
            }
            (found, _) => found?,
        };
        drop(names);
        if options.content == Content::Discard {
            file.set_size(0)?;
        }
        Ok(Arc::new(OpenMemoryFile { file, access: options.access }))
    }

    fn create_directory(&self, path: &FilePath) -> Result<(), FileError> {
        let mut names = self.names.lock();
        if path.is_root() {
            return Err(FileError::Exists { path: String::new() });
        }
        let (directory, name) = names.parent(path)?;
        match directory.entries.entry(name.to_owned()) {
            Slot::Occupied(_) => Err(FileError::Exists { path: path.to_string() }),
            Slot::Vacant(slot) => {
                self.shared.take_entry(path)?;
                slot.insert(Node::Directory(Directory::new()));
                directory.changed = SystemTime::now();
                Ok(())
            }
        }
    }

    fn remove_file(&self, path: &FilePath) -> Result<(), FileError> {
        let removed = self.names.lock().remove(path, |node| match node {
            Node::File(_) => Ok(()),
            Node::Directory(_) => Err(FileError::IsDirectory { path: path.to_string() }),
        })?;
        self.shared.give_back_entries(1);
        drop(removed);
        Ok(())
    }

    fn remove_directory(&self, path: &FilePath) -> Result<(), FileError> {
        self.names.lock().remove(path, |node| match node {
            Node::File(_) => Err(FileError::NotDirectory { path: path.to_string() }),
            Node::Directory(inner) if inner.entries.is_empty() => Ok(()),
            Node::Directory(_) => Err(FileError::NotEmpty { path: path.to_string() }),
        })?;
        self.shared.give_back_entries(1);
        Ok(())
    }

    fn remove_all(&self, path: &FilePath) -> Result<(), FileError> {
        let removed = self.names.lock().remove(path, |_| Ok(()))?;
        self.shared.give_back_entries(1 + if let Node::Directory(inner) = &removed { inner.count() } else { 0 });
        Ok(())
    }

    fn rename(&self, from: &FilePath, to: &FilePath) -> Result<(), FileError> {
        let mut names = self.names.lock();
        names.locks.check(from)?;
        names.locks.check(to)?;
        let (directory, name) = names.parent(from)?;
        let source = directory.entries.get(name).ok_or_else(|| FileError::NotFound { path: from.to_string() })?;
        let is_file = matches!(source, Node::File(_));
        if from == to {
            return Ok(());
        }
        if to.is_within(from) {
            return Err(FileError::IntoItself { from: from.to_string() });
        }
        let (directory, name) = names.parent(to)?;
        let replaced = match (is_file, directory.entries.get(name)) {
            (_, None) => 0,
            (true, Some(Node::File(_))) => 1,
            (false, Some(Node::Directory(target))) if target.entries.is_empty() => 1,
            (false, Some(Node::Directory(_))) => return Err(FileError::NotEmpty { path: to.to_string() }),
            (true, Some(Node::Directory(_))) => return Err(FileError::IsDirectory { path: to.to_string() }),
            (false, Some(Node::File(_))) => return Err(FileError::NotDirectory { path: to.to_string() }),
        };
        let node = names.remove(from, |_| Ok(()))?;
        let (directory, name) = names.parent(to)?;
        directory.changed = SystemTime::now();
        directory.entries.insert(name.to_owned(), node);
        self.shared.give_back_entries(replaced);
        Ok(())
    }

    fn replace(&self, path: &FilePath, content: Content) -> Result<Box<dyn Staged>, FileError> {
        let mut names = self.names.lock();
        let old = names.file(path)?;
        let file = self.fresh(path);
        if content == Content::Keep {
            let old = old.content.lock();
            file.write(WriteAt::Offset(0), old.data.bytes())?;
        }
        names.locks.take(path.clone());
        drop(names);
        Ok(Box::new(Replace { names: self.names.clone(), path: path.clone(), file: Some(file.clone()), staged: file }))
    }

    fn usage(&self) -> (u64, u64) {
        (self.shared.account.bytes(), self.shared.account.entries())
    }
}

struct Replace {
    names: Arc<Mutex<Names>>,
    path: FilePath,
    staged: Arc<MemoryFile>,
    /// `None` once it has taken its place.
    file: Option<Arc<MemoryFile>>,
}

impl Staged for Replace {
    fn file(&self) -> &dyn OpenFile {
        &*self.staged
    }

    fn commit(&mut self) -> Result<(), FileError> {
        let mut names = self.names.lock();
        // The lock kept the old file where it was.
        let (directory, name) = names.parent(&self.path)?;
        if let Some(file) = self.file.take() {
            directory.changed = SystemTime::now();
            directory.entries.insert(name.to_owned(), Node::File(file));
            names.locks.release(&self.path);
        }
        Ok(())
    }
}

impl Drop for Replace {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            self.names.lock().locks.release(&self.path);
        }
    }
}

struct MemoryFile {
    shared: Arc<Shared>,
    id: u64,
    /// As it was made, for errors.
    path: FilePath,
    content: Mutex<FileContent>,
}

struct FileContent {
    data: Data,
    times: Times,
    changed: SystemTime,
    /// How often it was changed: a clock may stand still in between.
    changes: u64,
}

enum Data {
    Fixed(Bytes),
    Growable(Vec<u8>),
}

impl Data {
    fn bytes(&self) -> &[u8] {
        match self {
            Data::Fixed(bytes) => bytes,
            Data::Growable(bytes) => bytes,
        }
    }

    fn read(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
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
    fn new(shared: Arc<Shared>, path: FilePath, data: Data) -> Self {
        let now = SystemTime::now();
        let times = Times { accessed: None, modified: Some(now) };
        let content = FileContent { data, times, changed: now, changes: 0 };
        MemoryFile { shared, id: next_id(), path, content: Mutex::new(content) }
    }

    fn stat_of(&self, content: &FileContent) -> Stat {
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
struct OpenMemoryFile {
    file: Arc<MemoryFile>,
    access: OpenAccess,
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

fn next_id() -> u64 {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

fn stat(entry: Entry, bytes: u64, links: u64, id: u64, times: Times, changed: SystemTime) -> Stat {
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
