//! npm packages: which file of which installed package a name means.
//!
//! Names resolve as the bundlers for other workers' runtimes have it: `exports` and `imports` with [`CONDITIONS`], `browser`,
//! `module` and `main` where a package has no `exports`, self-reference, workspaces and links, `paths` of `tsconfig.json`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use oxc_resolver::{
    ResolveError, ResolveOptions, Resolver as NodeResolver, TsconfigDiscovery, TsconfigOptions, TsconfigReferences,
};

use crate::error::Problem;
use crate::source::SourceTree;
use crate::tsconfig;

/// What a package may say of itself for this runtime, in no order: the first key of the package's that is here counts.
const CONDITIONS: &[&str] = &["worky", "workerd", "worker", "browser"];
const EXTENSIONS: &[&str] = &[".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".jsx", ".json"];

/// How a package is asked for, which `exports` can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    ByImport,
    ByRequire,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Package {
    /// The absolute path of a file, without links, and of the `package.json` that it belongs to.
    File { path: PathBuf, package_json: Option<PathBuf> },
    /// The package says that there is nothing here: an empty module.
    Nothing,
}

pub(crate) struct Packages {
    by_import: NodeResolver,
    by_require: NodeResolver,
    /// Files are taken from beneath here alone.
    base: PathBuf,
    tree: Arc<SourceTree>,
}

impl std::fmt::Debug for Packages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packages").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Packages {
    pub(crate) fn new(tree: &Arc<SourceTree>) -> Self {
        let config_file = tree.root().join(tsconfig::FILE_NAME);
        let tsconfig =
            config_file.is_file().then_some(TsconfigOptions { config_file, references: TsconfigReferences::Auto });
        let names = |more: &str| CONDITIONS.iter().chain(&[more, "default"]).map(ToString::to_string).collect();
        let options = ResolveOptions {
            tsconfig: tsconfig.map(TsconfigDiscovery::Manual),
            condition_names: names("import"),
            extensions: EXTENSIONS.iter().map(ToString::to_string).collect(),
            // A package of the same workspace may be sources alone.
            extension_alias: [("js", "ts"), ("mjs", "mts"), ("jsx", "tsx")]
                .map(|(written, source)| (format!(".{written}"), vec![format!(".{written}"), format!(".{source}")]))
                .to_vec(),
            main_fields: ["browser", "module", "main"].map(str::to_owned).to_vec(),
            alias_fields: vec![vec!["browser".to_owned()]],
            // What is where is told by the project alone, not by the environment.
            node_path: false,
            ..ResolveOptions::default()
        };
        let by_import = NodeResolver::new(options.clone());
        let by_require = by_import.clone_with_options(ResolveOptions { condition_names: names("require"), ..options });
        Packages { by_import, by_require, base: tree.base().to_owned(), tree: tree.clone() }
    }

    /// What `specifier` means to a file in `directory`, which is an absolute path; `None` where nothing of that name is
    /// installed.
    pub(crate) fn resolve(&self, specifier: &str, directory: &Path, asked: Asked) -> Result<Option<Package>, Problem> {
        let resolver = match asked {
            Asked::ByImport => &self.by_import,
            Asked::ByRequire => &self.by_require,
        };
        match resolver.resolve(directory, specifier) {
            Ok(found) => {
                let path = found.path().to_owned();
                if !path.starts_with(&self.base) {
                    let (specifier, base) = (specifier.to_owned(), self.base.clone());
                    return Err(Problem::PackageOutside { specifier, target: path, base });
                }
                if let Some(package) = found.package_json() {
                    self.tree.touch(package.realpath().to_owned());
                }
                let package_json = found.package_json().map(|package| package.realpath().to_owned());
                Ok(Some(Package::File { path, package_json }))
            }
            Err(ResolveError::Ignored(_)) => Ok(Some(Package::Nothing)),
            Err(ResolveError::NotFound(_) | ResolveError::MatchedAliasNotFound(..)) => {
                // Whoever installs it makes this directory, in one of these places.
                for at in [self.tree.root(), &self.base] {
                    self.tree.touch(at.join("node_modules").join(Packages::name(specifier)));
                }
                Ok(None)
            }
            Err(ResolveError::PackagePathNotExported { subpath, package_path, package_json_path, .. }) => {
                let (package, manifest) = (package_path.display(), package_json_path.display());
                let message = self.shortened(&format!("{package} does not export {subpath:?} (exports of {manifest})"));
                Err(Problem::Package { specifier: specifier.to_owned(), message })
            }
            // What is wrong with it is told by whoever reads it for the compiler.
            Err(ResolveError::TsconfigLoadFailed { .. } | ResolveError::TsconfigNotFound(_)) => Ok(None),
            Err(ResolveError::Json(error)) => {
                let message = self.shortened(&format!("{} is not valid JSON: {}", error.path.display(), error.message));
                Err(Problem::Package { specifier: specifier.to_owned(), message })
            }
            Err(error) => {
                Err(Problem::Package { specifier: specifier.to_owned(), message: self.shortened(&error.to_string()) })
            }
        }
    }

    /// The name of the package that a specifier begins with.
    pub(crate) fn name(specifier: &str) -> &str {
        let mut parts = specifier.split('/');
        let first = parts.next().map_or(0, str::len);
        match parts.next() {
            Some(second) if specifier.starts_with('@') => &specifier[..first + 1 + second.len()],
            _ => &specifier[..first],
        }
    }

    fn shortened(&self, message: &str) -> String {
        message.replace(&format!("{}/", self.base.display()), "")
    }
}

/// Where a project begins that the worker in `root` is a part of: the root of its workspace, or else the nearest directory
/// with a `package.json`, or else `root`.
pub(crate) fn project_base(root: &Path) -> PathBuf {
    let mut nearest = None;
    for directory in root.ancestors() {
        let manifest = directory.join("package.json");
        let declares = |key: &str| {
            let text = std::fs::read(&manifest).unwrap_or_default();
            serde_json::from_slice::<serde_json::Value>(&text).is_ok_and(|value| value.get(key).is_some())
        };
        if directory.join("pnpm-workspace.yaml").is_file() || (manifest.is_file() && declares("workspaces")) {
            return directory.to_owned();
        }
        if manifest.is_file() {
            nearest.get_or_insert(directory);
        }
        // A repository is a project at most.
        if directory.join(".git").exists() {
            break;
        }
    }
    nearest.unwrap_or(root).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_packages() {
        for (specifier, name) in
            [("a", "a"), ("a/b/c", "a"), ("@a/b", "@a/b"), ("@a/b/c", "@a/b"), ("@a", "@a"), ("#x/y", "#x")]
        {
            assert_eq!(Packages::name(specifier), name);
        }
    }
}
