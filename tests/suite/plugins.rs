//! Components that a JavaScript worker imports: `tests/guests/plugins` holds the checks on the component `values`.

use worky_tests::guest::guest_bytes;
use worky_tests::{Project, Worky};

use crate::web_apis::all_ok;

const CONFIG: &str = r#"
[imports]
mapped = "plugin:values"
[limits]
cpu_ms = 30000
wall_ms = 60000
[[plugins]]
name = "values"
path = "values.wasm"
[[plugins]]
name = "small"
path = "values.wasm"
limits = { memory_mb = 8, call_ms = 50 }
[[plugins]]
name = "bare"
path = "bare.wasm"
instances = "call"
"#;

/// Nothing but a function of numbers that counts its calls, so that it can be had anew for each of them.
const BARE: &str = r#"
(component
  (core module $module
    (global $calls (mut i32) (i32.const 0))
    (func (export "calls") (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (global.get $calls))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (core instance $instance (instantiate $module))
  (func (export "calls") (result u32) (canon lift (core func $instance "calls")))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $instance "add"))))
"#;

fn worky() -> Worky {
    Project::guest("plugins", CONFIG)
        .file("values.wasm", guest_bytes("values"))
        .file("src/values.wasm", guest_bytes("values"))
        .file("bare.wasm", wat::parse_str(BARE).expect("a component"))
        .serve()
}

#[tokio::test]
async fn values_there_and_back() {
    all_ok(&worky().get("/values").await.ok().json(), 77);
}

#[tokio::test]
async fn wrong_types_are_told_with_their_place() {
    all_ok(&worky().get("/types").await.ok().json(), 60);
}

#[tokio::test]
async fn resources_are_classes() {
    all_ok(&worky().get("/resources").await.ok().json(), 11);
}

#[tokio::test]
async fn what_goes_wrong_is_an_error_of_its_kind() {
    all_ok(&worky().get("/faults").await.ok().json(), 6);
}

#[tokio::test]
async fn modules_export_what_components_do() {
    all_ok(&worky().get("/modules").await.ok().json(), 7);
}
