//! Paths with `*` and `:name` in them.

use regex::Regex;

/// What a path, or `https://` with a host and a path, is matched with.
#[derive(Debug, Clone)]
pub struct Pattern {
    regex: Regex,
    with_host: bool,
}

/// What a pattern found, by name.
pub(super) struct Found(Vec<(String, String)>);

impl Pattern {
    /// `*` stands for anything; there may be many.
    pub(super) fn of_glob(glob: &str) -> Pattern {
        let parts: Vec<String> = glob.split('*').map(regex::escape).collect();
        let regex = Regex::new(&format!("^{}$", parts.join(".*"))).expect("an escaped text is an expression");
        Pattern { regex, with_host: false }
    }

    /// One `*`, found as `splat`, and any number of names: `:id` is one part of a path, or of a host.
    pub(super) fn of_rule(rule: &str) -> Result<Pattern, String> {
        if rule.matches('*').count() > 1 {
            return Err(format!("{rule} has more than one *"));
        }
        let with_host = rule.starts_with("https://");
        let host_end = if with_host { rule[8..].find('/').map_or(rule.len(), |end| end + 8) } else { 0 };
        let mut expression = "^".to_owned();
        let (mut rest, mut at) = (rule, 0);
        let mut names: Vec<&str> = Vec::new();
        while let Some(c) = rest.chars().next() {
            let length = match name_at(rest) {
                Some(name) => {
                    if names.contains(&name) {
                        return Err(format!("{rule} has :{name} twice"));
                    }
                    names.push(name);
                    let part = if at < host_end { "[^/.]+" } else { "[^/]+" };
                    expression += &format!("(?<{name}>{part})");
                    name.len() + 1
                }
                None if c == '*' => {
                    expression += "(?<splat>.*)";
                    1
                }
                None => {
                    expression += &regex::escape(&rest[..c.len_utf8()]);
                    c.len_utf8()
                }
            };
            at += length;
            rest = &rest[length..];
        }
        let regex = Regex::new(&(expression + "$")).map_err(|error| format!("{rule} cannot be matched: {error}"))?;
        Ok(Pattern { regex, with_host })
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        self.regex.is_match(path)
    }

    pub(super) fn captures(&self, host: &str, path: &str) -> Option<Found> {
        let whole;
        let text = if self.with_host {
            whole = format!("https://{host}{path}");
            &whole
        } else {
            path
        };
        let captures = self.regex.captures(text)?;
        let value = |name: &str| Some((name.to_owned(), captures.name(name)?.as_str().to_owned()));
        Some(Found(self.regex.capture_names().flatten().filter_map(value).collect()))
    }
}

impl Found {
    /// Names that were not found stay as they are.
    pub(super) fn fill(&self, text: &str) -> String {
        let value = |name: &str| self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(at) = rest.find(':') {
            filled += &rest[..at];
            rest = &rest[at..];
            let name = name_at(rest);
            match name.and_then(|name| Some((name, value(name)?))) {
                Some((name, value)) => {
                    filled += value;
                    rest = &rest[name.len() + 1..];
                }
                None => {
                    filled.push(':');
                    rest = &rest[1..];
                }
            }
        }
        filled + rest
    }
}

pub(super) fn is_dynamic(rule: &str) -> bool {
    rule.contains('*') || rule.char_indices().any(|(at, _)| name_at(&rule[at..]).is_some())
}

/// The name behind a colon that a text begins with: a letter, and letters, digits and `_`.
fn name_at(text: &str) -> Option<&str> {
    let name = text.strip_prefix(':')?;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    Some(&name[..end])
}
