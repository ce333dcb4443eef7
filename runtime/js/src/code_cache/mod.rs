//! V8's compiled form of workers' modules, kept so that an isolate that starts need not compile what an earlier one did.
//!
//! A worker's code is made once it has answered a request, so that the functions are in it which a request needs; it is
//! one file in the data directory (`files`). A module's text never comes from there: what V8 is given belongs to the text
//! at hand, or V8 is given nothing.

mod files;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use deno_core::v8;
use sha2::{Digest, Sha256};
use worky_engine::{Module, ModuleKind};
use worky_host::metrics::Metrics;

use files::Files;
pub(crate) use files::Key;

/// Below so much text of all modules, in bytes, compiling takes no longer than reading.
const SOURCE_BYTES_MIN: usize = 4 << 10;

/// One worker's code beyond this is not kept.
const CODE_BYTES_MAX: usize = 32 << 20;

/// The code of all workers.
pub(crate) struct CodeCache {
    files: Option<Files>,
    metrics: Metrics,
}

impl CodeCache {
    /// Without a directory nothing is kept. `bytes_max` is for all files together.
    pub(crate) fn new(dir: Option<PathBuf>, bytes_max: u64, metrics: Metrics) -> Arc<Self> {
        let files = dir.filter(|_| bytes_max > 0).map(|dir| Files::new(dir, bytes_max));
        Arc::new(CodeCache { files, metrics })
    }
}

/// The code of one worker as it is deployed.
pub(crate) struct WorkerCode {
    cache: Arc<CodeCache>,
    worker: Arc<str>,
    key: OnceLock<Key>,
    state: AtomicU8,
}

/// What is known of a worker's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum State {
    /// There may be a file.
    Unknown,
    /// There is none; the next instance that has answered a request makes one.
    Wanted,
    /// One is made, or not worth it, or could not be kept.
    Settled,
}

impl WorkerCode {
    pub(crate) fn new(cache: Arc<CodeCache>, worker: Arc<str>, modules: &[Module]) -> Self {
        let bytes: usize = sources(modules).map(|(_, module)| module.source.len()).sum();
        let state = if cache.files.is_none() || bytes < SOURCE_BYTES_MIN { State::Settled } else { State::Unknown };
        let (key, state) = (OnceLock::new(), AtomicU8::new(state as u8));
        WorkerCode { cache, worker, key, state }
    }

    /// Reads what is kept. It waits for the disk.
    pub(crate) fn load(&self, modules: &[Module]) -> Option<Code> {
        let files = self.cache.files.as_ref()?;
        if self.is(State::Wanted) || self.is(State::Settled) && self.key.get().is_none() {
            return None;
        }
        let code = files.load(self.key(modules)).and_then(Code::parse);
        self.cache.metrics.code_cache(if code.is_some() { "read" } else { "missing" });
        if code.is_none() {
            // Also where it was there before: the oldest files make room for others.
            self.state.store(State::Wanted as u8, Ordering::Relaxed);
        }
        code
    }

    /// V8 did not take what was kept.
    pub(crate) fn reject(&self) {
        self.cache.metrics.code_cache("rejected");
        tracing::debug!(worker = &*self.worker, "V8 does not take the code kept for a module; it is made anew");
        self.state.store(State::Wanted as u8, Ordering::Relaxed);
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.is(State::Wanted)
    }

