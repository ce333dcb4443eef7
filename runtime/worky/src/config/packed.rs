//! A worker's configuration in its bundle: what goes into it, and how it comes out again.
//!
//! Of a worker's file its own keys go into the bundle, as they are for the environment that was chosen, without comments.
//! What the process does with workers (`[server]`, `[storage]`, `[log]`) belongs to the machine that serves them, and so do
//! values of secrets, which no file has.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use worky_bundle::archive::{
    ASSETS, Archive, ArchiveLimits, Binding, BindingKind, Declaration, EXTENSION, MANIFEST, Plugin, WORKER, is_archive,
    plugin_path,
};

use super::FILE_NAME;
use super::report::{Problem, Report};
use super::source::{At, Source, Span};
use super::tree::{Table, Value};

/// What an environment takes over from the top of the file where it says nothing, and what it does not: see
/// [`super::worker::overlay`]. `imports` is not here: what it means is in the modules.
const INHERITED: [&str; 10] = [
    "name",
    "main",
    "compatibility_date",
    "compatibility_flags",
    "assets",
    "routes",
    "globals",
    "egress",
    "limits",
    "wasm",
];
const GRANTED: [&str; 6] = ["vars", "secrets", "kv_namespaces", "plugins", "services", "files"];
/// A worker's own keys, which go into its bundle.
pub(super) const KEYS: [&[&str]; 2] = [&INHERITED, &GRANTED];

/// An opened bundle.
#[derive(Debug)]
pub(crate) struct Packed {
    pub(crate) path: PathBuf,
    pub(crate) archive: Archive,
}

/// Whether a path is meant to be a bundle and not a project: what is wrong with it is told when it is opened.
pub(crate) fn is_bundle(path: &Path) -> bool {
    if path.is_dir() {
        return !path.join(FILE_NAME).exists() && [MANIFEST, WORKER].iter().any(|name| path.join(name).is_file());
    }
    is_archive(path) || path.extension().is_some_and(|extension| extension == EXTENSION)
}

