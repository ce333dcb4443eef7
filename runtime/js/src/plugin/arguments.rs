//! From JavaScript to component values, strictly: what is not of its type is a `TypeError` that says where.
//!
//! Looking at a value may run the guest's code (getters, proxies), which may throw, change what is looked at, or end in
//! a limit. Types are finite, so the recursion is as deep as the type; memory is on the worker's account as it grows.

use std::borrow::Cow;
use std::sync::Arc;

use deno_core::v8;
use worky_engine::plugin::Value;

use super::memory::Charge;
use super::shape::{Key, Number, Shape};
use crate::memory::MemoryMeter;
use crate::watchdog::Meter;

/// How often a long list asks whether its worker was stopped: V8 cannot interrupt this code.
const ELEMENTS_BETWEEN_CHECKS: u32 = 4096;

/// The largest integer that a number holds exactly, with all below it.
const SAFE_INTEGER_MAX: f64 = 9_007_199_254_740_991.0;

/// Characters of a text that an error repeats.
const SHOWN_CHARS_MAX: usize = 32;

/// Why there is no value.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The guest's own code threw; the exception is pending in V8.
    Thrown,
    /// A `TypeError`: the path from the argument to the value, `.rows[3].name`, and what is wrong with it.
    Type { path: String, problem: String },
    /// There is no memory for it.
    Memory { limit_bytes: usize },
    /// The worker was stopped.
    Stopped,
}

impl Refused {
    fn expected(scope: &mut v8::PinScope, what: &str, value: v8::Local<v8::Value>) -> Self {
        Refused::Type { path: String::new(), problem: format!("expected {what}, got {}", kind_of(scope, value)) }
    }

    /// The same, seen from the value that this one is in.
    pub(crate) fn within(self, part: impl FnOnce() -> String) -> Self {
        match self {
            Refused::Type { path, problem } => Refused::Type { path: part() + &path, problem },
            other => other,
        }
    }
}

