use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use worky_engine::{ComponentSettings, Limits};
use worky_host::egress::EgressPolicy;
use worky_host::secrets::{Secret, Sources};
use worky_storage::NAMESPACE_ID_BYTES_MAX;

use super::assets::{self, AssetsConfig};
use super::files::{self, FilesConfig};
use super::packed::Packed;
use super::plugins::{self, PluginConfig};
use super::raw::{RawEgress, RawWorker};
use super::reader::{listed, nearest};
use super::report::{Problem, Report};
use super::secrets;
use super::services::{self, ServiceConfig};
use super::source::{At, Span};

/// The longest name of a worker, as of a DNS label, which it may become.
const NAME_CHARS_MAX: usize = 63;

/// Compatibility flags that ask for what is always there.
const ALWAYS_ON: [&str; 3] = ["nodejs_als", "nodejs_compat", "nodejs_compat_v2"];

/// One worker, ready to be built.
#[derive(Debug)]
pub(crate) struct WorkerConfig {
    pub(crate) name: At<String>,
    /// The worker's directory: no file outside of it is read.
    pub(crate) root: PathBuf,
    /// The bundle that it comes in, and its modules and plugins with it. `root` is then where the bundle lies.
    pub(crate) packed: Option<Arc<Packed>>,
    /// Relative to `root`, or to the root of the bundle. `None`: there is nothing but assets.
    pub(crate) main: Option<At<String>>,
    pub(crate) assets: Option<AssetsConfig>,
    pub(crate) import_map: BTreeMap<String, String>,
    pub(crate) vars: Vec<(String, Json)>,
    pub(crate) secrets: Vec<(String, Secret)>,
    pub(crate) kv_namespaces: Vec<KvNamespace>,
    pub(crate) plugins: Vec<PluginConfig>,
    pub(crate) services: Vec<ServiceConfig>,
    pub(crate) files: Vec<FilesConfig>,
    pub(crate) globals: Vec<String>,
    pub(crate) egress: EgressPolicy,
    pub(crate) limits: Limits,
    pub(crate) wasm: ComponentSettings,
    pub(crate) routes: Option<Vec<At<String>>>,
}

