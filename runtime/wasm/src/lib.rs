//! The WebAssembly engine: components as workers and as plugins, and the only crate that names wasmtime.
//!
//! [`WasmEngine`] compiles a component (or takes it from its cache) and links it to `imports`, which convert the types
//! of one capability each and call `worky_host`. Every instance has a store of its own, whose data is `state::State`:
//! what it was granted, for whom it runs, and its bounds.

#![deny(unsafe_op_in_unsafe_fn)]

mod cache;
mod command;
mod component;
mod config;
mod crew;
mod engine;
mod epoch;
mod imports;
mod limiter;
mod meter;
mod plugin;
mod state;
mod trap;
mod worker;

pub use command::{Access, CommandConfig, CommandError, Preopen, run_command};
pub use engine::{WasmConfig, WasmEngine};
