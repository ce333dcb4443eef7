use std::collections::BTreeMap;

use crate::error::Problem;
use crate::specifier::join;

/// Names for modules, as the web's import maps have them.
/// <https://html.spec.whatwg.org/multipage/webappapis.html#import-maps>
#[derive(Debug, Default)]
pub(crate) struct ImportMap {
    entries: BTreeMap<String, Target>,
}

/// Where an entry leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A path from the worker's directory; one that ends in `/` is a directory.
    Path(String),
    Builtin(String),
}

impl ImportMap {
    /// The map, and what is wrong with its entries; those are left out.
    pub(crate) fn new(entries: &BTreeMap<String, String>, builtins: &[String]) -> (Self, Vec<Problem>) {
        let mut map = ImportMap::default();
        let mut problems = Vec::new();
        for (key, target) in entries {
            match parse(key, target, builtins) {
                Ok(parsed) => {
                    map.entries.insert(normal_key(key), parsed);
                }
                Err(problem) => problems.push(problem),
            }
        }
        (map, problems)
    }

    /// What `specifier` means; `None` if the map says nothing of it. `specifier` is a name, or a path from the
    /// worker's directory that begins with `/`. An exact key wins, then the longest prefix.
    pub(crate) fn resolve(&self, specifier: &str) -> Option<Result<Target, Problem>> {
        if let Some(target) = self.entries.get(specifier) {
            return Some(Ok(target.clone()));
        }
        let (key, target) = self
            .entries
            .iter()
            .filter(|(key, _)| key.ends_with('/') && specifier.starts_with(key.as_str()))
            .max_by_key(|(key, _)| key.len())?;
        // A prefix leads to a directory, which `parse` holds.
        let Target::Path(directory) = target else { return None };
        let rest = &specifier[key.len()..];
        let base = directory.trim_end_matches('/');
        let inside = join(base, rest).filter(|path| base.is_empty() || path.starts_with(&format!("{base}/")));
        Some(match inside {
            Some(path) => Ok(Target::Path(if rest.ends_with('/') { format!("{path}/") } else { path })),
            None => Err(Problem::ImportMapBacktrack {
                specifier: specifier.to_owned(),
                key: key.clone(),
                target: format!("/{}", directory.trim_start_matches('/')),
            }),
        })
    }
}

fn parse(key: &str, target: &str, builtins: &[String]) -> Result<Target, Problem> {
    let problem = || Problem::ImportMapTarget { key: key.to_owned(), target: target.to_owned() };
    let parsed = if builtins.iter().any(|builtin| builtin == target) {
        Target::Builtin(target.to_owned())
    } else if is_path(target) {
        let path = join("", target).ok_or_else(problem)?;
        Target::Path(if target.ends_with('/') { format!("{path}/") } else { path })
    } else {
        return Err(problem());
    };
    if key.ends_with('/') && !target.ends_with('/') {
        return Err(Problem::ImportMapPrefix { key: key.to_owned(), target: target.to_owned() });
    }
    Ok(parsed)
}

/// A key that is a path is taken from the worker's directory, and so stands for every way to write it.
fn normal_key(key: &str) -> String {
    match join("", key) {
        Some(path) if is_path(key) && key.ends_with('/') && !path.is_empty() => format!("/{path}/"),
        Some(path) if is_path(key) => format!("/{path}"),
        _ => key.to_owned(),
    }
}

/// Whether a specifier is a path, relative or from the worker's directory, and not a name.
pub(crate) fn is_path(specifier: &str) -> bool {
    specifier.starts_with('/')
        || specifier.starts_with("./")
        || specifier.starts_with("../")
        || matches!(specifier, "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> (ImportMap, Vec<String>) {
        let entries = entries.iter().map(|(key, target)| (key.to_string(), target.to_string())).collect();
        let (map, problems) = ImportMap::new(&entries, &["worky:workers".to_owned()]);
        (map, problems.iter().map(Problem::to_string).collect())
    }

    #[track_caller]
    fn check(entries: &[(&str, &str)], specifier: &str, expected: &str) {
        let (map, problems) = map(entries);
        assert_eq!(problems, Vec::<String>::new());
        let resolved = match map.resolve(specifier) {
            None => "-".to_owned(),
            Some(Ok(Target::Path(path))) => path,
            Some(Ok(Target::Builtin(name))) => format!("builtin {name}"),
            Some(Err(problem)) => problem.to_string(),
        };
        assert_eq!(resolved, expected);
    }

    #[test]
    fn keys() {
        check(&[("a", "./src/a.ts")], "a", "src/a.ts");
        check(&[("a", "./src/a.ts")], "a/b", "-");
        check(&[("a/", "/src/a/")], "a/b.ts", "src/a/b.ts");
        check(&[("a/", "/src/a/")], "a/", "src/a/");
        check(&[("a/", "/src/a/"), ("a/b/", "./b/")], "a/b/c", "b/c");
        check(&[("a/", "/src/a/"), ("a/b", "./b.ts")], "a/b", "b.ts");
        check(&[("@/", "./")], "@/x/y.ts", "x/y.ts");
        check(&[("x", "worky:workers")], "x", "builtin worky:workers");
        check(&[("./src/a.ts", "./src/b.ts")], "/src/a.ts", "src/b.ts");
        check(&[("/src/", "/lib/")], "/src/a.ts", "lib/a.ts");
        check(&[("/", "/src/")], "/a.ts", "src/a.ts");
    }

    #[test]
    fn a_prefix_is_not_left() {
        check(
            &[("a/", "./src/a/")],
            "a/../b.ts",
            "\"a/../b.ts\" leads out of \"/src/a/\", to which the import map takes \"a/\"",
        );
        check(&[("@/", "./")], "@/../b", "\"@/../b\" leads out of \"/\", to which the import map takes \"@/\"");
    }

    #[test]
    fn what_leads_nowhere_is_told() {
        let (_, problems) = map(&[("a", "lodash"), ("b/", "./b"), ("c", "../c"), ("d", ""), ("e/", "worky:workers")]);
        assert_eq!(
            problems,
            [
                "import map: \"lodash\", to which \"a\" leads, is neither a path nor a builtin module",
                "import map: \"b/\" ends in \"/\", but \"./b\", to which it leads, does not",
                "import map: \"../c\", to which \"c\" leads, is neither a path nor a builtin module",
                "import map: \"\", to which \"d\" leads, is neither a path nor a builtin module",
                "import map: \"e/\" ends in \"/\", but \"worky:workers\", to which it leads, does not",
            ]
        );
    }
}
