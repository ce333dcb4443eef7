use std::time::{Duration, Instant};

use worky_host::files::{FilePath, MountId};
use worky_host::log::Level;

use super::*;
use crate::plugin::load;

/// Says `hello` by the function `log` and by `wasi:logging`.
const TALKING: &str = r#"(component
    (import "log" (func $log (param "message" string)))
    (import "wasi:logging/logging@0.1.0-draft" (instance $logging
        (type $l (enum "trace" "debug" "info" "warn" "error" "critical"))
        (export "level" (type $level (eq $l)))
        (export "log" (func (param "level" $level) (param "context" string) (param "message" string)))))
    (core module $memory (memory (export "memory") 1) (data (i32.const 8) "hello"))
    (core instance $memory (instantiate $memory))
    (core func $log (canon lower (func $log) (memory (core memory $memory "memory"))))
    (core func $wasi-log (canon lower (func $logging "log") (memory (core memory $memory "memory"))))
    (core module $m
        (import "" "log" (func $log (param i32 i32)))
        (import "" "wasi-log" (func $wasi-log (param i32 i32 i32 i32 i32)))
        (func (export "talk")
            (call $log (i32.const 8) (i32.const 5))
            (call $wasi-log (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 4))))
    (core instance $i (instantiate $m (with "" (instance
        (export "log" (func $log)) (export "wasi-log" (func $wasi-log))))))
    (func (export "talk") (canon lift (core func $i "talk"))))"#;

#[tokio::test]
async fn what_a_plugin_says_has_its_name() {
    let tested = Tested::new(TALKING);
    let mut session = tested.open().await;
    assert!(session.plugin.is_synchronous());
    session.call("talk", vec![]).expect("it returns");
    let records = tested.sink.take();
    let said: Vec<_> = records
        .iter()
        .map(|record| (record.plugin.as_deref(), record.level, record.message.as_str(), record.request_id.as_ref()))
        .collect();
    let request = RequestId::parse("r1").expect("valid");
    assert_eq!(
        said,
        [(Some("tested"), Level::Info, "hello", Some(&request)), (Some("tested"), Level::Warn, "hell", Some(&request))]
    );
}

#[tokio::test]
async fn a_plugin_that_may_not_speak_is_not_heard() {
    let mut tested = Tested::new(TALKING);
    tested.grants.log = false;
    tested.open().await.call("talk", vec![]).expect("it returns");
    assert_eq!(tested.messages(), Vec::<String>::new());
}

#[tokio::test]
async fn what_nothing_provides_is_named() {
    for (import, problem) in [
        ("(import \"send\" (func (param \"x\" u8)))", "it imports send, which nothing here provides"),
        (
            "(import \"acme:mail/out@1.0.0\" (instance (export \"send\" (func))))",
            "it imports acme:mail/out@1.0.0, which nothing",
        ),
        ("(import \"log\" (func (param \"x\" u8)))", "log, which must be func(message: string)"),
        ("(import \"wasi:cli/environment@0.3.0\" (instance))", "plugins have WASI 0.2 only"),
    ] {
        let found = Tested::new(format!("(component {import})")).problem().await;
        assert!(found.starts_with("plugin tested: ") && found.contains(problem), "{found}");
    }
    let missing = r#"(component (import "wasi:cli/environment@0.2.0" (instance (export "no-such" (func)))))"#;
    let found = Tested::new(missing).problem().await;
    assert!(found.contains("no-such"), "{found}");
}

/// Sleeps for so many nanoseconds, and asks for a socket.
const SLEEPING: &str = r#"(component
    (import "wasi:io/poll@0.2.0" (instance $poll
        (export "pollable" (type $p (sub resource)))
        (export "[method]pollable.block" (func (param "self" (borrow $p))))))
    (alias export $poll "pollable" (type $pollable))
    (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
        (export "pollable" (type $p (eq $pollable)))
        (export "now" (func (result u64)))
        (export "subscribe-duration" (func (param "when" u64) (result (own $p))))))
    (core func $subscribe (canon lower (func $clock "subscribe-duration")))
    (core func $block (canon lower (func $poll "[method]pollable.block")))
    (core func $drop (canon resource.drop $pollable))
    (core module $m
        (import "" "subscribe" (func $subscribe (param i64) (result i32)))
        (import "" "block" (func $block (param i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "sleep") (param i64)
            (local $pollable i32)
            (local.set $pollable (call $subscribe (local.get 0)))
            (call $block (local.get $pollable))
            (call $drop (local.get $pollable))))
    (core instance $i (instantiate $m (with "" (instance
        (export "subscribe" (func $subscribe)) (export "block" (func $block)) (export "drop" (func $drop))))))
    (func (export "sleep") (param "nanoseconds" u64) (canon lift (core func $i "sleep"))))"#;

