//! Our way in and out of a guest beside wasmtime's, for types and values made at random.

use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use wasmtime::component::{Component, Func, Instance, Linker, ResourceAny, Val};
use wasmtime::{Config, Engine, Store};
use worky_engine::plugin::{Field, Type, Value};

use super::shown;
use crate::plugin::abi::{self, Arguments, Handles, Results};

struct NoHandles;

impl Handles for NoHandles {
    fn find(&self, _handle: u32) -> Option<ResourceAny> {
        None
    }
}

/// A type with its definition in component text.
#[derive(Clone)]
struct Defined {
    ty: Type,
    name: String,
}

/// Makes types, and keeps the text that defines them.
struct Types {
    rng: StdRng,
    text: String,
    count: usize,
}

impl Types {
    fn scalar(&mut self) -> Defined {
        let (ty, name) = match self.rng.random_range(0..13) {
            0 => (Type::Bool, "bool"),
            1 => (Type::S8, "s8"),
            2 => (Type::U8, "u8"),
            3 => (Type::S16, "s16"),
            4 => (Type::U16, "u16"),
            5 => (Type::S32, "s32"),
            6 => (Type::U32, "u32"),
            7 => (Type::S64, "s64"),
            8 => (Type::U64, "u64"),
            9 => (Type::F32, "f32"),
            10 => (Type::F64, "f64"),
            11 => (Type::Char, "char"),
            _ => (Type::String, "string"),
        };
        Defined { ty, name: name.to_owned() }
    }

    fn any(&mut self, depth: usize) -> Defined {
        if depth == 0 {
            return self.scalar();
        }
        match self.rng.random_range(0..10) {
            0 => self.scalar(),
            1 | 2 => {
                let inner = self.any(depth - 1);
                let text = format!("(list {})", inner.name);
                self.define(Type::List(Arc::new(inner.ty)), &text)
            }
            3 => {
                let members = self.several(depth);
                let text = members.iter().enumerate().map(|(i, m)| format!(" (field \"f{i}\" {})", m.name));
                let text = format!("(record{})", text.collect::<String>());
                let fields = members.into_iter().enumerate().map(|(i, m)| Field { name: format!("f{i}"), ty: m.ty });
                self.define(Type::Record(fields.collect()), &text)
            }
            4 => {
                let members = self.several(depth);
                let text = format!("(tuple{})", members.iter().map(|m| format!(" {}", m.name)).collect::<String>());
                self.define(Type::Tuple(members.into_iter().map(|m| m.ty).collect()), &text)
            }
            5 => {
                let members: Vec<_> =
                    self.several(depth).into_iter().map(|m| self.rng.random_bool(0.7).then_some(m)).collect();
                let text = members.iter().enumerate().map(|(i, m)| match m {
                    Some(m) => format!(" (case \"c{i}\" {})", m.name),
                    None => format!(" (case \"c{i}\")"),
                });
                let text = format!("(variant{})", text.collect::<String>());
                let cases = members.into_iter().enumerate().map(|(i, m)| (format!("c{i}"), m.map(|m| m.ty)));
                self.define(Type::Variant(cases.collect()), &text)
            }
            6 => {
                let count = [1, 3, 255, 256, 257, 300][self.rng.random_range(0..6)];
                let names: Vec<_> = (0..count).map(|i| format!("e{i}")).collect();
                let text = format!("(enum{})", names.iter().map(|n| format!(" \"{n}\"")).collect::<String>());
                self.define(Type::Enum(names.into()), &text)
            }
            7 => {
                let count = [1, 7, 8, 9, 16, 17, 31, 32][self.rng.random_range(0..8)];
                let names: Vec<_> = (0..count).map(|i| format!("b{i}")).collect();
                let text = format!("(flags{})", names.iter().map(|n| format!(" \"{n}\"")).collect::<String>());
                self.define(Type::Flags(names.into()), &text)
            }
            8 => {
                let inner = self.any(depth - 1);
                let text = format!("(option {})", inner.name);
                self.define(Type::Option(Arc::new(inner.ty)), &text)
            }
            _ => {
                let ok = self.rng.random_bool(0.7).then(|| self.any(depth - 1));
                let err = self.rng.random_bool(0.7).then(|| self.any(depth - 1));
                let text = format!(
                    "(result{}{})",
                    ok.as_ref().map(|ok| format!(" {}", ok.name)).unwrap_or_default(),
                    err.as_ref().map(|err| format!(" (error {})", err.name)).unwrap_or_default()
                );
                self.define(Type::Result(ok.map(|m| m.ty.into()), err.map(|m| m.ty.into())), &text)
            }
        }
    }

