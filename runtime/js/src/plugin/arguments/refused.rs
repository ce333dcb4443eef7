//! Why a value of JavaScript is not one of a component, in words.

use deno_core::v8;

/// Characters of a text that an error repeats.
const SHOWN_CHARS_MAX: usize = 32;

/// Why there is no value.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The guest's own code threw; the exception is pending in V8.
    Thrown,
    /// A `TypeError`: the path from the argument to the value, `.rows[3].name`, and what is wrong with it.
    Type { path: String, problem: String },
    /// There is no memory for it.
    Memory { limit_bytes: usize },
    /// The worker was stopped.
    Stopped,
}

impl Refused {
    pub(super) fn expected(scope: &mut v8::PinScope, what: &str, value: v8::Local<v8::Value>) -> Self {
        Refused::Type { path: String::new(), problem: format!("expected {what}, got {}", kind_of(scope, value)) }
    }

    /// The same, seen from the value that this one is in.
    pub(crate) fn within(self, part: impl FnOnce() -> String) -> Self {
        match self {
            Refused::Type { path, problem } => Refused::Type { path: part() + &path, problem },
            other => other,
        }
    }
}

pub(super) fn one_of<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("{name:?}")).collect();
    format!("one of {}", names.join(", "))
}

pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a value is, in one word. Nothing of the guest runs.
fn kind_of(scope: &mut v8::PinScope, value: v8::Local<v8::Value>) -> String {
    if value.is_null() {
        "null".to_owned()
    } else if value.is_array() {
        "array".to_owned()
    } else if value.is_array_buffer_view() || value.is_array_buffer() {
        let Ok(object) = value.try_cast::<v8::Object>() else { return "buffer".to_owned() };
        object.get_constructor_name().to_rust_string_lossy(scope)
    } else {
        value.type_of(scope).to_rust_string_lossy(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shown("short"), "short");
        assert_eq!(shown(&"é".repeat(40)), format!("{}…", "é".repeat(32)));
    }
}
