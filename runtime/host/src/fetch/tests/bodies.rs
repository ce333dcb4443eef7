//! Bodies in both directions: lengths, encodings, back-pressure, and what becomes of them when somebody leaves.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Incoming;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::upstream::{Setup, Upstream, answer, bytes, context, get, text};
use crate::fetch::{FetchError, FetchLimits};
use crate::{Body, BodyError};

const CHUNK: usize = 64 << 10;
/// What kernel and HTTP buffers of both ends may hold, in bytes, with a wide margin.
const BUFFERED_MAX: usize = 24 << 20;
/// Far more than that.
const LARGE: usize = 96 << 20;

/// Counts what is drawn from it, and may know its length.
struct Counted {
    left: usize,
    drawn: Arc<AtomicUsize>,
    hint: SizeHint,
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let size = CHUNK.min(self.left);
        if size == 0 {
            return Poll::Ready(None);
        }
        self.left -= size;
        self.drawn.fetch_add(size, Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[0; CHUNK]).slice(..size)))))
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

fn counted(size: usize, drawn: &Arc<AtomicUsize>, hint: SizeHint) -> Body {
    Body::stream(Counted { left: size, drawn: drawn.clone(), hint })
}

fn chunks(items: Vec<Result<&'static str, BodyError>>) -> Body {
    Body::stream(StreamBody::new(stream::iter(items.into_iter().map(|item| item.map(|text| Frame::data(text.into()))))))
}

fn post(url: &str, body: Body) -> http::Request<Body> {
    http::Request::post(url).body(body).expect("a good request")
}

/// How the body was framed, and its length.
async fn framing(request: http::Request<Incoming>) -> http::Response<Body> {
    let header = |name| request.headers().get(name).map_or("-".to_owned(), |v| v.to_str().expect("text").to_owned());
    let (length, encoding) = (header("content-length"), header("transfer-encoding"));
    let received = request.into_body().collect().await.map_or(0, |body| body.to_bytes().len());
    answer(format!("{length} {encoding} {received}"))
}

#[tokio::test]
async fn bodies_are_framed_by_what_is_known_of_their_length() {
    let upstream = Upstream::start(framing).await;
    let fetch = Setup::default().fetch();
    let drawn = Arc::default();
    for (body, expected) in [
        (Body::empty(), "0 - 0"),
        (Body::full("hello"), "5 - 5"),
        (chunks(vec![Ok("hello"), Ok(" "), Ok("world")]), "- chunked 11"),
        (counted(100, &drawn, SizeHint::with_exact(100)), "100 - 100"),
    ] {
        let response = fetch.send(&context(), post(&upstream.url("/"), body)).await.expect("an answer");
        assert_eq!(text(response.into_body()).await, expected);
    }
    let lying = post(&upstream.url("/"), counted(3, &drawn, SizeHint::with_exact(100)));
    assert!(fetch.send(&context(), lying).await.is_err());
}

#[tokio::test]
async fn an_upload_that_breaks_off_is_the_guests() {
    let upstream = Upstream::start(framing).await;
    let body = chunks(vec![Ok("hello"), Err(BodyError::Guest("stream errored".to_owned()))]);
    let error = Setup::default().fetch().send(&context(), post(&upstream.url("/"), body)).await.expect_err("broken");
    assert!(matches!(error, FetchError::RequestBody { .. }), "{error:?}");
    assert!(error.to_string().ends_with("stream errored"), "{error}");
}

#[tokio::test]
async fn uploads_are_drawn_as_they_are_read() {
    let drawn: Arc<AtomicUsize> = Arc::default();
    let seen = drawn.clone();
    let upstream = Upstream::start(move |request: http::Request<Incoming>| {
        let drawn = seen.clone();
        async move {
            let (mut body, mut received, mut ahead) = (request.into_body(), 0, 0);
            while let Some(frame) = body.frame().await {
                received += frame.expect("whole").into_data().expect("data").len();
                ahead = ahead.max(drawn.load(Ordering::SeqCst) - received);
                tokio::task::yield_now().await;
            }
            answer(format!("{received} {}", if ahead < BUFFERED_MAX { "bounded" } else { "unbounded" }))
        }
    })
    .await;
    let body = counted(LARGE, &drawn, SizeHint::default());
    let response = Setup::default().fetch().send(&context(), post(&upstream.url("/"), body)).await.expect("an answer");
    assert_eq!(text(response.into_body()).await, format!("{LARGE} bounded"));
}

