//! The program: arguments, configuration, assembly, run. The only crate that names all others.
//!
//! In reading order: `cli`, `command` (what each command asks for), `config`, `compile` (sources to an artifact),
//! `grants` (what a worker is given), `assemble` (the whole process put together), `run` (from listening to drained),
//! `debugger`, `init`, `build`, `check`, `test`, `types`, `run_command`; and beside them `explorer`, `logging`, `machine`,
//! `signals`, `terminal`.

#![forbid(unsafe_code)]

mod assemble;
mod build;
mod check;
mod cli;
mod command;
mod compile;
mod config;
mod debugger;
mod dev;
mod explorer;
mod grants;
mod init;
mod logging;
mod machine;
mod plugins;
mod run;
mod run_command;
mod signals;
mod terminal;
mod test;
mod types;

use std::process::ExitCode;

use clap::Parser;
use worky_bundle::trial;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == trial::ARGUMENT) {
        return trial::run(arguments.next()).into();
    }
    let cli = cli::Cli::parse();
    // Before there is any thread: see there.
    worky_js::init_platform();
    if let Err(error) = worky_bundle::start_threads() {
        eprintln!("error: cannot start threads: {error}");
        return ExitCode::FAILURE;
    }
    command::run(cli.command).into()
}
