//! From nothing to a blank isolate, and from that to a worker that can be called.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use deno_core::error::CoreError;
use deno_core::{JsRuntime, ModuleSpecifier, PollEventLoopOptions, RuntimeOptions, v8};
use deno_web::StartTime;
use tokio::sync::mpsc;
use worky_engine::{GuestError, Limits, LoadError};
use worky_host::standstill::Moment;

use super::{Blueprint, InstanceState, Message, Shared, uncaught};
use crate::coverage::Coverage;
use crate::guest_error;
use crate::inspector::Inspection;
use crate::loader::{ArtifactLoader, BUILTIN, BUILTIN_ASYNC_HOOKS, BUILTIN_PLUGINS, evaluate_raw};
use crate::memory::{self, MemoryMeter};
use crate::plugin::Hooks;
use crate::watchdog::{Kill, Meter};
use crate::whereabouts::Whereabouts;
use crate::{containment, platform};

static SNAPSHOT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/snapshot.bin"));
include!(concat!(env!("OUT_DIR"), "/residual.rs"));

/// Imports the worker's main module on behalf of `install` in guest/worker.js.
const MAIN: &str = "worky:main";

/// A start may take this many times its CPU limit on the wall clock: a top level may wait for a timer or for a core.
const STARTUP_WALL_FACTOR: u32 = 5;

/// How far V8 may go over its heap limit while a termination is on its way: one more string of any length fits.
const HEAP_HEADROOM_BYTES: usize = 1 << 30;

/// What worky's own scripts may take, in CPU time. They take some milliseconds; it is there for the watchdog.
const BLANK_CPU: Duration = Duration::from_secs(10);

/// An isolate with everything in it that needs no worker. Fields drop in this order: V8's values before V8.
pub(super) struct Blank {
    glue: Glue,
    /// The namespace of [`MAIN`].
    main: v8::Global<v8::Object>,
    loader: Rc<ArtifactLoader>,
    memory: Arc<MemoryMeter>,
    runtime: JsRuntime,
    /// Outlives the isolate: V8's callbacks point to it.
    meter: Arc<Meter>,
}

/// A running isolate with a worker in it. Fields drop in this order: V8's values before V8.
pub(crate) struct Isolate {
    /// Whether the worker's compiled code is to be made of this isolate.
    pub(super) makes_code: bool,
    pub(super) loader: Rc<ArtifactLoader>,
    /// Where the worker can be debugged.
    pub(super) inspection: Option<Rc<Inspection>>,
    pub(crate) dispatch_fetch: v8::Global<v8::Function>,
    pub(crate) abort_fetch: v8::Global<v8::Function>,
    pub(crate) context: v8::Global<v8::Context>,
    pub(crate) state: Rc<InstanceState>,
    /// Where what runs is counted.
    pub(super) coverage: Option<Coverage>,
    pub(crate) runtime: JsRuntime,
    /// Outlives the isolate: V8's callbacks point to it.
    pub(crate) meter: Arc<Meter>,
}

/// Makes an isolate that a worker can move into: the snapshot, worky's scripts and its modules.
pub(super) async fn blank(memory_bytes: usize, shared: Arc<Shared>) -> Result<Blank, LoadError> {
    let memory = MemoryMeter::new(memory_bytes);
    let loader = Rc::new(ArtifactLoader::default());
    let mut runtime = JsRuntime::try_new(RuntimeOptions {
        startup_snapshot: Some(SNAPSHOT),
        residual_lazy_js_sources: RESIDUAL_SCRIPTS,
        skip_op_registration: true,
        extensions: crate::ops::extensions(&memory),
        module_loader: Some(loader.clone()),
        custom_module_evaluation_cb: Some(Box::new(evaluate_raw)),
        // structuredClone moves buffers, and passes WebAssembly modules on, through these.
        shared_array_buffer_store: Some(Default::default()),
        compiled_wasm_module_store: Some(Default::default()),
        create_params: Some(memory::create_params(memory_bytes, &memory)),
        ..Default::default()
    })
    .map_err(|error| LoadError::Host(error.to_string()))?;

    let meter = Meter::new(runtime.v8_isolate().thread_safe_handle(), memory.clone(), shared);
    // Blocking a thread on shared memory is not possible in a worker: no other thread could wake it.
    runtime.v8_isolate().set_allow_atomics_wait(false);
    runtime.v8_isolate().add_message_listener(uncaught::report);
    containment::watch_over(runtime.v8_isolate(), &meter);
    Whereabouts::prepare(&mut runtime);
    memory.watch_collections(runtime.v8_isolate());
    platform::watch(runtime.v8_isolate());
    let killer = meter.clone();
    runtime.add_near_heap_limit_callback(move |current, initial| {
        killer.kill(Kill::Memory);
        if current > initial.saturating_add(HEAP_HEADROOM_BYTES) {
            containment::abandon("it goes on taking memory although it was told to stop");
        }
        current.saturating_add(HEAP_HEADROOM_BYTES)
    });
    match prepare(&mut runtime, &meter).await {
        Ok((glue, main)) => Ok(Blank { glue, main, loader, memory, runtime, meter }),
        Err(error) => {
            runtime.v8_isolate().cancel_terminate_execution();
            Err(match meter.killed() {
                Some(Kill::Memory) => LoadError::StartupMemory { limit_bytes: memory_bytes },
                _ => error,
            })
        }
    }
}

