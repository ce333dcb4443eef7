use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What a URL parser would encode in a path, and what it would take for something else.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A file's path from the worker's directory, its parts joined by `/`: `src/index.ts`. Files of packages may be elsewhere
/// in the project: `../node_modules/a/index.js`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FilePath(String);

impl FilePath {
    pub(crate) fn new(path: String) -> Self {
        FilePath(path)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the directory it stands in; empty for the worker's directory itself.
    pub(crate) fn directory(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(directory, _)| directory)
    }

    /// The URL by which the engine knows this module. What is elsewhere in the project is beneath `_parent/`.
    pub(crate) fn specifier(&self) -> String {
        let mut below = &self.0[..];
        let mut up = String::new();
        while let Some(rest) = below.strip_prefix("../") {
            below = rest;
            up.push_str("_parent/");
        }
        format!("file:///{up}{}", utf8_percent_encode(below, ENCODED))
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The path that `written` means when read as a URL, if that is another one.
pub(crate) fn decoded(written: &str) -> Option<String> {
    if !written.contains('%') {
        return None;
    }
    let decoded = percent_decode_str(written).decode_utf8().ok()?;
    (decoded != written).then(|| decoded.into_owned())
}

/// `path` taken from the directory `base`, both from the worker's directory; `None` if it leads out of it.
/// An empty part and `.` stand for nothing, as in a file system.
pub(crate) fn join(base: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_parser_leaves_a_specifier_as_it_is() {
        for path in [
            "src/index.ts",
            "a b.js",
            "100%.js",
            "%41.js",
            "ünï/日本.ts",
            "a?b#c.js",
            "C|/x.js",
            "a\\b.js",
            "[id].ts",
            "{x}^`.ts",
            "a:b@c;d=e&f,g+h!.ts",
            "%2e%2e/x.js",
            "\u{7f}\u{1}.js",
            "~'()*$.js",
        ] {
            let specifier = FilePath::new(path.into()).specifier();
            let parsed = url::Url::parse(&specifier).expect("a valid url");
            assert_eq!(parsed.as_str(), specifier);
            assert_eq!(percent_decode_str(parsed.path()).decode_utf8_lossy(), format!("/{path}"));
        }
    }

    #[test]
    fn join_stays_inside() {
        assert_eq!(join("src", "./a.ts").as_deref(), Some("src/a.ts"));
        assert_eq!(join("src", "../a.ts").as_deref(), Some("a.ts"));
        assert_eq!(join("src/b", ".././/c/../a.ts").as_deref(), Some("src/a.ts"));
        assert_eq!(join("src", "../../a.ts"), None);
        assert_eq!(join("", ".."), None);
        assert_eq!(join("src", "..").as_deref(), Some(""));
    }

    #[test]
    fn decoded_is_only_told_when_it_differs() {
        assert_eq!(decoded("./a%20b.ts").as_deref(), Some("./a b.ts"));
        assert_eq!(decoded("./100%.ts"), None);
        assert_eq!(decoded("./%ff.ts"), None);
        assert_eq!(decoded("./a.ts"), None);
    }
}
