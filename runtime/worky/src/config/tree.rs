use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::report::{Problem, Report};
use super::source::{At, Source, Span};

/// A table in the order it was written in.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// Its header or its braces.
    pub(crate) span: Span,
    pub(crate) entries: Vec<(At<String>, At<Value>)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    String(String),
    /// `None` where it does not fit.
    Integer(Option<i64>),
    Float(f64),
    Boolean(bool),
    Datetime(String),
    Array(Vec<At<Value>>),
    Table(Table),
}

impl Table {
    pub(crate) fn empty(span: Span) -> Self {
        Table { span, entries: Vec::new() }
    }

    /// The tree of a TOML document; `None` where its syntax is broken, since what can still be read of it would lead to
    /// reports of things that are not wrong.
    pub(crate) fn parse(source: &Arc<Source>, report: &Report) -> Option<Self> {
        // Offsets stay those of the whole text: a byte order mark becomes a space of no meaning to TOML.
        let text = source.text().replacen('\u{feff}', "   ", 1);
        let (tree, errors) = DeTable::parse_recoverable(&text);
        for error in &errors {
            let span = error.span().map_or_else(|| Span::whole(source), |range| Span::new(source, range));
            let message = match error.message() {
                "duplicate key" => format!("`{}` is set twice", span.text().trim()),
                other => format!("not valid TOML: {other}"),
            };
            report.push(Problem::error(message).at(&span, ""));
        }
        if !errors.is_empty() {
            return None;
        }
        Some(table(source, Span::whole(source), tree.into_inner()))
    }

    pub(crate) fn find(&self, key: &str) -> Option<&(At<String>, At<Value>)> {
        self.entries.iter().find(|(name, _)| name.value == key)
    }

    /// Takes a key out of one of the tables in this one.
    pub(crate) fn remove(&mut self, section: &str, key: &str) {
        let inner = self.entries.iter_mut().find(|(name, _)| name.value == section);
        if let Some((_, At { value: Value::Table(table), .. })) = inner {
            table.entries.retain(|(name, _)| name.value != key);
        }
    }

    /// Puts a value at a path of tables, in place of what is there.
    pub(crate) fn set(&mut self, path: &[&str], value: At<Value>) {
        let [key, inner @ ..] = path else { return };
        let name = At { value: (*key).to_owned(), span: value.span.clone() };
        let found = self.entries.iter().position(|(existing, _)| existing.value == *key);
        if inner.is_empty() {
            match found {
                Some(index) => self.entries[index] = (name, value),
                None => self.entries.push((name, value)),
            }
            return;
        }
        let index = found.unwrap_or_else(|| {
            let span = value.span.clone();
            self.entries.push((name, At { value: Value::Table(Table::empty(span.clone())), span }));
            self.entries.len() - 1
        });
        // Something else than a table in its place is reported by whoever reads it.
        if let Value::Table(table) = &mut self.entries[index].1.value {
            table.set(inner, value);
        }
    }
}

impl Value {
    /// With its article, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::String(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Boolean(_) => "a boolean",
            Value::Datetime(_) => "a date or time",
            Value::Array(_) => "an array",
            Value::Table(_) => "a table",
        }
    }
}

fn table(source: &Arc<Source>, span: Span, parsed: DeTable<'_>) -> Table {
    let mut entries: Vec<_> = parsed
        .into_iter()
        .map(|(key, value)| {
            let span = Span::new(source, key.span());
            (At { value: key.into_inner().into_owned(), span }, node(source, value))
        })
        .collect();
    entries.sort_by_key(|(key, _)| key.span.range.start);
    Table { span, entries }
}

fn node(source: &Arc<Source>, parsed: Spanned<DeValue<'_>>) -> At<Value> {
    let span = Span::new(source, parsed.span());
    let value = match parsed.into_inner() {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Integer(integer) => Value::Integer(i64::from_str_radix(integer.as_str(), integer.radix()).ok()),
        DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(boolean) => Value::Boolean(boolean),
        DeValue::Datetime(datetime) => Value::Datetime(datetime.to_string()),
        DeValue::Array(items) => Value::Array(items.into_iter().map(|item| node(source, item)).collect()),
        DeValue::Table(inner) => Value::Table(table(source, span.clone(), inner)),
    };
    At { value, span }
}
