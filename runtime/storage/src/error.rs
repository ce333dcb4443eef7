use std::io;
use std::path::{Path, PathBuf};

/// Why a store cannot be opened or closed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Two processes on one directory would not see each other's writes in time.
    #[error("the data directory {} is in use by {holder}; stop it, or give this one another [storage] path", directory.display())]
    InUse { directory: PathBuf, holder: String },
    #[error("cannot {act} {}: {source}", path.display())]
    Io { act: &'static str, path: PathBuf, source: io::Error },
    #[error("cannot {act} the database {}: {source}", file.display())]
    Sqlite { act: &'static str, file: PathBuf, source: rusqlite::Error },
    /// The file is a database, but of something else.
    #[error(
        "{} is not a key-value namespace: its application id is {found:#010x}, not {expected:#010x}; move it away",
        file.display()
    )]
    Foreign { file: PathBuf, found: i32, expected: i32 },
    #[error(
        "the database {} has schema version {found}, and this program knows {known} at most; run the newer program",
        file.display()
    )]
    NewerSchema { file: PathBuf, found: i64, known: i64 },
    /// Before 3.51.3, SQLite can corrupt a file in WAL mode (<https://sqlite.org/wal.html#walresetbug>).
    #[error("SQLite {found} is too old: {needed} or newer is needed; build with the bundled SQLite")]
    OldSqlite { found: String, needed: &'static str },
    #[error("the namespace id {id:?} {problem}")]
    BadNamespace { id: String, problem: String },
    #[error("cannot start a thread for the namespace {namespace:?}: {source}")]
    Thread { namespace: String, source: io::Error },
    #[error("the storage {} is closed", directory.display())]
    Closed { directory: PathBuf },
}

impl StorageError {
    pub(crate) fn io(act: &'static str, path: &Path, source: io::Error) -> Self {
        StorageError::Io { act, path: path.to_owned(), source }
    }

    pub(crate) fn sqlite(act: &'static str, file: &Path, source: rusqlite::Error) -> Self {
        StorageError::Sqlite { act, file: file.to_owned(), source }
    }
}
