use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use worky_host::secrets::{DevVars, Secret, Sources, resolve};

use super::report::{Problem, Report};
use super::source::{At, Source, Span};

/// The file with a developer's own values, beside worky.toml.
pub(crate) const DEV_VARS: &str = ".dev.vars";
/// Where systemd puts what `LoadCredential=` names.
const SYSTEMD_VARIABLE: &str = "CREDENTIALS_DIRECTORY";

/// Whether a developer's file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DevFiles {
    Read,
    Ignored,
    /// Nor is any value of a secret looked for: only names are asked.
    NamesOnly,
}

/// Where the secrets of the worker in `dir` are looked for; `None` where only their names are asked.
pub(crate) fn sources(
    dir: &Path,
    files: DevFiles,
    environment: Option<&str>,
    credentials: Option<&Path>,
    variables: &[(OsString, OsString)],
    report: &Report,
) -> Option<Sources> {
    let text = |(name, value): &(OsString, OsString)| Some((name.to_str()?.to_owned(), value.to_str()?.to_owned()));
    let variables: BTreeMap<_, _> = variables.iter().filter_map(text).collect();
    let credentials = credentials.map(Path::to_owned).or_else(|| variables.get(SYSTEMD_VARIABLE).map(PathBuf::from));
    let dev_vars = match files {
        DevFiles::Read => Some(dev_vars(dir, environment, report)),
        DevFiles::Ignored => None,
        DevFiles::NamesOnly => return None,
    };
    Some(Sources { dev_vars, environment: variables, credentials })
}

/// The values of the declared secrets; those that no source has are reported.
pub(crate) fn read(declared: &[At<String>], sources: Option<&Sources>, report: &Report) -> Vec<(String, Secret)> {
    let names: Vec<_> = declared.iter().map(|name| name.value.clone()).collect();
    let Some(sources) = sources else {
        return names.into_iter().map(|name| (name, Secret::new(""))).collect();
    };
    resolve(&names, sources).unwrap_or_else(|missing| {
        for missing in missing {
            let problem = Problem::error(format!("the secret `{}` has no value", missing.name));
            let problem = match declared.iter().find(|name| name.value == missing.name) {
                Some(name) => problem.at(&name.span, "declared here"),
                None => problem,
            };
            report.push(problem.hint(format!("looked in {}", missing.looked_in.join(", "))));
        }
        Vec::new()
    })
}

/// Warns of what stands in the developer's file and reaches nobody.
pub(crate) fn warn_undeclared<'n>(sources: Option<&Sources>, declared: impl Iterator<Item = &'n str>, report: &Report) {
    let Some(dev_vars) = sources.and_then(|sources| sources.dev_vars.as_ref()) else { return };
    let declared: BTreeSet<&str> = declared.collect();
    for (name, _) in dev_vars.iter().filter(|(name, _)| !declared.contains(name)) {
        let problem = Problem::warning(format!("`{name}` of {DEV_VARS} reaches no worker: it is not declared"));
        report.push(problem.hint(format!("declare it in worky.toml: secrets = [\"{name}\"]")));
    }
}

/// `.dev.vars.NAME` of the selected environment if it is there, `.dev.vars` otherwise, as wrangler has it.
fn dev_vars(dir: &Path, environment: Option<&str>, report: &Report) -> DevVars {
    let own = environment.map(|name| dir.join(format!("{DEV_VARS}.{name}"))).filter(|path| path.is_file());
    let path = own.unwrap_or_else(|| dir.join(DEV_VARS));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return DevVars::default(),
        Err(error) => {
            report.push(Problem::error(format!("{name} cannot be read: {error}")));
            return DevVars::default();
        }
    };
    DevVars::parse(&text).unwrap_or_else(|errors| {
        for error in errors {
            // Its line is named and not shown: a value stands in it.
            let place = Source::new(format!("{name}:{}", error.line), dir, "");
            report.push(Problem::error(format!("{name}: {}", error.problem)).at(&Span::whole(&place), ""));
        }
        DevVars::default()
    })
}
