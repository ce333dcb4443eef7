use std::sync::atomic::{AtomicU32, Ordering};

use crate::bindings::wasi::clocks::monotonic_clock::subscribe_duration;
use crate::bindings::wasi::http::types::Fields;
use crate::http::{Request, Responder};
use crate::json;

pub fn hello(request: Request, responder: Responder, _: &str) {
    let name = request.parameter("name").unwrap_or_else(|| "world".to_owned());
    responder.text(200, &format!("Hello, {name}!\n"));
}

/// What the guest sees of a request, as JSON.
pub fn describe(request: Request, responder: Responder, _: &str) {
    let body = request.body().read_all().unwrap_or_default();
    let json = json::object([
        ("method", json::string(&request.method())),
        ("path", json::string(request.path())),
        ("query", json::string(request.query())),
        ("host", json::string(&request.authority().unwrap_or_default())),
        ("headers", pairs(request.headers())),
        ("body", json::string(&String::from_utf8_lossy(&body))),
    ]);
    responder.json(200, json);
}

/// The body back as it arrives.
pub fn echo(request: Request, responder: Responder, _: &str) {
    let content_type = request.header("content-type").unwrap_or_else(|| "application/octet-stream".to_owned());
    let method = request.method();
    let headers = [("content-type", &*content_type), ("x-method", &*method), ("x-query", request.query())];
    let writer = responder.start(200, &headers);
    let reader = request.body();
    while let Ok(Some(bytes)) = reader.read() {
        if writer.write(&bytes).is_err() {
            return;
        }
    }
    let _client_gone = writer.finish();
}

pub fn headers(request: Request, responder: Responder, _: &str) {
    responder.json(200, pairs(request.headers()));
}

/// A header for each parameter of the query, in its order, twice the same where it stands twice.
pub fn set_headers(request: Request, responder: Responder, _: &str) {
    let fields = Fields::new();
    let mut refused = Vec::new();
    for pair in request.query().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = (Request::name_of(pair), Request::value_of(pair));
        if fields.append(&name, value.as_bytes()).is_err() {
            refused.push(json::string(&name));
        }
    }
    if !refused.is_empty() {
        return responder.json(500, json::object([("refused", json::array(refused))]));
    }
    let _client_gone = responder.start_with(200, fields).finish();
}

pub fn status(_: Request, responder: Responder, rest: &str) {
    let status: u16 = rest.parse().expect("a number");
    if [101, 204, 205, 304].contains(&status) {
        let _client_gone = responder.start(status, &[]).finish();
    } else {
        responder.text(status, &format!("status {status}\n"));
    }
}

pub fn redirect(request: Request, responder: Responder, _: &str) {
    let location = request.parameter("to").unwrap_or_else(|| "/hello".to_owned());
    let _client_gone = responder.start(302, &[("location", &location)]).finish();
}

/// `chunks` lines, each flushed before the next one, `ms` apart.
pub fn stream(request: Request, responder: Responder, _: &str) {
    let (chunks, ms) = (request.number("chunks", 3), request.number("ms", 0));
    let writer = responder.start(200, &[("content-type", crate::http::TEXT)]);
    for index in 0..chunks {
        if ms > 0 && index > 0 {
            subscribe_duration(ms * 1_000_000).block();
        }
        if writer.write(format!("chunk {index}\n").as_bytes()).is_err() {
            return;
        }
    }
    let _client_gone = writer.finish();
}

/// How long the body is, and what its bytes add up to.
pub fn count(request: Request, responder: Responder, _: &str) {
    let reader = request.body();
    let (mut bytes, mut sum) = (0_u64, 0_u32);
    loop {
        match reader.read() {
            Ok(Some(chunk)) => {
                bytes += chunk.len() as u64;
                sum = chunk.iter().fold(sum, |sum, byte| sum.wrapping_add(u32::from(*byte)));
            }
            Ok(None) => break,
            Err(error) => return responder.json(400, json::object([("error", json::string(&error))])),
        }
    }
    responder.json(200, json::object([("bytes", bytes.to_string()), ("sum", sum.to_string())]));
}

/// Answers without a look at the body.
pub fn ignore_body(_: Request, responder: Responder, _: &str) {
    responder.text(200, "ignored\n");
}

/// The request's trailers, after its body.
pub fn trailers(request: Request, responder: Responder, _: &str) {
    let reader = request.body();
    let bytes = reader.read_all().map_or(0, |body| body.len());
    let trailers = reader.trailers().map_or("null".to_owned(), pairs);
    responder.json(200, json::object([("bytes", bytes.to_string()), ("trailers", trailers)]));
}

/// How many requests this instance has had, this one included.
pub fn counter(_: Request, responder: Responder, _: &str) {
    static REQUESTS: AtomicU32 = AtomicU32::new(0);
    responder.text(200, &format!("{}\n", REQUESTS.fetch_add(1, Ordering::Relaxed) + 1));
}

fn pairs(headers: Vec<(String, String)>) -> String {
    json::array(headers.iter().map(|(name, value)| json::array([json::string(name), json::string(value)])))
}
