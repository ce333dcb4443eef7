//! What happened lately, and who waits for more. It is filled from the threads that serve requests and read by browsers,
//! each at its own pace: whoever fills it waits for nobody, and nobody has a buffer of his own.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::sync::Notify;
use worky_host::kv::Kv;
use worky_host::requests::{FinishedRequest, RequestObserver};

use crate::ring::Ring;
use crate::view::{Build, WorkerView};

/// Requests that are kept.
pub(crate) const REQUESTS_MAX: usize = 1_000;
/// Of requests, as JSON.
pub(crate) const REQUEST_BYTES_MAX: usize = 1 << 20;
/// Log lines that are kept.
pub(crate) const LOG_LINES_MAX: usize = 5_000;
/// Of log lines, as JSON.
pub(crate) const LOG_BYTES_MAX: usize = 4 << 20;
/// Of a path, and of a query: what is longer is cut.
const PATH_BYTES_MAX: usize = 2_048;

/// Cloning shares it.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

struct Shared {
    recent: Mutex<Recent>,
    present: RwLock<Present>,
    /// Something was put into one of them.
    news: Notify,
}

/// What happened.
pub(crate) struct Recent {
    pub(crate) requests: Ring,
    pub(crate) logs: Ring,
}

/// What there is.
#[derive(Default)]
pub(crate) struct Present {
    /// Goes up with each change of the rest.
    pub(crate) version: u64,
    pub(crate) workers: Vec<WorkerView>,
    /// By worker and binding.
    pub(crate) kv: Vec<(String, String, Kv)>,
    pub(crate) build: Build,
}

/// One line of the log.
#[derive(Debug, Clone, Serialize)]
pub struct LogEntry<'a> {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: &'a str,
    /// `worker` for what workers say, `worky` or a crate of it for the rest.
    pub target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<&'a str>,
    pub message: &'a str,
    /// What else it tells.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

/// As the page gets it. Times are unix milliseconds, durations milliseconds.
#[derive(Serialize)]
struct RequestEntry<'a> {
    at: f64,
    worker: Option<&'a str>,
    request_id: &'a str,
    depth: u32,
    method: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    ms: f64,
    cpu_ms: f64,
    queue_ms: f64,
    subrequests: u32,
    kv_operations: u32,
    log_lines: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

#[derive(Serialize)]
struct Timed<T> {
    at: f64,
    #[serde(flatten)]
    what: T,
}

impl Default for Hub {
    fn default() -> Self {
        let requests = Ring::new(REQUESTS_MAX, REQUEST_BYTES_MAX);
        let logs = Ring::new(LOG_LINES_MAX, LOG_BYTES_MAX);
        Hub(Arc::new(Shared {
            recent: Mutex::new(Recent { requests, logs }),
            present: RwLock::default(),
            news: Notify::new(),
        }))
    }
}

impl Hub {
    /// A line of the log. On the thread that logs: it waits for nobody.
    pub fn log(&self, entry: LogEntry<'_>) {
        let json = to_json(&Timed { at: now_ms(), what: entry });
        self.0.recent.lock().logs.push(json);
        self.0.news.notify_waiters();
    }

    /// These are served from now on, each with its namespaces by binding.
    pub fn set_workers(&self, workers: Vec<(WorkerView, Vec<(String, Kv)>)>) {
        let mut present = self.0.present.write();
        (present.workers, present.kv) = (Vec::new(), Vec::new());
        for (view, kv) in workers {
            present.kv.extend(kv.into_iter().map(|(binding, kv)| (view.name.clone(), binding, kv)));
            present.workers.push(view);
        }
        present.version += 1;
        drop(present);
        self.0.news.notify_waiters();
    }

    /// How the last build went.
    pub fn set_build(&self, build: Build) {
        let mut present = self.0.present.write();
        (present.build, present.version) = (build, present.version + 1);
        drop(present);
        self.0.news.notify_waiters();
    }

    pub(crate) fn recent<T>(&self, look: impl FnOnce(&mut Recent) -> T) -> T {
        look(&mut self.0.recent.lock())
    }

