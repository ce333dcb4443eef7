use std::ops::RangeInclusive;

use super::report::{Problem, Report};
use super::source::{At, Span};
use super::tree::{Table, Value};

/// Reads a table key by key. Every problem goes to the report and reading goes on; [`Reader::finish`] reports the keys
/// that nobody asked for.
pub(crate) struct Reader<'t> {
    table: &'t Table,
    /// The dotted path of the table, for messages; empty at the top of a file.
    section: String,
    known: Vec<&'static str>,
    /// Keys that were answered for already.
    settled: Vec<&'static str>,
    report: &'t Report,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(table: &'t Table, section: impl Into<String>, report: &'t Report) -> Self {
        Reader { table, section: section.into(), known: Vec::new(), settled: Vec::new(), report }
    }

    pub(crate) fn report(&self) -> &'t Report {
        self.report
    }

    pub(crate) fn span(&self) -> &'t Span {
        &self.table.span
    }

    /// A key of this table as messages call it.
    pub(crate) fn path(&self, key: &str) -> String {
        if self.section.is_empty() { key.to_owned() } else { format!("{}.{key}", self.section) }
    }

    pub(crate) fn value(&mut self, key: &'static str) -> Option<&'t At<Value>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table.find(key).map(|(_, value)| value)
    }

    pub(crate) fn string(&mut self, key: &'static str) -> Option<At<String>> {
        let node = self.value(key)?;
        let value = self.as_string(node, key)?;
        if value.value.trim().is_empty() {
            self.report.push(Problem::error(format!("`{}` is empty", self.path(key))).at(&node.span, ""));
            return None;
        }
        Some(value)
    }

    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let node = self.value(key)?;
        match node.value {
            Value::Boolean(value) => Some(value),
            _ => self.wrong_type(node, key, "`true` or `false`"),
        }
    }

    /// An integer within bounds; `unit` is what it counts, for messages.
    pub(crate) fn integer(&mut self, key: &'static str, bounds: RangeInclusive<u64>, unit: &str) -> Option<u64> {
        let node = self.value(key)?;
        let Value::Integer(value) = node.value else {
            return self.wrong_type(node, key, &format!("an integer ({unit})"));
        };
        let value = value.and_then(|value| u64::try_from(value).ok());
        if let Some(value) = value.filter(|value| bounds.contains(value)) {
            return Some(value);
        }
        let message = format!("`{}` is {}, which is out of bounds", self.path(key), node.span.text());
        let label = format!("must be from {} to {} ({unit})", bounds.start(), bounds.end());
        self.report.push(Problem::error(message).at(&node.span, label));
        None
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.string(key)?;
        if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == text.value) {
            return Some(*choice);
        }
        let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
        let message = format!("`{}` cannot be \"{}\"", self.path(key), text.value);
        let label = format!("must be {}", listed(&words, "\"", "or"));
        self.report.push(Problem::error(message).at(&text.span, label));
        None
    }

    pub(crate) fn strings(&mut self, key: &'static str) -> Option<Vec<At<String>>> {
        let node = self.value(key)?;
        match &node.value {
            Value::Array(items) => {
                let item = |item: &At<Value>| match &item.value {
                    Value::String(value) => Some(At { value: value.clone(), span: item.span.clone() }),
                    other => {
                        let message = format!("`{}` must hold strings, not {}", self.path(key), other.kind());
                        self.report.push(Problem::error(message).at(&item.span, ""));
                        None
                    }
                };
                Some(items.iter().filter_map(item).collect())
            }
            _ => self.wrong_type(node, key, "an array of strings"),
        }
    }

    pub(crate) fn table(&mut self, key: &'static str) -> Option<&'t Table> {
        let node = self.value(key)?;
        match &node.value {
            Value::Table(table) => Some(table),
            _ => self.wrong_type(node, key, "a table"),
        }
    }

    pub(crate) fn tables(&mut self, key: &'static str) -> Option<Vec<&'t Table>> {
        let node = self.value(key)?;
        let Value::Array(items) = &node.value else {
            return self.wrong_type(node, key, &format!("an array of tables (`[[{}]]`)", self.path(key)));
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                Value::Table(table) => tables.push(table),
                _ => drop(self.wrong_type::<()>(item, key, "tables")),
            }
        }
        Some(tables)
    }

    /// Says that a key must be there.
    pub(crate) fn missing(&self, key: &str, hint: impl Into<String>) {
        let message = format!("`{}` is missing", self.path(key));
        self.report.push(Problem::error(message).at(&self.table.span, "").hint(hint));
    }

    /// Answers for keys that stand in the file but are not read; `problem` is asked for each that is there.
    pub(crate) fn settle(&mut self, keys: &[&'static str], problem: impl Fn(&str) -> Problem) {
        for key in keys {
            if let Some((name, _)) = self.table.find(key) {
                self.report.push(problem(&self.path(key)).at(&name.span, ""));
            }
        }
        self.settled.extend(keys);
    }

    /// Reports what nobody asked for.
    pub(crate) fn finish(self) {
        for (name, _) in &self.table.entries {
            let key = name.value.as_str();
            if self.known.contains(&key) || self.settled.contains(&key) {
                continue;
            }
            let place = if self.section.is_empty() { String::new() } else { format!(" in `{}`", self.section) };
            let problem = Problem::error(format!("unknown key `{key}`{place}")).at(&name.span, "");
            self.report.push(match nearest(key, self.known.iter().copied()) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint(format!("the keys here are {}", listed(&self.known, "`", "and"))),
            });
        }
    }

    fn as_string(&self, node: &At<Value>, key: &str) -> Option<At<String>> {
        match &node.value {
            Value::String(value) => Some(At { value: value.clone(), span: node.span.clone() }),
            _ => self.wrong_type(node, key, "a string"),
        }
    }

    /// Reports it; never a value.
    fn wrong_type<T>(&self, node: &At<Value>, key: &str, expected: &str) -> Option<T> {
        let message = format!("`{}` must be {expected}, not {}", self.path(key), node.value.kind());
        self.report.push(Problem::error(message).at(&node.span, ""));
        None
    }
}

