use serde::{Deserialize, Serialize};

use crate::error::Problem;

/// How a file is read, told by the end of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Code(Dialect),
    Json,
    Text,
    Bytes,
    Wasm,
}

/// What a file of code is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Dialect {
    Js,
    Jsx,
    Ts,
    Tsx,
    /// `.d.ts`: types alone.
    Declarations,
}

impl Dialect {
    pub(crate) fn is_typescript(self) -> bool {
        matches!(self, Dialect::Ts | Dialect::Tsx | Dialect::Declarations)
    }

    pub(crate) fn has_jsx(self) -> bool {
        matches!(self, Dialect::Jsx | Dialect::Tsx)
    }
}

/// Every end of a name that can be imported, in the order an error lists them.
pub(crate) const EXTENSIONS: &[(&str, FileKind)] = &[
    ("ts", FileKind::Code(Dialect::Ts)),
    ("tsx", FileKind::Code(Dialect::Tsx)),
    ("mts", FileKind::Code(Dialect::Ts)),
    ("js", FileKind::Code(Dialect::Js)),
    ("jsx", FileKind::Code(Dialect::Jsx)),
    ("mjs", FileKind::Code(Dialect::Js)),
    ("json", FileKind::Json),
    ("txt", FileKind::Text),
    ("html", FileKind::Text),
    ("md", FileKind::Text),
    ("sql", FileKind::Text),
    ("bin", FileKind::Bytes),
    ("wasm", FileKind::Wasm),
];

impl FileKind {
    /// The kind of the file at `path`, or why it cannot be imported.
    pub(crate) fn of(path: &str) -> Result<Self, Problem> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.ends_with(".d.ts") || name.ends_with(".d.mts") {
            return Ok(FileKind::Code(Dialect::Declarations));
        }
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if matches!(extension, "cjs" | "cts") {
            return Err(Problem::CommonJsFile { path: path.to_owned() });
        }
        FileKind::known(extension).ok_or_else(|| Problem::UnknownExtension { path: path.to_owned() })
    }

    /// The kind of a file of a package, which may be CommonJS.
    pub(crate) fn of_package_file(path: &str) -> Result<Self, Problem> {
        let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("js", |(_, end)| end);
        match extension {
            "cjs" => Ok(FileKind::Code(Dialect::Js)),
            "cts" => Ok(FileKind::Code(Dialect::Ts)),
            _ => FileKind::known(extension).ok_or_else(|| Problem::UnknownExtension { path: path.to_owned() }),
        }
    }

    fn known(extension: &str) -> Option<Self> {
        EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|(_, kind)| *kind)
    }

    /// The `type` that an import attribute may name for this file.
    pub(crate) fn attribute_type(self) -> Option<&'static str> {
        match self {
            FileKind::Json => Some("json"),
            FileKind::Text => Some("text"),
            FileKind::Bytes => Some("bytes"),
            FileKind::Code(_) | FileKind::Wasm => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_extension_decides() {
        assert_eq!(FileKind::of("src/a.d.ts").unwrap(), FileKind::Code(Dialect::Declarations));
        assert_eq!(FileKind::of("src/a.b.tsx").unwrap(), FileKind::Code(Dialect::Tsx));
        assert_eq!(FileKind::of("a.ts/b.json").unwrap(), FileKind::Json);
        assert!(matches!(FileKind::of("a.ts/b"), Err(Problem::UnknownExtension { .. })));
        assert!(matches!(FileKind::of("a.TS"), Err(Problem::UnknownExtension { .. })));
        assert!(matches!(FileKind::of("a.cjs"), Err(Problem::CommonJsFile { .. })));
    }
}