    fn several(&mut self, depth: usize) -> Vec<Defined> {
        (0..self.rng.random_range(1..6)).map(|_| self.any(depth - 1)).collect()
    }

    /// Types of functions that are exported have exported names.
    fn define(&mut self, ty: Type, text: &str) -> Defined {
        let number = self.count;
        self.count += 1;
        self.text += &format!("(type $d{number} {text}) (export $t{number} \"t{number}\" (type $d{number}))\n");
        Defined { ty, name: format!("$t{number}") }
    }

    fn value(&mut self, ty: &Type) -> Value<'static> {
        let rng = &mut self.rng;
        match ty {
            Type::Bool => Value::Bool(rng.random()),
            Type::S8 => Value::S8(rng.random()),
            Type::U8 => Value::U8(rng.random()),
            Type::S16 => Value::S16(rng.random()),
            Type::U16 => Value::U16(rng.random()),
            Type::S32 => Value::S32(rng.random()),
            Type::U32 => Value::U32(rng.random()),
            Type::S64 => Value::S64(rng.random()),
            Type::U64 => Value::U64(rng.random()),
            Type::F32 => Value::F32(rng.random::<f32>() * 1e9),
            Type::F64 => Value::F64(rng.random::<f64>() * -1e99),
            Type::Char => Value::Char(rng.random()),
            Type::String => {
                let length = rng.random_range(0..20);
                Value::String((0..length).map(|_| rng.random::<char>()).collect::<String>().into())
            }
            Type::List(element) => {
                let length = rng.random_range(0..5);
                match number_bytes(element) {
                    Some(bytes) => Value::Numbers(numbers(element, length * bytes, rng).into()),
                    None => Value::List((0..length).map(|_| self.value(element)).collect()),
                }
            }
            Type::Record(fields) => Value::Record(fields.iter().map(|field| self.value(&field.ty)).collect()),
            Type::Tuple(types) => Value::Tuple(types.iter().map(|ty| self.value(ty)).collect()),
            Type::Variant(cases) => {
                let case = rng.random_range(0..cases.len());
                Value::Variant(case as u32, cases[case].1.as_ref().map(|ty| self.value(ty).into()))
            }
            Type::Enum(names) => Value::Enum(rng.random_range(0..names.len() as u32)),
            Type::Flags(names) => {
                let mask = if names.len() == 32 { u32::MAX } else { (1 << names.len()) - 1 };
                Value::Flags(vec![rng.random::<u32>() & mask])
            }
            Type::Option(ty) => Value::Option(rng.random_bool(0.6).then(|| self.value(ty).into())),
            Type::Result(ok, err) => match rng.random_bool(0.5) {
                true => Value::Result(Ok(ok.as_ref().map(|ty| self.value(ty).into()))),
                false => Value::Result(Err(err.as_ref().map(|ty| self.value(ty).into()))),
            },
            other => panic!("{other:?}"),
        }
    }
}

fn number_bytes(ty: &Type) -> Option<usize> {
    match ty {
        Type::S8 | Type::U8 => Some(1),
        Type::S16 | Type::U16 => Some(2),
        Type::S32 | Type::U32 | Type::F32 => Some(4),
        Type::S64 | Type::U64 | Type::F64 => Some(8),
        _ => None,
    }
}

/// Without NaNs, which compare as different from themselves.
fn numbers(ty: &Type, bytes: usize, rng: &mut StdRng) -> Vec<u8> {
    match ty {
        Type::F32 => (0..bytes / 4).flat_map(|_| rng.random::<f32>().to_le_bytes()).collect(),
        Type::F64 => (0..bytes / 8).flat_map(|_| rng.random::<f64>().to_le_bytes()).collect(),
        _ => (0..bytes).map(|_| rng.random()).collect(),
    }
}

