//! What configuration does when it is right: overlays, overrides, precedence.

use serde_json::json;
use worky_tests::Project;

const SHOW: &str = "export default { fetch: (_, env) => Response.json(env) };";

#[tokio::test]
async fn one_file_may_hold_server_and_worker() {
    let config = "[vars]\nA = \"1\"\n[server]\nlisten = \"127.0.0.1:0\"\n[storage]\nbackend = \"sqlite\"\npath = \"kept\"\ndurability = \"relaxed\"\n[log]\nlevel = \"info\"\nformat = \"json\"\n";
    let worky = Project::worker_with(SHOW, config).start(&["serve"]);
    assert_eq!(worky.get("/").await.ok().json(), json!({"A": "1"}));
}

#[tokio::test]
async fn an_environment_overlays_the_top_as_wrangler_has_it() {
    let config = r#"
[vars]
A = "top"
B = "top"
[env.staging]
name = "worker-staging"
[env.staging.vars]
A = "staging"
[env.other]
"#;
    let project = || Project::worker_with(SHOW, config);
    let args = ["serve", "--listen", "127.0.0.1:0", "--env"];
    let plain = project().serve();
    assert_eq!(plain.get("/").await.ok().json(), json!({"A": "top", "B": "top"}));
    let staging = project().start(&[args[0], args[1], args[2], args[3], "staging"]);
    assert_eq!(staging.get("/").await.ok().json(), json!({"A": "staging"}), "vars are not inherited");
    let by_variable = project().env("WORKY_ENV", "staging").serve();
    assert_eq!(by_variable.get("/").await.ok().json(), json!({"A": "staging"}));
    project()
        .run(&[args[0], args[1], args[2], args[3], "stagin"])
        .assert_code(2)
        .assert_says("stagin")
        .assert_says("did you mean `staging`?");
}

#[tokio::test]
async fn variables_override_the_file_and_flags_override_variables() {
    let source =
        "export default { fetch() { console.debug('quiet'); console.error('loud'); return new Response(); } };";
    let config = "[server]\nlisten = \"127.0.0.1:1\"\n[log]\nlevel = \"error\"\n";
    let project = || Project::worker_with(source, config);

    let by_variable =
        project().env("WORKY_SERVER_LISTEN", "127.0.0.1:0").env("WORKY_LOG_LEVEL", "debug").start(&["serve"]);
    by_variable.get("/").await.ok();
    by_variable.output().record("quiet").await;

    let by_flag = project().env("WORKY_SERVER_LISTEN", "127.0.0.1:2").serve();
    by_flag.get("/").await.ok();
    by_flag.output().record("loud").await;
    assert!(!by_flag.output().has("quiet"));
}

#[tokio::test]
async fn the_storage_path_is_relative_to_its_file() {
    let source = "export default { async fetch(_, env) { await env.KV.put('a', 'b'); return new Response(); } };";
    let config = "[[kv_namespaces]]\nbinding = \"KV\"\nid = \"main\"\n[storage]\npath = \"kept/here\"\n";
    let worky = Project::worker_with(source, config).serve();
    worky.get("/").await.ok();
    assert!(worky.project().path().join("kept/here").is_dir());
    let worky = Project::worker_with(source, config).env("WORKY_STORAGE_PATH", "elsewhere").serve();
    worky.get("/").await.ok();
    assert!(worky.project().path().join("elsewhere").is_dir());
    assert!(!worky.project().path().join("kept").exists());
}

#[test]
fn a_variable_that_means_nothing_is_a_warning_without_its_value() {
    let project = Project::worker(SHOW).env("WORKY_LOG_LEVLE", "do-not-print");
    project.check().assert_code(0).assert_says("WORKY_LOG_LEVEL").assert_silent_on("do-not-print");
}
