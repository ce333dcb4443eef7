//! What a worker's modules may import, and how TypeScript and JSX arrive in the isolate.

use std::sync::OnceLock;

use serde_json::{Value, json};
use worky_tests::{Project, Worky};

const CONFIG: &str = r##"
[vars]
GREETING = "hello"

[imports]
"mapped" = "./src/lib/exact.ts"
"lib/" = "./src/lib/"
"#jsx/jsx-runtime" = "./src/jsx/runtime.ts"
"##;

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| Project::guest("modules", CONFIG).serve())
}

async fn check(kind: &str, expected: Value) {
    assert_eq!(worky().get(&format!("/{kind}")).await.ok().json(), expected, "{kind}");
}

#[tokio::test]
async fn paths_are_relative_or_from_the_workers_directory() {
    check("relative", json!("relative")).await;
    check("absolute", json!("absolute")).await;
    check("namespace", json!(["relative"])).await;
}

#[tokio::test]
async fn an_import_map_names_modules() {
    check("mapped", json!(["exact", "prefixed"])).await;
}

#[tokio::test]
async fn every_kind_of_script_is_imported() {
    check("javascript", json!(["js", "mjs"])).await;
    check("jsx", json!(["<p class=\"x\">Hello <b>&lt;&amp;&gt;</b>!</p>", "<i>2</i>"])).await;
}

#[tokio::test]
async fn typescript_is_more_than_types() {
    let expected = json!(["square of 4 plain 7", 0, "green", "Red", ["decorated Square"], 3, true]);
    check("language", expected).await;
}

#[tokio::test]
async fn top_level_await_and_cycles_settle() {
    check("top_level_await", json!("settled")).await;
    check("cycle", json!("a calls b knows a")).await;
}

#[tokio::test]
async fn data_is_imported() {
    check("json", json!({"answer": 42, "list": [1, null]})).await;
    check("text", json!(["text with a € sign", "<!doctype html><title>page</title>"])).await;
    check("bytes", json!([true, [0, 255, 16]])).await;
    check("wasm", json!([true, 42])).await;
}

#[tokio::test]
async fn import_is_also_a_function() {
    check("dynamic", json!("dynamic")).await;
    check("dynamic_computed", json!("choice b")).await;
    check("dynamic_missing", json!("TypeError")).await;
    check("once", json!(1)).await;
}

#[tokio::test]
async fn a_module_knows_its_place_in_the_worker_and_no_more() {
    check("meta", json!("file:///src/index.ts")).await;
}

#[tokio::test]
async fn the_builtin_module_has_two_names() {
    check("builtin", json!(["hello", "function", "function", "hello", true])).await;
}
