use super::*;

/// A resource that is its number. 666 traps when it is dropped.
const COUNTERS: &str = r#"(component
    (core module $m
        (global $dropped (mut i32) (i32.const 0))
        (func (export "drop") (param i32)
            (if (i32.eq (local.get 0) (i32.const 666)) (then unreachable))
            (global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
        (func (export "dropped") (result i32) (global.get $dropped))
        (func (export "trap") unreachable)
        (func (export "sum") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
        (func (export "get") (param i32) (result i32) (local.get 0)))
    (core instance $i (instantiate $m))
    (type $counter (resource (rep i32) (dtor (core func $i "drop"))))
    (type $other (resource (rep i32)))
    (core func $new (canon resource.new $counter))
    (core func $new-other (canon resource.new $other))
    (core func $rep (canon resource.rep $counter))
    (core module $n
        (import "" "new" (func $new (param i32) (result i32)))
        (import "" "new-other" (func $new-other (param i32) (result i32)))
        (import "" "rep" (func $rep (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "new") (param i32) (result i32) (call $new (local.get 0)))
        (func (export "new-other") (result i32) (call $new-other (i32.const 1)))
        (func (export "take") (param i32) (result i32) (call $rep (local.get 0)))
        (func (export "many") (param $count i32) (result i32)
            (local $at i32)
            (loop $more
                (i32.store offset=1024 (i32.mul (local.get $at) (i32.const 4)) (call $new (local.get $at)))
                (local.set $at (i32.add (local.get $at) (i32.const 1)))
                (br_if $more (i32.lt_u (local.get $at) (local.get $count))))
            (i32.store (i32.const 16) (i32.const 1024))
            (i32.store (i32.const 20) (local.get $count))
            (i32.const 16)))
    (core instance $j (instantiate $n (with "" (instance
        (export "new" (func $new)) (export "new-other" (func $new-other)) (export "rep" (func $rep))))))
    (export $Counter "counter" (type $counter))
    (export $Other "other" (type $other))
    (func (export "[constructor]counter") (param "start" u32) (result (own $Counter)) (canon lift (core func $j "new")))
    (func (export "[method]counter.get") (param "self" (borrow $Counter)) (result u32) (canon lift (core func $i "get")))
    (func (export "[static]counter.sum") (param "a" (borrow $Counter)) (param "b" (borrow $Counter)) (result u32)
        (canon lift (core func $i "sum")))
    (func (export "make-other") (result (own $Other)) (canon lift (core func $j "new-other")))
    (func (export "take") (param "counter" (own $Counter)) (result u32) (canon lift (core func $j "take")))
    (func (export "take-two") (param "a" (own $Counter)) (param "b" (own $Counter)) (result u32)
        (canon lift (core func $i "sum")))
    (func (export "many") (param "count" u32) (result (list (own $Counter)))
        (canon lift (core func $j "many") (memory (core memory $j "memory"))))
    (func (export "dropped") (result u32) (canon lift (core func $i "dropped")))
    (func (export "trap") (canon lift (core func $i "trap"))))"#;

fn handle(value: Value<'_>) -> u32 {
    match value {
        Value::Resource(handle) => handle,
        other => panic!("{other:?}"),
    }
}

fn refused(outcome: Outcome) -> String {
    match outcome {
        Err(PluginError::Handle(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn resources_are_held_lent_given_and_dropped() {
    let mut session = Tested::new(COUNTERS).open().await;
    let first = handle(session.get("constructor", vec![Value::U32(7)]));
    let second = handle(session.get("constructor", vec![Value::U32(8)]));
    assert_ne!(first, second);
    assert_eq!(shown(&session.get("get", vec![Value::Resource(first)])), "7");
    assert_eq!(shown(&session.get("sum", vec![Value::Resource(second), Value::Resource(second)])), "16");
    session.session.drop_resource(first);
    session.session.drop_resource(first);
    assert_eq!(shown(&session.get("dropped", vec![])), "1");
    assert!(refused(session.call("get", vec![Value::Resource(first)])).contains("disposed"));
    assert_eq!(shown(&session.get("take", vec![Value::Resource(second)])), "8");
    assert!(refused(session.call("get", vec![Value::Resource(second)])).contains("given away"));
    session.session.drop_resource(second);
    assert_eq!(shown(&session.get("dropped", vec![])), "1", "what was given away is not ours to drop");
}

#[tokio::test]
async fn handles_are_checked_before_the_guest_runs() {
    let mut session = Tested::new(COUNTERS).open().await;
    let counter = handle(session.get("constructor", vec![Value::U32(7)]));
    let other = handle(session.get("make-other", vec![]));
    assert!(refused(session.call("get", vec![Value::Resource(other)])).contains("another class"));
    assert!(refused(session.call("get", vec![Value::Resource(999)])).contains("disposed"));
    let twice = vec![Value::Resource(counter), Value::Resource(counter)];
    assert!(refused(session.call("take-two", twice)).contains("given away and used"));
    // None of it cost the instance.
    assert_eq!(shown(&session.get("get", vec![Value::Resource(counter)])), "7");
}

#[tokio::test]
async fn a_trap_ends_every_resource() {
    let mut session = Tested::new(COUNTERS).open().await;
    let counter = handle(session.get("constructor", vec![Value::U32(7)]));
    assert!(matches!(session.call("trap", vec![]), Err(PluginError::Trap { .. })));
    assert!(refused(session.call("get", vec![Value::Resource(counter)])).contains("was stopped"));
    session.session.drop_resource(counter);
    let next = handle(session.get("constructor", vec![Value::U32(8)]));
    assert!(next > counter, "numbers are not used twice");
    assert_eq!(shown(&session.get("dropped", vec![])), "0");
}

#[tokio::test]
async fn a_destructor_that_traps_ends_the_instance() {
    let tested = Tested::new(COUNTERS);
    let mut session = tested.open().await;
    let (good, bad) =
        (session.get("constructor", vec![Value::U32(7)]), session.get("constructor", vec![Value::U32(666)]));
    session.session.drop_resource(handle(bad));
    assert!(refused(session.call("get", vec![good])).contains("was stopped"));
    let messages = tested.messages();
    assert!(messages.iter().any(|message| message.contains("a destructor failed")), "{messages:?}");
}

#[tokio::test]
async fn handles_are_bounded() {
    let mut tested = Tested::new(COUNTERS);
    tested.limits.handles = 10;
    let mut session = tested.open().await;
    let Value::List(counters) = session.get("many", vec![Value::U32(10)]) else { panic!("no list") };
    let error = session.call("constructor", vec![Value::U32(1)]).expect_err("one too many");
    assert!(matches!(&error, PluginError::Limit { limit: "handles", .. }), "{error:?}");
    let counter = counters.into_iter().next().expect("ten");
    assert!(refused(session.call("get", vec![counter])).contains("was stopped"));
}

#[tokio::test]
async fn an_instance_for_each_call_holds_no_resources() {
    let mut tested = Tested::new(COUNTERS);
    tested.instances = PluginInstances::Call;
    let problem = tested.problem().await;
    assert!(problem.contains("counter") && problem.contains("isolate"), "{problem}");
}
