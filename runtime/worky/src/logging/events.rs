//! One JSON object for each thing that happens, for programs that watch over `worky dev --json`.
//!
//! Every object has `type` and `ts` (RFC 3339, UTC). By type:
//!
//! - `ready`: `url`, `admin_url` (where there is one), `workers`
//! - `request`: `worker`, `request_id`, `method`, `path`, `status`, `ms`, `cpu_ms`, `bytes`, `error` (a code, where worky
//!   answered instead of the worker)
//! - `log`: `level`, `message`, and `worker`, `plugin` and `request_id` where a worker says it; `target` where worky does
//! - `error` of `phase` `request`: `worker`, `request_id`, `code`, `message`, `file`, `line`, `column`, `hint`, `stack`
//! - `error` of `phase` `build`: `level` (`error` or `warning`), `message`, `file`, `line`, `column`, `hints`
//! - `reload`: `workers`, `ms`

use serde_json::{Map, Value as Json, json};
use tracing::Level;
use worky_host::log::TARGET as WORKER;

use super::{ACCESS, FAILURE, Fields, READY, RELOAD};
use crate::config::Report;

pub(super) fn event_line(ts: &str, level: &Level, target: &str, mut fields: Fields) -> String {
    let kind = match target {
        ACCESS => "request",
        FAILURE => "error",
        RELOAD => "reload",
        READY => "ready",
        _ => "log",
    };
    let mut event = begun(kind, ts);
    fields.take("trace_id");
    match target {
        ACCESS | READY | RELOAD => drop(fields.take("message").filter(|_| target != ACCESS)),
        FAILURE => {
            event.insert("phase".to_owned(), json!("request"));
            // It is for people, and made of the other fields.
            fields.take("text");
        }
        _ => {
            event.insert("level".to_owned(), json!(level.as_str().to_ascii_lowercase()));
            if target != WORKER {
                event.insert("target".to_owned(), json!(target));
            }
        }
    }
    for (name, value) in fields.0 {
        let value = match (name, value) {
            // No route led to a worker.
            ("worker", Json::String(worker)) if worker == "-" => Json::Null,
            ("workers", Json::String(workers)) => workers.split(", ").map(str::to_owned).collect(),
            (_, value) => value,
        };
        // A field cannot take the place of one that every object has.
        let is_free = !event.contains_key(name);
        event.insert(if is_free { name.to_owned() } else { format!("field_{name}") }, value);
    }
    line(event)
}

/// Everything that is wrong with a project, one object for each.
pub(crate) fn report_lines(report: &Report) -> String {
    let ts = super::now();
    let lines = report.each().into_iter().map(|problem| {
        let mut event = begun("error", &ts);
        event.insert("phase".to_owned(), json!("build"));
        event.insert("level".to_owned(), json!(problem.level));
        event.insert("message".to_owned(), json!(problem.message));
        if let Some((file, place)) = problem.place {
            event.insert("file".to_owned(), json!(file));
            if let Some((line, column)) = place {
                event.insert("line".to_owned(), json!(line));
                event.insert("column".to_owned(), json!(column));
            }
        }
        event.insert("hints".to_owned(), json!(problem.hints));
        line(event)
    });
    lines.collect()
}

fn begun(kind: &str, ts: &str) -> Map<String, Json> {
    Map::from_iter([("type".to_owned(), json!(kind)), ("ts".to_owned(), json!(ts))])
}

fn line(event: Map<String, Json>) -> String {
    format!("{}\n", Json::Object(event))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(target: &str, fields: &[(&'static str, Json)]) -> Json {
        let line = event_line("TS", &Level::INFO, target, Fields(fields.to_vec()));
        serde_json::from_str(&line).expect("JSON")
    }

    #[test]
    fn each_target_is_a_type() {
        let worker = || ("worker", json!("w"));
        assert_eq!(
            event(ACCESS, &[worker(), ("status", json!(200)), ("cpu_ms", json!(0.5)), ("trace_id", json!("t"))]),
            json!({ "type": "request", "ts": "TS", "worker": "w", "status": 200, "cpu_ms": 0.5 })
        );
        assert_eq!(
            event(WORKER, &[worker(), ("message", json!("hi")), ("type", json!("x"))]),
            json!({ "type": "log", "ts": "TS", "level": "info", "worker": "w", "message": "hi", "field_type": "x" })
        );
        assert_eq!(
            event(RELOAD, &[("message", json!("reloaded")), ("workers", json!("a, b")), ("ms", json!(3))]),
            json!({ "type": "reload", "ts": "TS", "workers": ["a", "b"], "ms": 3 })
        );
        let failed = event(FAILURE, &[worker(), ("message", json!("Error: x")), ("text", json!("…"))]);
        assert_eq!(
            failed,
            json!({ "type": "error", "ts": "TS", "phase": "request", "worker": "w", "message": "Error: x" })
        );
        assert_eq!(event("worky::x", &[])["target"], "worky::x");
        assert_eq!(event(ACCESS, &[("worker", json!("-"))])["worker"], Json::Null);
    }
}
