//! Workers as they are carried: a directory, or one file, with everything in it and a manifest that says what that is.
//!
//! The file is a zip archive whose bytes follow from its content alone. What is read is checked in full before anything of
//! it is used: [`Archive`] is valid by construction.
//!
//! In reading order: `manifest`, `write` (an archive to bytes), `entries` (what is in a file or a directory, looked at
//! but not believed), `verify` (the manifest against it), `handlers` (what a worker's code handles), `metafile`, `error`.

mod entries;
mod error;
mod handlers;
mod manifest;
mod metafile;
mod verify;
mod write;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::bundle::{Bundle, Module, ModuleKind};

pub use error::ArchiveError;
pub use handlers::handlers;
pub use manifest::{Binding, BindingKind, Declaration, FORMAT_VERSION, FileEntry, Kind, Manifest, ModuleEntry, Plugin};
pub use metafile::metafile;
pub use write::Form;

/// The manifest's path in a bundle.
pub const MANIFEST: &str = "manifest.json";
/// The path of the worker's own configuration in a bundle.
pub const WORKER: &str = "worker.toml";
/// The directory of the assets in a bundle.
pub const ASSETS: &str = "assets";
/// How the name of a bundle's file ends.
pub const EXTENSION: &str = "worky";

/// What begins a zip archive with something in it.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// A worker with all that belongs to it, checked.
#[derive(Debug, Clone)]
pub struct Archive {
    manifest: Manifest,
    /// By path, without the manifest.
    files: BTreeMap<String, Bytes>,
}

/// What an archive is made of.
#[derive(Debug)]
pub struct Contents {
    pub declaration: Declaration,
    /// The text of `worker.toml`.
    pub worker: String,
    /// The modules; of a worker that is a component, one [`ModuleKind::Component`]; of assets alone, none.
    pub bundle: Bundle,
    /// By path from their directory.
    pub assets: BTreeMap<String, Bytes>,
    /// The components of [`Declaration::plugins`], by name.
    pub plugins: BTreeMap<String, Bytes>,
}

/// What a bundle may take. A bound holds whatever the archive says of itself.
#[derive(Debug, Clone, Copy)]
pub struct ArchiveLimits {
    pub archive_bytes_max: u64,
    /// Directories included.
    pub entries_max: usize,
    pub manifest_bytes_max: u64,
    pub file_bytes_max: u64,
    pub total_bytes_max: u64,
    /// How many times its own size something deflated may inflate to, beyond [`RATIO_FREE_BYTES`].
    pub ratio_max: u64,
}

/// What any entry may inflate to: short text of one line over and over is no bomb.
pub const RATIO_FREE_BYTES: u64 = 1 << 20;

impl Default for ArchiveLimits {
    fn default() -> Self {
        ArchiveLimits {
            archive_bytes_max: 512 << 20,
            // A module and its source map each, and some plugins.
            entries_max: 25_000,
            manifest_bytes_max: 16 << 20,
            file_bytes_max: 256 << 20,
            total_bytes_max: 512 << 20,
            // Code comes to 20 at most. Deflate itself can reach 1,032.
            ratio_max: 100,
        }
    }
}

/// Where the component of a plugin is in a bundle.
pub fn plugin_path(name: &str) -> String {
    format!("plugins/{name}.wasm")
}

/// Where a module is in a bundle. A specifier is percent-encoded, and so is the path.
pub fn module_path(specifier: &str) -> String {
    format!("modules/{}", specifier.trim_start_matches("file:///"))
}

/// Whether there is a bundle at `path`, good or bad: a file by its name or by how it begins, a directory by its manifest.
pub fn is_archive(path: &Path) -> bool {
    if path.is_dir() {
        // A project may have a file of this name, too.
        return path.join(MANIFEST).is_file() && path.join(WORKER).is_file();
    }
    let begins = || {
        let mut start = [0; ZIP_MAGIC.len()];
        fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok_and(|()| start == *ZIP_MAGIC)
    };
    path.is_file() && (path.extension().is_some_and(|extension| extension == EXTENSION) || begins())
}

