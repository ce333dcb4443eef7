//! `wasi:config`: vars and secrets by name, as `env` has them in JavaScript.

use wasmtime::StoreContextMut;
use wasmtime::component::Linker;
use worky_host::Bindings;

use self::bindings::wasi::config::store::Error;
use crate::state::State;

/// The names of one interface over time. They differ in nothing else, and prereleases are never taken for one another.
const NAMES: [&str; 4] = [
    "wasi:config/store@0.2.0-rc.1",
    "wasi:config/store@0.2.0-draft-2024-09-27",
    "wasi:config/store@0.2.0-draft",
    "wasi:config/runtime@0.2.0-draft",
];

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit/deps/config",
        world: "wasi:config/imports",
    });
}

pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    for name in NAMES {
        let mut instance = linker.instance(name)?;
        instance.func_wrap("get", |store: StoreContextMut<'_, State>, (key,): (String,)| {
            Ok((Ok::<_, Error>(value(&store.data().guest.bindings, &key)),))
        })?;
        instance.func_wrap("get-all", |store: StoreContextMut<'_, State>, ()| {
            Ok((Ok::<_, Error>(values(&store.data().guest.bindings)),))
        })?;
    }
    Ok(())
}

fn value(bindings: &Bindings, key: &str) -> Option<String> {
    let var = bindings.vars.iter().find(|(name, _)| name == key).map(|(_, value)| text(value));
    var.or_else(|| bindings.secrets.iter().find(|(name, _)| name == key).map(|(_, value)| value.expose().to_owned()))
}

fn values(bindings: &Bindings) -> Vec<(String, String)> {
    let vars = bindings.vars.iter().map(|(name, value)| (name.clone(), text(value)));
    let secrets = bindings.secrets.iter().map(|(name, value)| (name.clone(), value.expose().to_owned()));
    vars.chain(secrets).collect()
}

/// A string as it is; any other value as JSON text.
fn text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
