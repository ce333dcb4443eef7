//! What a request costs, and what the settings of the engine do to it. Prints figures:
//! `make guests; cargo test --release -p worky-wasm worker::figures -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::runtime::Handle;
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use worky_engine::{Artifact, ComponentArtifact, ComponentSettings, FetchEvent, Invocation, Limits, Outcome};
use worky_host::egress::{Egress, EgressPolicy, OwnListeners, SystemResolver};
use worky_host::fetch::{Fetch, FetchConfig, FetchLimits, TlsTrust};
use worky_host::files::Files;
use worky_host::log::Log;
use worky_host::metrics::Metrics;
use worky_host::secrets::Redactor;
use worky_host::{Bindings, Body, InvocationContext, RequestId, TraceContext};

use crate::limiter::Limiter;
use crate::state::{Guest, State};
use crate::{WasmConfig, WasmEngine, config, imports, meter};

fn component() -> Bytes {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/guests/bench.wasm");
    std::fs::read(path).expect("it is built by `make guests`").into()
}

pub(super) fn bindings() -> Bindings {
    let (worker, metrics): (Arc<str>, _) = ("w".into(), Metrics::default());
    let fetch = Fetch::new(FetchConfig {
        worker: worker.clone(),
        egress: Egress::new(EgressPolicy::default(), OwnListeners::default(), Arc::new(SystemResolver::default())),
        trust: TlsTrust::none(),
        limits: FetchLimits::default(),
        metrics: metrics.clone(),
        runtime: Handle::current(),
    });
    let log = Log::new(worker.clone(), worky_engine::Limits::default().log(), Redactor::default(), metrics);
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

fn context() -> InvocationContext {
    InvocationContext::new(RequestId::random(), TraceContext::root(), worky_host::InvocationLimits::UNBOUNDED)
}

fn request() -> http::Request<Body> {
    http::Request::get("http://localhost/").body(Body::empty()).expect("valid")
}

/// The best of several runs, for one.
async fn best<F: AsyncFnMut()>(mut one: F) -> Duration {
    const RUNS: u32 = 400;
    let mut best = Duration::MAX;
    for _ in 0..12 {
        let begun = Instant::now();
        for _ in 0..RUNS {
            one().await;
        }
        best = best.min(begun.elapsed() / RUNS);
    }
    best
}

#[tokio::test]
#[ignore = "figures, not a check"]
async fn whole_requests() {
    for instance_reuse in [1, 1_000_000] {
        let begun = Instant::now();
        let engine = WasmEngine::new(WasmConfig::default(), Metrics::default());
        println!("engine made in {:?}", begun.elapsed());
        let settings = ComponentSettings { instance_reuse, ..Default::default() };
        let artifact = ComponentArtifact { file: "bench.wasm".to_owned(), component: component(), settings };
        let begun = Instant::now();
        let load = worky_engine::Engine::load(&engine, Artifact::Component(artifact), bindings(), Limits::default());
        let worker = load.await.expect("it loads");
        println!("loaded in {:?}", begun.elapsed());
        let one = best(async || {
            let event = Invocation::Fetch(FetchEvent { request: request(), context: context() });
            let Outcome::Response(response) = worker.call(event).await.expect("it answers");
            assert_eq!(response.body().as_bytes(), Some(&b"hello world"[..]));
        });
        println!("a request, instance_reuse {instance_reuse}: {:?}", one.await);
    }
}

#[tokio::test]
#[ignore = "figures, not a check"]
async fn settings_of_the_engine() {
    type Tweak = fn(&mut Config, &mut PoolingAllocationConfig);
    let tweaks: [(&str, Tweak); 8] = [
        ("as it is", |_, _| {}),
        ("concurrency support", |config, _| {
            config.concurrency_support(true);
        }),
        ("nothing kept resident", |_, pool| {
            pool.linear_memory_keep_resident(0).table_keep_resident(0);
        }),
        ("64 KiB kept resident", |_, pool| {
            pool.linear_memory_keep_resident(64 << 10);
        }),
        ("1 MiB kept resident", |_, pool| {
            pool.linear_memory_keep_resident(1 << 20);
        }),
        ("4 MiB kept resident", |_, pool| {
            pool.linear_memory_keep_resident(4 << 20);
        }),
        ("decommits in batches of 16", |_, pool| {
            pool.decommit_batch_size(16);
        }),
        ("stacks zeroed", |config, _| {
            config.async_stack_zeroing(true);
        }),
    ];
    let (wasm, bindings) = (component(), Arc::new(bindings()));
    let mut engines: Vec<_> = tweaks
        .iter()
        .map(|(name, tweak)| {
            let (mut config, mut pool) = (config::settings(config::Use::Workers), config::pool());
            tweak(&mut config, &mut pool);
            config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
            (*name, config)
        })
        .collect();
    engines.push(("on demand", config::settings(config::Use::Workers)));
    for (name, config) in engines {
        let engine = Engine::new(&config).expect("an engine");
        let mut linker = Linker::new(&engine);
        imports::link(&mut linker).expect("linked");
        let component = Component::from_binary(&engine, &wasm).expect("valid");
        let pre = ProxyPre::new(linker.instantiate_pre(&component).expect("linked")).expect("a handler");
        let store = || {
            let guest = Guest { bindings: bindings.clone(), context: context() };
            let mut store = Store::new(&engine, State::new(guest, Limiter::new(64 << 20)));
            store.data().meter.start(Duration::from_secs(1_000));
            store.limiter(|state| &mut state.limiter);
            meter::enforce(&mut store);
            store
        };
        let made = best(async || drop(store())).await;
        let instantiated = best(async || {
            let mut store = store();
            pre.instantiate_async(&mut store).await.expect("it starts");
        });
        let instantiated = instantiated.await;
        let called = best(async || {
            let mut store = store();
            let proxy = pre.instantiate_async(&mut store).await.expect("it starts");
            let (head, answer) = tokio::sync::oneshot::channel();
            let mut http = store.data_mut().http();
            let request = request().map(crate::imports::http::host_body);
            let request = http.new_incoming_request(Scheme::Http, request).expect("room");
            let outparam = http.new_response_outparam(head).expect("room");
            proxy.wasi_http_incoming_handler().call_handle(&mut store, request, outparam).await.expect("no trap");
            let _response = answer.await.expect("it answers").expect("a response");
        });
        println!("{name}: store {made:?}, with instance {instantiated:?}, with call {:?}", called.await);
    }
}
