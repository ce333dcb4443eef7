//! What the program printed, and whether a request explains it.

use std::collections::BTreeMap;

use super::kinds::may_be_logged;
use crate::Record;

/// What every start prints.
const EXPECTED: [&str; 2] = ["listening on http://", "admin listening on http://"];
/// What is said of workers that exist to hit limits, when no single request is to blame.
const OF_WORKERS: [(&str, &str); 4] = [
    ("bombs", "stopped after"),
    ("bombs", "waitUntil was stopped"),
    ("hogs", "stopped at"),
    ("hogs", "90 % of this instance"),
];
/// How much of a line is shown.
const SHOWN: usize = 600;

/// Lines by what they say, each with how often.
#[derive(Debug, Default)]
pub(crate) struct LogCounts {
    /// Warnings and errors that the kind of their request may cause.
    pub(crate) explained: BTreeMap<String, u64>,
    /// The first line of each, and how many there were.
    pub(crate) unexplained: BTreeMap<String, (u64, String)>,
}

impl LogCounts {
    pub(crate) fn add(&mut self, lines: &[String]) {
        for line in lines {
            match record(line) {
                Some(record) => self.add_record(&record, line),
                None if EXPECTED.iter().any(|expected| line.starts_with(expected)) => {}
                None => self.count_unexplained("no record".to_owned(), line),
            }
        }
    }

    fn add_record(&mut self, record: &Record, line: &str) {
        if !["warn", "error"].contains(&record.level().as_str()) {
            return;
        }
        let kind = record.request_id().split('.').next().unwrap_or_default();
        let code = record.text("code");
        let says = if code.is_empty() { record.message() } else { code };
        let title = format!("{} {kind}: {} {code}", record.level(), record.message());
        let by_kind = may_be_logged(kind).iter().any(|known| says.starts_with(known));
        let by_worker = || OF_WORKERS.iter().any(|(name, known)| record.worker() == *name && says.starts_with(known));
        if by_kind || record.request_id().is_empty() && by_worker() {
            *self.explained.entry(title).or_default() += 1;
        } else {
            self.count_unexplained(title, line);
        }
    }

    fn count_unexplained(&mut self, title: String, line: &str) {
        let cut = line.char_indices().nth(SHOWN).map_or(line, |(end, _)| &line[..end]);
        self.unexplained.entry(title).or_insert_with(|| (0, cut.to_owned())).0 += 1;
    }
}

fn record(line: &str) -> Option<Record> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    value.is_object().then_some(Record(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_request_explains_is_told() {
        let mut counts = LogCounts::default();
        counts.add(
            &[
                "listening on http://127.0.0.1:1",
                r#"{"level":"WARN","message":"worker failed","code":"worker_exception","request_id":"throws.1.2"}"#,
                r#"{"level":"WARN","message":"worker failed","code":"worker_exception","request_id":"hello.1.3"}"#,
                r#"{"level":"ERROR","message":"request failed","code":"internal_error","request_id":"throws.1.4"}"#,
                r#"{"level":"WARN","message":"cannot checkpoint"}"#,
                r#"{"level":"INFO","message":"whatever"}"#,
                "thread 'main' panicked at src/main.rs",
            ]
            .map(str::to_owned),
        );
        assert_eq!(counts.explained.values().sum::<u64>(), 1, "{counts:?}");
        assert_eq!(counts.unexplained.values().map(|(count, _)| count).sum::<u64>(), 4, "{counts:?}");
    }
}
