//! What is in a zip archive or a directory, by path. Paths and kinds are checked here; of the content nothing is believed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive};

use super::error::ArchiveError;
use super::{ArchiveLimits, RATIO_FREE_BYTES};

/// The longest path: specifiers are percent-encoded.
const PATH_BYTES_MAX: usize = 4_096;
/// The deepest directory that is walked into.
const DEPTH_MAX: usize = 256;

/// The files of a bundle, each where it is.
pub(super) type Entries<'a> = BTreeMap<String, Entry<'a>>;

pub(super) enum Entry<'a> {
    Stored(&'a [u8]),
    Deflated(&'a [u8]),
    File(PathBuf),
}

/// Why [`Entry::read`] stopped.
pub(super) enum Stopped {
    /// There is more than was asked for.
    More,
    Failed(ArchiveError),
}

impl Entry<'_> {
    /// All of its bytes, if they are at most `bytes_max`. Never takes much more memory than that.
    pub(super) fn read(&self, path: &str, bytes_max: u64, limits: &ArchiveLimits) -> Result<Vec<u8>, Stopped> {
        match self {
            Entry::Stored(bytes) => bounded(*bytes, bytes_max, |source| failed_to_read(path, source)),
            Entry::File(file) => {
                let file = fs::File::open(file).map_err(|source| Stopped::Failed(failed_to_read(path, source)))?;
                bounded(file, bytes_max, |source| failed_to_read(path, source))
            }
            Entry::Deflated(bytes) => {
                let allowed = RATIO_FREE_BYTES.saturating_add((bytes.len() as u64).saturating_mul(limits.ratio_max));
                let inflated = bounded(DeflateDecoder::new(*bytes), bytes_max.min(allowed), |source| {
                    ArchiveError::Inflate { path: path.to_owned(), source }
                });
                match inflated {
                    Err(Stopped::More) if allowed < bytes_max => Err(Stopped::Failed(ArchiveError::Bomb {
                        path: path.to_owned(),
                        max: allowed,
                        ratio_max: limits.ratio_max,
                    })),
                    other => other,
                }
            }
        }
    }
}

fn failed_to_read(path: &str, source: io::Error) -> ArchiveError {
    ArchiveError::ReadEntry { path: path.to_owned(), source }
}

fn bounded(reader: impl Read, bytes_max: u64, failed: impl Fn(io::Error) -> ArchiveError) -> Result<Vec<u8>, Stopped> {
    let mut bytes = Vec::new();
    reader.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| Stopped::Failed(failed(error)))?;
    if bytes.len() as u64 > bytes_max { Err(Stopped::More) } else { Ok(bytes) }
}

/// The files of a zip archive, by its central directory.
pub(super) fn of_zip<'a>(bytes: &'a [u8], limits: &ArchiveLimits) -> Result<Entries<'a>, ArchiveError> {
    if bytes.len() as u64 > limits.archive_bytes_max {
        return Err(ArchiveError::TooLarge { max: limits.archive_bytes_max });
    }
    let broken = |error: rawzip::Error| ArchiveError::Zip { message: error.to_string() };
    let archive = ZipArchive::from_slice(bytes).map_err(broken)?;
    let mut entries = Entries::new();
    for (count, record) in archive.entries().enumerate() {
        let record = record.map_err(broken)?;
        if count == limits.entries_max {
            return Err(ArchiveError::TooManyEntries { max: limits.entries_max });
        }
        let raw = record.file_path();
        let raw = raw.as_ref();
        let is_directory = raw.last() == Some(&b'/');
        let path = checked(raw.strip_suffix(b"/").unwrap_or(raw))?;
        if record.mode().is_symlink() {
            return Err(ArchiveError::NotAFile { path: path.to_owned(), kind: "a symbolic link" });
        }
        if is_directory {
            continue;
        }
        let place = archive.get_entry(record.wayfinder()).map_err(broken)?;
        // The whole archive outlives the entry, which lends its bytes for shorter.
        let (start, end) = place.compressed_data_range();
        let data = bytes
            .get(start as usize..end as usize)
            .ok_or_else(|| ArchiveError::Zip { message: format!("{path} lies outside of it") })?;
        let entry = match record.compression_method() {
            CompressionMethod::STORE => Entry::Stored(data),
            CompressionMethod::DEFLATE => Entry::Deflated(data),
            other => return Err(ArchiveError::Method { path: path.to_owned(), method: other.as_u16() }),
        };
        if entries.insert(path.to_owned(), entry).is_some() {
            return Err(ArchiveError::Duplicate { path: path.to_owned() });
        }
    }
    Ok(entries)
}

/// The files beneath a directory. Links are not followed.
pub(super) fn of_directory(root: &Path, limits: &ArchiveLimits) -> Result<Entries<'static>, ArchiveError> {
    let mut entries = Entries::new();
    let mut todo = vec![(root.to_owned(), String::new(), 0)];
    let mut count = 0;
    while let Some((directory, below, depth)) = todo.pop() {
        let failed = |source| failed_to_read(if below.is_empty() { "." } else { &below }, source);
        for found in fs::read_dir(&directory).map_err(failed)? {
            let found = found.map_err(failed)?;
            count += 1;
            if count > limits.entries_max {
                return Err(ArchiveError::TooManyEntries { max: limits.entries_max });
            }
            let name = found.file_name();
            let name = checked(name.as_encoded_bytes())?;
            let path = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
            let kind = found.file_type().map_err(failed)?;
            if kind.is_symlink() {
                return Err(ArchiveError::NotAFile { path, kind: "a symbolic link" });
            }
            if kind.is_dir() {
                if depth == DEPTH_MAX {
                    return Err(ArchiveError::Path { path, problem: "is too deep" });
                }
                todo.push((found.path(), path, depth + 1));
            } else if kind.is_file() {
                entries.insert(path, Entry::File(found.path()));
            } else {
                return Err(ArchiveError::NotAFile { path, kind: "a device or a socket" });
            }
        }
    }
    Ok(entries)
}

/// A path that stays inside of whatever it is taken from, and means one thing on every system.
pub(super) fn checked(raw: &[u8]) -> Result<&str, ArchiveError> {
    let problem = |problem| ArchiveError::Path { path: String::from_utf8_lossy(raw).into_owned(), problem };
    let Ok(path) = std::str::from_utf8(raw) else { return Err(problem("is not UTF-8")) };
    if path.is_empty() {
        return Err(problem("is empty"));
    }
    if path.len() > PATH_BYTES_MAX {
        return Err(problem("is too long"));
    }
    if path.starts_with('/') {
        return Err(problem("is absolute, and leads out of the bundle"));
    }
    if path.contains('\\') {
        return Err(problem("has a backslash"));
    }
    if path.contains(|c: char| c.is_control()) {
        return Err(problem("has a control character"));
    }
    if path.split('/').any(|part| part == "..") {
        return Err(problem("leads out of the bundle"));
    }
    if path.split('/').any(|part| matches!(part, "" | ".")) {
        return Err(problem("has an empty part"));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for good in ["a", "modules/.packed/index.js", "modules/%2e%2e/a:b.js", "a/...", "a b/ü"] {
            assert_eq!(checked(good.as_bytes()).expect(good), good);
        }
        for bad in [
            &b""[..],
            b"/etc/passwd",
            b"..",
            b"a/../../b",
            b"a/..",
            b"a//b",
            b"./a",
            b"a/",
            b"a\\..\\b",
            b"a\0b",
            b"a\nb",
            b"\xff",
            &[b'a'; 5_000],
        ] {
            assert!(checked(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }
}
