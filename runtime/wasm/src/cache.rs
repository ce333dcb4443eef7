//! Compiled components, kept so that only the first start of a component waits for the compiler.
//!
//! One file for each component and kind of engine, in a directory that this user alone can enter. Its name is the hash of
//! the component and of everything that compiled code depends on: wasmtime's version, its settings, the machine's features.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Begins every file; the digest of the rest follows. Another layout gets another name.
const MAGIC: &[u8; 16] = b"worky.cwasm.v1\n\0";
const DIGEST_BYTES: usize = 32;

/// Where compiled code is kept.
#[derive(Debug)]
pub(crate) struct Cache {
    dir: Option<PathBuf>,
}

/// What one engine makes of one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(String);

impl Key {
    pub(crate) fn new(engine: &Engine, component: &[u8]) -> Self {
        struct Digester(Sha256);
        impl Hasher for Digester {
            fn write(&mut self, bytes: &[u8]) {
                self.0.update(bytes);
            }

            fn finish(&self) -> u64 {
                unreachable!("the whole digest is taken")
            }
        }
        let mut digester = Digester(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut digester);
        digester.0.update(Sha256::digest(component));
        Key(hex(&digester.0.finalize()))
    }
}

impl Cache {
    pub(crate) fn new(dir: Option<PathBuf>) -> Self {
        Cache { dir }
    }

    /// The code kept for `key`. What is damaged, or cannot be used, is as if it were not there.
    pub(crate) fn load(&self, engine: &Engine, key: &Key) -> Option<Component> {
        let path = self.path(key)?;
        let file = match fs::read(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "compiled code cannot be read");
                return None;
            }
        };
        let Some(code) = verified(&file) else {
            tracing::warn!(path = %path.display(), "compiled code is damaged; compiling anew");
            return None;
        };
        // SAFETY: `code` must be what `Component::serialize` gave. The file's digest says that these are the bytes that
        // `store` wrote, whole and unchanged, and only `store` writes into a directory whose owner is this user and
        // that nobody else can enter (`checked`, asked for by `path`). They were read into memory of our own before
        // they were checked, so that nobody changes them afterwards. Code of another engine is under another name, and
        // wasmtime checks version and settings once more.
        match unsafe { Component::deserialize(engine, code) } {
            Ok(component) => Some(component),
            Err(error) => {
                tracing::warn!(path = %path.display(), "compiled code cannot be used; compiling anew: {error:#}");
                None
            }
        }
    }

    /// Keeps compiled code. Where that fails the next start compiles again.
    pub(crate) fn store(&self, key: &Key, component: &Component) {
        let Some(dir) = &self.dir else { return };
        let kept = create(dir).and_then(|()| {
            let path = self.path(key).ok_or_else(|| io::Error::other("the directory is not private"))?;
            let code = component.serialize().map_err(|error| io::Error::other(format!("{error:#}")))?;
            // Beside its place, so that it gets there whole or not at all.
            let mut file = tempfile::NamedTempFile::new_in(dir)?;
            file.write_all(MAGIC)?;
            file.write_all(&Sha256::digest(&code))?;
            file.write_all(&code)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        });
        if let Err(error) = kept {
            tracing::warn!(dir = %dir.display(), %error, "compiled code cannot be kept");
        }
    }

    /// `None` where there is no directory that nobody else can write to.
    fn path(&self, key: &Key) -> Option<PathBuf> {
        let dir = self.dir.as_ref()?;
        match checked(dir) {
            Ok(true) => Some(dir.join(format!("{}.cwasm", key.0))),
            Ok(false) => {
                let hint = "it must belong to this user and be closed to all others (chmod 700)";
                tracing::warn!(dir = %dir.display(), "the directory of compiled code is not used: {hint}");
                None
            }
            Err(_not_there) => None,
        }
    }
}

fn verified(file: &[u8]) -> Option<&[u8]> {
    let (digest, code) = file.strip_prefix(MAGIC)?.split_at_checked(DIGEST_BYTES)?;
    (Sha256::digest(code).as_slice() == digest).then_some(code)
}

#[cfg(unix)]
fn create(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Whether the directory is this user's and nobody else's.
#[cfg(unix)]
fn checked(dir: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::symlink_metadata(dir)?;
    // SAFETY: geteuid has no preconditions and cannot fail.
    let user = unsafe { libc::geteuid() };
    Ok(metadata.is_dir() && metadata.uid() == user && metadata.mode() & 0o077 == 0)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn component(engine: &Engine) -> (Vec<u8>, Component) {
        let bytes = wat::parse_str("(component (core module $m))").expect("valid text");
        let component = Component::from_binary(engine, &bytes).expect("valid");
        (bytes, component)
    }

    fn only_file(dir: &Path) -> PathBuf {
        let files: Vec<_> = fs::read_dir(dir).expect("there").map(|entry| entry.expect("read").path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files.into_iter().next().expect("one")
    }

    #[test]
    fn what_is_kept_is_found_by_the_same_engine_alone() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(Some(dir.path().join("code")));
        let engine = Engine::default();
        let (bytes, component) = component(&engine);
        let key = Key::new(&engine, &bytes);
        assert!(cache.load(&engine, &key).is_none());
        cache.store(&key, &component);
        assert!(cache.load(&engine, &key).is_some());
        let other = Engine::new(wasmtime::Config::new().epoch_interruption(true)).expect("an engine");
        assert_ne!(Key::new(&other, &bytes), key);
        assert_ne!(Key::new(&engine, &bytes[1..]), key);
        let mode = fs::metadata(dir.path().join("code")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn damage_is_noticed() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(Some(dir.path().join("code")));
        let engine = Engine::default();
        let (bytes, component) = component(&engine);
        let key = Key::new(&engine, &bytes);
        cache.store(&key, &component);
        let path = only_file(&dir.path().join("code"));
        let good = fs::read(&path).expect("there");
        for damaged in
            [vec![], good[..40].to_vec(), good[..good.len() - 1].to_vec(), component.serialize().expect("code")]
        {
            fs::write(&path, damaged).expect("written");
            assert!(cache.load(&engine, &key).is_none());
        }
        let mut flipped = good.clone();
        *flipped.last_mut().expect("not empty") ^= 1;
        fs::write(&path, flipped).expect("written");
        assert!(cache.load(&engine, &key).is_none());
        fs::write(&path, good).expect("written");
        assert!(cache.load(&engine, &key).is_some());
    }

    #[test]
    fn a_directory_that_others_can_enter_is_not_used() {
        let dir = tempfile::tempdir().expect("a directory");
        let code = dir.path().join("code");
        let cache = Cache::new(Some(code.clone()));
        let engine = Engine::default();
        let (bytes, component) = component(&engine);
        let key = Key::new(&engine, &bytes);
        cache.store(&key, &component);
        for mode in [0o750, 0o701, 0o777] {
            fs::set_permissions(&code, fs::Permissions::from_mode(mode)).expect("changed");
            assert!(cache.load(&engine, &key).is_none(), "{mode:o}");
        }
    }
}
