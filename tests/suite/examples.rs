//! Every example runs as its README says.

use std::collections::BTreeSet;

use serde_json::json;
use worky_tests::client::full;
use worky_tests::guest::guest_bytes;
use worky_tests::{Project, Upstream, workspace_dir};

/// The examples that a test below runs.
const TESTED: &[&str] = &["csv-stats", "guestbook", "hello", "markdown", "seed", "streaming"];

/// An example, with the plugins that it imports beside its configuration.
fn example(name: &str) -> Project {
    const BUILT: &str = "../../target/guests/";
    let mut project = Project::example(name);
    let config = project.read("worky.toml");
    for plugin in config.split(BUILT).skip(1).filter_map(|rest| rest.split_once(".wasm")) {
        project = project.file(&format!("{}.wasm", plugin.0), guest_bytes(plugin.0));
    }
    project.file("worky.toml", config.replace(BUILT, ""))
}

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
        example(name).check().assert_code(0).assert_says("0 warnings");
    }
}

#[test]
fn tests_of_examples_pass() {
    let ran = Project::example("guestbook").run(&["test"]);
    ran.assert_code(0).assert_says("8 passed, 0 failed, 0 skipped (1 file");
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

#[tokio::test]
async fn markdown() {
    let worky = example("markdown").dev();
    let page = worky.get("/").await.ok();
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains("<title>Markdown</title>") && page.text().contains("<table>"), "{}", page.text());
    assert!(page.text().contains("id=\"try-it\"") && page.text().contains("<strong>Rust</strong>"), "{}", page.text());
    assert!(page.text().contains("&lt;script&gt;") && !page.text().contains("<script"), "{}", page.text());

    let own = worky.post("/", "# One & *two*\n\n- [x] done ~~not~~\n").await.ok();
    assert!(
        own.text().contains("<title>One &amp; two</title>") && own.text().contains("<del>not</del>"),
        "{}",
        own.text()
    );
    let outline = worky.post("/outline", "# One\n\n## Two *three*\n\n## Two three\n").await.ok();
    assert_eq!(
        outline.json(),
        json!([
            {"level": 1, "text": "One", "id": "one"},
            {"level": 2, "text": "Two three", "id": "two-three"},
            {"level": 2, "text": "Two three", "id": "two-three-1"},
        ])
    );
    let links = worky.post("/links", "[a](/b \"c\") ![d](e.png) [a](/b \"c\") https://example.com").await.ok();
    assert_eq!(
        links.json(),
        json!([
            {"kind": "link", "target": "/b", "title": "c"},
            {"kind": "image", "target": "e.png"},
            {"kind": "link", "target": "https://example.com"},
        ])
    );
    let broken = worky.post("/", "---\ntitle: x\n").await;
    assert_eq!(broken.status, 400);
    assert_eq!(broken.text(), "line 1: the front matter does not end: a line of --- is missing\n");
}

#[tokio::test]
async fn csv_stats() {
    let worky = example("csv-stats").dev();
    let summary = worky.post("/", "city,degrees,note\nOslo,4,\nRome,22,\nOslo,-2,\n").await.ok();
    assert_eq!(
        summary.json(),
        json!({
            "rows": 3,
            "columns": [
                {"name": "city", "count": 3, "missing": 0, "distinct": 2, "content": {"tag": "texts", "val": {
                    "shortest": 4, "longest": 4, "mostFrequent": "Oslo", "frequency": 2}}},
                {"name": "degrees", "count": 3, "missing": 0, "distinct": 3, "content": {"tag": "numbers", "val": {
                    "minimum": -2, "maximum": 22, "sum": 24, "mean": 8,
                    "standardDeviation": summary.json()["columns"][1]["content"]["val"]["standardDeviation"],
                    "median": 4}}},
                {"name": "note", "count": 0, "missing": 3, "distinct": 0, "content": {"tag": "nothing"}},
            ],
        })
    );
    let bare = worky.post("/?delimiter=;&header=no", "1;2\n3;4\n").await.ok().json();
    assert_eq!((&bare["rows"], &bare["columns"][1]["name"]), (&json!(2), &json!("2")));
    // Many calls of one instance, with a garbage collector in it.
    let large = "n,text\n".to_owned() + &"12.5,some text that takes room\n".repeat(20_000);
    for _ in 0..10 {
        assert_eq!(worky.post("/", large.clone()).await.ok().json()["rows"], 20_000);
    }
    for (query, body, says) in [
        ("", "a,b\n1\n", "line 2, column 1: wrong number of fields\n"),
        ("?delimiter=%22", "a", "delimiter and comment are different characters"),
        ("?delimiter=ab", "a", "delimiter"),
    ] {
        let answer = worky.post(&format!("/{query}"), body).await;
        assert!(answer.status == 400 && answer.text().contains(says), "{query}: {}", answer.text());
    }
    assert_eq!(worky.get("/").await.header("allow"), "POST");
}
