//! Whole directories: counting what is there at the start, and removing what is no longer wanted.

use std::io;

use cap_fs_ext::DirExt;
use cap_std::fs::Dir;

use super::super::account::Account;
use super::super::error::io_error;
use super::super::{FileError, FilePath};
use super::{Entry, HostRoot, RESERVED_PREFIX, entry_of};

/// Directories in one another that are looked into; each holds one handle meanwhile. Guests cannot make that many.
const DEPTH_MAX: usize = 200;

/// Counts bytes and entries, and removes what was being written when its process was killed. Links are entries, and not
/// looked into.
pub(super) fn scan(root: &Dir, account: &Account) -> io::Result<()> {
    let mut open = vec![(root.try_clone()?, root.entries()?)];
    loop {
        let depth = open.len();
        let Some((dir, entries)) = open.last_mut() else { return Ok(()) };
        let Some(entry) = entries.next() else {
            open.pop();
            continue;
        };
        let entry = entry?;
        let name = entry.file_name();
        let metadata = match dir.symlink_metadata(&name) {
            Ok(metadata) => metadata,
            // Somebody else removed it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let left_behind = name.to_str().is_some_and(|name| name.starts_with(RESERVED_PREFIX));
        match entry_of(&metadata) {
            Entry::File if left_behind => dir.remove_file(&name)?,
            Entry::File => account.add(metadata.len(), 1),
            Entry::Directory => {
                account.add(0, 1);
                if depth == DEPTH_MAX {
                    return Err(io::Error::other(format!("more than {DEPTH_MAX} directories in one another")));
                }
                let inner = dir.open_dir_nofollow(&name)?;
                let entries = inner.entries()?;
                open.push((inner, entries));
            }
            Entry::Symlink | Entry::Special => account.add(0, 1),
        }
    }
}

/// Removes the directory `name` of `parent` with everything in it; links are removed, not followed. The names are
/// locked. Where it fails midway, what is gone is off the account.
pub(super) fn remove_all(root: &HostRoot, parent: &Dir, name: &str, path: &FilePath) -> Result<(), FileError> {
    let failed = io_error(path);
    let enter = |dir: &Dir, name: &std::ffi::OsStr| -> io::Result<_> {
        let inner = dir.open_dir_nofollow(name)?;
        let entries = inner.entries()?;
        Ok((inner, entries, name.to_owned()))
    };
    let mut open = vec![enter(parent, name.as_ref()).map_err(&failed)?];
    loop {
        let depth = open.len();
        let Some((dir, entries, own_name)) = open.last_mut() else { return Ok(()) };
        let Some(entry) = entries.next() else {
            let own_name = std::mem::take(own_name);
            open.pop();
            let above = open.last().map_or(parent, |(dir, ..)| dir);
            above.remove_dir(&own_name).map_err(&failed)?;
            root.account.give_back_entries(1);
            continue;
        };
        let name = entry.map_err(&failed)?.file_name();
        let metadata = dir.symlink_metadata(&name).map_err(&failed)?;
        if entry_of(&metadata) == Entry::Directory {
            if depth == DEPTH_MAX {
                return Err(FileError::TooDeep { max: DEPTH_MAX });
            }
            let inner = enter(dir, &name).map_err(&failed)?;
            open.push(inner);
            continue;
        }
        dir.remove_file(&name).map_err(&failed)?;
        match entry_of(&metadata) {
            Entry::File => root.forget_file(&metadata),
            _ => root.account.give_back_entries(1),
        }
    }
}
