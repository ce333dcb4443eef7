//! From deno_core's errors to the engine's: positions in the worker's own files, and nothing of ours.

use deno_core::error::{CoreError, CoreErrorKind, JsError};
use worky_engine::{GuestError, GuestFrame};
use worky_host::Bindings;

use crate::hint;

pub(crate) const ROOT: &str = "file:///";

/// What is kept of a message, and of a stack with its causes.
const MESSAGE_BYTES_MAX: usize = 8 << 10;
const STACK_BYTES_MAX: usize = 32 << 10;
/// What is kept of a line of source: one of minified code may be a whole program.
const LINE_BYTES_MAX: usize = 2 << 10;

pub(crate) fn from_js_error(error: &JsError) -> GuestError {
    let mut name = error.name.clone().unwrap_or_default();
    let mut message = error.message.clone().unwrap_or_default();
    if name.is_empty() && message.is_empty() {
        // Something that is not an error was thrown; V8 says what in words.
        message = error.exception_message.trim_start_matches("Uncaught ").to_owned();
    } else if name.is_empty() {
        name = "Error".to_owned();
    }
    GuestError {
        name: cut(name, MESSAGE_BYTES_MAX).into(),
        message: cut(message, MESSAGE_BYTES_MAX),
        stack: stack(error).map(|stack| cut(stack, STACK_BYTES_MAX)),
        frames: frames(error),
        line: line(error).map(Into::into),
        hint: None,
    }
}

/// The same error for its way out: with how to mend it, and without any secret of the worker.
pub(crate) fn told(error: GuestError, bindings: &Bindings) -> GuestError {
    let log = &bindings.log;
    GuestError {
        hint: hint::of(&error, bindings).map(Into::into),
        message: log.redact(&error.message).into_owned(),
        stack: error.stack.map(|stack| log.redact(&stack).into_owned()),
        line: error.line.map(|line| log.redact(&line).into()),
        ..error
    }
}

fn cut(mut text: String, bytes_max: usize) -> String {
    if text.len() > bytes_max {
        let kept = text.floor_char_boundary(bytes_max);
        let gone = text.len() - kept;
        text.truncate(kept);
        text.push_str(&format!(" [{gone} bytes cut]"));
    }
    text
}

/// The error's own stack and those of its causes.
fn stack(error: &JsError) -> Option<String> {
    let mut text = readable(error.stack.as_deref()?);
    let mut cause = error.cause.as_deref();
    while let Some(error) = cause {
        let own = error.stack.as_deref().unwrap_or(&error.exception_message);
        text.push_str("\nCaused by: ");
        text.push_str(&readable(own));
        cause = error.cause.as_deref();
    }
    Some(text)
}

pub(crate) fn from_core_error(error: CoreError) -> GuestError {
    match error.into_kind() {
        CoreErrorKind::Js(js) => from_js_error(&js),
        CoreErrorKind::CouldNotExecute { error, .. } => from_core_error((*error).into()),
        other => GuestError::unplaced(readable(&other.to_string())),
    }
}

/// Text with the worker's files named relative to its directory, and without the frames of worky's own scripts.
pub(crate) fn readable(text: &str) -> String {
    let own = |line: &&str| !(line.trim_start().starts_with("at ") && line.contains("ext:"));
    let lines: Vec<_> = text.split('\n').filter(own).collect();
    lines.join("\n").replace(ROOT, "")
}

/// The line of the first frame that is the worker's.
fn line(error: &JsError) -> Option<String> {
    let frame = error.frames.get(error.source_line_frame_index?)?;
    frame.file_name.as_deref()?.strip_prefix(ROOT)?;
    error.source_line.clone().map(|line| cut(line, LINE_BYTES_MAX))
}

fn frames(error: &JsError) -> Vec<GuestFrame> {
    error
        .frames
        .iter()
        .filter_map(|frame| {
            let file = frame.file_name.as_deref()?.strip_prefix(ROOT)?;
            Some(GuestFrame {
                file: file.to_owned(),
                line: u32::try_from(frame.line_number?).ok()?,
                column: u32::try_from(frame.column_number?).ok()?,
                function: frame.function_name.clone(),
            })
        })
        .collect()
}
