//! The soak as a program: `make soak`. README.md says what it shows.

#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use worky_tests::soak::{Plan, run};

/// Mixed traffic on one worky for a long time, and a report. Exit codes: 0 everything holds, 1 something does not.
#[derive(Parser)]
struct Arguments {
    /// How long it takes, about.
    #[arg(long, default_value_t = 20.0, value_parser = minutes)]
    minutes: f64,
    /// Brings the same traffic back; a random one where it is left out.
    #[arg(long)]
    seed: Option<u64>,
    /// How many clients ask at once.
    #[arg(long)]
    clients: Option<usize>,
    /// Where the report goes, as Markdown; a table of every second goes beside it, with .csv at its end.
    #[arg(long)]
    report: Option<PathBuf>,
}

fn minutes(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(minutes) if (0.5..=10_000.0).contains(&minutes) => Ok(minutes),
        _ => Err("give a number of minutes, 0.5 or more".to_owned()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    let mut plan = Plan::minutes(arguments.minutes, seed);
    plan.clients = arguments.clients.unwrap_or(plan.clients);
    eprintln!("soak: seed {seed}, {} minutes, {} clients", arguments.minutes, plan.clients);
    let report = run(plan).await;
    println!("{report}");
    if let Some(path) = arguments.report {
        let written = std::fs::write(&path, report.to_string())
            .and_then(|()| std::fs::write(path.with_extension("csv"), report.samples_csv()));
        if let Err(error) = written {
            eprintln!("soak: {} cannot be written: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
