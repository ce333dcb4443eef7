//! The live stream, as server-sent events (HTML, 9.2): `state` where what there is has changed, `request` and `log` as
//! they happen, `sample` every second, and `lost` where a browser is too slow for what is kept.
//!
//! A stream holds a place in the rings and no more than one chunk: what a browser does not read in time is gone from the
//! ring, and it is told how much that was. Whoever comes back asks for what follows the numbers that it has seen.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::Response;
use http::header::{self, HeaderValue};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::api::{Query, Refusal};
use crate::hub::{LOG_BYTES_MAX, LOG_LINES_MAX, REQUEST_BYTES_MAX, REQUESTS_MAX, Recent, milliseconds, now_ms};
use crate::ring::{Next, Ring};
use crate::server::{Body, STREAMS_MAX, Shared};

/// Between two looks at the isolates, while somebody watches.
const SAMPLE: Duration = Duration::from_secs(1);
/// What happens within this time is sent together.
const GATHER: Duration = Duration::from_millis(30);
/// Of one chunk, up to one entry more.
const CHUNK_BYTES: usize = 64 << 10;

/// What there is.
pub(crate) fn state(shared: &Shared) -> Value {
    shared.hub.present(|present| {
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "build": present.build,
            "workers": present.workers,
            "bounds": {
                "requests": REQUESTS_MAX, "request_bytes": REQUEST_BYTES_MAX,
                "log_lines": LOG_LINES_MAX, "log_bytes": LOG_BYTES_MAX, "streams": STREAMS_MAX,
            },
        })
    })
}

/// What runs, and what it takes. Memory is as of the last look, and this has it looked at again.
pub(crate) fn sample(shared: &Shared) -> Value {
    let workers: Vec<Value> = shared
        .dispatcher
        .workers()
        .into_iter()
        .map(|worker| {
            let instances: Vec<Value> = worker
                .instances
                .iter()
                .map(|instance| {
                    json!({
                        "id": instance.id,
                        "state": instance.activity.as_str(),
                        "heap_bytes": instance.heap_bytes,
                        "memory_bytes": instance.memory_bytes,
                        "cpu_ms": milliseconds(instance.cpu),
                        "age_ms": milliseconds(instance.age),
                        "open": instance.open,
                        "queued": instance.queued,
                        "connections": instance.connections,
                    })
                })
                .collect();
            json!({ "name": *worker.name, "in_flight": worker.in_flight, "instances": instances })
        })
        .collect();
    json!({ "at": now_ms(), "in_flight": shared.dispatcher.in_flight(), "workers": workers })
}

/// Goes on behind the requests and log lines of the numbers `requests` and `logs`; without them, with what is kept.
pub(crate) fn events(query: &Query, shared: &Arc<Shared>) -> Result<Response<Body>, Refusal> {
    let (requests, logs) = (query.number("requests")?, query.number("logs")?);
    let place = shared.streams.clone().try_acquire_owned().map_err(|_| Refusal::Streams)?;
    let mut samples = interval(SAMPLE);
    samples.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (requests, logs) = shared.hub.recent(|recent| {
        // A number that was never given is of another run.
        let start = |ring: &Ring, asked: Option<u64>| asked.filter(|seen| *seen <= ring.last()).unwrap_or(ring.start());
        (start(&recent.requests, requests), start(&recent.logs, logs))
    });
    let feed = Feed { shared: shared.clone(), requests, logs, version: None, samples, _place: place };
    let frames = stream::unfold(feed, |mut feed| async {
        let chunk = feed.chunk().await;
        Some((Ok::<_, Infallible>(Frame::data(chunk)), feed))
    });
    let mut response = Response::new(StreamBody::new(frames).boxed_unsync());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    Ok(response)
}

struct Feed {
    shared: Arc<Shared>,
    /// The numbers of what was sent last.
    requests: u64,
    logs: u64,
    /// Of the state that was sent last.
    version: Option<u64>,
    samples: Interval,
    _place: OwnedSemaphorePermit,
}

impl Feed {
    /// Waits for what is to be sent next.
    async fn chunk(&mut self) -> Bytes {
        let shared = self.shared.clone();
        loop {
            let news = shared.hub.news().notified();
            tokio::pin!(news);
            // Enlisted before it looks: what happens in between is not missed.
            news.as_mut().enable();
            let mut text = String::new();
            self.gather(&mut text);
            if !text.is_empty() {
                return text.into();
            }
            tokio::select! {
                () = news => tokio::time::sleep(GATHER).await,
                _ = self.samples.tick() => {
                    event(&mut text, "sample", &sample(&shared).to_string());
                    return text.into();
                }
            }
        }
    }

    fn gather(&mut self, text: &mut String) {
        let version = self.shared.hub.present(|present| present.version);
        if self.version.replace(version) != Some(version) {
            event(text, "state", &state(&self.shared).to_string());
        }
        let Feed { shared, requests, logs, .. } = self;
        shared.hub.recent(|Recent { requests: request_ring, logs: log_ring }| {
            read(text, "request", request_ring, requests);
            read(text, "log", log_ring, logs);
        });
    }
}

fn read(text: &mut String, name: &str, ring: &Ring, after: &mut u64) {
    while text.len() < CHUNK_BYTES {
        match ring.next(after) {
            None => return,
            Some(Next::Lost(count)) => event(text, "lost", &format!(r#"{{"of":"{name}","count":{count}}}"#)),
            // It is an object, which its number goes into.
            Some(Next::Entry { number, json }) => event(text, name, &format!(r#"{{"number":{number},{}"#, &json[1..])),
        }
    }
}

/// JSON has no line breaks outside of its texts, and escapes those within.
fn event(text: &mut String, name: &str, data: &str) {
    for part in ["event: ", name, "\ndata: ", data, "\n\n"] {
        text.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_bounded_and_nothing_is_lost_between_chunks() {
        let mut ring = Ring::new(100, 10 << 20);
        let line: Arc<str> = format!(r#"{{"message":"{}"}}"#, "x".repeat(20 << 10)).into();
        (0..10).for_each(|_| ring.push(line.clone()));
        let (mut after, mut numbers) = (ring.start(), Vec::new());
        loop {
            let mut text = String::new();
            read(&mut text, "log", &ring, &mut after);
            if text.is_empty() {
                break;
            }
            assert!(text.len() < CHUNK_BYTES + (21 << 10), "{}", text.len());
            for frame in text.split_terminator("\n\n") {
                let data = frame.strip_prefix("event: log\ndata: ").expect("a log line");
                let entry: Value = serde_json::from_str(data).expect("JSON");
                numbers.push(entry["number"].as_u64().expect("a number"));
            }
        }
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
    }
}
