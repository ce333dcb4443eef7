//! The files of workers' compiled code: one for each worker, within a bound on all of them.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use worky_host::compiled::{CompiledFiles, MAGIC_BYTES, Sync};

pub(crate) use worky_host::compiled::CompiledKey as Key;

const MAGIC: &[u8; MAGIC_BYTES] = b"worky.v8code.v1\n";
const EXTENSION: &str = "v8code";

/// A file that is used says so in its time, though not each time.
const USE_NOTED_EVERY: Duration = Duration::from_secs(3_600);

/// Where there are too many bytes, so many of the whole are kept, that not every new file has others removed.
const KEPT_SHARE: f64 = 0.75;

pub(super) struct Files {
    kept: CompiledFiles,
    /// Of all files.
    bytes_max: u64,
    /// Held while files are written and removed.
    writing: Mutex<()>,
}

impl Files {
    pub(super) fn new(dir: PathBuf, bytes_max: u64) -> Self {
        let kept = CompiledFiles::new(dir, MAGIC, EXTENSION);
        Files { kept, bytes_max, writing: Mutex::default() }
    }

    /// What is kept under `key`. What is damaged is as if it were not there.
    pub(super) fn load(&self, key: &Key) -> Option<Vec<u8>> {
        let code = self.kept.load(key, self.bytes_max)?;
        // Where that fails it is removed earlier than others.
        let _not_noted = self.kept.path(key).map(|path| note_use(&path));
        Some(code.into())
    }

    /// Keeps code, and removes what was used least recently where that is too much. Where it fails the next start
    /// compiles again.
    pub(super) fn store(&self, key: &Key, code: &[u8]) {
        let _writing = self.writing.lock();
        if let Err(error) = self.kept.store(key, code, Sync::No).and_then(|()| self.make_room()) {
            tracing::warn!(dir = %self.kept.dir().display(), %error, "compiled code cannot be kept");
        }
    }

    /// Also removes what a write that was cut short has left.
    fn make_room(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.kept.dir())? {
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
}

fn note_use(path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    if file.metadata()?.modified()?.elapsed().is_ok_and(|age| age > USE_NOTED_EVERY) {
        file.set_modified(SystemTime::now())?;
    }
    Ok(())
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
            let path = files.kept.path(&key(n)).expect("private");
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
