//! A manifest against itself, and against the files that are there.

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::bundle::ModuleKind;

use super::entries::{Entries, Stopped, checked};
use super::error::{ArchiveError, Bytes as Size};
use super::manifest::{Kind, Manifest, ModuleEntry, hex};
use super::{Archive, ArchiveLimits, MANIFEST, WORKER};

/// The archive of these files, if all of it is as its manifest says.
pub(super) fn archive(mut entries: Entries<'_>, limits: &ArchiveLimits) -> Result<Archive, ArchiveError> {
    let manifest = entries.remove(MANIFEST).ok_or(ArchiveError::NoManifest)?;
    let json = manifest.read(MANIFEST, limits.manifest_bytes_max, limits).map_err(|stopped| match stopped {
        Stopped::More => ArchiveError::FileTooLarge { path: MANIFEST.to_owned(), max: limits.manifest_bytes_max },
        Stopped::Failed(error) => error,
    })?;
    let manifest = Manifest::parse(&json)?;
    drop(json);
    self::manifest(&manifest, limits)?;

    // What can be told without inflating anything comes first.
    let listed: HashSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    if let Some(path) = entries.keys().find(|path| !listed.contains(path.as_str())) {
        return Err(ArchiveError::Unlisted { path: path.clone() });
    }
    if let Some(file) = manifest.files.iter().find(|file| !entries.contains_key(&file.path)) {
        return Err(ArchiveError::Missing { path: file.path.clone() });
    }
    let mut files = BTreeMap::new();
    for file in &manifest.files {
        let path = || file.path.clone();
        let bytes = entries[&file.path].read(&file.path, file.bytes, limits).map_err(|stopped| match stopped {
            Stopped::More => {
                ArchiveError::Size { path: path(), actual: Size::MoreThan(file.bytes), expected: file.bytes }
            }
            Stopped::Failed(error) => error,
        })?;
        if bytes.len() as u64 != file.bytes {
            let actual = Size::Exactly(bytes.len() as u64);
            return Err(ArchiveError::Size { path: path(), actual, expected: file.bytes });
        }
        let actual = hex(&Sha256::digest(&bytes).into());
        if actual != file.sha256 {
            return Err(ArchiveError::Hash { path: path(), actual, expected: file.sha256.clone() });
        }
        files.insert(path(), Bytes::from(bytes));
    }
    if std::str::from_utf8(&files[WORKER]).is_err() {
        return Err(ArchiveError::NotUtf8 { path: WORKER.to_owned() });
    }
    for module in &manifest.modules {
        let text = matches!(module.kind, ModuleKind::Js | ModuleKind::Json | ModuleKind::Text);
        if text && std::str::from_utf8(&files[&module.file]).is_err() {
            return Err(ArchiveError::NotUtf8 { path: module.file.clone() });
        }
    }
    Ok(Archive { manifest, files })
}

/// What a manifest must hold to, whatever the files are.
pub(super) fn manifest(manifest: &Manifest, limits: &ArchiveLimits) -> Result<(), ArchiveError> {
    files(manifest, limits)?;
    modules(manifest)?;
    let actual = manifest.version_of_content();
    if actual != manifest.version {
        return Err(ArchiveError::Version { actual, expected: manifest.version.clone() });
    }
    Ok(())
}

fn files(manifest: &Manifest, limits: &ArchiveLimits) -> Result<(), ArchiveError> {
    let mut known: HashSet<&str> = HashSet::new();
    let mut total: u64 = 0;
    for file in &manifest.files {
        checked(file.path.as_bytes())?;
        if !known.insert(&file.path) || file.path == MANIFEST {
            return Err(ArchiveError::Duplicate { path: file.path.clone() });
        }
        if file.bytes > limits.file_bytes_max {
            return Err(ArchiveError::FileTooLarge { path: file.path.clone(), max: limits.file_bytes_max });
        }
        total = total.saturating_add(file.bytes);
    }
    if total > limits.total_bytes_max {
        return Err(ArchiveError::TotalTooLarge { max: limits.total_bytes_max });
    }
    let modules = manifest.modules.iter().flat_map(|module| {
        [Some(&module.file), module.source_map.as_ref()].into_iter().flatten().map(|path| (&module.specifier, path))
    });
    let plugins = manifest.worker.plugins.iter().map(|plugin| (&plugin.name, &plugin.file));
    let unknown = |by: &str, path: &str| ArchiveError::Unknown { by: by.to_owned(), path: path.to_owned() };
    if let Some((by, path)) = modules.chain(plugins).find(|(_, path)| !known.contains(path.as_str())) {
        return Err(unknown(by, path));
    }
    if known.contains(WORKER) { Ok(()) } else { Err(unknown("every bundle", WORKER)) }
}

fn modules(manifest: &Manifest) -> Result<(), ArchiveError> {
    let mut known: HashMap<&str, &ModuleEntry> = HashMap::new();
    for module in &manifest.modules {
        let specifier = &module.specifier;
        if !specifier.starts_with("file:///") {
            return Err(ArchiveError::Specifier { specifier: specifier.clone() });
        }
        if known.insert(specifier, module).is_some() {
            return Err(ArchiveError::DuplicateModule { specifier: specifier.clone() });
        }
    }
    let entry = || manifest.entry.clone();
    let (kind, wanted, expected) = match manifest.kind {
        Kind::Js => ("js", ModuleKind::Js, "a module of JavaScript"),
        Kind::Wasm => ("wasm", ModuleKind::Component, "a component"),
        Kind::Assets => return assets_alone(manifest),
    };
    let main = known.get(manifest.entry.as_str()).ok_or_else(|| ArchiveError::NoEntry { entry: entry() })?;
    if main.kind != wanted {
        let found = match main.kind {
            ModuleKind::Js => "a module of JavaScript",
            ModuleKind::Json | ModuleKind::Text | ModuleKind::Bytes => "no code",
            ModuleKind::Wasm => "a core module",
            ModuleKind::Component => "a component",
        };
        return Err(ArchiveError::EntryKind { entry: entry(), found, kind, expected });
    }
    let plugins: HashSet<String> =
        manifest.worker.plugins.iter().map(|plugin| format!("plugin:{}", plugin.name)).collect();
    for module in &manifest.modules {
        for (written, target) in &module.imports {
            let there = match target.as_str() {
                file if file.starts_with("file:///") => known.contains_key(file),
                plugin if plugin.starts_with("plugin:") => plugins.contains(plugin),
                // A builtin, which the engine knows.
                _ => true,
            };
            if !there {
                let (module, written, target) = (module.specifier.clone(), written.clone(), target.clone());
                return Err(ArchiveError::NoModule { module, written, target });
            }
        }
    }
    Ok(())
}

fn assets_alone(manifest: &Manifest) -> Result<(), ArchiveError> {
    if manifest.modules.is_empty() && manifest.entry.is_empty() { Ok(()) } else { Err(ArchiveError::NotAssetsAlone) }
}
