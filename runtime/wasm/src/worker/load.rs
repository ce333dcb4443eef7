//! From a file to a worker, with everything wrong with it told before it serves.

use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio_util::task::TaskTracker;
use wasmtime::component::{InstancePre, Linker};
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p3::bindings::ServicePre;
use worky_engine::{ComponentArtifact, ComponentSettings, Limits, LoadError};
use worky_host::{Bindings, InvocationContext, InvocationLimits, RequestId, TraceContext};

use super::instance::{Handler, Instance};
use super::{Blueprint, WasmWorker};
use crate::component::Outline;
use crate::config::{self, Use};
use crate::engine::Shared;
use crate::imports;
use crate::meter::Metered;
use crate::state::State;

const P2_HANDLER: &str = "wasi:http/incoming-handler";
const P3_HANDLER: &str = "wasi:http/handler";

/// Which of its exports answers requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exported {
    P2,
    P3,
}

impl WasmWorker {
    pub(crate) async fn load(
        shared: Arc<Shared>,
        artifact: ComponentArtifact,
        bindings: Bindings,
        limits: Limits,
    ) -> Result<Self, LoadError> {
        let ComponentArtifact { file, component: bytes, settings } = artifact;
        let outline = Outline::read(&file, &bytes)?;
        let exported = exported_handler(&outline, &settings)?;
        let purpose = if outline.speaks_wasi_p3() {
            Use::Concurrent
        } else if outline.data_bytes <= config::COPIED_BYTES_MAX {
            Use::SmallWorkers
        } else {
            Use::Workers
        };
        let (handler, places) = prepare(&shared, purpose, exported, &file, &bytes, &outline).await?;
        let blueprint = Arc::new(Blueprint {
            purpose,
            file,
            component: bytes,
            handler,
            spare: OnceCell::new(),
            places,
            bindings: Arc::new(bindings),
            limits,
            settings,
            runtime: Handle::current(),
            idle: Mutex::default(),
            running: TaskTracker::new(),
            shared,
        });
        let first = start_once(&blueprint).await?;
        blueprint.keep(first);
        Ok(WasmWorker(blueprint))
    }
}

/// Compiles and links. The number is that of the places an instance takes.
async fn prepare(
    shared: &Arc<Shared>,
    purpose: Use,
    exported: Exported,
    file: &str,
    bytes: &Bytes,
    outline: &Outline,
) -> Result<(Handler, u32), LoadError> {
    let component = shared.compile(purpose, file, bytes).await?;
    let bad = |problem: String| LoadError::NotAComponent { file: file.to_owned(), problem };
    let places = config::places_of(&component).map_err(bad)?;
    let mut linker = Linker::new(&shared.engine(purpose)?.engine);
    let linked = match purpose {
        Use::Concurrent => imports::link_concurrent(&mut linker),
        Use::Workers | Use::SmallWorkers | Use::Plugins => imports::link(&mut linker),
    };
    linked.map_err(|error| LoadError::Host(format!("the imports cannot be linked: {error:#}")))?;
    let pre = linker.instantiate_pre(&component).map_err(|error| import_error(&error, outline))?;
    let handler = handler(exported, pre).map_err(|error| bad(format!("its handler has another type: {error:#}")))?;
    Ok((handler, places))
}

impl Blueprint {
    /// For an instance whose memory comes from the system, as that of plugins does: the pool is full, and nobody is to
    /// wait for those who have it.
    pub(super) async fn spare_handler(&self) -> Result<&Handler, LoadError> {
        let make = || async {
            let outline = Outline::read(&self.file, &self.component)?;
            let prepared =
                prepare(&self.shared, Use::Plugins, Exported::P2, &self.file, &self.component, &outline).await?;
            Ok(prepared.0)
        };
        self.spare.get_or_try_init(make).await
    }
}

/// So that what does not start is known now. There is no request, so nothing can be fetched.
async fn start_once(blueprint: &Arc<Blueprint>) -> Result<Instance, LoadError> {
    let limits = InvocationLimits { subrequests: 0, ..blueprint.limits.invocation() };
    let context = InvocationContext::new(RequestId::random(), TraceContext::root(), limits);
    let meter = Arc::default();
    let start = Instance::start(blueprint.clone(), context, Arc::clone(&meter));
    let started = Metered::new(meter, start).await;
    started.unwrap_or_else(|panic| Err(LoadError::Host(format!("a host function broke down: {}", panic.0))))
}

fn exported_handler(outline: &Outline, settings: &ComponentSettings) -> Result<Exported, LoadError> {
    let no_handler = |hint: String| LoadError::NoHandler { exports: outline.exports.clone(), hint };
    if outline.exports_interface(P2_HANDLER, "0.2.").is_some() && !outline.speaks_wasi_p3() {
        return Ok(Exported::P2);
    }
    if outline.speaks_wasi_p3() && !settings.wasi_p3 {
        return Err(no_handler(
            "it speaks WASI 0.3, which is experimental; allow it with `wasi_p3 = true` under `[wasm]`".to_owned(),
        ));
    }
    if outline.exports_interface(P3_HANDLER, "0.3.").is_some() {
        return Ok(Exported::P3);
    }
    if outline.exports_interface(P2_HANDLER, "0.2.").is_some() {
        return Ok(Exported::P2);
    }
    let other =
        [(P2_HANDLER, ""), (P3_HANDLER, "")].iter().find_map(|(name, any)| outline.exports_interface(name, any));
    let command = outline.exports_interface("wasi:cli/run", "").is_some();
    Err(no_handler(match other {
        Some(name) => format!("the version of {name} is not one of 0.2 or 0.3"),
        None if command => {
            "a worker exports `wasi:http/incoming-handler@0.2`; a command, as this is, runs once: `worky run FILE.wasm`"
                .to_owned()
        }
        None => "a worker exports `wasi:http/incoming-handler@0.2`".to_owned(),
    }))
}

fn handler(exported: Exported, pre: InstancePre<State>) -> wasmtime::Result<Handler> {
    Ok(match exported {
        Exported::P2 => Handler::P2(ProxyPre::new(pre)?),
        Exported::P3 => Handler::P3(ServicePre::new(pre)?),
    })
}

/// Names the import that linking failed at.
fn import_error(error: &wasmtime::Error, outline: &Outline) -> LoadError {
    let whole = format!("{error:#}");
    let named = outline.imports.iter().find(|import| whole.contains(&format!("`{import}`")));
    let Some(import) = named else {
        return LoadError::Import { import: "of an unknown name".to_owned(), problem: whole };
    };
    let function = error.chain().find_map(|cause| {
        let text = cause.to_string();
        Some(text.split_once("instance export `")?.1.split_once('`')?.0.to_owned())
    });
    let import = match &function {
        Some(function) => format!("`{import}` (its `{function}`)"),
        None => format!("`{import}`"),
    };
    let cause = error.root_cause().to_string();
    let problem = if cause.contains("was not found") || cause.contains("implementation is missing") {
        format!("there is nothing of that name here; {}", imports::SUPPORTED)
    } else {
        format!("{cause}; {}", imports::SUPPORTED)
    };
    LoadError::Import { import, problem }
}
