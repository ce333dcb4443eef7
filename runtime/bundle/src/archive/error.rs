use std::io;

use super::manifest::FORMAT_VERSION;

/// Why a bundle is refused. Nothing of it has run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    #[error("it cannot be read: {0}")]
    Read(#[source] io::Error),
    #[error("{path} cannot be read: {source}")]
    ReadEntry { path: String, source: io::Error },
    #[error("{path} cannot be written: {source}")]
    Write { path: String, source: io::Error },
    #[error("it is no intact zip archive: {message}")]
    Zip { message: String },
    #[error("it is larger than {max} bytes, the most a bundle may have")]
    TooLarge { max: u64 },
    #[error("it has more than {max} entries, the most a bundle may have")]
    TooManyEntries { max: usize },

    #[error("the path {path:?} {problem}")]
    Path { path: String, problem: &'static str },
    #[error("{path} is in it twice")]
    Duplicate { path: String },
    #[error("{path} is {kind}, and only files can be in a bundle")]
    NotAFile { path: String, kind: &'static str },
    #[error("{path} is packed by method {method}; stored and deflated are known")]
    Method { path: String, method: u16 },
    #[error("{path} is not deflated correctly: {source}")]
    Inflate { path: String, source: io::Error },
    #[error(
        "{path} inflates to more than {max} bytes, {ratio_max} times what it takes in the archive: a decompression bomb"
    )]
    Bomb { path: String, max: u64, ratio_max: u64 },
    #[error("{path} is larger than {max} bytes, the most it may have")]
    FileTooLarge { path: String, max: u64 },
    #[error("its files together are larger than {max} bytes, the most they may be")]
    TotalTooLarge { max: u64 },

    #[error("it has no manifest.json, so it is no bundle")]
    NoManifest,
    #[error("manifest.json is not a manifest: {message}")]
    Manifest { message: String },
    #[error("format version {found} is not known: this worky reads version {FORMAT_VERSION}")]
    FormatVersion { found: String },
    #[error("{path} is in the manifest and not in the bundle")]
    Missing { path: String },
    #[error("{path} is in the bundle and not in the manifest")]
    Unlisted { path: String },
    #[error("{path} has {actual} bytes, and the manifest says {expected}")]
    Size { path: String, actual: Bytes, expected: u64 },
    #[error("the SHA-256 of {path} is {actual}, and the manifest says {expected}")]
    Hash { path: String, actual: String, expected: String },
    #[error("the manifest's content has the version {actual}, and it says {expected}")]
    Version { actual: String, expected: String },

    #[error("{by} refers to {path}, which is not among the manifest's files")]
    Unknown { by: String, path: String },
    #[error("the module {specifier} is in the manifest twice")]
    DuplicateModule { specifier: String },
    #[error("the specifier {specifier:?} does not begin with file:///")]
    Specifier { specifier: String },
    #[error("the entry {entry} is none of its modules")]
    NoEntry { entry: String },
    #[error("the entry {entry} is {found}, and a worker of kind {kind} has {expected}")]
    EntryKind { entry: String, found: &'static str, kind: &'static str, expected: &'static str },
    #[error("it is of kind assets, and has an entry or modules")]
    NotAssetsAlone,
    #[error("{module} imports {written:?}, which leads to {target}, and there is no such module")]
    NoModule { module: String, written: String, target: String },
    #[error("{path} is not UTF-8")]
    NotUtf8 { path: String },
}

/// A size; where reading stopped, one that is known only to be larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bytes {
    Exactly(u64),
    MoreThan(u64),
}

impl std::fmt::Display for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Bytes::Exactly(bytes) => write!(f, "{bytes}"),
            Bytes::MoreThan(bytes) => write!(f, "more than {bytes}"),
        }
    }
}

impl ArchiveError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            ArchiveError::FormatVersion { .. } => Some("use the version of worky that built it, or build it again"),
            ArchiveError::NoManifest | ArchiveError::Manifest { .. } => {
                Some("worky build makes a bundle of a project, which has a worky.toml")
            }
            ArchiveError::Read(_) | ArchiveError::ReadEntry { .. } | ArchiveError::Write { .. } => None,
            _ => Some("it was changed or damaged since it was built: copy it again, or build it again"),
        }
    }
}
