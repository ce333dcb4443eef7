//! Answers as the benchmark's workers do, with hyper alone: what no runtime on hyper can be faster than on one thread.
//!
//! usage: worky-bench-floor ADDRESS

use std::convert::Infallible;

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1).context("an address is missing; usage: worky-bench-floor 127.0.0.1:8080")?;
    let listener = TcpListener::bind(&address).await.with_context(|| format!("cannot listen on '{address}'"))?;
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
            // A client that goes away is the end of its connection and of nothing else.
            let _ = connection.await;
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.method() == Method::POST { Ok(echo(request).await) } else { Ok(text("hello world")) }
}

async fn echo(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let json = match request.into_body().collect().await {
        Ok(body) => serde_json::from_slice::<serde_json::Value>(&body.to_bytes()).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match json {
        Ok(json) => {
            let mut response = Response::new(Full::from(json.to_string()));
            response.headers_mut().insert(CONTENT_TYPE, "application/json".parse().expect("a valid header value"));
            response
        }
        Err(error) => {
            let mut response = text(&error);
            *response.status_mut() = StatusCode::BAD_REQUEST;
            response
        }
    }
}

fn text(body: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body.to_owned()));
    response.headers_mut().insert(CONTENT_TYPE, "text/plain;charset=UTF-8".parse().expect("a valid header value"));
    response
}
