//! One instance of a plugin, made when it is first called and made anew after it was stopped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::time::timeout;
use wasmtime::component::{Func, Instance};
use wasmtime::{Store, UpdateDeadline};
use worky_engine::LoadError;
use worky_engine::plugin::{MemoryAccount, PluginError, PluginInstances, Value};
use worky_host::log::Level;
use worky_host::{InvocationContext, InvocationLimits, RequestId, TraceContext};

use super::abi::{self, Arguments, ResultTooLarge, Results};
use super::bounds::{Bounds, Stopped};
use super::handles::Handles;
use super::load::Loaded;
use crate::config::{Place, Use};
use crate::epoch::Ticker;
use crate::limiter::Limiter;
use crate::meter::{Metered, Panicked};
use crate::state::{Guest, State};
use crate::trap;

/// Handles that a guest may have in its own tables, beside those that its caller holds.
const GUEST_HANDLES_MAX: usize = 100_000;

/// What one isolate's plugin may use outside of any request: while modules are evaluated, and of destructors.
const UNREQUESTED: InvocationLimits = InvocationLimits {
    subrequests: 0,
    subrequests_at_once: 0,
    open_streams: 0,
    kv_operations: 1_000,
    log_lines: 1_000,
    log_bytes: 1 << 20,
};

/// Epochs until a store's guest is looked at. The current one may end at once.
const EPOCHS: u64 = 1;

pub(super) struct PluginGuest {
    plugin: Arc<Loaded>,
    account: Arc<dyn MemoryAccount>,
    live: Option<Live>,
    handles: Handles,
    /// For what the guest does outside of any request.
    unrequested: InvocationContext,
}

struct Live {
    store: Store<State>,
    instance: Instance,
    /// By the index of the function; found when it is first called.
    functions: Vec<Option<Func>>,
    /// Given back last.
    _place: Place,
}

/// What a call gives back: its value, unless it has none.
pub(super) type Outcome = Result<Option<Value<'static>>, PluginError>;

impl PluginGuest {
    pub(super) fn new(plugin: Arc<Loaded>, account: Arc<dyn MemoryAccount>) -> Self {
        let handles = Handles::new(plugin.limits.handles);
        let id = RequestId::parse("no-request").unwrap_or_else(RequestId::random);
        let unrequested = InvocationContext::new(id, TraceContext::root(), UNREQUESTED);
        PluginGuest { plugin, account, live: None, handles, unrequested }
    }

