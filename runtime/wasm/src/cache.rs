//! Compiled components, kept so that only the first start of a component waits for the compiler.
//!
//! One file for each component and kind of engine, in a directory that this user alone can enter. Its name is the hash of
//! the component and of everything that compiled code depends on: wasmtime's version, its settings, the machine's features.

use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;
use worky_host::compiled::{CompiledFiles, CompiledKey, MAGIC_BYTES, Sync};

const MAGIC: &[u8; MAGIC_BYTES] = b"worky.cwasm.v1\n\0";
const EXTENSION: &str = "cwasm";

/// Where compiled code is kept.
#[derive(Debug)]
pub(crate) struct Cache(Option<CompiledFiles>);

/// What one engine makes of one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(CompiledKey);

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
        Key(CompiledKey::new(&digester.0.finalize()))
    }
}

impl Cache {
    pub(crate) fn new(dir: Option<PathBuf>) -> Self {
        Cache(dir.map(|dir| CompiledFiles::new(dir, MAGIC, EXTENSION)))
    }

    /// The code kept for `key`. What is damaged, or cannot be used, is as if it were not there.
    pub(crate) fn load(&self, engine: &Engine, key: &Key) -> Option<Component> {
        let files = self.0.as_ref()?;
        let code = files.load(&key.0, u64::MAX)?;
        // SAFETY: `code` must be what `Component::serialize` gave. The file's digest says that these are the bytes that
        // `store` wrote, whole and unchanged, and only `store` writes files of this name into a directory whose owner is
        // this user and that nobody else can enter; `CompiledFiles` looks at both. They were read into memory of our own
        // before they were checked, so that nobody changes them afterwards. Code of another engine is under another name,
        // and wasmtime checks version and settings once more.
        match unsafe { Component::deserialize(engine, &*code) } {
            Ok(component) => Some(component),
            Err(error) => {
                let path = files.path(&key.0).unwrap_or_default();
                tracing::warn!(path = %path.display(), "compiled code cannot be used; compiling anew: {error:#}");
                None
            }
        }
    }

    /// Keeps compiled code. Where that fails the next start compiles again.
    pub(crate) fn store(&self, key: &Key, component: &Component) {
        let Some(files) = &self.0 else { return };
        let code = component.serialize().map_err(|error| std::io::Error::other(format!("{error:#}")));
        if let Err(error) = code.and_then(|code| files.store(&key.0, &code, Sync::Yes)) {
            tracing::warn!(dir = %files.dir().display(), %error, "compiled code cannot be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

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