/// Has a worker move in: what it is granted, and its modules.
pub(super) async fn furnish(
    blank: Blank,
    blueprint: &Arc<Blueprint>,
    inbox: mpsc::WeakUnboundedSender<Message>,
) -> Result<Isolate, LoadError> {
    let Blueprint { modules, plugins, bindings, limits, .. } = &**blueprint;
    let Blank { glue, main, loader, memory, mut runtime, meter } = blank;
    meter.belongs_to(bindings.worker.clone());
    loader.furnish(modules.clone(), plugins.clone());
    let state = {
        let op_state = runtime.op_state();
        let mut op_state = op_state.borrow_mut();
        // A guest's clock begins with the guest.
        op_state.put(StartTime::default());
        let hooks = op_state.try_take::<Hooks>();
        let state = InstanceState::new(bindings.clone(), meter.clone(), memory, plugins.clone(), hooks, inbox);
        op_state.put(state.clone());
        op_state.put(blueprint.clone());
        state
    };
    let coverage = blueprint.coverage.clone().map(|sink| Coverage::begin(&mut runtime, sink));
    let inspection = blueprint.inspected.as_deref().map(|inspected| Inspection::begin(inspected, &mut runtime, &meter));
    if let Some(inspection) = &inspection {
        inspection.before_start();
    }
    if let Err(error) = start(&mut runtime, &meter, &glue, &main, modules.entry(), limits, inspection.as_deref()).await
    {
        let limit = limits.startup;
        let error = match meter.killed() {
            Some(Kill::Cpu) => {
                let what = LoadError::StartupCpu { limit, at: None }.to_string();
                let at = meter.place(what, &mut runtime.source_mapper().borrow_mut(), bindings);
                LoadError::StartupCpu { limit, at }
            }
            Some(Kill::Memory) => LoadError::StartupMemory { limit_bytes: limits.memory_bytes },
            None if state.memory.buffer_refused() => LoadError::StartupMemory { limit_bytes: limits.memory_bytes },
            None => match error {
                LoadError::Guest(guest) => LoadError::Guest(guest_error::told(guest, bindings)),
                other => other,
            },
        };
        runtime.v8_isolate().cancel_terminate_execution();
        return Err(error);
    }
    let Glue { dispatch_fetch, abort_fetch, .. } = glue;
    let context = runtime.main_context();
    loader.settle();
    let makes_code = modules.code().is_wanted();
    Ok(Isolate {
        makes_code,
        loader,
        inspection,
        dispatch_fetch,
        abort_fetch,
        context,
        state,
        coverage,
        runtime,
        meter,
    })
}

/// Makes `env` and evaluates the worker's modules.
async fn start(
    runtime: &mut JsRuntime,
    meter: &Arc<Meter>,
    glue: &Glue,
    main: &v8::Global<v8::Object>,
    entry: &str,
    limits: &Limits,
    inspection: Option<&Inspection>,
) -> Result<(), LoadError> {
    let mut budget = Budget::new(meter, limits.startup);
    let promise = budget.slice(|| call_install(runtime, &glue.install, main, entry))?;
    if let Some(inspection) = inspection {
        inspection.before_modules();
    }
    let found = runtime.resolve(promise);
    let found = budget.settle(runtime, found).await?;
    handlers_of(runtime, found)
}

