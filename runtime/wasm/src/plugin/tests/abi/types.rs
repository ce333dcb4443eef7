//! Types and values at random, and a guest in component text for each type.

use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use worky_engine::plugin::{Field, Type, Value};

/// A type with its definition in component text.
#[derive(Clone)]
pub(super) struct Defined {
    pub(super) ty: Type,
    pub(super) name: String,
}

/// Makes types, and keeps the text that defines them.
pub(super) struct Types {
    pub(super) rng: StdRng,
    pub(super) text: String,
    count: usize,
}

impl Types {
    pub(super) fn new(seed: u64) -> Self {
        Types { rng: StdRng::seed_from_u64(seed), text: String::new(), count: 0 }
    }

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

    pub(super) fn any(&mut self, depth: usize) -> Defined {
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

    pub(super) fn value(&mut self, ty: &Type) -> Value<'static> {
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

pub(super) fn number_bytes(ty: &Type) -> Option<usize> {
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
pub(super) fn flat(ty: &Type) -> Vec<&'static str> {
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
pub(super) fn guest(types: &Types, ty: &Defined, encoding: &str) -> String {
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
