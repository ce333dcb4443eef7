//! The workers under soak, and how they are configured.

use std::fmt::Write as _;

use crate::guest::guest_bytes_if_built;
use crate::project::CONFIG;
use crate::{Project, Upstream};

use super::plan::Plan;

/// Subrequests of one request of `bounds`.
pub(crate) const SUBREQUESTS: u32 = 5;
/// Operations on key-value namespaces, and timers at once, of one request of `bounds`.
pub(crate) const KV_OPERATIONS: u32 = 7;
pub(crate) const TIMERS: u32 = 40;
/// The largest request body of `bounds`.
pub(crate) const BODY_BYTES: usize = 64 << 10;

/// What there is to ask.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) cold_workers: usize,
    /// Whether the component that is a worker was built.
    pub(crate) component: bool,
    /// Whether the component that a worker imports was built.
    pub(crate) plugins: bool,
}

/// The process. The network of the upstream is granted where a worker fetches from it.
const PROCESS: &str = "admin_listen = \"127.0.0.1:0\"\n[storage]\npath = \"data\"\n[log]\nlevel = \"warn\"\n";
const LOOPBACK: &str = "[egress]\nnetworks.allow = [\"127.0.0.0/8\"]\n";
/// For what hits no limit: far beyond what a busy machine and a debug build need.
const PATIENT: &str = "[limits]\ncpu_ms = 60000\nwall_ms = 60000\nqueue_ms = 60000\nstartup_ms = 60000\n";

/// Writes the workers of `tests/guests/soak` down, with their configuration.
pub(crate) fn build(plan: &Plan, upstream: &Upstream) -> (Project, World) {
    let component = guest_bytes_if_built("parity");
    let plugin = guest_bytes_if_built("markdown");
    let world = World { cold_workers: plan.cold_workers, component: component.is_some(), plugins: plugin.is_some() };
    let upstream = format!("UPSTREAM = \"{}\"\n", upstream.url(""));

    let mut project = Project::guest("soak", "");
    let mut hosts = format!("[server]\nmax_isolates = {}\n{PROCESS}", plan.isolates_max);
    let mut add = |name: &str, main: &str, routed: bool, rest: &str| {
        let routes = if routed { format!("[\"{name}.test/*\"]") } else { "[]".to_owned() };
        writeln!(hosts, "[[workers]]\npath = \"{name}\"\nroutes = {routes}").expect("a String takes everything");
        let head = "compatibility_date = \"2026-01-01\"";
        (format!("{name}/{CONFIG}"), format!("name = \"{name}\"\nmain = \"{main}\"\n{head}\n{rest}"))
    };
    let mut files = vec![
        add("target", "index.js", false, PATIENT),
        add("bombs", "index.js", true, "[limits]\ncpu_ms = 60\nwall_ms = 20000\nstartup_ms = 60000\n"),
        add("narrow", "index.js", true, "[limits]\nconcurrency = 2\nstartup_ms = 60000\n"),
    ];
    files.push(add("front", "index.js", true, &front(&upstream, 0)));
    for (name, limits) in [
        ("hogs", "cpu_ms = 5000\nwall_ms = 20000\nmemory_mb = 32".to_owned()),
        ("waits", "wall_ms = 3000\nqueue_ms = 60000\nwait_until_ms = 200".to_owned()),
        (
            "bounds",
            format!(
                "cpu_ms = 60000\nwall_ms = 60000\nqueue_ms = 60000\nsubrequests = {SUBREQUESTS}\n\
                 request_body_bytes = {BODY_BYTES}\nlog_lines = 100\ntmp_bytes = 1048576\n\
                 kv_operations = {KV_OPERATIONS}\ntimers = {TIMERS}\nresponse_bytes = 200000\n\
                 [[kv_namespaces]]\nbinding = \"KV\"\nid = \"bounds\""
            ),
        ),
    ] {
        let rest = format!("{LOOPBACK}[limits]\nstartup_ms = 60000\n{limits}\n[vars]\n{upstream}");
        files.push(add(name, "index.js", true, &rest));
    }
    let mut sources: Vec<(String, Vec<u8>)> = Vec::new();
    let bombs = project.read("bombs/index.js");
    let cold = project.read("cold/index.js");
    sources.extend(["hogs", "waits", "bounds"].map(|name| (format!("{name}/index.js"), bombs.clone().into())));
    for number in 0..plan.cold_workers {
        let name = cold_name(number);
        files.push(add(&name, "index.js", true, &format!("{PATIENT}[vars]\nNAME = \"{name}\"\n")));
        sources.push((format!("{name}/index.js"), cold.clone().into()));
    }
    if let Some(bytes) = component {
        files.push(add("component", "app.wasm", true, "[limits]\ncpu_ms = 500\nmemory_mb = 64\n"));
        sources.push(("component/app.wasm".to_owned(), bytes));
    }
    if let Some(bytes) = plugin {
        let declared = "[[plugins]]\nname = \"markdown\"\npath = \"markdown.wasm\"\nlimits = { call_ms = 60000 }\n";
        files.push(add("plugins", "index.js", true, &format!("{PATIENT}{declared}")));
        sources.push(("plugins/markdown.wasm".to_owned(), bytes));
    }
    for (path, text) in files {
        project = project.file(&path, text);
    }
    for (path, bytes) in sources {
        project = project.file(&path, bytes);
    }
    std::fs::create_dir(project.path().join("front/files")).expect("a fresh directory");
    (project.file(CONFIG, hosts), world)
}

/// Deploys another version of the worker that tells its version.
pub(crate) fn deploy(project: Project, upstream: &Upstream, version: u32) -> Project {
    let text = project.read(&format!("front/{CONFIG}"));
    let (before, _) = text.split_once("[egress]").expect("what `front` writes");
    let upstream = format!("UPSTREAM = \"{}\"\n", upstream.url(""));
    project.file(&format!("front/{CONFIG}"), format!("{before}{}", front(&upstream, version)))
}

pub(crate) fn cold_name(number: usize) -> String {
    format!("cold-{number}")
}

fn front(upstream: &str, version: u32) -> String {
    let bindings = "[[kv_namespaces]]\nbinding = \"KV\"\nid = \"soak\"\n[[services]]\nbinding = \"TARGET\"\n\
                    service = \"target\"\n[[files]]\nbinding = \"DATA\"\npath = \"files\"\nmode = \"read-write\"\n";
    format!("{LOOPBACK}{PATIENT}{bindings}[vars]\nVERSION = {version}\n{upstream}")
}
