//! Limits of a worker over its plugins, and of plugins: each stops what it is for, and the next request is served.

use worky_tests::guest::guest_bytes;
use worky_tests::{Answer, Project, Worky};

const SOURCE: &str = r#"
import * as values from "plugin:values";
import { takes } from "plugin:edges";
const { sync } = values;
let held = [];
const told = (act) => { try { return act(); } catch (error) { return `${error.name}: ${error.message}`; } };
const acts = {
  fine: () => sync.add(1, 2),
  spin: () => sync.faults.spin(),
  spin_and_catch: () => { for (;;) try { sync.faults.spin(); } catch {} },
  calls_without_end: () => { for (;;) sync.add(1, 2); },
  results_without_end: () => { for (;;) held.push(sync.faults.large(1 << 20)); },
  garbage: () => {
    const bytes = new Uint8Array(1 << 20);
    let sum = 0;
    for (let n = 0; n < 150; n++) sum += sync.echo.echoBytes(bytes).length + bytes.slice().length;
    return sum;
  },
  large_argument: () => told(() => sync.echo.echoStrings(new Array(50_000_000).fill(""))),
  sparse_argument: () => told(() => sync.echo.echoBytes(new Array(4_000_000_000))),
  large_bytes: () => told(() => sync.echo.echoBytes(new Uint8Array(60 << 20)).length),
  steal: () => {
    const bytes = new Uint8Array(1 << 20).fill(1);
    const evil = { get x() { structuredClone(bytes.buffer, { transfer: [bytes.buffer] }); return true; } };
    return [takes.call(null, bytes, { x: true }), told(() => takes(bytes, evil))];
  },
  shrink: () => {
    const buffer = new ArrayBuffer(1 << 20, { maxByteLength: 1 << 20 });
    const evil = { get x() { buffer.resize(4096); return true; } };
    return takes(new Uint8Array(buffer).fill(1), evil);
  },
  handles: async () => {
    let made = 0;
    try { for (;;) { held.push(new sync.counters.Counter("c", made)); made += 1; } } catch (error) { return [made, error.name, error.limit]; }
  },
};
export default {
  async fetch(request) {
    const act = new URL(request.url).pathname.slice(1);
    held = act === "fine" ? held : [];
    return Response.json((await acts[act]()) ?? null);
  },
};
"#;

/// The sum of the bytes it is given, in the low 32 bits.
const EDGES: &str = r#"
(component
  (core module $module
    (memory (export "memory") 64)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "takes") (param $at i32) (param $count i32) (param $x i32) (result i32)
      (local $end i32) (local $sum i32)
      (local.set $end (i32.add (local.get $at) (local.get $count)))
      (block $done
        (loop $more
          (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
          (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $more)))
      (local.get $sum)))
  (core instance $instance (instantiate $module))
  (type $options' (record (field "x" bool)))
  (export $options "options" (type $options'))
  (func (export "takes") (param "bytes" (list u8)) (param "options" $options) (result u32)
    (canon lift (core func $instance "takes") (memory (core memory $instance "memory")) (realloc (core func $instance "realloc")))))
"#;

const CONFIG: &str = r#"
[limits]
cpu_ms = 300
wall_ms = 20000
memory_mb = 96
[[plugins]]
name = "values"
path = "values.wasm"
limits = { call_ms = 5000, handles = 100 }
[[plugins]]
name = "edges"
path = "edges.wasm"
"#;

fn worky() -> Worky {
    let source = SOURCE.replace(
        "import { takes } from \"plugin:edges\";",
        "import edges from \"plugin:edges\";\nconst { takes } = edges.sync;",
    );
    Project::worker_with(&source, CONFIG)
        .file("values.wasm", guest_bytes("values"))
        .file("edges.wasm", wat::parse_str(EDGES).expect("a component"))
        .serve()
}

async fn act(worky: &Worky, name: &str) -> Answer {
    let answer = worky.get(&format!("/{name}")).await;
    assert_eq!(worky.get("/fine").await.ok().text(), "3", "after {name}");
    answer
}

#[tokio::test]
async fn the_workers_cpu_limit_holds_inside_of_a_plugin() {
    let worky = worky();
    for name in ["spin", "spin_and_catch", "calls_without_end"] {
        act(&worky, name).await.assert_error(503, "cpu_exceeded");
    }
}

#[tokio::test]
async fn results_count_as_the_workers_memory() {
    let worky = worky();
    worky.kill_beyond(1 << 30);
    act(&worky, "results_without_end").await.assert_error(503, "memory_exceeded");
}

#[tokio::test]
async fn garbage_is_not_held_against_the_worker() {
    let worky = worky();
    assert_eq!(act(&worky, "garbage").await.ok().text(), (300 << 20).to_string());
}

#[tokio::test]
async fn arguments_are_bounded() {
    let worky = worky();
    worky.kill_beyond(1 << 30);
    let sparse = act(&worky, "sparse_argument").await.ok();
    assert_eq!(sparse.text(), "\"TypeError: arg0[0]: expected number, got undefined\"");
    let large = act(&worky, "large_bytes").await.ok();
    assert!(large.text().starts_with("\"PluginLimitError: "), "{}", large.text());
}

#[tokio::test]
async fn a_buffer_that_is_taken_away_meanwhile_is_not_read() {
    let worky = worky();
    assert_eq!(act(&worky, "steal").await.ok().text(), format!("[{},0]", 1 << 20));
    assert_eq!(act(&worky, "shrink").await.ok().text(), "4096");
}

#[tokio::test]
async fn handles_are_bounded() {
    let worky = worky();
    assert_eq!(act(&worky, "handles").await.ok().json(), serde_json::json!([100, "PluginLimitError", "handles"]));
}