/// The known name that was probably meant.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // A third of the name: one slip in a short one, a few in a long one.
    let distance_max = (name.chars().count() / 3).max(1);
    let lower = name.to_lowercase().replace('-', "_");
    let distance = |known: &str| {
        // `memory` for `memory_mb`: what is left out at the end is often a unit.
        let begun = lower.len() >= 3 && known.to_lowercase().starts_with(&lower);
        if begun { 0 } else { strsim::damerau_levenshtein(&lower, &known.to_lowercase()) }
    };
    known
        .into_iter()
        .map(|known| (distance(known), known))
        .filter(|(distance, _)| *distance <= distance_max)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// `a`, `b` and `c`.
pub(crate) fn listed(words: &[&str], quote: &str, last: &str) -> String {
    let mut words: Vec<_> = words.iter().map(|word| format!("{quote}{word}{quote}")).collect();
    match words.pop() {
        None => "none".to_owned(),
        Some(only) if words.is_empty() => only,
        Some(end) => format!("{} {last} {end}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let known = ["main", "compatibility_date", "limits", "kv_namespaces"];
        assert_eq!(nearest("mian", known), Some("main"));
        assert_eq!(nearest("compatability-date", known), Some("compatibility_date"));
        assert_eq!(nearest("kv_namespace", known), Some("kv_namespaces"));
        assert_eq!(nearest("compatibility", known), Some("compatibility_date"));
        assert_eq!(nearest("storage", known), None);
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(listed(&[], "`", "and"), "none");
        assert_eq!(listed(&["a"], "`", "and"), "`a`");
        assert_eq!(listed(&["a", "b", "c"], "\"", "or"), "\"a\", \"b\" or \"c\"");
    }
}
