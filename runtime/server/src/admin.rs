//! What operators ask: whether the process lives, whether it takes requests, and its metrics. On a listener of its own,
//! so that no worker's route can cover it and no client of the workers reaches it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::server::{Readiness, Shared};

/// Connections at once; a further one waits.
const CONNECTIONS_MAX: usize = 64;
const HEADER_READ: Duration = Duration::from_secs(10);
/// One connection's whole life.
const CONNECTION_AGE_MAX: Duration = Duration::from_secs(300);
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

const PLAIN: &str = "text/plain; charset=utf-8";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Serves for as long as it is polled; dropping it ends its connections.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let place = Arc::clone(&places).acquire_owned().await.expect("never closed");
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "cannot accept admin connections; trying again");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let _place = place;
            let connection =
                http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(HEADER_READ).serve_connection(
                    TokioIo::new(stream),
                    service_fn(move |request| {
                        let response = answer(&request, &shared);
                        async { Ok::<_, Infallible>(response) }
                    }),
                );
            if let Ok(Err(error)) = tokio::time::timeout(CONNECTION_AGE_MAX, connection).await {
                tracing::debug!(%error, "admin connection failed");
            }
        });
    }
}

fn answer(request: &Request<Incoming>, shared: &Shared) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, PLAIN, "only GET and HEAD\n".into());
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    match request.uri().path() {
        "/healthz" => text(StatusCode::OK, PLAIN, "ok\n".into()),
        "/readyz" => match shared.readiness() {
            Readiness::Ready => text(StatusCode::OK, PLAIN, "ready\n".into()),
            Readiness::Starting => text(StatusCode::SERVICE_UNAVAILABLE, PLAIN, "starting\n".into()),
            Readiness::Draining => text(StatusCode::SERVICE_UNAVAILABLE, PLAIN, "draining\n".into()),
        },
        "/metrics" => text(StatusCode::OK, OPEN_METRICS, shared.metrics.encode()),
        _ => text(StatusCode::NOT_FOUND, PLAIN, "only /healthz, /readyz and /metrics\n".into()),
    }
}

fn text(status: StatusCode, content_type: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
