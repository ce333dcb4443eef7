//! From JavaScript to component values, strictly: what is not of its type is a `TypeError` that says where.
//!
//! Looking at a value may run the guest's code (getters, proxies), which may throw, change what is looked at, or end in
//! a limit. Types are finite, so the recursion is as deep as the type; memory is on the worker's account as it grows.

mod numbers;
mod refused;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use deno_core::v8;
use worky_engine::plugin::Value;

use super::memory::Charge;
use super::shape::{Key, Shape};
use crate::memory::MemoryMeter;
use crate::watchdog::Meter;
pub(crate) use numbers::from_f64;
pub(crate) use refused::Refused;
use refused::{one_of, shown};

/// How often a long list asks whether its worker was stopped: V8 cannot interrupt this code.
const ELEMENTS_BETWEEN_CHECKS: u32 = 4096;

/// The conversion of one call's arguments.
pub(crate) struct Arguments<'a> {
    meter: &'a Meter,
    /// The place of the plugin, for handles.
    plugin: usize,
    resources: &'a [String],
    charge: Charge,
    /// What holds the handles of resources that are passed on and no longer the caller's.
    passed_on: Vec<v8::Global<v8::Array>>,
    /// Handles that this call passes on, and those that it only shows.
    given: HashSet<u32>,
    lent: HashSet<u32>,
    /// The key of a resource's object to what says its handle.
    token: &'a v8::Global<v8::Private>,
    elements: u32,
}

/// Where the parts stand in what [`Arguments::token_of`] finds.
pub(crate) const TOKEN_PLUGIN: u32 = 0;
pub(crate) const TOKEN_RESOURCE: u32 = 1;
pub(crate) const TOKEN_HANDLE: u32 = 2;
/// In the place of a handle: the resource is still being made.
const HANDLE_PENDING: f64 = -2.0;
/// In the place of a handle: passed on, or disposed of.
const HANDLE_GONE: f64 = -1.0;

impl<'a> Arguments<'a> {
    pub(crate) fn new(
        meter: &'a Meter,
        memory: &Arc<MemoryMeter>,
        plugin: usize,
        resources: &'a [String],
        token: &'a v8::Global<v8::Private>,
    ) -> Self {
        let charge = Charge::new(memory.clone());
        let (given, lent) = (HashSet::new(), HashSet::new());
        Arguments { meter, plugin, resources, charge, passed_on: Vec::new(), given, lent, token, elements: 0 }
    }

    /// Ends the conversion: resources that are passed on are no longer the caller's. What comes back keeps the
    /// arguments on the worker's account.
    pub(crate) fn finish(self, scope: &mut v8::PinScope) -> Charge {
        for token in self.passed_on {
            let token = v8::Local::new(scope, token);
            let gone = v8::Number::new(scope, HANDLE_GONE);
            token.set_index(scope, TOKEN_HANDLE, gone.into());
        }
        self.charge
    }

