use crate::bindings::wasi::http::outgoing_handler;
use crate::bindings::wasi::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingResponse, Method, OutgoingBody, OutgoingRequest, RequestOptions,
    Scheme,
};
use crate::http::{BodyReader, BodyWriter, Request, Responder, sorted};
use crate::json;

/// Asks `url` with the request's own method and body, and passes the answer on as it arrives; `x-from` on what is asked.
pub fn fetch(request: Request, responder: Responder, _: &str) {
    let url = request.parameter("url").expect("a URL");
    let timeout_ms = request.parameter("timeout_ms").and_then(|value| value.parse().ok());
    pass(&url, timeout_ms, request, responder);
}

/// `/service/NAME/PATH`: asks the worker behind the service binding.
pub fn service(request: Request, responder: Responder, rest: &str) {
    let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
    let query = if request.query().is_empty() { String::new() } else { format!("?{}", request.query()) };
    pass(&format!("http://{name}.worky.internal/{path}{query}"), None, request, responder);
}

/// Asks the same `times` over, one after the other, and tells the statuses.
pub fn fetch_many(request: Request, responder: Responder, _: &str) {
    let url = request.parameter("url").expect("a URL");
    let outcomes =
        (0..request.number("times", 1)).map(|_| match start("GET", &url, None).and_then(|asked| wait(asked.0)) {
            Ok(response) => response.status().to_string(),
            Err(error) => json::string(&code(&error)),
        });
    responder.json(200, json::array(outcomes));
}

fn pass(url: &str, timeout_ms: Option<u64>, request: Request, responder: Responder) {
    let response = start(&request.method(), url, timeout_ms).and_then(|(asked, body)| {
        if let Some(body) = body {
            let (reader, writer) = (request.body(), BodyWriter::of(body));
            while let Ok(Some(bytes)) = reader.read() {
                if writer.write(&bytes).is_err() {
                    break;
                }
            }
            let _upstream_closed = writer.finish();
        }
        wait(asked)
    });
    let response = match response {
        Ok(response) => response,
        Err(error) => return responder.json(502, json::object([("error", json::string(&code(&error)))])),
    };
    let fields = Fields::new();
    for (name, value) in sorted(&response.headers()) {
        // What is about a connection, and not about its message, is each connection's own.
        if !["connection", "transfer-encoding", "keep-alive", "content-length"].contains(&&*name) {
            fields.append(&name, value.as_bytes()).expect("a header that came can go");
        }
    }
    let writer = responder.start_with(response.status(), fields);
    let reader = BodyReader::new(response.consume().expect("the body is taken once"));
    loop {
        match reader.read() {
            Ok(Some(bytes)) if writer.write(&bytes).is_ok() => {}
            Ok(None) => break,
            _ => return,
        }
    }
    let _client_gone = writer.finish();
}

fn start(
    method: &str,
    url: &str,
    timeout_ms: Option<u64>,
) -> Result<(FutureIncomingResponse, Option<OutgoingBody>), ErrorCode> {
    let (scheme, rest) = url.split_once("://").expect("an absolute URL");
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let fields = Fields::new();
    fields.append("x-from", b"parity").expect("a valid header");
    let request = OutgoingRequest::new(fields);
    let (method, has_body) = match method {
        "GET" => (Method::Get, false),
        "HEAD" => (Method::Head, false),
        "POST" => (Method::Post, true),
        "PUT" => (Method::Put, true),
        "DELETE" => (Method::Delete, false),
        other => (Method::Other(other.to_owned()), true),
    };
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        other => Scheme::Other(other.to_owned()),
    };
    let set = request
        .set_method(&method)
        .and_then(|()| request.set_scheme(Some(&scheme)))
        .and_then(|()| request.set_authority(Some(authority)))
        .and_then(|()| request.set_path_with_query(Some(if path.is_empty() { "/" } else { path })));
    if set.is_err() {
        return Err(ErrorCode::HttpRequestUriInvalid);
    }
    let body = has_body.then(|| request.body().expect("the body is taken once"));
    let options = timeout_ms.map(|ms| {
        let options = RequestOptions::new();
        options.set_first_byte_timeout(Some(ms * 1_000_000)).expect("supported");
        options
    });
    Ok((outgoing_handler::handle(request, options)?, body))
}

fn wait(asked: FutureIncomingResponse) -> Result<IncomingResponse, ErrorCode> {
    asked.subscribe().block();
    asked.get().expect("it is ready").expect("it is asked once")
}

/// `HTTP-request-denied` and the like: the case's name in WIT, without what it carries.
fn code(error: &ErrorCode) -> String {
    let debug = format!("{error:?}");
    let case = debug.strip_prefix("ErrorCode::").unwrap_or(&debug);
    case.split(['(', ' ']).next().unwrap_or(case).to_owned()
}
