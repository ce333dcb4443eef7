//! What a guest says: structured records with the worker, the request and the level, cut at a limit and with every
//! secret's value taken out.

mod unrequested;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;

use crate::invocation::LogBudget;
use crate::metrics::Metrics;
use crate::secrets::Redactor;
use crate::{InvocationContext, RequestId};
use unrequested::Unrequested;

/// The target of the records that [`TracingSink`] emits.
pub const TARGET: &str = "worker";

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
pub struct Log {
    shared: Arc<Shared>,
    plugin: Option<Arc<str>>,
}

/// The bounds of one worker's log. The defaults are those of `worky_engine::Limits`. Those of a request are its
/// [`crate::InvocationLimits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLimits {
    /// A message is cut here.
    pub line_bytes: usize,
    /// Lines a second that belong to no request.
    pub unrequested_lines: u32,
    /// Bytes a second of those lines.
    pub unrequested_bytes: u64,
}

struct Shared {
    worker: Arc<str>,
    limits: LogLimits,
    unrequested: Mutex<Unrequested>,
    redactor: Redactor,
    metrics: Metrics,
    sink: Arc<dyn Sink>,
}

/// One record, as it leaves the worker.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub worker: &'a str,
    /// The plugin of the worker that said it, if it was one.
    pub plugin: Option<&'a str>,
    pub level: Level,
    /// Absent for what a module logs outside of any request.
    pub context: Option<&'a InvocationContext>,
    pub message: &'a str,
}

/// Takes the records of workers, on the threads of the workers.
pub trait Sink: Send + Sync + 'static {
    /// Whether anybody wants records of this level. What nobody wants is neither prepared nor counted.
    fn wants(&self, level: Level) -> bool;

    fn write(&self, record: Record<'_>);
}

/// One `tracing` event for each record: target `worker`, fields `worker`, `plugin`, `request_id`, `trace_id`, `message`.
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingSink;

/// Keeps the records, for tests.
#[derive(Debug, Default)]
pub struct MemorySink(Mutex<Vec<MemoryRecord>>);

/// A record that a [`MemorySink`] kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryRecord {
    pub worker: String,
    pub plugin: Option<String>,
    pub level: Level,
    pub request_id: Option<RequestId>,
    pub message: String,
}

impl Log {
    /// A log that becomes `tracing` events.
    pub fn new(worker: Arc<str>, limits: LogLimits, redactor: Redactor, metrics: Metrics) -> Self {
        Self::to_sink(worker, limits, redactor, metrics, Arc::new(TracingSink))
    }

    pub fn to_sink(
        worker: Arc<str>,
        limits: LogLimits,
        redactor: Redactor,
        metrics: Metrics,
        sink: Arc<dyn Sink>,
    ) -> Self {
        let unrequested = Mutex::new(Unrequested::new(Instant::now()));
        Log { shared: Arc::new(Shared { worker, limits, unrequested, redactor, metrics, sink }), plugin: None }
    }

    /// The same log, for what a plugin of the worker says.
    pub fn of_plugin(&self, name: Arc<str>) -> Self {
        Log { shared: self.shared.clone(), plugin: Some(name) }
    }

    /// One record. `context` is absent for what a module logs outside of any request. It counts against the lines and
    /// bytes of its request, or else of this second, and the first line too many says so once.
    pub fn write(&self, context: Option<&InvocationContext>, level: Level, message: &str) {
        let Shared { worker, redactor, metrics, sink, .. } = &*self.shared;
        let plugin = self.plugin.as_deref();
        if !sink.wants(level) {
            return;
        }
        let bytes = message.len().min(self.shared.limits.line_bytes);
        let budget = match context {
            Some(context) => context.take_log_line(bytes),
            None => self.shared.unrequested.lock().take(Instant::now(), bytes, &self.shared.limits),
        };
        match budget {
            LogBudget::Ok => {}
            LogBudget::JustExceeded(limit) => {
                metrics.limit_exceeded(worker, limit.name());
                metrics.log_line_dropped(worker);
                sink.write(Record { worker, plugin, level: Level::Warn, context, message: &limit.to_string() });
                return;
            }
            LogBudget::Exceeded => {
                metrics.log_line_dropped(worker);
                return;
            }
        }
        let head = redactor.redact_head(message, self.shared.limits.line_bytes);
        let message = self.cut(head.text, message.len() - head.source_bytes);
        sink.write(Record { worker, plugin, level, context, message: &message });
    }

