use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::join_all;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::{KvEntry, KvExpected, KvPut, KvStoreError};

const NOW: u64 = 1_800_000_000_000;
const CACHE_BYTES: usize = 16 << 20;
/// Set where this program is started again to be killed.
const VICTIM_DIRECTORY: &str = "WORKY_STORAGE_TEST_VICTIM";

mod conformance {
    use super::*;

    crate::kv_conformance!({
        let (directory, storage) = open();
        move |id: &str| {
            let _alive = &directory;
            storage.kv(id).expect("the namespace opens")
        }
    });
}

/// The same where nearly everything that is kept is pushed out again.
mod conformance_with_a_small_cache {
    use super::*;

    crate::kv_conformance!({
        let (directory, storage) = open_with(4 << 10);
        move |id: &str| {
            let _alive = &directory;
            storage.kv(id).expect("the namespace opens")
        }
    });
}

fn open() -> (TempDir, SqliteStorage) {
    open_with(CACHE_BYTES)
}

fn open_with(cache_bytes: usize) -> (TempDir, SqliteStorage) {
    let directory = TempDir::new().expect("a directory");
    // The cases are about meaning; only the tests of durability need the device's flush.
    let storage = SqliteStorage::open(directory.path(), Durability::Relaxed, cache_bytes).expect("it opens");
    (directory, storage)
}

async fn put(kv: &Arc<dyn KvStore>, key: &str, value: impl Into<Bytes>) -> Result<(), KvStoreError> {
    let entry = KvEntry { value: value.into(), metadata: None, expires_ms: None };
    kv.put(KvPut { key: key.to_owned(), entry }).await
}

async fn get(kv: &Arc<dyn KvStore>, key: &str) -> Option<Bytes> {
    kv.get(vec![key.to_owned()], NOW).await.expect("it reads").remove(0).map(|entry| entry.value)
}

fn kv_file(directory: &TempDir, name: &str) -> PathBuf {
    directory.path().join("kv").join(name)
}

