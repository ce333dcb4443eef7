use std::io;
use std::path::PathBuf;

use wasmtime::{Trap, WasmBacktrace};

use crate::limiter::Limiter;

/// Why a command has no exit code of its own.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Nothing of it ran.
    #[error("{file} cannot be run: {problem}")]
    Unusable { file: String, problem: String },
    /// The file is no component: the text names both.
    #[error("{0}")]
    Load(String),
    #[error("the directory {} cannot be opened: {source}", host.display())]
    Directory { host: PathBuf, source: io::Error },
    /// `stack` has one line for each frame, innermost first, and may be empty.
    #[error("{file} trapped: {message}{}", stack_below(stack))]
    Trap { file: String, message: String, stack: String },
    #[error("the WebAssembly engine cannot be started: {0}")]
    Host(String),
}

impl CommandError {
    /// What the process exits with, as shells have it. Part of the public interface.
    pub fn exit_code(&self) -> u8 {
        match self {
            // A command that was found and cannot be executed.
            CommandError::Unusable { .. }
            | CommandError::Load(_)
            | CommandError::Directory { .. }
            | CommandError::Host(_) => 126,
            // 128 + SIGABRT: a program that broke down.
            CommandError::Trap { .. } => 134,
        }
    }

    pub(super) fn trap(file: &str, error: &wasmtime::Error, limiter: &Limiter) -> Self {
        let mut message = match error.downcast_ref::<Trap>() {
            Some(trap) => trap.to_string().trim_start_matches("wasm trap: ").to_owned(),
            None => error.root_cause().to_string(),
        };
        if limiter.refused() {
            // What a guest does without memory is mostly to trap, and the trap says nothing of it.
            let mb = limiter.bytes_max() >> 20;
            message += &format!("; it had asked for more memory than the {mb} MiB of --memory-mb");
        }
        let stack = error.downcast_ref::<WasmBacktrace>().map(|trace| {
            // The first line is a heading.
            trace.to_string().lines().skip(1).collect::<Vec<_>>().join("\n")
        });
        CommandError::Trap { file: file.to_owned(), message, stack: stack.unwrap_or_default() }
    }
}

fn stack_below(stack: &str) -> String {
    if stack.is_empty() { String::new() } else { format!("\nWebAssembly stack, innermost first:\n{stack}") }
}
