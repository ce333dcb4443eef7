//! Directories of the host copied into memory, so that whoever writes to them changes nothing: for tests.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::account::Quota;
use super::memory::{MemoryTree, Saved, SavedDirectory};

/// What one directory may hold to be copied.
const COPY_BYTES_MAX: u64 = 64 << 20;
const COPY_ENTRIES_MAX: u64 = 10_000;
const COPY_DEPTH_MAX: usize = 32;

/// By the path of the directory.
#[derive(Default)]
pub(super) struct Copies(Mutex<HashMap<PathBuf, Arc<MemoryTree>>>);

/// What all copies held at one moment.
#[derive(Clone, Default)]
pub struct CopiesSnapshot(HashMap<PathBuf, SavedDirectory>);

impl Copies {
    /// The copy of a directory, the same one for everybody; empty where there is none yet.
    pub(super) fn open(&self, path: &Path, quota: Quota) -> io::Result<Arc<MemoryTree>> {
        let key = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut copies = self.0.lock();
        if let Some(tree) = copies.get(&key) {
            return Ok(tree.clone());
        }
        let mut left = Left { bytes: COPY_BYTES_MAX, entries: COPY_ENTRIES_MAX };
        let saved = if path.exists() { read(path, 0, &mut left)? } else { SavedDirectory::new() };
        let tree = Arc::new(MemoryTree::beginning_with(&saved, quota));
        copies.insert(key, tree.clone());
        Ok(tree)
    }

    pub(super) fn snapshot(&self) -> CopiesSnapshot {
        CopiesSnapshot(self.0.lock().iter().map(|(path, tree)| (path.clone(), tree.save())).collect())
    }

    pub(super) fn restore(&self, snapshot: &CopiesSnapshot) {
        for (path, tree) in &*self.0.lock() {
            if let Some(saved) = snapshot.0.get(path) {
                tree.put_back(saved);
            }
        }
    }
}

struct Left {
    bytes: u64,
    entries: u64,
}

/// Files and directories; links, pipes and devices are not opened, as in a mount.
fn read(directory: &Path, depth: usize, left: &mut Left) -> io::Result<SavedDirectory> {
    let too_much =
        |what: String| io::Error::other(format!("it is too large to be copied into memory: more than {what}"));
    if depth > COPY_DEPTH_MAX {
        return Err(too_much(format!("{COPY_DEPTH_MAX} directories in each other")));
    }
    let mut saved = SavedDirectory::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        left.entries =
            left.entries.checked_sub(1).ok_or_else(|| too_much(format!("{COPY_ENTRIES_MAX} files and directories")))?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            saved.insert(name, Saved::Directory(read(&entry.path(), depth + 1, left)?));
        } else if kind.is_file() {
            let bytes = entry.metadata()?.len();
            let fits = left.bytes.checked_sub(bytes);
            left.bytes = fits.ok_or_else(|| too_much(format!("{COPY_BYTES_MAX} bytes")))?;
            saved.insert(name, Saved::File(fs::read(entry.path())?.into()));
        }
    }
    Ok(saved)
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::super::{FileError, FilePath};
    use super::*;

    #[test]
    fn a_copy_is_put_back_and_its_directory_untouched() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::create_dir(directory.path().join("inner")).expect("a directory");
        fs::write(directory.path().join("inner/a.txt"), "here").expect("a file");
        let quota = Quota { bytes: 1000, bytes_key: "b", entries: 10, entries_key: "e" };
        let copies = Copies::default();
        let tree = copies.open(directory.path(), quota).expect("it is copied");
        let path = FilePath::parse("inner/a.txt").expect("a path");
        let begun = copies.snapshot();
        tree.remove_file(&path).expect("it is there");
        assert!(matches!(
            copies.open(directory.path(), quota).expect("the same").stat(&path),
            Err(FileError::NotFound { .. })
        ));
        copies.restore(&begun);
        assert_eq!(tree.stat(&path).expect("it is back").bytes, 4);
        assert!(directory.path().join("inner/a.txt").exists());
    }
}
