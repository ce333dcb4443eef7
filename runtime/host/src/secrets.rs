//! Secrets: values that reach the guest through `env` and nobody else. Where they come from ([`Sources`],
//! [`resolve`], [`DevVars`]), and how they are kept out of what leaves the worker ([`Redactor`]).

mod dev_vars;
mod redact;
mod resolve;

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

pub use dev_vars::{DevVars, DevVarsError};
pub(crate) use redact::URI_COMPONENT;
pub use redact::{REDACTED_BYTES_MIN, Redactor};
pub use resolve::{MissingSecret, Sources, resolve};

/// One secret's value. It has no way to print itself, and its memory is overwritten when the last copy goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Secret(Arc::new(Zeroizing::new(value.into())))
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