/// The core types that a value takes in registers, joined as the canonical ABI has it.
fn flat(ty: &Type) -> Vec<&'static str> {
    let join = |cases: Vec<Vec<&'static str>>| {
        let mut joined: Vec<&'static str> = Vec::new();
        for case in cases {
            for (index, ty) in case.into_iter().enumerate() {
                match joined.get_mut(index) {
                    None => joined.push(ty),
                    Some(known) if *known == ty => {}
                    Some(known @ (&mut "i32" | &mut "f32")) if ty == "i32" || ty == "f32" => *known = "i32",
                    Some(known) => *known = "i64",
                }
            }
        }
        ["i32"].into_iter().chain(joined).collect()
    };
    match ty {
        Type::S64 | Type::U64 => vec!["i64"],
        Type::F32 => vec!["f32"],
        Type::F64 => vec!["f64"],
        Type::String | Type::List(_) => vec!["i32", "i32"],
        Type::Record(fields) => fields.iter().flat_map(|field| flat(&field.ty)).collect(),
        Type::Tuple(types) => types.iter().flat_map(flat).collect(),
        Type::Variant(cases) => join(cases.iter().map(|(_, ty)| ty.as_ref().map(flat).unwrap_or_default()).collect()),
        Type::Option(ty) => join(vec![flat(ty)]),
        Type::Result(ok, err) => {
            join([ok, err].into_iter().map(|ty| ty.as_deref().map(flat).unwrap_or_default()).collect())
        }
        _ => vec!["i32"],
    }
}

/// A guest with these functions, for a type `t`:
/// - `keep: func(x: t)` remembers its registers; `dump: func() -> list<u8>` gives all of the guest's memory.
/// - `echo: func(x: list<t>) -> list<t>` gives back what it got.
/// - `first: func() -> t` gives the first element of what `echo` was given last. Only where it is not in a register.
fn guest(types: &Types, ty: &Defined, encoding: &str) -> String {
    let flat = flat(&ty.ty);
    let spilled = flat.len() > 16;
    let parameters: Vec<&str> = if spilled { vec!["i32"] } else { flat.clone() };
    let stores = parameters
        .iter()
        .enumerate()
        .map(|(index, core)| format!("({core}.store (i32.const {}) (local.get {index}))\n", 64 + 8 * index));
    let first = if flat.len() > 1 {
        format!(
            "(func (export \"first\") (result {0}) (canon lift (core func $core \"first\") (memory (core memory $core \"memory\")) {encoding}))",
            ty.name
        )
    } else {
        String::new()
    };
    let text = format!(
        r#"(component
            {definitions}
            (core module $m
                (memory (export "memory") 2)
                (global $next (mut i32) (i32.const 1024))
                (global $kept (mut i32) (i32.const 0))
                (func (export "realloc") (param i32 i32 i32 i32) (result i32)
                    (local $at i32)
                    ;; Text in other encodings is first written where it fits in any case and then made smaller.
                    (if (local.get 0) (then
                        (if (i32.le_u (local.get 3) (local.get 1)) (then (return (local.get 0))))))
                    (local.set $at (i32.and
                        (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
                        (i32.sub (i32.const 0) (local.get 2))))
                    (global.set $next (i32.add (local.get $at) (local.get 3)))
                    (if (local.get 0) (then
                        (memory.copy (local.get $at) (local.get 0) (local.get 1))))
                    (local.get $at))
                (func (export "keep") (param {parameters}) {stores})
                (func (export "dump") (result i32)
                    (i32.store (i32.const 8) (i32.const 64))
                    (i32.store (i32.const 12) (i32.const 100000))
                    (i32.const 8))
                (func (export "echo") (param i32 i32) (result i32)
                    (global.set $kept (local.get 0))
                    (i32.store (i32.const 16) (local.get 0))
                    (i32.store (i32.const 20) (local.get 1))
                    (i32.const 16))
                (func (export "first") (result i32) (global.get $kept)))
            (core instance $core (instantiate $m))
            (type $list (list {name}))
            (type $bytes (list u8))
            (func (export "keep") (param "x" {name})
                (canon lift (core func $core "keep") (memory (core memory $core "memory")) (realloc (core func $core "realloc")) {encoding}))
            (func (export "dump") (result $bytes)
                (canon lift (core func $core "dump") (memory (core memory $core "memory"))))
            (func (export "echo") (param "x" $list) (result $list)
                (canon lift (core func $core "echo") (memory (core memory $core "memory")) (realloc (core func $core "realloc")) {encoding}))
            {first}
        )"#,
        definitions = types.text,
        parameters = parameters.join(" "),
        stores = stores.collect::<String>(),
        name = ty.name,
    );

    text
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
    let mut types = Types { rng: StdRng::seed_from_u64(seed() * 1_000_003 + number), text: String::new(), count: 0 };
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
