//! worky's own statements straight on SQLite, from one thread: what a worker's KV is measured against.
//!
//! usage: worky-bench-sqlite get|put FILE SECONDS KEYS
//!        worky-bench-sqlite flush FILE
//!
//! FILE is a namespace that worky made and filled, so that schema and page size are its own; `flush` writes a file of its own
//! beside it, and says how long the device takes for what each commit waits for. Prints one line of JSON.

use std::fs::File;
use std::io::{Seek, Write};
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
const FLUSHES: usize = 1_000;
/// A page of the database in the write-ahead log.
const COMMIT_BYTES: usize = 4096 + 24;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (workload, file, seconds, keys) = match args[..] {
        ["flush", file] => return flush(file),
        [workload, file, seconds, keys] => (workload, file, seconds, keys),
        _ => bail!("usage: worky-bench-sqlite get|put FILE SECONDS KEYS | flush FILE"),
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
    let mut value = vec![b'x'; VALUE_BYTES];
    let mut turn = now_ms()? as u64 * 1_000_000;
    let is_get = match workload {
        "get" => true,
        "put" => false,
        other => bail!("'{other}' is no workload; choose get or put"),
    };
    let mut latencies = histogram()?;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let begin = Instant::now();
    let mut now = begin;
    while now - begin < length {
        let key = format!("key-{}", random.next() % keys);
        if is_get {
            get(&connection, &key)?;
        } else {
            // Each value is another one: SQLite writes nothing where the value is the one that it has.
            turn += 1;
            value[..8].copy_from_slice(&turn.to_le_bytes());
            put(&connection, &key, &value)?;
        }
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

/// The median of overwriting as much as a small commit writes and flushing it: a write-ahead log is as long as it gets soon.
fn flush(file: &str) -> anyhow::Result<()> {
    let path = format!("{file}.flush");
    let mut log = File::create(&path).with_context(|| format!("cannot make {path}"))?;
    log.write_all(&vec![b'x'; COMMIT_BYTES * FLUSHES])?;
    log.sync_all()?;
    log.rewind()?;
    let mut latencies = histogram()?;
    for _ in 0..FLUSHES {
        let begin = Instant::now();
        log.write_all(&[b'y'; COMMIT_BYTES])?;
        log.sync_data()?;
        latencies.record((begin.elapsed().as_nanos() as u64).max(1))?;
    }
    std::fs::remove_file(&path)?;
    println!("{}", json!({ "flush_us": latencies.value_at_quantile(0.5) as f64 / 1e3 }));
    Ok(())
}

/// Nanoseconds, to three digits.
fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000_000, 3)?)
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