fn call_install(
    runtime: &mut JsRuntime,
    install: &v8::Global<v8::Function>,
    main: &v8::Global<v8::Object>,
    entry: &str,
) -> Result<v8::Global<v8::Value>, LoadError> {
    deno_core::scope!(scope, runtime);
    let install = v8::Local::new(scope, install);
    let main = v8::Local::new(scope, main);
    let entry = v8::String::new(scope, entry).ok_or_else(|| LoadError::Host("out of memory".into()))?;
    let undefined = v8::undefined(scope);
    v8::tc_scope!(let tc, scope);
    let promise = install.call(tc, undefined.into(), &[main.into(), entry.into()]);
    // `install` is an async function: it throws only where V8 was told to stop.
    let promise = promise.ok_or_else(|| LoadError::Host("the start-up script was stopped".into()))?;
    Ok(v8::Global::new(tc, promise))
}

/// Functions of guest/worker.js.
struct Glue {
    install: v8::Global<v8::Function>,
    dispatch_fetch: v8::Global<v8::Function>,
    abort_fetch: v8::Global<v8::Function>,
}

/// Runs worky's scripts and modules, and takes from the global scope what a guest may not reach.
async fn prepare(runtime: &mut JsRuntime, meter: &Arc<Meter>) -> Result<(Glue, v8::Global<v8::Object>), LoadError> {
    let glue = run_glue(runtime)?;
    let mut budget = Budget::new(meter, BLANK_CPU);
    define_builtins(runtime, &mut budget).await?;
    let main = ModuleSpecifier::parse(MAIN).expect("it is a URL");
    let code = "export const load = (entry) => import(entry);";
    let main = load_side_module(runtime, &mut budget, &main, code.to_owned()).await?;
    Ok((glue, main))
}

fn run_glue(runtime: &mut JsRuntime) -> Result<Glue, LoadError> {
    let script = concat!(
        "(() => { const glue = Deno.core.loadExtScript('ext:worky/worker.js');",
        " glue.exports = glue.prepare('worky/",
        env!("CARGO_PKG_VERSION"),
        "'); globalThis.__worky = glue.exports;",
        " delete globalThis.Deno; delete globalThis.__bootstrap; delete globalThis.bootstrap; delete globalThis.__infra;",
        " return glue; })()"
    );
    let glue = runtime.execute_script("ext:worky/boot.js", script).map_err(|e| LoadError::Host(e.to_string()))?;
    let context = runtime.main_context();
    deno_core::scope!(scope, runtime);
    v8::Local::new(scope, &context).set_allow_generation_from_strings(false);
    let glue = v8::Local::new(scope, glue);
    let glue = v8::Local::<v8::Object>::try_from(glue).map_err(|e| LoadError::Host(e.to_string()))?;
    let function = |name: &str| -> Result<v8::Global<v8::Function>, LoadError> {
        let key = v8::String::new(scope, name).ok_or_else(|| LoadError::Host("out of memory".into()))?;
        let value = glue.get(scope, key.into()).and_then(|value| v8::Local::<v8::Function>::try_from(value).ok());
        let value = value.ok_or_else(|| LoadError::Host(format!("guest/worker.js has no {name}")))?;
        Ok(v8::Global::new(scope, value))
    };
    Ok(Glue {
        install: function("install")?,
        dispatch_fetch: function("dispatchFetch")?,
        abort_fetch: function("abortFetch")?,
    })
}

/// Puts `worky:workers`, `worky:plugins` and `node:async_hooks` into the module map, made of what `prepare` left for them.
async fn define_builtins(runtime: &mut JsRuntime, budget: &mut Budget<'_>) -> Result<(), LoadError> {
    let code = "const { ComponentError, PluginError, PluginLimitError, PluginTrapError } = globalThis.__worky.plugins;\n\
        export { ComponentError, PluginError, PluginLimitError, PluginTrapError };";
    let specifier = ModuleSpecifier::parse(BUILTIN_PLUGINS).expect("it is a URL");
    load_side_module(runtime, budget, &specifier, code.to_owned()).await?;
    let code = "const { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId, executionAsyncResource, triggerAsyncId } =\n\
        globalThis.__worky.asyncHooks;\n\
        export { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId, executionAsyncResource, triggerAsyncId };\n\
        export default { AsyncLocalStorage, AsyncResource };";
    let specifier = ModuleSpecifier::parse(BUILTIN_ASYNC_HOOKS).expect("it is a URL");
    load_side_module(runtime, budget, &specifier, code.to_owned()).await?;
    let code = "const { env, waitUntil, WorkerEntrypoint, RpcTarget, DurableObject } = globalThis.__worky;\n\
        delete globalThis.__worky;\n\
        export { env, waitUntil, WorkerEntrypoint, RpcTarget, DurableObject };";
    let specifier = ModuleSpecifier::parse(BUILTIN).expect("it is a URL");
    load_side_module(runtime, budget, &specifier, code.to_owned()).await.map(drop)
}

