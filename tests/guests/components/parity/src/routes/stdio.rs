use crate::bindings::wasi::cli::{stderr, stdout};
use crate::bindings::wasi::io::streams::OutputStream;
use crate::bindings::wasi::logging::logging::{self, Level};
use crate::http::{Request, Responder};

/// `/log?level=warn&message=&context=`
pub fn log(request: Request, responder: Responder, _: &str) {
    let level = match &*request.parameter("level").unwrap_or_default() {
        "trace" => Level::Trace,
        "debug" => Level::Debug,
        "warn" => Level::Warn,
        "error" => Level::Error,
        "critical" => Level::Critical,
        _ => Level::Info,
    };
    let context = request.parameter("context").unwrap_or_default();
    let message = request.parameter("message").unwrap_or_default();
    for _ in 0..request.number("times", 1) {
        logging::log(level, &context, &message);
    }
    responder.text(200, "logged\n");
}

pub fn to_stdout(request: Request, responder: Responder, _: &str) {
    write(&stdout::get_stdout(), &request.parameter("text").unwrap_or_default());
    responder.text(200, "written\n");
}

pub fn to_stderr(request: Request, responder: Responder, _: &str) {
    stderr(&request.parameter("text").unwrap_or_default());
    responder.text(200, "written\n");
}

pub fn info(message: &str) {
    logging::log(Level::Info, "", message);
}

pub fn stderr(text: &str) {
    write(&stderr::get_stderr(), text);
}

fn write(stream: &OutputStream, text: &str) {
    // What `blocking-write-and-flush` takes at once.
    for chunk in text.as_bytes().chunks(4096) {
        let _nobody_reads = stream.blocking_write_and_flush(chunk);
    }
}