/// The conversion of one call's arguments.
pub(crate) struct Arguments<'a> {
    meter: &'a Meter,
    /// The place of the plugin, for handles.
    plugin: usize,
    resources: &'a [String],
    charge: Charge,
    /// What holds the handles of resources that are passed on and no longer the caller's.
    passed_on: Vec<v8::Global<v8::Array>>,
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
        Arguments { meter, plugin, resources, charge, passed_on: Vec::new(), token, elements: 0 }
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
                self.passed_on.push(v8::Global::new(scope, token));
                Ok(Value::Resource(handle))
            }
            Shape::Borrow(resource) => Ok(Value::Resource(self.handle(scope, *resource, value)?.0)),
            Shape::Unsupported(what) => {
                Err(Refused::Type { path: String::new(), problem: format!("a {what} cannot be passed to a plugin") })
            }
        }
    }

    /// The bytes of a typed array, without a copy.
    ///
    /// # Safety
    ///
    /// No JavaScript runs and nothing of V8 is allocated as long as the slice is used: either could move, resize or free
    /// what it points to.
    pub(crate) unsafe fn borrow<'b>(value: v8::Local<'b, v8::Value>) -> &'b [u8] {
        let (data, bytes) = if let Ok(view) = value.try_cast::<v8::ArrayBufferView>() {
            (view.data(), view.byte_length())
        } else if let Ok(buffer) = value.try_cast::<v8::ArrayBuffer>() {
            let data = buffer.data().map_or(std::ptr::null_mut(), |data| data.as_ptr());
            (data, buffer.byte_length())
        } else {
            (std::ptr::null_mut(), 0)
        };
        if data.is_null() || bytes == 0 {
            return &[];
        }
        // SAFETY: V8 says that these bytes are the buffer's, the handle keeps the buffer alive, and the caller promises
        // that nothing runs that could take them away.
        unsafe { std::slice::from_raw_parts(data.cast::<u8>().cast_const(), bytes) }
    }

    /// Whether [`Arguments::borrow`] can have the bytes of a list of numbers: they are outside of V8's heap, and in one
    /// place.
    pub(crate) fn is_borrowable(number: Number, value: v8::Local<v8::Value>) -> bool {
        if let Ok(view) = value.try_cast::<v8::ArrayBufferView>() {
            // Small ones may be on the heap, and copying them costs less than knowing.
            return holds(number, value) && view.byte_length() > v8::TYPED_ARRAY_MAX_SIZE_IN_HEAP;
        }
        number == Number::U8 && value.is_array_buffer()
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

    fn number(
        &mut self,
        scope: &mut v8::PinScope,
        number: Number,
        value: v8::Local<v8::Value>,
    ) -> Result<Value<'static>, Refused> {
        if let Ok(big) = value.try_cast::<v8::BigInt>() {
            let exact = match number {
                Number::S64 => Some(big.i64_value()).filter(|(_, exact)| *exact).map(|(value, _)| Value::S64(value)),
                Number::U64 => Some(big.u64_value()).filter(|(_, exact)| *exact).map(|(value, _)| Value::U64(value)),
                _ => None,
            };
            return exact.ok_or_else(|| match number {
                Number::S64 | Number::U64 => {
                    let text = shown(&big.to_rust_string_lossy(scope));
                    Refused::Type { path: String::new(), problem: format!("expected {}, got {text}n", number.name()) }
                }
                _ => Refused::expected(scope, number.name(), value),
            });
        }
        let Ok(given) = value.try_cast::<v8::Number>() else {
            let what = match number {
                Number::S64 | Number::U64 => "bigint",
                _ => "number",
            };
            return Err(Refused::expected(scope, what, value));
        };
        from_f64(number, given.value()).ok_or_else(|| Refused::Type {
            path: String::new(),
            problem: format!("expected {}, got {}", number.name(), given.to_rust_string_lossy(scope)),
        })
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

    fn numbers(
        &mut self,
        scope: &mut v8::PinScope,
        number: Number,
        value: v8::Local<v8::Value>,
    ) -> Result<Value<'static>, Refused> {
        if holds(number, value) {
            return self.copied(value);
        }
        let Ok(array) = value.try_cast::<v8::Array>() else {
            let what = format!("{} or array of numbers", number.array_name());
            return Err(Refused::expected(scope, &what, value));
        };
        let mut bytes = Vec::new();
        let mut index = 0;
        while index < array.length() {
            self.step()?;
            self.charge(number.bytes())?;
            v8::scope!(let inner, scope);
            let item = array.get_index(inner, index).ok_or(Refused::Thrown)?;
            let converted = self.number(inner, number, item);
            append(&mut bytes, converted.map_err(|refused| refused.within(|| format!("[{index}]")))?);
            index += 1;
        }
        Ok(Value::Numbers(Cow::Owned(bytes)))
    }

    /// The bytes of a typed array or another buffer, copied.
    fn copied(&mut self, value: v8::Local<v8::Value>) -> Result<Value<'static>, Refused> {
        if let Ok(view) = value.try_cast::<v8::ArrayBufferView>() {
            self.charge(view.byte_length())?;
            let mut storage = [0; v8::TYPED_ARRAY_MAX_SIZE_IN_HEAP];
            return Ok(Value::Numbers(Cow::Owned(view.get_contents(&mut storage).to_vec())));
        }
        if let Ok(shared) = value.try_cast::<v8::SharedArrayBuffer>() {
            self.charge(shared.byte_length())?;
            let store = shared.get_backing_store();
            return Ok(Value::Numbers(Cow::Owned(store.iter().map(std::cell::Cell::get).collect())));
        }
        let bytes = value.try_cast::<v8::ArrayBuffer>().map_or(0, |buffer| buffer.byte_length());
        self.charge(bytes)?;
        // SAFETY: the slice is copied at once.
        Ok(Value::Numbers(Cow::Owned(unsafe { Self::borrow(value) }.to_vec())))
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
        let name = self.resources.get(resource as usize).map_or("resource", String::as_str);
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

