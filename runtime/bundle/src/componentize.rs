//! A core module as a component, where it says, or WIT text says, what it imports and exports: compilers of several languages
//! stop at the module.

use std::path::{Path, PathBuf};

use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Why a module cannot be a component.
#[derive(Debug, thiserror::Error)]
pub enum ComponentizeError {
    #[error("it is a core module that does not say what it imports and exports")]
    NoWorld,
    #[error("{}: {cause}", path.display())]
    Wit { path: PathBuf, cause: String },
    #[error("no component can be made of it: {0}")]
    Module(String),
}

/// The component of a core module. Its world is in the module, as wit-bindgen leaves it there for Rust and C, or it is the one of
/// the package at `wit`. What it imports of WASI preview 1 is adapted.
pub fn componentize(module: &[u8], wit: Option<&Path>) -> Result<Vec<u8>, ComponentizeError> {
    let failed = |error| ComponentizeError::Module(format!("{error:#}"));
    let (without_world, _) = wit_component::metadata::decode(module).map_err(failed)?;
    let embedded = match (without_world, wit) {
        (Some(_), _) => None,
        (None, Some(path)) => Some(embed(module, path)?),
        (None, None) => return Err(ComponentizeError::NoWorld),
    };
    ComponentEncoder::default()
        .validate(true)
        .module(embedded.as_deref().unwrap_or(module))
        .and_then(|encoder| {
            encoder.adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER)
        })
        .and_then(|mut encoder| encoder.encode())
        .map_err(failed)
}

fn embed(module: &[u8], path: &Path) -> Result<Vec<u8>, ComponentizeError> {
    let failed = |error| ComponentizeError::Wit { path: path.to_owned(), cause: format!("{error:#}") };
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(path).map_err(failed)?;
    let world = resolve.select_world(&[package], None).map_err(failed)?;
    let mut embedded = module.to_vec();
    embed_component_metadata(&mut embedded, &resolve, world, StringEncoding::UTF8).map_err(failed)?;
    Ok(embedded)
}
