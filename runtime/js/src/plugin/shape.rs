//! The types of a component as one isolate converts them: names are strings of V8 already.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use deno_core::v8;
use worky_engine::plugin::Type;

use super::exports::lower_camel_case;

/// A type, ready for conversion both ways.
pub(crate) enum Shape {
    Bool,
    Number(Number),
    Char,
    String,
    /// A list of numbers: a typed array.
    Numbers(Number),
    List(Rc<Shape>),
    Record(Vec<(Key, Rc<Shape>)>),
    Tuple(Vec<Rc<Shape>>),
    Variant(Vec<(Key, Option<Rc<Shape>>)>),
    Enum(Vec<Key>),
    Flags(Vec<Key>),
    /// `undefined`, or the value itself.
    Option(Rc<Shape>),
    /// An option of something that may be `undefined` itself: `{ tag: "none" }`, or `{ tag: "some", val }`.
    TaggedOption(Rc<Shape>),
    Result(Option<Rc<Shape>>, Option<Rc<Shape>>),
    /// Handles, with the number of their resource.
    Own(u32),
    Borrow(u32),
    /// What no function that was loaded can have in it.
    Unsupported(&'static str),
}

/// The kinds of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
}

/// A name as JavaScript has it.
pub(crate) struct Key {
    pub(crate) text: String,
    string: v8::Global<v8::String>,
}

impl Key {
    fn new(scope: &mut v8::PinScope, text: String) -> Option<Self> {
        let string = v8::String::new_from_utf8(scope, text.as_bytes(), v8::NewStringType::Internalized)?;
        Some(Key { string: v8::Global::new(scope, string), text })
    }

    pub(crate) fn local<'s>(&self, scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::String> {
        v8::Local::new(scope, &self.string)
    }
}

impl Number {
    pub(crate) fn of(ty: &Type) -> Option<Self> {
        Some(match ty {
            Type::S8 => Number::S8,
            Type::U8 => Number::U8,
            Type::S16 => Number::S16,
            Type::U16 => Number::U16,
            Type::S32 => Number::S32,
            Type::U32 => Number::U32,
            Type::S64 => Number::S64,
            Type::U64 => Number::U64,
            Type::F32 => Number::F32,
            Type::F64 => Number::F64,
            _ => return None,
        })
    }

    /// The size of one in a list.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Number::S8 | Number::U8 => 1,
            Number::S16 | Number::U16 => 2,
            Number::S32 | Number::U32 | Number::F32 => 4,
            Number::S64 | Number::U64 | Number::F64 => 8,
        }
    }

    /// As errors call it, with what it can be.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Number::S8 => "s8 (-128 to 127)",
            Number::U8 => "u8 (0 to 255)",
            Number::S16 => "s16 (-32768 to 32767)",
            Number::U16 => "u16 (0 to 65535)",
            Number::S32 => "s32 (-2147483648 to 2147483647)",
            Number::U32 => "u32 (0 to 4294967295)",
            Number::S64 => "s64 (a BigInt of 64 bits, or a safe integer)",
            Number::U64 => "u64 (a BigInt from 0 of 64 bits, or a safe integer)",
            Number::F32 => "f32",
            Number::F64 => "f64",
        }
    }

    /// The typed array that holds a list of them.
    pub(crate) fn array_name(self) -> &'static str {
        match self {
            Number::S8 => "Int8Array",
            Number::U8 => "Uint8Array",
            Number::S16 => "Int16Array",
            Number::U16 => "Uint16Array",
            Number::S32 => "Int32Array",
            Number::U32 => "Uint32Array",
            Number::S64 => "BigInt64Array",
            Number::U64 => "BigUint64Array",
            Number::F32 => "Float32Array",
            Number::F64 => "Float64Array",
        }
    }
}

/// Makes shapes, each type once.
#[derive(Default)]
pub(crate) struct Shapes(HashMap<*const (), Rc<Shape>>);

