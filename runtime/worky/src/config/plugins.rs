//! `[[plugins]]`: the components that a worker's modules import as `plugin:NAME`, and what each is granted.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use worky_engine::plugin::{PluginInstances, PluginLimits};

use super::raw::RawWorker;
use super::reader::{Reader, listed, nearest};
use super::report::{Problem, Report};
use super::source::{At, Span};
use super::tree::Table;
use super::worker::is_name;

#[derive(Debug)]
pub(crate) struct RawPlugin {
    pub(crate) name: At<String>,
    path: At<String>,
    wit: Option<At<String>>,
    grants: Vec<At<String>>,
    limits: PluginLimits,
    instances: PluginInstances,
}

/// One plugin, ready to be loaded.
#[derive(Debug)]
pub(crate) struct PluginConfig {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// WIT text, a file or a directory: the comments of its types, and the world of a core module that has none in it.
    pub(crate) wit: Option<PathBuf>,
    /// The component, where it comes in the worker's bundle and not from `path`.
    pub(crate) packed: Option<Bytes>,
    /// Where the path was written.
    pub(crate) span: Span,
    pub(crate) grants: Vec<Grant>,
    pub(crate) limits: PluginLimits,
    pub(crate) instances: PluginInstances,
}

/// Something of the worker's that a plugin may use, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Grant {
    /// `log`
    Log,
    /// `fetch`, under the worker's egress policy.
    Fetch,
    /// `config`: every var, and no secret.
    Config,
    /// `var:NAME`
    Var(String),
    /// `secret:NAME`
    Secret(String),
    /// `kv:BINDING`
    Kv(String),
    /// `service:BINDING`
    Service(String),
    /// `files:BINDING`
    Files(String),
}

