//! The names of a worker's files. Guests know them beneath the worker's directory as if that were the root, so that no
//! path of the machine is told to them; a front end needs the real ones, to show a file and to set breakpoints in it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{BufMut, BytesMut};
use deno_core::ModuleSpecifier;
use worky_engine::{JsArtifact, ModuleKind};

const ROOT: &str = "file:///";
/// Files of the project that are not beneath the worker's directory have one of these for each directory up.
const PARENT: &str = "_parent/";

/// What V8 is told of a module that has a source map. It is given to front ends in the message that names it.
pub(super) const MAP_MARK: &str = "worky:map";

pub(crate) struct Sources {
    /// Ends in `/`. `None` where the files are not on this machine, as with a bundle.
    root: Option<ModuleSpecifier>,
    /// Source maps by the specifier's URL, as `data:` URLs.
    maps: HashMap<String, String>,
}

impl Sources {
    /// Takes the source maps of all modules, and marks the modules that have one.
    pub(super) fn of(artifact: &mut JsArtifact) -> Arc<Self> {
        let root = artifact.root.as_deref().and_then(directory_url);
        let mut sources = Sources { root, maps: HashMap::new() };
        for module in artifact.modules.iter_mut().filter(|module| module.kind == ModuleKind::Js) {
            let Some(map) = module.source_map.as_deref().and_then(|map| sources.rewritten(map)) else { continue };
            let mark = format!("\n//# sourceMappingURL={MAP_MARK}\n");
            let mut source = BytesMut::with_capacity(module.source.len() + mark.len());
            source.put_slice(&module.source);
            source.put_slice(mark.as_bytes());
            module.source = source.freeze();
            let mut url = String::from("data:application/json;base64,");
            STANDARD.encode_string(map, &mut url);
            let name = sources.url(&module.specifier);
            sources.maps.insert(name, url);
        }
        Arc::new(sources)
    }

    /// The URL of a module for front ends.
    pub(super) fn url(&self, specifier: &str) -> String {
        let (Some(root), Some(mut below)) = (&self.root, specifier.strip_prefix(ROOT)) else {
            return specifier.to_owned();
        };
        let mut up = String::new();
        while let Some(rest) = below.strip_prefix(PARENT) {
            below = rest;
            let _infallible = write!(up, "../");
        }
        root.join(&format!("./{up}{below}")).map_or_else(|_| specifier.to_owned(), |url| url.to_string())
    }

    /// The source map of a script, by its URL for front ends.
    pub(super) fn map(&self, url: &str) -> Option<&str> {
        self.maps.get(url).map(String::as_str)
    }

    /// A source map with the real names of its sources.
    fn rewritten(&self, map: &[u8]) -> Option<Vec<u8>> {
        let mut map: serde_json::Value = serde_json::from_slice(map).ok()?;
        for source in map.get_mut("sources")?.as_array_mut()? {
            if let Some(name) = source.as_str() {
                *source = self.url(name).into();
            }
        }
        serde_json::to_vec(&map).ok()
    }
}

fn directory_url(path: &Path) -> Option<ModuleSpecifier> {
    // Front ends compare paths as they are without links.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    ModuleSpecifier::from_directory_path(path).ok()
}

#[cfg(test)]
mod tests {
    use worky_engine::Module;

    use super::*;

    fn artifact(root: Option<&str>) -> JsArtifact {
        let map = r#"{"version":3,"sources":["file:///src/index.ts","node:events"],"names":[],"mappings":""}"#;
        let module = Module {
            specifier: "file:///src/index.ts".to_owned(),
            kind: ModuleKind::Js,
            source: "let a; // no newline".into(),
            source_map: Some(map.into()),
            imports: Default::default(),
        };
        JsArtifact {
            entry: module.specifier.clone(),
            modules: vec![module],
            plugins: Vec::new(),
            root: root.map(Into::into),
        }
    }

    #[test]
    fn files_have_their_real_names() {
        let mut artifact = artifact(Some("/home/a b/app"));
        let sources = Sources::of(&mut artifact);
        let url = "file:///home/a%20b/app/src/index.ts";
        assert_eq!(sources.url(&artifact.entry), url);
        assert_eq!(sources.url("file:///_parent/node_modules/x/a.js"), "file:///home/a%20b/node_modules/x/a.js");
        assert_eq!(sources.url("ext:core/mod.js"), "ext:core/mod.js");
        let text = std::str::from_utf8(&artifact.modules[0].source).expect("text");
        assert_eq!(text, "let a; // no newline\n//# sourceMappingURL=worky:map\n");
        let map = sources.map(url).and_then(|map| map.strip_prefix("data:application/json;base64,")).expect("a map");
        let map: serde_json::Value = serde_json::from_slice(&STANDARD.decode(map).expect("base64")).expect("JSON");
        assert_eq!(map["sources"], serde_json::json!([url, "node:events"]));
    }

    #[test]
    fn what_is_not_on_the_disk_keeps_its_name() {
        let mut artifact = artifact(None);
        let sources = Sources::of(&mut artifact);
        assert_eq!(sources.url(&artifact.entry), "file:///src/index.ts");
        assert!(sources.map("file:///src/index.ts").is_some());
    }
}
