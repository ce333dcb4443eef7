//! Guests that take memory: each is stopped with a clear code, the program lives, and the next request is served.

use worky_tests::{Answer, Project, Worky};

const SOURCE: &str = r#"
const acts = {
  fine: () => "fine",
  // The heap, in many ways.
  arrays: () => { const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length)); },
  objects: () => { const kept = []; for (;;) kept.push({ a: { b: { c: kept.length } } }); },
  strings: () => { const kept = []; for (let n = 0; ; n += 1) kept.push(("x" + n).repeat(5000).split("").join("-")); },
  concatenation: () => { let text = "x"; const kept = []; for (let n = 0; ; n += 1) { text += text.slice(0, 100000) + n; kept.push(text); JSON.stringify(text); } },
  maps: () => { const map = new Map(); for (let n = 0; ; n += 1) map.set(n, "value " + n); },
  sets: () => { const set = new Set(); for (let n = 0; ; n += 1) set.add({ n }); },
  closures: () => { let next = () => 0; for (;;) { const inner = next; const data = new Array(100).fill(1.5); next = () => inner() + data.length; } },
  promises: async () => { const kept = []; for (;;) { kept.push(new Promise(() => {})); } },
  symbols: () => { const object = {}; for (let n = 0; ; n += 1) object["key" + n + Math.random()] = n; },
  bigints: () => { let big = 1n; const kept = []; for (let n = 0n; ; n += 1n) { big = (big << 100000n) | n; kept.push(big); } },
  errors: () => { const kept = []; for (;;) kept.push(new Error("x".repeat(1000))); },
  microtasks: async () => { const kept = []; for (;;) { kept.push(new Array(1000).fill(1)); await null; } },
  json: () => JSON.parse("[".repeat(200000) + "]".repeat(200000)).length,
  json_wide: () => { let text = "[1]"; for (;;) { const value = JSON.parse(text); text = JSON.stringify([value, value, text]); } },
  structured_clone: () => { let value = [new Array(10000).fill("x")]; for (;;) value = [value, structuredClone(value)]; },
  functions: () => { const kept = []; for (let n = 0; ; n += 1) kept.push(eval("(" + "function(){return " + n + "}" + ")")); },
  regexes: () => { const kept = []; for (let n = 0; ; n += 1) { const re = new RegExp("a{" + (n % 1000) + "}" + n); re.test("a"); kept.push(re); } },
  headers: () => { const headers = new Headers(); for (let n = 0; ; n += 1) headers.append("x-" + n, "v".repeat(1000)); },
  urls: () => { const params = new URLSearchParams(); for (let n = 0; ; n += 1) params.append("k" + n, "v".repeat(1000)); },
  // Outside of the heap.
  buffers: () => { const kept = []; for (;;) kept.push(new Uint8Array(1 << 20).fill(1)); },
  small_buffers: () => { const kept = []; for (;;) kept.push(new ArrayBuffer(100)); },
  resizable: () => { const kept = []; for (;;) { const buffer = new ArrayBuffer(0, { maxByteLength: 1 << 24 }); buffer.resize(1 << 24); new Uint8Array(buffer).fill(1); kept.push(buffer); } },
  shared: () => { const kept = []; for (;;) kept.push(new Uint8Array(new SharedArrayBuffer(1 << 20)).fill(1)); },
  blobs: () => { const kept = []; for (;;) kept.push(new Blob(["x".repeat(1 << 20)])); },
  encoded: () => { const kept = []; const text = "€".repeat(1 << 18); for (;;) kept.push(new TextEncoder().encode(text)); },
  random: () => { const kept = []; for (;;) kept.push(crypto.getRandomValues(new Uint8Array(65536))); },
  wasm_memory: () => { const memory = new WebAssembly.Memory({ initial: 1 }); for (;;) { memory.grow(16); new Uint8Array(memory.buffer).fill(1); } },
  wasm_memories: () => { const kept = []; for (;;) { const memory = new WebAssembly.Memory({ initial: 256 }); new Uint8Array(memory.buffer).fill(1); kept.push(memory); } },
  wasm_table: () => { const table = new WebAssembly.Table({ element: "anyfunc", initial: 1 }); for (;;) table.grow(1 << 20); },
  stream_queue: async () => { const stream = new ReadableStream({ start(c) { for (;;) c.enqueue(new Uint8Array(1 << 20).fill(1)); } }); },
  channel: () => { const { port1 } = new MessageChannel(); for (;;) port1.postMessage(new Uint8Array(1 << 20).fill(1)); },
  logs: () => { for (;;) console.log("x".repeat(1 << 20)); },
  timers: () => { for (;;) setTimeout(() => {}, 1000000, new Array(1000).fill(1)); },
  listeners: () => { const target = new EventTarget(); for (let n = 0; ; n += 1) target.addEventListener("x" + n, () => n); },
  // One huge request.
  huge_buffer: () => new ArrayBuffer(2 ** 40),
  large_buffer: () => new Uint8Array(2 ** 30).fill(1).length,
  huge_array: () => new Array(2 ** 32 - 1).fill(0).length,
  large_array: () => new Array(2 ** 26).fill(0).length,
  huge_string: () => "x".repeat(2 ** 29).split("").length,
  pad: () => "x".padEnd(2 ** 24, "abc").replace(/a/g, "bbbb").length,
  huge_wasm: () => new WebAssembly.Memory({ initial: 65536 }).buffer.byteLength,
  huge_bigint: () => (2n ** (2n ** 29n)).toString().length,
  huge_typed: () => new Float64Array(2 ** 27).fill(1).length,
  huge_atob: () => atob("A".repeat(2 ** 28)).length,
  huge_kept: () => { globalThis.kept = Array.from({ length: 40 }, () => new Uint8Array(1 << 20).fill(1)); return "kept"; },
  // The stack.
  recursion: () => { const deeper = (n) => deeper(n + 1) + 1; return deeper(0); },
  mutual: () => { const a = () => b() + 1; const b = () => a() + 1; return a(); },
  recursive_json: () => { const deep = []; let at = deep; for (let n = 0; n < 100000; n += 1) { at.push([]); at = at[0]; } return JSON.stringify(deep).length; },
  recursive_clone: () => { const deep = []; let at = deep; for (let n = 0; n < 100000; n += 1) { at.push([]); at = at[0]; } return structuredClone(deep).length; },
  recursive_log: () => { const deep = []; let at = deep; for (let n = 0; n < 100000; n += 1) { at.push([]); at = at[0]; } console.log(deep, JSON.stringify); return "logged"; },
  recursive_toString: () => { const value = { toString() { return `${value}`; } }; return `${value}`; },
  recursive_getter: () => { const value = { get x() { return this.x; } }; return value.x; },
  recursive_proxy: () => { const p = new Proxy({}, {}); Object.setPrototypeOf(p, p); return p.x; },
  recursive_regex: () => new RegExp("(".repeat(100000) + ")".repeat(100000)).test("x"),
  recursive_source: () => new Function("return " + "(".repeat(100000) + "1" + ")".repeat(100000))(),
  spread: () => Math.max(...new Array(10000000).fill(1)),
  apply: () => String.fromCharCode.apply(null, new Array(10000000).fill(65)).length,
};
export default {
  async fetch(request) {
    const result = await acts[new URL(request.url).pathname.slice(1)]();
    return new Response(String(result));
  },
};
"#;

