//! Files in memory: a request's own, and those that a worker is made of.

mod file;
mod saved;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use parking_lot::Mutex;

use super::account::{Account, Locks, Quota};
use super::tree::{OpenFile, Staged, Tree};
use super::{
    Content, Create, DirectoryEntry, Entry, FileError, FilePath, MemoryAccount, OpenOptions, Stat, Times, WriteAt,
};
use file::{Data, MemoryFile, OpenMemoryFile, Shared, next_id, stat};

pub(super) use saved::{Saved, SavedDirectory};

pub(super) struct MemoryTree {
    shared: Arc<Shared>,
    names: Arc<Mutex<Names>>,
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
