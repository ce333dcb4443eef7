//! The files of a directory of the host, as they are found at the start: what may be served, and nothing outside of it.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use cap_fs_ext::OpenOptionsSyncExt as _;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use sha2::{Digest as _, Sha256};

use super::error::AssetsError;
use super::{AssetsLimits, HEADERS, IGNORE, REDIRECTS};

/// Directories in one another that are looked into; each holds one handle meanwhile.
const DEPTH_MAX: usize = 100;
/// What is hashed at a time.
const BUFFER_BYTES: usize = 64 << 10;
/// What describes the assets and is none, in the root alone.
const OWN: [&str; 5] = [IGNORE, HEADERS, REDIRECTS, "_worker.js", "_routes.json"];
/// The most that these may have to say.
const TEXT_BYTES_MAX: u64 = 1 << 20;
/// What is never meant to be served, wherever it is.
const NEVER: [&str; 2] = ["node_modules", ".git"];

/// What was found.
pub(super) struct Found {
    /// Where files are that are not kept; `None` where all of them are.
    pub(super) root: Option<Arc<Dir>>,
    /// By path from the root, `/index.html`.
    pub(super) files: BTreeMap<String, FoundFile>,
    /// The text of `_headers` and of `_redirects`.
    pub(super) texts: [Option<String>; 2],
}

pub(super) struct FoundFile {
    pub(super) bytes: u64,
    pub(super) modified: Option<SystemTime>,
    pub(super) sha256: [u8; 32],
    /// Where it is small enough to be kept.
    pub(super) content: Option<Bytes>,
}

impl Found {
    pub(super) fn packed(packed: Vec<(String, Bytes, [u8; 32])>) -> Self {
        let mut found = Found { root: None, files: BTreeMap::new(), texts: [None, None] };
        for (path, content, sha256) in packed {
            let text = || Some(String::from_utf8_lossy(&content).into_owned());
            match path.as_str() {
                HEADERS => found.texts[0] = text(),
                REDIRECTS => found.texts[1] = text(),
                _ => {
                    let bytes = content.len() as u64;
                    let file = FoundFile { bytes, modified: None, sha256, content: Some(content) };
                    found.files.insert(format!("/{path}"), file);
                }
            }
        }
        found
    }
}

/// Looks at every file, and at the content of each.
pub(super) fn find(path: &Path, limits: &AssetsLimits) -> Result<Found, AssetsError> {
    let failed = |at: PathBuf| move |source| AssetsError::Read { path: at, source };
    let root = Dir::open_ambient_dir(path, ambient_authority()).map_err(failed(path.to_owned()))?;
    let text = |name: &str| text(&root, name).map_err(failed(path.join(name)));
    let ignored = ignored(path, text(IGNORE)?.as_deref())?;
    let texts = [text(HEADERS)?, text(REDIRECTS)?];
    let kept_root = root.try_clone().map_err(failed(path.to_owned()))?;
    let mut found = Found { root: Some(Arc::new(kept_root)), files: BTreeMap::new(), texts };
    let (mut total, mut kept, mut directories) = (0, 0, 0);
    // By path, so that none is held open before its turn.
    let mut todo = vec![String::new()];
    while let Some(below) = todo.pop() {
        let here = || path.join(below.trim_start_matches('/'));
        let dir = match below.strip_prefix('/') {
            None => root.try_clone(),
            Some(below) => root.open_dir(below),
        };
        let dir = match dir {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !below.is_empty() => continue,
            dir => dir.map_err(failed(here()))?,
        };
        directories += 1;
        if directories > limits.files_max {
            return Err(AssetsError::TooManyFiles { path: path.to_owned(), max: limits.files_max });
        }
        for entry in dir.entries().map_err(failed(here()))? {
            let entry = entry.map_err(failed(here()))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                tracing::warn!(file = %here().join(&name).display(), "its name is not UTF-8: it is not served");
                continue;
            };
            let (at, file) = (format!("{below}/{name}"), here().join(name));
            if NEVER.contains(&name) || (below.is_empty() && OWN.contains(&name)) {
                continue;
            }
            let is_directory = entry.file_type().map_err(failed(file.clone()))?.is_dir();
            if ignored.matched_path_or_any_parents(&at[1..], is_directory).is_ignore() {
                continue;
            }
            if is_directory {
                if at.matches('/').count() > DEPTH_MAX {
                    return Err(AssetsError::TooDeep { path: file, max: DEPTH_MAX });
                }
                todo.push(at);
                continue;
            }
            let opened = match open(&dir, name) {
                Ok(Some(opened)) => opened,
                // A device or a pipe, or a link to a directory.
                Ok(None) => continue,
                // Somebody else removed it, or it is a link: one that leads to nothing, or out of the directory.
                Err(error) => {
                    tracing::warn!(file = %file.display(), %error, "it is not served");
                    continue;
                }
            };
            let keeps = limits.kept_file_bytes_max.min(limits.kept_bytes_max - kept);
            let too_large = |bytes: u64| bytes > limits.file_bytes_max;
            if opened.metadata().is_ok_and(|metadata| too_large(metadata.len())) {
                return Err(AssetsError::FileTooLarge { path: file, max: limits.file_bytes_max });
            }
            let read = hashed(opened, keeps, limits.file_bytes_max).map_err(failed(file.clone()))?;
            if too_large(read.bytes) {
                return Err(AssetsError::FileTooLarge { path: file, max: limits.file_bytes_max });
            }
            total += read.bytes;
            kept += read.content.as_ref().map_or(0, |content| content.len() as u64);
            found.files.insert(at, read);
            if total > limits.total_bytes_max {
                return Err(AssetsError::TotalTooLarge { path: path.to_owned(), max: limits.total_bytes_max });
            }
            if found.files.len() > limits.files_max {
                return Err(AssetsError::TooManyFiles { path: path.to_owned(), max: limits.files_max });
            }
        }
    }
    Ok(found)
}

