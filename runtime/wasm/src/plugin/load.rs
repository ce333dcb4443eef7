//! From a component to something that can be opened: what it imports is looked at, linked, and never run.

use std::sync::Arc;

use wasmtime::component::types::{self, ComponentItem};
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Engine, StoreContextMut};
use worky_engine::LoadError;
use worky_engine::plugin::{PluginArtifact, PluginGrants, PluginInstances, PluginLimits};
use worky_host::Bindings;
use worky_host::log::{Level, Log, Record, Sink};

use super::inline;
use super::interface::{self, Exports};
use crate::component::Outline;
use crate::config::{self, Use};
use crate::engine::Shared;
use crate::imports;
use crate::state::State;

/// Interfaces that a plugin may import without anything having to wait for them.
const INLINE: [&str; 8] = [
    "wasi:cli/",
    "wasi:clocks/",
    "wasi:config/",
    "wasi:filesystem/",
    "wasi:io/",
    "wasi:logging/",
    "wasi:random/",
    "wasi:sockets/",
];

/// Interfaces whose functions wait for a database or a server.
const WAITING: [&str; 2] = ["wasi:http/", "wasi:keyvalue/"];

/// Instances of modules that every plugin may have, as many as componentizing tools make.
const CORE_INSTANCES_MIN: usize = 8;

/// The one function that a plugin may import by itself: `import log: func(message: string);`.
const LOG: &str = "log";

/// A loaded plugin.
pub(super) struct Loaded {
    pub(super) shared: Arc<Shared>,
    pub(super) exports: Exports,
    pub(super) instance_pre: InstancePre<State>,
    pub(super) bindings: Arc<Bindings>,
    pub(super) limits: PluginLimits,
    pub(super) instances: PluginInstances,
    /// What an instance takes of the process's.
    pub(super) places: u32,
    /// Instances of its modules.
    pub(super) core_instances_max: usize,
    pub(super) is_synchronous: bool,
    /// Whether the guest can call the host at all.
    pub(super) has_imports: bool,
}

/// What a component's imports ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Imports {
    any: bool,
    waiting: bool,
    log: bool,
}

pub(super) async fn load(shared: Arc<Shared>, artifact: PluginArtifact) -> Result<Loaded, LoadError> {
    let PluginArtifact { name, component, bindings, grants, limits, instances, .. } = artifact;
    let failed = |problem: String| LoadError::Plugin { plugin: name.to_string(), problem };
    let record_bytes = Outline::read(&name, &component)?.record_bytes;
    if record_bytes > config::INSTANCE_BYTES_MAX {
        return Err(failed(format!(
            "a module in it has so many functions, globals and imports that an instance takes up to {record_bytes} bytes \
             beside its memory; the most is {}",
            config::INSTANCE_BYTES_MAX
        )));
    }
    let component = shared.compile(Use::Plugins, &name, &component).await?;
    let places = config::places_of(&component).map_err(failed)?;
    let engine = &shared.engine(Use::Plugins)?.engine;
    let asked = imported(engine, &component, !bindings.files.mounts().is_empty()).map_err(failed)?;
    let exports = interface::exports(engine, &component).map_err(failed)?;
    if let (PluginInstances::Call, Some(resource)) = (instances, exports.interface.resources.first()) {
        return Err(failed(format!(
            "instances = \"call\" leaves nothing for the next call, but it exports resources ({}); use \"isolate\"",
            resource.name
        )));
    }
    // The host's records of them are to fit into the plugin's memory.
    let core_instances_max =
        (limits.memory_bytes / record_bytes.max(1)).clamp(CORE_INSTANCES_MIN, config::CORE_INSTANCES_MAX as usize);
    let linked = link(engine, &component, asked).map_err(|error| failed(format!("{error:#}")))?;
    Ok(Loaded {
        exports,
        instance_pre: linked,
        bindings: Arc::new(granted(bindings, grants, name.clone())),
        limits,
        instances,
        places,
        core_instances_max,
        is_synchronous: !asked.waiting,
        has_imports: asked.any,
        shared,
    })
}

