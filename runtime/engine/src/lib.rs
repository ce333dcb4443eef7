//! The seam between the dispatcher and the engines. No implementation lives here.
//!
//! An [`Engine`] makes a [`Worker`] of an [`Artifact`], the worker's bindings and its limits; the dispatcher sends the
//! worker [`Invocation`]s and gets [`Outcome`]s. Callers cannot tell the kinds of engine apart.

#![forbid(unsafe_code)]

mod artifact;
mod error;
mod event;
mod figures;
mod hint;
pub mod inspect;
mod limits;
pub mod local;
pub mod plugin;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use worky_host::Bindings;

use crate::local::Visitor;

pub use artifact::{Artifact, ComponentArtifact, ComponentSettings, JsArtifact, Module, ModuleKind, SpecifierMap};
pub use error::{CallError, GuestError, GuestFrame, LoadError, Place, suffix};
pub use event::{FetchEvent, Invocation, Outcome};
pub use figures::{Activity, InstanceFigures};
pub use limits::Limits;

/// Runs guests of one kind.
pub trait Engine: Send + Sync {
    /// Compiles and starts a worker, so that what is wrong with it is known before it is asked anything.
    fn load(
        &self,
        artifact: Artifact,
        bindings: Bindings,
        limits: Limits,
    ) -> BoxFuture<'_, Result<Arc<dyn Worker>, LoadError>>;
}

/// One loaded worker. It starts, replaces and retires its own instances.
pub trait Worker: Send + Sync {
    /// One event. Dropping the future cancels the guest; so does dropping the body of the response.
    fn call(&self, event: Invocation) -> BoxFuture<'_, Result<Outcome, CallError>>;

    /// Whether each instance has a thread of its own, where visitors can live.
    fn has_threads(&self) -> bool {
        false
    }

    /// Has a visitor live on the thread of one of its instances, which is started where there is none. Gives the visitor
    /// back where that cannot be: the worker has no threads of its own, or no instance that is not busy.
    fn host<'a>(&'a self, visitor: Box<dyn Visitor>) -> BoxFuture<'a, Result<(), Box<dyn Visitor>>> {
        Box::pin(std::future::ready(Err(visitor)))
    }

    /// Resolves at a moment when nothing of this worker runs: no call, no body, no `waitUntil`. It goes on taking calls,
    /// so who needs it to stay so sends none.
    fn idle(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// What its resident instances do and hold, for somebody who watches. Memory is as last measured, and is measured anew
    /// soon. Empty where instances come and go with requests.
    fn instances(&self) -> Vec<InstanceFigures> {
        Vec::new()
    }

    /// Resolves once nothing of this worker runs any more: no call, no body, no `waitUntil`.
    /// It does not stop new calls; the dispatcher does.
    fn drain(&self) -> BoxFuture<'_, ()>;
}
