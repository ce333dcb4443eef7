//! The files of compiled code: one for each worker, in a directory that this user alone can enter.
//!
//! V8 trusts what it is given, so a file is used only if its digest says that it is, whole and unchanged, what was written.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use sha2::{Digest, Sha256};

/// Begins every file; the digest of the rest follows. Another layout gets another name.
const MAGIC: &[u8; 16] = b"worky.v8code.v1\n";
const DIGEST_BYTES: usize = 32;
const EXTENSION: &str = "v8code";

/// A file that is used says so in its time, though not each time.
const USE_NOTED_EVERY: Duration = Duration::from_secs(3_600);

/// Where there are too many bytes, so many of the whole are kept, that not every new file has others removed.
const KEPT_SHARE: f64 = 0.75;

pub(super) struct Files {
    dir: PathBuf,
    /// Of all files.
    bytes_max: u64,
    /// Held while files are written and removed.
    writing: Mutex<()>,
}

/// The name of one worker's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(String);

impl Key {
    pub(super) fn new(digest: &[u8]) -> Self {
        Key(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Files {
    pub(super) fn new(dir: PathBuf, bytes_max: u64) -> Self {
        Files { dir, bytes_max, writing: Mutex::default() }
    }

    /// What is kept under `key`. What is damaged is as if it were not there.
    pub(super) fn load(&self, key: &Key) -> Option<Vec<u8>> {
        let path = self.path(key)?;
        let file = match File::open(&path).and_then(|file| read(file, self.bytes_max)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "compiled code cannot be read");
                return None;
            }
        };
        let code = verified(file);
        if code.is_none() {
            tracing::warn!(path = %path.display(), "compiled code is damaged; it is made anew");
        }
        code
    }

    /// Keeps code, and removes what was used least recently where that is too much. Where it fails the next start
    /// compiles again.
    pub(super) fn store(&self, key: &Key, code: &[u8]) {
        let _writing = self.writing.lock();
        let kept = create(&self.dir).and_then(|()| {
            let path = self.path(key).ok_or_else(|| io::Error::other("the directory is not private"))?;
            // Beside its place, so that it gets there whole or not at all. What a crash leaves of it is damage, which is
            // noticed: nothing waits for the disk.
            let mut file = tempfile::NamedTempFile::new_in(&self.dir)?;
            file.write_all(MAGIC)?;
            file.write_all(&Sha256::digest(code))?;
            file.write_all(code)?;
            file.persist(path)?;
            self.make_room()
        });
        if let Err(error) = kept {
            tracing::warn!(dir = %self.dir.display(), %error, "compiled code cannot be kept");
        }
    }

    /// Also removes what a write that was cut short has left.
    fn make_room(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if !metadata.is_file() {
                continue;
            }
            if entry.path().extension().is_none_or(|extension| extension != EXTENSION) {
                let _gone_already = fs::remove_file(entry.path());
                continue;
            }
            files.push((metadata.modified()?, metadata.len(), entry.path()));
        }
        let mut bytes: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        if bytes <= self.bytes_max {
            return Ok(());
        }
        let kept = (self.bytes_max as f64 * KEPT_SHARE) as u64;
        files.sort();
        for (_, size, path) in files {
            if bytes <= kept {
                break;
            }
            fs::remove_file(path)?;
            bytes -= size;
        }
        Ok(())
    }

    /// `None` where there is no directory that nobody else can write to.
    fn path(&self, key: &Key) -> Option<PathBuf> {
        match checked(&self.dir) {
            Ok(true) => Some(self.dir.join(format!("{}.{EXTENSION}", key.0))),
            Ok(false) => {
                let hint = "it must belong to this user and be closed to all others (chmod 700)";
                tracing::warn!(dir = %self.dir.display(), "the directory of compiled code is not used: {hint}");
                None
            }
            Err(_not_there) => None,
        }
    }
}

