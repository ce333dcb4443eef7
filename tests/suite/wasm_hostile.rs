//! Components that have the host hold or do too much for them, in ways that no well-made one has: one request each, and
//! the process and its other workers go on.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use worky_tests::{Project, Worky, client};

/// What it does is the first letter of its path; then it loops for ever.
const HOARDER: &str = r#"
(component
  (import "wasi:io/error@0.2.0" (instance $errors (export "error" (type (sub resource)))))
  (alias export $errors "error" (type $error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $stream (sub resource)))
    (alias outer 1 $error (type $error'))
    (export "error" (type $error (eq $error')))
    (type $failed' (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $failed (eq $failed')))
    (export "[method]output-stream.write" (func
      (param "self" (borrow $stream)) (param "contents" (list u8)) (result (result (error $failed)))))
    (export "[method]output-stream.check-write" (func
      (param "self" (borrow $stream)) (result (result u64 (error $failed)))))))
  (alias export $streams "output-stream" (type $stream))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $stream (type $stream'))
    (export "output-stream" (type $stream (eq $stream')))
    (export "get-stdout" (func (result (own $stream))))))
  (import "wasi:http/types@0.2.0" (instance $types
    (export "incoming-request" (type $request (sub resource)))
    (export "response-outparam" (type (sub resource)))
    (export "fields" (type $fields (sub resource)))
    (export "outgoing-request" (type $outgoing (sub resource)))
    (export "outgoing-body" (type $body (sub resource)))
    (alias outer 1 $stream (type $stream'))
    (export "output-stream" (type $stream (eq $stream')))
    (export "[method]incoming-request.path-with-query" (func (param "self" (borrow $request)) (result (option string))))
    (export "[constructor]fields" (func (result (own $fields))))
    (type $refused' (variant (case "invalid-syntax") (case "forbidden") (case "immutable")))
    (export "header-error" (type $refused (eq $refused')))
    (export "[method]fields.append" (func
      (param "self" (borrow $fields)) (param "name" string) (param "value" (list u8)) (result (result (error $refused)))))
    (export "[constructor]outgoing-request" (func (param "headers" (own $fields)) (result (own $outgoing))))
    (export "[method]outgoing-request.body" (func (param "self" (borrow $outgoing)) (result (result (own $body)))))
    (export "[method]outgoing-body.write" (func (param "self" (borrow $body)) (result (result (own $stream)))))))
  (alias export $types "incoming-request" (type $request))
  (alias export $types "response-outparam" (type $outparam))
  (core module $memory
    (memory (export "memory") 400)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 2000)))
  (core instance $m (instantiate $memory))
  (core func $fields (canon lower (func $types "[constructor]fields")))
  (core func $append (canon lower (func $types "[method]fields.append") (memory (core memory $m "memory"))))
  (core func $request (canon lower (func $types "[constructor]outgoing-request")))
  (core func $body (canon lower (func $types "[method]outgoing-request.body") (memory (core memory $m "memory"))))
  (core func $stream (canon lower (func $types "[method]outgoing-body.write") (memory (core memory $m "memory"))))
  (core func $write (canon lower (func $streams "[method]output-stream.write") (memory (core memory $m "memory"))))
  (core func $check (canon lower (func $streams "[method]output-stream.check-write") (memory (core memory $m "memory"))))
  (core func $path (canon lower
    (func $types "[method]incoming-request.path-with-query")
    (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  (core func $stdout (canon lower (func $stdout "get-stdout")))
  (core module $module
    (import "m" "memory" (memory 1))
    (import "host" "fields" (func $fields (result i32)))
    (import "host" "append" (func $append (param i32 i32 i32 i32 i32 i32)))
    (import "host" "request" (func $request (param i32) (result i32)))
    (import "host" "body" (func $body (param i32 i32)))
    (import "host" "stream" (func $stream (param i32 i32)))
    (import "host" "write" (func $write (param i32 i32 i32 i32)))
    (import "host" "check" (func $check (param i32 i32)))
    (import "host" "path" (func $path (param i32 i32)))
    (import "host" "stdout" (func $stdout (result i32)))
    (data (i32.const 100) "x-a")
    (func (export "handle") (param $given i32) (param i32) (local $fields i32) (local $stream i32) (local $what i32)
      (call $path (local.get $given) (i32.const 16))
      (local.set $what (i32.load8_u (i32.const 2001)))
      ;; Lines without end, in one write.
      (if (i32.eq (local.get $what) (i32.const 115)) (then
        (memory.fill (i32.const 65536) (i32.const 10) (i32.const 26000000))
        (call $write (call $stdout) (i32.const 65536) (i32.const 26000000) (i32.const 32))))
      (memory.fill (i32.const 65536) (i32.const 65) (i32.const 2000000))
      (loop $again
        ;; Headers that are kept.
        (if (i32.eq (local.get $what) (i32.const 102)) (then
          (local.set $fields (call $fields))
          (call $append
            (local.get $fields) (i32.const 100) (i32.const 3) (i32.const 65536) (i32.const 120000) (i32.const 16))))
        ;; Bodies of requests that are never sent, as full as they may be.
        (if (i32.eq (local.get $what) (i32.const 98)) (then
          (call $body (call $request (call $fields)) (i32.const 16))
          (call $stream (i32.load (i32.const 20)) (i32.const 16))
          (local.set $stream (i32.load (i32.const 20)))
          (call $check (local.get $stream) (i32.const 16))
          (call $write (local.get $stream) (i32.const 65536) (i32.load (i32.const 24)) (i32.const 32))
          (call $write (local.get $stream) (i32.const 65536) (i32.load (i32.const 24)) (i32.const 32))))
        (br $again))))
  (core instance $instance (instantiate $module
    (with "m" (instance $m))
    (with "host" (instance
      (export "fields" (func $fields)) (export "append" (func $append)) (export "request" (func $request))
      (export "body" (func $body)) (export "stream" (func $stream)) (export "write" (func $write))
      (export "check" (func $check)) (export "path" (func $path)) (export "stdout" (func $stdout))))))
  (func $handle (param "request" (own $request)) (param "response-out" (own $outparam))
    (canon lift (core func $instance "handle")))
  (instance $handler (export "handle" (func $handle)))
  (export "wasi:http/incoming-handler@0.2.0" (instance $handler)))
"#;

fn hoarder() -> Worky {
    let limits = "[limits]\nmemory_mb = 32\ncpu_ms = 5000\nwall_ms = 20000\n";
    let config = format!("name = \"worker\"\nmain = \"app.wasm\"\n{limits}");
    let worky = Project::empty()
        .file("app.wasm", wat::parse_str(HOARDER).expect("a component"))
        .file("worky.toml", config)
        .serve();
    worky.kill_beyond(2 << 30);
    worky
}

#[tokio::test]
async fn a_write_of_endless_lines_is_refused() {
    let worky = hoarder();
    let before = Instant::now();
    worky.get("/s").await.assert_error(500, "worker_exception");
    worky.output().line("more bytes than check-write permits").await;
    assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
}

#[tokio::test]
async fn what_the_host_keeps_for_a_guest_fits_into_its_memory() {
    let worky = hoarder();
    let before = worky.resident_bytes();
    for path in ["/f", "/b"] {
        worky.get(path).await.assert_error(500, "worker_exception");
        worky.output().line("too many handles").await;
        let grown = worky.resident_bytes().saturating_sub(before);
        assert!(grown < 128 << 20, "{path}: {} MiB", grown >> 20);
    }
}

/// Waits for three seconds, with so many memories.
fn waiter(memories: usize) -> Vec<u8> {
    let memories = "(core instance (instantiate $memory))".repeat(memories);
    let text = format!(
        r#"(component
            (import "wasi:io/poll@0.2.0" (instance $poll
                (export "pollable" (type $pollable (sub resource)))
                (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
            (alias export $poll "pollable" (type $pollable))
            (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
                (alias outer 1 $pollable (type $pollable'))
                (export "pollable" (type $pollable (eq $pollable')))
                (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
            (import "wasi:http/types@0.2.0" (instance $types
                (export "incoming-request" (type (sub resource)))
                (export "response-outparam" (type (sub resource)))))
            (alias export $types "incoming-request" (type $request))
            (alias export $types "response-outparam" (type $outparam))
            (core func $block (canon lower (func $poll "[method]pollable.block")))
            (core func $subscribe (canon lower (func $clock "subscribe-duration")))
            (core module $memory (memory 1))
            {memories}
            (core module $module
                (import "host" "block" (func $block (param i32)))
                (import "host" "subscribe" (func $subscribe (param i64) (result i32)))
                (func (export "handle") (param i32 i32)
                    (call $block (call $subscribe (i64.const 3000000000)))))
            (core instance $instance (instantiate $module
                (with "host" (instance (export "block" (func $block)) (export "subscribe" (func $subscribe))))))
            (func $handle (param "request" (own $request)) (param "response-out" (own $outparam))
                (canon lift (core func $instance "handle")))
            (instance $handler (export "handle" (func $handle)))
            (export "wasi:http/incoming-handler@0.2.0" (instance $handler)))"#
    );
    wat::parse_str(text).expect("a component")
}

#[tokio::test]
async fn instances_leave_the_process_room_to_live() {
    let hosts = ["many", "few", "js"].map(|name| format!("[[workers]]\npath = \"{name}\"\nroutes = [\"/{name}\"]\n"));
    let config =
        |name: &str, main: &str| format!("name = \"{name}\"\nmain = \"{main}\"\n[limits]\nstartup_ms = 20000\n");
    let worky = Project::empty()
        .file("worky.toml", hosts.concat())
        .file("many/worky.toml", config("many", "app.wasm"))
        .file("many/app.wasm", waiter(100))
        .file("few/worky.toml", config("few", "app.wasm"))
        .file("few/app.wasm", waiter(1))
        .file("js/worky.toml", config("js", "index.js"))
        .file("js/index.js", "export default { fetch() { return new Response('fine'); } };")
        .serve();
    // Each has its connection: beyond that, all of them are in the worker at once.
    let address = worky.address();
    let get = |path: &'static str| async move { client::get(address, path).await };
    let mut many: FuturesUnordered<_> = (0..100).map(|_| get("/many")).collect();
    // Those that wait answer later than these.
    for _ in 0..60 {
        let refused = many.next().await.expect("there are a hundred");
        refused.assert_error(503, "overloaded");
    }
    let mappings = std::fs::read_to_string(format!("/proc/{}/maps", worky.id())).expect("it lives").lines().count();
    assert!(mappings < 30_000, "{mappings} of 65,530 mappings");
    let (few, js) = tokio::join!(join_all((0..50).map(|_| get("/few"))), get("/js"));
    // It was started, waited, and answered nothing.
    assert!(few.iter().all(|answer| answer.text().contains("bad_response")), "{}", few[0].text());
    assert_eq!(js.ok().text(), "fine");
}

#[tokio::test]
async fn a_component_of_very_many_memories_is_refused() {
    let project =
        Project::empty().file("worky.toml", "name = \"worker\"\nmain = \"app.wasm\"\n").file("app.wasm", waiter(101));
    project.serve_fails().assert_says("101 memories");
}