    /// Calls to the end on this thread.
    pub(super) fn call_here(
        &mut self,
        context: Option<&InvocationContext>,
        interrupted: &(dyn Fn() -> bool + Sync),
        function: u32,
        arguments: &[Value<'_>],
    ) -> Outcome {
        let _running = Ticker::global().enter();
        let given = self.check(function, arguments)?;
        self.start_here(context, interrupted)?;
        let (plugin, handles) = (&self.plugin, &self.handles);
        let Some(live) = &mut self.live else { return Err(not_there()) };
        live.serve(plugin, context.unwrap_or(&self.unrequested));
        let called = run_here(live, interrupted, |live| {
            let func = live.function(plugin, function)?;
            abi::dynamic(func).call(&mut live.store, Arguments { values: arguments, handles })
        });
        self.finish(function, &given, called)
    }

    /// Calls on the thread that polls. Dropping the future leaves the guest to be discarded.
    pub(super) async fn call(
        &mut self,
        context: &InvocationContext,
        function: u32,
        arguments: &[Value<'static>],
    ) -> Outcome {
        let given = self.check(function, arguments)?;
        self.start(context).await?;
        let (plugin, handles) = (&self.plugin, &self.handles);
        let Some(live) = &mut self.live else { return Err(not_there()) };
        live.serve(plugin, context);
        live.store.set_epoch_deadline(EPOCHS);
        let meter = live.store.data().meter.clone();
        let call = async {
            let func = live.function(plugin, function)?;
            abi::dynamic(func).call_async(&mut live.store, Arguments { values: arguments, handles }).await
        };
        let called = ended(timeout(plugin.limits.call, Metered::new(meter, call)).await);
        self.finish(function, &given, called)
    }

    /// Drops a resource that the caller held, which can run a destructor of the guest's.
    pub(super) fn drop_here(&mut self, handle: u32) {
        let Some(resource) = self.handles.take(handle) else { return };
        let _running = Ticker::global().enter();
        let Some(live) = &mut self.live else { return };
        live.serve(&self.plugin, &self.unrequested);
        let dropped = run_here(live, &|| false, |live| resource.resource_drop(&mut live.store));
        self.finish_drop(dropped);
    }

    pub(super) async fn drop(&mut self, handle: u32) {
        let Some(resource) = self.handles.take(handle) else { return };
        let Some(live) = &mut self.live else { return };
        live.serve(&self.plugin, &self.unrequested);
        live.store.set_epoch_deadline(EPOCHS);
        let meter = live.store.data().meter.clone();
        let drop = resource.resource_drop_async(&mut live.store);
        let dropped = ended(timeout(self.plugin.limits.call, Metered::new(meter, drop)).await);
        self.finish_drop(dropped);
    }

    /// Throws the instance away, with everything that it gave out.
    pub(super) fn discard(&mut self) {
        if let Some(live) = self.live.take() {
            live.store.data().output.flush();
        }
        self.handles.invalidate();
    }

    /// Before anything of the guest runs, so that a mistake of the caller's costs no instance.
    fn check(&self, function: u32, arguments: &[Value<'_>]) -> Result<Vec<u32>, PluginError> {
        let interface = &self.plugin.exports.interface;
        let Some(found) = interface.functions.get(function as usize) else {
            return Err(PluginError::Host(format!("there is no function {function}")));
        };
        if found.parameters.len() != arguments.len() {
            let expected = found.parameters.len();
            return Err(PluginError::Host(format!(
                "{} takes {expected} arguments, not {}",
                found.name,
                arguments.len()
            )));
        }
        match self.plugin.exports.functions[function as usize].takes_resources {
            true => self.handles.check(&found.parameters, arguments),
            false => Ok(Vec::new()),
        }
    }

    fn finish(&mut self, function: u32, given: &[u32], called: Result<Results, Failed>) -> Outcome {
        let outcome = called.map_err(|failed| self.failure(failed)).and_then(|Results { mut value, resources }| {
            self.handles.give(given);
            let ty = self.plugin.exports.interface.functions[function as usize].result.as_ref();
            if let (Some(value), Some(ty), false) = (&mut value, ty, resources.is_empty()) {
                self.handles.adopt(ty, value, &resources)?;
            }
            Ok(value)
        });
        if outcome.is_err() || self.plugin.instances == PluginInstances::Call {
            self.discard();
        }
        self.count_limit(&outcome);
        outcome
    }

    fn finish_drop(&mut self, dropped: Result<(), Failed>) {
        let Err(failed) = dropped else { return };
        let outcome = Err(self.failure(failed));
        self.count_limit(&outcome);
        if let Err(error) = outcome {
            let message = format!("a destructor failed, and the plugin's instance was discarded: {error}");
            self.plugin.bindings.log.write(None, Level::Error, &message);
        }
        self.discard();
    }

    fn start_here(
        &mut self,
        context: Option<&InvocationContext>,
        interrupted: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), PluginError> {
        if self.live.is_some() {
            return Ok(());
        }
        let place = self.place()?;
        let mut store = self.store(context.unwrap_or(&self.unrequested));
        store.epoch_deadline_callback(|mut cx| {
            if let Some(bounds) = &mut cx.data_mut().bounds {
                bounds.check()?;
            }
            Ok(UpdateDeadline::Continue(EPOCHS))
        });
        let started = run_here(&mut store, interrupted, |store| self.plugin.instance_pre.instantiate(store));
        self.started(store, place, started)
    }

    async fn start(&mut self, context: &InvocationContext) -> Result<(), PluginError> {
        if self.live.is_some() {
            return Ok(());
        }
        let place = self.place()?;
        let mut store = self.store(context);
        store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Yield(EPOCHS)));
        store.set_epoch_deadline(EPOCHS);
        let meter = store.data().meter.clone();
        let start = self.plugin.instance_pre.instantiate_async(&mut store);
        let started = ended(timeout(self.plugin.limits.call, Metered::new(meter, start)).await);
        self.started(store, place, started)
    }

    /// Room for an instance, among all those of the process.
    fn place(&self) -> Result<Place, PluginError> {
        let pooled = self.plugin.shared.engine(Use::Plugins).map_err(|error| PluginError::Host(error.to_string()))?;
        pooled.place_now(self.plugin.places).ok_or_else(|| {
            self.plugin.shared.metrics.limit_exceeded(&self.plugin.bindings.worker, "plugin_instances");
            PluginError::Limit { limit: "instances", message: LoadError::Instances.to_string() }
        })
    }

    fn store(&self, context: &InvocationContext) -> Store<State> {
        let Loaded { bindings, limits, .. } = &*self.plugin;
        let guest = Guest { bindings: bindings.clone(), context: context.clone() };
        let mut limiter = Limiter::with_account(limits.memory_bytes, self.account.clone());
        limiter.limit_instances(self.plugin.core_instances_max);
        let mut state = State::new(guest, limiter);
        state.bounds = Some(Box::new(Bounds::new(limits.call)));
        let mut store = Store::new(self.plugin.instance_pre.engine(), state);
        store.limiter(|state| &mut state.limiter);
        // A result in the host's memory is bounded as the guest's own is.
        store.set_hostcall_fuel(limits.memory_bytes);
        store.set_max_component_handles(GUEST_HANDLES_MAX + limits.handles as usize);
        store
    }

    fn started(
        &mut self,
        store: Store<State>,
        place: Place,
        started: Result<Instance, Failed>,
    ) -> Result<(), PluginError> {
        let functions = vec![None; self.plugin.exports.functions.len()];
        match started {
            Ok(instance) => {
                self.live = Some(Live { store, instance, functions, _place: place });
                Ok(())
            }
            Err(failed) => {
                store.data().output.flush();
                let error = match failure(&self.plugin, store.data(), failed) {
                    PluginError::Trap { message, .. } => PluginError::Start(message),
                    error => error,
                };
                let outcome = Err(error);
                self.count_limit(&outcome);
                outcome.map(|_: Option<Value<'static>>| ())
            }
        }
    }

    fn failure(&self, failed: Failed) -> PluginError {
        match &self.live {
            Some(live) => failure(&self.plugin, live.store.data(), failed),
            None => not_there(),
        }
    }

    fn count_limit(&self, outcome: &Outcome) {
        if let Err(PluginError::Limit { limit, .. }) = outcome {
            let limit = match *limit {
                "memory_mb" => "plugin_memory_mb",
                "call_ms" => "plugin_call_ms",
                _ => "plugin_handles",
            };
            self.plugin.shared.metrics.limit_exceeded(&self.plugin.bindings.worker, limit);
        }
    }
}

/// How a call ends that has no result.
enum Failed {
    Guest(wasmtime::Error),
    Panicked(String),
}

impl Live {
    /// From here on the guest runs for this request. One that cannot say anything needs not know.
    fn serve(&mut self, plugin: &Loaded, context: &InvocationContext) {
        let state = self.store.data_mut();
        if plugin.has_imports {
            state.serve(context.clone(), state.meter.clone());
        } else {
            state.limiter.forget();
        }
    }

    fn function(&mut self, plugin: &Loaded, index: u32) -> wasmtime::Result<Func> {
        let index = index as usize;
        if let Some(func) = self.functions[index] {
            return Ok(func);
        }
        let export = &plugin.exports.functions[index];
        let func = self.instance.get_func(&mut self.store, export.index);
        let func = func.ok_or_else(|| wasmtime::format_err!("the instance has no function {}", export.path))?;
        self.functions[index] = Some(func);
        Ok(func)
    }
}

/// Who has a store.
trait Owner {
    fn store(&mut self) -> &mut Store<State>;
}

impl Owner for Live {
    fn store(&mut self) -> &mut Store<State> {
        &mut self.store
    }
}

impl Owner for Store<State> {
    fn store(&mut self) -> &mut Store<State> {
        self
    }
}

/// Runs on this thread whatever `run` has the guest of `owner`'s store do, for as long as the call's bounds allow.
fn run_here<O: Owner, R>(
    owner: &mut O,
    interrupted: &(dyn Fn() -> bool + Sync),
    run: impl FnOnce(&mut O) -> wasmtime::Result<R>,
) -> Result<R, Failed> {
    let store = owner.store();
    store.set_epoch_deadline(EPOCHS);
    if let Some(bounds) = &mut store.data_mut().bounds {
        // SAFETY: `interrupted` outlives this function, which ends the bounds' use of it below: nothing in between
        // returns, and a panic does not pass `caught`.
        unsafe { bounds.begin(interrupted) };
    }
    let outcome = caught(|| run(owner));
    if let Some(bounds) = &mut owner.store().data_mut().bounds {
        bounds.end();
    }
    outcome
}

/// A panic of a host function must not reach the caller, which may be a callback of V8 that cannot be unwound.
fn caught<R>(run: impl FnOnce() -> wasmtime::Result<R>) -> Result<R, Failed> {
    // The instance is discarded after it, so nobody sees what it left half done.
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(outcome) => outcome.map_err(Failed::Guest),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            Err(Failed::Panicked(text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()))
        }
    }
}

