//! Measurements, beside what SQLite itself takes.

use super::*;

/// Not a test but a measurement: `cargo test -p worky-storage --release -- --ignored --nocapture throughput`.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "a measurement"]
async fn throughput() {
    let directory = TempDir::new().expect("a directory");
    let storage = SqliteStorage::open(directory.path(), Durability::Full, CACHE_BYTES).expect("it opens");
    let kv = storage.kv("ns").expect("it opens");
    let keys: Vec<String> = (0..10_000).map(|n| format!("key:{n:05}")).collect();
    for keys in keys.chunks(200) {
        join_all(keys.iter().map(|key| put(&kv, key, vec![1; 100]))).await;
    }
    let rate = |what: &str, count: usize, started: std::time::Instant| {
        println!("{what}: {:.0}/s", count as f64 / started.elapsed().as_secs_f64());
    };
    let started = std::time::Instant::now();
    for key in keys.iter().cycle().take(200_000) {
        get(&kv, key).await.expect("it is there");
    }
    rate("point reads, one after another", 200_000, started);
    let started = std::time::Instant::now();
    for key in &keys[..2_000] {
        put(&kv, key, vec![2; 100]).await.expect("it writes");
    }
    rate("writes, one after another", 2_000, started);
    let started = std::time::Instant::now();
    for keys in keys.iter().cycle().take(40_000).collect::<Vec<_>>().chunks(64) {
        join_all(keys.iter().map(|key| put(&kv, key, vec![3; 100]))).await;
    }
    rate("writes, 64 at once", 40_000, started);
    let started = std::time::Instant::now();
    for _ in 0..200 {
        kv.list(String::new(), None, 1000, NOW).await.expect("it lists");
    }
    rate("lists of 1,000", 200, started);
    floor(&directory.path().join("floor.db"), &keys);
}

/// The same statements on a connection of its own, from one thread: what SQLite itself takes.
fn floor(path: &std::path::Path, keys: &[String]) {
    let connection = super::super::file::open_writer(path, Durability::Full).expect("it opens");
    let write = |key: &String| {
        let entry = KvEntry { value: vec![1; 1024].into(), metadata: None, expires_ms: None };
        super::super::statements::put(&connection, &KvPut { key: key.clone(), entry }).expect("it writes")
    };
    let rate = |what: &str, count: usize, started: std::time::Instant| {
        println!("floor, {what}: {:.0}/s", count as f64 / started.elapsed().as_secs_f64());
    };
    let started = std::time::Instant::now();
    for key in keys[..1000].iter().chain(&keys[..1000]) {
        write(key);
    }
    rate("writes of 1 KiB, a commit each", 2000, started);
    let started = std::time::Instant::now();
    for key in keys[..1000].iter().cycle().take(200_000) {
        super::super::statements::read(&connection, std::slice::from_ref(key), NOW, 1 << 20).expect("it reads");
    }
    rate("point reads of 1 KiB", 200_000, started);
}
