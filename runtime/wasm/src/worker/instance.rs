//! One instance: a store with the component in it.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use wasmtime::{PoolConcurrencyLimitError, Store};
use wasmtime_wasi_http::p2::bindings::{Proxy, ProxyPre};
use wasmtime_wasi_http::p3::bindings::{Service, ServicePre};
use worky_engine::LoadError;
use worky_host::metrics::Metrics;
use worky_host::{InvocationContext, log::Level};

use super::Blueprint;
use crate::config::{Place, Use};
use crate::engine::Shared;
use crate::limiter::Limiter;
use crate::meter::{self, Meter};
use crate::state::{Guest, HOSTCALL_BYTES_MAX, State};
use crate::trap::{self, Exceeded};

/// What others gave back is of use again only once it is wiped, which is done for many at once and may be going on as
/// somebody else finds nothing left: whoever has a place finds it a moment later.
const TRIES: u32 = 100;

/// What of the component answers requests, ready to be instantiated.
pub(crate) enum Handler {
    P2(ProxyPre<State>),
    P3(ServicePre<State>),
}

/// The same, instantiated.
pub(super) enum Exports {
    P2(Proxy),
    P3(Service),
}

pub(super) struct Instance {
    pub(super) store: Store<State>,
    pub(super) exports: Arc<Exports>,
    served: u32,
    idle: Option<OwnedSemaphorePermit>,
    counted: Counted,
    /// Given back last.
    _place: Place,
}

/// An instance in the metrics.
struct Counted {
    metrics: Metrics,
    worker: Arc<str>,
    end: &'static str,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.metrics.instance_stopped(&self.worker, self.end);
    }
}

impl Instance {
    /// Makes one, in the pool while that has room. The account of `meter` is that of the start.
    pub(super) async fn start(
        blueprint: Arc<Blueprint>,
        context: InvocationContext,
        meter: Arc<Meter>,
    ) -> Result<Instance, LoadError> {
        let Blueprint { shared, bindings, limits, .. } = &*blueprint;
        let pooled = shared.engine(blueprint.purpose)?;
        let (engine, handler, place) = match (pooled.place_now(blueprint.places), &blueprint.handler) {
            (Some(place), handler) => (&pooled.engine, handler, place),
            (None, Handler::P2(_)) if blueprint.purpose != Use::Concurrent => {
                let spare = shared.engine(Use::Plugins)?;
                let place = spare.place_now(blueprint.places).ok_or(LoadError::Instances)?;
                (&spare.engine, blueprint.spare_handler().await?, place)
            }
            (None, handler) => (&pooled.engine, handler, pooled.place(blueprint.places).await),
        };
        meter.start(limits.startup);
        shared.metrics.instance_started(&bindings.worker);
        let mut counted =
            Counted { metrics: shared.metrics.clone(), worker: bindings.worker.clone(), end: "cancelled" };
        for _ in 0..TRIES {
            let guest = Guest { bindings: bindings.clone(), context: context.clone() };
            let mut state = State::new(guest, Limiter::new(limits.memory_bytes));
            state.meter = meter.clone();
            let mut store = Store::new(engine, state);
            store.limiter(|state| &mut state.limiter);
            store.set_hostcall_fuel(HOSTCALL_BYTES_MAX);
            meter::enforce(&mut store);
            let started = timeout(limits.startup, handler.instantiate(&mut store)).await;
            store.data().output.flush();
            let error = match started {
                Ok(Ok(exports)) => {
                    let exports = Arc::new(exports);
                    return Ok(Instance { store, exports, served: 0, idle: None, counted, _place: place });
                }
                Ok(Err(error)) if error.is::<PoolConcurrencyLimitError>() => {
                    drop(store);
                    tokio::task::yield_now().await;
                    continue;
                }
                Ok(Err(error)) => error,
                Err(_) => return Err(LoadError::StartupWall { limit: limits.startup }),
            };
            counted.end = "failed_to_start";
            return Err(match trap::exceeded(&error, &store.data().limiter) {
                Some(Exceeded::Cpu) => {
                    let limit = limits.startup;
                    let at = trap::place(&error, LoadError::StartupCpu { limit, at: None }.to_string());
                    LoadError::StartupCpu { limit, at }
                }
                Some(Exceeded::Memory) => LoadError::StartupMemory { limit_bytes: limits.memory_bytes },
                None => LoadError::Guest(trap::guest_error(&error)),
            });
        }
        Err(LoadError::Instances)
    }

