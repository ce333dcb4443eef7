//! Plugins that wait for what they import, and the rules for when a plugin may be called.

use worky_tests::{Answer, Project, Worky};

/// It counts in an instance of its own, holds resources, and imports an interface whose functions wait.
const WAITING: &str = r#"
(component
  (import "wasi:keyvalue/store@0.2.0-draft" (instance))
  (core module $counting
    (global $calls (mut i32) (i32.const 0))
    (global $dropped (mut i32) (i32.const 0))
    (func (export "calls") (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (global.get $calls))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "get") (param i32) (result i32) (local.get 0))
    (func (export "drop") (param i32) (global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
    (func (export "dropped") (result i32) (global.get $dropped))
    (func (export "trap") unreachable)
    (func (export "spin") (loop (br 0))))
  (core instance $counting (instantiate $counting))
  (type $counter (resource (rep i32) (dtor (core func $counting "drop"))))
  (core func $new (canon resource.new $counter))
  (core module $making
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "new") (param i32) (result i32)
      (if (i32.eq (local.get 0) (i32.const 13)) (then unreachable))
      (call $new (local.get 0))))
  (core instance $making (instantiate $making (with "" (instance (export "new" (func $new))))))
  (export $Counter "counter" (type $counter))
  (func (export "[constructor]counter") (param "start" u32) (result (own $Counter)) (canon lift (core func $making "new")))
  (func (export "[method]counter.get") (param "self" (borrow $Counter)) (result u32) (canon lift (core func $counting "get")))
  (func (export "peek") (param "counter" (borrow $Counter)) (result u32) (canon lift (core func $counting "get")))
  (func (export "calls") (result u32) (canon lift (core func $counting "calls")))
  (func (export "dropped") (result u32) (canon lift (core func $counting "dropped")))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $counting "add")))
  (func (export "trap") (canon lift (core func $counting "trap")))
  (func (export "spin") (canon lift (core func $counting "spin"))))
"#;

const SOURCE: &str = r#"
import * as plugin from "plugin:waiting";
const told = async (act) => { try { return await act(); } catch (error) { return `${error.name}: ${error.message}`; } };
const acts = {
  add: () => plugin.add(1, 2),
  order: () => Promise.all([1, 2, 3, 4].map(() => plugin.calls())),
  wrong: () => told(() => plugin.add(1, "2")),
  sync: () => told(() => plugin.sync.add(1, 2)),
  trap: async () => { await plugin.calls(); return [await told(() => plugin.trap()), await plugin.calls()]; },
  spin: () => told(() => plugin.spin()),
  resource: async () => {
    const counter = new plugin.Counter(5);
    const answers = [await counter.get(), await plugin.peek(counter), counter instanceof plugin.Counter];
    counter[Symbol.dispose]();
    return [...answers, await told(() => counter.get()), await plugin.dropped()];
  },
  at_once: async () => {
    const counter = new plugin.Counter(6);
    const answers = await Promise.all([counter.get(), plugin.peek(counter)]);
    new plugin.Counter(7)[Symbol.dispose]();
    while (await plugin.dropped() < 1) await null;
    return answers;
  },
  forgotten: async () => {
    for (let n = 0; n < 100; n++) await new plugin.Counter(100 + n).get();
    let garbage = [];
    while (await plugin.dropped() === 0) {
      garbage = new Array(100_000).fill({});
      await scheduler.wait(1);
    }
    return garbage.length;
  },
  unmade: () => told(() => new plugin.Counter(13).get()),
  mistyped: () => told(() => new plugin.Counter("13").get()),
  late: (request, env, ctx) => {
    ctx.waitUntil(plugin.spin().catch((error) => console.log(`told: ${error.name}`)));
    return "sent";
  },
};
export default {
  fetch: async (request, env, ctx) => Response.json(await acts[new URL(request.url).pathname.slice(1)](request, env, ctx) ?? null),
};
"#;

const CONFIG: &str =
    "[limits]\ncpu_ms = 10000\n[[plugins]]\nname = \"waiting\"\npath = \"waiting.wasm\"\nlimits = { call_ms = 200 }\n";

fn project(source: &str) -> Project {
    Project::worker_with(source, CONFIG).file("waiting.wasm", wat::parse_str(WAITING).expect("a component"))
}

fn worky() -> Worky {
    project(SOURCE).serve()
}

async fn act(worky: &Worky, name: &str) -> Answer {
    worky.get(&format!("/{name}")).await.ok()
}

#[tokio::test]
async fn calls_are_answered_in_their_order() {
    let worky = worky();
    assert_eq!(act(&worky, "add").await.text(), "3");
    assert_eq!(act(&worky, "order").await.text(), "[1,2,3,4]");
    assert_eq!(act(&worky, "wrong").await.text(), "\"TypeError: arg1: expected number, got string\"");
}

#[tokio::test]
async fn synchronous_functions_are_not_there_and_say_why() {
    let worky = worky();
    let told = act(&worky, "sync").await;
    assert!(told.text().contains("TypeError: plugin waiting: there is no sync.add, since"), "{}", told.text());
}

#[tokio::test]
async fn a_trap_or_a_limit_ends_the_instance_alone() {
    let worky = worky();
    let trapped = act(&worky, "trap").await;
    assert!(trapped.text().starts_with("[\"PluginTrapError: plugin waiting: "), "{}", trapped.text());
    assert!(trapped.text().ends_with(",1]"), "{}", trapped.text());
    let spun = act(&worky, "spin").await;
    assert!(spun.text().starts_with("\"PluginLimitError: plugin waiting: "), "{}", spun.text());
    assert_eq!(act(&worky, "add").await.text(), "3");
}

#[tokio::test]
async fn resources_can_be_used_before_they_are_made() {
    let worky = worky();
    let told = act(&worky, "resource").await;
    let gone = "TypeError: this: the Counter was disposed of, or passed on";
    assert_eq!(told.json(), serde_json::json!([5, 5, true, gone, 1]));
    assert_eq!(act(&worky, "trap").await.json()[1], 1);
    assert_eq!(act(&worky, "at_once").await.text(), "[6,6]");
    let unmade = act(&worky, "unmade").await;
    assert!(unmade.text().starts_with("\"PluginTrapError: "), "{}", unmade.text());
    let mistyped = act(&worky, "mistyped").await;
    assert_eq!(mistyped.text(), "\"TypeError: arg0: expected number, got string\"");
}

#[tokio::test]
async fn resources_that_nobody_disposed_of_are_dropped_with_their_objects() {
    let worky = worky();
    act(&worky, "forgotten").await;
}

#[tokio::test]
async fn a_call_may_go_on_after_the_answer() {
    let worky = worky();
    assert_eq!(act(&worky, "late").await.text(), "\"sent\"");
    worky.output().record("told: PluginLimitError").await;
}

#[tokio::test]
async fn the_top_level_of_a_module_is_too_early() {
    let source = "import { add } from \"plugin:waiting\";\nexport const three = await add(1, 2);\nexport default { fetch: () => new Response() };\n";
    let failed = project(source).serve_fails();
    failed
        .assert_says("plugin waiting: it has to wait for what it is granted, so it cannot be called at the top level");
    failed.assert_says("src/index.ts:2:");
}
