//! What a guest says: structured records with the worker, the request and the level, cut at a limit and with every
//! secret's value taken out.

use std::sync::Arc;

use crate::InvocationContext;
use crate::secrets::Redactor;

/// The level of one record, named as `console`'s methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

/// Where the records of one worker go.
#[derive(Clone)]
pub struct Log(Arc<Shared>);

struct Shared {
    worker: Arc<str>,
    line_bytes_max: usize,
    redactor: Redactor,
}

impl Log {
    pub fn new(worker: Arc<str>, line_bytes_max: usize, redactor: Redactor) -> Self {
        Log(Arc::new(Shared { worker, line_bytes_max, redactor }))
    }

    /// One record. `context` is absent for what a module logs outside of any request.
    pub fn write(&self, _context: Option<&InvocationContext>, _level: Level, _message: &str) {
        unimplemented!()
    }

    /// The same text without any secret's value: for errors of the guest on their way out.
    pub fn redact<'a>(&self, text: &'a str) -> std::borrow::Cow<'a, str> {
        self.0.redactor.redact(text)
    }
}