    pub(crate) fn present<T>(&self, look: impl FnOnce(&Present) -> T) -> T {
        look(&self.0.present.read())
    }

    pub(crate) fn namespace(&self, worker: &str, binding: &str) -> Option<Kv> {
        self.present(|present| {
            let mut namespaces = present.kv.iter();
            namespaces.find(|(of, name, _)| of == worker && name == binding).map(|(_, _, kv)| kv.clone())
        })
    }

    pub(crate) fn news(&self) -> &Notify {
        &self.0.news
    }
}

impl RequestObserver for Hub {
    fn finished(&self, request: &FinishedRequest<'_>) {
        let ms = milliseconds(request.elapsed);
        let json = to_json(&RequestEntry {
            at: now_ms() - ms,
            worker: request.worker,
            request_id: request.request_id.as_str(),
            depth: request.depth,
            method: request.method.as_str(),
            path: cut(request.path),
            query: request.query.map(cut),
            status: request.status.as_u16(),
            error: request.error,
            ms,
            cpu_ms: milliseconds(request.usage.cpu),
            queue_ms: milliseconds(request.usage.waited),
            subrequests: request.usage.subrequests,
            kv_operations: request.usage.kv_operations,
            log_lines: request.usage.log_lines,
            bytes: request.sent_bytes,
        });
        self.0.recent.lock().requests.push(json);
        self.0.news.notify_waiters();
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(PATH_BYTES_MAX)]
}

fn to_json(entry: &impl Serialize) -> Arc<str> {
    serde_json::to_string(entry).expect("its keys are texts").into()
}

pub(crate) fn milliseconds(duration: std::time::Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

/// Unix milliseconds.
pub(crate) fn now_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, milliseconds)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{Method, StatusCode};
    use worky_host::RequestId;
    use worky_host::requests::Usage;

    use super::*;
    use crate::ring::Next;

    #[test]
    fn a_request_is_one_object() {
        let hub = Hub::default();
        let request_id = RequestId::parse("r1").expect("valid");
        hub.finished(&FinishedRequest {
            worker: Some("w"),
            request_id: &request_id,
            depth: 0,
            method: &Method::POST,
            path: &format!("/{}", "é".repeat(PATH_BYTES_MAX)),
            query: Some("a=<b>"),
            status: StatusCode::SERVICE_UNAVAILABLE,
            error: Some("cpu_exceeded"),
            elapsed: Duration::from_micros(12_345),
            sent_bytes: Some(7),
            usage: Usage { cpu: Duration::from_millis(3), subrequests: 2, ..Usage::default() },
        });
        let Some(Next::Entry { json, .. }) = hub.recent(|recent| recent.requests.next(&mut 0)) else { panic!("none") };
        let entry: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(entry["path"].as_str().expect("text").len(), PATH_BYTES_MAX - 1);
        assert_eq!((&entry["ms"], &entry["cpu_ms"]), (&12.345.into(), &3.0.into()));
        assert_eq!((&entry["status"], &entry["error"]), (&503.into(), &"cpu_exceeded".into()));
        assert_eq!((&entry["query"], &entry["subrequests"]), (&"a=<b>".into(), &2.into()));
    }

    /// What a request costs that is observed: `cargo test -p worky-explorer --release -- --ignored --nocapture`.
    #[test]
    #[ignore = "prints a figure"]
    fn figure_of_one_request() {
        let hub = Hub::default();
        let request_id = RequestId::random();
        let request = FinishedRequest {
            worker: Some("worker"),
            request_id: &request_id,
            depth: 0,
            method: &Method::GET,
            path: "/some/path/of/usual/length",
            query: Some("page=2"),
            status: StatusCode::OK,
            error: None,
            elapsed: Duration::from_micros(123),
            sent_bytes: Some(1_234),
            usage: Usage::default(),
        };
        const TIMES: u32 = 200_000;
        let begun = std::time::Instant::now();
        (0..TIMES).for_each(|_| hub.finished(&request));
        println!("{:?} for a request", begun.elapsed() / TIMES);
    }
}
