//! The page a developer's browser shows for an error.

use std::fmt::Write;
use std::path::Path;

use http::StatusCode;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use worky_engine::GuestFrame;
use worky_host::RequestId;

use super::frame::CodeFrame;
use super::{Problem, Refusal};
use crate::developer::{Developer, Trouble, TroublePlace};

const STYLE: &str = include_str!("page.css");

/// What may not stand in the path of a URL as it is.
const IN_PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`');

/// What the page is about.
pub(super) struct About<'a> {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) problem: &'a Problem,
    pub(super) request_id: &'a RequestId,
    pub(super) worker: Option<&'a str>,
    pub(super) developer: Option<&'a dyn Developer>,
}

/// One page that needs nothing else. Everything that is not ours is escaped.
pub(super) fn html(about: &About<'_>) -> String {
    let About { status, code, problem, request_id, .. } = about;
    let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
    let mut out = String::with_capacity(4096);
    let headline = headline(problem);
    put(
        &mut out,
        format_args!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{} · {title}</title><style>{STYLE}</style>\
             <main><p class=\"code\">{title} · {code}</p><h1>{}</h1>",
            escaped(&headline),
            escaped(&headline)
        ),
    );
    if let Problem::Refused(Refusal::Build(trouble)) = problem {
        // It looks again by itself: whoever mends the file need not.
        put(
            &mut out,
            format_args!(
                "<meta http-equiv=\"refresh\" content=\"1\"><pre>{}</pre><p>What was there before is still served to \
                 programs. This page looks again every second.</p>",
                report(trouble)
            ),
        );
    }
    put_place(&mut out, about);
    if let Some(hint) = problem.hint() {
        put(&mut out, format_args!("<p class=\"hint\"><b>What to do:</b> {}</p>", escaped(&hint)));
    }
    put_stack(&mut out, about);
    put(&mut out, format_args!("<footer>request {}</footer></main></html>", escaped(request_id.as_str())));
    out
}

/// The report with its places as links.
fn report(trouble: &Trouble) -> String {
    let mut text = escaped(trouble.report.trim_end());
    for TroublePlace { shown, path, line, column } in &trouble.places {
        let shown = escaped(shown);
        if let Some(href) = editor(path, *line, *column) {
            // Behind the arrow alone: the same may stand in a message.
            text = text.replace(&format!("--&gt; {shown}\n"), &format!("--&gt; <a href=\"{href}\">{shown}</a>\n"));
        }
    }
    text
}

/// What is wrong, in one line, without the place, which has one of its own.
fn headline(problem: &Problem) -> String {
    match (problem, problem.guest()) {
        (Problem::Refused(Refusal::Build(_)), _) => "the worker cannot be served as it is".to_owned(),
        (_, Some(guest)) => guest.title(),
        (problem, None) => problem.to_string(),
    }
}

/// The lines that the error comes from.
fn put_place(out: &mut String, about: &About<'_>) {
    let Some(guest) = about.problem.guest() else { return };
    let Some(place) = guest.frames.first() else { return };
    let file = about.developer.zip(about.worker).and_then(|(developer, worker)| developer.source(worker, &place.file));
    put(out, format_args!("<p class=\"place\">{}</p>", linked(place, file.as_ref().map(|file| file.path.as_path()))));
    let Some(frame) = CodeFrame::of(guest, file.as_ref()) else { return };
    let width = frame.lines.last().map_or(1, |(number, _)| number.to_string().len());
    out.push_str("<pre class=\"frame\">");
    for (number, text) in &frame.lines {
        let (mark, class) = if *number == frame.line { ('>', "here") } else { (' ', "around") };
        put(out, format_args!("<span class=\"{class}\">{mark} {number:>width$} | {}\n</span>", escaped(text)));
        if *number == frame.line {
            put(out, format_args!("<span class=\"mark\">  {:width$} | {}^\n</span>", "", frame.lead()));
        }
    }
    out.push_str("</pre>");
}

fn put_stack(out: &mut String, about: &About<'_>) {
    let Some(guest) = about.problem.guest() else { return };
    // One frame is the place, which is shown.
    if guest.frames.len() > 1 {
        out.push_str("<ol>");
        for frame in &guest.frames {
            let path = about
                .developer
                .zip(about.worker)
                .and_then(|(developer, worker)| developer.source(worker, &frame.file))
                .map(|file| file.path);
            let function = frame.function.as_deref().unwrap_or("(anonymous)");
            put(out, format_args!("<li>{} at {}</li>", escaped(function), linked(frame, path.as_deref())));
        }
        out.push_str("</ol>");
    }
    if let Some(stack) = &guest.stack {
        put(out, format_args!("<details><summary>the whole stack</summary><pre>{}</pre></details>", escaped(stack)));
    }
}

/// A place, which an editor opens at a click where the file is known.
fn linked(frame: &GuestFrame, path: Option<&Path>) -> String {
    let text = escaped(&frame.to_string());
    match path.and_then(|path| editor(path, frame.line as usize, frame.column as usize)) {
        Some(href) => format!("<a href=\"{href}\">{text}</a>"),
        None => text,
    }
}

/// What opens an editor at a place.
fn editor(path: &Path, line: usize, column: usize) -> Option<String> {
    let path = escaped(&utf8_percent_encode(path.to_str()?, IN_PATH).to_string());
    Some(format!("vscode://file{path}:{line}:{column}"))
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _infallible = out.write_fmt(text);
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