    pub fn limits(&self) -> LogLimits {
        self.shared.limits
    }

    /// The same text without any secret's value: for errors of the guest on their way out.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.shared.redactor.redact(text)
    }

    /// Holds to the limit although names of secrets may be longer than their values, and says how much is missing:
    /// what was cut before, and what is cut here.
    fn cut<'a>(&self, text: Cow<'a, str>, bytes_cut: usize) -> Cow<'a, str> {
        let end = text.floor_char_boundary(self.shared.limits.line_bytes);
        let bytes_cut = bytes_cut + text.len() - end;
        if bytes_cut == 0 {
            return text;
        }
        Cow::Owned(format!("{}… [{bytes_cut} bytes cut, limits.log_line_bytes]", &text[..end]))
    }
}

impl Sink for TracingSink {
    fn wants(&self, level: Level) -> bool {
        match level {
            Level::Debug => tracing::enabled!(target: TARGET, tracing::Level::DEBUG),
            Level::Info => tracing::enabled!(target: TARGET, tracing::Level::INFO),
            Level::Warn => tracing::enabled!(target: TARGET, tracing::Level::WARN),
            Level::Error => tracing::enabled!(target: TARGET, tracing::Level::ERROR),
        }
    }

    fn write(&self, record: Record<'_>) {
        let Record { worker, plugin, level, context, message } = record;
        let request_id = context.map(|context| context.request_id().as_str());
        let trace_id = context.map(|context| context.trace().trace_id_hex());
        // A level is part of a macro's call site, so each has its own.
        macro_rules! emit {
            ($level:ident) => {
                tracing::event!(
                    target: TARGET,
                    tracing::Level::$level,
                    worker,
                    plugin,
                    request_id,
                    trace_id = trace_id.as_deref(),
                    "{message}"
                )
            };
        }
        match level {
            Level::Debug => emit!(DEBUG),
            Level::Info => emit!(INFO),
            Level::Warn => emit!(WARN),
            Level::Error => emit!(ERROR),
        }
    }
}

impl MemorySink {
    /// What was written since the last time.
    pub fn take(&self) -> Vec<MemoryRecord> {
        std::mem::take(&mut *self.0.lock())
    }
}

impl Sink for MemorySink {
    fn wants(&self, _level: Level) -> bool {
        true
    }

