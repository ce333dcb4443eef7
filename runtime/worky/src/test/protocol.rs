//! What the host asks of the isolate that has the tests, and what that answers: `guest/run.js` is the other side.

use serde::{Deserialize, Serialize};

/// Says what a request to the worker with the tests is: a step of the host, or a fetch of somebody under test. It is
/// always set here, so no guest can forge it.
pub(super) const KIND: &str = "worky-test";
pub(super) const STEP: &str = "step";
pub(super) const FETCH: &str = "fetch";
/// What is fetched, as it was asked for.
pub(super) const URL: &str = "worky-test-url";
/// The worker that is meant, where it is a call of a service.
pub(super) const SERVICE: &str = "worky-test-service";
/// Of an answer that is none: its body says why.
pub(super) const REFUSED: &str = "worky-test-refused";

/// One thing to do.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(tag = "step", rename_all = "lowercase")]
pub(super) enum Step {
    /// What tests are there?
    List,
    /// The `beforeAll` hooks of a suite.
    Begin {
        id: u32,
    },
    Test {
        id: u32,
    },
    /// The `afterAll` hooks of a suite.
    End {
        id: u32,
    },
}

/// A suite, the file itself among them, or a test.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Node {
    pub(super) id: u32,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) mode: Mode,
    /// Where it was declared.
    #[serde(default)]
    pub(super) stack: String,
    pub(super) timeout_ms: Option<u64>,
    #[serde(default)]
    pub(super) children: Vec<Node>,
    /// Of a suite's hooks: what those may take together that say it themselves.
    #[serde(default)]
    pub(super) before_ms: u64,
    #[serde(default)]
    pub(super) after_ms: u64,
    /// The same of the hooks around a test.
    #[serde(default)]
    pub(super) hooks_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Suite,
    Test,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mode {
    Run,
    Only,
    Skip,
    Todo,
}

/// What became of a step.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub(super) status: AnswerStatus,
    pub(super) errors: Vec<GuestFailure>,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AnswerStatus {
    Passed,
    Failed,
    Skipped,
    /// The isolate is another one than before: its suites have not begun.
    Stale,
}

/// An error as the guest tells it.
#[derive(Debug, Deserialize)]
pub(super) struct GuestFailure {
    pub(super) name: String,
    pub(super) message: String,
    /// As V8 writes it, source-mapped.
    pub(super) stack: String,
    pub(super) diff: Option<String>,
    pub(super) causes: Vec<GuestFailure>,
}
