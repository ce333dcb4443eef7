use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use bytes::Bytes;
use parking_lot::Mutex;

use crate::compile::Compiled;
use crate::tsconfig::CompilerOptions;

/// What files were compiled to, so that a build after a change compiles only what has changed.
#[derive(Debug, Default)]
pub struct CompileCache {
    compiled: Mutex<HashMap<PathBuf, Kept>>,
    /// The hashes of files that another process has parsed.
    tried: Mutex<HashSet<[u8; 32]>>,
}

#[derive(Debug)]
struct Kept {
    source: Bytes,
    options: CompilerOptions,
    compiled: Compiled,
}

impl CompileCache {
    /// What the file came to, if it was the same then.
    pub(crate) fn get(&self, path: &PathBuf, source: &Bytes, options: &CompilerOptions) -> Option<Compiled> {
        let kept = self.compiled.lock();
        let kept = kept.get(path).filter(|kept| kept.source == source && kept.options == *options)?;
        Some(kept.compiled.clone())
    }

    pub(crate) fn keep(&self, path: PathBuf, source: Bytes, options: CompilerOptions, compiled: Compiled) {
        self.compiled.lock().insert(path, Kept { source, options, compiled });
    }

    pub(crate) fn was_tried(&self, hash: &[u8; 32]) -> bool {
        self.tried.lock().contains(hash)
    }

    pub(crate) fn keep_tried(&self, hash: [u8; 32]) {
        self.tried.lock().insert(hash);
    }
}