#[tokio::test]
async fn responses_are_drawn_as_they_are_read() {
    let drawn: Arc<AtomicUsize> = Arc::default();
    let source = drawn.clone();
    let upstream = Upstream::start(move |_| {
        let body = counted(LARGE, &source, SizeHint::default());
        async move { http::Response::new(body) }
    })
    .await;
    let response = Setup::default().fetch().send(&context(), get(&upstream.url("/"))).await.expect("an answer");
    let (mut body, mut received) = (response.into_body(), 0);
    while let Some(chunk) = body.chunk().await {
        received += chunk.expect("whole").len();
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        assert!(drawn.load(Ordering::SeqCst) - received < BUFFERED_MAX);
    }
    assert_eq!(received, LARGE);
}

/// Tells when it is dropped.
struct Watched(mpsc::UnboundedSender<&'static str>, &'static str);

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.0.send(self.1);
    }
}

#[tokio::test]
async fn leaving_ends_the_exchange_for_the_upstream() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let upstream = Upstream::start(move |request: http::Request<Incoming>| {
        let tell = tell.clone();
        async move {
            if request.uri().path() == "/silent" {
                let _watched = Watched(tell.clone(), "handler gone");
                let _ = tell.send("asked");
                return std::future::pending().await;
            }
            let watched = Watched(tell, "body gone");
            let endless = stream::repeat_with(move || {
                let _ = &watched;
                Ok(Frame::data(Bytes::from_static(b"more")))
            });
            http::Response::new(Body::stream(StreamBody::new(endless)))
        }
    })
    .await;
    let fetch = Setup::default().fetch();

    let (context, url) = (context(), upstream.url("/silent"));
    let mut asking = Box::pin(fetch.send(&context, get(&url)));
    tokio::select! {
        _ = &mut asking => panic!("the upstream never answers"),
        heard = told.recv() => assert_eq!(heard, Some("asked")),
    }
    drop(asking);
    // Well before the timeouts that would end the exchange as well.
    let soon = Duration::from_secs(20);
    assert_eq!(timeout(soon, told.recv()).await, Ok(Some("handler gone")));

    let mut response = fetch.send(&context, get(&upstream.url("/endless"))).await.expect("an answer");
    response.body_mut().chunk().await.expect("a chunk").expect("whole");
    drop(response);
    assert_eq!(timeout(soon, told.recv()).await, Ok(Some("body gone")));
}

#[tokio::test]
async fn an_upstream_that_falls_silent_is_given_up() {
    let upstream = Upstream::start(|_| async {
        let first = stream::iter([Ok(Frame::data(Bytes::from_static(b"first")))]);
        http::Response::new(Body::stream(StreamBody::new(first.chain(stream::pending()))))
    })
    .await;
    let limits = FetchLimits { idle_timeout: Duration::from_millis(50), ..FetchLimits::default() };
    let fetch = Setup { limits, ..Setup::default() }.fetch();
    let mut body = fetch.send(&context(), get(&upstream.url("/"))).await.expect("an answer").into_body();
    assert_eq!(body.chunk().await.expect("a chunk").expect("whole"), "first");
    let error = body.chunk().await.expect("an error").expect_err("silence");
    assert!(error.to_string().ends_with("it sent nothing for 50 ms"), "{error}");
}

#[tokio::test]
async fn a_guest_that_reads_slowly_is_not_an_upstream_that_falls_silent() {
    let (write, written) = mpsc::unbounded_channel();
    let written = Arc::new(parking_lot::Mutex::new(Some(written)));
    let upstream = Upstream::start(move |_| {
        let mut written = written.lock().take().expect("one request");
        let chunks = stream::poll_fn(move |cx| written.poll_recv(cx)).map(|text| Ok(Frame::data(Bytes::from(text))));
        async move { http::Response::new(Body::stream(StreamBody::new(chunks))) }
    })
    .await;
    let idle_timeout = Duration::from_millis(300);
    let limits = FetchLimits { idle_timeout, ..FetchLimits::default() };
    let fetch = Setup { limits, ..Setup::default() }.fetch();
    let mut body = fetch.send(&context(), get(&upstream.url("/"))).await.expect("an answer").into_body();
    for text in ["one", "two", "three"] {
        // The read waits first, and the chunk comes while it waits.
        let (chunk, _) = tokio::join!(body.chunk(), async { write.send(text) });
        assert_eq!(chunk.expect("a chunk").expect("whole"), text);
        tokio::time::sleep(idle_timeout + Duration::from_millis(10)).await;
    }
}