/// A regular file, which links within the root may lead to, without waiting for the other end of a pipe.
pub(super) fn open(dir: &Dir, path: &str) -> io::Result<Option<std::fs::File>> {
    let file = dir.open_with(path, OpenOptions::new().read(true).nonblock(true))?.into_std();
    Ok(file.metadata()?.is_file().then_some(file))
}

fn text(root: &Dir, name: &str) -> io::Result<Option<String>> {
    match open(root, name) {
        Ok(Some(file)) => {
            let mut text = String::new();
            file.take(TEXT_BYTES_MAX + 1).read_to_string(&mut text)?;
            if text.len() as u64 > TEXT_BYTES_MAX {
                return Err(io::Error::other(format!("it is larger than {TEXT_BYTES_MAX} bytes")));
            }
            Ok(Some(text))
        }
        Ok(None) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// `.assetsignore` has the form of `.gitignore`.
fn ignored(root: &Path, text: Option<&str>) -> Result<Gitignore, AssetsError> {
    // Its patterns are matched with paths from there, and nothing is asked of the system.
    let mut builder = GitignoreBuilder::new("");
    let bad = |line: usize, error: ignore::Error| AssetsError::Ignore {
        path: root.join(IGNORE),
        line,
        message: error.to_string(),
    };
    for (index, line) in text.unwrap_or_default().lines().enumerate() {
        builder.add_line(None, line).map_err(|error| bad(index + 1, error))?;
    }
    builder.build().map_err(|error| bad(1, error))
}

/// Reads a file to its end, or to a little beyond `bytes_max`.
fn hashed(mut file: std::fs::File, keeps: u64, bytes_max: u64) -> io::Result<FoundFile> {
    let metadata = file.metadata()?;
    let mut content = (metadata.len() <= keeps).then(Vec::new);
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; BUFFER_BYTES];
    while bytes <= bytes_max {
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        bytes += read as u64;
        hash.update(&buffer[..read]);
        match &mut content {
            // It may have grown since it was asked for its length.
            Some(_) if bytes > keeps => content = None,
            Some(content) => content.extend_from_slice(&buffer[..read]),
            None => {}
        }
    }
    let content = content.map(Bytes::from);
    Ok(FoundFile { bytes, modified: metadata.modified().ok(), sha256: hash.finalize().into(), content })
}
