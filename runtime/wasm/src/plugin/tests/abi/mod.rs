//! Our way in and out of a guest beside wasmtime's, for types and values made at random.

mod types;

use std::sync::Arc;

use rand::Rng;
use wasmtime::component::{Component, Func, Instance, Linker, ResourceAny, Val};
use wasmtime::{Config, Engine, Store};
use worky_engine::plugin::{Type, Value};

use self::types::{Defined, Types, flat, guest, number_bytes};
use super::shown;
use crate::plugin::abi::{self, Arguments, Handles, Results};

struct NoHandles;

impl Handles for NoHandles {
    fn find(&self, _handle: u32) -> Option<ResourceAny> {
        None
    }
}

struct Run {
    store: Store<()>,
    instance: Instance,
}

impl Run {
    fn new(engine: &Engine, component: &Component) -> Self {
        let mut store = Store::new(engine, ());
        let instance = Linker::new(engine).instantiate(&mut store, component).expect("it starts");
        Run { store, instance }
    }

    fn func(&mut self, name: &str) -> Func {
        self.instance.get_func(&mut self.store, name).expect("it is exported")
    }

    fn ours(&mut self, name: &str, values: &[Value<'_>]) -> wasmtime::Result<Option<Value<'static>>> {
        let func = self.func(name);
        let Results { value, .. } =
            abi::dynamic(func).call(&mut self.store, Arguments { values, handles: &NoHandles })?;
        Ok(value)
    }

    fn theirs(&mut self, name: &str, values: &[Val], results: usize) -> wasmtime::Result<Option<Val>> {
        let func = self.func(name);
        let mut found = vec![Val::Bool(false); results];
        func.call(&mut self.store, values, &mut found)?;
        Ok(found.pop())
    }

    fn dump(&mut self) -> String {
        shown(&self.ours("dump", &[]).expect("it answers").expect("bytes"))
    }
}

fn val(ty: &Type, value: &Value<'_>) -> Val {
    let boxed = |ty: Option<&Type>, value: &Option<Box<Value<'_>>>| {
        ty.zip(value.as_deref()).map(|(ty, value)| Box::new(val(ty, value)))
    };
    match (ty, value) {
        (_, Value::Bool(value)) => Val::Bool(*value),
        (_, Value::S8(value)) => Val::S8(*value),
        (_, Value::U8(value)) => Val::U8(*value),
        (_, Value::S16(value)) => Val::S16(*value),
        (_, Value::U16(value)) => Val::U16(*value),
        (_, Value::S32(value)) => Val::S32(*value),
        (_, Value::U32(value)) => Val::U32(*value),
        (_, Value::S64(value)) => Val::S64(*value),
        (_, Value::U64(value)) => Val::U64(*value),
        (_, Value::F32(value)) => Val::Float32(*value),
        (_, Value::F64(value)) => Val::Float64(*value),
        (_, Value::Char(value)) => Val::Char(*value),
        (_, Value::String(value)) => Val::String(value.to_string()),
        (Type::List(element), Value::Numbers(bytes)) => {
            let size = number_bytes(element).expect("numbers");
            Val::List(bytes.chunks_exact(size).map(|bytes| number(element, bytes)).collect())
        }
        (Type::List(element), Value::List(values)) => {
            Val::List(values.iter().map(|value| val(element, value)).collect())
        }
        (Type::Record(fields), Value::Record(values)) => {
            Val::Record(fields.iter().zip(values).map(|(f, value)| (f.name.clone(), val(&f.ty, value))).collect())
        }
        (Type::Tuple(types), Value::Tuple(values)) => {
            Val::Tuple(types.iter().zip(values).map(|(ty, value)| val(ty, value)).collect())
        }
        (Type::Variant(cases), Value::Variant(case, payload)) => {
            let (name, ty) = &cases[*case as usize];
            Val::Variant(name.clone(), boxed(ty.as_ref(), payload))
        }
        (Type::Enum(names), Value::Enum(case)) => Val::Enum(names[*case as usize].clone()),
        (Type::Flags(names), Value::Flags(words)) => {
            let set = names.iter().enumerate().filter(|(index, _)| words[index / 32] & (1 << (index % 32)) != 0);
            Val::Flags(set.map(|(_, name)| name.clone()).collect())
        }
        (Type::Option(ty), Value::Option(payload)) => Val::Option(boxed(Some(ty), payload)),
        (Type::Result(ok, _), Value::Result(Ok(payload))) => Val::Result(Ok(boxed(ok.as_deref(), payload))),
        (Type::Result(_, err), Value::Result(Err(payload))) => Val::Result(Err(boxed(err.as_deref(), payload))),
        (ty, value) => panic!("{ty:?}: {value:?}"),
    }
}

fn number(ty: &Type, bytes: &[u8]) -> Val {
    macro_rules! read {
        ($val:ident, $number:ty) => {
            Val::$val(<$number>::from_le_bytes(bytes.try_into().expect("its size")))
        };
    }
    match ty {
        Type::S8 => read!(S8, i8),
        Type::U8 => read!(U8, u8),
        Type::S16 => read!(S16, i16),
        Type::U16 => read!(U16, u16),
        Type::S32 => read!(S32, i32),
        Type::U32 => read!(U32, u32),
        Type::S64 => read!(S64, i64),
        Type::U64 => read!(U64, u64),
        Type::F32 => read!(Float32, f32),
        Type::F64 => read!(Float64, f64),
        other => panic!("{other:?}"),
    }
}

fn engine() -> Engine {
    Engine::new(Config::new().concurrency_support(false)).expect("an engine")
}

fn component(engine: &Engine, text: &str) -> Component {
    let binary = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    Component::from_binary(engine, &binary).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

const ENCODINGS: [&str; 3] = ["string-encoding=utf8", "string-encoding=utf16", "string-encoding=latin1+utf16"];

fn seed() -> u64 {
    std::env::var("WORKY_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

/// One type for each number, with values of it.
fn case(number: u64) -> (Types, Defined) {
    let mut types = Types::new(seed() * 1_000_003 + number);
    let depth = 1 + (number as usize % 3);
    let ty = types.any(depth);
    (types, ty)
}

#[test]
fn values_cross_as_wasmtime_has_them() {
    let engine = engine();
    for number in 0..60 {
        let (mut types, ty) = case(number);
        let text = guest(&types, &ty, ENCODINGS[number as usize % 3]);
        let component = component(&engine, &text);
        let list = Type::List(Arc::new(ty.ty.clone()));
        for _ in 0..4 {
            let value = types.value(&ty.ty);
            let (mut ours, mut theirs) = (Run::new(&engine, &component), Run::new(&engine, &component));
            ours.ours("keep", std::slice::from_ref(&value)).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
            theirs.theirs("keep", &[val(&ty.ty, &value)], 0).expect("it is taken");
            assert_eq!(ours.dump(), theirs.dump(), "{value:?} in {text}");

            let values = types.value(&list);
            let echoed = ours.ours("echo", std::slice::from_ref(&values)).expect("it answers").expect("a list");
            let expected = theirs.theirs("echo", &[val(&list, &values)], 1).expect("it answers").expect("a list");
            assert_eq!(val(&list, &echoed), expected, "in {text}");
            assert_eq!(shown(&echoed), shown(&values), "in {text}");
            assert_eq!(ours.dump(), theirs.dump(), "{values:?} in {text}");
            let empty = matches!(&values, Value::List(values) if values.is_empty());
            if flat(&ty.ty).len() > 1 && !empty {
                let first = ours.ours("first", &[]).expect("it answers").expect("a value");
                let expected = theirs.theirs("first", &[], 1).expect("it answers").expect("a value");
                assert_eq!(val(&ty.ty, &first), expected, "in {text}");
            }
        }
    }
}

/// A guest that gives any bytes at all as a list.
#[test]
fn what_a_guest_makes_up_is_refused_as_wasmtime_refuses_it() {
    let engine = engine();
    let (mut refused, mut accepted) = (0, 0);
    for number in 0..60 {
        let (mut types, ty) = case(number + 1_000);
        let encoding = ENCODINGS[number as usize % 3];
        let address = [8192, 8193, 8196, 131_000, 131_072, u32::MAX][types.rng.random_range(0..6)];
        let length = [0, 1, 3, 50, 100_000, u32::MAX][types.rng.random_range(0..6)];
        // Small numbers make valid addresses, lengths and cases now and then.
        let small = types.rng.random_bool(0.7);
        let bytes: Vec<u8> = (0..3_000)
            .map(|index| match small {
                true if index % 4 == 0 => types.rng.random_range(0..3),
                true => 0,
                false => types.rng.random(),
            })
            .collect();
        let data: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let text = format!(
            r#"(component
                {definitions}
                (core module $m
                    (memory (export "memory") 2)
                    (data (i32.const 8192) "{data}")
                    (func (export "made-up") (result i32)
                        (i32.store (i32.const 16) (i32.const {address}))
                        (i32.store (i32.const 20) (i32.const {length}))
                        (i32.const 16)))
                (core instance $core (instantiate $m))
                (type $list (list {name}))
                (func (export "made-up") (result $list)
                    (canon lift (core func $core "made-up") (memory (core memory $core "memory")) {encoding})))"#,
            definitions = types.text,
            name = ty.name,
        );
        let component = component(&engine, &text);
        let list = Type::List(Arc::new(ty.ty.clone()));
        let ours = Run::new(&engine, &component).ours("made-up", &[]);
        let theirs = Run::new(&engine, &component).theirs("made-up", &[], 1);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                accepted += 1;
                let (ours, theirs) = (ours.expect("a list"), theirs.expect("a list"));
                assert_eq!(format!("{:?}", val(&list, &ours)), format!("{theirs:?}"), "{text}");
            }
            (Err(_), Err(_)) => refused += 1,
            // What theirs allocates is counted in larger pieces, and refused sooner.
            (Ok(_), Err(error)) if error.to_string().contains("fuel") => {}
            (ours, theirs) => panic!("{ours:?} but {theirs:?} in {text}"),
        }
    }
    assert!(refused > 5 && accepted > 5, "{refused} refused, {accepted} accepted");
}

/// Scalars and what is made of one: results in a register.
#[test]
fn results_in_a_register() {
    let engine = engine();
    for (ty, core, constant, expected) in [
        ("bool", "i32", "2", "true"),
        ("s8", "i32", "-1", "-1"),
        ("u8", "i32", "511", "255"),
        ("s16", "i32", "0x18000", "-32768"),
        ("u16", "i32", "-1", "65535"),
        ("s32", "i32", "-7", "-7"),
        ("u32", "i32", "-1", "4294967295"),
        ("s64", "i64", "-9", "-9"),
        ("u64", "i64", "-1", "18446744073709551615"),
        ("f32", "f32", "1.5", "1.5"),
        ("f64", "f64", "-2.25", "-2.25"),
        ("char", "i32", "0x1F600", "'😀'"),
        ("(record (field \"a\" u8))", "i32", "9", "[9]"),
        ("(tuple s8)", "i32", "-9", "[-9]"),
        ("(enum \"a\" \"b\")", "i32", "1", "Enum(1)"),
        ("(flags \"a\" \"b\")", "i32", "7", "Flags([3])"),
        ("(variant (case \"a\") (case \"b\"))", "i32", "1", "Variant(1, None)"),
        ("(result)", "i32", "1", "Result(Err(None))"),
        ("(result)", "i32", "0", "Result(Ok(None))"),
        // What is not of the type at all.
        ("char", "i32", "0xD800", "error"),
        ("(enum \"a\" \"b\")", "i32", "2", "error"),
        ("(result)", "i32", "-1", "error"),
    ] {
        let text = format!(
            r#"(component
                (type $d {ty}) (export $t "t" (type $d))
                (core module $m (func (export "f") (result {core}) ({core}.const {constant})))
                (core instance $core (instantiate $m))
                (func (export "f") (result $t) (canon lift (core func $core "f"))))"#
        );
        let component = component(&engine, &text);
        let found = match Run::new(&engine, &component).ours("f", &[]) {
            Ok(value) => shown(&value.expect("a value")),
            Err(_) => "error".to_owned(),
        };
        assert_eq!(found, expected, "{ty}");
    }
}

/// A mistake of the caller's is an error, never more.
#[test]
fn values_of_other_types_are_refused() {
    let engine = engine();
    for number in 0..60 {
        let (types, ty) = case(number);
        let (mut others, other) = case(number + 500);
        let text = guest(&types, &ty, ENCODINGS[0]);
        let component = component(&engine, &text);
        let mut run = Run::new(&engine, &component);
        let value = others.value(&other.ty);
        if ty.ty != other.ty {
            // Some values are of many types: an empty list, a result with nothing in it.
            let _outcome = run.ours("keep", &[value]);
        }
        for count in [0, 2, 20] {
            let mut run = Run::new(&engine, &component);
            let values = (0..count).map(|_| Value::U8(1)).collect::<Vec<_>>();
            assert!(run.ours("keep", &values).is_err());
        }
    }
}
