//! worky's own statements straight on SQLite, from one thread: what a worker's KV is measured against.
//!
//! usage: worky-bench-sqlite get|put FILE SECONDS KEYS
//!
//! FILE is a namespace that worky made and filled, so that schema and page size are its own. Prints one line of JSON.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use hdrhistogram::Histogram;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde_json::json;

const STATEMENTS: &str = include_str!("../../../../../runtime/storage/src/sqlite/statements.rs");
const GET: &str = "SELECT expires_ms, metadata, CASE WHEN length(value) <= ?3 THEN value END FROM entries
         WHERE key = ?1 AND (expires_ms IS NULL OR expires_ms > ?2)";
const PUT: &str = "INSERT INTO entries (key, expires_ms, metadata, value) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (key) DO UPDATE
             SET expires_ms = excluded.expires_ms, metadata = excluded.metadata, value = excluded.value";
const VALUE_BYTES: usize = 1024;
const VALUE_BYTES_MAX: i64 = 256 << 10;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [workload, file, seconds, keys] = &args[..] else {
        bail!("usage: worky-bench-sqlite get|put FILE SECONDS KEYS");
    };
    for statement in [GET, PUT] {
        ensure!(
            words(STATEMENTS).contains(&words(statement)),
            "worky's storage no longer asks this; copy what it asks from runtime/storage/src/sqlite/statements.rs:\n{statement}"
        );
    }
    let length = Duration::try_from_secs_f64(seconds.parse()?)?;
    let keys: u64 = keys.parse()?;
    let connection = open(file).with_context(|| format!("cannot open {file}"))?;
    let value = vec![b'x'; VALUE_BYTES];
    let is_get = match workload.as_str() {
        "get" => true,
        "put" => false,
        other => bail!("'{other}' is no workload; choose get or put"),
    };
    let mut latencies = Histogram::<u64>::new_with_bounds(1, 60_000_000_000, 3)?;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let begin = Instant::now();
    let mut now = begin;
    while now - begin < length {
        let key = format!("key-{}", random.next() % keys);
        if is_get {
            get(&connection, &key)?
        } else {
            put(&connection, &key, &value)?
        };
        let then = std::mem::replace(&mut now, Instant::now());
        latencies.record(((now - then).as_nanos() as u64).max(1))?;
    }
    let ms = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e6;
    let rate = latencies.len() as f64 / (now - begin).as_secs_f64();
    println!("{}", json!({ "rate": rate, "p50_ms": ms(0.5), "p99_ms": ms(0.99) }));
    Ok(())
}

/// As worky opens a file for durable writes, except that SQLite checkpoints by itself, after 1,000 pages.
fn open(file: &str) -> anyhow::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn get(connection: &Connection, key: &str) -> anyhow::Result<()> {
    let mut statement = connection.prepare_cached(GET)?;
    let now_ms = now_ms()?;
    let value: Option<Option<Vec<u8>>> =
        statement.query_row(params![key.as_bytes(), now_ms, VALUE_BYTES_MAX], |row| row.get(2)).optional()?;
    let bytes = value.flatten().map_or(0, |value| value.len());
    ensure!(bytes == VALUE_BYTES, "{key} holds {bytes} bytes, not {VALUE_BYTES}");
    Ok(())
}

/// A transaction, and so a flush, of its own.
fn put(connection: &Connection, key: &str, value: &[u8]) -> anyhow::Result<()> {
    let nothing: Option<i64> = None;
    let entries = connection.prepare_cached(PUT)?.execute(params![key.as_bytes(), nothing, nothing, value])?;
    ensure!(entries == 1, "{key} was not written");
    Ok(())
}

fn now_ms() -> anyhow::Result<i64> {
    Ok(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis() as i64)
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// xorshift64: which key comes next need not be better than this.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
