//! `fetch` as a guest uses it, against an upstream of the test's own. The acts are in `tests/guests/fetch`.

use std::sync::OnceLock;

use serde_json::{Value, json};
use worky_tests::upstream::PLAIN;
use worky_tests::{Project, Upstream, Worky, client};

/// The worker of `tests/guests/fetch` for an upstream, with more configuration.
pub(crate) fn guest(upstream: &Upstream, config: &str) -> Project {
    let vars = format!("[vars]\nUPSTREAM = \"{}\"\n{config}", upstream.url(""));
    Project::guest("fetch", &vars)
}

/// The configuration that opens the network of the upstreams.
pub(crate) const LOOPBACK: &str = "[egress]\nnetworks.allow = [\"127.0.0.0/8\"]\n";

struct Fixture {
    upstream: Upstream,
    worky: Worky,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let upstream = Upstream::start();
        let worky = guest(&upstream, LOOPBACK).serve();
        Fixture { upstream, worky }
    })
}

async fn act(name: &str) -> Value {
    fixture().worky.get(&format!("/{name}")).await.ok().json()
}

#[tokio::test]
async fn every_method_goes_out() {
    assert_eq!(act("methods").await, json!(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", 200, ""]));
}

#[tokio::test]
async fn every_kind_of_body_goes_out() {
    let expected = json!([
        ["text", true],
        ["bytes", true],
        ["buffer", true],
        ["blob", true],
        ["q=1+2", true],
        ["stream", true],
        [true, true],
    ]);
    assert_eq!(act("bodies").await, expected);
}

#[tokio::test]
async fn headers_go_out() {
    assert_eq!(act("headers").await, json!(["value", "x/y", true, "string"]));
}

#[tokio::test]
async fn a_response_tells_what_it_is() {
    assert_eq!(act("response").await, json!([404, false, "Not Found", true, false, "basic", "status 404"]));
}

#[tokio::test]
async fn cookies_are_told_apart_and_not_kept() {
    assert_eq!(act("cookies").await, json!([["a=1", "b=2"], null]));
}

#[tokio::test]
async fn compressed_bodies_are_decoded() {
    assert_eq!(act("decode").await, json!([PLAIN, PLAIN, PLAIN, PLAIN]));
    let seen = fixture().upstream.seen("/gzip");
    let accepted = seen[0].headers["accept-encoding"].to_str().expect("text").to_owned();
    for encoding in ["gzip", "br", "zstd", "deflate"] {
        assert!(accepted.contains(encoding), "{accepted}");
    }
}

#[tokio::test]
async fn redirects_are_followed_handed_over_or_refused() {
    let expected = json!([[200, true, true, "arrived"], [302, "/echo"], "TypeError", "TypeError"]);
    assert_eq!(act("redirects").await, expected);
}

#[tokio::test]
async fn a_redirect_changes_the_method_as_the_standard_says() {
    let expected =
        json!([[301, "GET", ""], [302, "GET", ""], [303, "GET", ""], [307, "POST", "kept?"], [308, "POST", "kept?"],]);
    assert_eq!(act("redirect_methods").await, expected);
}

#[tokio::test]
async fn credentials_do_not_follow_to_another_origin() {
    let other = Upstream::start();
    let path = format!("credentials?other={}", other.url(""));
    assert_eq!(act(&path).await, json!([["Bearer x", "kept"], [null, "kept"]]));
}

#[tokio::test]
async fn what_fails_is_a_type_error() {
    let errors = act("errors").await;
    assert_eq!(errors, json!(vec!["TypeError"; 7]));
}

#[tokio::test]
async fn a_signal_stops_a_fetch_and_the_upstream_learns_of_it() {
    assert_eq!(act("abort").await, json!(["AbortError", "TimeoutError", "RangeError: mine"]));
    fixture().upstream.noted("aborted /never/aborted").await;
    fixture().upstream.noted("aborted /never/timeout").await;
}

#[tokio::test]
async fn a_signal_stops_a_body() {
    assert_eq!(act("abort_body").await, json!("AbortError"));
    fixture().upstream.noted("aborted /gated/abort_body").await;
}

#[tokio::test]
async fn cancelling_a_body_ends_the_exchange() {
    act("cancel_body").await;
    fixture().upstream.noted("aborted /gated/cancel_body").await;
}

#[tokio::test]
async fn many_fetches_run_at_once() {
    assert_eq!(act("parallel").await, json!(true));
}

#[tokio::test]
async fn connections_are_used_again() {
    let upstream = Upstream::start();
    let worky = guest(&upstream, LOOPBACK).serve();
    for _ in 0..3 {
        worky.get("/many?n=5").await.ok();
    }
    assert!(upstream.connections() <= 3, "{} connections for 15 fetches", upstream.connections());
}

#[tokio::test]
async fn subrequests_are_limited_for_each_request() {
    let upstream = Upstream::start();
    let worky = guest(&upstream, &format!("{LOOPBACK}[limits]\nsubrequests = 3\n")).serve();
    for _ in 0..2 {
        let seen = worky.get("/many?n=5").await.ok().json();
        let seen: Vec<&str> = seen.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        assert_eq!(seen[..3], ["resolved status 200"; 3]);
        assert!(seen[3..].iter().all(|text| text.contains("subrequests") && text.contains('3')), "{seen:?}");
    }
    // Every hop of a redirect is a subrequest.
    let seen = worky.get(&format!("/get?url={}", upstream.url("/chain/9"))).await.ok().json();
    assert!(seen.as_str().expect("text").contains("subrequests"), "{seen}");
}

#[tokio::test]
async fn the_trace_goes_on() {
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let request = fixture().worky.request("GET", "/trace").header("traceparent", parent).body(client::full(""));
    let sent = fixture().worky.send(request.expect("valid")).await.ok().json();
    let sent = sent.as_str().expect("a traceparent").to_owned();
    assert!(sent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && sent.ends_with("-01"), "{sent}");
    assert_ne!(sent, parent);
}

#[tokio::test]
async fn a_request_is_passed_on_with_all_it_has() {
    let worky = &fixture().worky;
    let request = worky
        .request("PUT", "/proxy?to=/echo?passed=on")
        .header("x-custom", "1")
        .header("content-type", "text/x-custom")
        .body(client::full("the body"));
    let seen = worky.send(request.expect("valid")).await.ok().json();
    assert_eq!((&seen["method"], &seen["body"]), (&json!("PUT"), &json!("the body")));
    assert_eq!(seen["path"], "/echo?passed=on");
    assert_eq!(
        (&seen["headers"]["x-custom"], &seen["headers"]["content-type"]),
        (&json!("1"), &json!("text/x-custom"))
    );
    assert_eq!(seen["headers"]["host"], fixture().upstream.address().to_string());
}

#[tokio::test]
async fn a_proxied_response_arrives_decoded_and_consistent() {
    for encoding in ["gzip", "br"] {
        let answer = fixture().worky.get(&format!("/proxy?to=/{encoding}")).await.ok();
        assert_eq!(answer.text(), PLAIN);
        assert_eq!(answer.header("content-encoding"), "");
    }
}

#[tokio::test]
async fn the_proxy_of_the_environment_is_not_used() {
    let upstream = Upstream::start();
    let dead = "http://127.0.0.1:1";
    let worky =
        guest(&upstream, LOOPBACK).env("HTTP_PROXY", dead).env("http_proxy", dead).env("ALL_PROXY", dead).serve();
    assert_eq!(worky.get("/many?n=1").await.ok().json(), json!(["resolved status 200"]));
}
