use std::collections::BTreeMap;

use crate::error::Problem;
use crate::import_map::{ImportMap, Target, is_path};
use crate::kind::FileKind;
use crate::pack::node;
use crate::packages::{Asked, Package, Packages};
use crate::project::{PLUGIN_SCHEME, Project};
use crate::source::{Entry, Found, SourceTree};
use crate::specifier::{FilePath, decoded, join};

/// What is tried behind a path without an extension, in this order.
const APPENDED: &[&str] = &["ts", "tsx", "mts", "js", "jsx", "mjs", "json"];

/// TypeScript writes the name of the file it would make: the name as written, and what may stand in the sources.
const SUBSTITUTED: &[(&str, &[&str])] = &[("js", &["ts", "tsx"]), ("mjs", &["mts"]), ("jsx", &["tsx"])];

/// Which file an import means.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    tree: &'a SourceTree,
    import_map: ImportMap,
    builtins: &'a [String],
    /// The specifiers of the declared ones.
    plugins: Vec<String>,
    packages: &'a Packages,
    pattern_files_max: usize,
}

/// What an import means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resolved {
    File(SourceFile),
    /// A module of the engine's own or a declared plugin, by the name the engine knows it by.
    Builtin(String),
    /// A file of a package, or a module of Node's, which is found again when the modules are packed.
    Package,
}

/// A file that can be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    pub(crate) path: FilePath,
    pub(crate) kind: FileKind,
}