    pub(crate) fn value(
        &mut self,
        scope: &mut v8::PinScope,
        shape: &Shape,
        value: v8::Local<v8::Value>,
    ) -> Result<Value<'static>, Refused> {
        match shape {
            Shape::Bool if value.is_boolean() => Ok(Value::Bool(value.is_true())),
            Shape::Bool => Err(Refused::expected(scope, "boolean", value)),
            Shape::Number(number) => self.number(scope, *number, value),
            Shape::Char => self.char(scope, value),
            Shape::String => match value.try_cast::<v8::String>() {
                Ok(text) => {
                    self.charge(text.length())?;
                    Ok(Value::String(Cow::Owned(text.to_rust_string_lossy(scope))))
                }
                Err(_) => Err(Refused::expected(scope, "string", value)),
            },
            Shape::Numbers(number) => self.numbers(scope, *number, value),
            Shape::List(element) => self.list(scope, element, value),
            Shape::Record(fields) => {
                let object = object(scope, value, "object")?;
                self.charge(fields.len() * size_of::<Value>())?;
                let mut values = Vec::with_capacity(fields.len());
                for (key, shape) in fields {
                    let name = key.local(scope);
                    let field = get(scope, object, name)?;
                    let converted = if field.is_undefined() && !matches!(**shape, Shape::Option(_)) {
                        Err(Refused::Type { path: String::new(), problem: "missing field".to_owned() })
                    } else {
                        self.value(scope, shape, field)
                    };
                    values.push(converted.map_err(|refused| refused.within(|| format!(".{}", key.text)))?);
                }
                Ok(Value::Record(values))
            }
            Shape::Tuple(shapes) => {
                let what = || format!("array of {}", shapes.len());
                let Ok(array) = value.try_cast::<v8::Array>() else {
                    return Err(Refused::expected(scope, &what(), value));
                };
                if array.length() as usize != shapes.len() {
                    let problem = format!("expected {}, got one of {}", what(), array.length());
                    return Err(Refused::Type { path: String::new(), problem });
                }
                self.charge(size_of_val(shapes.as_slice()))?;
                let mut values = Vec::with_capacity(shapes.len());
                for (index, shape) in shapes.iter().enumerate() {
                    let item = array.get_index(scope, index as u32).ok_or(Refused::Thrown)?;
                    let converted = self.value(scope, shape, item);
                    values.push(converted.map_err(|refused| refused.within(|| format!("[{index}]")))?);
                }
                Ok(Value::Tuple(values))
            }
            Shape::Variant(cases) => {
                let object = object(scope, value, "object with tag and val")?;
                let index = self.tag(scope, object, cases.iter().map(|(key, _)| key.text.as_str()))?;
                let payload = self.payload(scope, object, cases[index].1.as_deref())?;
                Ok(Value::Variant(index as u32, payload))
            }
            Shape::Enum(names) => {
                if !value.is_string() {
                    return Err(Refused::expected(scope, &one_of(names.iter().map(|key| key.text.as_str())), value));
                }
                let index = position(scope, names.iter().map(|key| key.text.as_str()), value)?;
                Ok(Value::Enum(index as u32))
            }
            Shape::Flags(names) => self.flags(scope, names, value),
            Shape::Option(_) if value.is_null_or_undefined() => Ok(Value::Option(None)),
            Shape::Option(some) => Ok(Value::Option(Some(Box::new(self.value(scope, some, value)?)))),
            Shape::TaggedOption(some) => {
                let object = object(scope, value, "object with tag \"none\", or \"some\" and val")?;
                match self.tag(scope, object, ["none", "some"].into_iter())? {
                    0 => Ok(Value::Option(None)),
                    _ => Ok(Value::Option(self.payload(scope, object, Some(some))?)),
                }
            }
            Shape::Result(ok, err) => {
                let object = object(scope, value, "object with tag \"ok\" or \"err\", and val")?;
                match self.tag(scope, object, ["ok", "err"].into_iter())? {
                    0 => Ok(Value::Result(Ok(self.payload(scope, object, ok.as_deref())?))),
                    _ => Ok(Value::Result(Err(self.payload(scope, object, err.as_deref())?))),
                }
            }
            Shape::Own(resource) => {
                let (handle, token) = self.handle(scope, *resource, value)?;
                // Refused here, so that it stays the caller's.
                if self.lent.contains(&handle) || !self.given.insert(handle) {
                    return Err(self.used_twice(*resource));
                }
                self.passed_on.push(v8::Global::new(scope, token));
                Ok(Value::Resource(handle))
            }
            Shape::Borrow(resource) => {
                let (handle, _) = self.handle(scope, *resource, value)?;
                if self.given.contains(&handle) {
                    return Err(self.used_twice(*resource));
                }
                self.lent.insert(handle);
                Ok(Value::Resource(handle))
            }
            Shape::Unsupported(what) => {
                Err(Refused::Type { path: String::new(), problem: format!("a {what} cannot be passed to a plugin") })
            }
        }
    }

    fn used_twice(&self, resource: u32) -> Refused {
        let name = self.class(resource);
        Refused::Type { path: String::new(), problem: format!("the {name} is passed on and used in one call") }
    }

    fn class(&self, resource: u32) -> &str {
        self.resources.get(resource as usize).map_or("resource", String::as_str)
    }

    fn charge(&mut self, bytes: usize) -> Result<(), Refused> {
        self.charge.add(bytes).map_err(|limit_bytes| Refused::Memory { limit_bytes })
    }

    /// Counts one more element of a list.
    fn step(&mut self) -> Result<(), Refused> {
        self.elements = self.elements.wrapping_add(1);
        if self.elements.is_multiple_of(ELEMENTS_BETWEEN_CHECKS) && self.meter.killed().is_some() {
            return Err(Refused::Stopped);
        }
        Ok(())
    }

    fn char(&mut self, scope: &mut v8::PinScope, value: v8::Local<v8::Value>) -> Result<Value<'static>, Refused> {
        let what = "string of one character";
        let Ok(text) = value.try_cast::<v8::String>() else { return Err(Refused::expected(scope, what, value)) };
        let mut units = [0; 2];
        let length = text.length();
        if matches!(length, 1 | 2) {
            text.write_v2(scope, 0, &mut units, v8::WriteFlags::default());
            let mut decoded = char::decode_utf16(units[..length].iter().copied());
            if let (Some(Ok(character)), None) = (decoded.next(), decoded.next()) {
                return Ok(Value::Char(character));
            }
        }
        let problem = match length {
            1 => format!("expected {what}, got half of a surrogate pair"),
            _ => format!("expected {what}, got one of {length}"),
        };
        Err(Refused::Type { path: String::new(), problem })
    }

    fn list(
        &mut self,
        scope: &mut v8::PinScope,
        element: &Shape,
        value: v8::Local<v8::Value>,
    ) -> Result<Value<'static>, Refused> {
        let Ok(array) = value.try_cast::<v8::Array>() else { return Err(Refused::expected(scope, "array", value)) };
        let mut values = Vec::new();
        // The length is asked anew: getters of the elements may change it.
        while (values.len() as u64) < u64::from(array.length()) {
            self.step()?;
            self.charge(size_of::<Value>())?;
            let index = values.len() as u32;
            v8::scope!(let inner, scope);
            let item = array.get_index(inner, index).ok_or(Refused::Thrown)?;
            let converted = self.value(inner, element, item);
            values.push(converted.map_err(|refused| refused.within(|| format!("[{index}]")))?);
        }
        Ok(Value::List(values))
    }

    fn flags(
        &mut self,
        scope: &mut v8::PinScope,
        names: &[Key],
        value: v8::Local<v8::Value>,
    ) -> Result<Value<'static>, Refused> {
        let object = object(scope, value, "object of booleans")?;
        let mut words = vec![0_u32; names.len().div_ceil(32)];
        for (index, key) in names.iter().enumerate() {
            let name = key.local(scope);
            let flag = get(scope, object, name)?;
            if flag.is_true() {
                words[index / 32] |= 1 << (index % 32);
            } else if !flag.is_false() && !flag.is_undefined() {
                return Err(Refused::expected(scope, "boolean", flag).within(|| format!(".{}", key.text)));
            }
        }
        let names_of = v8::GetPropertyNamesArgsBuilder::new()
            .mode(v8::KeyCollectionMode::OwnOnly)
            .key_conversion(v8::KeyConversionMode::ConvertToString)
            .build();
        let own = object.get_own_property_names(scope, names_of).ok_or(Refused::Thrown)?;
        for index in 0..own.length() {
            self.step()?;
            let name = own.get_index(scope, index).ok_or(Refused::Thrown)?.to_rust_string_lossy(scope);
            if !names.iter().any(|key| key.text == name) {
                let known = one_of(names.iter().map(|key| key.text.as_str()));
                let problem = format!("unknown flag {:?}, expected {known}", shown(&name));
                return Err(Refused::Type { path: String::new(), problem });
            }
        }
        Ok(Value::Flags(words))
    }

    /// Which of `names` the `tag` of an object says.
    fn tag<'n>(
        &mut self,
        scope: &mut v8::PinScope,
        object: v8::Local<v8::Object>,
        names: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<usize, Refused> {
        let key = literal(scope, "tag")?;
        let tag = get(scope, object, key)?;
        let found = if tag.is_string() {
            position(scope, names, tag)
        } else {
            Err(Refused::expected(scope, &one_of(names), tag))
        };
        found.map_err(|refused| refused.within(|| ".tag".to_owned()))
    }

    fn payload(
        &mut self,
        scope: &mut v8::PinScope,
        object: v8::Local<v8::Object>,
        shape: Option<&Shape>,
    ) -> Result<Option<Box<Value<'static>>>, Refused> {
        let Some(shape) = shape else { return Ok(None) };
        let key = literal(scope, "val")?;
        let value = get(scope, object, key)?;
        let converted = if value.is_undefined() && !matches!(shape, Shape::Option(_)) {
            Err(Refused::Type { path: String::new(), problem: "missing field".to_owned() })
        } else {
            self.value(scope, shape, value)
        };
        Ok(Some(Box::new(converted.map_err(|refused| refused.within(|| ".val".to_owned()))?)))
    }

    fn handle<'s>(
        &mut self,
        scope: &mut v8::PinScope<'s, '_>,
        resource: u32,
        value: v8::Local<'_, v8::Value>,
    ) -> Result<(u32, v8::Local<'s, v8::Array>), Refused> {
        let name = self.class(resource);
        let refused = |problem: String| Refused::Type { path: String::new(), problem };
        let Some(token) = token_of(scope, self.token, value) else {
            return Err(Refused::expected(scope, name, value));
        };
        let number = |scope: &mut v8::PinScope, part| {
            let value = token.get_index(scope, part).and_then(|value| value.try_cast::<v8::Number>().ok());
            value.map_or(HANDLE_GONE, |number| number.value())
        };
        let of = (number(scope, TOKEN_PLUGIN), number(scope, TOKEN_RESOURCE));
        if of != (self.plugin as f64, f64::from(resource)) {
            return Err(refused(format!("expected {name}, got a resource of another type")));
        }
        match number(scope, TOKEN_HANDLE) {
            HANDLE_PENDING => Err(refused(format!("the {name} is still being made; await one of its calls first"))),
            handle if handle >= 0.0 => Ok((handle as u32, token)),
            _ => Err(refused(format!("the {name} was disposed of, or passed on"))),
        }
    }
}

