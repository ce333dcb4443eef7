//! The interface of `env`.

use serde_json::Value;

use super::names::literal;

/// What a worker finds in `env`, in the order of its configuration.
#[derive(Debug, Clone, Default)]
pub struct Env {
    pub entries: Vec<(String, Binding)>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Binding {
    Var(Value),
    Secret,
    KvNamespace,
    Service,
    Files,
}

pub(super) fn declare(env: &Env) -> String {
    let mut text = String::from("/** What the worker is granted, as its handlers get it. */\ninterface Env {\n");
    for (name, binding) in &env.entries {
        text += &format!("  {}: {};\n", property(name), type_of(binding));
    }
    text + "}\n"
}

fn type_of(binding: &Binding) -> String {
    match binding {
        Binding::Var(value) => json(value),
        Binding::Secret => "string".to_owned(),
        Binding::KvNamespace => "Worky.KVNamespace".to_owned(),
        Binding::Service => "Worky.Fetcher".to_owned(),
        Binding::Files => "Worky.FileSystemDirectoryHandle".to_owned(),
    }
}

/// A value as the type that has this value alone.
fn json(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{}: {}", property(name), json(value)));
            let fields = fields.collect::<Vec<_>>();
            if fields.is_empty() { "Record<string, never>".to_owned() } else { format!("{{ {} }}", fields.join("; ")) }
        }
    }
}

fn property(name: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let plain = name.chars().all(word) && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty();
    if plain { name.to_owned() } else { literal(name) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn vars_are_their_own_types() {
        let of = |value: Value| type_of(&Binding::Var(value));
        assert_eq!(of(json!("a \"b\"")), "\"a \\\"b\\\"\"");
        assert_eq!(of(json!([1, -2.5, true, null])), "[1, -2.5, true, null]");
        assert_eq!(of(json!({ "a-b": { "c": [] }, "d": {} })), "{ \"a-b\": { c: [] }; d: Record<string, never> }");
    }

    #[test]
    fn names_that_are_no_words_are_quoted() {
        let entries = [("A_1", Binding::Secret), ("1A", Binding::Secret), ("a b", Binding::KvNamespace)];
        let env = Env { entries: entries.map(|(name, binding)| (name.to_owned(), binding)).to_vec() };
        let text = declare(&env);
        assert!(text.contains("  A_1: string;\n  \"1A\": string;\n  \"a b\": Worky.KVNamespace;\n}"), "{text}");
    }
}
