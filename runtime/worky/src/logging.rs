//! Log lines on standard error, JSON for machines or one aligned line for people; or events on standard output.

mod events;
mod pretty;
mod tap;
mod writer;

use std::fmt::Write as _;

use serde_json::Value as Json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Registry};
use worky_host::metrics::Metrics;

use crate::command::Voice;
use crate::config::{LogConfig, LogFormat};
use crate::terminal::Color;
use events::event_line;
use pretty::pretty_line;
pub(crate) use tap::{Line, Tap};
use writer::{Dropped, LineQueue};

pub(crate) use events::report_lines;
pub(crate) use pretty::plain;

/// What the server says of each request.
const ACCESS: &str = "access";
/// What `worky dev` says of a request that failed.
pub(crate) const FAILURE: &str = "failure";
/// … and of workers that are served anew.
pub(crate) const RELOAD: &str = "reload";
/// … and of itself, to programs.
pub(crate) const READY: &str = "ready";

/// What workers say, who asked them, and every crate of worky.
const OWN_TARGETS: [&str; 12] = [
    "worker",
    "access",
    "worky",
    "worky_bundle",
    "worky_dispatch",
    "worky_engine",
    "worky_explorer",
    "worky_host",
    "worky_js",
    "worky_server",
    "worky_storage",
    "worky_wasm",
];

/// Lines are written by a thread of their own; when this is dropped it waits for those that are not written yet.
#[must_use = "what is logged after it is dropped may be lost"]
pub(crate) struct Logging(LineQueue);

impl Drop for Logging {
    fn drop(&mut self) {
        self.0.flush();
    }
}

/// Takes a worker's name, or none for worky itself, and a line of it.
type WriteLine = Box<dyn Fn(Option<&str>, &str) + Send + Sync>;

/// Installs logging for the whole process.
pub(crate) fn init(config: &LogConfig, color: Color, voice: Voice, metrics: Metrics) -> std::io::Result<Logging> {
    let (queue, lines) = prepare(config, color, voice, metrics)?;
    tracing_subscriber::registry().with(EnvFilter::new(directives(&config.level))).with(lines).init();
    Ok(Logging(queue))
}

/// [`init`], with somebody else who is told of everything, whatever level is asked for.
pub(crate) fn init_with(
    config: &LogConfig,
    color: Color,
    voice: Voice,
    metrics: Metrics,
    also: Box<dyn Layer<Registry> + Send + Sync>,
) -> std::io::Result<Logging> {
    let (queue, lines) = prepare(config, color, voice, metrics)?;
    let lines = lines.with_filter(EnvFilter::new(directives(&config.level)));
    tracing_subscriber::registry().with(also).with(lines).init();
    Ok(Logging(queue))
}

fn prepare(
    config: &LogConfig,
    color: Color,
    voice: Voice,
    metrics: Metrics,
) -> std::io::Result<(LineQueue, Lines<WriteLine>)> {
    let format = format(config.format, voice);
    let tell = move |dropped: Dropped<'_>| dropped_line(format, color, &now(), &dropped);
    let queue = match voice {
        Voice::Lines => LineQueue::start(config.queue_bytes, metrics, std::io::stderr(), tell)?,
        Voice::Events => LineQueue::start(config.queue_bytes, metrics, std::io::stdout(), tell)?,
    };
    let to = queue.clone();
    let write: WriteLine = Box::new(move |worker, line| to.push(worker, line));
    let lines = Lines { format, color, write };
    Ok((queue, lines))
}

/// What a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Pretty,
    Events,
}

fn format(configured: LogFormat, voice: Voice) -> Format {
    match (voice, configured) {
        (Voice::Events, _) => Format::Events,
        (Voice::Lines, LogFormat::Json) => Format::Json,
        (Voice::Lines, LogFormat::Pretty) => Format::Pretty,
    }
}

/// What stands in the place of lines that were dropped.
fn dropped_line(format: Format, color: Color, ts: &str, dropped: &Dropped<'_>) -> String {
    let message = "log lines were dropped, because they came faster than standard error is read (log.queue_bytes)";
    let mut fields = Fields::default();
    if let Some(worker) = dropped.worker {
        fields.set("worker", Json::from(worker));
    }
    fields.set("message", Json::from(message));
    fields.set("dropped", Json::from(dropped.lines));
    line(format, color, ts, &Level::WARN, "worky::logging", fields)
}

/// A bare level is for what worky and its workers say; below `info`, libraries say what only their authors read.
fn directives(level: &str) -> String {
    match level.trim() {
        quiet @ ("debug" | "trace") => {
            OWN_TARGETS.iter().fold("info".to_owned(), |all, target| format!("{all},{target}={quiet}"))
        }
        other => other.to_owned(),
    }
}

/// Writes each event as one line, with the fields of the spans it stands in.
struct Lines<W> {
    format: Format,
    color: Color,
    /// Takes a worker's name, or none for worky itself, and a line of it.
    write: W,
}

/// The fields of a span, kept with it.
struct SpanFields(Fields);