async fn encode(encoding: &str, plain: &[u8]) -> Vec<u8> {
    macro_rules! encode {
        ($encoder:ident) => {{
            let mut encoder = $encoder::new(Vec::new());
            encoder.write_all(plain).await.expect("encodes");
            encoder.shutdown().await.expect("encodes");
            encoder.into_inner()
        }};
    }
    match encoding {
        "gzip" => encode!(GzipEncoder),
        "br" => encode!(BrotliEncoder),
        "zstd" => encode!(ZstdEncoder),
        "deflate" => encode!(ZlibEncoder),
        other => panic!("{other}"),
    }
}

/// Answers with the body that the path names: `/encoding,encoding/what`.
async fn encoder(request: http::Request<Incoming>) -> http::Response<Body> {
    let mut path = request.uri().path()[1..].split('/');
    let (encodings, what) = (path.next().expect("encodings"), path.next().expect("what"));
    let mut body = if what == "empty" { Vec::new() } else { "plain text, ".repeat(1000).into_bytes() };
    for encoding in encodings.split(',').filter(|_| what != "empty") {
        body = encode(encoding, &body).await;
    }
    if what == "cut" {
        body.truncate(body.len() / 2);
    }
    let body = Body::stream(StreamBody::new(stream::iter([Ok(Frame::data(Bytes::from(body)))])));
    http::Response::builder().header("content-encoding", encodings).body(body).expect("a good response")
}

#[tokio::test]
async fn content_encodings_are_undone() {
    let upstream = Upstream::start(encoder).await;
    let fetch = Setup::default().fetch();
    for encodings in ["gzip", "br", "zstd", "deflate", "gzip,br,zstd"] {
        let ask = |what: &str| get(&upstream.url(&format!("/{encodings}/{what}")));

        let response = fetch.send(&context(), ask("whole")).await.expect("an answer");
        assert!(!response.headers().contains_key("content-encoding"));
        assert_eq!(text(response.into_body()).await, "plain text, ".repeat(1000), "{encodings}");

        let response = fetch.send(&context(), ask("cut")).await.expect("an answer");
        let error = bytes(response.into_body()).await.expect_err("half of it is missing");
        assert!(matches!(error, BodyError::Upstream(_)), "{encodings}: {error}");

        let response = fetch.send(&context(), ask("empty")).await.expect("an answer");
        assert_eq!(bytes(response.into_body()).await.expect("nothing to decode"), b"", "{encodings}");

        let mut own = ask("whole");
        own.headers_mut().insert("accept-encoding", "gzip".parse().expect("valid"));
        let response = fetch.send(&context(), own).await.expect("an answer");
        assert_eq!(response.headers()["content-encoding"], encodings);
        assert_ne!(bytes(response.into_body()).await.expect("whole"), "plain text, ".repeat(1000).as_bytes());
    }
}

#[tokio::test]
async fn answers_without_a_body_have_none() {
    let upstream = Upstream::start(|request: http::Request<Incoming>| async move {
        let status = request.uri().path()[1..].parse::<u16>().expect("a status");
        let response = http::Response::builder().status(status).header("content-encoding", "gzip");
        response.header("content-length", "100").body(Body::empty()).expect("a good response")
    })
    .await;
    let fetch = Setup::default().fetch();
    let head = http::Request::head(upstream.url("/200")).body(Body::empty()).expect("a good request");
    for request in [head, get(&upstream.url("/304"))] {
        let response = fetch.send(&context(), request).await.expect("an answer");
        assert_eq!(response.headers()["content-encoding"], "gzip");
        assert_eq!(bytes(response.into_body()).await.expect("nothing to read"), b"");
    }
}