impl Shapes {
    /// `None` where V8 has no memory for the names.
    pub(crate) fn of(&mut self, scope: &mut v8::PinScope, ty: &Type) -> Option<Rc<Shape>> {
        // Types are shared among the functions of an interface, and nested ones among each other; the address of what
        // such a type consists of stands for it as long as the interface lives.
        let address: Option<*const ()> = match ty {
            Type::Record(fields) => Some(Arc::as_ptr(fields).cast()),
            Type::Tuple(items) => Some(Arc::as_ptr(items).cast()),
            Type::Variant(cases) => Some(Arc::as_ptr(cases).cast()),
            _ => None,
        };
        if let Some(known) = address.and_then(|address| self.0.get(&address)) {
            return Some(known.clone());
        }
        let shape = Rc::new(self.make(scope, ty)?);
        if let Some(address) = address {
            self.0.insert(address, shape.clone());
        }
        Some(shape)
    }

    fn make(&mut self, scope: &mut v8::PinScope, ty: &Type) -> Option<Shape> {
        if let Some(number) = Number::of(ty) {
            return Some(Shape::Number(number));
        }
        Some(match ty {
            Type::Bool => Shape::Bool,
            Type::Char => Shape::Char,
            Type::String => Shape::String,
            Type::List(element) => match Number::of(element) {
                Some(number) => Shape::Numbers(number),
                None => Shape::List(self.of(scope, element)?),
            },
            Type::Record(fields) => {
                let field = |field: &worky_engine::plugin::Field| {
                    Some((Key::new(scope, lower_camel_case(&field.name))?, self.of(scope, &field.ty)?))
                };
                Shape::Record(fields.iter().map(field).collect::<Option<_>>()?)
            }
            Type::Tuple(items) => Shape::Tuple(items.iter().map(|ty| self.of(scope, ty)).collect::<Option<_>>()?),
            Type::Variant(cases) => {
                let case = |(name, payload): &(String, Option<Type>)| {
                    let key = Key::new(scope, name.clone())?;
                    let payload = match payload {
                        Some(ty) => Some(self.of(scope, ty)?),
                        None => None,
                    };
                    Some((key, payload))
                };
                Shape::Variant(cases.iter().map(case).collect::<Option<_>>()?)
            }
            Type::Enum(names) => {
                Shape::Enum(names.iter().map(|name| Key::new(scope, name.clone())).collect::<Option<_>>()?)
            }
            Type::Flags(names) => {
                Shape::Flags(names.iter().map(|name| Key::new(scope, lower_camel_case(name))).collect::<Option<_>>()?)
            }
            Type::Option(inner) if is_nullable(inner) => Shape::TaggedOption(self.of(scope, inner)?),
            Type::Option(inner) => Shape::Option(self.of(scope, inner)?),
            Type::Result(ok, err) => {
                let mut side = |ty: &Option<Arc<Type>>| match ty {
                    Some(ty) => self.of(scope, ty).map(Some),
                    None => Some(None),
                };
                Shape::Result(side(ok)?, side(err)?)
            }
            Type::Own(resource) => Shape::Own(*resource),
            Type::Borrow(resource) => Shape::Borrow(*resource),
            Type::Stream(_) => Shape::Unsupported("stream"),
            Type::Future(_) => Shape::Unsupported("future"),
            _ => Shape::Unsupported("value"),
        })
    }
}

/// Whether a type has `undefined` among its values.
fn is_nullable(ty: &Type) -> bool {
    matches!(ty, Type::Option(inner) if !is_nullable(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_every_other_option_is_tagged() {
        let option = |ty: Type| Type::Option(Arc::new(ty));
        assert!(!is_nullable(&Type::U8));
        assert!(is_nullable(&option(Type::U8)));
        assert!(!is_nullable(&option(option(Type::U8))));
        assert!(is_nullable(&option(option(option(Type::U8)))));
    }
}
