//! The data directory: one process at a time, and names that stay inside it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::StorageError;

/// The longest namespace id, in bytes: escaped to three characters a byte it still fits a file name of 255.
pub const NAMESPACE_ID_BYTES_MAX: usize = 64;

/// A data directory that this process holds. Everything that has one of its files open keeps it held.
pub(super) struct DataDirectory {
    path: PathBuf,
    kv: PathBuf,
    /// The lock lives as long as the open file.
    _lock: File,
}

impl DataDirectory {
    pub(super) fn take(path: &Path) -> Result<Self, StorageError> {
        let kv = path.join("kv");
        fs::create_dir_all(&kv).map_err(|source| StorageError::io("make the data directory", &kv, source))?;
        let lock = lock(path)?;
        // A file's name is durable only once its directory is.
        sync_directory(path)?;
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_directory(parent)?;
        }
        Ok(DataDirectory { path: path.to_owned(), kv, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn kv_file(&self, id: &str) -> Result<PathBuf, StorageError> {
        let problem = match id.len() {
            0 => "is empty".to_owned(),
            bytes if bytes > NAMESPACE_ID_BYTES_MAX => {
                format!("is {bytes} bytes long, and {NAMESPACE_ID_BYTES_MAX} at most are allowed")
            }
            _ => return Ok(self.kv.join(file_name(id))),
        };
        Err(StorageError::BadNamespace { id: id.to_owned(), problem })
    }
}

fn lock(directory: &Path) -> Result<File, StorageError> {
    let path = directory.join("LOCK");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|source| StorageError::io("open the lock file", &path, source))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            // Whoever holds it wrote its process id; a hint, not a fact, so a failure to read it is no error.
            let mut pid = String::new();
            let _ = file.read_to_string(&mut pid);
            let holder = match pid.trim() {
                "" => "another process".to_owned(),
                pid => format!("another process (pid {pid})"),
            };
            return Err(StorageError::InUse { directory: directory.to_owned(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(StorageError::io("lock", &path, source)),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(|source| StorageError::io("write the lock file", &path, source))?;
    Ok(file)
}

fn sync_directory(path: &Path) -> Result<(), StorageError> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(|source| StorageError::io("flush the directory", path, source))
}

/// `a-z 0-9 _ -` stand for themselves, every other byte is `%XX`: no separator, no dot, and no two ids share a file
/// where the file system ignores case.
fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len() + 3);
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    name + ".db"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_leaves_the_directory() {
        for (id, name) in [
            ("guestbook", "guestbook.db"),
            ("0f2ac74b498b48028cb68387c421e279", "0f2ac74b498b48028cb68387c421e279.db"),
            ("..", "%2E%2E.db"),
            ("../../etc/passwd", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.db"),
            ("KV", "%4B%56.db"),
            ("%2e", "%252e.db"),
            ("a\0b", "a%00b.db"),
            ("ü", "%C3%BC.db"),
        ] {
            assert_eq!(file_name(id), name);
        }
    }

    #[test]
    fn the_longest_id_fits_a_file_name() {
        assert!(file_name(&"Z".repeat(NAMESPACE_ID_BYTES_MAX)).len() + "-wal".len() <= 255);
    }
}
