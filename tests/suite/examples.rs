//! Every example runs as its README says.

use std::collections::BTreeSet;

use serde_json::json;
use worky_tests::client::full;
use worky_tests::{Project, Upstream, workspace_dir};

/// The examples that a test below runs.
const TESTED: &[&str] = &["guestbook", "hello", "seed", "streaming"];

/// An example whose upstream is the test's own.
fn with_upstream(name: &str, url: &str) -> Project {
    let project = Project::example(name);
    let config = project.read("worky.toml").replace("https://example.com/", url);
    assert!(config.contains(url), "{name} names its upstream");
    project.file("worky.toml", config).append_config("[egress]\nnetworks.allow = [\"127.0.0.0/8\"]")
}

#[test]
fn every_example_is_tested_and_has_a_readme() {
    let examples = workspace_dir().join("examples");
    let found: BTreeSet<String> = std::fs::read_dir(&examples)
        .expect("examples/ is there")
        .map(|entry| entry.expect("it can be read"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let tested: BTreeSet<String> = TESTED.iter().map(ToString::to_string).collect();
    assert_eq!(found, tested);
    for name in found {
        let readme = Project::example(&name).read("README.md");
        assert!(readme.contains(&format!("worky dev examples/{name}")) && readme.contains("curl "), "{readme}");
    }
}

#[test]
fn every_example_passes_its_check() {
    for name in TESTED {
        Project::example(name).check().assert_code(0).assert_says("0 warnings");
    }
}

#[tokio::test]
async fn hello() {
    let worky = Project::example("hello").dev();
    assert_eq!(worky.get("/").await.ok().text(), "Hello, world!\n");
    assert_eq!(worky.get("/?name=Ada").await.ok().text(), "Hello, Ada!\n");
}

#[tokio::test]
async fn seed() {
    let upstream = Upstream::start();
    let worky = with_upstream("seed", &upstream.url("/status/203")).serve();
    let first = worky.get("/").await.ok();
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(first.header("cache-control"), "no-store");
    assert_eq!(first.json(), json!({"status": 203, "bytes": 10, "changed": true}));
    assert_eq!(worky.get("/").await.ok().json()["changed"], false);
    // What it kept outlives the program.
    let worky = worky.kill().serve();
    assert_eq!(worky.get("/").await.ok().json()["changed"], false);
    assert_eq!(upstream.seen("/status/203").len(), 3);
}

#[tokio::test]
async fn guestbook() {
    let worky = Project::example("guestbook").dev();
    assert!(worky.get("/").await.ok().text().contains("<ul></ul>"));
    let sign = |body: &'static str| {
        let request = worky.request("POST", "/").header("content-type", "application/x-www-form-urlencoded");
        worky.send(request.body(full(body)).expect("a valid request"))
    };
    for body in ["name=Ada&message=first", "name=%3Cscript%3E&message=%22quoted%22+%26+%27so%27"] {
        let signed = sign(body).await;
        assert_eq!((signed.status.as_u16(), signed.header("location")), (303, "/"));
    }
    let page = worky.get("/").await.ok();
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains("<b>Ada</b>") && page.text().contains("<b>&lt;script&gt;</b>"), "{}", page.text());
    assert!(page.text().contains("&quot;quoted&quot; &amp; &#39;so&#39;"), "{}", page.text());
    assert!(!page.text().contains("<script>"));

    assert_eq!(sign("name=&message=x").await.status, 400);
    assert_eq!(worky.get("/other").await.status, 404);
    let delete = worky.request("DELETE", "/").body(full("")).expect("a valid request");
    assert_eq!(worky.send(delete).await.header("allow"), "GET, HEAD, POST");
    let largest = "name=".to_owned() + &"%E2%82%AC".repeat(50) + "&message=" + &"%E2%82%AC".repeat(1000);
    let request = worky.request("POST", "/").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(worky.send(request.body(full(largest)).expect("a valid request")).await.status, 303);
}

#[tokio::test]
async fn streaming() {
    let upstream = Upstream::start();
    let worky = with_upstream("streaming", &upstream.url("/gated/shout")).serve();

    let request = worky.request("GET", "/clock?ms=10").body(full("")).expect("a valid request");
    let mut events = worky.open(request).await;
    assert_eq!(events.headers["content-type"], "text/event-stream");
    for _ in 0..3 {
        let event = events.read_until("\n\n").await;
        assert!(event.starts_with("data: 20") && event.ends_with("Z\n\n"), "{event}");
    }
    drop(events);

    let request = worky.request("GET", "/shout").body(full("")).expect("a valid request");
    let mut shouted = worky.open(request).await;
    assert_eq!(shouted.read_until("\n").await, "FIRST\n");
    upstream.open_gate("shout");
    assert_eq!(shouted.read_until("\n").await, "SECOND\n");

    assert_eq!(worky.get("/").await.status, 404);
}
