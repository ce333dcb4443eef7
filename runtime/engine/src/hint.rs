//! How to mend what is wrong, in one sentence, for those who wrote the worker.

use crate::{CallError, LoadError};

impl LoadError {
    /// How to mend it, where that is known.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            LoadError::Guest(error) => return error.hint.as_deref().map(str::to_owned),
            LoadError::NoHandler { hint, .. } => return Some(hint.clone()),
            LoadError::StartupCpu { .. } => {
                "move the work into a handler, or to where the worker is built; or raise startup_ms under [limits]"
            }
            LoadError::StartupWall { .. } => {
                "wait in a handler instead: a top-level await holds up every start; or raise startup_ms under [limits]"
            }
            LoadError::StartupMemory { .. } => {
                "make less at the top level, or raise memory_mb under [limits] in worky.toml"
            }
            LoadError::NotAComponent { .. }
            | LoadError::Import { .. }
            | LoadError::Binding { .. }
            | LoadError::Plugin { .. }
            | LoadError::Instances
            | LoadError::Host(_) => return None,
        };
        Some(hint.to_owned())
    }
}

impl CallError {
    /// How to mend it, where that is known.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            CallError::Exception(error) => return error.hint.as_deref().map(str::to_owned),
            CallError::Start(error) => return error.hint(),
            CallError::BackingOff { cause, .. } => return cause.hint(),
            CallError::BadResponse(message) if message.contains("it returned undefined") => {
                "every way through the handler has to return a Response: look for an if without an else, and for a \
                 missing return"
            }
            CallError::BadResponse(message)
                if message.contains("it returned {") || message.contains("it returned [") =>
            {
                "return Response.json(value), or new Response(text)"
            }
            CallError::BadResponse(message) if message.contains("it returned") => "return new Response(value)",
            CallError::NeverSettles => {
                "look for a new Promise whose resolve is not called on every way, and for a promise that belongs to \
                 another request"
            }
            CallError::CpuExceeded { .. } => {
                "look for a loop that does not end, or for too much work in one request; or raise cpu_ms under [limits] \
                 in worky.toml"
            }
            CallError::WallExceeded { .. } => {
                "look for what the handler waits for: a fetch takes AbortSignal.timeout(ms), and what the client need not \
                 wait for goes to ctx.waitUntil; or raise wall_ms under [limits] in worky.toml"
            }
            CallError::MemoryExceeded { .. } => {
                "look for what grows with each request, as variables of a module do, and for bodies that are read whole \
                 instead of streamed; or raise memory_mb under [limits] in worky.toml"
            }
            CallError::ResponseTooLarge { .. } => "raise response_bytes under [limits] in worky.toml",
            CallError::InstanceStopped { .. } => {
                "requests share an isolate: the log says which limit another one of them hit just before"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