impl Archive {
    /// Puts the parts together.
    pub fn new(contents: Contents) -> Result<Self, ArchiveError> {
        let Contents { declaration, worker, bundle, assets, plugins } = contents;
        let handlers = handlers(&bundle);
        let mut files = BTreeMap::from([(WORKER.to_owned(), Bytes::from(worker))]);
        files.extend(plugins.into_iter().map(|(name, component)| (plugin_path(&name), component)));
        files.extend(assets.into_iter().map(|(path, content)| (format!("{ASSETS}/{path}"), content)));
        let mut kind = if bundle.modules.is_empty() { Kind::Assets } else { Kind::Js };
        let mut modules = Vec::with_capacity(bundle.modules.len());
        for module in bundle.modules {
            if module.specifier == bundle.entry && module.kind == ModuleKind::Component {
                kind = Kind::Wasm;
            }
            let file = module_path(&module.specifier);
            let source_map = module.source_map.map(|map| {
                let path = format!("{file}.map");
                files.insert(path.clone(), map);
                path
            });
            files.insert(file.clone(), module.source);
            let Module { specifier, kind, imports, .. } = module;
            modules.push(ModuleEntry { specifier, kind, file, source_map, imports });
        }
        let entry = |(path, bytes): (&String, &Bytes)| FileEntry {
            path: path.clone(),
            bytes: bytes.len() as u64,
            sha256: manifest::hex(&Sha256::digest(bytes).into()),
        };
        let mut manifest = Manifest {
            format_version: FORMAT_VERSION,
            version: String::new(),
            kind,
            entry: bundle.entry,
            handlers,
            worker: declaration,
            modules,
            files: files.iter().map(entry).collect(),
        };
        manifest.version = manifest.version_of_content();
        // What is written must be read again.
        verify::manifest(&manifest, &ArchiveLimits::default())?;
        Ok(Archive { manifest, files })
    }

    /// Reads a bundle, a file or a directory.
    pub fn open(path: &Path, limits: &ArchiveLimits) -> Result<Self, ArchiveError> {
        if path.is_dir() {
            return verify::archive(entries::of_directory(path, limits)?, limits);
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(path).map_err(ArchiveError::Read)?;
        file.take(limits.archive_bytes_max + 1).read_to_end(&mut bytes).map_err(ArchiveError::Read)?;
        Archive::from_zip(&bytes, limits)
    }

    /// Reads the bytes of a bundle's file.
    pub fn from_zip(bytes: &[u8], limits: &ArchiveLimits) -> Result<Self, ArchiveError> {
        verify::archive(entries::of_zip(bytes, limits)?, limits)
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The text of `worker.toml`.
    pub fn worker(&self) -> &str {
        self.files
            .get(WORKER)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .expect("checked to be there, and to be text")
    }

    /// A file by its path in the bundle.
    pub fn file(&self, path: &str) -> Option<&Bytes> {
        self.files.get(path)
    }

    /// The assets, each with its path from their directory and its SHA-256.
    pub fn assets(&self) -> Vec<(String, Bytes, [u8; 32])> {
        let asset = |file: &FileEntry| {
            let path = file.path.strip_prefix(ASSETS)?.strip_prefix('/')?;
            Some((path.to_owned(), self.files[&file.path].clone(), manifest::unhex(&file.sha256)?))
        };
        self.manifest.files.iter().filter_map(asset).collect()
    }

    /// The modules as they were built.
    pub fn bundle(&self) -> Bundle {
        let bytes = |path: &String| self.files[path].clone();
        let modules = self.manifest.modules.iter().map(|module| {
            let source_map = module.source_map.as_ref().map(bytes);
            Module::new(module.specifier.clone(), module.kind, bytes(&module.file), source_map, module.imports.clone())
        });
        Bundle { entry: self.manifest.entry.clone(), modules: modules.collect() }
    }
}
