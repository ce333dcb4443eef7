//! What a file says, key by key. Types and names of keys are checked here; what the values mean is checked by
//! [`super::worker`] and [`super::server`].

use std::time::Duration;

use serde_json::Value as Json;
use worky_engine::{ComponentSettings, Limits};

use super::assets::{self, AssetsConfig};
use super::files::{self, FilesConfig};
use super::plugins::{self, RawPlugin};
use super::reader::Reader;
use super::report::{Problem, Report};
use super::services::{self, ServiceConfig};
use super::source::{At, Span};
use super::tree::{Table, Value};
use super::{wasm, wrangler};

/// A worker's keys, at the top of a file or in one of its environments.
#[derive(Debug)]
pub(crate) struct RawWorker {
    /// The file, or the header of the environment.
    pub(crate) span: Span,
    pub(crate) name: Option<At<String>>,
    pub(crate) main: Option<At<String>>,
    pub(crate) compatibility_date: Option<At<String>>,
    pub(crate) compatibility_flags: Option<Vec<At<String>>>,
    pub(crate) routes: Option<Vec<At<String>>>,
    pub(crate) globals: Option<Vec<At<String>>>,
    pub(crate) imports: Option<Vec<(At<String>, At<String>)>>,
    pub(crate) egress: Option<RawEgress>,
    pub(crate) limits: Option<Limits>,
    pub(crate) wasm: Option<ComponentSettings>,
    pub(crate) assets: Option<AssetsConfig>,
    // What follows is granted to one environment and never passed on to another.
    pub(crate) vars: Vec<(At<String>, Json)>,
    pub(crate) secrets: Vec<At<String>>,
    pub(crate) kv_namespaces: Vec<RawKvNamespace>,
    pub(crate) plugins: Vec<RawPlugin>,
    pub(crate) services: Vec<ServiceConfig>,
    pub(crate) files: Vec<FilesConfig>,
}

/// `None` where a list is not there at all, which is not the same as an empty one.
#[derive(Debug, Default, Clone)]
pub(crate) struct RawEgress {
    pub(crate) allow: Option<Vec<At<String>>>,
    pub(crate) networks_allow: Option<Vec<At<String>>>,
    pub(crate) networks_deny: Option<Vec<At<String>>>,
}

#[derive(Debug, Clone)]
pub(crate) struct RawKvNamespace {
    pub(crate) binding: At<String>,
    pub(crate) id: At<String>,
}

/// One `[[workers]]`.
#[derive(Debug)]
pub(crate) struct RawHosted {
    pub(crate) path: At<String>,
    pub(crate) routes: Option<Vec<At<String>>>,
}

/// The keys of a worker, and the environments under it.
pub(crate) fn worker(reader: &mut Reader<'_>) -> (RawWorker, Vec<(At<String>, RawWorker)>) {
    let top = worker_keys(reader);
    let mut environments = Vec::new();
    if let Some(table) = reader.table("env") {
        for (name, value) in &table.entries {
            let Value::Table(table) = &value.value else {
                let message = format!("`env.{}` must be a table, not {}", name.value, value.value.kind());
                reader.report().push(Problem::error(message).at(&value.span, ""));
                continue;
            };
            let mut inner = Reader::new(table, format!("env.{}", name.value), reader.report());
            let worker = worker_keys(&mut inner);
            inner.settle(&["server", "storage", "log", "workers"], |path| {
                Problem::error(format!("`{path}` cannot stand in an environment"))
                    .hint("set it at the top of the file, or override it with a WORKY_ variable")
            });
            inner.finish();
            environments.push((name.clone(), worker));
        }
    }
    (top, environments)
}

/// `[[workers]]`, or `None` where the file hosts nothing but itself.
pub(crate) fn hosted(reader: &mut Reader<'_>) -> Option<Vec<RawHosted>> {
    let tables = reader.tables("workers")?;
    let mut hosted = Vec::new();
    for table in tables {
        let mut entry = Reader::new(table, "workers", reader.report());
        let path = entry.string("path");
        let routes = entry.strings("routes");
        match path {
            Some(path) => hosted.push(RawHosted { path, routes }),
            None if table.find("path").is_none() => {
                entry.missing("path", "`path` is the directory of a worker's worky.toml, or a bundle");
            }
            None => {}
        }
        entry.finish();
    }
    Some(hosted)
}