const CONFIG: &str = "[limits]\ncpu_ms = 4000\nwall_ms = 20000\nmemory_mb = 64\nlog_lines = 100\n";
/// Without optimization a slow processor needs more than 4 s for 64 MiB of random bytes.
const PATIENT: &str = "[limits]\ncpu_ms = 8000\nwall_ms = 20000\nmemory_mb = 64\nlog_lines = 100\n";

/// What the whole process may hold while its one worker, of 64 MiB, does its worst: twenty times as much. V8 notices a
/// heap that is full only when it collects, and one huge value is there before it does.
const CEILING_BYTES: u64 = 1280 << 20;

/// Codes that name the memory, or an error that V8 raises before a limit is reached.
const CLEAR: &[&str] = &["memory_exceeded", "worker_exception"];

fn worky(config: &str) -> Worky {
    let worky = Project::worker_with(SOURCE, config).serve();
    worky.kill_beyond(CEILING_BYTES);
    worky
}

/// Runs acts one after the other and reports each whose answer is not as `clear` says, that is slow, or that takes the
/// process with it.
async fn run(config: &str, acts: &[&str], clear: impl Fn(&Answer) -> bool) {
    let mut worky = worky(config);
    let mut failed = Vec::new();
    for act in acts {
        let Ok(answer) = worky.try_get(&format!("/{act}")).await else {
            failed.push(format!("{act}: {}", ended(&mut worky).await));
            worky = self::worky(config);
            continue;
        };
        if !clear(&answer) {
            failed.push(format!("{act}: {} {}", answer.status, answer.text()));
        }
        match worky.try_get("/fine").await {
            Ok(next) if next.status == 200 => {}
            Ok(next) => failed.push(format!("after {act}: {} {}", next.status, next.text())),
            Err(error) => {
                failed.push(format!("after {act}: {error}, {}", ended(&mut worky).await));
                worky = self::worky(config);
            }
        }
    }
    assert!(failed.is_empty(), "{} of {} acts\n{}", failed.len(), acts.len(), failed.join("\n"));
}