    /// Whether the caller is to make the code. It is asked of one instance alone.
    pub(crate) fn claim(&self) -> bool {
        let (wanted, settled) = (State::Wanted as u8, State::Settled as u8);
        self.state.compare_exchange(wanted, settled, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// It could not be made; another instance may try.
    pub(crate) fn give_up(&self) {
        self.state.store(State::Wanted as u8, Ordering::Relaxed);
    }

    /// Keeps the code, on a thread of its own.
    pub(crate) fn store(self: &Arc<Self>, modules: &[Module], code: Code) {
        if code.bytes.len() > CODE_BYTES_MAX {
            return;
        }
        self.key(modules);
        let this = self.clone();
        let store = move || {
            if let (Some(files), Some(key)) = (&this.cache.files, this.key.get()) {
                files.store(key, &code.bytes);
            }
        };
        if let Err(error) = std::thread::Builder::new().name("code cache".to_owned()).spawn(store) {
            tracing::warn!(%error, "no thread to keep compiled code");
        }
    }

    fn is(&self, state: State) -> bool {
        self.state.load(Ordering::Relaxed) == state as u8
    }

    /// Of everything that the code depends on. The worker's name is part of it, so that no tenant's isolate makes what
    /// another's runs.
    fn key(&self, modules: &[Module]) -> &Key {
        self.key.get_or_init(|| {
            let mut digest = Sha256::new();
            let mut add = |bytes: &[u8]| {
                digest.update((bytes.len() as u64).to_le_bytes());
                digest.update(bytes);
            };
            add(v8::V8::get_version().as_bytes());
            // V8's version, flags, and the processor's features.
            add(&v8::script_compiler::cached_data_version_tag().to_le_bytes());
            add(self.worker.as_bytes());
            for (index, module) in sources(modules) {
                add(&index.to_le_bytes());
                add(module.specifier.as_bytes());
                add(&module.source);
            }
            Key::new(&digest.finalize())
        })
    }
}

/// The modules that are compiled, by their place among all.
fn sources(modules: &[Module]) -> impl Iterator<Item = (u32, &Module)> {
    (0..).zip(modules).filter(|(_, module)| module.kind == ModuleKind::Js)
}

/// Compiled modules by their place among a worker's: place, length and bytes of each, numbers in 32 bits, little-endian.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Code {
    bytes: Vec<u8>,
    modules: Vec<(u32, Range<usize>)>,
}

impl Code {
    pub(crate) fn add(&mut self, index: u32, code: &[u8]) {
        let Ok(length) = u32::try_from(code.len()) else { return };
        self.bytes.extend_from_slice(&index.to_le_bytes());
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.modules.push((index, self.bytes.len()..self.bytes.len() + code.len()));
        self.bytes.extend_from_slice(code);
    }

    pub(crate) fn get(&self, index: u32) -> Option<&[u8]> {
        let (_, range) = self.modules.iter().find(|(known, _)| *known == index)?;
        self.bytes.get(range.clone())
    }

    fn parse(bytes: Vec<u8>) -> Option<Self> {
        let mut modules = Vec::new();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (index, after) = rest.split_first_chunk()?;
            let (length, after) = after.split_first_chunk()?;
            let begin = bytes.len() - after.len();
            let end = begin.checked_add(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
            modules.push((u32::from_le_bytes(*index), begin..end));
            rest = bytes.get(end..)?;
        }
        Some(Code { bytes, modules })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(source: &str) -> Module {
        Module {
            specifier: "file:///a.js".to_owned(),
            kind: ModuleKind::Js,
            source: source.to_owned().into(),
            source_map: None,
            imports: Default::default(),
        }
    }

    #[test]
    fn code_is_read_as_it_was_written() {
        let mut code = Code::default();
        code.add(3, b"three");
        code.add(0, b"");
        code.add(70_000, b"much");
        let read = Code::parse(code.bytes.clone()).expect("whole");
        assert_eq!(read, code);
        assert_eq!(read.get(3), Some(&b"three"[..]));
        assert_eq!(read.get(0), Some(&b""[..]));
        assert_eq!(read.get(1), None);
        for cut in 1..code.bytes.len() {
            // Whole entries are left of it, or nothing is.
            if let Some(read) = Code::parse(code.bytes[..cut].to_vec()) {
                assert!(read.modules.len() < code.modules.len());
            }
        }
    }

    #[test]
    fn another_text_worker_or_place_is_another_key() {
        let cache = CodeCache::new(None, 1, Metrics::default());
        let key = |worker: &str, modules: &[Module]| {
            WorkerCode::new(cache.clone(), worker.into(), modules).key(modules).clone()
        };
        let first = key("w", &[module("1")]);
        assert_eq!(key("w", &[module("1")]), first);
        assert_ne!(key("w", &[module("2")]), first);
        assert_ne!(key("v", &[module("1")]), first);
        assert_ne!(key("w", &[module("1"), module("")]), first);
    }

    #[test]
    fn one_instance_makes_the_code_of_a_worker_that_is_worth_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = CodeCache::new(Some(dir.path().join("code")), 1 << 20, Metrics::default());
        let small = [module("1")];
        let code = WorkerCode::new(cache.clone(), "w".into(), &small);
        assert!(code.load(&small).is_none() && !code.claim());
        let large = [module(&" ".repeat(SOURCE_BYTES_MIN))];
        let code = WorkerCode::new(cache, "w".into(), &large);
        assert!(!code.claim(), "nobody has looked for a file yet");
        assert!(code.load(&large).is_none());
        assert!(code.is_wanted() && code.claim() && !code.claim());
        code.give_up();
        assert!(code.claim());
    }
}
