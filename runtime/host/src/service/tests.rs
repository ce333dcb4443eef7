use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use http_body::Frame;
use http_body_util::StreamBody;
use parking_lot::Mutex;

use super::*;
use crate::{InvocationLimits, RequestId, TraceContext};

/// Keeps the request that it is asked, and answers with a body that never ends.
#[derive(Default)]
struct Asked(Mutex<Option<http::Request<Body>>>);

impl ServiceDispatch for Asked {
    fn dispatch(
        &self,
        _: &Arc<str>,
        request: http::Request<Body>,
        _: &InvocationContext,
    ) -> BoxFuture<'static, Result<http::Response<Body>, ServiceError>> {
        *self.0.lock() = Some(request);
        let first = futures_util::stream::iter([Ok(Frame::data(Bytes::from("first")))]);
        let chunks = futures_util::StreamExt::chain(first, futures_util::stream::pending());
        let mut response = http::Response::new(Body::stream(StreamBody::new(chunks)));
        response.headers_mut().insert("connection", HeaderValue::from_static("close"));
        std::future::ready(Ok(response)).boxed()
    }
}

fn service(binding: &str, dispatch: Arc<dyn ServiceDispatch>) -> Service {
    Service::new(binding, "auth", "caller".into(), dispatch, Metrics::default())
}

fn context(subrequests_max: u32) -> InvocationContext {
    InvocationContext::new(
        RequestId::random(),
        TraceContext::root(),
        InvocationLimits { subrequests: subrequests_max, ..InvocationLimits::UNBOUNDED },
    )
}

fn request(uri: &str) -> http::Request<Body> {
    http::Request::get(uri).body(Body::empty()).expect("valid")
}

#[test]
fn hosts_name_bindings() {
    let named = |binding: &str| service(binding, Arc::new(NoServices));
    let services = Services::new(vec![named("AUTH"), named("user_store")]);
    let found = |host: &str| {
        let found = services.of_host(host)?;
        Some(found.map(|service| service.binding().to_owned()).map_err(|error| error.code()))
    };
    for (host, binding) in [
        ("auth.worky.internal", "AUTH"),
        ("Auth.Worky.INTERNAL", "AUTH"),
        ("auth.worky.internal.", "AUTH"),
        ("user-store.worky.internal", "user_store"),
    ] {
        assert_eq!(found(host), Some(Ok(binding.to_owned())), "{host}");
    }
    for host in ["other.worky.internal", "worky.internal", "a.auth.worky.internal", "user_store.worky.internal"] {
        assert_eq!(found(host), Some(Err("service_not_bound")), "{host}");
    }
    for host in ["auth.worky.internal.test", "authworky.internal", "xworky.internal", "example.com", "", "ü.internal"]
    {
        assert_eq!(found(host), None, "{host}");
    }
}

#[tokio::test]
async fn a_service_sees_what_is_its_business() {
    let asked = Arc::new(Asked::default());
    let mut sent = request("http://user:pass@any.test/path?q");
    *sent.method_mut() = Method::POST;
    *sent.body_mut() = Body::full("body");
    for (name, value) in [
        ("host", "other.test"),
        ("content-length", "99"),
        ("te", "trailers"),
        ("expect", "100-continue"),
        ("x-own", "1"),
    ] {
        sent.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let response = service("AUTH", asked.clone()).fetch(&context(1), sent).await.expect("an answer");
    assert!(!response.headers().contains_key("connection"));
    let seen = asked.0.lock().take().expect("asked");
    assert_eq!(seen.uri(), "http://any.test/path?q");
    let headers = seen.headers();
    assert_eq!(
        (&headers["host"], &headers["content-length"], &headers["x-own"]),
        (&HeaderValue::from_static("any.test"), &HeaderValue::from_static("4"), &HeaderValue::from_static("1"),)
    );
    assert_eq!(headers["authorization"], "Basic dXNlcjpwYXNz");
    assert!(["te", "expect"].iter().all(|name| !headers.contains_key(*name)));
}

#[tokio::test]
async fn bad_requests_and_too_many_are_refused() {
    let service = service("AUTH", Arc::new(Asked::default()));
    let context = context(3);
    for (method, uri, code) in [
        ("TRACE", "http://a.test/", "forbidden_method"),
        ("GET", "ftp://a.test/", "invalid_url"),
        ("GET", "/path", "invalid_url"),
        ("GET", "http://a.test/", "subrequests_exceeded"),
    ] {
        let mut request = request(uri);
        *request.method_mut() = method.parse().expect("a method");
        let refused = service.fetch(&context, request).await.expect_err(uri);
        assert_eq!(refused.code(), code, "{method} {uri}");
    }
}

#[tokio::test]
async fn a_forgotten_response_ends_with_its_callers_request() {
    let context = context(1);
    let service = service("AUTH", Arc::new(Asked::default()));
    let mut body = service.fetch(&context, request("http://a.test/")).await.expect("an answer").into_body();
    assert_eq!(body.chunk().await.expect("a chunk").expect("whole"), "first");
    let reader = tokio::spawn(async move { body.chunk().await });
    tokio::task::yield_now().await;
    assert!(!reader.is_finished());
    context.end();
    let end = tokio::time::timeout(Duration::from_secs(10), reader).await.expect("woken").expect("no panic");
    assert!(matches!(end, Some(Err(_))), "{end:?}");
}

/// Whoever saw the last byte may end the request before the reader has asked whether there are more.
#[tokio::test]
async fn a_body_that_came_whole_is_not_cut() {
    let ended = tokio_util::sync::CancellationToken::new();
    let last = http_body_util::BodyExt::map_err(http_body_util::Full::new(Bytes::from("last")), |never| match never {});
    let mut body = until(&Handle::current(), ended.clone(), Body::stream(last));
    assert_eq!(body.chunk().await.expect("a chunk").expect("whole"), "last");
    ended.cancel();
    tokio::task::yield_now().await;
    assert!(body.chunk().await.is_none());
}