fn worker_keys(reader: &mut Reader<'_>) -> RawWorker {
    let raw = RawWorker {
        span: reader.span().clone(),
        name: reader.string("name"),
        main: reader.string("main"),
        compatibility_date: date(reader),
        compatibility_flags: reader.strings("compatibility_flags"),
        routes: reader.strings("routes"),
        globals: reader.strings("globals"),
        imports: imports(reader),
        egress: egress(reader),
        limits: reader.table("limits").map(|table| limits(table, reader.path("limits"), reader.report())),
        wasm: wasm::read(reader),
        assets: assets::read(reader),
        vars: vars(reader),
        secrets: reader.strings("secrets").unwrap_or_default(),
        kv_namespaces: kv_namespaces(reader),
        plugins: plugins::read(reader),
        services: services::read(reader),
        files: files::read(reader),
    };
    wrangler::settle(reader);
    raw
}

/// A string, as wrangler wants it, or TOML's own date.
fn date(reader: &mut Reader<'_>) -> Option<At<String>> {
    let key = "compatibility_date";
    if let Some(At { value: Value::Datetime(text), span }) = reader.value(key) {
        return Some(At { value: text.clone(), span: span.clone() });
    }
    reader.string(key)
}

fn imports(reader: &mut Reader<'_>) -> Option<Vec<(At<String>, At<String>)>> {
    let table = reader.table("imports")?;
    let mut imports = Vec::new();
    for (name, value) in &table.entries {
        match &value.value {
            Value::String(target) => {
                imports.push((name.clone(), At { value: target.clone(), span: value.span.clone() }));
            }
            other => {
                let message = format!("`imports.{}` must be a string, not {}", name.value, other.kind());
                reader.report().push(Problem::error(message).at(&value.span, ""));
            }
        }
    }
    Some(imports)
}

fn egress(reader: &mut Reader<'_>) -> Option<RawEgress> {
    let table = reader.table("egress")?;
    let mut inner = Reader::new(table, reader.path("egress"), reader.report());
    let mut egress = RawEgress { allow: inner.strings("allow"), ..RawEgress::default() };
    if let Some(table) = inner.table("networks") {
        let mut networks = Reader::new(table, inner.path("networks"), inner.report());
        egress.networks_allow = networks.strings("allow");
        egress.networks_deny = networks.strings("deny");
        networks.finish();
    }
    inner.finish();
    Some(egress)
}

/// The upper bounds are there so that a slip of the keyboard is told and does not turn a limit off.
fn limits(table: &Table, section: String, report: &Report) -> Limits {
    let mut reader = Reader::new(table, section, report);
    let mut limits = Limits::default();
    let mut duration = |key, bounds, target: &mut Duration| {
        if let Some(ms) = reader.integer(key, bounds, "milliseconds") {
            *target = Duration::from_millis(ms);
        }
    };
    duration("cpu_ms", 1..=3_600_000, &mut limits.cpu);
    duration("wall_ms", 1..=3_600_000, &mut limits.wall);
    duration("wait_until_ms", 0..=3_600_000, &mut limits.wait_until);
    duration("queue_ms", 1..=600_000, &mut limits.queue_wait);
    duration("wait_until_cpu_ms", 1..=3_600_000, &mut limits.wait_until_cpu);
    duration("startup_ms", 1..=600_000, &mut limits.startup);
    if let Some(ms) = reader.integer("cpu_soft_ms", 1..=3_600_000, "milliseconds") {
        limits.cpu_soft = Some(Duration::from_millis(ms));
    }
    // V8 itself needs some of it; below 8 MiB a module that does nothing may not start.
    if let Some(mb) = reader.integer("memory_mb", 8..=65_536, "MiB") {
        limits.memory_bytes = (mb as usize) << 20;
    }
    if let Some(bytes) = reader.integer("request_body_bytes", 0..=1 << 40, "bytes") {
        limits.request_body_bytes = bytes;
    }
    // As good as none, for who means it.
    if let Some(bytes) = reader.integer("response_bytes", 0..=1 << 50, "bytes") {
        limits.response_bytes = bytes;
    }
    if let Some(bytes) = reader.integer("log_bytes", 0..=1 << 30, "bytes") {
        limits.log_bytes = bytes;
    }
    if let Some(bytes) = reader.integer("log_line_bytes", 64..=1 << 20, "bytes") {
        limits.log_line_bytes = bytes as usize;
    }
    let mut count = |key, bounds, unit, target: &mut u32| {
        if let Some(count) = reader.integer(key, bounds, unit) {
            *target = count as u32;
        }
    };
    count("subrequests", 0..=1_000_000, "requests", &mut limits.subrequests);
    count("subrequests_at_once", 1..=10_000, "requests at once", &mut limits.subrequests_at_once);
    count("open_streams", 0..=100_000, "open streams", &mut limits.open_streams);
    count("kv_operations", 0..=1_000_000, "operations", &mut limits.kv_operations);
    count("timers", 0..=10_000_000, "timers at once", &mut limits.timers);
    count("unrequested_log_lines", 0..=1_000_000, "lines a second", &mut limits.unrequested_log_lines);
    count("log_lines", 0..=1_000_000, "lines", &mut limits.log_lines);
    count("concurrency", 1..=1_000_000, "requests at once", &mut limits.concurrency);
    count("max_instances", 1..=256, "instances", &mut limits.max_instances);
    count("queue", 1..=1_000_000, "requests", &mut limits.queue);
    count("open_files", 0..=65_536, "open files", &mut limits.open_files);
    count("tmp_entries", 0..=1_000_000, "files and directories", &mut limits.tmp_entries);
    if let Some(bytes) = reader.integer("tmp_bytes", 0..=1 << 34, "bytes") {
        limits.tmp_bytes = bytes;
    }
    reader.finish();
    limits
}

