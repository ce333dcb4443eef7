//! What a worker is granted, as `env` is built from it.

use std::sync::Arc;

use deno_core::{OpState, op2};
use serde::Serialize;

use super::instance;
use crate::instance::Blueprint;

#[derive(Serialize)]
pub(super) struct Grants {
    /// Name and JSON text.
    vars: Vec<(String, String)>,
    secrets: Vec<(String, String)>,
    /// Binding names; a namespace is known by its place here.
    kv: Vec<String>,
    /// As with `kv`.
    services: Vec<String>,
    /// Binding names; a directory is known by its place here.
    files: Vec<String>,
    globals: Vec<String>,
    /// Timers that may be set at once.
    timers_max: u32,
    /// Whether a debugger can attach.
    inspected: bool,
}

#[op2]
#[serde]
pub(super) fn op_env(state: &mut OpState) -> Grants {
    let instance = instance(state);
    let bindings = &instance.bindings;
    let blueprint = state.borrow::<Arc<Blueprint>>();
    Grants {
        vars: bindings.vars.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
        secrets: bindings.secrets.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect(),
        kv: bindings.kv.iter().map(|(name, _)| name.clone()).collect(),
        services: bindings.services.iter().map(|service| service.binding().to_owned()).collect(),
        files: bindings.files.mounts().iter().map(|(name, _)| name.clone()).collect(),
        globals: bindings.globals.clone(),
        timers_max: blueprint.limits.timers,
        inspected: blueprint.inspected.is_some(),
    }
}
