//! Numbers and lists of them, which are typed arrays and other buffers.

use std::borrow::Cow;

use deno_core::v8;
use worky_engine::plugin::Value;

use super::refused::shown;
use super::{Arguments, Refused};
use crate::plugin::shape::Number;

/// The largest integer that a number holds exactly, with all below it.
const SAFE_INTEGER_MAX: f64 = 9_007_199_254_740_991.0;

impl Arguments<'_> {
    pub(super) fn number(
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

    pub(super) fn numbers(
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
}
