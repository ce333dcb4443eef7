//! `--watch`: what a change concerns runs again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Ran, Session};
use crate::command::{Exit, print_report};
use crate::config::{self, Config, DEV_VARS, FILE_NAME, Origin, Report, Request};
use crate::dev::Watch;
use crate::terminal::stderr_color;

/// Runs everything, and then, for as long as it is let, what changes.
pub(super) async fn watch(session: Session, config: Config, request: &Request) -> Exit {
    let mut watch = match Watch::new() {
        Ok(watch) => watch,
        Err(error) => {
            eprintln!("error: files cannot be watched: {error}");
            return Exit::Failure;
        }
    };
    let mut settings = settings_of(&config, request);
    let (_told, mut ran) = session.once(config, request).await;
    loop {
        let files = ran.files.values().flatten();
        let appearing = ran.directories.iter().map(|directory| directory.join("*"));
        watch.set(settings.iter().chain(&ran.workers).chain(files).cloned().chain(appearing).collect());
        const WAITING: &str = "\nwaiting for changes; Ctrl-C ends";
        if session.options.prints_spec() {
            println!("{WAITING}")
        } else {
            eprintln!("{WAITING}")
        }
        let Some(changed) = watch.changed().await else { return Exit::Failure };
        let report = Report::default();
        let config = tokio::task::block_in_place(|| config::load(request, &report));
        let config = match config {
            Some(config) if report.errors() == 0 => config,
            _ => {
                print_report(&report, stderr_color());
                continue;
            }
        };
        settings = settings_of(&config, request);
        let of_all = !settings.is_disjoint(&changed) || !ran.workers.is_disjoint(&changed);
        let (_told, again) = session.some(config, request, |file| of_all || concerns(&ran, file, &changed)).await;
        ran = merged(ran, again);
    }
}

/// Whether a test file is new, or made of something that has changed.
fn concerns(ran: &Ran, file: &str, changed: &BTreeSet<PathBuf>) -> bool {
    ran.files.get(file).is_none_or(|inputs| !inputs.is_disjoint(changed))
}

/// What did not run again is made of what it was made of before.
fn merged(before: Ran, mut again: Ran) -> Ran {
    for (file, inputs) in before.files {
        again.files.entry(file).or_insert(inputs);
    }
    if again.directories.is_empty() {
        again.directories = before.directories;
    }
    again
}

fn settings_of(config: &Config, request: &Request) -> BTreeSet<PathBuf> {
    let (Origin::File(origin) | Origin::Module(origin)) = &request.origin;
    let environment = request.environment.as_ref().map(|name| format!("{DEV_VARS}.{name}"));
    let beside = |root: &Path| {
        let names = [FILE_NAME, DEV_VARS].map(str::to_owned).into_iter().chain(environment.clone());
        names.map(|name| root.join(name)).collect::<Vec<_>>()
    };
    let of_workers = config.workers.iter().flat_map(|worker| beside(&worker.root));
    of_workers.chain([request.working_dir.join(origin)]).collect()
}