/// What says the handle of a resource's object; nothing else has it.
pub(crate) fn token_of<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    key: &v8::Global<v8::Private>,
    value: v8::Local<v8::Value>,
) -> Option<v8::Local<'s, v8::Array>> {
    let object = value.try_cast::<v8::Object>().ok()?;
    // A proxy has no private properties, and its handlers are not asked for them.
    let key = v8::Local::new(scope, key);
    object.get_private(scope, key)?.try_cast::<v8::Array>().ok()
}

fn object<'v>(
    scope: &mut v8::PinScope,
    value: v8::Local<'v, v8::Value>,
    what: &str,
) -> Result<v8::Local<'v, v8::Object>, Refused> {
    match value.try_cast::<v8::Object>() {
        Ok(object) if !value.is_function() && !value.is_array() => Ok(object),
        _ => Err(Refused::expected(scope, what, value)),
    }
}

fn get<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    object: v8::Local<v8::Object>,
    name: v8::Local<v8::String>,
) -> Result<v8::Local<'s, v8::Value>, Refused> {
    object.get(scope, name.into()).ok_or(Refused::Thrown)
}

fn literal<'s>(scope: &mut v8::PinScope<'s, '_>, text: &str) -> Result<v8::Local<'s, v8::String>, Refused> {
    v8::String::new_from_utf8(scope, text.as_bytes(), v8::NewStringType::Internalized).ok_or(Refused::Stopped)
}

/// The place of a text among names.
fn position<'n>(
    scope: &mut v8::PinScope,
    names: impl Iterator<Item = &'n str> + Clone,
    text: v8::Local<v8::Value>,
) -> Result<usize, Refused> {
    let text = text.to_rust_string_lossy(scope);
    names.clone().position(|name| name == text).ok_or_else(|| Refused::Type {
        path: String::new(),
        problem: format!("expected {}, got {:?}", one_of(names), shown(&text)),
    })
}