fn read(file: File, bytes_max: u64) -> io::Result<Vec<u8>> {
    let metadata = file.metadata()?;
    if metadata.modified()?.elapsed().is_ok_and(|age| age > USE_NOTED_EVERY) {
        // Where that fails it is removed earlier than others.
        let _not_noted = file.set_modified(SystemTime::now());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(bytes_max)).unwrap_or(0));
    file.take(bytes_max).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn verified(mut file: Vec<u8>) -> Option<Vec<u8>> {
    let (digest, code) = file.strip_prefix(MAGIC)?.split_at_checked(DIGEST_BYTES)?;
    if Sha256::digest(code).as_slice() != digest {
        return None;
    }
    Some(file.split_off(MAGIC.len() + DIGEST_BYTES))
}

fn create(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Whether the directory is this user's and nobody else's.
fn checked(dir: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::symlink_metadata(dir)?;
    // SAFETY: geteuid has no preconditions and cannot fail.
    let user = unsafe { libc::geteuid() };
    Ok(metadata.is_dir() && metadata.uid() == user && metadata.mode() & 0o077 == 0)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn key(byte: u8) -> Key {
        Key::new(&[byte; 32])
    }

    fn names(dir: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.expect("read").file_name().into_string().expect("UTF-8");
        let mut names: Vec<_> = fs::read_dir(dir).expect("there").map(name).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_kept_is_found_under_its_key_alone() {
        let root = tempfile::tempdir().expect("a directory");
        let dir = root.path().join("code");
        let files = Files::new(dir.clone(), 1 << 20);
        assert_eq!(files.load(&key(1)), None);
        files.store(&key(1), b"one");
        files.store(&key(1), b"one, again");
        assert_eq!(files.load(&key(1)).as_deref(), Some(&b"one, again"[..]));
        assert_eq!(files.load(&key(2)), None);
        assert_eq!(fs::metadata(&dir).expect("there").permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn damage_is_noticed_and_replaced() {
        let root = tempfile::tempdir().expect("a directory");
        let dir = root.path().join("code");
        let files = Files::new(dir.clone(), 1 << 20);
        files.store(&key(1), b"code of some length");
        let path = dir.join(&names(&dir)[0]);
        let good = fs::read(&path).expect("there");
        let mut flipped = good.clone();
        *flipped.last_mut().expect("not empty") ^= 1;
        for damaged in [vec![], good[..40].to_vec(), good[..good.len() - 1].to_vec(), b"code".to_vec(), flipped] {
            fs::write(&path, damaged).expect("written");
            assert_eq!(files.load(&key(1)), None);
        }
        files.store(&key(1), b"new");
        assert_eq!(files.load(&key(1)).as_deref(), Some(&b"new"[..]));
    }

    #[test]
    fn a_directory_that_others_can_enter_is_not_used() {
        let root = tempfile::tempdir().expect("a directory");
        let dir = root.path().join("code");
        let files = Files::new(dir.clone(), 1 << 20);
        files.store(&key(1), b"code");
        for mode in [0o750, 0o701, 0o777] {
            fs::set_permissions(&dir, fs::Permissions::from_mode(mode)).expect("changed");
            assert_eq!(files.load(&key(1)), None, "{mode:o}");
            files.store(&key(2), b"code");
            assert_eq!(names(&dir).len(), 1, "{mode:o}");
        }
    }

    #[test]
    fn the_oldest_make_room_and_leftovers_go() {
        let root = tempfile::tempdir().expect("a directory");
        let dir = root.path().join("code");
        let files = Files::new(dir.clone(), 4_000);
        let code = [0; 900];
        for n in 1..=4 {
            files.store(&key(n), &code);
            let path = files.path(&key(n)).expect("private");
            let time = SystemTime::now() - Duration::from_secs(10_000 - u64::from(n));
            File::options().write(true).open(path).expect("there").set_modified(time).expect("its time");
        }
        // The first is used, and so is the youngest from here on.
        assert!(files.load(&key(1)).is_some());
        fs::write(dir.join(".tmpcut"), "short").expect("written");
        files.store(&key(5), &code);
        let kept: Vec<_> = (1..=5).filter(|n| files.load(&key(*n)).is_some()).collect();
        assert_eq!(kept, [1, 4, 5]);
        assert_eq!(names(&dir).len(), 3);
    }
}