    fn write(&self, record: Record<'_>) {
        self.0.lock().push(MemoryRecord {
            worker: record.worker.to_owned(),
            plugin: record.plugin.map(str::to_owned),
            level: record.level,
            request_id: record.context.map(|context| context.request_id().clone()),
            message: record.message.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secret;
    use crate::{InvocationLimits, TraceContext};

    fn limits(line_bytes: usize) -> LogLimits {
        LogLimits { line_bytes, unrequested_lines: u32::MAX, unrequested_bytes: u64::MAX }
    }

    fn log(line_bytes_max: usize) -> (Log, Arc<MemorySink>, Metrics) {
        let (sink, metrics) = (Arc::new(MemorySink::default()), Metrics::default());
        let redactor = Redactor::new(vec![("API_KEY".to_owned(), Secret::new("hunter22"))]);
        (Log::to_sink("w".into(), limits(line_bytes_max), redactor, metrics.clone(), sink.clone()), sink, metrics)
    }

    fn context(log_lines: u32) -> InvocationContext {
        let id = RequestId::parse("r1").expect("it is valid");
        InvocationContext::new(id, TraceContext::root(), InvocationLimits { log_lines, ..InvocationLimits::UNBOUNDED })
    }

    fn messages(sink: &MemorySink) -> Vec<String> {
        sink.take().into_iter().map(|record| record.message).collect()
    }

    #[test]
    fn a_record_knows_its_request() {
        let (log, sink, _) = log(100);
        log.write(Some(&context(9)), Level::Warn, "careful");
        log.write(None, Level::Debug, "starting");
        let record = |level, request_id: Option<&str>, message: &str| MemoryRecord {
            worker: "w".to_owned(),
            plugin: None,
            level,
            request_id: request_id.map(|id| RequestId::parse(id).expect("it is valid")),
            message: message.to_owned(),
        };
        assert_eq!(sink.take(), [record(Level::Warn, Some("r1"), "careful"), record(Level::Debug, None, "starting")]);
    }

    #[test]
    fn a_plugin_says_it_is_one() {
        let (log, sink, _) = log(100);
        log.of_plugin("markdown".into()).write(Some(&context(9)), Level::Info, "parsed");
        log.write(None, Level::Info, "done");
        let plugins: Vec<Option<String>> = sink.take().into_iter().map(|record| record.plugin).collect();
        assert_eq!(plugins, [Some("markdown".to_owned()), None]);
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let (log, sink, _) = log(5);
        for message in ["12345", "123456", "1234é", "123éé"] {
            log.write(None, Level::Info, message);
        }
        assert_eq!(
            messages(&sink),
            [
                "12345",
                "12345… [1 bytes cut, limits.log_line_bytes]",
                "1234… [2 bytes cut, limits.log_line_bytes]",
                "123é… [2 bytes cut, limits.log_line_bytes]",
            ]
        );
    }

    #[test]
    fn no_secret_shows_not_even_cut() {
        for line_bytes_max in 0..40 {
            let (log, sink, _) = log(line_bytes_max);
            log.write(None, Level::Info, "a hunter22 b hunter22 c");
            let message = messages(&sink).remove(0);
            assert!(!message.contains("hu") && !message.contains("r2"), "{line_bytes_max}: {message}");
        }
        let (log, ..) = log(1);
        assert_eq!(log.redact("key=hunter22"), "key=[secret API_KEY]");
    }

    #[test]
    fn lines_beyond_the_budget_are_counted_and_said_once() {
        let (log, sink, metrics) = log(100);
        let context = context(2);
        for n in 0..5 {
            log.write(Some(&context), Level::Info, &n.to_string());
        }
        assert_eq!(
            messages(&sink),
            ["0", "1", "this request has logged 2 lines, and no more are kept (limits.log_lines)"]
        );
        let text = metrics.encode();
        assert!(text.contains(r#"worky_limit_exceeded_total{worker="w",limit="log_lines"} 1"#), "{text}");
        assert!(text.contains(r#"worky_log_lines_dropped_total{worker="w"} 3"#), "{text}");
    }

    /// Takes what a subscriber writes.
    #[derive(Clone, Default)]
    struct Output(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Output {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn records_become_events_with_their_fields() {
        let output = Output::default();
        let writer = output.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_max_level(tracing::Level::INFO)
            .with_writer(move || writer.clone())
            .finish();
        let context = context(1);
        tracing::subscriber::with_default(subscriber, || {
            let log = Log::new("w".into(), limits(100), Redactor::default(), Metrics::default());
            // Nobody wants it, so it takes nothing of the budget.
            log.write(Some(&context), Level::Debug, "too fine");
            log.write(Some(&context), Level::Error, "{broken}\n\"quoted\"");
            log.write(None, Level::Info, "starting");
        });
        let text = String::from_utf8(output.0.lock().clone()).expect("it is UTF-8");
        let events: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
        assert_eq!(events.len(), 2, "{text}");
        for (field, value) in [
            ("level", "ERROR"),
            ("target", "worker"),
            ("worker", "w"),
            ("request_id", "r1"),
            ("trace_id", &context.trace().trace_id_hex()),
            ("message", "{broken}\n\"quoted\""),
        ] {
            assert_eq!(events[0][field], value, "{text}");
        }
        assert_eq!((&events[1]["message"], events[1].get("request_id")), (&"starting".into(), None));
    }
}
