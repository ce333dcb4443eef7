use std::collections::HashMap;
use std::path::PathBuf;

use bytes::Bytes;
use parking_lot::Mutex;

use crate::compile::Compiled;
use crate::tsconfig::CompilerOptions;

/// What files were compiled to, so that a build after a change compiles only what has changed.
#[derive(Debug, Default)]
pub struct CompileCache(Mutex<HashMap<PathBuf, Kept>>);

#[derive(Debug)]
struct Kept {
    source: Bytes,
    options: CompilerOptions,
    compiled: Compiled,
}

impl CompileCache {
    /// What the file came to, if it was the same then.
    pub(crate) fn get(&self, path: &PathBuf, source: &Bytes, options: &CompilerOptions) -> Option<Compiled> {
        let kept = self.0.lock();
        let kept = kept.get(path).filter(|kept| kept.source == source && kept.options == *options)?;
        Some(kept.compiled.clone())
    }

    pub(crate) fn keep(&self, path: PathBuf, source: Bytes, options: CompilerOptions, compiled: Compiled) {
        self.0.lock().insert(path, Kept { source, options, compiled });
    }
}
