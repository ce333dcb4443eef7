//! What is laid over a file: the environment, and over that the command line.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use super::reader::nearest;
use super::report::{Problem, Report};
use super::source::{At, Source, Span};
use super::tree::{Table, Value};

/// A setting that the environment may override, and how its text reads.
struct Variable {
    name: &'static str,
    path: [&'static str; 2],
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Integer,
    Boolean,
    /// Separated by commas.
    List,
}

const VARIABLES: &[Variable] = &[
    variable("WORKY_SERVER_LISTEN", "server", "listen", Kind::Text),
    variable("WORKY_SERVER_ADMIN_LISTEN", "server", "admin_listen", Kind::Text),
    variable("WORKY_SERVER_HTTP2", "server", "http2", Kind::Boolean),
    variable("WORKY_SERVER_MAX_CONNECTIONS", "server", "max_connections", Kind::Integer),
    variable("WORKY_SERVER_MAX_HTTP2_STREAMS", "server", "max_http2_streams", Kind::Integer),
    variable("WORKY_SERVER_MAX_IN_FLIGHT", "server", "max_in_flight", Kind::Integer),
    variable("WORKY_SERVER_BLANK_ISOLATES", "server", "blank_isolates", Kind::Integer),
    variable("WORKY_SERVER_MAX_ISOLATES", "server", "max_isolates", Kind::Integer),
    variable("WORKY_SERVER_MAX_ISOLATES_MB", "server", "max_isolates_mb", Kind::Integer),
    variable("WORKY_SERVER_ISOLATE_IDLE_MS", "server", "isolate_idle_ms", Kind::Integer),
    variable("WORKY_SERVER_MAX_QUEUED", "server", "max_queued", Kind::Integer),
    variable("WORKY_SERVER_MAX_HEADERS", "server", "max_headers", Kind::Integer),
    variable("WORKY_SERVER_MAX_HEADER_BYTES", "server", "max_header_bytes", Kind::Integer),
    variable("WORKY_SERVER_MAX_URI_BYTES", "server", "max_uri_bytes", Kind::Integer),
    variable("WORKY_SERVER_HEADER_READ_MS", "server", "header_read_ms", Kind::Integer),
    variable("WORKY_SERVER_IDLE_MS", "server", "idle_ms", Kind::Integer),
    variable("WORKY_SERVER_BODY_STALL_MS", "server", "body_stall_ms", Kind::Integer),
    variable("WORKY_SERVER_WRITE_STALL_MS", "server", "write_stall_ms", Kind::Integer),
    variable("WORKY_SERVER_SHUTDOWN_GRACE_MS", "server", "shutdown_grace_ms", Kind::Integer),
    variable("WORKY_SERVER_TRUSTED_PROXIES", "server", "trusted_proxies", Kind::List),
    variable("WORKY_CREDENTIALS_DIR", "server", "credentials_dir", Kind::Text),
    variable("WORKY_STORAGE_BACKEND", "storage", "backend", Kind::Text),
    variable("WORKY_STORAGE_PATH", "storage", "path", Kind::Text),
    variable("WORKY_STORAGE_CODE_CACHE_MB", "storage", "code_cache_mb", Kind::Integer),
    variable("WORKY_STORAGE_DURABILITY", "storage", "durability", Kind::Text),
    variable("WORKY_STORAGE_CACHE_MB", "storage", "cache_mb", Kind::Integer),
    variable("WORKY_LOG_LEVEL", "log", "level", Kind::Text),
    variable("WORKY_LOG_FORMAT", "log", "format", Kind::Text),
];

/// Variables that the command line reads itself.
const ELSEWHERE: &[&str] = &["WORKY_ENV", "WORKY_CONFIG", "WORKY_BINARY", "WORKY_STARTED_BY_NPM"];
/// What begins the name of a variable that holds a secret; their values are never read here.
const SECRET_PREFIX: &str = "WORKY_SECRET_";

const fn variable(name: &'static str, section: &'static str, key: &'static str, kind: Kind) -> Variable {
    Variable { name, path: [section, key], kind }
}

/// A setting given on the command line.
#[derive(Debug, Clone)]
pub(crate) struct Flag {
    /// As it was written: `--listen`.
    pub(crate) name: &'static str,
    pub(crate) path: &'static [&'static str],
    pub(crate) value: String,
}

/// Lays the WORKY_ variables over the tree of a file. Those that mean nothing get a warning; secrets are passed by.
pub(crate) fn lay_environment(tree: &mut Table, variables: &[(OsString, OsString)], dir: &Path, report: &Report) {
    let mut variables: Vec<_> = variables
        .iter()
        .filter_map(|(name, value)| Some((name.to_str().filter(|name| name.starts_with("WORKY_"))?, value)))
        .filter(|(name, _)| !name.starts_with(SECRET_PREFIX) && !ELSEWHERE.contains(name))
        .collect();
    variables.sort();
    for (name, value) in variables {
        let Some(variable) = VARIABLES.iter().find(|variable| variable.name == name) else {
            unknown(name, dir, report);
            continue;
        };
        // An empty one counts as absent: it is how a unit file or a container takes a setting back.
        let value = value.to_string_lossy();
        if !value.is_empty() {
            let source = Source::new("environment", dir, format!("{name}={value}"));
            let span = Span::new(&source, name.len() + 1..source.text().len());
            tree.set(&variable.path, read(variable.kind, &value, &span));
        }
    }
}

/// Lays flags over the tree.
pub(crate) fn lay_flags(tree: &mut Table, flags: &[Flag], dir: &Path) {
    for flag in flags {
        let span = flag_span(flag.name, &flag.value, dir);
        tree.set(flag.path, At { value: Value::String(flag.value.clone()), span });
    }
}

/// Where a flag's value stands, for reports.
pub(crate) fn flag_span(name: &str, value: &str, dir: &Path) -> Span {
    let source = Source::new("command line", dir, format!("{name} {value}"));
    Span::new(&source, name.len() + 1..source.text().len())
}

/// A text that does not read as its kind stays a string, which the reader of the key then reports.
fn read(kind: Kind, text: &str, span: &Span) -> At<Value> {
    let string = |text: &str| Value::String(text.to_owned());
    let value = match kind {
        Kind::Text => string(text),
        Kind::Integer => text.parse().map_or_else(|_| string(text), |integer| Value::Integer(Some(integer))),
        Kind::Boolean => text.parse().map_or_else(|_| string(text), Value::Boolean),
        Kind::List => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Value::Array(items.map(|item| At { value: string(item), span: span.clone() }).collect())
        }
    };
    At { value, span: span.clone() }
}

/// The value is not shown: it may be that of a secret whose name was misspelt.
fn unknown(name: &str, dir: &Path, report: &Report) {
    let source: Arc<Source> = Source::new("environment", dir, name);
    let problem = Problem::warning(format!("the variable {name} means nothing"));
    let problem = problem.at(&Span::new(&source, 0..name.len()), "");
    let known = VARIABLES.iter().map(|variable| variable.name).chain(ELSEWHERE.iter().copied());
    report.push(match nearest(name, known) {
        Some(near) => problem.hint(format!("did you mean {near}?")),
        None if name.contains("SECRET") => problem.hint("a secret is given as WORKY_SECRET_NAME"),
        None => problem,
    });
}
