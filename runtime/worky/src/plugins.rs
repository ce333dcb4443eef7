//! The components that a worker's modules import: what is declared, and files that are imported as they are.

use std::fs::File;
use std::io::Read as _;

use bytes::Bytes;
use worky_bundle::{ComponentizeError, componentize};
use worky_engine::plugin::{PluginArtifact, PluginGrants, PluginInstances, PluginLimits};
use worky_host::Bindings;
use worky_host::service::Services;

use crate::config::{Grant, PluginConfig, Problem, WorkerConfig};

/// The largest component that is read.
const COMPONENT_BYTES_MAX: u64 = 256 << 20;

/// What begins a component, and a module of the kind that is none. The layer is in the last two bytes.
/// <https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md>
const MAGIC: &[u8] = b"\0asm";
const COMPONENT_LAYER: &[u8] = &[1, 0];
const MODULE_LAYER: &[u8] = &[0, 0];

/// `[[plugins]]`, with what each is granted of the worker's bindings.
pub(crate) fn declared(worker: &WorkerConfig, bindings: &Bindings) -> Result<Vec<PluginArtifact>, Vec<Problem>> {
    let (mut artifacts, mut problems) = (Vec::new(), Vec::new());
    for plugin in &worker.plugins {
        match read(plugin) {
            Ok(component) => artifacts.push(PluginArtifact {
                specifier: format!("plugin:{}", plugin.name),
                name: plugin.name.as_str().into(),
                component,
                bindings: granted(bindings, &plugin.grants),
                grants: PluginGrants {
                    log: plugin.grants.contains(&Grant::Log),
                    fetch: plugin.grants.contains(&Grant::Fetch),
                },
                limits: plugin.limits.clone(),
                instances: plugin.instances,
            }),
            Err(problem) => problems.push(problem.at(&plugin.span, "")),
        }
    }
    if problems.is_empty() { Ok(artifacts) } else { Err(problems) }
}

/// A component that a module imports by its path, `file` from the worker's directory: it is granted nothing.
pub(crate) fn imported(specifier: String, file: &str, component: Bytes, bindings: &Bindings) -> PluginArtifact {
    PluginArtifact {
        specifier,
        name: file.into(),
        component,
        bindings: granted(bindings, &[]),
        grants: PluginGrants::default(),
        limits: PluginLimits::default(),
        instances: PluginInstances::default(),
    }
}

/// The component's bytes; of a core module, where it can be made one.
pub(crate) fn read(plugin: &PluginConfig) -> Result<Bytes, Problem> {
    let path = plugin.path.display();
    let unreadable = |error: std::io::Error| Problem::error(format!("{path} cannot be read: {error}"));
    let component = match &plugin.packed {
        Some(component) => component.clone(),
        None => {
            let mut component = Vec::new();
            let file = File::open(&plugin.path).map_err(unreadable)?;
            file.take(COMPONENT_BYTES_MAX + 1).read_to_end(&mut component).map_err(unreadable)?;
            Bytes::from(component)
        }
    };
    if component.len() as u64 > COMPONENT_BYTES_MAX {
        let problem = Problem::error(format!("{path} is larger than {COMPONENT_BYTES_MAX} bytes"));
        return Err(problem.hint("strip its debug information: wasm-tools strip --all"));
    }
    if !is_module(&component) {
        check(&component, &path.to_string())?;
        return Ok(component);
    }
    // A module that came in a bundle was made a component as it was built.
    componentize(&component, plugin.wit.as_deref()).map(Bytes::from).map_err(|error| {
        let problem = Problem::error(format!("{path} is a core WebAssembly module, not a component: {error}"));
        match error {
            ComponentizeError::NoWorld => problem
                .hint("name the WIT text of its world: wit = \"wit\"; or make a component of it: wasm-tools component new")
                .hint("or import it by its path, as the core module that it is"),
            ComponentizeError::Wit { .. } => problem.hint("`wit` names a directory or a file with a package of one world"),
            ComponentizeError::Module(_) => problem.hint("build it anew after its WIT text or its bindings have changed"),
        }
    })
}

fn is_module(bytes: &[u8]) -> bool {
    bytes.strip_prefix(MAGIC).and_then(|rest| rest.get(2..4)) == Some(MODULE_LAYER)
}

/// Refuses what does not begin as a component does; `path` is for the message.
pub(crate) fn check(component: &[u8], path: &str) -> Result<(), Problem> {
    match component.strip_prefix(MAGIC).and_then(|rest| rest.get(2..4)) {
        Some(COMPONENT_LAYER) => Ok(()),
        Some(MODULE_LAYER) => {
            let problem = Problem::error(format!("{path} is a core WebAssembly module, not a component"));
            Err(problem.hint("import a core module by its path, or make a component of it: wasm-tools component new"))
        }
        _ => Err(Problem::error(format!("{path} is not a WebAssembly component"))),
    }
}

/// What is left of a worker's bindings for one of its plugins.
fn granted(bindings: &Bindings, grants: &[Grant]) -> Bindings {
    let has = |grant: &Grant| grants.contains(grant);
    let mut own = bindings.clone();
    own.vars.retain(|(name, _)| has(&Grant::Config) || has(&Grant::Var(name.clone())));
    own.secrets.retain(|(name, _)| has(&Grant::Secret(name.clone())));
    own.kv.retain(|(binding, _)| has(&Grant::Kv(binding.clone())));
    let services = bindings.services.iter().filter(|service| has(&Grant::Service(service.binding().to_owned())));
    own.services = Services::new(services.cloned().collect());
    let files = grants.iter().filter_map(|grant| match grant {
        Grant::Files(binding) => Some(binding.as_str()),
        _ => None,
    });
    own.files = bindings.files.only(&files.collect::<Vec<_>>());
    own.globals = Vec::new();
    own
}
