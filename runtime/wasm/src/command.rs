//! One command, once: a component of `wasi:cli/command`, or a core module of WASI 0.1, with what it is given here and
//! nothing else. It shares nothing with workers but the limiter: it has an engine of its own, runs until it ends, and the
//! process with it.

mod component;
mod error;
mod module;
mod state;

use std::path::PathBuf;

use wasmtime::{Config, Engine, Store, Trap, WasmBacktraceDetails};
use wasmtime_wasi::I32Exit;

use crate::limiter::Limiter;
use state::CommandState;

pub use error::CommandError;

/// What a command is given. Standard input, output and error are those of the process; there is no network.
#[derive(Debug, Clone)]
pub struct CommandConfig {
    /// What it finds as its arguments; the first is its name.
    pub args: Vec<String>,
    pub env: Vec<(String, String)>,
    pub dirs: Vec<Preopen>,
    /// All of its linear memories and tables together.
    pub memory_bytes: usize,
}

/// A directory of the host that a command sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preopen {
    pub host: PathBuf,
    /// How the guest calls it: `/data`.
    pub guest: String,
    pub access: Access,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Read,
    ReadWrite,
}

/// Runs `bytes`, the contents of `file`, to its end, and answers its exit code. Call it on a runtime of several threads:
/// a command that is busy keeps its own.
pub async fn run_command(file: &str, bytes: &[u8], config: &CommandConfig) -> Result<i32, CommandError> {
    let mut engine_config = Config::new();
    engine_config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
    let engine = Engine::new(&engine_config).map_err(|error| CommandError::Host(format!("{error:#}")))?;
    let command = Command { file, engine, config };
    if is_module(bytes) { command.run_module(bytes).await } else { command.run_component(bytes).await }
}

struct Command<'a> {
    file: &'a str,
    engine: Engine,
    config: &'a CommandConfig,
}

impl Command<'_> {
    fn store(&self) -> Result<Store<CommandState>, CommandError> {
        let mut store = Store::new(&self.engine, CommandState::new(self.config)?);
        store.limiter(|state| &mut state.limiter);
        Ok(store)
    }

    fn unusable(&self, problem: impl Into<String>) -> CommandError {
        CommandError::Unusable { file: self.file.to_owned(), problem: problem.into() }
    }

    /// The file passed a first look, and the compiler found something.
    fn invalid(&self, error: &wasmtime::Error) -> CommandError {
        self.unusable(format!("it is not valid: {error:#}"))
    }

    /// What an instance that could not be made, or a call that has no result, comes to.
    fn ended(&self, error: wasmtime::Error, limiter: &Limiter) -> Result<i32, CommandError> {
        if let Some(exit) = error.downcast_ref::<I32Exit>() {
            return Ok(exit.0);
        }
        if limiter.refused() && !error.is::<Trap>() {
            // Before anything ran: what it declares is too much.
            let mb = limiter.bytes_max() >> 20;
            return Err(self.unusable(format!("{}; --memory-mb gives it {mb} MiB", error.root_cause())));
        }
        Err(CommandError::trap(self.file, &error, limiter))
    }
}

/// The preamble of a core module, `\0asm` and version 1. Anything else is for the component's reader to name.
fn is_module(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0asm\x01\0\0\0")
}

/// `a`, `b` and `c`, or what to say where there is none.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