/// How a process ended, and its last words. One that only broke off a connection ends in an orderly way, now.
async fn ended(worky: &mut Worky) -> String {
    worky.terminate();
    let status = worky.exited().await;
    let lines = worky.output().lines();
    format!("{status}\n{}", lines[lines.len().saturating_sub(3)..].join("\n"))
}

/// Runs acts that must end with one of `codes`; an act that finds room for all it wants is a failure.
async fn stopped(acts: &[&str], codes: &[&str]) {
    stopped_with(CONFIG, acts, codes).await;
}

async fn stopped_with(config: &str, acts: &[&str], codes: &[&str]) {
    let clear = |answer: &Answer| {
        let code = answer.header("worky-error");
        codes.contains(&code) && answer.status == if code == "worker_exception" { 500 } else { 503 }
    };
    run(config, acts, clear).await;
}

/// Runs acts that may also find room for what they want.
async fn survived(acts: &[&str]) {
    let clear = |answer: &Answer| answer.status == 200 || CLEAR.contains(&answer.header("worky-error"));
    run(CONFIG, acts, clear).await;
}

#[tokio::test]
async fn the_heap_is_limited() {
    stopped(&["arrays", "objects", "strings", "maps", "sets", "closures", "symbols"], &["memory_exceeded"]).await;
}

#[tokio::test]
async fn the_heap_is_limited_in_stranger_ways() {
    let acts = ["concatenation", "promises", "bigints", "errors", "microtasks", "structured_clone"];
    stopped(&acts, CLEAR).await;
    // A text that V8 makes until it has the largest length that a string can have: nothing stops that meanwhile, and it
    // needs nearly all that a process may hold here.
    stopped(&["json_wide"], CLEAR).await;
}

#[tokio::test]
async fn what_the_web_interfaces_keep_is_limited() {
    stopped(&["headers", "urls", "timers", "regexes"], &["memory_exceeded", "cpu_exceeded"]).await;
    // One of these fills a map to its largest size first.
    stopped(&["functions", "listeners"], CLEAR).await;
    survived(&["json"]).await;
    // Each line is cut and soon none is kept: what runs out is time.
    stopped(&["logs"], &["cpu_exceeded"]).await;
}

#[tokio::test]
async fn memory_outside_of_the_heap_is_limited() {
    let acts = ["buffers", "small_buffers", "resizable", "shared", "encoded", "stream_queue"];
    stopped(&acts, CLEAR).await;
    stopped_with(PATIENT, &["random"], CLEAR).await;
}

#[tokio::test]
async fn memory_of_web_interfaces_is_limited() {
    stopped(&["blobs", "channel"], CLEAR).await;
}

#[tokio::test]
async fn webassembly_memory_is_limited() {
    stopped(&["wasm_memory", "wasm_memories", "wasm_table"], CLEAR).await;
}

#[tokio::test]
async fn one_huge_request_is_refused() {
    let acts = ["huge_buffer", "large_buffer", "huge_array", "large_array", "huge_wasm", "huge_typed"];
    stopped(&acts, CLEAR).await;
    survived(&["huge_string", "pad", "huge_bigint", "huge_atob"]).await;
}

#[tokio::test]
async fn the_stack_is_limited() {
    stopped(&["recursion", "mutual", "recursive_toString", "recursive_getter"], &["worker_exception"]).await;
    let acts = [
        "recursive_json",
        "recursive_clone",
        "recursive_log",
        "recursive_proxy",
        "recursive_regex",
        "recursive_source",
        "spread",
        "apply",
    ];
    survived(&acts).await;
}