/// A number of JavaScript as a value, where it is one of that type.
pub(crate) fn from_f64(number: Number, given: f64) -> Option<Value<'static>> {
    let within = |min: f64, max: f64| given.trunc() == given && given >= min && given <= max;
    let range = |min: i64, max: i64| within(min as f64, max as f64);
    Some(match number {
        Number::F32 => Value::F32(given as f32),
        Number::F64 => Value::F64(given),
        Number::S8 if range(-128, 127) => Value::S8(given as i8),
        Number::U8 if range(0, 255) => Value::U8(given as u8),
        Number::S16 if range(-32_768, 32_767) => Value::S16(given as i16),
        Number::U16 if range(0, 65_535) => Value::U16(given as u16),
        Number::S32 if range(i64::from(i32::MIN), i64::from(i32::MAX)) => Value::S32(given as i32),
        Number::U32 if range(0, i64::from(u32::MAX)) => Value::U32(given as u32),
        Number::S64 if within(-SAFE_INTEGER_MAX, SAFE_INTEGER_MAX) => Value::S64(given as i64),
        Number::U64 if within(0.0, SAFE_INTEGER_MAX) => Value::U64(given as u64),
        _ => return None,
    })
}

fn append(bytes: &mut Vec<u8>, number: Value<'_>) {
    match number {
        Value::S8(value) => bytes.extend(value.to_le_bytes()),
        Value::U8(value) => bytes.push(value),
        Value::S16(value) => bytes.extend(value.to_le_bytes()),
        Value::U16(value) => bytes.extend(value.to_le_bytes()),
        Value::S32(value) => bytes.extend(value.to_le_bytes()),
        Value::U32(value) => bytes.extend(value.to_le_bytes()),
        Value::S64(value) => bytes.extend(value.to_le_bytes()),
        Value::U64(value) => bytes.extend(value.to_le_bytes()),
        Value::F32(value) => bytes.extend(value.to_le_bytes()),
        Value::F64(value) => bytes.extend(value.to_le_bytes()),
        _ => {}
    }
}

/// Whether a buffer is a list of these numbers as it is. Bytes may be in a buffer of any kind.
fn holds(number: Number, value: v8::Local<v8::Value>) -> bool {
    match number {
        Number::S8 => value.is_int8_array(),
        Number::U8 => value.is_array_buffer_view() || value.is_array_buffer() || value.is_shared_array_buffer(),
        Number::S16 => value.is_int16_array(),
        Number::U16 => value.is_uint16_array(),
        Number::S32 => value.is_int32_array(),
        Number::U32 => value.is_uint32_array(),
        Number::S64 => value.is_big_int64_array(),
        Number::U64 => value.is_big_uint64_array(),
        Number::F32 => value.is_float32_array(),
        Number::F64 => value.is_float64_array(),
    }
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

fn one_of<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("{name:?}")).collect();
    format!("one of {}", names.join(", "))
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What a value is, in one word. Nothing of the guest runs.
fn kind_of(scope: &mut v8::PinScope, value: v8::Local<v8::Value>) -> String {
    if value.is_null() {
        "null".to_owned()
    } else if value.is_array() {
        "array".to_owned()
    } else if value.is_array_buffer_view() || value.is_array_buffer() {
        let Ok(object) = value.try_cast::<v8::Object>() else { return "buffer".to_owned() };
        object.get_constructor_name().to_rust_string_lossy(scope)
    } else {
        value.type_of(scope).to_rust_string_lossy(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_checked_against_their_type() {
        let text = |number, given| from_f64(number, given).map(|value| format!("{value:?}"));
        assert_eq!(text(Number::U8, 255.0).as_deref(), Some("255"));
        assert_eq!(text(Number::S8, -128.0).as_deref(), Some("-128"));
        assert_eq!(text(Number::U8, -0.0).as_deref(), Some("0"));
        assert_eq!(text(Number::U32, 4_294_967_295.0).as_deref(), Some("4294967295"));
        assert_eq!(text(Number::S64, -SAFE_INTEGER_MAX).as_deref(), Some("-9007199254740991"));
        for (number, bad) in [
            (Number::U8, 256.0),
            (Number::U8, -1.0),
            (Number::U8, 1.5),
            (Number::S8, 128.0),
            (Number::U16, f64::NAN),
            (Number::S32, f64::INFINITY),
            (Number::U64, -1.0),
            (Number::U64, SAFE_INTEGER_MAX + 1.0),
        ] {
            assert_eq!(text(number, bad), None, "{number:?} {bad}");
        }
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shown("short"), "short");
        assert_eq!(shown(&"é".repeat(40)), format!("{}…", "é".repeat(32)));
    }
}
