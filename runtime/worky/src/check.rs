//! `worky check`: everything up to serving, with every problem told.

use std::io::Write as _;
use std::sync::Arc;

use worky_engine::{Artifact, Engine};
use worky_host::metrics::Metrics;
use worky_js::{JsConfig, JsEngine};
use worky_storage::MemoryStorage;
use worky_wasm::{WasmConfig, WasmEngine};

use crate::assemble::prepare;
use crate::command::{Exit, Voice, count, print_report};
use crate::compile::{Inputs, load_problem};
use crate::config::{self, Config, Problem, Report, Request, WorkerConfig};
use crate::grants::{Grants, Stores};
use crate::terminal::Color;

pub(crate) fn run(request: &Request, report: Report, color: Color) -> Exit {
    let config = config::load(request, &report);
    let config_errors = report.errors();
    if let Some(config) = &config {
        let metrics = Metrics::default();
        // What is logged stands before the report.
        let _logging = crate::logging::init(&config.process.log, color, Voice::Lines, metrics.clone());
        // What it compiles is not kept: nothing is written.
        let wasm = WasmEngine::new(WasmConfig { cache: None }, metrics.clone());
        match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(check_workers(config, &report, metrics, &wasm)),
            Err(error) => report.push(Problem::error(format!("no runtime can be started: {error}"))),
        }
    }
    print_report(&report, color);
    let (errors, warnings) = (report.errors(), report.warnings());
    if errors > 0 {
        eprintln!("error: {} and {}", count(errors, "error"), count(warnings, "warning"));
        return if config_errors > 0 { Exit::BadConfig } else { Exit::Failure };
    }
    if let Some(config) = &config {
        // Where standard output is gone the exit code still tells.
        let _gone = std::io::stdout().lock().write_all(summary(config, warnings).as_bytes());
    }
    Exit::Success
}

/// Compiles and starts every worker whose configuration is good. Nothing of theirs is kept.
async fn check_workers(config: &Config, report: &Report, metrics: Metrics, wasm: &WasmEngine) {
    let grants = Grants::new(Stores::Memory(Arc::new(MemoryStorage::default())), metrics);
    // Each worker is started once, so nothing is made in advance.
    let js = JsEngine::new(
        JsConfig { blank_isolates: 0, ..JsConfig::default() },
        grants.metrics.clone(),
        Arc::new(wasm.clone()),
    );
    for worker in &config.workers {
        let (artifact, bindings) = match prepare(worker, &grants, &Inputs::default()) {
            Ok(prepared) => prepared,
            Err(problems) => {
                problems.into_iter().for_each(|problem| report.push(problem));
                continue;
            }
        };
        let Some(artifact) = artifact else { continue };
        let engine: &dyn Engine = match &artifact {
            Artifact::Js(_) => &js,
            Artifact::Component(_) => wasm,
        };
        if let Err(error) = engine.load(artifact, bindings, worker.limits.clone()).await {
            report.push(load_problem(worker, &error));
        }
    }
}

/// What was found good. Names only: values of vars and secrets are nobody's business here.
fn summary(config: &Config, warnings: usize) -> String {
    let mut text = String::new();
    for worker in &config.workers {
        text += &format!("{} is ready to be served{}\n", worker.name.value, grants_of(worker));
    }
    text + &format!("{} checked, {}\n", count(config.workers.len(), "worker"), count(warnings, "warning"))
}

fn grants_of(worker: &WorkerConfig) -> String {
    let vars = worker.vars.iter().map(|(name, _)| name.as_str());
    let secrets = worker.secrets.iter().map(|(name, _)| name.as_str());
    let kv = worker.kv_namespaces.iter().map(|kv| kv.binding.as_str());
    let services = worker.services.iter().map(|service| service.binding.value.as_str());
    let files = worker.files.iter().map(|files| files.binding.value.as_str());
    let groups = [
        ("vars", vars.collect::<Vec<_>>()),
        ("secrets", secrets.collect()),
        ("KV", kv.collect()),
        ("services", services.collect()),
        ("files", files.collect()),
        ("assets", worker.assets.iter().map(|assets| assets.directory.value.as_str()).collect()),
        ("plugins", worker.plugins.iter().map(|plugin| plugin.name.as_str()).collect()),
    ];
    let named = groups.iter().filter(|(_, names)| !names.is_empty());
    named.map(|(kind, names)| format!("; {kind}: {}", names.join(", "))).collect()
}
