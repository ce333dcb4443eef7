//! The explorer of `worky dev`: a page on a port of its own that shows what runs, as it runs.
//!
//! Reading order: [`hub`] (what happened lately, in bounded rings), [`view`] (what there is), [`server`] (connections),
//! [`guard`] (who may ask), [`api`] (what can be asked), [`feed`] (the live stream), [`kv`] (namespaces), [`assets`] (the
//! page, which lies in `page/`).
//!
//! It never knows an engine's implementation, how a worker is configured, or what the page makes of what it is told. The
//! program fills a [`Hub`] and runs an [`Explorer`]; a process without one pays nothing for this crate.

#![forbid(unsafe_code)]

mod api;
mod assets;
mod feed;
mod guard;
mod hub;
mod kv;
mod ring;
mod server;
mod view;

pub use hub::{Hub, LogEntry};
pub use server::Explorer;
pub use view::{Build, Plugin, Setting, WorkerView};
