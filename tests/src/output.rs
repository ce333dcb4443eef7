//! What the program prints: lines as they come, and the JSON records among them.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::watch;

use crate::within;

/// Everything printed so far on both streams. Cloning shares it.
#[derive(Clone)]
pub struct Output(Arc<Shared>);

struct Shared {
    lines: Mutex<Vec<String>>,
    /// How many lines there are, so that a test waits for a line and not for a time.
    count: watch::Sender<usize>,
    /// How many pipes are still open.
    open: watch::Sender<usize>,
}

/// One JSON line of the log.
#[derive(Debug, Clone)]
pub struct Record(pub Value);

impl Record {
    pub fn level(&self) -> String {
        self.text("level").to_lowercase()
    }

    pub fn message(&self) -> &str {
        self.text("message")
    }

    pub fn worker(&self) -> &str {
        self.text("worker")
    }

    pub fn request_id(&self) -> &str {
        self.text("request_id")
    }

    /// A field by name, the empty string where it is absent or no string.
    pub fn text(&self, field: &str) -> &str {
        self.field(field).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn field(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }
}

impl Default for Output {
    fn default() -> Self {
        Output(Arc::new(Shared { lines: Mutex::default(), count: watch::Sender::new(0), open: watch::Sender::new(0) }))
    }
}

impl Output {
    /// Copies a pipe's lines, on a thread that ends with the pipe.
    pub(crate) fn copy_from(&self, pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<()> {
        let output = self.clone();
        self.0.open.send_modify(|open| *open += 1);
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                output.push(String::from_utf8_lossy(&line).into_owned());
            }
            output.0.open.send_modify(|open| *open -= 1);
        })
    }

    pub(crate) fn push(&self, line: String) {
        let mut lines = self.0.lines.lock().expect("no holder panics");
        lines.push(line);
        self.0.count.send_replace(lines.len());
    }

    pub fn lines(&self) -> Vec<String> {
        self.0.lines.lock().expect("no holder panics").clone()
    }

    pub fn text(&self) -> String {
        self.lines().join("\n")
    }

    pub fn records(&self) -> Vec<Record> {
        self.lines().iter().filter_map(|line| record(line)).collect()
    }

    /// Waits until nothing more can be printed: the program has ended.
    pub async fn closed(&self) {
        let mut open = self.0.open.subscribe();
        within("the end of what is printed", open.wait_for(|open| *open == 0))
            .await
            .expect("the sender lives as long as self");
    }

    /// Whether any line holds `part` now.
    pub fn has(&self, part: &str) -> bool {
        self.lines().iter().any(|line| line.contains(part))
    }

    /// Waits for a line that holds `part`.
    pub async fn line(&self, part: &str) -> String {
        self.wait(part, |line| line.contains(part).then(|| line.to_owned())).await
    }

    /// Waits for a record whose message is `message`.
    pub async fn record(&self, message: &str) -> Record {
        self.find_record(message, |record| record.message() == message).await
    }

    /// Waits for a record that `wanted` accepts; `what` names it in a failure.
    pub async fn find_record(&self, what: &str, wanted: impl Fn(&Record) -> bool) -> Record {
        self.wait(what, |line| record(line).filter(|record| wanted(record))).await
    }

    async fn wait<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let mut count = self.0.count.subscribe();
        let search = async {
            let mut seen = 0;
            loop {
                let total = *count.borrow_and_update();
                let fresh = self.0.lines.lock().expect("no holder panics")[seen..total].to_vec();
                if let Some(found) = fresh.iter().find_map(|line| find(line)) {
                    return found;
                }
                seen = total;
                count.changed().await.expect("the sender lives as long as self");
            }
        };
        match tokio::time::timeout(crate::PATIENCE, search).await {
            Ok(found) => found,
            Err(_) => panic!("{what:?} was not printed:\n{}", self.text()),
        }
    }

    /// Waits until `enough` lines hold `part`, and answers them.
    pub async fn lines_with(&self, part: &str, enough: usize) -> Vec<String> {
        let mut count = self.0.count.subscribe();
        within(part, async {
            loop {
                count.borrow_and_update();
                let found: Vec<String> = self.lines().into_iter().filter(|line| line.contains(part)).collect();
                if found.len() >= enough {
                    return found;
                }
                count.changed().await.expect("the sender lives as long as self");
            }
        })
        .await
    }
}

fn record(line: &str) -> Option<Record> {
    let value: Value = serde_json::from_str(line).ok()?;
    value.is_object().then_some(Record(value))
}
