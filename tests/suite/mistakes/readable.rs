//! What differs from run to run taken out of a text.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// What stands in the place of what differs, in this order.
static REPLACED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\b\d\d:\d\d:\d\d\.\d{3}\b", "TIME"),
        (r"\b[0-9a-f]{32}\b", "ID"),
        (r"127\.0\.0\.1:\d{5}\b|127\.0\.0\.1:[1-46-9]\d{3}\b", "127.0.0.1:PORT"),
        (r"\bin [0-9.]+ ms, [0-9.]+ ms CPU", "in N ms, N ms CPU"),
        (r"\bin [0-9.]+ ms\b", "in N ms"),
    ]
    .map(|(pattern, with)| (Regex::new(pattern).expect("a regular expression"), with))
    .into()
});

/// Lines that say nothing of a mistake.
const USUAL: &[&str] = &[
    "listening on http://",
    "explorer on http://",
    "shutting down; a second signal",
    "shut down; everything that had begun",
];

pub(super) struct Readable {
    directories: Vec<String>,
    port: Option<String>,
}

impl Readable {
    pub(super) fn new(directory: &Path, port: Option<&str>) -> Self {
        let real = directory.canonicalize().expect("it is there");
        let mut directories = vec![real.display().to_string(), directory.display().to_string()];
        directories.dedup();
        Readable { directories, port: port.map(str::to_owned) }
    }

    pub(super) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for directory in &self.directories {
            text = text.replace(directory.as_str(), "DIR");
        }
        if let Some(port) = &self.port {
            text = text.replace(port.as_str(), "PORT");
        }
        for (pattern, with) in REPLACED.iter() {
            text = pattern.replace_all(&text, *with).into_owned();
        }
        text
    }

    /// Without what is printed whether or not something is wrong.
    pub(super) fn terminal(&self, text: &str) -> String {
        let usual = |line: &&str| !USUAL.iter().any(|usual| line.contains(usual));
        text.lines().filter(usual).fold(String::new(), |all, line| all + &self.text(line) + "\n")
    }
}

/// What a browser shows of a page, one line for each element.
pub(super) fn page(html: &str) -> String {
    static LEFT_OUT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?s)<style.*?</style>|<script.*?</script>|<title.*?</title>").expect("it is one")
    });
    static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"<a href="([^"]*)">"#).expect("it is one"));
    static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"</?(p|pre|h1|h2|li|ol|ul|main|header|footer|section|summary|details|div)\b[^>]*>")
            .expect("it is one")
    });
    static ELEMENT: LazyLock<Regex> = LazyLock::new(|| Regex::new("<[^>]*>").expect("it is one"));
    let text = LEFT_OUT.replace_all(html, "");
    let text = LINK.replace_all(&text, "[$1] ");
    let text = BLOCK.replace_all(&text, "\n");
    let text = ELEMENT.replace_all(&text, "");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    let text = text.replace("&amp;", "&");
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).fold(String::new(), |all, line| all + line + "\n")
}
