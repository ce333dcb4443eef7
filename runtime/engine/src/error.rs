use std::fmt;
use std::time::Duration;

use worky_host::Blame;

/// An error of the guest's own, with positions in the files it was written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestError {
    /// `TypeError`, `SyntaxError`, … or the empty string where something else than an error was thrown.
    pub name: Box<str>,
    pub message: String,
    /// The whole stack, source-mapped, as the guest's own `error.stack` reads.
    pub stack: Option<String>,
    /// Innermost first; frames of worky itself are left out.
    pub frames: Vec<GuestFrame>,
    /// The line of the first frame, as it was when the worker was built.
    pub line: Option<Box<str>>,
    /// How to mend it, where the mistake is a known one.
    pub hint: Option<Box<str>>,
}

impl GuestError {
    /// An error of which no more is known than what it says.
    pub fn unplaced(message: impl Into<String>) -> Self {
        GuestError { name: "".into(), message: message.into(), stack: None, frames: Vec::new(), line: None, hint: None }
    }

    /// What is wrong, in one line, without a place.
    pub fn title(&self) -> String {
        if self.name.is_empty() { self.message.clone() } else { format!("{}: {}", self.name, self.message) }
    }
}

/// One position in a worker's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestFrame {
    /// Relative to the worker's directory: `src/index.ts`.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    pub function: Option<String>,
}

impl fmt::Display for GuestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title())?;
        if let Some(frame) = self.frames.first() {
            write!(f, " ({frame})")?;
        }
        Ok(())
    }
}

impl fmt::Display for GuestFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Why a worker could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The module does not compile, does not link, or its top level throws.
    #[error("{0}")]
    Guest(GuestError),
    #[error("the main module has no handler; it exports {}", list(exports))]
    NoHandler { exports: Vec<String>, hint: String },
    #[error("the module's top level used more than {} ms of CPU time (limits.startup_ms){}", limit.as_millis(), suffix(at))]
    StartupCpu { limit: Duration, at: Place },
    #[error("the module's top level did not finish within {} ms (limits.startup_ms)", limit.as_millis())]
    StartupWall { limit: Duration },
    #[error("the module's top level used more than {} MiB of memory (limits.memory_mb)", limit_bytes >> 20)]
    StartupMemory { limit_bytes: usize },
    #[error("{file} is no component that can be run: {problem}")]
    NotAComponent { file: String, problem: String },
    /// A component imports what there is not.
    #[error("the component's import {import} cannot be satisfied: {problem}")]
    Import { import: String, problem: String },
    #[error("binding {binding}: {problem}")]
    Binding { binding: String, problem: String },
    /// A component that a module imports cannot be used.
    #[error("plugin {plugin}: {problem}")]
    Plugin { plugin: String, problem: String },
    /// All workers and plugins together have as many instances as there may be.
    #[error("the process has no room for one more WebAssembly instance")]
    Instances,
    #[error("the engine failed: {0}")]
    Host(String),
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

impl LoadError {
    /// The guest's own error, or the place where it was stopped, where that is the cause.
    pub fn guest(&self) -> Option<&GuestError> {
        match self {
            LoadError::Guest(error) => Some(error),
            LoadError::StartupCpu { at, .. } => at.as_deref(),
            _ => None,
        }
    }

    pub fn blame(&self) -> Blame {
        match self {
            LoadError::Host(_) => Blame::Host,
            LoadError::Instances => Blame::Overload,
            _ => Blame::Guest,
        }
    }

    /// Stable; part of the public interface.
    pub fn code(&self) -> &'static str {
        match self {
            LoadError::Guest(_) => "worker_failed_to_start",
            LoadError::NoHandler { .. } => "no_handler",
            LoadError::StartupCpu { .. } | LoadError::StartupWall { .. } => "startup_time_exceeded",
            LoadError::StartupMemory { .. } => "memory_exceeded",
            LoadError::NotAComponent { .. } => "bad_component",
            LoadError::Import { .. } => "bad_import",
            LoadError::Binding { .. } => "bad_binding",
            LoadError::Plugin { .. } => "bad_plugin",
            LoadError::Instances => "overloaded",
            LoadError::Host(_) => "internal_error",
        }
    }
}