/// Opens a bundle, whose configuration is then read as any other. Relative paths in it, those of `[[files]]`, start where
/// the bundle lies.
pub(super) fn read(path: &Path, shown: &str) -> Result<Arc<Source>, Problem> {
    let archive = Archive::open(path, &ArchiveLimits::default()).map_err(|error| {
        let problem = Problem::error(format!("the bundle {shown} is refused: {error}"));
        match error.hint() {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    })?;
    let dir = path.parent().unwrap_or(path).to_owned();
    let text = archive.worker().to_owned();
    let packed = Arc::new(Packed { path: path.to_owned(), archive });
    Ok(Source::packed(format!("{shown}!/{WORKER}"), dir, text, packed))
}

/// Holds the configuration of a bundle against its manifest.
pub(super) fn check(tree: &Table, source: &Arc<Source>, report: &Report) {
    let Some(packed) = source.as_packed() else { return };
    for (key, _) in &tree.entries {
        if !KEYS.into_iter().flatten().any(|own| *own == key.value) {
            let problem = Problem::error(format!("`{}` cannot stand in a bundle", key.value)).at(&key.span, "");
            report.push(problem.hint("set it where the bundle is served, or build the bundle again"));
        }
    }
    let manifest = packed.archive.manifest();
    // Of files alone there is neither.
    let main = manifest.modules.iter().find(|module| module.specifier == manifest.entry);
    let declared = string(tree, "main");
    if declaration(tree) != manifest.worker || declared != main.map(|module| module.file.as_str()) {
        let problem = Problem::error(format!("the manifest of the bundle says something else than its {WORKER}"));
        report.push(problem.at(&Span::whole(source), "").hint("build the bundle again"));
    }
}

/// The text of `worker.toml` for the file that `source` is, and what the manifest says of it. `main` is the path of the
/// main module in the bundle, if there is one. The file was read before and is good.
pub(crate) fn pack(source: &Arc<Source>, environment: Option<&str>, main: Option<&str>) -> (String, Declaration) {
    let unheard = Report::default();
    let tree = Table::parse(source, &unheard).expect("it was parsed before");
    let own = environment.and_then(|name| table(table(&tree, "env")?, name));
    let mut packed = toml::Table::new();
    for key in INHERITED {
        let found = own.and_then(|own| own.find(key)).or_else(|| tree.find(key));
        if let Some((_, value)) = found {
            packed.insert(key.to_owned(), plain(&value.value));
        }
    }
    for key in GRANTED {
        if let Some((_, value)) = own.unwrap_or(&tree).find(key) {
            packed.insert(key.to_owned(), plain(&value.value));
        }
    }
    if let (Some(own), Some(environment), Some(name)) = (own, environment, string(&tree, "name"))
        && own.find("name").is_none()
    {
        packed.insert("name".to_owned(), format!("{name}-{environment}").into());
    }
    if let Some(main) = main {
        packed.insert("main".to_owned(), main.into());
    }
    if let Some(assets) = packed.get_mut("assets").and_then(toml::Value::as_table_mut) {
        assets.insert("directory".to_owned(), ASSETS.into());
    }
    for plugin in packed.get_mut("plugins").and_then(toml::Value::as_array_mut).into_iter().flatten() {
        let Some(plugin) = plugin.as_table_mut() else { continue };
        let path = plugin.get("name").and_then(toml::Value::as_str).map(plugin_path);
        plugin.insert("path".to_owned(), path.unwrap_or_default().into());
        // The component has what it needed of it.
        plugin.remove("wit");
    }
    let text = packed.to_string();
    let source = Source::new(WORKER, ".", text.as_str());
    let declaration = Table::parse(&source, &unheard).map(|tree| declaration(&tree)).unwrap_or_default();
    (text, declaration)
}

/// The summary of `worker.toml` that a manifest has. What is of a wrong type is reported by whoever reads it.
fn declaration(tree: &Table) -> Declaration {
    let mut bindings = Vec::new();
    let mut add = |name: &str, kind| bindings.push(Binding { name: name.to_owned(), kind });
    table(tree, "vars")
        .into_iter()
        .flat_map(|vars| &vars.entries)
        .for_each(|(name, _)| add(&name.value, BindingKind::Var));
    strings(tree, "secrets").for_each(|name| add(name, BindingKind::Secret));
    for (key, kind) in
        [("kv_namespaces", BindingKind::KvNamespace), ("services", BindingKind::Service), ("files", BindingKind::Files)]
    {
        tables(tree, key).filter_map(|table| string(table, "binding")).for_each(|name| add(name, kind));
    }
    if let Some(name) = table(tree, "assets").and_then(|assets| string(assets, "binding")) {
        add(name, BindingKind::Assets);
    }
    let plugin = |table: &Table| {
        let text = |key| string(table, key).unwrap_or_default().to_owned();
        let grants = strings(table, "grants").map(str::to_owned).collect();
        Plugin { name: text("name"), file: text("path"), grants }
    };
    let limit = |(name, value): &(At<String>, At<Value>)| {
        let Value::Integer(Some(number)) = value.value else { return None };
        Some((name.value.clone(), u64::try_from(number).ok()?))
    };
    let date = tree.find("compatibility_date").and_then(|(_, date)| match &date.value {
        Value::String(text) | Value::Datetime(text) => Some(text.clone()),
        _ => None,
    });
    Declaration {
        name: string(tree, "name").unwrap_or_default().to_owned(),
        compatibility_date: date,
        bindings,
        plugins: tables(tree, "plugins").map(plugin).collect(),
        limits: table(tree, "limits").into_iter().flat_map(|limits| &limits.entries).filter_map(limit).collect(),
    }
}

fn string<'t>(tree: &'t Table, key: &str) -> Option<&'t str> {
    match &tree.find(key)?.1.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn table<'t>(tree: &'t Table, key: &str) -> Option<&'t Table> {
    match &tree.find(key)?.1.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