/// The argument of an `import()` that is known in part. A computed value stands between each two of `parts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) parts: Vec<String>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(tree: &'a SourceTree, packages: &'a Packages, project: &'a Project) -> (Self, Vec<Problem>) {
        let plugins = project.plugin_specifiers().collect();
        let known: Vec<String> = project.known().collect();
        let (import_map, problems) = ImportMap::new(&project.import_map, &known);
        let pattern_files_max = project.limits.pattern_files_max;
        (Resolver { tree, import_map, builtins: &project.builtins, plugins, packages, pattern_files_max }, problems)
    }

    /// The main module. It is a path, never a name.
    pub(crate) fn resolve_main(&self, main: &str) -> Result<SourceFile, Problem> {
        if main.contains('\0') {
            return Err(Problem::Nul { specifier: main.to_owned() });
        }
        let outside = || Problem::OutsideRoot { specifier: main.to_owned() };
        if main.starts_with('/') {
            return Err(outside());
        }
        let path = join("", main).ok_or_else(outside)?;
        let file = match self.find(&path)? {
            Some(file) => file,
            None => return Err(Problem::MainNotFound { main: main.to_owned(), hint: self.why_not_found(main, &path) }),
        };
        match file.kind {
            FileKind::Code(_) => Ok(file),
            _ => Err(Problem::MainNotCode { main: main.to_owned() }),
        }
    }

    pub(crate) fn resolve(&self, specifier: &str, importer: &FilePath) -> Result<Resolved, Problem> {
        if specifier.contains('\0') {
            return Err(Problem::Nul { specifier: specifier.to_owned() });
        }
        if self.builtins.iter().chain(&self.plugins).any(|known| known == specifier) {
            return Ok(Resolved::Builtin(specifier.to_owned()));
        }
        if !is_path(specifier) {
            return match self.import_map.resolve(specifier) {
                Some(target) => self.follow(specifier, target?),
                None => self.package(specifier, importer)?.ok_or_else(|| self.unknown_name(specifier)),
            };
        }
        let base = if specifier.starts_with('/') { "" } else { importer.directory() };
        let outside = || Problem::OutsideRoot { specifier: specifier.to_owned() };
        let mut path = join(base, specifier).ok_or_else(outside)?;
        if names_directory(specifier) {
            path.push('/');
        }
        if let Some(target) = self.import_map.resolve(&format!("/{path}")) {
            return self.follow(specifier, target?);
        }
        if let Some(file) = self.find(&path)? {
            return Ok(Resolved::File(file));
        }
        // An import is a URL by its standard, so `%20` may stand for a space; a file of that very name comes first.
        if let Some(decoded) = decoded(specifier)
            && let Some(file) = self.find(&join(base, &decoded).ok_or_else(outside)?)?
        {
            return Ok(Resolved::File(file));
        }
        Err(Problem::NotFound { specifier: specifier.to_owned(), hint: self.why_not_found(specifier, &path) })
    }

    /// What a name means that is a package's, or one that `paths` of tsconfig.json or `imports` of package.json give to
    /// files of the worker.
    fn package(&self, specifier: &str, importer: &FilePath) -> Result<Option<Resolved>, Problem> {
        // As in Node, before a package of the same name.
        if node::find(specifier).is_some() {
            return Ok(Some(Resolved::Package));
        }
        if scheme(specifier).is_some() {
            // Without its scheme it may be a builtin; with one, it is nothing that is installed.
            return Ok(None);
        }
        if let Some(builtin) = self.builtins.iter().find(|builtin| builtin.strip_prefix("node:") == Some(specifier)) {
            return Ok(Some(Resolved::Builtin(builtin.clone())));
        }
        let directory = self.tree.root().join(importer.directory());
        let Some(package) = self.packages.resolve(specifier, &directory, Asked::ByImport)? else { return Ok(None) };
        let Package::File { path, .. } = package else { return Ok(Some(Resolved::Package)) };
        let name = self.tree.name(&path)?;
        let installed = name.as_str().split('/').any(|part| matches!(part, "node_modules" | ".."));
        Ok(Some(if installed {
            Resolved::Package
        } else {
            let kind = FileKind::of(name.as_str())?;
            Resolved::File(SourceFile { path: name, kind })
        }))
    }

    /// Every way to write a file that `pattern` may mean at run time, with the file.
    pub(crate) fn resolve_pattern(
        &self,
        pattern: &Pattern,
        importer: &FilePath,
    ) -> Result<BTreeMap<String, SourceFile>, Problem> {
        let mut found = BTreeMap::new();
        let prefix = &pattern.parts[0];
        let written_base = &prefix[..prefix.rfind('/').map_or(0, |slash| slash + 1)];
        let base = if prefix.starts_with('/') { "" } else { importer.directory() };
        let base = join(base, written_base).ok_or_else(|| Problem::OutsideRoot { specifier: prefix.clone() })?;
        if !matches!(self.tree.locate(&base)?, Found::Directory) {
            return Ok(found);
        }
        let mut files = 0;
        let mut directories = vec![String::new()];
        while let Some(directory) = directories.pop() {
            for entry in self.tree.list(&join(&base, &directory).expect("names in a directory do not lead out"))? {
                match entry {
                    // Neither holds what a worker's author wrote for the worker.
                    Entry::Directory(name) | Entry::Other(name) if name.starts_with('.') || name == "node_modules" => {}
                    Entry::Directory(name) => directories.push(format!("{directory}{name}/")),
                    Entry::Other(name) => {
                        let before = found.len();
                        for written in spellings(&format!("{directory}{name}")) {
                            let written = format!("{written_base}{written}");
                            if pattern.matches(&written)
                                && let Ok(Resolved::File(file)) = self.resolve(&written, importer)
                            {
                                found.insert(written, file);
                            }
                        }
                        files += usize::from(found.len() > before);
                        if files > self.pattern_files_max {
                            let max = self.pattern_files_max;
                            return Err(Problem::PatternTooWide { pattern: pattern.to_string(), max });
                        }
                    }
                }
            }
        }
        Ok(found)
    }

    fn follow(&self, specifier: &str, target: Target) -> Result<Resolved, Problem> {
        match target {
            Target::Builtin(name) => Ok(Resolved::Builtin(name)),
            Target::Path(path) => match self.find(&path)? {
                Some(file) => Ok(Resolved::File(file)),
                None => {
                    let hint = Some(format!("the import map leads to \"/{path}\", which does not exist"));
                    Err(Problem::NotFound { specifier: specifier.to_owned(), hint })
                }
            },
        }
    }

    /// The file that a path means: itself, the source of what it names, with an extension, or a directory's index.
    fn find(&self, path: &str) -> Result<Option<SourceFile>, Problem> {
        let name = path.trim_end_matches('/');
        let exact = self.tree.locate(name)?;
        if !path.ends_with('/') {
            if let Found::File(path) = exact {
                let kind = FileKind::of(path.as_str())?;
                return Ok(Some(SourceFile { path, kind }));
            }
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
            let substitutes = SUBSTITUTED.iter().find(|(written, _)| *written == extension).map_or(&[][..], |(_, s)| s);
            let substituted = substitutes.iter().map(|substitute| format!("{stem}.{substitute}"));
            let appended = APPENDED.iter().map(|extension| format!("{name}.{extension}"));
            if !name.is_empty()
                && let Some(file) = self.first(substituted.chain(appended))?
            {
                return Ok(Some(file));
            }
        }
        if !matches!(exact, Found::Directory) {
            return Ok(None);
        }
        let directory = if name.is_empty() { String::new() } else { format!("{name}/") };
        self.first(APPENDED.iter().map(|extension| format!("{directory}index.{extension}")))
    }

    fn first(&self, candidates: impl Iterator<Item = String>) -> Result<Option<SourceFile>, Problem> {
        for candidate in candidates {
            if let Found::File(path) = self.tree.locate(&candidate)? {
                let kind = FileKind::of(path.as_str())?;
                return Ok(Some(SourceFile { path, kind }));
            }
        }
        Ok(None)
    }

    /// What is wrong with a name that neither the import map nor the builtins know.
    fn unknown_name(&self, specifier: &str) -> Problem {
        let specifier = specifier.to_owned();
        match scheme(&specifier) {
            _ if node::is_nodes(&specifier) => Problem::NodeModule { specifier },
            None => Problem::Bare { specifier },
            Some("worky" | "cloudflare") => {
                let known = self.builtins.iter().filter(|known| !node::is_nodes(known)).cloned().collect();
                Problem::UnknownBuiltin { specifier, known }
            }
            Some(PLUGIN_SCHEME) => {
                let near = nearest(&specifier, &self.plugins);
                Problem::UnknownPlugin { specifier, declared: self.plugins.clone(), near }
            }
            Some(scheme) => Problem::Scheme { scheme: scheme.to_owned(), specifier },
        }
    }

    fn why_not_found(&self, specifier: &str, path: &str) -> Option<String> {
        let name = path.trim_end_matches('/');
        if matches!(self.tree.locate(name), Ok(Found::Directory)) {
            return Some(format!("{name}/ is a directory without an index file"));
        }
        if matches!(self.tree.locate(&format!("{name}.d.ts")), Ok(Found::File(_))) {
            return Some(format!("{name}.d.ts holds types alone: import them with \"import type\""));
        }
        if specifier.contains(['?', '#']) {
            return Some("a path takes no query and no fragment".to_owned());
        }
        let (directory, wanted) = name.rsplit_once('/').unwrap_or(("", name));
        let there = self.tree.list(directory).ok()?.into_iter();
        let names: Vec<String> = there.map(|(Entry::Directory(name) | Entry::Other(name))| name).collect();
        let stem = |name: &String| name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_lowercase();
        let wanted = wanted.to_lowercase();
        if let Some(near) = names.iter().find(|name| name.to_lowercase() == wanted || stem(name) == wanted) {
            return Some(format!("there is {near:?}: upper and lower case are told apart"));
        }
        let bare = wanted.rsplit_once('.').map_or(wanted.as_str(), |(stem, _)| stem);
        let distance = |name: &&String| strsim::damerau_levenshtein(bare, &stem(name));
        let near = names.iter().min_by_key(distance).filter(|name| distance(name) <= (bare.len() / 3).max(1))?;
        Some(format!("there is {near:?}: did you mean that?"))
    }
}

