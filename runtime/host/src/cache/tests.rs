use super::*;
use crate::clock::ManualClock;

fn caches(limits: CacheLimits) -> (Caches, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at_unix_ms(1_767_225_600_000));
    (Caches::new(clock.clone(), limits), clock)
}

async fn ask(
    caches: &Caches,
    worker: &str,
    method: Method,
    url: &str,
    fields: &[(&'static str, &str)],
    body: &str,
) -> Response<Body> {
    let mut request = Request::new(Body::full(body.to_owned()));
    (*request.method_mut(), *request.uri_mut()) = (method, url.parse().expect("a URL"));
    for (name, value) in fields {
        request.headers_mut().append(*name, value.parse().expect("a value"));
    }
    let context = InvocationContext::new(
        crate::RequestId::random(),
        crate::TraceContext::root(),
        crate::InvocationLimits::UNBOUNDED,
    );
    caches.of_worker(worker.into()).dispatch(&"caches".into(), request, &context).await.expect("an answer")
}

async fn put(caches: &Caches, worker: &str, url: &str, more: &[(&'static str, &str)], body: &str) {
    let fields = [&[("worky-cache-status", "200"), ("cache-control", "max-age=60")][..], more].concat();
    ask(caches, worker, Method::PUT, url, &fields, body).await;
}

async fn found(caches: &Caches, worker: &str, url: &str, fields: &[(&'static str, &str)]) -> Option<String> {
    let response = ask(caches, worker, Method::GET, url, fields, "").await;
    if response.headers().contains_key(MISS) {
        return None;
    }
    let text = response.body().as_bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    Some(format!("{} {}", response.status().as_u16(), text.expect("at hand")))
}

const URL: &str = "http://a.test/x?y=1";

#[tokio::test]
async fn what_is_kept_is_found_until_its_end() {
    let (caches, clock) = caches(CacheLimits::default());
    put(&caches, "w", URL, &[("etag", "\"v\"")], "text").await;
    assert_eq!(found(&caches, "w", URL, &[]).await.as_deref(), Some("200 text"));
    assert_eq!(found(&caches, "w", URL, &[("if-none-match", "\"v\"")]).await.as_deref(), Some("304 "));
    assert_eq!(found(&caches, "other", URL, &[]).await, None);
    assert_eq!(found(&caches, "w", "http://a.test/x", &[]).await, None);
    assert_eq!(found(&caches, "w", URL, &[("worky-cache-name", "named")]).await, None);
    clock.advance_ms(59_999);
    let hit = ask(&caches, "w", Method::GET, URL, &[], "").await;
    assert_eq!(hit.headers()["age"], "59");
    clock.advance_ms(1);
    assert_eq!(found(&caches, "w", URL, &[]).await, None);
    assert_eq!(caches.0.kept.lock().bytes, 0);
    put(&caches, "w", URL, &[], "again").await;
    assert_eq!(ask(&caches, "w", Method::DELETE, URL, &[], "").await.status(), StatusCode::OK);
    assert_eq!(ask(&caches, "w", Method::DELETE, URL, &[], "").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(found(&caches, "w", URL, &[]).await, None);
}

#[tokio::test]
async fn cookies_and_variants() {
    let (caches, _) = caches(CacheLimits::default());
    put(&caches, "w", URL, &[("set-cookie", "a=1")], "text").await;
    assert_eq!(found(&caches, "w", URL, &[]).await, None);
    put(&caches, "w", URL, &[("set-cookie", "a=1"), ("cache-control", "private=Set-Cookie")], "text").await;
    let hit = ask(&caches, "w", Method::GET, URL, &[], "").await;
    assert!(hit.status().is_success() && !hit.headers().contains_key("set-cookie"));
    put(&caches, "w", URL, &[("worky-cache-vary", "accept-language=de&x-a=")], "deutsch").await;
    assert_eq!(found(&caches, "w", URL, &[("accept-language", "de")]).await.as_deref(), Some("200 deutsch"));
    for fields in [&[("accept-language", "en")][..], &[], &[("accept-language", "de"), ("x-a", "1")]] {
        assert_eq!(found(&caches, "w", URL, fields).await, None, "{fields:?}");
    }
}

#[tokio::test]
async fn bounds() {
    let one = ENTRY_BYTES as u64 + 1500;
    let limits = CacheLimits { entry_bytes_max: one, worker_bytes_max: 3 * one, total_bytes_max: 5 * one };
    let (caches, _) = caches(limits);
    let url = |n: u32| format!("http://a.test/{n}");
    let text = "x".repeat(1200);
    put(&caches, "w", &url(0), &[], &"x".repeat(2000)).await;
    assert_eq!(found(&caches, "w", &url(0), &[]).await, None);
    for n in 1..=4 {
        put(&caches, "w", &url(n), &[], &text).await;
        // The first one is used, so the second one goes.
        assert!(found(&caches, "w", &url(1), &[]).await.is_some());
    }
    assert!(found(&caches, "w", &url(2), &[]).await.is_none());
    for n in [3, 4, 1] {
        assert!(found(&caches, "w", &url(n), &[]).await.is_some(), "{n}");
    }
    // Of all workers' the least recently used goes.
    for n in 1..=3 {
        put(&caches, "other", &url(n), &[], &text).await;
    }
    assert!(found(&caches, "w", &url(3), &[]).await.is_none());
    let kept = caches.0.kept.lock();
    let entries = || kept.by_worker.values().flat_map(|own| own.entries.values());
    assert_eq!(entries().count(), 5);
    assert_eq!(kept.bytes, entries().map(|entry| entry.bytes).sum::<u64>());
    assert_eq!(kept.bytes, kept.by_worker.values().map(|own| own.bytes).sum::<u64>());
}

#[tokio::test]
async fn small_entries_count_for_what_they_take() {
    let limits = CacheLimits { worker_bytes_max: 64 << 10, ..CacheLimits::default() };
    let (caches, _) = caches(limits);
    for n in 0..1000 {
        put(&caches, "w", &format!("http://a/{n}"), &[], "").await;
    }
    let kept = caches.0.kept.lock();
    let own = &kept.by_worker["w"];
    assert!(own.entries.len() < (64 << 10) / ENTRY_BYTES && own.bytes <= 64 << 10, "{}", own.entries.len());
}
