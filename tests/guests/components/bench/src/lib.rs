//! The worker of the benchmark as a component: `/` says hello, any other path is a key of the default store.

mod bindings {
    wit_bindgen::generate!({ path: ["../../../../wit", "wit"], world: "worky:bench/bench", generate_all });
}

use bindings::exports::wasi::http::incoming_handler::Guest;
use bindings::wasi::http::types::{
    Fields, IncomingBody, IncomingRequest, Method, OutgoingBody, OutgoingResponse, ResponseOutparam,
};
use bindings::wasi::io::streams::StreamError;
use bindings::wasi::keyvalue0_2_0_draft::store::{Bucket, Error, open};

struct Bench;

impl Guest for Bench {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let key = path.trim_start_matches('/');
        if key.is_empty() {
            return answer(out, 200, b"hello world");
        }
        match keyed(request, key) {
            Ok(Some(value)) => answer(out, 200, &value),
            Ok(None) => answer(out, 204, b""),
            Err(error) => answer(out, 500, error.as_bytes()),
        }
    }
}

fn keyed(request: IncomingRequest, key: &str) -> Result<Option<Vec<u8>>, String> {
    let bucket = bucket().map_err(|error| format!("{error:?}"))?;
    if matches!(request.method(), Method::Put) {
        let value = body(request)?;
        bucket.set(key, &value).map_err(|error| format!("{error:?}"))?;
        return Ok(None);
    }
    bucket.get(key).map_err(|error| format!("{error:?}"))?.map(Some).ok_or_else(|| format!("no such key: {key}"))
}

/// worky names stores by their bindings, wasmtime has the one without a name.
fn bucket() -> Result<Bucket, Error> {
    open("KV").or_else(|_| open(""))
}

fn body(request: IncomingRequest) -> Result<Vec<u8>, String> {
    let body = request.consume().map_err(|()| "the body is taken")?;
    let stream = body.stream().map_err(|()| "the stream is taken")?;
    let mut all = Vec::new();
    loop {
        match stream.blocking_read(64 << 10) {
            Ok(bytes) => all.extend_from_slice(&bytes),
            Err(StreamError::Closed) => break,
            Err(error) => return Err(format!("{error:?}")),
        }
    }
    drop(stream);
    drop(IncomingBody::finish(body));
    Ok(all)
}

fn answer(out: ResponseOutparam, status: u16, bytes: &[u8]) {
    let response = OutgoingResponse::new(Fields::new());
    response.set_status_code(status).expect("a status code of HTTP");
    let body = response.body().expect("the body is taken once");
    ResponseOutparam::set(out, Ok(response));
    let stream = body.write().expect("the stream is taken once");
    for chunk in bytes.chunks(4096) {
        if stream.blocking_write_and_flush(chunk).is_err() {
            return;
        }
    }
    drop(stream);
    let _client_gone = OutgoingBody::finish(body, None);
}

bindings::export!(Bench with_types_in bindings);
