//! What a project's TypeScript knows of the runtime without the file that `worky types` writes.

use std::path::Path;

use crate::project::BuildLimits;
use crate::source::SourceTree;
use crate::tsconfig::Libraries;

const GLOBALS: &str = include_str!("../../../../sdk-js/types/globals.d.ts");
const SCOPE: &str = include_str!("../../../../sdk-js/types/scope.d.ts");
const WORKY: &str = include_str!("../../../../sdk-js/types/worky.d.ts");
const PLUGINS: &str = include_str!("../../../../sdk-js/types/plugins.d.ts");
const TEST: &str = include_str!("../../../../sdk-js/types/test.d.ts");
const FILES: &str = include_str!("../../../../sdk-js/types/files.d.ts");

/// What the npm package is called in `types` of `tsconfig.json`.
const PACKAGE: &str = "worky";
/// What else declares the web's globals there.
const CLOUDFLARE: &str = "@cloudflare/workers-types";

/// What is declared already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ambient {
    /// The language alone.
    Language,
    /// The web's globals: those of browsers, which are what TypeScript has where nobody says otherwise, or of Cloudflare's package.
    Web,
    /// All of the runtime, by the npm package `worky`.
    Package,
}

impl Ambient {
    /// As `tsconfig.json` says that is nearest: in the worker's directory, or in one around it, where TypeScript looks as well.
    pub fn of(root: &Path) -> Self {
        let around = root.ancestors().find(|directory| directory.join("tsconfig.json").is_file());
        match SourceTree::open(around.unwrap_or(root), &BuildLimits::default()) {
            Ok(tree) => Ambient::from_libraries(&Libraries::load(&tree)),
            Err(_) => Ambient::Web,
        }
    }

    fn from_libraries(libraries: &Libraries) -> Self {
        let types = libraries.types.as_deref().unwrap_or_default();
        let names = |package: &str| {
            types
                .iter()
                .any(|name| name.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        };
        let is_web = |name: &String| ["dom", "webworker"].iter().any(|lib| name.to_lowercase().starts_with(lib));
        match &libraries.lib {
            _ if names(PACKAGE) => Ambient::Package,
            Some(lib) if !lib.iter().any(is_web) && !names(CLOUDFLARE) => Ambient::Language,
            _ => Ambient::Web,
        }
    }

    /// The lines that come first.
    pub(super) fn references(self) -> &'static str {
        match self {
            Ambient::Package => "",
            _ => "/// <reference lib=\"es2022\" />\n/// <reference lib=\"esnext.disposable\" />\n",
        }
    }

    /// What is to be declared. The classes of plugins' errors are left out where there are no plugins.
    pub(super) fn lacks(self, has_plugins: bool) -> impl Iterator<Item = &'static str> {
        let (own, web) = match self {
            Ambient::Package => (false, false),
            Ambient::Web => (true, false),
            Ambient::Language => (true, true),
        };
        // Of two patterns that are equally good TypeScript takes the first, and a component's name is better than `*.wasm`.
        [(WORKY, own), (PLUGINS, own && has_plugins), (TEST, own), (SCOPE, web), (GLOBALS, web), (FILES, web)]
            .into_iter()
            .filter_map(|(text, is_lacking)| is_lacking.then_some(text))
    }
}