fn items<'t>(tree: &'t Table, key: &str) -> impl Iterator<Item = &'t Value> {
    let items = tree.find(key).and_then(|(_, value)| match &value.value {
        Value::Array(items) => Some(items),
        _ => None,
    });
    items.into_iter().flatten().map(|item| &item.value)
}

fn strings<'t>(tree: &'t Table, key: &str) -> impl Iterator<Item = &'t str> {
    items(tree, key).filter_map(|item| match item {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    })
}

fn tables<'t>(tree: &'t Table, key: &str) -> impl Iterator<Item = &'t Table> {
    items(tree, key).filter_map(|item| match item {
        Value::Table(table) => Some(table),
        _ => None,
    })
}

fn plain(value: &Value) -> toml::Value {
    match value {
        Value::String(text) => text.as_str().into(),
        // What does not fit is an error of whoever reads it.
        Value::Integer(number) => number.unwrap_or_default().into(),
        Value::Float(number) => (*number).into(),
        Value::Boolean(boolean) => (*boolean).into(),
        Value::Datetime(text) => text.parse().map_or_else(|_| text.as_str().into(), toml::Value::Datetime),
        Value::Array(items) => toml::Value::Array(items.iter().map(|item| plain(&item.value)).collect()),
        Value::Table(table) => table
            .entries
            .iter()
            .map(|(name, value)| (name.value.clone(), plain(&value.value)))
            .collect::<toml::Table>()
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
# A comment, which may say anything.
name = "app"
main = "src/index.ts"
compatibility_date = 2026-01-01
secrets = ["TOKEN"]
minify = true
[vars]
A = 1
B = { c = [1.5, "x"] }
[imports]
"~/" = "./src/"
[server]
listen = "127.0.0.1:1"
[limits]
cpu_ms = 50
[[plugins]]
name = "markdown"
path = "../elsewhere/markdown.wasm"
grants = ["log"]
[env.staging]
routes = ["staging.example.com/*"]
kv_namespaces = [{ binding = "CACHE", id = "cache" }]
"#;

    fn packed(environment: Option<&str>) -> (String, Declaration) {
        pack(&Source::new("worky.toml", ".", FILE), environment, Some("modules/.packed/index.js"))
    }

    #[test]
    fn the_workers_own_keys_and_nothing_else() {
        let (text, declaration) = packed(None);
        for part in ["comment", "minify", "imports", "server", "env", "elsewhere", "src/index.ts"] {
            assert!(!text.contains(part), "{part} is in:\n{text}");
        }
        for part in ["main = \"modules/.packed/index.js\"", "path = \"plugins/markdown.wasm\"", "2026-01-01", "TOKEN"] {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
        let names: Vec<_> = declaration.bindings.iter().map(|binding| binding.name.as_str()).collect();
        assert_eq!((declaration.name.as_str(), names), ("app", vec!["A", "B", "TOKEN"]));
        assert_eq!(declaration.compatibility_date.as_deref(), Some("2026-01-01"));
        assert_eq!(declaration.limits.into_iter().collect::<Vec<_>>(), [("cpu_ms".to_owned(), 50)]);
        assert_eq!(declaration.plugins[0].file, "plugins/markdown.wasm");
    }

    #[test]
    fn an_environment_is_chosen_once() {
        let (text, declaration) = packed(Some("staging"));
        let names: Vec<_> = declaration.bindings.iter().map(|binding| binding.name.as_str()).collect();
        assert_eq!((declaration.name.as_str(), names), ("app-staging", vec!["CACHE"]));
        assert!(text.contains("staging.example.com") && text.contains("cpu_ms = 50"), "{text}");
        assert!(declaration.plugins.is_empty());
    }
}