/// Where the guest was when it was stopped, where that is known: an error that says of itself what the limit's says.
pub type Place = Option<Box<GuestError>>;

/// What the text of such an error ends with.
pub fn suffix(at: &Place) -> String {
    let frame = at.as_ref().and_then(|at| at.frames.first());
    frame.map(|frame| format!(", at {frame}")).unwrap_or_default()
}

/// Why a call has no outcome.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The handler threw, or its promise was rejected.
    #[error("the worker threw: {0}")]
    Exception(GuestError),
    /// The handler returned something that is not a usable `Response`.
    #[error("the worker's answer cannot be sent: {0}")]
    BadResponse(String),
    /// The worker has no handler for this kind of event.
    #[error("the worker does not handle {event} events")]
    NotHandled { event: &'static str },
    #[error("the worker's promise cannot be settled any more: nothing it waits for is left to run")]
    NeverSettles,
    #[error("the request used more than {} ms of CPU time (limits.cpu_ms){}", limit.as_millis(), suffix(at))]
    CpuExceeded { limit: Duration, at: Place },
    #[error("the worker did not answer within {} ms (limits.wall_ms)", limit.as_millis())]
    WallExceeded { limit: Duration },
    #[error("the worker used more than {} MiB of memory (limits.memory_mb)", limit_bytes >> 20)]
    MemoryExceeded { limit_bytes: usize },
    #[error("the response body is larger than {limit_bytes} bytes (limits.response_bytes)")]
    ResponseTooLarge { limit_bytes: u64 },
    /// Another request broke a limit of the instance that this one shared with it.
    #[error("the worker's instance was stopped because of another request ({reason})")]
    InstanceStopped { reason: &'static str },
    /// A fresh instance was needed and did not start.
    #[error("the worker did not start: {0}")]
    Start(#[source] std::sync::Arc<LoadError>),
    #[error("the request body: {0}")]
    RequestBody(worky_host::BodyError),
    #[error("the worker has {limit} requests in flight (limits.concurrency)")]
    Overloaded { limit: u32 },
    #[error("the server has {limit} requests in flight (server.max_in_flight)")]
    ServerOverloaded { limit: u32 },
    #[error("{limit} requests wait for the worker already (limits.queue)")]
    QueueFull { limit: u32 },
    #[error("requests wait for the worker for more than {} ms (limits.queue_ms)", limit.as_millis())]
    QueueSlow { limit: Duration },
    #[error("{limit} requests wait for workers already (server.max_queued)")]
    QueuesFull { limit: u32 },
    #[error("all isolates have something to do, and there are too many for one more (server.max_isolates = {limit})")]
    IsolatesFull { limit: u32 },
    #[error(
        "all isolates have something to do, and take too much memory for one more (server.max_isolates_mb = {})",
        limit_bytes >> 20
    )]
    IsolatesMemory { limit_bytes: usize },
    /// The worker does not stay up. It is not started again before `left` is over.
    #[error("{cause}; it is not tried again for {} ms", left.as_millis())]
    BackingOff { cause: std::sync::Arc<CallError>, left: Duration },
    /// It is configured, and what it is made of was refused.
    #[error(
        "the worker {worker:?} is not deployed: the log says why, where the server started or its files were saved"
    )]
    NotDeployed { worker: String },
    #[error("the server is shutting down")]
    ShuttingDown,
    #[error("the host failed: {0}")]
    Host(String),
}

