//! The web interfaces, checked inside the guest: `tests/guests/web_apis` holds one file for each group.

use std::sync::OnceLock;

use worky_tests::{Project, Worky};

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| Project::guest("web_apis", "[limits]\ncpu_ms = 20000\n").serve())
}

async fn group(name: &str, checks: usize) {
    all_ok(&worky().get(&format!("/{name}")).await.ok().json(), checks);
}

/// Reports every check of a guest that failed. `checks` guards against a group that lost some.
#[track_caller]
pub(crate) fn all_ok(results: &serde_json::Value, checks: usize) {
    let results = results.as_object().expect("results by name");
    let failed: Vec<String> = results
        .iter()
        .filter(|(_, result)| *result != "ok")
        .map(|(name, result)| format!("{name}: {result}"))
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {} failed\n{}",
        failed.len(),
        results.len(),
        failed.join("\n").replace("\\n", "\n")
    );
    assert!(results.len() >= checks, "only {} checks ran: {results:?}", results.len());
}

#[tokio::test]
async fn urls() {
    group("urls", 5).await;
}

#[tokio::test]
async fn encoding() {
    group("encoding", 11).await;
}

#[tokio::test]
async fn streams() {
    group("streams", 13).await;
}

#[tokio::test]
async fn events() {
    group("events", 8).await;
}

#[tokio::test]
async fn messages() {
    group("messages", 10).await;
}

#[tokio::test]
async fn timers() {
    group("timers", 5).await;
}

#[tokio::test]
async fn crypto() {
    group("crypto", 7).await;
}

#[tokio::test]
async fn globals() {
    group("globals", 7).await;
}

#[tokio::test]
async fn what_is_hidden() {
    group("hidden", 9).await;
}
