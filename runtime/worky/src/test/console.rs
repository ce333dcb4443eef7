//! What the workers of one test file say, by the test that they said it for.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use worky_host::RequestId;
use worky_host::log::{Level, Record, Sink};

/// Lines that are kept for one test, or for none: limits of the log hold before this.
const LINES_MAX: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The worker under test, one that it calls, or none where it was the test itself.
    pub(super) worker: Option<String>,
    pub(super) level: Level,
    pub(super) message: String,
}

#[derive(Default)]
pub(super) struct Console {
    /// Of no request where it is the top level of a module.
    lines: Mutex<HashMap<Option<RequestId>, Vec<Line>>>,
    /// The worker that has the tests.
    own: &'static str,
}

impl Console {
    pub(super) fn new(own: &'static str) -> Self {
        Console { own, ..Console::default() }
    }

    /// What was said on behalf of a request, or else of none.
    pub(super) fn take(&self, request: Option<&RequestId>) -> Vec<Line> {
        self.lines.lock().remove(&request.cloned()).unwrap_or_default()
    }
}

impl Sink for Console {
    fn wants(&self, _level: Level) -> bool {
        true
    }

    fn write(&self, record: Record<'_>) {
        let request = record.context.map(|context| context.request_id().clone());
        let mut lines = self.lines.lock();
        let lines = lines.entry(request).or_default();
        if lines.len() < LINES_MAX {
            let worker = Some(record.plugin.unwrap_or(record.worker)).filter(|worker| *worker != self.own);
            lines.push(Line {
                worker: worker.map(str::to_owned),
                level: record.level,
                message: record.message.to_owned(),
            });
        }
    }
}

/// The stacks of errors that workers threw at other workers, by request: they stand in the log and are told to nobody.
#[derive(Default)]
pub(super) struct Stacks(Mutex<HashMap<String, Vec<Line>>>);

impl Stacks {
    pub(super) fn take(&self, request: &RequestId) -> Vec<Line> {
        self.0.lock().remove(request.as_str()).unwrap_or_default()
    }
}

/// Has [`Stacks`] read the log.
pub(super) struct ReadStacks(pub(super) Arc<Stacks>);

impl<S: Subscriber> Layer<S> for ReadStacks {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Thrown::default();
        event.record(&mut fields);
        if let Thrown { worker: Some(worker), request_id: Some(request), stack: Some(stack) } = fields {
            let line = Line { worker: Some(worker), level: Level::Error, message: stack };
            self.0.0.lock().entry(request).or_default().push(line);
        }
    }
}

#[derive(Default)]
struct Thrown {
    worker: Option<String>,
    request_id: Option<String>,
    stack: Option<String>,
}

impl Visit for Thrown {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "worker" => self.worker = Some(value.to_owned()),
            "request_id" => self.request_id = Some(value.to_owned()),
            "stack" => self.stack = Some(value.to_owned()),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// As `console`'s methods are called.
pub(super) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}
