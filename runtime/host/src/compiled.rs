//! Files of compiled code, in a directory that this user alone can enter.
//!
//! Whoever runs such code trusts it, so a file is used only if its digest says that it is, whole and unchanged, what was
//! written.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::ops::Deref;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub const MAGIC_BYTES: usize = 16;
const DIGEST_BYTES: usize = 32;

/// Where one kind of compiled code is kept.
#[derive(Debug, Clone)]
pub struct CompiledFiles {
    dir: PathBuf,
    /// Begins every file; the digest of the rest follows. Another layout gets another name.
    magic: &'static [u8; MAGIC_BYTES],
    extension: &'static str,
}

/// The name of one file: a digest of everything that the code in it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledKey(String);

/// What a file holds, as it was written.
#[derive(Debug, PartialEq, Eq)]
pub struct Compiled(Vec<u8>);

/// Whether a file is on the disk before it is in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    Yes,
    /// What a crash leaves of it is damage, which is noticed: nothing waits for the disk.
    No,
}

impl CompiledKey {
    pub fn new(digest: &[u8]) -> Self {
        CompiledKey(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl CompiledFiles {
    /// The directory need not exist.
    pub fn new(dir: PathBuf, magic: &'static [u8; MAGIC_BYTES], extension: &'static str) -> Self {
        CompiledFiles { dir, magic, extension }
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What is kept under `key`, if it is no longer than `bytes_max`. What is damaged is as if it were not there.
    pub fn load(&self, key: &CompiledKey, bytes_max: u64) -> Option<Compiled> {
        let path = self.path(key)?;
        let file = match File::open(&path).and_then(|file| read(file, bytes_max)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "compiled code cannot be read");
                return None;
            }
        };
        let code = self.verified(file);
        if code.is_none() {
            tracing::warn!(path = %path.display(), "compiled code is damaged; it is made anew");
        }
        code
    }

    /// Keeps code under `key`, in the place of what is there.
    pub fn store(&self, key: &CompiledKey, code: &[u8], sync: Sync) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.dir)?;
        let path = self.path(key).ok_or_else(|| io::Error::other("the directory is not private"))?;
        // Beside its place, so that it gets there whole or not at all.
        let mut file = tempfile::NamedTempFile::new_in(&self.dir)?;
        file.write_all(self.magic)?;
        file.write_all(&Sha256::digest(code))?;
        file.write_all(code)?;
        if sync == Sync::Yes {
            file.as_file().sync_all()?;
        }
        file.persist(path)?;
        Ok(())
    }

    /// `None` where there is no directory that nobody else can write to.
    pub fn path(&self, key: &CompiledKey) -> Option<PathBuf> {
        match is_private(&self.dir) {
            Ok(true) => Some(self.dir.join(format!("{}.{}", key.0, self.extension))),
            Ok(false) => {
                let hint = "it must belong to this user and be closed to all others (chmod 700)";
                tracing::warn!(dir = %self.dir.display(), "the directory of compiled code is not used: {hint}");
                None
            }
            Err(_not_there) => None,
        }
    }

    fn verified(&self, file: Vec<u8>) -> Option<Compiled> {
        let (digest, code) = file.strip_prefix(self.magic)?.split_at_checked(DIGEST_BYTES)?;
        (Sha256::digest(code).as_slice() == digest).then_some(Compiled(file))
    }
}

impl Deref for Compiled {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0[MAGIC_BYTES + DIGEST_BYTES..]
    }
}

impl From<Compiled> for Vec<u8> {
    fn from(mut code: Compiled) -> Vec<u8> {
        code.0.split_off(MAGIC_BYTES + DIGEST_BYTES)
    }
}

fn read(file: File, bytes_max: u64) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len().min(bytes_max);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(bytes_max).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the directory is this user's and nobody else's.
fn is_private(dir: &Path) -> io::Result<bool> {
    let metadata = fs::symlink_metadata(dir)?;
    let user = rustix::process::geteuid().as_raw();
    Ok(metadata.is_dir() && metadata.uid() == user && metadata.mode() & 0o077 == 0)
}