fn ended<R>(outcome: Result<Result<wasmtime::Result<R>, Panicked>, tokio::time::error::Elapsed>) -> Result<R, Failed> {
    match outcome {
        Ok(Ok(outcome)) => outcome.map_err(Failed::Guest),
        Ok(Err(Panicked(message))) => Err(Failed::Panicked(message)),
        Err(_elapsed) => Err(Failed::Guest(Stopped::CallTime.into())),
    }
}

fn failure(plugin: &Loaded, state: &State, failed: Failed) -> PluginError {
    let error = match failed {
        Failed::Guest(error) => error,
        Failed::Panicked(message) => return PluginError::Host(format!("a host function panicked: {message}")),
    };
    let memory = |what: &str| PluginError::Limit {
        limit: "memory_mb",
        message: format!(
            "{what} {} bytes (limits.memory_mb of the plugin, or of its worker)",
            plugin.limits.memory_bytes
        ),
    };
    if let Some(stopped) = error.downcast_ref::<Stopped>() {
        stopped.error(plugin.limits.call)
    } else if error.is::<ResultTooLarge>() {
        memory("its result takes more than")
    } else if state.limiter.refused() {
        memory("it used more memory than")
    } else {
        let trap = trap::guest_error(&error);
        PluginError::Trap { message: trap.message, details: trap.stack.unwrap_or_default() }
    }
}

fn not_there() -> PluginError {
    PluginError::Host("the plugin has no instance".to_owned())
}
