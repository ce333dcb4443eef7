//! From component values to JavaScript. No code of the guest's runs here: objects are made with properties of their own.

use std::sync::Arc;

use deno_core::v8;
use worky_engine::plugin::Value;

use super::memory::adopt;
use super::sessions::{Flavour, Hooks};
use super::shape::{Key, Number, Shape};
use crate::memory::MemoryMeter;
use crate::watchdog::Meter;

/// How often a long list asks whether its worker was stopped.
const ELEMENTS_BETWEEN_CHECKS: usize = 1024;

/// Why there is no value of JavaScript for one of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    /// V8 has no memory for it, or no string is that long.
    TooLarge,
    /// The worker was stopped.
    Stopped,
    /// The value is not of its type, or of one that has no JavaScript.
    Mismatch,
}

impl Failed {
    /// Whether a smaller value would have been one.
    pub(crate) fn is_size(self) -> bool {
        self == Failed::TooLarge
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Failed::TooLarge => "the result is too large for the worker's memory (limits.memory_mb)",
            Failed::Stopped => "the worker was stopped",
            Failed::Mismatch => "the result is not of the function's type",
        }
    }
}

/// The conversion of one call's result.
pub(crate) struct Results<'a> {
    pub(crate) meter: &'a Meter,
    pub(crate) memory: &'a Arc<MemoryMeter>,
    pub(crate) hooks: &'a Hooks,
    /// The place of the plugin.
    pub(crate) plugin: usize,
    /// Whose methods the objects of resources get.
    pub(crate) flavour: Flavour,
}

