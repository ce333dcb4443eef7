//! What an isolate costs: time to make one and to move in, and memory. Prints figures:
//! `cargo test --release -p worky-js pool::figures -- --ignored --nocapture --test-threads 1`.

use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use worky_engine::{JsArtifact, Limits, Module, ModuleKind};
use worky_host::Bindings;
use worky_host::egress::{Egress, EgressPolicy, OwnListeners, SystemResolver};
use worky_host::fetch::{Fetch, FetchConfig, FetchLimits, TlsTrust};
use worky_host::files::Files;
use worky_host::log::{Log, LogLimits};
use worky_host::metrics::Metrics;
use worky_host::secrets::Redactor;

use super::Pool;
use crate::code_cache::CodeCache;
use crate::instance::{Blueprint, InstanceHandle, Retirement};
use crate::loader::Modules;

fn platform() {
    static ONCE: Once = Once::new();
    ONCE.call_once(crate::init_platform);
}

fn bindings() -> Bindings {
    let (worker, metrics): (Arc<str>, _) = ("w".into(), Metrics::default());
    let fetch = Fetch::new(FetchConfig {
        worker: worker.clone(),
        egress: Egress::new(EgressPolicy::default(), OwnListeners::default(), Arc::new(SystemResolver::default())),
        trust: TlsTrust::none(),
        limits: FetchLimits::default(),
        metrics: metrics.clone(),
        runtime: Handle::current(),
    });
    let log = Log::new(
        worker.clone(),
        LogLimits { line_bytes: 1_000, unrequested_lines: 10, unrequested_bytes: 1_000 },
        Redactor::default(),
        metrics,
    );
    Bindings {
        worker,
        vars: Vec::new(),
        secrets: Vec::new(),
        kv: Vec::new(),
        services: Default::default(),
        files: Files::none(),
        globals: Vec::new(),
        fetch,
        log,
    }
}

fn blueprint(pool: &Arc<Pool>, source: &str) -> Arc<Blueprint> {
    let module = Module {
        specifier: "file:///worker.js".to_owned(),
        kind: ModuleKind::Js,
        source: source.to_owned().into(),
        source_map: None,
        imports: Default::default(),
    };
    let artifact = JsArtifact { entry: module.specifier.clone(), modules: vec![module], plugins: Vec::new() };
    Arc::new(Blueprint {
        modules: Modules::new(artifact, &CodeCache::new(None, 0, Metrics::default()), "w".into()),
        plugins: Default::default(),
        bindings: bindings(),
        limits: Limits::default(),
        metrics: Metrics::default(),
        pool: pool.clone(),
    })
}

const HELLO: &str = "export default { fetch() { return new Response('hello') } }";

/// KiB.
fn rss() -> u64 {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").expect("Linux");
    let line = text.lines().find(|line| line.starts_with("Rss:")).expect("it is there");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

async fn start_and_end(blueprint: &Arc<Blueprint>) -> Duration {
    let begun = Instant::now();
    let instance = InstanceHandle::start(blueprint.clone()).await.expect("it starts");
    let took = begun.elapsed();
    instance.retire(Retirement::Evicted);
    instance.ended().await;
    took
}

#[tokio::test]
#[ignore = "figures, not a check"]
async fn time_of_a_start() {
    platform();
    for blanks in [0, 2] {
        let pool = Pool::new(blanks);
        let hello = blueprint(&pool, HELLO);
        start_and_end(&hello).await;
        let mut times = Vec::new();
        for _ in 0..50 {
            // Time to fill the pool.
            tokio::time::sleep(Duration::from_millis(50)).await;
            times.push(start_and_end(&hello).await);
        }
        println!("{blanks} blank isolates: a start takes {:?}", median(times));
    }
}

#[tokio::test]
#[ignore = "figures, not a check"]
async fn memory_of_an_instance() {
    platform();
    let pool = Pool::new(0);
    let hello = blueprint(&pool, HELLO);
    start_and_end(&hello).await;
    let before = rss();
    let mut instances = Vec::new();
    const INSTANCES: u64 = 50;
    for _ in 0..INSTANCES {
        instances.push(InstanceHandle::start(hello.clone()).await.expect("it starts"));
    }
    println!("an instance has {} KiB", (rss() - before) / INSTANCES);
}

#[tokio::test]
#[ignore = "figures, not a check"]
async fn memory_of_instances_that_ended() {
    platform();
    let pool = Pool::new(2);
    let hello = blueprint(&pool, HELLO);
    for round in 0..=20 {
        println!("after {} instances: {} KiB", round * 100, rss());
        for _ in 0..100 {
            start_and_end(&hello).await;
        }
    }
}
