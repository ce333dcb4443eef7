//! The host-op layer: every way a worker can reach the world, neutral of the engine that runs it.
//!
//! Handles are `Clone + Send + Sync`, take `&self` and return `Send` futures, because V8's state is not `Send` and
//! wasmtime lends its store's data mutably: both can clone a handle out and then await. Grants, limits, metrics
//! and logs exist here once; an engine only converts types.
//!
//! Reading order: [`blame`], [`body`], [`invocation`], [`bindings`], then one module for each capability.

#![forbid(unsafe_code)]

mod answer;
pub mod assets;
pub mod bindings;
pub mod blame;
pub mod body;
pub mod cache;
pub mod clock;
pub mod compiled;
pub mod egress;
pub mod fetch;
pub mod files;
pub mod invocation;
pub mod kv;
pub mod log;
pub mod metrics;
pub mod requests;
pub mod secrets;
pub mod service;
pub mod standstill;

pub use bindings::Bindings;
pub use blame::Blame;
pub use body::{Body, BodyError};
pub use invocation::{InvocationContext, InvocationLimits, RequestId, TraceContext};
