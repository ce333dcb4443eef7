//! The HTTP server: sockets and HTTP on one side, the dispatcher on the other.
//!
//! Reading order, as a request goes: [`server`] (assembly, shutdown), [`listener`] (accepting), [`connection`] (one
//! socket: protocol, time limits, end), [`service`] (one request, whole, in one file), which uses [`request`],
//! [`router`], [`response`] and [`errors`]. [`admin`] and [`inspector`] are listeners of their own; [`developer`] and
//! [`live_reload`] are for those who work on the workers.
//!
//! This crate never knows which engine runs a worker, and never looks into a guest's body. Configuration files and the
//! environment are the program's: it hands over a [`ServerConfig`].

#![forbid(unsafe_code)]

mod access;
mod admin;
mod config;
mod connection;
mod developer;
mod errors;
mod inspector;
mod listener;
mod live_reload;
mod read_ahead;
mod request;
mod response;
mod router;
mod server;
mod service;

pub use config::{ErrorDetail, Http2, ServerConfig};
pub use developer::{Developer, Development, Failure, Pages, SourceFile, Trouble, TroublePlace};
pub use inspector::InspectorServer;
pub use router::{PatternError, Route, RouteProblem, Router};
pub use server::{Control, Server};