/// Inside of a runtime, which must not be blocked on: that would panic.
#[tokio::test]
async fn a_plugin_may_sleep_for_as_long_as_it_may_run() {
    let mut tested = Tested::new(SLEEPING);
    tested.limits.call = Duration::from_millis(100);
    let mut session = tested.open().await;
    assert!(session.plugin.is_synchronous());
    let begun = Instant::now();
    session.call("sleep", vec![Value::U64(20_000_000)]).expect("it wakes up");
    assert!(begun.elapsed() >= Duration::from_millis(20));
    let error = session.call("sleep", vec![Value::U64(u64::MAX)]).expect_err("it never wakes up");
    assert!(matches!(error, PluginError::Limit { limit: "call_ms", .. }), "{error:?}");
}

/// A socket would be made by waiting on the caller's runtime.
#[tokio::test]
async fn there_are_no_sockets() {
    let text = r#"(component
        (import "wasi:sockets/network@0.2.0" (instance $network
            (type $e (enum "unknown" "access-denied" "not-supported" "invalid-argument" "out-of-memory" "timeout"
                "concurrency-conflict" "not-in-progress" "would-block" "invalid-state" "new-socket-limit"
                "address-not-bindable" "address-in-use" "remote-unreachable" "connection-refused" "connection-reset"
                "connection-aborted" "datagram-too-large" "name-unresolvable" "temporary-resolver-failure"
                "permanent-resolver-failure"))
            (export "error-code" (type (eq $e)))
            (type $f (enum "ipv4" "ipv6"))
            (export "ip-address-family" (type (eq $f)))))
        (alias export $network "error-code" (type $error-code))
        (alias export $network "ip-address-family" (type $family))
        (import "wasi:sockets/udp@0.2.0" (instance $udp (export "udp-socket" (type (sub resource)))))
        (alias export $udp "udp-socket" (type $socket))
        (import "wasi:sockets/udp-create-socket@0.2.0" (instance $create
            (export "error-code" (type $e (eq $error-code)))
            (export "ip-address-family" (type $f (eq $family)))
            (export "udp-socket" (type $s (eq $socket)))
            (export "create-udp-socket" (func (param "address-family" $f) (result (result (own $s) (error $e)))))))
        (core module $memory (memory (export "memory") 1))
        (core instance $memory (instantiate $memory))
        (core func $create (canon lower (func $create "create-udp-socket") (memory (core memory $memory "memory"))))
        (core module $m
            (import "" "create" (func $create (param i32 i32)))
            (import "" "memory" (memory 1))
            (func (export "socket") (result i32)
                (call $create (i32.const 0) (i32.const 16))
                (i32.add (i32.mul (i32.load8_u (i32.const 16)) (i32.const 100)) (i32.load8_u (i32.const 20)))))
        (core instance $i (instantiate $m (with "" (instance
            (export "create" (func $create)) (export "memory" (memory $memory "memory"))))))
        (func (export "socket") (result u32) (canon lift (core func $i "socket"))))"#;
    let mut session = Tested::new(text).open().await;
    assert_eq!(shown(&session.get("socket", vec![])), "101", "an error, access-denied");
}

#[tokio::test]
async fn the_workers_own_files_are_not_the_plugins() {
    let mut bindings = Tested::new("").bindings();
    bindings.files = bindings.files.with_bundle([("keys.json".to_owned(), "{}".into())]);
    let path = FilePath::parse("keys.json").expect("valid");
    let own = bindings.files.session(None);
    assert!(own.mount(MountId::Bundle).expect("a bundle").stat(&path).await.is_ok());
    let granted = load::granted(bindings, PluginGrants { log: true, fetch: true }, "tested".into());
    let session = granted.files.session(None);
    assert!(session.mount(MountId::Bundle).is_none() && session.mount(MountId::Tmp).is_none());
}
