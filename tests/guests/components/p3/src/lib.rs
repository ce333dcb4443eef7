//! A worker that speaks WASI 0.3: its handler is asynchronous, bodies are streams.

mod bindings {
    wit_bindgen::generate!({ path: ["wit"], world: "worky:p3/p3", generate_all });
}

use std::sync::atomic::{AtomicU32, Ordering};

use bindings::exports::wasi::http::handler::Guest;
use bindings::wasi::clocks::monotonic_clock;
use bindings::wasi::http::client;
use bindings::wasi::http::types::{ErrorCode, Fields, Request, Response, Scheme};
use bindings::{wit_future, wit_stream};
use wit_bindgen::{FutureReader, StreamReader, StreamResult};

struct P3;

type Trailers = FutureReader<Result<Option<Fields>, ErrorCode>>;

impl Guest for P3 {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        static REQUESTS: AtomicU32 = AtomicU32::new(0);
        let count = REQUESTS.fetch_add(1, Ordering::Relaxed) + 1;
        let target = request.get_path_with_query().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        match path {
            "/hello" => Ok(text("hello from 0.3\n".to_owned())),
            "/counter" => Ok(text(format!("{count}\n"))),
            "/echo" => {
                let (body, _trailers) = Request::consume_body(request, done());
                Ok(respond(Some(body), no_trailers()))
            }
            "/stream" => Ok(stream(query.parse().unwrap_or(3))),
            "/fetch" => fetch(query).await,
            "/fail" => Err(ErrorCode::InternalError(Some("it fails".to_owned()))),
            "/trap" => panic!("trapped"),
            "/spin" => loop {
                std::hint::black_box(count);
            },
            "/sleep" => {
                monotonic_clock::wait_for(query.parse::<u64>().unwrap_or(1) * 1_000_000).await;
                Ok(text("slept\n".to_owned()))
            }
            _ => {
                let response = text("no such route\n".to_owned());
                response.set_status_code(404).expect("a status code of HTTP");
                Ok(response)
            }
        }
    }
}

fn text(body: String) -> Response {
    let (mut writer, reader) = wit_stream::new();
    wit_bindgen::spawn_local(async move {
        let _rest = writer.write_all(body.into_bytes()).await;
    });
    respond(Some(reader), no_trailers())
}

/// Lines a tenth of a second apart.
fn stream(lines: u32) -> Response {
    let (mut writer, reader) = wit_stream::new();
    wit_bindgen::spawn_local(async move {
        for line in 0..lines {
            if !writer.write_all(format!("line {line}\n").into_bytes()).await.is_empty() {
                return;
            }
            monotonic_clock::wait_for(100_000_000).await;
        }
    });
    respond(Some(reader), no_trailers())
}

/// Asks for `http://AUTHORITY/PATH` and passes on what comes.
async fn fetch(url: &str) -> Result<Response, ErrorCode> {
    let rest = url.strip_prefix("http://").ok_or(ErrorCode::HttpRequestUriInvalid)?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (request, _sent) = Request::new(Fields::new(), None, no_trailers(), None);
    request.set_scheme(Some(&Scheme::Http)).expect("a scheme");
    request.set_authority(Some(authority)).expect("an authority");
    request.set_path_with_query(Some(path)).expect("a path");
    let response = client::send(request).await?;
    let status = response.get_status_code();
    let (mut body, _trailers) = Response::consume_body(response, done());
    let mut all = Vec::new();
    loop {
        let (result, bytes) = body.read(Vec::with_capacity(16 << 10)).await;
        all.extend(bytes);
        if !matches!(result, StreamResult::Complete(_)) {
            break;
        }
    }
    let response = text(String::from_utf8_lossy(&all).into_owned());
    response.set_status_code(status).expect("a status code of HTTP");
    Ok(response)
}

fn respond(body: Option<StreamReader<u8>>, trailers: Trailers) -> Response {
    Response::new(Fields::new(), body, trailers).0
}

fn no_trailers() -> Trailers {
    let (writer, reader) = wit_future::new(|| Ok(None));
    drop(writer);
    reader
}

fn done() -> FutureReader<Result<(), ErrorCode>> {
    let (writer, reader) = wit_future::new(|| Ok(()));
    drop(writer);
    reader
}

bindings::export!(P3 with_types_in bindings);
