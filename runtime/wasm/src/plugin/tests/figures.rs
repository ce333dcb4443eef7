//! What a call costs beside a call of the same function as core WebAssembly, and a copy beside `memcpy`. Prints ratios:
//! `cargo test --release -p worky-wasm figures -- --ignored --nocapture`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use wasmtime::component::{Component, Linker, Val};
use wasmtime::{Config, Engine, Instance, Module, Store};

use super::calls::SIMPLE;
use super::*;

/// The fastest of several runs of many, for one.
fn time(mut run: impl FnMut()) -> Duration {
    let mut count = 1;
    loop {
        let begun = Instant::now();
        (0..count).for_each(|_| run());
        if begun.elapsed() > Duration::from_millis(20) {
            break;
        }
        count *= 2;
    }
    let mut best = Duration::MAX;
    for _ in 0..9 {
        let begun = Instant::now();
        (0..count).for_each(|_| run());
        best = best.min(begun.elapsed() / count);
    }
    best
}

#[tokio::test]
#[ignore = "figures, not a check"]
async fn figures() {
    let core = {
        let engine = Engine::new(Config::new().epoch_interruption(true)).expect("an engine");
        let text =
            r#"(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))"#;
        let module = Module::new(&engine, wat::parse_str(text).expect("valid")).expect("valid");
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(1 << 40);
        let instance = Instance::new(&mut store, &module, &[]).expect("it starts");
        let add = instance.get_typed_func::<(i32, i32), i32>(&mut store, "add").expect("there");
        time(|| assert_eq!(add.call(&mut store, (black_box(1), 2)).expect("it returns"), 3))
    };
    println!("core call, add                     {core:>10.1?}");

    let bytes: Vec<u8> = (0..1 << 20).map(|n| n as u8).collect();
    let copy = time(|| drop(black_box(black_box(&bytes).clone())));
    println!("copy of 1 MiB to fresh memory      {copy:>10.1?}");

    for concurrency in [false, true] {
        let mut config = Config::new();
        config.epoch_interruption(true).concurrency_support(concurrency);
        let engine = Engine::new(&config).expect("an engine");
        let component = Component::new(&engine, wat::parse_str(SIMPLE).expect("valid")).expect("valid");
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(1 << 40);
        let instance = Linker::new(&engine).instantiate(&mut store, &component).expect("it starts");
        let add = instance.get_typed_func::<(i32, i32), (i32,)>(&mut store, "add").expect("there");
        let took = time(|| assert_eq!(add.call(&mut store, (black_box(1), 2)).expect("it returns").0, 3));
        println!("typed call, concurrency {concurrency:<5}      {took:>10.1?}  {:.1} x core", ratio(took, core));
        let length = instance.get_func(&mut store, "length").expect("there");
        let list = Val::List(bytes.iter().map(|byte| Val::U8(*byte)).collect());
        let mut result = [Val::Bool(false)];
        let took = time(|| length.call(&mut store, std::slice::from_ref(&list), &mut result).expect("it returns"));
        println!("1 MiB in, a Val for each byte      {took:>10.1?}  {:.1} x copy", ratio(took, copy));
    }

    let mut session = Tested::new(SIMPLE).open().await;
    let (add, length) = (session.function("add"), session.function("length"));
    let (give, echo) = (session.function("give"), session.function("echo-bytes"));
    let (context, session) = (context(), &mut session.session);
    let mut call = |function, arguments| {
        let outcome = session.call_here(Some(&context), &|| false, function, arguments);
        outcome.expect("it returns").expect("a value")
    };
    let took = time(|| drop(black_box(call(add, vec![Value::S32(black_box(1)), Value::S32(2)]))));
    println!("plugin call, add                   {took:>10.1?}  {:.1} x core", ratio(took, core));
    call(length, vec![Value::Numbers(bytes.as_slice().into())]);
    let took = time(|| drop(black_box(call(length, vec![Value::Numbers(bytes.as_slice().into())]))));
    println!("1 MiB in                           {took:>10.1?}  {:.1} x copy", ratio(took, copy));
    let took = time(|| drop(black_box(call(give, vec![Value::U32(1 << 20)]))));
    println!("1 MiB out                          {took:>10.1?}  {:.1} x copy", ratio(took, copy));
    let took = time(|| drop(black_box(call(echo, vec![Value::Numbers(bytes.as_slice().into())]))));
    println!("1 MiB each way                     {took:>10.1?}  {:.1} x copy", ratio(took, copy));

    let mut tested = Tested::new(SIMPLE);
    tested.instances = PluginInstances::Call;
    let mut fresh = tested.open().await;
    let took = time(|| drop(black_box(fresh.get("calls", vec![]))));
    println!("plugin call with a fresh instance  {took:>10.1?}");
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}