#[tokio::test]
async fn memory_that_is_given_back_can_be_used_again() {
    let source = "export default { fetch() { let sum = 0; for (let n = 0; n < 30; n += 1) sum += new Uint8Array(10 << 20).fill(1).length; return new Response(String(sum)); } };";
    let worky = Project::worker_with(source, "[limits]\nmemory_mb = 64\ncpu_ms = 20000\n").serve();
    for _ in 0..3 {
        assert_eq!(worky.get("/").await.ok().text(), (30 * (10 << 20)).to_string());
    }
}

#[tokio::test]
async fn memory_of_the_process_comes_back() {
    let worky = worky(CONFIG);
    for _ in 0..2 {
        worky.get("/buffers").await;
        worky.get("/arrays").await;
    }
    assert_eq!(worky.get("/fine").await.ok().text(), "fine");
    let before = worky.resident_bytes();
    for _ in 0..6 {
        worky.get("/buffers").await;
        worky.get("/arrays").await;
    }
    assert_eq!(worky.get("/fine").await.ok().text(), "fine");
    let after = worky.resident_bytes();
    assert!(after < before + (256 << 20), "{} MiB grew to {} MiB", before >> 20, after >> 20);
}

/// Half of the memory each: neither the heap nor what is outside of it is over the limit by itself.
#[tokio::test]
async fn heap_and_buffers_are_one_account() {
    let source = r#"
const kept = [];
const take = {
  heap: (mb) => kept.push(Array.from({ length: mb }, (_, n) => new Array(1 << 17).fill(n + 0.5))),
  buffers: (mb) => kept.push(Array.from({ length: mb }, () => new Uint8Array(1 << 20).fill(1))),
  wasm: (mb) => { const memory = new WebAssembly.Memory({ initial: mb * 16 }); new Uint8Array(memory.buffer).fill(1); kept.push(memory); },
};
export default { fetch(request) {
  const [, what, mb] = new URL(request.url).pathname.split("/");
  take[what](Number(mb));
  return new Response("taken");
} };
"#;
    let config = "[limits]\nmemory_mb = 64\ncpu_ms = 20000\n";
    for parts in [["heap", "buffers"], ["buffers", "heap"], ["heap", "wasm"], ["wasm", "heap"], ["buffers", "wasm"]] {
        let worky = Project::worker_with(source, config).serve();
        assert_eq!(worky.get(&format!("/{}/36", parts[0])).await.ok().text(), "taken");
        let answer = worky.get(&format!("/{}/36", parts[1])).await;
        assert_eq!((parts, answer.header("worky-error")), (parts, "memory_exceeded"), "{}", answer.text());
    }
}

/// Garbage outside of the heap is nobody's use, however long the guest makes it without a pause.
#[tokio::test]
async fn garbage_is_not_held_against_a_guest() {
    let source = r#"
export default { fetch() {
  const memory = new WebAssembly.Memory({ initial: 40 * 16 });
  new Uint8Array(memory.buffer).fill(1);
  let sum = 0;
  for (let n = 0; n < 400; n += 1) { sum += new Uint8Array(1 << 20).fill(1).length + new Array(10000).fill(n).length; }
  return new Response(String(sum + memory.buffer.byteLength));
} };
"#;
    let worky = Project::worker_with(source, "[limits]\nmemory_mb = 64\ncpu_ms = 20000\n").serve();
    for _ in 0..2 {
        let expected = 400 * ((1 << 20) + 10_000) + 40 * (1 << 20);
        assert_eq!(worky.get("/").await.ok().text(), expected.to_string());
    }
}

#[tokio::test]
async fn a_guest_is_told_before_its_memory_is_full() {
    let source = r#"
const kept = [];
export default { fetch(request) {
  const mb = Number(new URL(request.url).pathname.slice(1));
  for (let n = 0; n < mb; n += 1) kept.push(new Uint8Array(1 << 20).fill(1));
  return new Response(String(kept.length));
} };
"#;
    let worky = Project::worker_with(source, "[limits]\nmemory_mb = 64\ncpu_ms = 20000\n").serve();
    worky.get("/40").await.ok();
    assert!(!worky.output().has("90 % of this instance"), "{}", worky.output().text());
    for _ in 0..20 {
        if worky.output().has("90 % of this instance") {
            break;
        }
        worky.get("/1").await.ok();
    }
    worky.output().line("90 % of this instance's 64 MiB of memory are in use").await;
    worky.get("/40").await.assert_error(503, "memory_exceeded");
}
