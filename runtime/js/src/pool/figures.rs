//! What an isolate costs: time to make one and to move in, and memory. Prints figures:
//! `cargo test --release -p worky-js pool::figures -- --ignored --nocapture --test-threads 1`.

use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use worky_engine::plugin::{Plugin, PluginArtifact, PluginEngine};
use worky_engine::{Artifact, Engine, FetchEvent, Invocation, JsArtifact, Limits, LoadError, Module, ModuleKind};
use worky_host::egress::{Egress, EgressPolicy, OwnListeners, SystemResolver};
use worky_host::fetch::{Fetch, FetchConfig, FetchLimits, TlsTrust};
use worky_host::files::Files;
use worky_host::log::{Log, LogLimits};
use worky_host::metrics::Metrics;
use worky_host::secrets::Redactor;
use worky_host::{Bindings, Body, InvocationContext, InvocationLimits, RequestId, TraceContext};

use super::Pool;
use crate::code_cache::CodeCache;
use crate::instance::{Blueprint, InstanceHandle, Retirement};
use crate::loader::Modules;
use crate::{JsConfig, JsEngine};

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
        caches: worky_host::service::Service::none(),
        assets: None,
        files: Files::none(),
        globals: Vec::new(),
        fetch,
        log,
    }
}

fn artifact(source: &str) -> JsArtifact {
    let module = Module {
        specifier: "file:///worker.js".to_owned(),
        kind: ModuleKind::Js,
        source: source.to_owned().into(),
        source_map: None,
        imports: Default::default(),
    };
    JsArtifact { entry: module.specifier.clone(), modules: vec![module], plugins: Vec::new(), root: None }
}

fn blueprint(pool: &Arc<Pool>, source: &str) -> Arc<Blueprint> {
    let artifact = artifact(source);
    Arc::new(Blueprint {
        modules: Modules::new(artifact, &CodeCache::new(None, 0, Metrics::default()), "w".into()),
        plugins: Default::default(),
        bindings: bindings(),
        coverage: None,
        limits: Limits::default(),
        metrics: Metrics::default(),
        pool: pool.clone(),
        inspected: None,
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

/// In processor time, so that what else runs on the machine does not count. Nothing is made in advance meanwhile.
#[tokio::test]
#[ignore = "figures, not a check"]
async fn time_of_the_first_requests() {
    platform();
    let config = JsConfig { blank_isolates: 0, ..JsConfig::default() };
    let engine = JsEngine::new(config, Metrics::default(), Arc::new(NoPlugins));
    let (mut loads, mut firsts, mut seconds) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..40 {
        let begun = processor_time();
        let worker =
            engine.load(Artifact::Js(artifact(HELLO)), bindings(), Limits::default()).await.expect("it starts");
        loads.push(processor_time() - begun);
        for times in [&mut firsts, &mut seconds] {
            let request = http::Request::get("http://localhost/").body(Body::empty()).expect("valid");
            let context =
                InvocationContext::new(RequestId::random(), TraceContext::root(), InvocationLimits::UNBOUNDED);
            let begun = processor_time();
            worker.call(Invocation::Fetch(FetchEvent { request, context })).await.expect("an answer");
            times.push(processor_time() - begun);
        }
    }
    println!("loaded in {:?}, first {:?}, second {:?}", median(loads), median(firsts), median(seconds));
}

fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` outlives the call.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

struct NoPlugins;

impl PluginEngine for NoPlugins {
    fn load(&self, _artifact: PluginArtifact) -> BoxFuture<'_, Result<Arc<dyn Plugin>, LoadError>> {
        Box::pin(std::future::ready(Err(LoadError::Host("there are none".to_owned()))))
    }
}
