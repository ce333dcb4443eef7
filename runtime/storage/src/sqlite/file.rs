//! How a namespace's file is opened: pragmas, schema, version.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Durability;
use crate::StorageError;

/// How long a statement waits for a lock, which only something outside of this program can hold.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements one connection keeps compiled: more than there are.
const STATEMENTS_CACHED: usize = 64;
/// The write-ahead log is cut to this size when it starts anew.
const WAL_BYTES_KEPT: i64 = 64 << 20;
/// "WKKV", in the file's header: tells a namespace from any other database.
const APPLICATION_ID: i32 = 0x574b_4b56;
const SCHEMA_VERSION: i64 = 1;
const SQLITE_VERSION_MIN: (i32, &str) = (3_051_003, "3.51.3");

/// The key is a blob because order is that of bytes, and because no byte string is then out of reach as a bound. The
/// value comes last, so that a list reads metadata and expiry without touching a long value's overflow pages.
const SCHEMA: &str = "
    CREATE TABLE entries (
        key        BLOB NOT NULL PRIMARY KEY,
        expires_ms INTEGER,
        metadata   TEXT,
        value      BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entries_by_expiry ON entries (expires_ms) WHERE expires_ms IS NOT NULL;
";

pub(super) fn check_sqlite_version() -> Result<(), StorageError> {
    let (min, needed) = SQLITE_VERSION_MIN;
    if rusqlite::version_number() < min {
        return Err(StorageError::OldSqlite { found: rusqlite::version().to_owned(), needed });
    }
    Ok(())
}

/// The one connection of a file that writes; it makes the file where there is none, and checkpoints it.
pub(super) fn open_writer(file: &Path, durability: Durability) -> Result<Connection, StorageError> {
    let connection = connect(file, OpenFlags::SQLITE_OPEN_CREATE)?;
    check_schema(&connection, file)?;
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::Relaxed => "NORMAL",
    };
    let set_up = || -> rusqlite::Result<()> {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", synchronous)?;
        // The writer thread checkpoints between commits, after their acknowledgement, and not inside of one.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "journal_size_limit", WAL_BYTES_KEPT)?;
        create_schema(&connection)
    };
    set_up().map_err(|source| StorageError::sqlite("set up", file, source))?;
    Ok(connection)
}

/// A connection that can only read. The writer's is open before and after it.
pub(super) fn open_reader(file: &Path) -> rusqlite::Result<Connection> {
    let connection = connect_raw(file, OpenFlags::empty())?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

fn connect(file: &Path, extra: OpenFlags) -> Result<Connection, StorageError> {
    connect_raw(file, extra).map_err(|source| StorageError::sqlite("open", file, source))
}

fn connect_raw(file: &Path, extra: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection stays with one thread at a time: no mutex. No URI: a file's name is only a name.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | extra;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // An I/O error on a mapped page is a SIGBUS, which would take the whole process.
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    Ok(connection)
}

fn check_schema(connection: &Connection, file: &Path) -> Result<(), StorageError> {
    let read = || -> rusqlite::Result<(i32, i64, bool)> {
        let application = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let is_empty = connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((application, version, is_empty))
    };
    let (found, version, is_empty) = read().map_err(|source| StorageError::sqlite("read", file, source))?;
    if found != APPLICATION_ID && !(found == 0 && is_empty) {
        return Err(StorageError::Foreign { file: file.to_owned(), found, expected: APPLICATION_ID });
    }
    if version > SCHEMA_VERSION {
        return Err(StorageError::NewerSchema { file: file.to_owned(), found: version, known: SCHEMA_VERSION });
    }
    Ok(())
}

fn create_schema(connection: &Connection) -> rusqlite::Result<()> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == SCHEMA_VERSION {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}
