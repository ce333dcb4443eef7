//! Vars, secrets and the log as a component has them: `wasi:config` and `wasi:logging`.

use std::sync::OnceLock;

use worky_tests::guest::guest_bytes;
use worky_tests::project::CONFIG;
use worky_tests::{Project, Worky};

const SECRET: &str = "hunter2-hunter2";

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| {
        let config = "name = \"worker\"\nmain = \"app.wasm\"\nsecrets = [\"TOKEN\"]\n\
                      [vars]\nGREETING = \"Grüß dich\"\nNUMBER = 4.5\nON = true\nLIST = [1, \"two\", { three = 3 }]\n\
                      [limits]\nlog_line_bytes = 200\nlog_lines = 5\n[log]\nlevel = \"info,worker=debug\"\n";
        Project::empty()
            .file("app.wasm", guest_bytes("parity"))
            .file(CONFIG, config)
            .env("WORKY_SECRET_TOKEN", SECRET)
            .env("WORKY_SECRET_OTHER", "not granted")
            .serve()
    })
}

#[tokio::test]
async fn vars_and_secrets_are_found_by_name() {
    let get = async |name: &str| worky().get(&format!("/config/{name}")).await;
    assert_eq!(get("GREETING").await.ok().text(), "Grüß dich", "a string is not quoted");
    assert_eq!(get("NUMBER").await.ok().text(), "4.5");
    assert_eq!(get("ON").await.ok().text(), "true");
    assert_eq!(get("LIST").await.ok().text(), r#"[1,"two",{"three":3}]"#);
    assert_eq!(get("TOKEN").await.ok().text(), SECRET);
    for absent in ["greeting", "OTHER", "PATH", "HOME", ""] {
        assert_eq!(get(absent).await.status, 404, "{absent}");
    }
    let all = worky().get("/config-all").await.ok().json();
    let names: Vec<_> = all.as_object().expect("names").keys().collect();
    assert_eq!(names, ["GREETING", "LIST", "NUMBER", "ON", "TOKEN"]);
}

#[tokio::test]
async fn the_environment_of_the_process_is_empty() {
    let environment = worky().get("/environment").await.ok().json();
    assert_eq!(environment["variables"], serde_json::json!({}));
    assert_eq!(environment["arguments"], serde_json::json!([]));
}

#[tokio::test]
async fn levels_are_those_of_the_console() {
    for (level, expected) in [
        ("trace", "debug"),
        ("debug", "debug"),
        ("info", "info"),
        ("warn", "warn"),
        ("error", "error"),
        ("critical", "error"),
    ] {
        let message = format!("said-as-{level}");
        let answer = worky().get(&format!("/log?level={level}&message={message}")).await.ok();
        let record = worky().output().record(&message).await;
        assert_eq!(record.level(), expected, "{level}");
        assert_eq!((record.worker(), record.request_id()), ("worker", answer.header("x-request-id")));
        assert_eq!(record.message(), message);
    }
}

#[tokio::test]
async fn a_context_goes_before_the_message() {
    worky().get("/log?context=orders&message=with-context").await.ok();
    worky().output().record("orders: with-context").await;
}

#[tokio::test]
async fn records_are_bounded_and_keep_no_secret() {
    worky().get(&format!("/log?message=token+is+{SECRET}!&context={SECRET}")).await.ok();
    worky().output().record("[secret TOKEN]: token is [secret TOKEN]!").await;
    assert!(!worky().output().has(SECRET));
    worky().get(&format!("/log?message=long-{}", "x".repeat(1_000))).await.ok();
    let long = |record: &worky_tests::Record| record.message().starts_with("long-xxx");
    let record = worky().output().find_record("a long line", long).await;
    assert!(record.message().ends_with("bytes cut, limits.log_line_bytes]"), "{}", record.message());
    assert!(record.message().len() < 300);
    let answer = worky().get("/log?message=many-times&times=20").await.ok();
    let id = answer.header("x-request-id").to_owned();
    let last =
        |record: &worky_tests::Record| record.request_id() == id && record.message().contains("limits.log_lines");
    worky().output().find_record("the end of the log", last).await;
    assert_eq!(worky().output().lines().iter().filter(|line| line.contains("many-times")).count(), 5);
}