impl fmt::Display for Grant {
    /// As it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Grant::Log => f.write_str("log"),
            Grant::Fetch => f.write_str("fetch"),
            Grant::Config => f.write_str("config"),
            Grant::Var(name) => write!(f, "var:{name}"),
            Grant::Secret(name) => write!(f, "secret:{name}"),
            Grant::Kv(name) => write!(f, "kv:{name}"),
            Grant::Service(name) => write!(f, "service:{name}"),
            Grant::Files(name) => write!(f, "files:{name}"),
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> Vec<RawPlugin> {
    let tables = reader.tables("plugins").unwrap_or_default();
    let mut plugins = Vec::new();
    for table in tables {
        let mut entry = Reader::new(table, reader.path("plugins"), reader.report());
        let (name, path, wit) = (entry.string("name"), entry.string("path"), entry.string("wit"));
        let grants = entry.strings("grants").unwrap_or_default();
        let limits = entry.table("limits").map(|table| limits(table, entry.path("limits"), entry.report()));
        let instances =
            entry.choice("instances", &[("isolate", PluginInstances::Isolate), ("call", PluginInstances::Call)]);
        if table.find("name").is_none() {
            entry.missing("name", "`name` is what modules import: name = \"markdown\" for \"plugin:markdown\"");
        }
        if table.find("path").is_none() {
            entry.missing("path", "`path` is the component: path = \"markdown.wasm\"");
        }
        entry.finish();
        if let (Some(name), Some(path)) = (name, path) {
            let (limits, instances) = (limits.unwrap_or_default(), instances.unwrap_or_default());
            plugins.push(RawPlugin { name, path, wit, grants, limits, instances });
        }
    }
    plugins
}

fn limits(table: &Table, section: String, report: &Report) -> PluginLimits {
    let mut reader = Reader::new(table, section, report);
    let mut limits = PluginLimits::default();
    if let Some(mb) = reader.integer("memory_mb", 1..=4_096, "MiB") {
        limits.memory_bytes = (mb as usize) << 20;
    }
    if let Some(ms) = reader.integer("call_ms", 1..=3_600_000, "milliseconds") {
        limits.call = Duration::from_millis(ms);
    }
    if let Some(count) = reader.integer("handles", 1..=1_000_000, "resources at once") {
        limits.handles = count as u32;
    }
    reader.finish();
    limits
}

/// Checks what the values mean, against the rest of the worker.
pub(super) fn validate(raw: &RawWorker, report: &Report) -> Vec<PluginConfig> {
    let mut plugins: Vec<PluginConfig> = Vec::new();
    for (index, plugin) in raw.plugins.iter().enumerate() {
        let name = &plugin.name;
        if !is_name(&name.value) {
            let message = format!("\"{}\" cannot be a plugin's name", name.value);
            let label = "must be 1 to 63 letters, digits, `-` or `_`, and not begin with `-`";
            report.push(Problem::error(message).at(&name.span, label));
        }
        if let Some(first) = raw.plugins[..index].iter().find(|other| other.name.value == name.value) {
            let message = format!("two plugins are named `{}`", name.value);
            let problem = Problem::error(message).at(&name.span, "the second").at(&first.name.span, "the first");
            report.push(problem.hint("rename one of them"));
        }
        let path = plugin.path.span.resolve(&plugin.path.value);
        let packed = plugin.path.span.source.as_packed().map(|packed| packed.archive.file(&plugin.path.value).cloned());
        if packed == Some(None) {
            let message = format!("the component of plugin `{}` is not in the bundle", name.value);
            report.push(Problem::error(message).at(&plugin.path.span, ""));
        } else if packed.is_none() && !path.is_file() {
            let what = if path.exists() { "is not a file" } else { "does not exist" };
            let message = format!("the component of plugin `{}` {what}: {}", name.value, path.display());
            let problem = Problem::error(message).at(&plugin.path.span, "");
            report.push(problem.hint("build it first; the path is relative to the directory of worky.toml"));
        }
        let wit = plugin.wit.as_ref().map(|wit| (wit, wit.span.resolve(&wit.value)));
        if let Some((wit, _)) = wit.as_ref().filter(|(_, path)| !path.exists()) {
            let message = format!("the WIT text of plugin `{}` does not exist: {}", name.value, wit.value);
            let problem = Problem::error(message).at(&wit.span, "");
            report.push(
                problem
                    .hint("name the directory or the file with its package, relative to the directory of worky.toml"),
            );
        }
        let grants = plugin.grants.iter().filter_map(|text| grant(text, raw, report)).collect();
        plugins.push(PluginConfig {
            name: name.value.clone(),
            path,
            wit: wit.map(|(_, path)| path),
            packed: packed.flatten(),
            span: plugin.path.span.clone(),
            grants,
            limits: plugin.limits.clone(),
            instances: plugin.instances,
        });
    }
    plugins
}

/// The forms that grants have, for messages.
const FORMS: [&str; 8] =
    ["log", "fetch", "config", "var:NAME", "secret:NAME", "kv:BINDING", "files:BINDING", "service:BINDING"];

fn grant(text: &At<String>, raw: &RawWorker, report: &Report) -> Option<Grant> {
    let (kind, name) = text.value.split_once(':').unwrap_or((&text.value, ""));
    let named = |what: &str, known: Vec<&str>| {
        if known.contains(&name) {
            return Some(name.to_owned());
        }
        let problem = if name.is_empty() {
            Problem::error(format!("the grant \"{}\" names no {what}", text.value))
        } else {
            Problem::error(format!("the grant \"{}\" names a {what} that the worker does not have", text.value))
        };
        let problem = problem.at(&text.span, "");
        report.push(match nearest(name, known.iter().copied()) {
            Some(near) => problem.hint(format!("did you mean \"{kind}:{near}\"?")),
            None if known.is_empty() => {
                problem.hint(format!("the worker has no {what}: a plugin gets no more than it"))
            }
            None => problem.hint(format!("the worker has {}", listed(&known, "`", "and"))),
        });
        None
    };
    let bare = |grant| {
        if text.value == kind {
            return Some(grant);
        }
        let problem = Problem::error(format!("the grant \"{}\" takes no name", text.value)).at(&text.span, "");
        report.push(problem.hint(format!("write \"{kind}\"")));
        None
    };
    match kind {
        "log" => bare(Grant::Log),
        "fetch" => bare(Grant::Fetch),
        "config" => bare(Grant::Config),
        "var" => named("var", raw.vars.iter().map(|(name, _)| name.value.as_str()).collect()).map(Grant::Var),
        "secret" => named("secret", raw.secrets.iter().map(|name| name.value.as_str()).collect()).map(Grant::Secret),
        "kv" => {
            let known = raw.kv_namespaces.iter().map(|kv| kv.binding.value.as_str()).collect();
            named("KV namespace", known).map(Grant::Kv)
        }
        "files" => {
            let known = raw.files.iter().map(|files| files.binding.value.as_str()).collect();
            named("files binding", known).map(Grant::Files)
        }
        "service" => {
            let known = raw.services.iter().map(|service| service.binding.value.as_str()).collect();
            named("service binding", known).map(Grant::Service)
        }
        _ => {
            let problem = Problem::error(format!("there is no grant \"{}\"", text.value)).at(&text.span, "");
            report.push(match nearest(kind, FORMS.iter().map(|form| form.split(':').next().unwrap_or(form))) {
                Some(near) => problem.hint(format!("did you mean \"{}\"?", text.value.replacen(kind, near, 1))),
                None => problem.hint(format!("grants are {}", listed(&FORMS, "\"", "and"))),
            });
            None
        }
    }
}