fn vars(reader: &mut Reader<'_>) -> Vec<(At<String>, Json)> {
    let Some(table) = reader.table("vars") else { return Vec::new() };
    let (section, report) = (reader.path("vars"), reader.report());
    let json = |(name, value): &(At<String>, At<Value>)| {
        Some((name.clone(), json(value, &format!("{section}.{}", name.value), report)?))
    };
    table.entries.iter().filter_map(json).collect()
}

fn json(node: &At<Value>, path: &str, report: &Report) -> Option<Json> {
    let not_json = |what: &str| {
        let message = format!("`{path}` is {}, {what}", node.span.text());
        report.push(Problem::error(message).at(&node.span, "").hint("write it as a string"));
    };
    match &node.value {
        Value::String(text) | Value::Datetime(text) => Some(Json::String(text.clone())),
        Value::Boolean(boolean) => Some(Json::Bool(*boolean)),
        Value::Integer(integer) => {
            if integer.is_none() {
                not_json("which does not fit 64 bits");
            }
            integer.map(Json::from)
        }
        Value::Float(float) => {
            let number = serde_json::Number::from_f64(*float);
            if number.is_none() {
                not_json("which no JSON number can be");
            }
            number.map(Json::Number)
        }
        Value::Array(items) => {
            items.iter().map(|item| json(item, path, report)).collect::<Option<_>>().map(Json::Array)
        }
        Value::Table(table) => {
            let entry = |(name, value): &(At<String>, At<Value>)| {
                Some((name.value.clone(), json(value, &format!("{path}.{}", name.value), report)?))
            };
            table.entries.iter().map(entry).collect::<Option<_>>().map(Json::Object)
        }
    }
}

fn kv_namespaces(reader: &mut Reader<'_>) -> Vec<RawKvNamespace> {
    let tables = reader.tables("kv_namespaces").unwrap_or_default();
    let mut namespaces = Vec::new();
    for table in tables {
        let mut entry = Reader::new(table, reader.path("kv_namespaces"), reader.report());
        let (binding, id) = (entry.string("binding"), entry.string("id"));
        entry.settle(&["preview_id"], wrangler::no_effect);
        if table.find("binding").is_none() {
            entry.missing("binding", "`binding` is the name the worker finds the namespace by, as `env.NAME`");
        }
        if table.find("id").is_none() {
            entry.missing("id", "`id` names the namespace's data; workers with the same id share it");
        }
        entry.finish();
        if let (Some(binding), Some(id)) = (binding, id) {
            namespaces.push(RawKvNamespace { binding, id });
        }
    }
    namespaces
}
