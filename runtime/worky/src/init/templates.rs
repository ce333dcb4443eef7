//! What is in each template. The files stand in `runtime/worky/templates`, to be read and changed as what they are.

use crate::cli::Template;

/// A file of a new project: its path from the project's directory, its parts joined by `/`.
#[derive(Debug, Clone, Copy)]
pub(super) struct TemplateFile {
    pub(super) path: &'static str,
    pub(super) text: &'static str,
}

/// The name of a template file that would hide other files from git in this repository.
const GITIGNORE: &str = "gitignore";

macro_rules! files {
    ($template:literal: $($path:literal)*) => {
        &[$(TemplateFile { path: $path, text: include_str!(concat!("../../templates/", $template, "/", $path)) },)*]
    };
}

const HELLO: &[TemplateFile] = files!("hello": "README.md" "gitignore" "package.json" "src/index.test.ts" "src/index.ts" "tsconfig.json" "worky.toml");
const API: &[TemplateFile] = files!("api": "README.md" "gitignore" "package.json" "src/index.ts" "src/notes.test.ts" "src/notes.ts"
    "src/router.ts" "tsconfig.json" "worky.toml");
const SSR: &[TemplateFile] = files!("ssr": "README.md" "gitignore" "package.json" "src/index.test.ts" "src/index.tsx" "src/page.tsx"
    "tsconfig.json" "worky.toml");

const PLUGIN_RUST: &[TemplateFile] = files!("plugin-rust": "README.md" "gitignore" "package.json" "slug/Cargo.lock"
    "slug/Cargo.toml" "slug/src/lib.rs" "slug/wit/slug.wit" "src/index.test.ts" "src/index.ts" "tsconfig.json" "worky.toml");
const PLUGIN_GO: &[TemplateFile] = files!("plugin-go": "README.md" "gitignore" "package.json" "src/index.test.ts" "src/index.ts" "tsconfig.json"
    "words/build.sh" "words/count/count.go" "words/count/count_test.go"
    "words/exports/export_example_words_counting/counting.go" "words/go.mod" "words/main.go" "words/wit/words.wit"
    "worky.toml");

/// A template's files, as they are called in the project.
pub(super) fn files(template: Template) -> impl Iterator<Item = TemplateFile> {
    let files = match template {
        Template::Hello => HELLO,
        Template::Api => API,
        Template::Ssr => SSR,
        Template::PluginRust => PLUGIN_RUST,
        Template::PluginGo => PLUGIN_GO,
    };
    files
        .iter()
        .map(|file| TemplateFile { path: if file.path == GITIGNORE { ".gitignore" } else { file.path }, ..*file })
}

/// Whether TypeScript can be told of the project before anything of it is built.
pub(super) fn is_declared(template: Template) -> bool {
    !matches!(template, Template::PluginRust | Template::PluginGo)
}

/// What to type in a new project, and what it is for.
pub(super) fn steps(template: Template) -> &'static [(&'static str, &'static str)] {
    const DEV: (&str, &str) = ("worky dev", "serve it on http://127.0.0.1:8787, and what is saved");
    const TEST: (&str, &str) = ("worky test", "run its tests");
    const INSTALL: (&str, &str) = ("npm install", "get the packages that it uses");
    const CHECK: (&str, &str) = ("npm run check", "have TypeScript check it");
    match template {
        Template::Hello | Template::Api => {
            &[DEV, TEST, ("npm install", "get the TypeScript compiler, where it is to be checked"), CHECK]
        }
        Template::Ssr => &[INSTALL, DEV, TEST, CHECK],
        Template::PluginRust => &[
            ("rustup target add wasm32-unknown-unknown", "once, for Rust"),
            ("npm run plugin", "build the component in slug/"),
            DEV,
            TEST,
        ],
        Template::PluginGo => &[
            ("cargo install wit-bindgen-cli@0.63", "once, for the bindings of Go, 1.27 or later"),
            ("npm run plugin", "build the component in words/"),
            DEV,
            TEST,
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_file_of_the_directory_is_listed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for template in Template::value_variants() {
            let name = template.to_possible_value().expect("it can be chosen").get_name().to_owned();
            let mut found = BTreeSet::new();
            let mut open = vec![root.join(&name)];
            while let Some(dir) = open.pop() {
                for entry in std::fs::read_dir(&dir).expect("the template has a directory") {
                    let path = entry.expect("it can be read").path();
                    if path.is_dir() {
                        open.push(path);
                    } else {
                        found.insert(path.strip_prefix(root.join(&name)).expect("beneath it").display().to_string());
                    }
                }
            }
            let listed =
                files(*template).map(|file| file.path.replace(".gitignore", GITIGNORE)).collect::<BTreeSet<_>>();
            assert_eq!(listed, found, "{name}");
        }
    }
}
