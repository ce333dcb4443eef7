use std::time::{Duration, Instant};

use super::calls::SIMPLE;
use super::*;

fn limit(outcome: Outcome) -> &'static str {
    match outcome {
        Err(PluginError::Limit { limit, .. }) => limit,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_call_has_its_time() {
    let mut tested = Tested::new(SIMPLE);
    tested.limits.call = Duration::from_millis(50);
    let mut session = tested.open().await;
    session.get("calls", vec![]);
    let begun = Instant::now();
    assert_eq!(limit(session.call("spin", vec![])), "call_ms");
    assert!(begun.elapsed() >= Duration::from_millis(45), "{:?}", begun.elapsed());
    assert_eq!(shown(&session.get("calls", vec![])), "1");
    let text = tested.metrics.encode();
    assert!(text.contains(r#"worky_limit_exceeded_total{worker="w",limit="plugin_call_ms"} 1"#), "{text}");
}

#[tokio::test]
async fn a_start_has_its_time() {
    let text = r#"(component
        (core module $m (func $start (loop (br 0))) (start $start) (func (export "f")))
        (core instance $i (instantiate $m))
        (func (export "f") (canon lift (core func $i "f"))))"#;
    let mut tested = Tested::new(text);
    tested.limits.call = Duration::from_millis(20);
    assert_eq!(limit(tested.open().await.call("f", vec![])), "call_ms");
}

#[tokio::test]
async fn a_call_ends_when_its_caller_does() {
    let mut tested = Tested::new(SIMPLE);
    tested.limits.call = Duration::from_secs(600);
    let mut session = tested.open().await;
    let asked = AtomicUsize::new(0);
    let spin = session.function("spin");
    let outcome = session.session.call_here(None, &|| asked.fetch_add(1, Ordering::SeqCst) >= 3, spin, vec![]);
    assert!(matches!(outcome, Err(PluginError::Interrupted)), "{outcome:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    assert_eq!(shown(&session.get("calls", vec![])), "1");
}

#[tokio::test]
async fn deep_recursion_is_a_trap() {
    let mut session = Tested::new(SIMPLE).open().await;
    let error = session.call("recurse", vec![]).expect_err("it cannot end");
    assert!(matches!(&error, PluginError::Trap { message, .. } if message.contains("stack")), "{error:?}");
}

#[tokio::test]
async fn memory_is_bounded_and_given_back() {
    let mut tested = Tested::new(SIMPLE);
    tested.limits.memory_bytes = 1 << 20;
    let account = Account::new(usize::MAX);
    let mut session = tested.open_with(account.clone()).await;
    assert_eq!(account.taken(), 0);
    session.get("calls", vec![]);
    assert_eq!(account.taken(), 2 << 16);
    let too_much = vec![0; 2 << 20];
    assert_eq!(limit(session.call("length", vec![Value::Numbers(too_much.as_slice().into())])), "memory_mb");
    assert_eq!(account.taken(), 0);
    let bytes = vec![0; 800 << 10];
    session.get("length", vec![Value::Numbers(bytes.as_slice().into())]);
    assert!(account.taken() > 800 << 10);
    drop(session);
    assert_eq!(account.taken(), 0);
}

#[tokio::test]
async fn the_workers_memory_is_a_bound_too() {
    let tested = Tested::new(SIMPLE);
    let mut session = tested.open_with(Account::new(1 << 16)).await;
    assert_eq!(limit(session.call("calls", vec![])), "memory_mb");
    let account = Account::new(3 << 16);
    let mut session = tested.open_with(account.clone()).await;
    session.get("calls", vec![]);
    let bytes = vec![0; 1 << 20];
    assert_eq!(limit(session.call("length", vec![Value::Numbers(bytes.as_slice().into())])), "memory_mb");
    assert_eq!(account.taken(), 0);
}

/// Lists in lists that all are the same memory: small for the guest, and huge for whoever reads them.
#[tokio::test]
async fn a_result_is_bounded_in_the_hosts_memory() {
    let text = r#"(component
        (core module $m
            (memory (export "memory") 16)
            (func (export "f") (param $count i32) (result i32)
                (local $at i32)
                (local.set $at (i32.const 1024))
                (loop $more
                    (i32.store (local.get $at) (i32.const 0))
                    (i32.store offset=4 (local.get $at) (i32.const 1000000))
                    (local.set $at (i32.add (local.get $at) (i32.const 8)))
                    (br_if $more (i32.lt_u (local.get $at) (i32.const 900000))))
                (i32.store (i32.const 16) (i32.const 1024))
                (i32.store (i32.const 20) (local.get $count))
                (i32.const 16)))
        (core instance $i (instantiate $m))
        (func (export "f") (param "count" u32) (result (list (list u8)))
            (canon lift (core func $i "f") (memory (core memory $i "memory")))))"#;
    let mut tested = Tested::new(text);
    tested.limits.memory_bytes = 32 << 20;
    let mut session = tested.open().await;
    assert!(matches!(session.get("f", vec![Value::U32(30)]), Value::List(lists) if lists.len() == 30));
    assert_eq!(limit(session.call("f", vec![Value::U32(100_000)])), "memory_mb");
}

#[tokio::test]
async fn a_thousand_sessions() {
    let plugin = Tested::new(SIMPLE).load().await.expect("it loads");
    let functions = &plugin.interface().functions;
    let calls = functions.iter().position(|function| function.name == "calls").expect("there") as u32;
    let account = Account::new(usize::MAX);
    let mut sessions: Vec<_> = (0..1_000).map(|_| plugin.open(account.clone())).collect();
    for round in 1..=2 {
        for session in &mut sessions {
            let value = session.call_here(None, &|| false, calls, vec![]).expect("it returns").expect("a value");
            assert_eq!(shown(&value), round.to_string());
        }
    }
    assert_eq!(account.taken(), 1_000 * (2 << 16));
    drop(sessions);
    assert_eq!(account.taken(), 0);
}

/// With so many modules of so many globals.
fn with_globals(globals: usize, modules: usize) -> String {
    format!(
        r#"(component
            (core module $g {})
            {}
            (core module $m (func (export "f")))
            (core instance $i (instantiate $m))
            (func (export "f") (canon lift (core func $i "f"))))"#,
        "(global i64 (i64.const 0))".repeat(globals),
        "(core instance (instantiate $g))".repeat(modules)
    )
}

#[tokio::test]
async fn the_hosts_records_of_instances_are_bounded() {
    let mut tested = Tested::new(with_globals(20_000, 10));
    tested.limits.memory_bytes = 8 << 20;
    tested.open().await.call("f", vec![]).expect("it starts");
    let mut tested = Tested::new(with_globals(20_000, 20));
    tested.limits.memory_bytes = 8 << 20;
    let error = tested.open().await.call("f", vec![]).expect_err("it has too many instances");
    assert!(matches!(&error, PluginError::Start(message) if message.contains("instance count too high")), "{error:?}");
    let error = Tested::new(with_globals(140_000, 1)).load().await.err().expect("it is refused");
    assert!(error.to_string().contains("so many functions, globals and imports"), "{error}");
}