impl CallError {
    pub fn blame(&self) -> Blame {
        match self {
            CallError::Exception(_)
            | CallError::BadResponse(_)
            | CallError::NotHandled { .. }
            | CallError::NeverSettles
            | CallError::CpuExceeded { .. }
            | CallError::WallExceeded { .. }
            | CallError::MemoryExceeded { .. }
            | CallError::ResponseTooLarge { .. }
            | CallError::InstanceStopped { .. }
            | CallError::NotDeployed { .. } => Blame::Guest,
            CallError::Start(load) => load.blame(),
            CallError::RequestBody(error) => error.blame(),
            CallError::BackingOff { cause, .. } => cause.blame(),
            CallError::Overloaded { .. }
            | CallError::ServerOverloaded { .. }
            | CallError::QueueFull { .. }
            | CallError::QueueSlow { .. }
            | CallError::QueuesFull { .. }
            | CallError::IsolatesFull { .. }
            | CallError::IsolatesMemory { .. }
            | CallError::ShuttingDown => Blame::Overload,
            CallError::Host(_) => Blame::Host,
        }
    }

    /// Stable; part of the public interface: the `worky_error` of an answer and the label of its metric.
    pub fn code(&self) -> &'static str {
        match self {
            CallError::Exception(_) => "worker_exception",
            CallError::BadResponse(_) => "bad_response",
            CallError::NotHandled { .. } => "no_handler",
            CallError::NeverSettles => "worker_hung",
            CallError::CpuExceeded { .. } => "cpu_exceeded",
            CallError::WallExceeded { .. } => "wall_time_exceeded",
            CallError::MemoryExceeded { .. } => "memory_exceeded",
            CallError::ResponseTooLarge { .. } => "response_too_large",
            CallError::InstanceStopped { .. } => "instance_stopped",
            CallError::Start(load) => load.code(),
            CallError::RequestBody(worky_host::BodyError::TooLarge { .. }) => "body_too_large",
            CallError::RequestBody(_) => "bad_request_body",
            CallError::BackingOff { cause, .. } => cause.code(),
            CallError::Overloaded { .. }
            | CallError::ServerOverloaded { .. }
            | CallError::QueueFull { .. }
            | CallError::QueueSlow { .. }
            | CallError::QueuesFull { .. }
            | CallError::IsolatesFull { .. }
            | CallError::IsolatesMemory { .. } => "overloaded",
            CallError::NotDeployed { .. } => "worker_not_deployed",
            CallError::ShuttingDown => "shutting_down",
            CallError::Host(_) => "internal_error",
        }
    }

    /// What a metric and a log line call the limit that was hit, if one was.
    pub fn limit(&self) -> Option<&'static str> {
        match self {
            CallError::CpuExceeded { .. } => Some("cpu_ms"),
            CallError::WallExceeded { .. } => Some("wall_ms"),
            CallError::MemoryExceeded { .. } => Some("memory_mb"),
            CallError::ResponseTooLarge { .. } => Some("response_bytes"),
            CallError::Overloaded { .. } => Some("concurrency"),
            CallError::ServerOverloaded { .. } => Some("max_in_flight"),
            CallError::QueueFull { .. } => Some("queue"),
            CallError::QueueSlow { .. } => Some("queue_ms"),
            CallError::QueuesFull { .. } => Some("max_queued"),
            CallError::IsolatesFull { .. } => Some("max_isolates"),
            CallError::IsolatesMemory { .. } => Some("max_isolates_mb"),
            CallError::RequestBody(worky_host::BodyError::TooLarge { .. }) => Some("request_body_bytes"),
            _ => None,
        }
    }

    /// The guest's own error, or the place where it was stopped, where that is the cause.
    pub fn guest(&self) -> Option<&GuestError> {
        match self {
            CallError::Exception(error) => Some(error),
            CallError::CpuExceeded { at, .. } => at.as_deref(),
            CallError::Start(load) => load.guest(),
            CallError::BackingOff { cause, .. } => cause.guest(),
            _ => None,
        }
    }

    /// How long to wait before the same is tried again, where something can be said about that.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            CallError::BackingOff { left, .. } => Some(*left),
            CallError::QueueSlow { limit } => Some(*limit),
            error if error.blame() == Blame::Overload => Some(Duration::ZERO),
            _ => None,
        }
    }
}
