//! Who works on the workers that are served: what the server asks of them and tells them.

use std::path::PathBuf;
use std::sync::Arc;

use worky_engine::GuestError;

/// Sees what production hides. Its methods are called by requests that failed.
pub trait Developer: Send + Sync {
    /// A file of a worker as its author has it now, by its path from the worker's directory.
    fn source(&self, worker: &str, file: &str) -> Option<SourceFile>;

    /// A request has no answer of its worker's.
    fn failed(&self, failure: &Failure<'_>);
}

/// What is different while workers are worked on.
pub struct Development {
    pub developer: Arc<dyn Developer>,
    pub pages: Pages,
}

/// What becomes of a worker's pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    AsTheyAre,
    /// A script in them looks again when workers are served anew.
    Reloading,
}

/// Why what was changed last cannot be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Some lines of text.
    pub report: String,
    /// The places that it names.
    pub places: Vec<TroublePlace>,
}

/// A place in a file, for an editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TroublePlace {
    /// As the report has it: `src/index.ts:1:7`.
    pub shown: String,
    /// Absolute.
    pub path: PathBuf,
    pub line: usize,
    pub column: usize,
}

/// A file that an error comes from.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Absolute.
    pub path: PathBuf,
    pub text: String,
}

/// Why a request has no answer of its worker's.
#[derive(Debug)]
pub struct Failure<'a> {
    pub worker: Option<&'a str>,
    pub request_id: &'a str,
    /// Stable; as in the answer.
    pub code: &'static str,
    pub message: String,
    pub hint: Option<String>,
    /// The guest's own error, where that is the reason.
    pub guest: Option<&'a GuestError>,
}