impl WorkerConfig {
    /// Where to tell of what is wrong with its content.
    pub(crate) fn place(&self) -> &Span {
        self.main.as_ref().map_or(&self.name.span, |main| &main.span)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KvNamespace {
    pub(crate) binding: String,
    pub(crate) id: String,
}

/// The environment that was asked for, and who asked.
pub(crate) struct Selected<'a> {
    pub(crate) name: &'a str,
    pub(crate) span: &'a Span,
}

/// Lays the selected environment over the top of the file, as wrangler does: what says how the worker runs is inherited,
/// what it is granted is not.
pub(crate) fn overlay(
    top: RawWorker,
    environments: Vec<(At<String>, RawWorker)>,
    selected: Option<&Selected<'_>>,
    report: &Report,
) -> Option<RawWorker> {
    let Some(selected) = selected else { return Some(top) };
    if environments.is_empty() {
        let message = format!("there is no `[env.{}]` in this file; its top level is used", selected.name);
        report.push(Problem::warning(message).at(&top.span, "").at(selected.span, "asked for here"));
        return Some(top);
    }
    let names: Vec<_> = environments.iter().map(|(name, _)| name.value.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some((name, own)) = environments.into_iter().find(|(name, _)| name.value == selected.name) else {
        let problem = Problem::error(format!("there is no environment `{}`", selected.name)).at(selected.span, "");
        report.push(match nearest(selected.name, names.iter().copied()) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint(format!("the file has {}", listed(&names, "`", "and"))),
        });
        return None;
    };
    warn_not_inherited(&top, &own, &name, report);
    let derived = |top: At<String>| At { value: format!("{}-{}", top.value, name.value), span: top.span };
    Some(RawWorker {
        name: own.name.or_else(|| top.name.map(derived)),
        main: own.main.or(top.main),
        compatibility_date: own.compatibility_date.or(top.compatibility_date),
        compatibility_flags: own.compatibility_flags.or(top.compatibility_flags),
        routes: own.routes.or(top.routes),
        globals: own.globals.or(top.globals),
        imports: own.imports.or(top.imports),
        egress: own.egress.or(top.egress),
        limits: own.limits.or(top.limits),
        wasm: own.wasm.or(top.wasm),
        assets: own.assets.or(top.assets),
        ..own
    })
}

fn warn_not_inherited(top: &RawWorker, own: &RawWorker, name: &At<String>, report: &Report) {
    let names = |worker: &RawWorker| -> [(&'static str, Vec<String>); 6] {
        [
            ("vars", worker.vars.iter().map(|(name, _)| name.value.clone()).collect()),
            ("secrets", worker.secrets.iter().map(|name| name.value.clone()).collect()),
            ("kv_namespaces", worker.kv_namespaces.iter().map(|kv| kv.binding.value.clone()).collect()),
            ("plugins", worker.plugins.iter().map(|plugin| plugin.name.value.clone()).collect()),
            ("services", worker.services.iter().map(|service| service.binding.value.clone()).collect()),
            ("files", worker.files.iter().map(|files| files.binding.value.clone()).collect()),
        ]
    };
    for ((key, above), (_, here)) in names(top).into_iter().zip(names(own)) {
        let lacking: Vec<_> = above.iter().filter(|name| !here.contains(name)).map(String::as_str).collect();
        if !lacking.is_empty() {
            let problem = Problem::warning(format!(
                "`env.{}` lacks {} of the top level's `{key}`, which are not inherited",
                name.value,
                listed(&lacking, "`", "and"),
            ));
            report.push(
                problem.at(&own.span, "").hint(format!("repeat them under `env.{}` if it needs them", name.value)),
            );
        }
    }
}

/// Checks what the values mean. `flag_vars` come from the command line and win over those of a developer's file, which
/// win over those of the configuration.
pub(crate) fn validate(
    raw: RawWorker,
    flag_vars: &[(String, String)],
    sources: Option<&Sources>,
    report: &Report,
) -> Option<WorkerConfig> {
    let before = report.errors();
    if raw.name.is_none() {
        missing(&raw.span, "name", "`name` names the worker in logs and metrics: name = \"hello\"", report);
    }
    match (&raw.main, &raw.assets) {
        (None, None) => {
            missing(&raw.span, "main", "`main` is the worker's main module: main = \"src/index.ts\"", report)
        }
        (None, Some(assets)) => assets::check_without_main(assets, report),
        (Some(_), _) => {}
    }
    if let Some(name) = &raw.name {
        check_name(name, report);
    }
    if let Some(main) = &raw.main {
        check_main(main, report);
    }
    check_compatibility(&raw, report);
    check_bindings(&raw, report);
    if sources.is_some() {
        files::check_there(&raw.files, raw.span.source.dir(), report);
        raw.assets
            .iter()
            .filter(|_| raw.span.source.as_packed().is_none())
            .for_each(|assets| assets::check_there(assets, report));
    }
    let plugins = plugins::validate(&raw, report);
    let egress = egress_policy(raw.egress.unwrap_or_default(), report);
    let secrets = secrets::read(&raw.secrets, sources, report);
    let declared = raw.vars.iter().map(|(name, _)| name).chain(&raw.secrets).map(|name| name.value.as_str());
    secrets::warn_undeclared(sources, declared, report);
    if report.errors() > before {
        return None;
    }

    let name = raw.name?;
    let mut vars: Vec<_> = raw.vars.into_iter().map(|(name, value)| (name.value, value)).collect();
    for (name, value) in &mut vars {
        if let Some(own) = sources.and_then(|sources| sources.dev_vars.as_ref()?.get(name)) {
            *value = Json::from(own);
        }
    }
    for (name, value) in flag_vars {
        vars.retain(|(existing, _)| existing != name);
        vars.push((name.clone(), Json::from(value.as_str())));
    }
    Some(WorkerConfig {
        root: name.span.source.dir().to_owned(),
        packed: name.span.source.as_packed().cloned(),
        name,
        main: raw.main,
        assets: raw.assets,
        import_map: raw.imports.unwrap_or_default().into_iter().map(|(from, to)| (from.value, to.value)).collect(),
        vars,
        secrets,
        kv_namespaces: raw
            .kv_namespaces
            .into_iter()
            .map(|kv| KvNamespace { binding: kv.binding.value, id: kv.id.value })
            .collect(),
        plugins,
        services: raw.services,
        files: raw.files,
        globals: raw.globals.unwrap_or_default().into_iter().map(|name| name.value).collect(),
        egress,
        limits: raw.limits.unwrap_or_default(),
        wasm: raw.wasm.unwrap_or_default(),
        routes: raw.routes,
    })
}

/// Whether a text may be a worker's name.
pub(crate) fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !text.is_empty() && text.len() <= NAME_CHARS_MAX && !text.starts_with('-') && text.chars().all(allowed)
}

fn missing(span: &Span, key: &str, hint: &str, report: &Report) {
    report.push(Problem::error(format!("`{key}` is missing")).at(span, "").hint(hint));
}

fn check_name(name: &At<String>, report: &Report) {
    if !is_name(&name.value) {
        let message = format!("\"{}\" cannot be a worker's name", name.value);
        let label = format!("must be 1 to {NAME_CHARS_MAX} letters, digits, `-` or `_`, and not begin with `-`");
        report.push(Problem::error(message).at(&name.span, label));
    }
}

fn check_main(main: &At<String>, report: &Report) {
    let path = Path::new(&main.value);
    let problem = |message: String| Problem::error(message).at(&main.span, "");
    let outside = |part| matches!(part, Component::ParentDir | Component::RootDir | Component::Prefix(_));
    if path.components().any(outside) {
        report.push(
            problem(format!("`main` leads out of the worker's directory: {}", main.value))
                .hint("write it relative to the directory of worky.toml, without `..`"),
        );
        return;
    }
    if let Some(packed) = main.span.source.as_packed() {
        if packed.archive.file(&main.value).is_none() {
            report.push(problem(format!("`main` is not in the bundle: {}", main.value)));
        }
        return;
    }
    let file = main.span.resolve(&main.value);
    if file.is_dir() {
        report.push(problem(format!("`main` is a directory: {}", file.display())).hint("name a module in it"));
    } else if !file.is_file() {
        let problem = problem(format!("`main` does not exist: {}", file.display()));
        report.push(match other_extension(&file) {
            Some(found) => problem.hint(format!("there is {found}")),
            None => problem.hint("paths are relative to the directory of worky.toml"),
        });
    }
}

/// The name of a file that differs only in its extension.
fn other_extension(file: &Path) -> Option<String> {
    ["ts", "tsx", "mts", "js", "jsx", "mjs", "wasm"]
        .iter()
        .map(|extension| file.with_extension(extension))
        .find(|candidate| candidate.is_file())
        .and_then(|candidate| Some(candidate.file_name()?.to_string_lossy().into_owned()))
}

fn check_compatibility(raw: &RawWorker, report: &Report) {
    if let Some(date) = &raw.compatibility_date
        && !is_date(&date.value)
    {
        let message = format!("`compatibility_date` is not a date: {}", date.value);
        report.push(Problem::error(message).at(&date.span, "must be a day as YYYY-MM-DD"));
    }
    let unknown = |flag: &&At<String>| !ALWAYS_ON.contains(&flag.value.as_str());
    for flag in raw.compatibility_flags.iter().flatten().filter(unknown) {
        let message = format!("the compatibility flag `{}` is not known here and changes nothing", flag.value);
        report.push(Problem::warning(message).at(&flag.span, ""));
    }
}

fn is_date(text: &str) -> bool {
    let digits = |part: &str, count: usize| {
        (part.len() == count && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten()
    };
    let mut parts = text.splitn(3, '-');
    let mut next = |count| digits(parts.next()?, count);
    let (Some(year), Some(month), Some(day)) = (next(4), next(2), next(2)) else { return false };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Names are what a guest reads from `env`: each can mean one thing only.
fn check_bindings(raw: &RawWorker, report: &Report) {
    let vars = raw.vars.iter().map(|(name, _)| ("var", name));
    let secrets = raw.secrets.iter().map(|name| ("secret", name));
    let kv = raw.kv_namespaces.iter().map(|kv| ("KV binding", &kv.binding));
    let services = raw.services.iter().map(|service| ("service binding", &service.binding));
    let files = raw.files.iter().map(|files| ("files binding", &files.binding));
    let assets = raw.assets.iter().filter_map(|assets| Some(("binding of assets", assets.binding.as_ref()?)));
    let mut seen: HashMap<&str, (&str, &Span)> = HashMap::new();
    for (kind, name) in vars.chain(secrets).chain(kv).chain(services).chain(files).chain(assets) {
        if kind == "var" && matches!(name.value.as_str(), "" | "__proto__") {
            let message = format!("\"{}\" cannot be the name of a var", name.value);
            report.push(Problem::error(message).at(&name.span, ""));
        } else if kind != "var" && !is_identifier(&name.value) {
            let message = format!("\"{}\" cannot be the name of a {kind}", name.value);
            let label = "must be letters, digits and `_`, and not begin with a digit";
            report.push(Problem::error(message).at(&name.span, label));
        }
        if let Some((other, first)) = seen.insert(&name.value, (kind, &name.span)) {
            let message = format!("`env.{}` would be two things", name.value);
            report.push(
                Problem::error(message)
                    .at(&name.span, format!("a {kind} here"))
                    .at(first, format!("a {other} here"))
                    .hint("rename one of them"),
            );
        }
    }
    for kv in &raw.kv_namespaces {
        check_id(&kv.id, report);
    }
    let fetched = raw.services.iter().map(|service| &service.binding);
    services::check_hosts(fetched.chain(raw.assets.iter().filter_map(|assets| assets.binding.as_ref())), report);
    files::check_names(&raw.files, report);
    for global in raw.globals.iter().flatten() {
        if !seen.contains_key(global.value.as_str()) {
            let problem = Problem::error(format!("`globals` names `{}`, which is not in `env`", global.value));
            let problem = problem.at(&global.span, "");
            report.push(match nearest(&global.value, seen.keys().copied()) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint("name a var, a secret or a binding"),
            });
        }
    }
}

fn check_id(id: &At<String>, report: &Report) {
    if id.value.len() > NAMESPACE_ID_BYTES_MAX {
        let message = format!("\"{}\" is too long for the id of a KV namespace", id.value);
        let label = format!("must be 1 to {NAMESPACE_ID_BYTES_MAX} bytes");
        report.push(Problem::error(message).at(&id.span, label));
    }
}

/// Each entry is named with its place, which the policy knows by list and index.
fn egress_policy(raw: RawEgress, report: &Report) -> EgressPolicy {
    let texts = |list: &[At<String>]| list.iter().map(|entry| entry.value.clone()).collect::<Vec<_>>();
    let rules = worky_host::egress::RawEgress {
        allow: raw.allow.as_deref().map(texts),
        networks_allow: raw.networks_allow.as_deref().map(texts),
        networks_deny: texts(raw.networks_deny.as_deref().unwrap_or_default()),
    };
    EgressPolicy::parse(&rules).unwrap_or_else(|problems| {
        for problem in problems {
            let list = match problem.field {
                "egress.allow" => &raw.allow,
                "egress.networks.allow" => &raw.networks_allow,
                _ => &raw.networks_deny,
            };
            let message = format!("`{}` has {:?}: {}", problem.field, problem.value, problem.problem);
            let mut told = Problem::error(message).hint(problem.hint);
            if let Some(entry) = list.as_ref().and_then(|list| list.get(problem.index)) {
                told = told.at(&entry.span, "");
            }
            report.push(told);
        }
        EgressPolicy::default()
    })
}

fn is_identifier(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    text.starts_with(letter) && text.chars().all(|c| letter(c) || c.is_ascii_digit()) && text != "__proto__"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_dates() {
        for good in ["2026-01-31", "2024-02-29", "2000-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2026-1-1",
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "today",
            "2026-01-01T00:00",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
