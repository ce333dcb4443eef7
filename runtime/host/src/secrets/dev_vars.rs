use std::collections::BTreeMap;
use std::fmt;

/// The variables of a `.dev.vars` file.
///
/// Lines are `NAME=value` or `export NAME=value`; empty lines and lines that begin with `#` are passed over. A bare
/// value ends at the line's end or at a `#` after white space. `'…'` and `` `…` `` are taken as they are; in `"…"` the
/// escapes `\n \r \t \" \\` mean what they do elsewhere. A quoted value may go over several lines. A later line wins.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DevVars(BTreeMap<String, String>);

/// One line that cannot be read. It never carries a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct DevVarsError {
    /// From 1.
    pub line: usize,
    pub problem: String,
}

impl DevVars {
    /// Reads the text of a file; every line that is wrong is reported.
    pub fn parse(text: &str) -> Result<Self, Vec<DevVarsError>> {
        let mut lines = Lines { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 0 };
        let (mut vars, mut errors) = (BTreeMap::new(), Vec::new());
        while let Some(line) = lines.next_line() {
            let at = lines.line;
            match lines.variable(line) {
                Ok(Some((name, value))) => drop(vars.insert(name, value)),
                Ok(None) => {}
                Err(problem) => errors.push(DevVarsError { line: at, problem }),
            }
        }
        if errors.is_empty() { Ok(DevVars(vars)) } else { Err(errors) }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// By name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Debug for DevVars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

struct Lines<'a> {
    rest: &'a str,
    /// The number of the last line taken.
    line: usize,
}

impl<'a> Lines<'a> {
    fn next_line(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.rest = rest;
        self.line += 1;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    /// The variable that begins on `line`, taking further lines while a quote is open.
    fn variable(&mut self, line: &'a str) -> Result<Option<(String, String)>, String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let line = line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(line);
        let (name, value) = line.split_once('=').ok_or("there is no `=`; write NAME=value")?;
        let name = name.trim();
        if !is_name(name) {
            return Err(format!("{name:?} is not a name; use letters, digits and `_`, and no digit at its start"));
        }
        let value = value.trim();
        let value = match value.chars().next() {
            Some(quote @ ('"' | '\'' | '`')) => self.quoted(&value[1..], quote)?,
            _ => bare(value).to_owned(),
        };
        Ok(Some((name.to_owned(), value)))
    }

    fn quoted(&mut self, first: &'a str, quote: char) -> Result<String, String> {
        let (mut value, mut line) = (String::new(), first);
        loop {
            let mut characters = line.char_indices();
            while let Some((at, character)) = characters.next() {
                match character {
                    '\\' if quote == '"' => value.push_str(&escape(characters.next().map(|(_, c)| c))),
                    _ if character == quote => {
                        let behind = line[at + 1..].trim_start();
                        if behind.is_empty() || behind.starts_with('#') {
                            return Ok(value);
                        }
                        return Err(format!("there is text after the closing {quote}"));
                    }
                    _ => value.push(character),
                }
            }
            value.push('\n');
            line = self.next_line().ok_or_else(|| format!("the {quote} is never closed"))?;
        }
    }
}

fn escape(character: Option<char>) -> String {
    match character {
        Some('n') => "\n".to_owned(),
        Some('r') => "\r".to_owned(),
        Some('t') => "\t".to_owned(),
        Some(plain @ ('"' | '\\')) => plain.to_string(),
        Some(other) => format!("\\{other}"),
        None => "\\".to_owned(),
    }
}

/// Up to a `#` that begins a comment.
fn bare(value: &str) -> &str {
    let comment = value
        .match_indices('#')
        .find(|(at, _)| value[..*at].chars().next_back().is_none_or(char::is_whitespace))
        .map_or(value.len(), |(at, _)| at);
    value[..comment].trim_end()
}

fn is_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_value() {
        let text = concat!(
            "\u{feff}# a comment\n\n",
            "PLAIN=value\n",
            "  SPACES =  a b  \r\n",
            "export EXPORTED=yes\n",
            "exportX=no\n",
            "EMPTY=\n",
            "COMMENT=value # said here\n",
            "HASH=a#b\n",
            "ONLY_COMMENT= # nothing\n",
            "EQUALS=a=b==\n",
            "DOUBLE=\"a\\tb \\\"c\\\" \\\\ \\x # no comment\" # one\n",
            "SINGLE='a\\n\"b\"'\n",
            "BACK=`it's`\n",
            "PEM=\"-----BEGIN-----\nabc\n-----END-----\"\n",
            "PLAIN=later\n",
            "LAST=x",
        );
        let vars = DevVars::parse(text).expect("it is well-formed");
        assert_eq!(
            vars.iter().collect::<BTreeMap<_, _>>(),
            BTreeMap::from([
                ("PLAIN", "later"),
                ("SPACES", "a b"),
                ("EXPORTED", "yes"),
                ("exportX", "no"),
                ("EMPTY", ""),
                ("COMMENT", "value"),
                ("HASH", "a#b"),
                ("ONLY_COMMENT", ""),
                ("EQUALS", "a=b=="),
                ("DOUBLE", "a\tb \"c\" \\ \\x # no comment"),
                ("SINGLE", "a\\n\"b\""),
                ("BACK", "it's"),
                ("PEM", "-----BEGIN-----\nabc\n-----END-----"),
                ("LAST", "x"),
            ])
        );
    }

    #[test]
    fn every_wrong_line_is_reported_without_its_value() {
        let errors =
            DevVars::parse("GOOD=1\nhunter2\n1A=hunter2\nB=\"hunter2\" hunter2\nC='x\ny'\n=hunter2\nD='hunter2")
                .expect_err("it is wrong");
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 3, 4, 7, 8]);
        let text: String = errors.iter().map(|error| format!("{error}\n")).collect();
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("line 8: the ' is never closed"), "{text}");
    }
}