#[tokio::test]
async fn a_second_opening_of_a_directory_is_refused() {
    let (directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    let error =
        SqliteStorage::open(directory.path(), Durability::Full, CACHE_BYTES).expect_err("it is in use").to_string();
    assert!(error.contains(&directory.path().display().to_string()), "{error}");
    assert!(error.contains(&format!("pid {}", std::process::id())), "{error}");
    storage.close().expect("it closes");
    drop((storage, kv));
    SqliteStorage::open(directory.path(), Durability::Full, CACHE_BYTES).expect("it is free again");
}

#[tokio::test]
async fn what_is_closed_says_so_and_leaves_one_file() {
    let (directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    put(&kv, "key", "value").await.expect("it writes");
    assert_eq!(get(&kv, "key").await.as_deref(), Some(&b"value"[..]));
    storage.close().expect("it closes");
    storage.close().expect("it stays closed");
    assert!(matches!(put(&kv, "key", "late").await, Err(KvStoreError::Closed)));
    assert!(matches!(kv.get(vec!["key".to_owned()], NOW).await, Err(KvStoreError::Closed)));
    assert!(matches!(kv.list(String::new(), None, 1, NOW).await, Err(KvStoreError::Closed)));
    assert!(matches!(storage.kv("other"), Err(StorageError::Closed { .. })));
    let names: Vec<_> = fs::read_dir(directory.path().join("kv"))
        .expect("it lists")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["ns.db"], "the log is folded into the file");
}

#[tokio::test]
async fn closing_writes_what_is_queued() {
    let (directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    let mut writes: Vec<_> = (0..200).map(|n| Box::pin(put_owned(&kv, format!("k{n}")))).collect();
    // One poll queues each; none is waited for.
    for write in &mut writes {
        assert!(!matches!(write.now_or_never(), Some(Err(_))));
    }
    storage.close().expect("it closes");
    drop(writes);
    drop((storage, kv));
    let again = SqliteStorage::open(directory.path(), Durability::Relaxed, CACHE_BYTES).expect("it opens");
    let kv = again.kv("ns").expect("it opens");
    assert_eq!(kv.list(String::new(), None, 1000, NOW).await.expect("it lists").keys.len(), 200);
}

async fn put_owned(kv: &Arc<dyn KvStore>, key: String) -> Result<(), KvStoreError> {
    put(kv, &key, "x").await
}

#[tokio::test]
async fn acknowledged_writes_survive_without_a_close() {
    let (directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    for n in 0..50 {
        put(&kv, &format!("k{n}"), "x").await.expect("it writes");
    }
    // What a dead process leaves: the files as they are, nothing flushed or folded.
    let left = TempDir::new().expect("a directory");
    fs::create_dir(left.path().join("kv")).expect("a directory");
    for name in ["ns.db", "ns.db-wal"] {
        fs::copy(kv_file(&directory, name), kv_file(&left, name)).expect("it copies");
    }
    let found =
        SqliteStorage::open(left.path(), Durability::Full, CACHE_BYTES).expect("it opens").kv("ns").expect("it opens");
    assert_eq!(found.list(String::new(), None, 1000, NOW).await.expect("it lists").keys.len(), 50);
}

/// Starts this test program again with only [`victim`], kills it while it writes, and looks for every write that it
/// said was acknowledged.
#[tokio::test]
async fn acknowledged_writes_survive_a_kill() {
    let directory = TempDir::new().expect("a directory");
    let mut child = Command::new(std::env::current_exe().expect("a program"))
        .args(["--exact", "sqlite::tests::victim", "--nocapture", "--test-threads=1"])
        .env(VICTIM_DIRECTORY, directory.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut acknowledged = Vec::new();
    for line in output.lines() {
        let Ok(line) = line else { break };
        // The test harness writes its own lines, and its last one may be without an end.
        if let Some((_, key)) = line.split_once("acknowledged ") {
            acknowledged.push(key.to_owned());
        }
        if acknowledged.len() == 500 {
            child.kill().expect("it dies");
        }
    }
    child.wait().expect("it is gone");
    assert!(acknowledged.len() >= 500, "{} writes were acknowledged", acknowledged.len());

    let storage =
        SqliteStorage::open(directory.path(), Durability::Full, CACHE_BYTES).expect("a dead process holds no lock");
    let kv = storage.kv("ns").expect("it opens");
    for key in &acknowledged {
        assert_eq!(get(&kv, key).await.as_deref(), Some(key.as_bytes()), "{key} was acknowledged and is lost");
    }
}

/// Not a test of its own: the process that is killed.
#[tokio::test]
async fn victim() {
    let Some(directory) = std::env::var_os(VICTIM_DIRECTORY) else { return };
    let storage = SqliteStorage::open(PathBuf::from(directory), Durability::Full, CACHE_BYTES).expect("it opens");
    let kv = storage.kv("ns").expect("it opens");
    let writers = (0..8).map(async |writer| {
        for n in 0.. {
            let key = format!("{writer}-{n}");
            put(&kv, &key, key.clone()).await.expect("it writes");
            // A whole line in one write, so that a kill does not cut it.
            let line = format!("acknowledged {key}\n");
            std::io::stdout().lock().write_all(line.as_bytes()).expect("the parent reads");
        }
    });
    join_all(writers).await;
}

#[tokio::test]
async fn a_failing_write_does_not_fail_its_neighbours() {
    let (directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    Connection::open(kv_file(&directory, "ns.db"))
        .expect("it opens")
        .execute_batch(
            "CREATE TRIGGER poison BEFORE INSERT ON entries WHEN new.key = CAST('poison' AS BLOB)
             BEGIN SELECT RAISE(ABORT, 'poisoned'); END",
        )
        .expect("it is set");
    let keys = ["a", "b", "poison", "c", "d", "poison", "e"];
    let outcomes = join_all(keys.map(|key| put(&kv, key, "x"))).await;
    for (key, outcome) in keys.iter().zip(outcomes) {
        match outcome {
            Ok(()) => assert_ne!(*key, "poison"),
            Err(error) => {
                assert_eq!(*key, "poison", "{error}");
                assert!(error.to_string().contains("poisoned") && error.to_string().contains("ns.db"), "{error}");
            }
        }
    }
    let names: Vec<_> = kv.list(String::new(), None, 10, NOW).await.expect("it lists").keys;
    assert_eq!(names.iter().map(|key| &*key.name).collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn a_full_queue_refuses() {
    let (directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    // Another connection's transaction holds the writer up, so the queue can only grow.
    let blocker = Connection::open(kv_file(&directory, "ns.db")).expect("it opens");
    blocker.execute_batch("BEGIN IMMEDIATE").expect("it blocks");
    let large = Bytes::from(vec![0; 25 << 20]);
    let mut writes: Vec<_> = (0..5).map(|_| Box::pin(put(&kv, "large", large.clone()))).collect();
    let refused = writes.iter_mut().filter_map(|write| write.now_or_never()).collect::<Vec<_>>();
    assert!(matches!(refused[..], [.., Err(KvStoreError::Overloaded { .. })]), "bytes: {refused:?}");
    let mut writes: Vec<_> = (0..1500).map(|_| Box::pin(put(&kv, "small", "x"))).collect();
    let refused = writes.iter_mut().filter_map(|write| write.now_or_never()).count();
    assert!((1..1500).contains(&refused), "writes: {refused} were refused");
    blocker.execute_batch("ROLLBACK").expect("it unblocks");
    put_until_taken(&kv).await;
    assert_eq!(get(&kv, "after").await.as_deref(), Some(&b"x"[..]));
}

async fn put_until_taken(kv: &Arc<dyn KvStore>) {
    while let Err(error) = put(kv, "after", "x").await {
        assert!(matches!(error, KvStoreError::Overloaded { .. }), "{error}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_log_does_not_grow_without_bound() {
    let (directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    for n in 0..60 {
        put(&kv, &format!("k{}", n % 3), vec![n; 1 << 20]).await.expect("it writes");
    }
    let log_bytes = fs::metadata(kv_file(&directory, "ns.db-wal")).expect("it is there").len();
    assert!(log_bytes < 16 << 20, "60 MiB went through a log of {log_bytes} bytes");
}

#[test]
fn files_that_are_no_namespace_are_refused_by_name() {
    let (directory, storage) = open();
    fs::write(kv_file(&directory, "text.db"), "no database at all, but long enough to have a header".repeat(99))
        .expect("it writes");
    let foreign = Connection::open(kv_file(&directory, "foreign.db")).expect("it opens");
    foreign.execute_batch("CREATE TABLE t (x)").expect("it makes a table");
    storage.kv("newer").expect("it opens");
    let newer = Connection::open(kv_file(&directory, "newer.db")).expect("it opens");
    newer.pragma_update(None, "user_version", 99).expect("it sets");
    fs::create_dir(kv_file(&directory, "directory.db")).expect("a directory");
    let storage = {
        storage.close().expect("it closes");
        drop(storage);
        SqliteStorage::open(directory.path(), Durability::Full, CACHE_BYTES).expect("it opens")
    };
    for (id, text) in [
        ("text", "file is not a database"),
        ("foreign", "is not a key-value namespace"),
        ("newer", "schema version 99"),
        ("directory", "unable to open database file"),
    ] {
        let error = storage.kv(id).err().expect("it is refused").to_string();
        assert!(error.contains(text) && error.contains(&format!("{id}.db")), "{error}");
    }
    for id in ["", &"x".repeat(65)] {
        assert!(matches!(storage.kv(id), Err(StorageError::BadNamespace { .. })));
    }
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    let (directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    for n in 0..200 {
        put(&kv, &format!("k{n}"), vec![1; 500]).await.expect("it writes");
    }
    storage.close().expect("it closes");
    drop((storage, kv));
    let path = kv_file(&directory, "ns.db");
    let mut bytes = fs::read(&path).expect("it reads");
    bytes[3 * 4096..].fill(0x5a);
    fs::write(&path, bytes).expect("it writes");
    let storage = SqliteStorage::open(directory.path(), Durability::Full, CACHE_BYTES).expect("it opens");
    let kv = storage.kv("ns").expect("its first page is whole");
    let error = kv.list(String::new(), None, 1000, NOW).await.expect_err("it is damaged").to_string();
    assert!(error.contains("ns.db") && error.contains("malformed"), "{error}");
}

/// Counters go up while many read them, with the cache and around it: nobody sees less than was acknowledged when they
/// began, and nobody sees a counter go back.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_kept_is_never_older_than_an_acknowledged_write() {
    use std::sync::atomic::{AtomicU64, Ordering};
    const KEYS: usize = 4;
    const WRITES: u64 = 400;
    let (_directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    let acknowledged: Arc<[AtomicU64; KEYS]> = Arc::default();
    let writers: Vec<_> = (0..KEYS)
        .map(|key| {
            let (kv, acknowledged) = (kv.clone(), acknowledged.clone());
            tokio::spawn(async move {
                for n in 1..=WRITES {
                    let name = format!("k{key}");
                    match n % 5 {
                        // Given up before it resolved, as the client of a request does: it may still be written.
                        1 => drop(put(&kv, &name, n.to_string()).now_or_never()),
                        2 => {
                            let expected = kv.get(vec![name.clone()], NOW).await.expect("it reads").remove(0);
                            let expected = KvExpected::of(expected.as_ref().map(|entry| &*entry.value));
                            let entry = KvEntry { value: n.to_string().into(), metadata: None, expires_ms: None };
                            let swapped = kv.put_if(KvPut { key: name, entry }, expected, NOW).await;
                            // What was given up may come in between.
                            if !swapped.expect("it swaps") {
                                continue;
                            }
                        }
                        _ => put(&kv, &name, n.to_string()).await.expect("it writes"),
                    }
                    if n % 5 != 1 {
                        acknowledged[key].store(n, Ordering::SeqCst);
                    }
                }
            })
        })
        .collect();
    let readers: Vec<_> = (0..KEYS * 2)
        .map(|reader| {
            let (kv, acknowledged) = (kv.clone(), acknowledged.clone());
            tokio::spawn(async move {
                let key = reader % KEYS;
                let (name, mut seen) = (format!("k{key}"), 0);
                while seen < WRITES {
                    let at_least = acknowledged[key].load(Ordering::SeqCst).max(seen);
                    let found = get(&kv, &name).await;
                    let found = found.map_or(0, |value| String::from_utf8_lossy(&value).parse().expect("a number"));
                    assert!(found >= at_least, "{name} is {found} after {at_least}");
                    seen = found;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for done in join_all(writers.into_iter().chain(readers)).await {
        done.expect("nobody saw what was old");
    }
}

#[tokio::test]
async fn what_was_read_is_at_hand() {
    let (directory, storage) = open();
    let kv = storage.kv("ns").expect("it opens");
    put(&kv, "key", "value").await.expect("it writes");
    let value = || kv.get_at_once("key", NOW).expect("it is at hand").expect("it reads").map(|entry| entry.value);
    assert_eq!(value(), Some("value".into()));
    // Behind the back of the store, which is why nobody else may write: the second read did not ask the file.
    let stranger = Connection::open(kv_file(&directory, "ns.db")).expect("it opens");
    stranger.execute("DELETE FROM entries", []).expect("it deletes");
    assert_eq!(value(), Some("value".into()));
    put(&kv, "key", "new").await.expect("it writes");
    assert_eq!(value(), Some("new".into()));
    kv.delete("key".to_owned()).await.expect("it deletes");
    assert_eq!(value(), None);
    let large = Bytes::from(vec![7; 1 << 20]);
    put(&kv, "large", large.clone()).await.expect("it writes");
    assert!(kv.get_at_once("large", NOW).is_none(), "a reading thread has to read it");
    assert_eq!(get(&kv, "large").await, Some(large));
    storage.close().expect("it closes");
    assert!(matches!(kv.get_at_once("key", NOW), Some(Err(KvStoreError::Closed))));
}

mod throughput;
