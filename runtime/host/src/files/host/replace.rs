//! Replacing a file at once: the new one is written beside it under a reserved name and takes its place when it is
//! whole and on the disk. A process that is killed in between leaves the old file, and the other to the next start.

use std::io;
use std::sync::Arc;

use cap_std::fs::Dir;
use rand::RngCore;

use super::super::error::{io_error, wrong_kind};
use super::super::tree::{OpenFile, Staged, WriteAt};
use super::inode::HostFile;
use super::{Content, Entry, FileError, FilePath, HostRoot, HostTree, OpenAccess, RESERVED_PREFIX, entry_of};

/// Bytes that are copied at a time where the old content is kept.
const COPY_BYTES: usize = 256 << 10;

pub(super) struct Replace {
    root: Arc<HostRoot>,
    path: FilePath,
    name: String,
    dir: Dir,
    file: HostFile,
    /// The name it has until it takes its place; `None` afterwards.
    staged_name: Option<String>,
}

impl Replace {
    pub(super) fn begin(tree: &HostTree, path: &FilePath, content: Content) -> Result<Self, FileError> {
        let root = tree.root.clone();
        let mut names = root.lock_names();
        let (dir, name) = root.parent(path)?;
        let old = tree.open_existing(&dir, name, path, OpenAccess::Read)?;
        let staged_name = format!("{RESERVED_PREFIX}{:016x}", rand::rng().next_u64());
        let file = tree.create(&dir, &staged_name, path)?;
        names.take(path.clone());
        drop(names);
        // From here on dropping it undoes everything.
        let replace =
            Replace { root, path: path.clone(), name: name.to_owned(), dir, file, staged_name: Some(staged_name) };
        let permissions = old.file().metadata().map_err(io_error(path))?.permissions();
        replace.file.file().set_permissions(permissions).map_err(io_error(path))?;
        if content == Content::Keep {
            let mut offset = 0;
            loop {
                let chunk = old.read(offset, COPY_BYTES)?;
                if chunk.is_empty() {
                    break;
                }
                replace.file.write(WriteAt::Offset(offset), &chunk)?;
                offset += chunk.len() as u64;
            }
        }
        Ok(replace)
    }

    /// Takes the place of the old file. The names are locked.
    fn take_place(&self, staged_name: &str) -> Result<(), FileError> {
        let old = match self.dir.symlink_metadata(&self.name) {
            Ok(old) => Some(old),
            // Others may remove it; what was promised is that the new one is there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(io_error(&self.path)(error)),
        };
        match old.as_ref().map(entry_of) {
            None | Some(Entry::File) => {}
            Some(other) => return Err(wrong_kind(other, &self.path)),
        }
        self.dir.rename(staged_name, &self.dir, &self.name).map_err(io_error(&self.path))?;
        if let Some(old) = old {
            self.root.forget_file(&old);
        }
        Ok(())
    }
}

impl Staged for Replace {
    fn file(&self) -> &dyn OpenFile {
        &self.file
    }

    fn commit(&mut self) -> Result<(), FileError> {
        self.file.sync()?;
        let mut names = self.root.lock_names();
        let Some(staged_name) = self.staged_name.as_deref() else { return Ok(()) };
        self.take_place(staged_name)?;
        self.staged_name = None;
        names.release(&self.path);
        drop(names);
        // The name is on the disk once its directory is.
        self.dir.open(".").and_then(|dir| dir.sync_all()).map_err(io_error(&self.path))
    }
}

impl Drop for Replace {
    fn drop(&mut self) {
        let Some(staged_name) = self.staged_name.take() else { return };
        let mut names = self.root.lock_names();
        names.release(&self.path);
        match self.dir.symlink_metadata(&staged_name) {
            Ok(metadata) if self.dir.remove_file(&staged_name).is_ok() => self.root.forget_file(&metadata),
            // The next start removes and forgets it.
            _ => tracing::warn!(name = staged_name, "a file that was being written could not be removed"),
        }
    }
}
