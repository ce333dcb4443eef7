//! WIT's names as TypeScript has them.

/// `kebab-case` to `camelCase`.
pub(super) fn lower_camel(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_ascii_lowercase();
    words.fold(first, |text, word| text + &capitalized(word))
}

/// `kebab-case` to `PascalCase`.
pub(super) fn upper_camel(name: &str) -> String {
    name.split('-').map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut text = word.to_ascii_lowercase();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// `calc` of `demo:simple/calc@0.1.0`.
pub(super) fn short(name: &str) -> String {
    let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
    lower_camel(name.split_once('@').map_or(name, |(name, _)| name))
}

/// A name that may be declared: words of the language are not, and get a `_` before them.
pub(super) fn declarable(name: &str) -> String {
    if RESERVED.contains(&name) { format!("_{name}") } else { name.to_owned() }
}

/// A text as a literal of TypeScript.
pub(super) fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What strict code cannot declare, and what could be confused with it.
const RESERVED: &[&str] = &[
    "arguments",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// A documentation comment, indented as what it stands above.
pub(super) fn comment(docs: Option<&str>, indent: &str) -> String {
    let Some(docs) = docs.map(str::trim).filter(|docs| !docs.is_empty()) else { return String::new() };
    // Whatever a component's author writes stays inside of the comment.
    let docs = docs.replace("*/", "*\u{200b}/");
    let lines: Vec<&str> = docs.lines().map(str::trim_end).collect();
    match lines.as_slice() {
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: String =
                lines.iter().map(|line| format!("{}\n", format!("{indent} * {line}").trim_end())).collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_jco() {
        assert_eq!(lower_camel("kebab-case-field"), "kebabCaseField");
        assert_eq!(lower_camel("HTTP2-server"), "http2Server");
        assert_eq!(upper_camel("hash-map"), "HashMap");
        assert_eq!(short("demo:simple/string-tools@0.1.0"), "stringTools");
        assert_eq!((declarable("delete"), declarable("remove")), ("_delete".to_owned(), "remove".to_owned()));
    }

    #[test]
    fn a_comment_cannot_be_left() {
        assert_eq!(comment(Some("one */ export {}"), "  "), "  /** one *\u{200b}/ export {} */\n");
        assert_eq!(comment(Some("one\n\n two "), ""), "/**\n * one\n *\n *  two\n */\n");
        assert_eq!(comment(Some(" "), "") + &comment(None, ""), "");
    }
}
