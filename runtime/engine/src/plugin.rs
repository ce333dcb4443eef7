//! Components that a worker of another kind imports: what the engine that runs the worker asks of the engine that runs
//! the component. Neither knows the other.

mod interface;
mod value;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use worky_host::{Bindings, InvocationContext};

pub use interface::{Field, Function, FunctionKind, Interface, Namespace, Resource, Type};
pub use value::Value;

use crate::LoadError;

/// A component that a worker's modules import, with what it is granted.
#[derive(Clone)]
pub struct PluginArtifact {
    /// As modules import it: `plugin:markdown`, or the specifier of a file of the worker's, `file:///markdown.wasm`.
    pub specifier: String,
    /// Names it in logs, errors and metrics.
    pub name: Arc<str>,
    pub component: Bytes,
    /// What it is granted, which is nothing by default and never more than its worker has: namespaces, vars and secrets
    /// that it is not granted are not in here.
    pub bindings: Bindings,
    pub grants: PluginGrants,
    pub limits: PluginLimits,
    pub instances: PluginInstances,
}

/// How long one instance of a plugin lives. `instances`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PluginInstances {
    /// As long as the instance of the worker that uses it, unless it traps: what it keeps is there in the next call, and
    /// its caller may hold resources.
    #[default]
    Isolate,
    /// For one call: nothing of it is left for the next one.
    Call,
}

/// Whether a plugin may use what [`Bindings`] always hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PluginGrants {
    pub log: bool,
    pub fetch: bool,
}

impl fmt::Debug for PluginArtifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PluginArtifact").field("specifier", &self.specifier).finish_non_exhaustive()
    }
}

/// What one plugin may use. The defaults are written here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginLimits {
    /// Linear memories and tables of one instance, which count against the worker's as well, and separately what one
    /// result takes up on its way to the caller. `limits.memory_mb`
    pub memory_bytes: usize,
    /// From the beginning of one call to its end, on the wall clock, waiting included. `limits.call_ms`
    pub call: Duration,
    /// Resources of one instance that its caller may hold at once. `limits.handles`
    pub handles: u32,
}

impl Default for PluginLimits {
    fn default() -> Self {
        PluginLimits { memory_bytes: 64 << 20, call: Duration::from_millis(1_000), handles: 10_000 }
    }
}

/// Makes plugins of components.
pub trait PluginEngine: Send + Sync {
    /// Compiles, and checks that what the component imports is there. Nothing of the guest runs.
    fn load(&self, artifact: PluginArtifact) -> BoxFuture<'_, Result<Arc<dyn Plugin>, LoadError>>;
}

/// One loaded plugin, shared by all instances of its worker.
pub trait Plugin: Send + Sync {
    fn interface(&self) -> &Interface;

    /// Whether nothing it imports has to be waited for, so that its calls can run where their caller runs.
    fn is_synchronous(&self) -> bool;

    /// What one isolate uses. Nothing is instantiated before the first call.
    fn open(&self, account: Arc<dyn MemoryAccount>) -> Box<dyn PluginSession>;
}

/// The memory account of whoever uses a plugin.
pub trait MemoryAccount: Send + Sync {
    /// Takes `bytes` more; false where the account's limit would be passed.
    fn take(&self, bytes: usize) -> bool;
    fn give_back(&self, bytes: usize);
}

/// A plugin's instance as one isolate sees it, with the resources that the isolate holds. After a trap or a limit the
/// next call gets a fresh instance, and handles of the old one are refused.
pub trait PluginSession {
    /// Calls `function` of [`Interface::functions`] to its end on this thread. `interrupted` is asked every few
    /// milliseconds and stops the guest by answering true. Only where [`Plugin::is_synchronous`]. There is no context
    /// where no request is served: while the caller's modules are evaluated.
    fn call_here(
        &mut self,
        context: Option<&InvocationContext>,
        interrupted: &(dyn Fn() -> bool + Sync),
        function: u32,
        arguments: Vec<Value<'_>>,
    ) -> Result<Option<Value<'static>>, PluginError>;

    /// Calls `function` on the host's threads. Calls of one session run one after the other, in this order.
    fn call(
        &mut self,
        context: InvocationContext,
        function: u32,
        arguments: Vec<Value<'static>>,
    ) -> BoxFuture<'static, Result<Option<Value<'static>>, PluginError>>;

    /// Drops a resource that the caller owns. One that is not there (any more) is nothing.
    fn drop_resource(&mut self, handle: u32);
}

/// Why a call of a plugin has no value. What a function returns as its `result`'s error is a value.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PluginError {
    /// The guest trapped, or its destructor did. `details` is the WebAssembly stack.
    #[error("{message}")]
    Trap { message: String, details: String },
    /// `limit` is the key of the limit: `memory_mb`, `call_ms`, `handles`; `calls` where too many wait for their turn;
    /// `instances` where the process has no room for one more.
    #[error("{message}")]
    Limit { limit: &'static str, message: String },
    /// The caller was stopped while it waited.
    #[error("the call was interrupted")]
    Interrupted,
    /// A handle of a resource that was disposed of, passed on, or belongs to an instance that is no more.
    #[error("{0}")]
    Handle(String),
    /// The instance could not be made.
    #[error("the plugin did not start: {0}")]
    Start(String),
    #[error("the host failed: {0}")]
    Host(String),
}
