//! Lines for people: aligned, coloured where that is wanted, and unable to steer a terminal.

use serde_json::Value as Json;
use tracing::Level;

use super::{ACCESS, FAILURE, Fields, RELOAD};
use crate::terminal::Color;

pub(super) fn pretty_line(ts: &str, level: &Level, target: &str, mut fields: Fields, color: Color) -> String {
    let paint = |code: &str, text: &str| match color {
        Color::Always => format!("\x1b[{code}m{text}\x1b[0m"),
        Color::Never => text.to_owned(),
    };
    let level_code = match *level {
        Level::ERROR => "31",
        Level::WARN => "33",
        Level::INFO => "32",
        Level::DEBUG => "34",
        _ => "35",
    };
    // 2026-01-31T12:34:56.789012Z: a developer needs the time of day, to the millisecond.
    let time = ts.get(11..23).unwrap_or(ts);
    let worker = fields.take("worker").map(|name| shown(&name)).filter(|name| name != "-");
    let message = match target {
        ACCESS => Some(request(&mut fields, &paint)),
        RELOAD => Some(reload(&mut fields)),
        // It is made of parts that were made plain, and may be coloured.
        FAILURE => fields.take("text").and_then(|text| text.as_str().map(|text| format!("failed\n{text}"))),
        _ => fields.take("message").map(|message| shown(&message)),
    };
    if matches!(target, ACCESS | FAILURE | RELOAD) {
        fields = Fields::default();
    }
    fields.take("trace_id");
    if *level > Level::WARN {
        // It is what one error is found by; on every line it would hide what the line says.
        fields.take("request_id");
    }
    let name = worker.as_deref().unwrap_or(target);
    let level = format!("{:<5}", level.as_str());
    let mut line = format!("{} {} {}", paint("2", time), paint(level_code, &level), paint("1", name));
    if let Some(message) = message.filter(|message| !message.is_empty()) {
        line += " ";
        line += &message;
    }
    for (key, value) in &fields.0 {
        line += &paint("2", &format!(" {key}={}", shown(value)));
    }
    line.push('\n');
    line
}

/// `GET /path 200 in 12.3 ms, 1.2 ms CPU`
fn request(fields: &mut Fields, paint: &impl Fn(&str, &str) -> String) -> String {
    let mut take = |name: &str| fields.take(name).map(|value| shown(&value));
    let status = take("status").unwrap_or_default();
    let status_code = match status.as_bytes().first() {
        Some(b'2') => "32",
        Some(b'3') => "36",
        Some(b'4') => "33",
        _ => "31",
    };
    let method = take("method").unwrap_or_default();
    let path = take("path").unwrap_or_default();
    let mut text = format!("{method} {path} {}", paint(status_code, &status));
    if let Some(ms) = take("ms") {
        text += &paint("2", &format!(" in {} ms", rounded(&ms)));
    }
    if let Some(ms) = take("cpu_ms") {
        text += &paint("2", &format!(", {} ms CPU", rounded(&ms)));
    }
    if let Some(code) = take("error") {
        text += &format!(" {}", paint("31", &code));
    }
    text
}

fn reload(fields: &mut Fields) -> String {
    let mut take = |name: &str| fields.take(name).map(|value| shown(&value)).unwrap_or_default();
    format!("reloaded {} in {} ms", take("workers"), take("ms"))
}

/// Milliseconds with one digit behind the point.
fn rounded(ms: &str) -> String {
    ms.parse::<f64>().map_or_else(|_| ms.to_owned(), |ms| format!("{ms:.1}"))
}

/// A value as text.
fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => plain(text),
        other => plain(&other.to_string()),
    }
}

/// The text with its control characters, which could move the cursor or hide a line, shown and not sent.
pub(crate) fn plain(text: &str) -> String {
    if !text.chars().any(is_hidden) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if is_hidden(c) {
            out.extend(c.escape_default())
        } else {
            out.push(c)
        }
        out
    })
}

fn is_hidden(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_line_leads_with_who_and_what() {
        assert_eq!(
            pretty_line(TS, &Level::INFO, "x", about_hello(), Color::Never),
            "12:34:56.789 INFO  hello hi n=1\n"
        );
        assert_eq!(
            pretty_line(TS, &Level::ERROR, "x", about_hello(), Color::Never),
            "12:34:56.789 ERROR hello hi request_id=r n=1\n"
        );
        assert!(pretty_line(TS, &Level::INFO, "x", about_hello(), Color::Always).contains("\x1b[32mINFO"));
    }

    #[test]
    fn a_request_is_told_in_few_words() {
        let all = fields(&[
            ("method", "GET".into()),
            ("path", "/a\u{1b}[2J".into()),
            ("status", 500.into()),
            ("worker", "hello".into()),
            ("ms", 12.345.into()),
            ("cpu_ms", 0.5.into()),
            ("bytes", 3.into()),
            ("request_id", "r".into()),
            ("error", "worker_exception".into()),
        ]);
        assert_eq!(
            pretty_line(TS, &Level::INFO, ACCESS, all, Color::Never),
            "12:34:56.789 INFO  hello GET /a\\u{1b}[2J 500 in 12.3 ms, 0.5 ms CPU worker_exception\n"
        );
        let unrouted =
            fields(&[("method", "GET".into()), ("path", "/".into()), ("status", 404.into()), ("worker", "-".into())]);
        assert_eq!(
            pretty_line(TS, &Level::INFO, ACCESS, unrouted, Color::Never),
            "12:34:56.789 INFO  access GET / 404\n"
        );
    }

    #[test]
    fn a_guest_cannot_steer_the_terminal() {
        let all = fields(&[("message", Json::from("a\u{1b}[2Jb\r\u{9b}c\n\td"))]);
        let line = pretty_line(TS, &Level::INFO, "x", all, Color::Never);
        assert_eq!(line, "12:34:56.789 INFO  x a\\u{1b}[2Jb\\r\\u{9b}c\n\td\n");
    }
}