/// Says what the component imports that no plugin can be given. `files`: whether it is granted any.
fn imported(engine: &Engine, component: &Component, files: bool) -> Result<Imports, String> {
    let mut asked = Imports::default();
    for (name, item) in component.component_type().imports(engine) {
        let is_any = |known: &[&str]| known.iter().any(|prefix| name.starts_with(prefix));
        match item.ty {
            ComponentItem::Type(_) => continue,
            ComponentItem::ComponentFunc(function) if name == LOG && is_log(&function) => asked.log = true,
            ComponentItem::ComponentInstance(_) if name.contains("@0.3.") => {
                return Err(format!("it imports {name}, but plugins have WASI 0.2 only; build it for that"));
            }
            ComponentItem::ComponentInstance(_) if is_any(&WAITING) => asked.waiting = true,
            ComponentItem::ComponentInstance(_) if is_any(&INLINE) => {
                asked.waiting |= files && name.starts_with("wasi:filesystem/");
            }
            ComponentItem::ComponentFunc(_) if name == LOG => {
                return Err("it imports the function log, which must be func(message: string)".to_owned());
            }
            // An interface of types alone, which the component's own exports use: there is nothing to provide.
            ComponentItem::ComponentInstance(instance)
                if instance.exports(engine).all(|(_, item)| matches!(item.ty, ComponentItem::Type(_))) =>
            {
                continue;
            }
            _ => return Err(unknown(name)),
        }
        asked.any = true;
    }
    Ok(asked)
}

fn unknown(name: &str) -> String {
    format!(
        "it imports {name}, which nothing here provides; a plugin may import interfaces of {}, and log: func(message: \
         string)",
        INLINE.iter().chain(&WAITING).map(|prefix| prefix.trim_end_matches('/')).collect::<Vec<_>>().join(", ")
    )
}

fn is_log(function: &types::ComponentFunc) -> bool {
    let mut parameters = function.params().map(|(_, ty)| ty);
    let one = matches!((parameters.next(), parameters.next()), (Some(types::Type::String), None));
    one && function.results().next().is_none() && !function.async_()
}

fn link(engine: &Engine, component: &Component, asked: Imports) -> wasmtime::Result<InstancePre<State>> {
    let mut linker = Linker::new(engine);
    match asked.waiting {
        true => imports::link(&mut linker)?,
        false => inline::link(&mut linker)?,
    }
    if asked.log {
        linker.root().func_wrap(LOG, |store: StoreContextMut<'_, State>, (message,): (String,)| {
            let guest = &store.data().guest;
            guest.bindings.log.write(Some(&guest.context), Level::Info, &message);
            Ok(())
        })?;
    }
    linker.instantiate_pre(component)
}

/// The bindings with what they always hold taken out where it is not granted.
pub(super) fn granted(mut bindings: Bindings, grants: PluginGrants, name: Arc<str>) -> Bindings {
    // Directories are granted by name. The worker's own files have none, and are nobody else's.
    let directories: Vec<_> = bindings.files.mounts().iter().map(|(name, _)| name.as_str()).collect();
    bindings.files = bindings.files.only(&directories);
    if !grants.fetch {
        bindings.fetch = bindings.fetch.withheld_from(name.clone());
    }
    bindings.log = match grants.log {
        true => bindings.log.of_plugin(name),
        false => {
            let (worker, limits) = (bindings.worker.clone(), bindings.log.limits());
            Log::to_sink(worker, limits, Default::default(), Default::default(), Arc::new(Nowhere))
        }
    };
    bindings
}

/// Where the records of a plugin go that may not log.
struct Nowhere;

impl Sink for Nowhere {
    fn wants(&self, _level: Level) -> bool {
        false
    }

    fn write(&self, _record: Record<'_>) {}
}
