//! The same files in a component, through `wasi:filesystem`: preopens, quotas, and no way out.

use std::os::unix::fs::symlink;

use serde_json::json;
use worky_tests::client::Answer;
use worky_tests::guest::guest_bytes;
use worky_tests::project::CONFIG;
use worky_tests::{Project, Worky};

fn serve(limits: &str) -> Worky {
    let config = format!(
        "name = \"worker\"\nmain = \"app.wasm\"\n[[files]]\nbinding = \"DATA\"\npath = \"data\"\nmode = \"read-write\"\nquota_bytes = 10000\n[[files]]\nbinding = \"READ\"\npath = \"read\"\n[storage]\npath = \"storage\"\n[limits]\n{limits}\n"
    );
    let project = Project::empty().file("app.wasm", guest_bytes("parity")).file(CONFIG, config);
    let project = project.file("read/there.txt", "there").file("secret", "secret").file("data/.keep", "");
    std::fs::remove_file(project.path().join("data/.keep")).expect("removed");
    symlink("../secret", project.path().join("read/link")).expect("linked");
    symlink("..", project.path().join("data/up")).expect("linked");
    project.serve()
}

async fn ask(worky: &Worky, operation: &str, path: &str) -> Answer {
    worky.get(&format!("/files/{operation}?path={path}")).await
}

#[track_caller]
fn fails(answer: &Answer, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.text()), (409, &*json!({ "error": code }).to_string()));
}

#[tokio::test]
async fn mounts_are_preopens() {
    let worky = serve("");
    let preopens = worky.get("/preopens").await.ok().json();
    assert_eq!(preopens, json!(["/DATA", "/READ", "/bundle", "/tmp"]));
    assert_eq!(ask(&worky, "list", "/bundle").await.ok().json(), json!([["app.wasm", "file"]]));
    assert_eq!(ask(&worky, "list", "/READ").await.ok().json(), json!([["there.txt", "file"]]));
    assert_eq!(ask(&worky, "read", "/READ/there.txt").await.ok().text(), "there");
    let own = ask(&worky, "read", "/bundle/app.wasm").await.ok();
    assert_eq!(own.body.len(), guest_bytes("parity").len());
}

#[tokio::test]
async fn files_are_written_and_read() {
    let worky = serve("");
    worky.post("/files/write?path=/DATA/a", "content").await.ok();
    assert_eq!(worky.project().read("data/a"), "content");
    worky.post("/files/append?path=/DATA/a", " and more").await.ok();
    assert_eq!(ask(&worky, "read", "/DATA/a").await.ok().text(), "content and more");
    assert_eq!(ask(&worky, "stat", "/DATA/a").await.ok().json(), json!({"kind": "file", "size": 16}));
    ask(&worky, "make", "/DATA/d").await.ok();
    fails(&ask(&worky, "make", "/DATA/d").await, "exist");
    ask(&worky, "rename", "/DATA/a&to=/DATA/d/b").await.ok();
    assert_eq!(ask(&worky, "list", "/DATA").await.ok().json(), json!([["d", "directory"]]));
    assert_eq!(ask(&worky, "read", "/DATA/d/../d/./b").await.ok().text(), "content and more");
    fails(&ask(&worky, "remove-dir", "/DATA/d").await, "not-empty");
    fails(&ask(&worky, "remove", "/DATA/d").await, "is-directory");
    fails(&ask(&worky, "read", "/DATA/d").await, "is-directory");
    fails(&ask(&worky, "read", "/DATA/d/b/c").await, "not-directory");
    fails(&ask(&worky, "rename", "/DATA/d/b&to=/tmp/b").await, "cross-device");
    ask(&worky, "remove", "/DATA/d/b").await.ok();
    ask(&worky, "remove-dir", "/DATA/d").await.ok();
    fails(&ask(&worky, "read", "/DATA/d/b").await, "no-entry");
}

#[tokio::test]
async fn there_is_no_way_out() {
    let worky = serve("");
    for path in ["/DATA/../secret", "/DATA//etc/passwd", "/DATA/x/../../secret", "/READ/../data/a"] {
        fails(&ask(&worky, "read", path).await, "not-permitted");
        fails(&worky.post(&format!("/files/write?path={path}"), "x").await, "not-permitted");
    }
    for path in ["/READ/link", "/DATA/up/secret", "/DATA/up"] {
        fails(&ask(&worky, "read", path).await, "loop");
    }
    fails(&ask(&worky, "link", "/etc/passwd&to=/DATA/new").await, "not-permitted");
    for path in ["/DATA/a%00b", "/DATA/a%5Cb", "/DATA/.worky-tmp-1"] {
        fails(&worky.post(&format!("/files/write?path={path}"), "x").await, "invalid");
    }
    fails(&worky.post(&format!("/files/write?path=/DATA/{}", "x".repeat(300)), "x").await, "name-too-long");
    fails(&worky.post("/files/write?path=/READ/new", "x").await, "read-only");
    fails(&ask(&worky, "remove", "/READ/there.txt").await, "read-only");
    fails(&worky.post("/files/write?path=/bundle/app.wasm", "x").await, "read-only");
    assert_eq!(worky.project().read("secret"), "secret");
}

#[tokio::test]
async fn limits_hold() {
    let worky = serve("open_files = 7\ntmp_bytes = 1000\n");
    fails(&worky.post("/files/write?path=/DATA/a", "x".repeat(10_001)).await, "quota");
    fails(&worky.post("/files/write?path=/tmp/a", "x".repeat(1_001)).await, "quota");
    let opened = ask(&worky, "open-many", "/READ/there.txt&times=100").await.ok().json();
    assert_eq!(opened, json!({"opened": 7, "error": "insufficient-memory"}));
    // They are closed with their request.
    assert_eq!(ask(&worky, "open-many", "/READ/there.txt&times=5").await.ok().json(), json!({"opened": 5}));
}

#[tokio::test]
async fn tmp_counts_against_the_memory_of_the_worker() {
    let worky = serve("memory_mb = 16\ntmp_bytes = 1000000000\n");
    worky.post("/files/write?path=/tmp/a", vec![0; 4 << 20]).await.ok();
    fails(&worky.post("/files/write?path=/tmp/a", vec![0; 20 << 20]).await, "insufficient-memory");
}

#[tokio::test]
async fn tmp_is_gone_with_its_request() {
    let worky = serve("");
    worky.post("/files/write?path=/tmp/a", "x").await.ok();
    assert_eq!(ask(&worky, "list", "/tmp").await.ok().json(), json!([]));
}