/// Evaluates one of worky's own modules.
async fn load_side_module(
    runtime: &mut JsRuntime,
    budget: &mut Budget<'_>,
    specifier: &ModuleSpecifier,
    code: String,
) -> Result<v8::Global<v8::Object>, LoadError> {
    let id = runtime
        .load_side_es_module_from_code(specifier, code)
        .await
        .map_err(|error| LoadError::Host(error.to_string()))?;
    let evaluated = budget.slice(|| runtime.mod_evaluate(id));
    budget.settle(runtime, evaluated).await?;
    runtime.get_module_namespace(id).map_err(|error| LoadError::Host(error.to_string()))
}

/// Reads what `install` found: `true`, or the names the module exports.
fn handlers_of(runtime: &mut JsRuntime, found: v8::Global<v8::Value>) -> Result<(), LoadError> {
    deno_core::scope!(scope, runtime);
    let found = v8::Local::new(scope, found);
    let Ok(names) = v8::Local::<v8::Array>::try_from(found) else { return Ok(()) };
    let mut exports = Vec::new();
    for i in 0..names.length() {
        if let Some(name) = names.get_index(scope, i) {
            exports.push(name.to_rust_string_lossy(scope));
        }
    }
    let default = exports.iter().find(|name| name.starts_with("default "));
    let hint = match default.map(String::as_str) {
        Some("default (a function)") => {
            "the default export is an object whose method is called: export default { fetch: handler }"
        }
        Some(_) => "give its default export a method fetch(request, env, ctx), which answers with a Response",
        None if exports.is_empty() => {
            "export default { async fetch(request, env, ctx) { … } }, also in the place of addEventListener(\"fetch\", …)"
        }
        None => "export default { async fetch(request, env, ctx) { … } }",
    };
    Err(LoadError::NoHandler { exports, hint: hint.to_owned() })
}

/// What a start may still use.
struct Budget<'a> {
    meter: &'a Arc<Meter>,
    cpu_left: Duration,
    wall: Duration,
    begun: Moment,
}

impl<'a> Budget<'a> {
    fn new(meter: &'a Arc<Meter>, cpu: Duration) -> Self {
        let wall = cpu * STARTUP_WALL_FACTOR;
        Budget { meter, cpu_left: cpu, wall, begun: Moment::now() }
    }

    /// Runs JavaScript within the CPU time that is left.
    fn slice<T>(&mut self, run: impl FnOnce() -> T) -> T {
        let begun = self.meter.begin(self.cpu_left);
        let out = run();
        self.cpu_left = self.cpu_left.saturating_sub(self.meter.end(begun).0);
        out
    }

    /// Turns the event loop until `future` is done, within both limits.
    async fn settle<T, E>(
        &mut self,
        runtime: &mut JsRuntime,
        future: impl Future<Output = Result<T, E>>,
    ) -> Result<T, LoadError>
    where
        CoreError: From<E>,
    {
        let (begun, limit) = (self.begun, self.wall);
        let mut future = pin!(future);
        let guest = |error: CoreError| LoadError::Guest(guest_error::from_core_error(error));
        let turn = poll_fn(|cx| {
            if let Poll::Ready(done) = future.as_mut().poll(cx) {
                return Poll::Ready(done.map_err(|error| guest(error.into())));
            }
            let turned = self.slice(|| runtime.poll_event_loop(cx, PollEventLoopOptions::default()));
            if let Poll::Ready(done) = future.as_mut().poll(cx) {
                return Poll::Ready(done.map_err(|error| guest(error.into())));
            }
            match turned {
                // `boot` says why; a turn may look as if nothing had happened.
                _ if self.meter.killed().is_some() => Poll::Ready(Err(LoadError::Host("the guest was stopped".into()))),
                Poll::Pending => Poll::Pending,
                Poll::Ready(Err(error)) => Poll::Ready(Err(guest(error))),
                Poll::Ready(Ok(())) => Poll::Ready(Err(LoadError::Guest(GuestError::unplaced(
                    "a top-level await never settles: nothing it waits for is left to run",
                )))),
            }
        });
        begun.timeout(limit, turn).await.unwrap_or(Err(LoadError::StartupWall { limit }))
    }
}
