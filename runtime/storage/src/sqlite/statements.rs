//! What is asked of a namespace's file. Every statement is compiled once for each connection.

use bytes::Bytes;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{KvEntry, KvExpected, KvIncrement, KvKey, KvList, KvPut, KvStoreError};

/// What a bounded read found.
pub(super) enum Read {
    Entries(Vec<Option<KvEntry>>),
    /// The values are longer than the bound; none was read.
    Beyond,
}

/// The live entries of `keys`, all of one instant, unless their values add up to more than `bytes_max`.
pub(super) fn read<K: AsRef<str>>(
    connection: &Connection,
    keys: &[K],
    now_ms: u64,
    bytes_max: usize,
) -> rusqlite::Result<Read> {
    // One statement is an instant of its own.
    let _instant = if keys.len() > 1 { Some(connection.unchecked_transaction()?) } else { None };
    // The length is known without reading the value, so a value beyond the bound costs nothing.
    let mut statement = connection.prepare_cached(
        "SELECT expires_ms, metadata, CASE WHEN length(value) <= ?3 THEN value END FROM entries
         WHERE key = ?1 AND (expires_ms IS NULL OR expires_ms > ?2)",
    )?;
    let mut left = bytes_max;
    let mut entries = Vec::with_capacity(keys.len());
    for key in keys {
        let entry = statement
            .query_row(params![key.as_ref().as_bytes(), to_integer(now_ms), to_integer(left as u64)], |row| {
                let Some(value) = row.get_ref(2)?.as_blob_or_null()? else { return Ok(None) };
                Ok(Some(KvEntry {
                    value: Bytes::copy_from_slice(value),
                    metadata: row.get(1)?,
                    expires_ms: expires_ms(row, 0)?,
                }))
            })
            .optional()?;
        match entry {
            Some(None) => return Ok(Read::Beyond),
            Some(Some(entry)) => {
                left -= entry.value.len();
                entries.push(Some(entry));
            }
            None => entries.push(None),
        }
    }
    Ok(Read::Entries(entries))
}

pub(super) fn list(
    connection: &Connection,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
    now_ms: u64,
) -> rusqlite::Result<KvList> {
    let (from, until) = range(prefix, after);
    let mut statement = connection.prepare_cached(
        "SELECT key, expires_ms, metadata FROM entries
         WHERE key >= ?1 AND key < ?2 AND (expires_ms IS NULL OR expires_ms > ?3) ORDER BY key LIMIT ?4",
    )?;
    // One more than asked for tells whether more remain.
    let rows = to_integer(limit as u64).saturating_add(1);
    let mut keys = statement
        .query_map(params![from, until, to_integer(now_ms), rows], |row| {
            let name = std::str::from_utf8(row.get_ref(0)?.as_blob()?)
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, error.into()))?;
            Ok(KvKey { name: name.to_owned(), expires_ms: expires_ms(row, 1)?, metadata: row.get(2)? })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let more = keys.len() > limit;
    keys.truncate(limit);
    Ok(KvList { keys, more })
}

pub(super) fn put(connection: &Connection, put: &KvPut) -> rusqlite::Result<usize> {
    let entry = &put.entry;
    connection
        .prepare_cached(
            "INSERT INTO entries (key, expires_ms, metadata, value) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (key) DO UPDATE
             SET expires_ms = excluded.expires_ms, metadata = excluded.metadata, value = excluded.value",
        )?
        .execute(params![put.key.as_bytes(), entry.expires_ms.map(to_integer), entry.metadata, &entry.value[..]])
}

/// Answers 0 where something else than `expected` stands under the key. Only the one connection that writes calls it, so
/// that nothing is written between the comparison and the write.
pub(super) fn put_if(
    connection: &Connection,
    put: &KvPut,
    expected: KvExpected,
    now_ms: u64,
) -> rusqlite::Result<usize> {
    let found = with_live_value(connection, &put.key, now_ms, KvExpected::of)?;
    if found == expected { self::put(connection, put) } else { Ok(0) }
}

/// The inner error is a refusal: nothing was written. As for [`put_if`], only the connection that writes calls it.
pub(super) fn increment(
    connection: &Connection,
    increment: &KvIncrement,
    now_ms: u64,
) -> rusqlite::Result<Result<i64, KvStoreError>> {
    let (was_live, sum) =
        with_live_value(connection, &increment.key, now_ms, |value| (value.is_some(), increment.sum(value)))?;
    let Ok(sum) = sum else { return Ok(sum) };
    let value = Bytes::from(sum.to_string());
    if was_live {
        connection
            .prepare_cached("UPDATE entries SET value = ?2 WHERE key = ?1")?
            .execute(params![increment.key.as_bytes(), &value[..]])?;
    } else {
        let entry = KvEntry { value, metadata: None, expires_ms: None };
        put(connection, &KvPut { key: increment.key.clone(), entry })?;
    }
    Ok(Ok(sum))
}

/// Lends the live value of a key, which may be large, without a copy.
fn with_live_value<T>(
    connection: &Connection,
    key: &str,
    now_ms: u64,
    look: impl FnOnce(Option<&[u8]>) -> T,
) -> rusqlite::Result<T> {
    let mut statement = connection
        .prepare_cached("SELECT value FROM entries WHERE key = ?1 AND (expires_ms IS NULL OR expires_ms > ?2)")?;
    let mut rows = statement.query(params![key.as_bytes(), to_integer(now_ms)])?;
    match rows.next()? {
        Some(row) => Ok(look(Some(row.get_ref(0)?.as_blob()?))),
        None => Ok(look(None)),
    }
}

pub(super) fn delete(connection: &Connection, key: &str) -> rusqlite::Result<usize> {
    connection.prepare_cached("DELETE FROM entries WHERE key = ?1")?.execute(params![key.as_bytes()])
}

pub(super) fn sweep(connection: &Connection, now_ms: u64, limit: usize) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "DELETE FROM entries WHERE key IN
             (SELECT key FROM entries WHERE expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2)",
        )?
        .execute(params![to_integer(now_ms), to_integer(limit as u64)])
}

/// The half-open range of keys with `prefix` that sort after `after`.
fn range(prefix: &str, after: Option<&str>) -> (Vec<u8>, Vec<u8>) {
    let from = match after {
        // The least key above `after`.
        Some(after) if after >= prefix => [after.as_bytes(), &[0]].concat(),
        _ => prefix.as_bytes().to_vec(),
    };
    let mut until = prefix.as_bytes().to_vec();
    match until.last_mut() {
        // No byte of UTF-8 is 0xFF, so this does not overflow.
        Some(last) => *last += 1,
        None => until.push(0xff),
    }
    (from, until)
}

fn expires_ms(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(|ms| u64::try_from(ms).unwrap_or(0)))
}

fn to_integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
