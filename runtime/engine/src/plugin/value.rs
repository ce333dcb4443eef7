use std::borrow::Cow;
use std::fmt;

/// A value of some [`super::Type`]. Its type is not in it: caller and callee have the same signature at hand.
pub enum Value<'a> {
    Bool(bool),
    S8(i8),
    U8(u8),
    S16(i16),
    U16(u16),
    S32(i32),
    U32(u32),
    S64(i64),
    U64(u64),
    F32(f32),
    F64(f64),
    Char(char),
    String(Cow<'a, str>),
    /// A list of numbers, as the bytes of its elements in little-endian order: a `list<u8>` is its bytes.
    Numbers(Cow<'a, [u8]>),
    /// A list of anything else.
    List(Vec<Value<'a>>),
    /// In the order of the type's fields.
    Record(Vec<Value<'a>>),
    Tuple(Vec<Value<'a>>),
    /// The index of the case.
    Variant(u32, Option<Box<Value<'a>>>),
    Enum(u32),
    /// One bit for each flag, the first one lowest; 32 in each word.
    Flags(Vec<u32>),
    Option(Option<Box<Value<'a>>>),
    Result(Result<Option<Box<Value<'a>>>, Option<Box<Value<'a>>>>),
    /// The handle of a resource, valid in the session that gave it.
    Resource(u32),
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(value) => value.fmt(f),
            Value::S8(value) => value.fmt(f),
            Value::U8(value) => value.fmt(f),
            Value::S16(value) => value.fmt(f),
            Value::U16(value) => value.fmt(f),
            Value::S32(value) => value.fmt(f),
            Value::U32(value) => value.fmt(f),
            Value::S64(value) => value.fmt(f),
            Value::U64(value) => value.fmt(f),
            Value::F32(value) => value.fmt(f),
            Value::F64(value) => value.fmt(f),
            Value::Char(value) => value.fmt(f),
            Value::String(value) => value.fmt(f),
            Value::Numbers(bytes) => write!(f, "Numbers({} bytes)", bytes.len()),
            Value::List(values) | Value::Record(values) | Value::Tuple(values) => {
                f.debug_list().entries(values).finish()
            }
            Value::Variant(case, payload) => f.debug_tuple("Variant").field(case).field(payload).finish(),
            Value::Enum(case) => f.debug_tuple("Enum").field(case).finish(),
            Value::Flags(words) => f.debug_tuple("Flags").field(words).finish(),
            Value::Option(value) => f.debug_tuple("Option").field(value).finish(),
            Value::Result(value) => f.debug_tuple("Result").field(value).finish(),
            Value::Resource(handle) => f.debug_tuple("Resource").field(handle).finish(),
        }
    }
}
