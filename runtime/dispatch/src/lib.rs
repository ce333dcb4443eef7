//! The dispatcher: it knows the deployed workers, and every event reaches a worker through it.
//!
//! What holds for every worker alike, whichever engine runs it, is enforced here: how many requests run at once, in one
//! worker and in all; the wall-clock deadline; that a worker replaced by a newer deployment finishes what it has begun;
//! and that nothing is left running when the process ends.
//!
//! Reading order: [`dispatcher`], then [`slot`] (one request in flight), [`response_limit`], [`engines`] (which engine runs what) and
//! [`assets`] (files before a worker), [`services`] (a worker that calls another comes back in here) and [`local`] (calls on
//! the thread of an instance).
//!
//! This crate never names an engine's implementation, and never reads HTTP: it passes events and outcomes on.

#![forbid(unsafe_code)]

mod assets;
mod dispatcher;
mod engines;
mod local;
mod response_limit;
mod services;
mod slot;

pub use dispatcher::{Content, Deployment, DispatchConfig, Dispatcher, DrainOutcome, WorkerFigures};
pub use engines::Engines;
pub use local::Residence;
