use super::*;

/// Functions of the simplest kinds, and one that counts its calls.
pub(super) const SIMPLE: &str = r#"(component
    (core module $m
        (memory (export "memory") 2)
        (global $next (mut i32) (i32.const 1024))
        (global $calls (mut i32) (i32.const 0))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32)
            (local $at i32)
            (local.set $at (i32.and
                (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
                (i32.sub (i32.const 0) (local.get 2))))
            (global.set $next (i32.add (local.get $at) (local.get 3)))
            (block $enough
                (br_if $enough (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
                (br_if $enough (i32.ne (i32.const -1) (memory.grow (i32.add (i32.const 1)
                    (i32.shr_u (i32.sub (global.get $next) (i32.mul (memory.size) (i32.const 65536))) (i32.const 16))))))
                unreachable)
            (local.get $at))
        (func (export "reset") (param i32) (global.set $next (i32.const 1024)))
        (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
        (func (export "calls") (result i32)
            (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
            (global.get $calls))
        (func (export "nothing"))
        (func (export "length") (param i32 i32) (result i32)
            (global.set $next (i32.const 1024))
            (local.get 1))
        (func (export "give") (param i32) (result i32)
            (i32.store (i32.const 16) (i32.const 1024))
            (i32.store (i32.const 20) (local.get 0))
            (i32.const 16))
        (func (export "echo") (param i32 i32) (result i32)
            (i32.store (i32.const 16) (local.get 0))
            (i32.store (i32.const 20) (local.get 1))
            (i32.const 16))
        (func (export "trap") unreachable)
        (func $deep (export "recurse") (result i32) (i32.add (call $deep) (i32.const 1)))
        (func (export "spin") (loop (br 0))))
    (core instance $i (instantiate $m))
    (func (export "add") (param "a" s32) (param "b" s32) (result s32) (canon lift (core func $i "add")))
    (func (export "calls") (result u32) (canon lift (core func $i "calls")))
    (func (export "nothing") (canon lift (core func $i "nothing")))
    (func (export "trap") (canon lift (core func $i "trap")))
    (func (export "recurse") (result u32) (canon lift (core func $i "recurse")))
    (func (export "spin") (canon lift (core func $i "spin")))
    (func (export "length") (param "bytes" (list u8)) (result u32)
        (canon lift (core func $i "length") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
    (func (export "give") (param "length" u32) (result (list u8))
        (canon lift (core func $i "give") (memory (core memory $i "memory"))))
    (func (export "echo-bytes") (param "bytes" (list u8)) (result (list u8))
        (canon lift (core func $i "echo") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))
            (post-return (core func $i "reset"))))
    (func (export "echo") (param "text" string) (result string)
        (canon lift (core func $i "echo") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))
            (post-return (core func $i "reset")))))"#;

fn add(a: i32, b: i32) -> Vec<Value<'static>> {
    vec![Value::S32(a), Value::S32(b)]
}

#[tokio::test]
async fn functions_are_called_where_the_caller_is() {
    let mut session = Tested::new(SIMPLE).open().await;
    assert!(session.plugin.is_synchronous());
    assert_eq!(shown(&session.get("add", add(1, -3))), "-2");
    assert!(session.call("nothing", vec![]).expect("it returns").is_none());
    let text = "é".repeat(1_000);
    for _ in 0..100 {
        assert_eq!(shown(&session.get("echo", vec![Value::String(text.as_str().into())])), format!("{text:?}"));
    }
    let bytes: Vec<u8> = (0..1 << 20).map(|n| n as u8).collect();
    let Value::Numbers(echoed) = session.get("echo-bytes", vec![Value::Numbers(bytes.as_slice().into())]) else {
        panic!("no bytes");
    };
    assert!(echoed == bytes);
}

#[tokio::test]
async fn an_instance_remembers_until_it_traps() {
    let mut session = Tested::new(SIMPLE).open().await;
    assert_eq!(shown(&session.get("calls", vec![])), "1");
    assert_eq!(shown(&session.get("calls", vec![])), "2");
    let trap = session.call("trap", vec![]).expect_err("it traps");
    let PluginError::Trap { message, details } = trap else { panic!("{trap:?}") };
    assert!(message.contains("unreachable") && details.contains("wasm"), "{message}: {details}");
    assert_eq!(shown(&session.get("calls", vec![])), "1");
    // Other sessions have instances of their own.
    let mut other = session.plugin.open(Account::new(usize::MAX));
    let calls = session.function("calls");
    let value = other.call_here(None, &|| false, calls, vec![]).expect("it returns").expect("a value");
    assert_eq!(shown(&value), "1");
}