impl Results<'_> {
    pub(crate) fn value<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        shape: &Shape,
        value: Value<'_>,
    ) -> Result<v8::Local<'s, v8::Value>, Failed> {
        Ok(match (shape, value) {
            (Shape::Bool, Value::Bool(value)) => v8::Boolean::new(scope, value).into(),
            (Shape::Number(number), value) => match (number, value) {
                (Number::S8, Value::S8(value)) => v8::Integer::new(scope, value.into()).into(),
                (Number::U8, Value::U8(value)) => v8::Integer::new(scope, value.into()).into(),
                (Number::S16, Value::S16(value)) => v8::Integer::new(scope, value.into()).into(),
                (Number::U16, Value::U16(value)) => v8::Integer::new(scope, value.into()).into(),
                (Number::S32, Value::S32(value)) => v8::Integer::new(scope, value).into(),
                (Number::U32, Value::U32(value)) => v8::Integer::new_from_unsigned(scope, value).into(),
                (Number::S64, Value::S64(value)) => v8::BigInt::new_from_i64(scope, value).into(),
                (Number::U64, Value::U64(value)) => v8::BigInt::new_from_u64(scope, value).into(),
                (Number::F32, Value::F32(value)) => v8::Number::new(scope, value.into()).into(),
                (Number::F64, Value::F64(value)) => v8::Number::new(scope, value).into(),
                _ => return Err(Failed::Mismatch),
            },
            (Shape::Char, Value::Char(value)) => string(scope, value.encode_utf8(&mut [0; 4]))?.into(),
            (Shape::String, Value::String(text)) => string(scope, &text)?.into(),
            (Shape::Numbers(number), Value::Numbers(bytes)) => self.numbers(scope, *number, bytes.into_owned())?,
            (Shape::List(element), Value::List(values)) => {
                self.array(scope, values.into_iter().map(|value| (&**element, value)))?
            }
            (Shape::Tuple(shapes), Value::Tuple(values)) if shapes.len() == values.len() => {
                self.array(scope, shapes.iter().map(|shape| &**shape).zip(values))?
            }
            (Shape::Record(fields), Value::Record(values)) if fields.len() == values.len() => {
                let object = v8::Object::new(scope);
                for ((key, shape), value) in fields.iter().zip(values) {
                    let value = self.value(scope, shape, value)?;
                    let name = key.local(scope);
                    set(scope, object, name, value)?;
                }
                object.into()
            }
            (Shape::Variant(cases), Value::Variant(case, payload)) => {
                let (key, shape) = cases.get(case as usize).ok_or(Failed::Mismatch)?;
                let tag = key.local(scope);
                self.tagged(scope, tag, shape.as_deref(), payload)?
            }
            (Shape::Enum(names), Value::Enum(case)) => {
                names.get(case as usize).ok_or(Failed::Mismatch)?.local(scope).into()
            }
            (Shape::Flags(names), Value::Flags(words)) => flags(scope, names, &words)?,
            (Shape::Option(_), Value::Option(None)) => v8::undefined(scope).into(),
            (Shape::Option(some), Value::Option(Some(value))) => self.value(scope, some, *value)?,
            (Shape::TaggedOption(_), Value::Option(None)) => {
                let tag = string(scope, "none")?;
                self.tagged(scope, tag, None, None)?
            }
            (Shape::TaggedOption(some), Value::Option(value)) => {
                let tag = string(scope, "some")?;
                self.tagged(scope, tag, Some(some), value)?
            }
            (Shape::Result(ok, _), Value::Result(Ok(value))) => {
                let tag = string(scope, "ok")?;
                self.tagged(scope, tag, ok.as_deref(), value)?
            }
            (Shape::Result(_, err), Value::Result(Err(value))) => {
                let tag = string(scope, "err")?;
                self.tagged(scope, tag, err.as_deref(), value)?
            }
            (Shape::Own(resource) | Shape::Borrow(resource), Value::Resource(handle)) => {
                self.hooks.resource(scope, self.plugin, *resource, handle, self.flavour).ok_or(Failed::Stopped)?
            }
            _ => return Err(Failed::Mismatch),
        })
    }

    fn array<'s, 'v>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        values: impl ExactSizeIterator<Item = (&'v Shape, Value<'v>)>,
    ) -> Result<v8::Local<'s, v8::Value>, Failed> {
        let mut elements: Vec<v8::Local<v8::Value>> = Vec::with_capacity(values.len());
        for (index, (shape, value)) in values.enumerate() {
            if index % ELEMENTS_BETWEEN_CHECKS == ELEMENTS_BETWEEN_CHECKS - 1 && self.meter.killed().is_some() {
                return Err(Failed::Stopped);
            }
            // The handles of what is in an element are of no use once it is made.
            v8::escapable_handle_scope!(let inner, scope);
            let element = self.value(inner, shape, value)?;
            elements.push(inner.escape(element));
        }
        Ok(v8::Array::new_with_elements(scope, &elements).into())
    }

    fn tagged<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        tag: v8::Local<'s, v8::String>,
        shape: Option<&Shape>,
        payload: Option<Box<Value<'_>>>,
    ) -> Result<v8::Local<'s, v8::Value>, Failed> {
        let object = v8::Object::new(scope);
        let name = string(scope, "tag")?;
        set(scope, object, name, tag.into())?;
        match (shape, payload) {
            (None, None) => {}
            (Some(shape), Some(payload)) => {
                let value = self.value(scope, shape, *payload)?;
                let name = string(scope, "val")?;
                set(scope, object, name, value)?;
            }
            _ => return Err(Failed::Mismatch),
        }
        Ok(object.into())
    }

    fn numbers<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        number: Number,
        bytes: Vec<u8>,
    ) -> Result<v8::Local<'s, v8::Value>, Failed> {
        if !bytes.len().is_multiple_of(number.bytes()) {
            return Err(Failed::Mismatch);
        }
        let length = bytes.len() / number.bytes();
        let buffer = adopt(scope, self.memory, bytes).ok_or(Failed::TooLarge)?;
        let array: Option<v8::Local<v8::Value>> = match number {
            Number::S8 => v8::Int8Array::new(scope, buffer, 0, length).map(Into::into),
            Number::U8 => v8::Uint8Array::new(scope, buffer, 0, length).map(Into::into),
            Number::S16 => v8::Int16Array::new(scope, buffer, 0, length).map(Into::into),
            Number::U16 => v8::Uint16Array::new(scope, buffer, 0, length).map(Into::into),
            Number::S32 => v8::Int32Array::new(scope, buffer, 0, length).map(Into::into),
            Number::U32 => v8::Uint32Array::new(scope, buffer, 0, length).map(Into::into),
            Number::S64 => v8::BigInt64Array::new(scope, buffer, 0, length).map(Into::into),
            Number::U64 => v8::BigUint64Array::new(scope, buffer, 0, length).map(Into::into),
            Number::F32 => v8::Float32Array::new(scope, buffer, 0, length).map(Into::into),
            Number::F64 => v8::Float64Array::new(scope, buffer, 0, length).map(Into::into),
        };
        array.ok_or(Failed::TooLarge)
    }
}

fn flags<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    names: &[Key],
    words: &[u32],
) -> Result<v8::Local<'s, v8::Value>, Failed> {
    let object = v8::Object::new(scope);
    for (index, key) in names.iter().enumerate() {
        let is_set = words.get(index / 32).is_some_and(|word| word & (1 << (index % 32)) != 0);
        let value = v8::Boolean::new(scope, is_set);
        let name = key.local(scope);
        set(scope, object, name, value.into())?;
    }
    Ok(object.into())
}

fn set(
    scope: &mut v8::PinScope,
    object: v8::Local<v8::Object>,
    name: v8::Local<v8::String>,
    value: v8::Local<v8::Value>,
) -> Result<(), Failed> {
    object.create_data_property(scope, name.into(), value).map(drop).ok_or(Failed::Stopped)
}

fn string<'s>(scope: &mut v8::PinScope<'s, '_>, text: &str) -> Result<v8::Local<'s, v8::String>, Failed> {
    v8::String::new(scope, text).ok_or(Failed::TooLarge)
}
