//! Node's own modules, which packages were written for: which of them there are, and what is in them.
//!
//! They are packed into the workers that use them. `tools/node/build` makes them of published polyfills.

/// Before the name of each of them, as it is imported and as the bundler knows it.
pub(super) const SCHEME: &str = "node:";
/// Of the modules those that are for the others alone.
const INTERNAL: &str = "internal/";

macro_rules! embedded {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../node/", $name, ".js")))),*]
    };
}

static MODULES: &[(&str, &str)] = embedded![
    "assert",
    "assert/strict",
    "buffer",
    "crypto",
    "diagnostics_channel",
    "events",
    "internal/comparisons",
    "internal/errors",
    "internal/hashes",
    "internal/inspect",
    "internal/keys",
    "internal/process_lite",
    "internal/streams",
    "internal/tick",
    "internal/util_types",
    "path",
    "path/posix",
    "process",
    "punycode",
    "querystring",
    "stream",
    "stream/consumers",
    "stream/promises",
    "stream/web",
    "string_decoder",
    "timers",
    "timers/promises",
    "url",
    "util",
    "util/types",
    "zlib",
];

/// What the engine answers itself, because no polyfill could do it.
pub(crate) const OF_ENGINE: &str = "node:async_hooks";

/// Globals of Node, with the module and the export that they are.
pub(crate) const GLOBALS: &[(&str, &str, &str)] = &[
    ("Buffer", "node:buffer", "Buffer"),
    ("process", "node:process", "default"),
    ("setImmediate", "node:timers", "setImmediate"),
    ("clearImmediate", "node:timers", "clearImmediate"),
];

/// The module of this name, with or without `node:`, that anybody may import.
pub(crate) fn find(specifier: &str) -> Option<&'static str> {
    let name = specifier.strip_prefix(SCHEME).unwrap_or(specifier);
    let name = if name == "sys" { "util" } else { name };
    if name.starts_with(INTERNAL) { None } else { embedded(name).map(|(name, _)| name) }
}

/// As [`find`], for the modules themselves.
pub(super) fn find_within(specifier: &str) -> Option<&'static str> {
    embedded(specifier.strip_prefix(SCHEME)?).map(|(name, _)| name)
}

pub(super) fn source(name: &str) -> Option<&'static str> {
    embedded(name).map(|(_, source)| source)
}

fn embedded(name: &str) -> Option<(&'static str, &'static str)> {
    let at = MODULES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(MODULES[at])
}

/// Whether Node has a module of this name.
pub(crate) fn is_nodes(specifier: &str) -> bool {
    specifier.starts_with(SCHEME) || find(specifier).is_some() || ABSENT.contains(&specifier)
}

/// The modules that there are, for who asked for another.
pub(crate) fn available() -> String {
    let of_engine = OF_ENGINE.trim_start_matches(SCHEME);
    let mut names: Vec<&str> =
        MODULES.iter().map(|(name, _)| *name).filter(|name| !name.starts_with(INTERNAL)).chain([of_engine]).collect();
    names.sort_unstable();
    names.join(", ")
}

/// How what an absent module is for is done in a worker.
pub(crate) fn instead_of(specifier: &str) -> Option<&'static str> {
    let name = specifier.trim_start_matches(SCHEME);
    match name.split('/').next().unwrap_or(name) {
        "fs" => Some(
            "a worker's own files can be imported (.json, .txt, .html, .md, .sql, .bin); directories are granted with \
             [[files]] in worky.toml, and /bundle and /tmp are under navigator.storage.getDirectory()",
        ),
        "http" | "https" | "http2" => Some("call fetch() for requests; a worker's own server is its fetch handler"),
        "net" | "tls" | "dgram" | "dns" => Some("a worker has no sockets: it reaches the network by fetch() alone"),
        "child_process" | "cluster" | "worker_threads" => {
            Some("a worker starts no processes and threads: another worker of this process is a [[services]] binding")
        }
        _ => None,
    }
}

/// Of Node's other modules those that packages name without `node:`.
const ABSENT: &[&str] = &[
    "async_hooks",
    "child_process",
    "cluster",
    "console",
    "constants",
    "dgram",
    "dns",
    "dns/promises",
    "domain",
    "fs",
    "fs/promises",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path/win32",
    "perf_hooks",
    "readline",
    "readline/promises",
    "repl",
    "tls",
    "trace_events",
    "tty",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_sorted_and_ascii() {
        assert!(MODULES.is_sorted_by_key(|(name, _)| *name));
        for (name, source) in MODULES {
            assert!(source.is_ascii(), "{name}");
        }
    }

    #[test]
    fn names() {
        assert_eq!(find("node:path/posix"), Some("path/posix"));
        assert_eq!(find("path"), Some("path"));
        assert_eq!(find("node:sys"), Some("util"));
        assert_eq!(find("node:internal/tick"), None);
        assert_eq!(find("node:fs"), None);
        assert_eq!(find_within("node:internal/tick"), Some("internal/tick"));
        assert!(is_nodes("fs") && is_nodes("node:unheard_of") && !is_nodes("left-pad"));
    }
}
