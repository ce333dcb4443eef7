use std::sync::Arc;

use crate::Blame;
use crate::invocation::{StreamsExceeded, SubrequestsExceeded};

/// Why a service has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ServiceError {
    #[error(transparent)]
    Subrequests(#[from] SubrequestsExceeded),
    #[error(transparent)]
    Streams(#[from] StreamsExceeded),
    #[error("{0}")]
    InvalidUrl(String),
    #[error("the method {0} cannot be sent by fetch")]
    ForbiddenMethod(http::Method),
    /// A host under `worky.internal` that stands for no binding of the caller's.
    #[error("{host} is not a service of this worker; {}", known(bound))]
    NotBound { host: String, bound: Vec<String> },
    #[error("no worker named {worker:?} is deployed")]
    NotDeployed { worker: Arc<str> },
    #[error(
        "worker {worker:?} is not called: workers have called each other {max} deep already \
         (server.max_service_depth); do they call in a circle?"
    )]
    Depth { worker: Arc<str>, max: u32 },
    /// The service may have had more time, but its caller has not.
    #[error("worker {worker:?} did not answer in the time that its caller had left (limits.wall_ms)")]
    Deadline { worker: Arc<str> },
    /// The service failed; `code` is the one that a client of it would have got.
    #[error("worker {worker:?} failed ({code}): {message}")]
    Failed { worker: Arc<str>, code: &'static str, blame: Blame, message: String },
    #[error("the request that called worker {worker:?} is over; keep it open with ctx.waitUntil(promise)")]
    CallerGone { worker: Arc<str> },
    #[error("the server is shutting down")]
    ShuttingDown,
}

fn known(bound: &[String]) -> String {
    match bound {
        [] => "it has none: bind one with [[services]]".to_owned(),
        hosts => format!("it has {}", hosts.join(", ")),
    }
}

impl ServiceError {
    /// From the caller's side.
    pub fn blame(&self) -> Blame {
        match self {
            ServiceError::Failed { blame: Blame::Overload, .. } | ServiceError::ShuttingDown => Blame::Overload,
            ServiceError::Failed { blame: Blame::Host, .. } => Blame::Host,
            _ => Blame::Guest,
        }
    }

    /// Stable, for programs: what a guest reads as `error.code`.
    pub fn code(&self) -> &'static str {
        match self {
            ServiceError::Subrequests(_) => "subrequests_exceeded",
            ServiceError::Streams(_) => "open_streams_exceeded",
            ServiceError::InvalidUrl(_) => "invalid_url",
            ServiceError::ForbiddenMethod(_) => "forbidden_method",
            ServiceError::NotBound { .. } => "service_not_bound",
            ServiceError::NotDeployed { .. } => "service_not_deployed",
            ServiceError::Depth { .. } => "service_depth_exceeded",
            ServiceError::Deadline { .. } => "wall_time_exceeded",
            ServiceError::Failed { code, .. } => code,
            ServiceError::CallerGone { .. } => "caller_gone",
            ServiceError::ShuttingDown => "shutting_down",
        }
    }
}