impl Pattern {
    /// Whether some text in the place of each computed value gives `specifier`.
    fn matches(&self, specifier: &str) -> bool {
        let (first, rest) = self.parts.split_first().expect("a pattern has a static beginning");
        let (last, middle) = rest.split_last().expect("a pattern has a computed part");
        let Some(mut left) = specifier.strip_prefix(first.as_str()).and_then(|left| left.strip_suffix(last.as_str()))
        else {
            return false;
        };
        for part in middle {
            let Some(at) = left.find(part.as_str()) else { return false };
            left = &left[at + part.len()..];
        }
        true
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.parts.join("*"))
    }
}

/// The ways to write a file's path that may resolve to it.
fn spellings(path: &str) -> Vec<String> {
    let mut spellings = vec![path.to_owned()];
    if let Some((stem, extension)) = path.rsplit_once('.') {
        for (written, sources) in SUBSTITUTED {
            if sources.contains(&extension) {
                spellings.push(format!("{stem}.{written}"));
            }
        }
        if APPENDED.contains(&extension) {
            spellings.push(stem.to_owned());
            match stem.strip_suffix("index") {
                Some("") => spellings.push(String::new()),
                Some(directory) => {
                    if let Some(name) = directory.strip_suffix('/') {
                        spellings.extend([name.to_owned(), directory.to_owned()]);
                    }
                }
                None => {}
            }
        }
    }
    spellings
}

/// Whether the last part of a path can only be a directory.
fn names_directory(specifier: &str) -> bool {
    matches!(specifier.rsplit('/').next(), Some("" | "." | ".."))
}

/// The plugin that was probably meant.
fn nearest(specifier: &str, plugins: &[String]) -> Option<String> {
    // A third of the name, as for the keys of a configuration.
    let distance_max = ((specifier.len() - PLUGIN_SCHEME.len()) / 3).max(1);
    let distance = |known: &&String| strsim::damerau_levenshtein(&specifier.to_lowercase(), &known.to_lowercase());
    plugins.iter().min_by_key(distance).filter(|known| distance(known) <= distance_max).cloned()
}

/// The scheme of a specifier that is a URL.
fn scheme(specifier: &str) -> Option<&str> {
    let (scheme, _) = specifier.split_once(':')?;
    let mut bytes = scheme.bytes();
    let valid = bytes.next()?.is_ascii_alphabetic()
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    valid.then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let matches = |parts: &[&str], specifier: &str| {
            Pattern { parts: parts.iter().map(|part| part.to_string()).collect() }.matches(specifier)
        };
        assert!(matches(&["./a/", ".json"], "./a/en.json"));
        assert!(matches(&["./a/", ".json"], "./a/b/en.json"));
        assert!(matches(&["./a/", "/", ""], "./a/b/c"));
        assert!(!matches(&["./a/", ".json"], "./a/en.js"));
        assert!(!matches(&["./a/", ".json"], "./b/en.json"));
        assert!(!matches(&["./aa", "aa"], "./aaa"));
        assert!(!matches(&["./", "x", "x", ""], "./axb"));
    }

    #[test]
    fn schemes() {
        assert_eq!(scheme("node:fs"), Some("node"));
        assert_eq!(scheme("https://x/y"), Some("https"));
        assert_eq!(scheme("@a/b:c"), None);
        assert_eq!(scheme("lodash"), None);
        assert_eq!(scheme(":x"), None);
    }
}
