//! `worky run`: one WebAssembly command to its end.

use std::collections::BTreeSet;
use std::path::Path;

use worky_wasm::CommandConfig;

use crate::cli::RunArgs;
use crate::command::Exit;

/// A command that cannot be run, as shells have it.
const CANNOT_RUN: u8 = 126;

pub(crate) fn run(args: RunArgs) -> Exit {
    let mut guests = BTreeSet::new();
    if let Some(twice) = args.dir.iter().find(|dir| !guests.insert(&dir.guest)) {
        eprintln!("error: two directories are called {} (--dir); give each a name of its own", twice.guest);
        return Exit::BadConfig;
    }
    let bytes = match std::fs::read(&args.file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let next = if Path::new(&args.file).is_dir() { "; `worky dev` runs a project" } else { "" };
            eprintln!("error: {} cannot be read: {error}{next}", args.file);
            return Exit::Command(CANNOT_RUN);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: threads cannot be started: {error}");
            return Exit::Failure;
        }
    };
    let config = config_of(&args);
    let ended = runtime.block_on(worky_wasm::run_command(&args.file, &bytes, &config));
    // What still waits, as a read of standard input may for ever, is not waited for.
    runtime.shutdown_background();
    match ended {
        // The system keeps the low eight bits, of every program.
        Ok(code) => Exit::Command((code & 0xff) as u8),
        Err(error) => {
            eprintln!("error: {error}");
            Exit::Command(error.exit_code())
        }
    }
}

fn config_of(args: &RunArgs) -> CommandConfig {
    let name = Path::new(&args.file).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    CommandConfig {
        args: std::iter::once(name).chain(args.args.iter().cloned()).collect(),
        env: args.env.clone(),
        dirs: args.dir.clone(),
        memory_bytes: (args.memory_mb as usize) << 20,
    }
}