    /// How it ends, for its metric.
    pub(super) fn ends_as(&mut self, end: &'static str) {
        self.counted.end = end;
    }

    /// One more request was served; ready for the next one, if it may have one and the process has room for instances
    /// that do nothing.
    pub(super) fn rested(mut self, shared: &Shared, reuse: u32) -> Option<Instance> {
        self.ends_as("retired");
        if self.served >= reuse || reuse < 2 {
            return None;
        }
        self.idle = shared.idle.clone().try_acquire_owned().ok();
        self.idle.is_some().then_some(self)
    }

    /// From here on it serves this request.
    pub(super) fn serve(&mut self, context: InvocationContext, meter: Arc<Meter>) {
        self.served += 1;
        self.idle = None;
        self.ends_as("cancelled");
        self.store.data_mut().serve(context, meter);
    }

    /// Writes an error that no answer can tell any more.
    pub(super) fn log(&self, text: &str) {
        let guest = &self.store.data().guest;
        guest.bindings.log.write(Some(&guest.context), Level::Error, text);
    }
}

impl Handler {
    async fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<Exports> {
        Ok(match self {
            Handler::P2(pre) => Exports::P2(pre.instantiate_async(store).await?),
            Handler::P3(pre) => Exports::P3(pre.instantiate_async(store).await?),
        })
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::Engine;
    use worky_engine::{ComponentArtifact, ComponentSettings, Limits};
    use worky_host::{RequestId, TraceContext};

    use super::super::{WasmWorker, figures};
    use super::*;
    use crate::{WasmConfig, WasmEngine};

    /// With as many memories as one may have.
    async fn large(engine: &WasmEngine) -> Arc<Blueprint> {
        let memories = "(core instance (instantiate $memory))".repeat(100);
        let component = wat::parse_str(format!(
            r#"(component
                (import "wasi:http/types@0.2.0" (instance $types
                    (export "incoming-request" (type (sub resource)))
                    (export "response-outparam" (type (sub resource)))))
                (alias export $types "incoming-request" (type $request))
                (alias export $types "response-outparam" (type $outparam))
                (core module $memory (memory 1))
                {memories}
                (core module $module (func (export "handle") (param i32 i32)))
                (core instance $instance (instantiate $module))
                (func $handle (param "request" (own $request)) (param "response-out" (own $outparam))
                    (canon lift (core func $instance "handle")))
                (instance $handler (export "handle" (func $handle)))
                (export "wasi:http/incoming-handler@0.2.0" (instance $handler)))"#
        ));
        let component = component.expect("valid").into();
        let artifact =
            ComponentArtifact { file: "app.wasm".to_owned(), component, settings: ComponentSettings::default() };
        let limits = Limits { startup: std::time::Duration::from_secs(60), ..Limits::default() };
        let load = WasmWorker::load(engine.0.clone(), artifact, figures::bindings(), limits);
        let WasmWorker(blueprint) = load.await.expect("it loads");
        assert_eq!(blueprint.places, 100);
        blueprint
    }

    fn context() -> InvocationContext {
        let limits = worky_host::InvocationLimits::UNBOUNDED;
        InvocationContext::new(RequestId::random(), TraceContext::root(), limits)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 10)]
    async fn a_place_is_one_also_while_what_was_given_back_is_wiped() {
        let engine = WasmEngine::new(WasmConfig::default(), Metrics::default());
        let blueprint = large(&engine).await;
        for _ in 0..50 {
            // The pool has room for ten, and for no more.
            let mut all = tokio::task::JoinSet::new();
            for _ in 0..10 {
                all.spawn(Instance::start(blueprint.clone(), context(), Arc::default()));
            }
            let started: Result<Vec<_>, _> = all.join_all().await.into_iter().collect();
            drop(started.expect("there is room"));
        }
    }

    #[tokio::test]
    async fn beyond_the_pool_there_is_the_systems_memory() {
        let engine = WasmEngine::new(WasmConfig::default(), Metrics::default());
        let blueprint = large(&engine).await;
        let mut held = Vec::new();
        for count in 1..=12 {
            let context = context();
            let instance = Instance::start(blueprint.clone(), context, Arc::default()).await;
            let instance = instance.unwrap_or_else(|error| panic!("{count}: {error}"));
            let from_pool =
                Engine::same(instance.store.engine(), &engine.0.engine(blueprint.purpose).expect("it is there").engine);
            assert_eq!(from_pool, count <= 10, "{count}");
            held.push(instance);
        }
    }
}