#[tokio::test]
async fn an_instance_for_each_call_forgets() {
    let mut tested = Tested::new(SIMPLE);
    tested.instances = PluginInstances::Call;
    let mut session = tested.open().await;
    assert_eq!(shown(&session.get("calls", vec![])), "1");
    assert_eq!(shown(&session.get("calls", vec![])), "1");
}

#[tokio::test]
async fn a_mistake_of_the_callers_costs_no_instance() {
    let mut session = Tested::new(SIMPLE).open().await;
    assert_eq!(shown(&session.get("calls", vec![])), "1");
    assert!(matches!(session.call("add", vec![Value::S32(1)]), Err(PluginError::Host(_))));
    let none = session.session.call_here(None, &|| false, 1_000, vec![]);
    assert!(matches!(none, Err(PluginError::Host(_))));
    assert_eq!(shown(&session.get("calls", vec![])), "2");
}

#[tokio::test]
async fn an_instance_that_does_not_start_is_tried_again() {
    let text = r#"(component
        (core module $m (func $start unreachable) (start $start) (func (export "f")))
        (core instance $i (instantiate $m))
        (func (export "f") (canon lift (core func $i "f"))))"#;
    let mut session = Tested::new(text).open().await;
    for _ in 0..2 {
        let error = session.call("f", vec![]).expect_err("it does not start");
        assert!(matches!(&error, PluginError::Start(text) if text.contains("unreachable")), "{error:?}");
    }
}

/// The same functions, but what they import may have to wait.
fn waiting() -> String {
    SIMPLE.replacen("(component", "(component (import \"wasi:keyvalue/store@0.2.0-draft\" (instance))", 1)
}

#[tokio::test]
async fn functions_that_may_wait_are_called_elsewhere() {
    let mut session = Tested::new(waiting()).open().await;
    assert!(!session.plugin.is_synchronous());
    assert!(matches!(session.call("nothing", vec![]), Err(PluginError::Host(_))));
    let value = session.call_elsewhere("add", add(20, 22)).await.expect("it returns").expect("a value");
    assert_eq!(shown(&value), "42");
    // In the order of the calls, whichever is awaited first.
    let (calls, trap) = (session.function("calls"), session.function("trap"));
    let first = session.session.call(context(), calls, vec![]);
    let second = session.session.call(context(), calls, vec![]);
    let third = session.session.call(context(), trap, vec![]);
    let fourth = session.session.call(context(), calls, vec![]);
    let (fourth, third, second, first) = tokio::join!(fourth, third, second, first);
    assert_eq!(shown(&first.expect("it returns").expect("a value")), "1");
    assert_eq!(shown(&second.expect("it returns").expect("a value")), "2");
    assert!(matches!(third, Err(PluginError::Trap { .. })));
    assert_eq!(shown(&fourth.expect("it returns").expect("a value")), "1");
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_is_stopped() {
    let text = r#"(component
        (import "wasi:keyvalue/store@0.2.0-draft" (instance))
        (import "log" (func $log (param "message" string)))
        (core module $memory (memory (export "memory") 1) (data (i32.const 8) "begun"))
        (core instance $memory (instantiate $memory))
        (core func $log (canon lower (func $log) (memory (core memory $memory "memory"))))
        (core module $m
            (import "" "log" (func $log (param i32 i32)))
            (global $calls (mut i32) (i32.const 0))
            (func (export "calls") (result i32)
                (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
                (global.get $calls))
            (func (export "spin") (call $log (i32.const 8) (i32.const 5)) (loop (br 0))))
        (core instance $i (instantiate $m (with "" (instance (export "log" (func $log))))))
        (func (export "calls") (result u32) (canon lift (core func $i "calls")))
        (func (export "spin") (canon lift (core func $i "spin"))))"#;
    let mut tested = Tested::new(text);
    tested.limits.call = std::time::Duration::from_secs(600);
    let mut session = tested.open().await;
    assert!(session.call_elsewhere("calls", vec![]).await.is_ok());
    let (spin, calls) = (session.function("spin"), session.function("calls"));
    let spinning = session.session.call(context(), spin, vec![]);
    let never_begun = session.session.call(context(), spin, vec![]);
    let after = session.session.call(context(), calls, vec![]);
    while tested.messages().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(never_begun);
    drop(spinning);
    let value = after.await.expect("it returns").expect("a value");
    assert_eq!(shown(&value), "1", "the instance is a fresh one");
    assert_eq!(tested.messages(), Vec::<String>::new());
}