/// In the order they were recorded in.
#[derive(Debug, Default, Clone)]
pub(crate) struct Fields(Vec<(&'static str, Json)>);

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(Option<&str>, &str) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(SpanFields(fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(SpanFields(fields)) = span.extensions_mut().get_mut()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flatten().collect::<Vec<_>>().into_iter().rev() {
            if let Some(SpanFields(outer)) = span.extensions().get() {
                outer.0.iter().for_each(|(name, value)| fields.set(name, value.clone()));
            }
        }
        event.record(&mut fields);
        let (level, target) = (event.metadata().level(), event.metadata().target());
        let worker = fields.text("worker").map(str::to_owned);
        let line = line(self.format, self.color, &now(), level, target, fields);
        (self.write)(worker.as_deref(), &line);
    }
}

fn line(format: Format, color: Color, ts: &str, level: &Level, target: &str, fields: Fields) -> String {
    match format {
        Format::Json => json_line(ts, level, target, fields),
        Format::Pretty => pretty_line(ts, level, target, fields, color),
        Format::Events => event_line(ts, level, target, fields),
    }
}

impl Fields {
    /// A later value takes the place of an earlier one: that of an event, the place of its span's.
    fn set(&mut self, name: &'static str, value: Json) {
        match self.0.iter_mut().find(|(existing, _)| *existing == name) {
            Some((_, existing)) => *existing = value,
            None => self.0.push((name, value)),
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(existing, _)| *existing == name)?.1.as_str()
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Json> {
        let index = self.0.iter().position(|(existing, _)| *existing == name)?;
        Some(self.0.remove(index).1)
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.set(field.name(), Json::String(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field.name(), Json::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field.name(), Json::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field.name(), Json::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field.name(), Json::from(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field.name(), Json::from(value));
    }
}

/// RFC 3339, UTC.
fn now() -> String {
    let mut text = String::new();
    // Formatting the time of day into a String does not fail; an empty time is better than no line.
    let _infallible = SystemTime.format_time(&mut Writer::new(&mut text));
    text
}

fn json_line(ts: &str, level: &Level, target: &str, mut fields: Fields) -> String {
    let mut line = String::with_capacity(256);
    let mut put = |key: &str, value: &Json| {
        let separator = if line.is_empty() { '{' } else { ',' };
        write!(line, "{separator}{}:{value}", Json::from(key)).expect("writing to a String does not fail");
    };
    put("ts", &Json::from(ts));
    put("level", &Json::from(level.as_str().to_ascii_lowercase()));
    put("target", &Json::from(target));
    // The ones that a line is looked up by stand first, in the same order in every line.
    for key in ["worker", "request_id", "trace_id", "message"] {
        if let Some(value) = fields.take(key) {
            put(key, &value);
        }
    }
    for (key, value) in &fields.0 {
        // A field cannot take the place of one that every line has.
        let clash = matches!(*key, "ts" | "level" | "target");
        if clash { put(&format!("field_{key}"), value) } else { put(key, value) }
    }
    line.push_str("}\n");
    line
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    const TS: &str = "2026-01-31T12:34:56.789012Z";

    fn fields(all: &[(&'static str, Json)]) -> Fields {
        Fields(all.to_vec())
    }

    fn about_hello() -> Fields {
        let text = |text: &str| Json::from(text);
        fields(&[
            ("message", text("hi")),
            ("worker", text("hello")),
            ("request_id", text("r")),
            ("trace_id", text("t")),
            ("n", Json::from(1)),
        ])
    }

    /// What is written for the events of `run`.
    fn written(format: Format, run: impl FnOnce()) -> String {
        let sink = Arc::new(Mutex::new(String::new()));
        let copy = sink.clone();
        let write = move |_worker: Option<&str>, line: &str| copy.lock().expect("no panic").push_str(line);
        let lines = Lines { format, color: Color::Never, write };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), run);
        sink.lock().expect("no panic").clone()
    }

    #[test]
    fn a_json_line_is_one_object_with_its_keys_in_order() {
        let mut all = about_hello();
        all.set("message", Json::from("two\nlines \u{1b}[31m"));
        all.set("level", Json::from("x"));
        assert_eq!(
            json_line(TS, &Level::WARN, "worky::x", all),
            concat!(
                r#"{"ts":"2026-01-31T12:34:56.789012Z","level":"warn","target":"worky::x","worker":"hello","#,
                r#""request_id":"r","trace_id":"t","message":"two\nlines \u001b[31m","n":1,"field_level":"x"}"#,
                "\n"
            ),
        );
    }

    #[test]
    fn debug_shows_every_crate_of_worky_and_no_other() {
        let runtime = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder of the workspace");
        let directives = directives("debug");
        for entry in std::fs::read_dir(runtime).expect("it can be read") {
            let path = entry.expect("it can be read").path();
            if path.join("Cargo.toml").is_file() {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                let target = if name == "worky" { name } else { format!("worky_{name}") };
                assert!(directives.split(',').any(|each| each == format!("{target}=debug")), "{target}");
            }
        }
        assert!(directives.starts_with("info,"));
    }

    #[test]
    fn a_line_has_the_fields_of_its_spans() {
        let line = written(Format::Json, || {
            let span = tracing::info_span!("request", worker = "hello", status = tracing::field::Empty);
            span.record("status", 200);
            let _entered = span.enter();
            tracing::info!(target: "test", took_ms = 5, "done");
        });
        let parsed: Json = serde_json::from_str(&line).expect("JSON");
        assert_eq!(parsed["worker"], "hello");
        assert_eq!(parsed["status"], 200);
        assert_eq!(parsed["took_ms"], 5);
        assert_eq!(parsed["message"], "done");
        assert!(parsed["ts"].as_str().expect("text").ends_with('Z'));
    }

    #[test]
    fn dropped_lines_are_told_with_their_number() {
        let line = dropped_line(Format::Json, Color::Never, TS, &Dropped { worker: Some("hello"), lines: 7 });
        let parsed: Json = serde_json::from_str(&line).expect("JSON");
        assert_eq!(
            (&parsed["level"], &parsed["worker"], &parsed["dropped"]),
            (&"warn".into(), &"hello".into(), &7.into())
        );
        assert!(parsed["message"].as_str().expect("text").contains("log.queue_bytes"));
    }
}
