//! The page a developer's browser shows for an error.

use std::fmt::Write;

use http::StatusCode;
use worky_host::RequestId;

use super::{Problem, Refusal};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:60rem;padding:0 1rem;\
color:#1c1c1e;background:#fff}h1{font-size:1.2rem;margin:0 0 .25rem}p.code{color:#8a1c1c;margin:0 0 1.5rem}\
pre{background:#f4f4f6;padding:1rem;overflow:auto;border-radius:6px;white-space:pre-wrap}\
li{font-family:ui-monospace,monospace;font-size:13px}small{color:#6b6b70}\
@media(prefers-color-scheme:dark){body{color:#e8e8ea;background:#161618}pre{background:#232326}p.code{color:#ff8f8f}}";

/// One page that needs nothing else. Everything that is not ours is escaped.
pub(super) fn html(status: StatusCode, code: &str, problem: &Problem, request_id: &RequestId) -> String {
    let mut out = String::with_capacity(2048);
    let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
    let _infallible = write!(
        out,
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>\
         <h1>{message}</h1><p class=\"code\">{title} · {code}</p>",
        message = escaped(problem.to_string().lines().next().unwrap_or_default()),
    );
    if let Problem::Refused(Refusal::Build { report }) = problem {
        // It looks again by itself: whoever mends the file need not.
        let _infallible = write!(
            out,
            "<meta http-equiv=\"refresh\" content=\"1\"><pre>{}</pre><small>What was there before is still served to \
             programs. This page looks again every second.</small>",
            escaped(report)
        );
    }
    if let Some(guest) = problem.guest() {
        if !guest.frames.is_empty() {
            out.push_str("<ol>");
            for frame in &guest.frames {
                let function = frame.function.as_deref().unwrap_or("(anonymous)");
                let _infallible = write!(out, "<li>{} at {}</li>", escaped(function), escaped(&frame.to_string()));
            }
            out.push_str("</ol>");
        }
        if let Some(stack) = &guest.stack {
            let _infallible = write!(out, "<pre>{}</pre>", escaped(stack));
        }
    }
    let _infallible = write!(out, "<small>request {}</small></html>", escaped(request_id.as_str()));
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
