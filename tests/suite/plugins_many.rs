//! Plugins in numbers: a thousand instances one after the other, and at once.

use std::fmt::Write as _;

use serde_json::json;
use worky_tests::{Project, Worky};

/// Counts the calls of its instance, which has so many pages of memory and fills them.
fn counting(import: &str, pages: usize) -> Vec<u8> {
    let bytes = pages << 16;
    let text = format!(
        r#"(component
            {import}
            (core module $module
                (memory {pages})
                (global $calls (mut i32) (i32.const 0))
                (func (export "calls") (result i32)
                    (memory.fill (i32.const 0) (i32.const 1) (i32.const {bytes}))
                    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
                    (global.get $calls)))
            (core instance $instance (instantiate $module))
            (func (export "calls") (result u32) (canon lift (core func $instance "calls"))))"#
    );
    wat::parse_str(text).expect("a component")
}

const WAITS: &str = r#"(import "wasi:keyvalue/store@0.2.0-draft" (instance))"#;

/// `/NAME?count` calls a plugin so often at once, and tells how many answers of each kind there were.
const AT_ONCE: &str = r#"
import * as inline from "plugin:inline";
import * as waiting from "plugin:waiting";
const plugins = { inline, waiting };
export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const { calls } = plugins[pathname.slice(1)];
    const seen = {};
    const outcomes = Array.from({ length: Number(search.slice(1)) }, () => calls().catch((error) => `${error.name} ${error.limit}`));
    for (const outcome of await Promise.all(outcomes)) seen[outcome] = (seen[outcome] ?? 0) + 1;
    return Response.json(seen);
  },
};
"#;

fn at_once() -> Worky {
    let plugin = |name: &str| {
        format!(
            "[[plugins]]\nname = \"{name}\"\npath = \"{name}.wasm\"\ninstances = \"call\"\nlimits = {{ call_ms = 60000 }}\n"
        )
    };
    // Room for a few instances, not for a thousand.
    let limits = "[limits]\nmemory_mb = 32\ncpu_ms = 60000\nwall_ms = 120000\n";
    Project::worker_with(AT_ONCE, &format!("{limits}{}{}", plugin("inline"), plugin("waiting")))
        .file("inline.wasm", counting("", 16))
        .file("waiting.wasm", counting(WAITS, 16))
        .serve()
}

#[tokio::test]
async fn a_thousand_calls_at_once_have_an_instance_each() {
    let worky = at_once();
    worky.kill_beyond(1 << 30);
    for name in ["inline", "waiting"] {
        worky.get(&format!("/{name}?1000")).await.ok();
        let before = worky.resident_bytes();
        for _ in 0..3 {
            assert_eq!(worky.get(&format!("/{name}?1000")).await.ok().json(), json!({ "1": 1000 }), "{name}");
        }
        let grown = worky.resident_bytes().saturating_sub(before);
        assert!(grown < 64 << 20, "{name}: 3,000 instances of 1 MiB left {} MiB", grown >> 20);
    }
}

#[tokio::test]
async fn calls_that_wait_for_their_turn_are_bounded() {
    let worky = at_once();
    let seen = worky.get("/waiting?6000").await.ok().json();
    let answered = seen["1"].as_u64().expect("some are answered");
    assert!((4_096..6_000).contains(&answered), "{seen}");
    assert_eq!(seen["PluginLimitError calls"].as_u64(), Some(6_000 - answered), "{seen}");
    assert_eq!(worky.get("/waiting?1000").await.ok().json(), json!({ "1": 1000 }));
}

/// How many plugins one worker has.
const MANY: usize = 1_000;

/// `/COUNT` calls so many of the worker's plugins and tells how many answered, what the first that did not said, and how
/// many calls the first instance counted. `/end` ends the isolate with all of its instances.
fn many(plugin: Vec<u8>, memory_mb: u32) -> Worky {
    let mut source = String::new();
    let mut config = format!("[limits]\nmemory_mb = {memory_mb}\ncpu_ms = 20000\nwall_ms = 120000\n");
    for index in 0..MANY {
        writeln!(source, "import * as p{index} from \"plugin:p{index}\";").expect("text");
        writeln!(config, "[[plugins]]\nname = \"p{index}\"\npath = \"counting.wasm\"").expect("text");
    }
    let names: Vec<String> = (0..MANY).map(|index| format!("p{index}")).collect();
    write!(
        source,
        r#"
const plugins = [{}];
export default {{
  async fetch(request) {{
    const path = new URL(request.url).pathname.slice(1);
    if (path === "end") for (const held = [];;) held.push(new Uint8Array(1 << 20).fill(1));
    let answered = 0;
    for (const plugin of plugins.slice(0, Number(path))) {{
      try {{
        await plugin.calls();
        answered += 1;
      }} catch (error) {{
        return Response.json([answered, error.name, error.limit]);
      }}
    }}
    return Response.json([answered, await plugins[0].calls()]);
  }},
}};
"#,
        names.join(", ")
    )
    .expect("text");
    Project::worker_with(&source, &config).file("counting.wasm", plugin).serve()
}

#[tokio::test]
async fn a_thousand_instances_live_beside_each_other() {
    for import in ["", WAITS] {
        let worky = many(counting(import, 1), 256);
        worky.kill_beyond(1 << 30);
        assert_eq!(worky.get("/1000").await.ok().json(), json!([1_000, 2]));
        assert_eq!(worky.get("/1000").await.ok().json(), json!([1_000, 4]), "they are the same instances");
    }
}

#[tokio::test]
async fn instances_end_with_the_memory_of_their_worker_and_leave_none_of_it() {
    for import in ["", WAITS] {
        let worky = many(counting(import, 16), 96);
        worky.kill_beyond(1 << 30);
        let first = worky.get("/1000").await.ok().json();
        let room = first[0].as_u64().expect("a number");
        assert!((50..96).contains(&room), "{first}");
        assert_eq!((&first[1], &first[2]), (&json!("PluginLimitError"), &json!("memory_mb")));
        // What is kept by an isolate that ended would leave the next one less.
        for _ in 0..3 {
            worky.get("/end").await.assert_error(503, "memory_exceeded");
            let again = worky.get("/1000").await.ok().json();
            assert!(again[0].as_u64().expect("a number").abs_diff(room) <= 8, "{again} after {first}");
        }
        assert!(worky.resident_bytes() < 512 << 20, "{} MiB", worky.resident_bytes() >> 20);
    }
}
