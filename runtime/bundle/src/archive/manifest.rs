//! `manifest.json`: what a bundle says of itself. Its schema is `runtime/bundle/manifest.schema.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::bundle::ModuleKind;

use super::error::ArchiveError;

/// What this program writes, and the one version that it reads.
pub const FORMAT_VERSION: u32 = 1;

/// The manifest of a worker's bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the format: 1.
    pub format_version: u32,
    /// The worker's version: the SHA-256, in hexadecimal, of the manifest as compact JSON with this field empty. It stands
    /// for the content of every file.
    pub version: String,
    pub kind: Kind,
    /// The specifier of the main module; of a worker that is a component, that of the component; empty where there are
    /// only assets.
    pub entry: String,
    /// The events that the worker handles. Absent where its code does not tell before it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handlers: Option<Vec<String>>,
    /// What `worker.toml` declares.
    pub worker: Declaration,
    /// Sorted by specifier.
    pub modules: Vec<ModuleEntry>,
    /// Every file of the bundle but the manifest, sorted by path. Those in `assets/` are served.
    pub files: Vec<FileEntry>,
}

/// What a worker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// JavaScript modules.
    Js,
    /// A component.
    Wasm,
    /// Files that are served, and no code.
    Assets,
}

/// What a worker's configuration says that others want to know. It is a summary: `worker.toml` has all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    pub name: String,
    /// A day, as YYYY-MM-DD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compatibility_date: Option<String>,
    /// What is in `env`, without values.
    pub bindings: Vec<Binding>,
    pub plugins: Vec<Plugin>,
    /// The keys of `[limits]`; the others have their defaults.
    pub limits: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Binding {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: BindingKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BindingKind {
    Var,
    Secret,
    KvNamespace,
    Service,
    Files,
    Assets,
}

/// A component that modules import as `plugin:NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Plugin {
    pub name: String,
    /// The path of the component in the bundle.
    pub file: String,
    /// As `worker.toml` writes them: `log`, `kv:CACHE`.
    pub grants: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModuleEntry {
    /// `file:///` and a path.
    pub specifier: String,
    pub kind: ModuleKind,
    /// The path in the bundle.
    pub file: String,
    /// The path of a version 3 source map, where the file is not what its author wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_map: Option<String>,
    /// Imports as written, to the specifier of what they mean. Builtins and plugins written by their own name are not in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub imports: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// From the root of the bundle, its parts joined by `/`.
    pub path: String,
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Reads a manifest of the version that is known; of another one nothing but its version is looked at.
    pub(super) fn parse(json: &[u8]) -> Result<Self, ArchiveError> {
        #[derive(Deserialize)]
        struct Version {
            format_version: serde_json::Value,
        }
        let broken = |error: serde_json::Error| ArchiveError::Manifest { message: error.to_string() };
        let Version { format_version } = serde_json::from_slice(json).map_err(broken)?;
        if format_version != FORMAT_VERSION {
            return Err(ArchiveError::FormatVersion { found: format_version.to_string() });
        }
        serde_json::from_slice(json).map_err(broken)
    }

    /// As the file has it.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).expect("a manifest has only text keys");
        json.push(b'\n');
        json
    }

    /// What [`Manifest::version`] has to be.
    pub(super) fn version_of_content(&self) -> String {
        let unversioned = Manifest { version: String::new(), ..self.clone() };
        hex(&Sha256::digest(serde_json::to_vec(&unversioned).expect("a manifest has only text keys")).into())
    }
}

pub(super) fn hex(bytes: &[u8; 32]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// What [`hex`] was made of.
pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_schema_in_the_repository_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifest.schema.json");
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(Manifest)).expect("a schema") + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&path, &schema).expect("written");
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == schema, "{} is not current: run the test with UPDATE_SCHEMA=1", path.display());
    }

    #[test]
    fn a_version_that_is_not_known_is_told_before_anything_else() {
        for (json, expected) in [
            (r#"{"format_version": 2, "novelty": []}"#, "format version 2 is not known"),
            (r#"{"format_version": "1"}"#, "format version \"1\" is not known"),
            (r#"{"format_version": 1}"#, "missing field"),
            ("{}", "missing field `format_version`"),
            ("PK", "expected value"),
        ] {
            let error = Manifest::parse(json.as_bytes()).expect_err(json).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
