//! Values out of a guest. Nothing of what it says is believed: every address, length, case and character is checked, and
//! what the host allocates is counted before it is.

use std::borrow::Cow;

use wasmtime::component::__internal::wasmtime_environ::component::{StringEncoding, VariantInfo};
use wasmtime::component::__internal::{ComponentTypes, InterfaceType, LiftContext};
use wasmtime::component::{Lift, ResourceAny};
use wasmtime::{Error, Result, ValRaw, bail, format_err};
use worky_engine::plugin::Value;

use super::lower::{flag_mask, is_number, size, variant_info};
use super::{FLAT_RESULTS_MAX, ResultTooLarge, Results};

/// The bit of a length that says whether text in "latin1+utf16" is UTF-16.
const UTF16_TAG: usize = 1 << 31;

/// The result of a function whose results are the tuple `ty`. `register` is asked only where there is one.
pub(super) fn results(
    cx: &mut LiftContext<'_>,
    ty: InterfaceType,
    register: impl FnOnce() -> ValRaw,
) -> Result<Results> {
    let InterfaceType::Tuple(tuple) = ty else { bail!("results are no tuple: {ty:?}") };
    let types = cx.types.clone();
    let tuple = &types[tuple];
    let Some(result) = tuple.types.first().copied() else {
        return Ok(Results { value: None, resources: Vec::new() });
    };
    if tuple.types.len() > 1 {
        bail!("a function has more than one result");
    }
    let mut lifting = Lifting { cx, types: &types, resources: Vec::new() };
    let value = if tuple.abi.flat_count(FLAT_RESULTS_MAX).is_some() {
        lifting.lift(result, register())?
    } else {
        let pointer = size(register().get_u32());
        let place = lifting.range(pointer, size(tuple.abi.size32), tuple.abi.align32)?;
        lifting.load(result, place)?
    };
    Ok(Results { value: Some(value), resources: lifting.resources })
}

struct Lifting<'c, 'a> {
    cx: &'c mut LiftContext<'a>,
    types: &'c ComponentTypes,
    resources: Vec<ResourceAny>,
}

impl<'a> Lifting<'_, 'a> {
    /// A value of a type that takes at most one register.
    fn lift(&mut self, ty: InterfaceType, register: ValRaw) -> Result<Value<'static>> {
        let types = self.types;
        Ok(match ty {
            InterfaceType::Bool => Value::Bool(register.get_u32() != 0),
            InterfaceType::S8 => Value::S8(register.get_i32() as i8),
            InterfaceType::U8 => Value::U8(register.get_u32() as u8),
            InterfaceType::S16 => Value::S16(register.get_i32() as i16),
            InterfaceType::U16 => Value::U16(register.get_u32() as u16),
            InterfaceType::S32 => Value::S32(register.get_i32()),
            InterfaceType::U32 => Value::U32(register.get_u32()),
            InterfaceType::S64 => Value::S64(register.get_i64()),
            InterfaceType::U64 => Value::U64(register.get_u64()),
            InterfaceType::Float32 => Value::F32(f32::from_bits(register.get_f32())),
            InterfaceType::Float64 => Value::F64(f64::from_bits(register.get_f64())),
            InterfaceType::Char => Value::Char(character(register.get_u32())?),
            InterfaceType::Record(record) => {
                let [field] = &*types[record].fields else { bail!("a record in one register has one field") };
                Value::Record(vec![self.lift(field.ty, register)?])
            }
            InterfaceType::Tuple(tuple) => {
                let [element] = *types[tuple].types else { bail!("a tuple in one register has one element") };
                Value::Tuple(vec![self.lift(element, register)?])
            }
            InterfaceType::Flags(flags) => {
                let names = types[flags].names.len();
                Value::Flags((0..names.div_ceil(32).min(1)).map(|i| register.get_u32() & flag_mask(names, i)).collect())
            }
            InterfaceType::Enum(_)
            | InterfaceType::Variant(_)
            | InterfaceType::Option(_)
            | InterfaceType::Result(_) => {
                // The only register is the discriminant's: no case carries anything.
                let discriminant = register.get_u32();
                if payload(types, ty, discriminant)?.is_some() {
                    bail!("a variant in one register carries nothing");
                }
                variant(ty, discriminant, None)
            }
            InterfaceType::Own(_) => {
                let resource = ResourceAny::linear_lift_from_flat(self.cx, ty, &register)?;
                self.resource(resource)?
            }
            _ => return unsupported(ty),
        })
    }

    /// A value in its place, which has the size of its type.
    fn load(&mut self, ty: InterfaceType, place: &[u8]) -> Result<Value<'static>> {
        let types = self.types;
        Ok(match ty {
            InterfaceType::Bool => Value::Bool(read::<1>(place)? != [0]),
            InterfaceType::S8 => Value::S8(i8::from_le_bytes(read(place)?)),
            InterfaceType::U8 => Value::U8(u8::from_le_bytes(read(place)?)),
            InterfaceType::S16 => Value::S16(i16::from_le_bytes(read(place)?)),
            InterfaceType::U16 => Value::U16(u16::from_le_bytes(read(place)?)),
            InterfaceType::S32 => Value::S32(i32::from_le_bytes(read(place)?)),
            InterfaceType::U32 => Value::U32(u32::from_le_bytes(read(place)?)),
            InterfaceType::S64 => Value::S64(i64::from_le_bytes(read(place)?)),
            InterfaceType::U64 => Value::U64(u64::from_le_bytes(read(place)?)),
            InterfaceType::Float32 => Value::F32(f32::from_le_bytes(read(place)?)),
            InterfaceType::Float64 => Value::F64(f64::from_le_bytes(read(place)?)),
            InterfaceType::Char => Value::Char(character(u32::from_le_bytes(read(place)?))?),
            InterfaceType::String => {
                let (pointer, length) = pair(place)?;
                Value::String(Cow::Owned(self.text(pointer, length)?))
            }
            InterfaceType::List(list) => {
                let (pointer, length) = pair(place)?;
                self.list(types[list].element, pointer, length)?
            }
            InterfaceType::Record(record) => {
                let fields = &types[record].fields;
                self.count_values(fields.len())?;
                let mut offset = 0;
                let values = fields.iter().map(|field| self.member(field.ty, &mut offset, place));
                Value::Record(values.collect::<Result<_>>()?)
            }
            InterfaceType::Tuple(tuple) => {
                let elements = &types[tuple].types;
                self.count_values(elements.len())?;
                let mut offset = 0;
                let values = elements.iter().map(|ty| self.member(*ty, &mut offset, place));
                Value::Tuple(values.collect::<Result<_>>()?)
            }
            InterfaceType::Flags(flags) => {
                let names = types[flags].names.len();
                let words: Vec<u32> = match names {
                    0 => Vec::new(),
                    1..=8 => vec![u32::from(u8::from_le_bytes(read(place)?))],
                    9..=16 => vec![u32::from(u16::from_le_bytes(read(place)?))],
                    _ => {
                        let words = place.chunks_exact(4).take(names.div_ceil(32));
                        words.map(|word| Ok(u32::from_le_bytes(read(word)?))).collect::<Result<_>>()?
                    }
                };
                self.count(words.len() * 4)?;
                Value::Flags(words.iter().enumerate().map(|(index, word)| word & flag_mask(names, index)).collect())
            }
            InterfaceType::Enum(_)
            | InterfaceType::Variant(_)
            | InterfaceType::Option(_)
            | InterfaceType::Result(_) => {
                let info = variant_info(types, ty)?;
                let discriminant = discriminant(info, place)?;
                let Some(payload) = payload(types, ty, discriminant)? else {
                    return Ok(variant(ty, discriminant, None));
                };
                self.count_values(1)?;
                let bytes = size(types.canonical_abi(&payload).size32);
                let place = place.get(size(info.payload_offset32)..).and_then(|rest| rest.get(..bytes));
                let value = self.load(payload, place.ok_or_else(cut)?)?;
                variant(ty, discriminant, Some(Box::new(value)))
            }
            InterfaceType::Own(_) => {
                let resource = ResourceAny::linear_lift_from_memory(self.cx, ty, place)?;
                self.resource(resource)?
            }
            _ => return unsupported(ty),
        })
    }

    fn member(&mut self, ty: InterfaceType, offset: &mut u32, place: &[u8]) -> Result<Value<'static>> {
        let abi = self.types.canonical_abi(&ty);
        let at = size(abi.next_field32(offset));
        let place = place.get(at..).and_then(|rest| rest.get(..size(abi.size32)));
        self.load(ty, place.ok_or_else(cut)?)
    }

    fn list(&mut self, element: InterfaceType, pointer: usize, length: usize) -> Result<Value<'static>> {
        let abi = self.types.canonical_abi(&element);
        let element_bytes = size(abi.size32);
        let bytes = length.checked_mul(element_bytes).ok_or(ResultTooLarge)?;
        let place = self.range(pointer, bytes, abi.align32)?;
        if is_number(element) {
            self.count(bytes)?;
            return Ok(Value::Numbers(Cow::Owned(place.to_vec())));
        }
        self.count_values(length)?;
        // Every type has a size of at least one byte.
        let elements = place.chunks_exact(element_bytes.max(1));
        let mut values = Vec::with_capacity(length);
        for place in elements {
            values.push(self.load(element, place)?);
        }
        Ok(Value::List(values))
    }

    fn text(&mut self, pointer: usize, length: usize) -> Result<String> {
        match self.cx.options().string_encoding {
            StringEncoding::Utf8 => {
                let bytes = self.range(pointer, length, 1)?;
                self.count(length)?;
                Ok(std::str::from_utf8(bytes)?.to_owned())
            }
            StringEncoding::Utf16 => self.utf16(pointer, length),
            StringEncoding::CompactUtf16 if length & UTF16_TAG != 0 => self.utf16(pointer, length ^ UTF16_TAG),
            StringEncoding::CompactUtf16 => {
                let bytes = self.range(pointer, length, 2)?;
                self.count(length.saturating_mul(2))?;
                Ok(bytes.iter().copied().map(char::from).collect())
            }
        }
    }

    fn utf16(&mut self, pointer: usize, units: usize) -> Result<String> {
        let bytes = units.checked_mul(2).ok_or(ResultTooLarge)?;
        let (units, _) = self.range(pointer, bytes, 2)?.as_chunks::<2>();
        // Three bytes of UTF-8 for two of UTF-16, at most.
        self.count(bytes.saturating_mul(2))?;
        Ok(char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit))).collect::<Result<_, _>>()?)
    }

    fn resource(&mut self, resource: ResourceAny) -> Result<Value<'static>> {
        self.count(size_of::<ResourceAny>())?;
        self.resources.push(resource);
        Ok(Value::Resource(u32::try_from(self.resources.len() - 1)?))
    }

    /// A range of the guest's memory.
    fn range(&self, pointer: usize, bytes: usize, align: u32) -> Result<&'a [u8]> {
        if !pointer.is_multiple_of(size(align)) {
            bail!("the guest gave the address {pointer:#x}, which is not a multiple of {align}");
        }
        let range = self.cx.memory().get(pointer..).and_then(|rest| rest.get(..bytes));
        range.ok_or_else(|| format_err!("the guest gave {bytes} bytes at {pointer:#x}, beyond the end of its memory"))
    }

    fn count_values(&mut self, values: usize) -> Result<()> {
        self.count(values.checked_mul(size_of::<Value<'_>>()).ok_or(ResultTooLarge)?)
    }

    /// Counts what the host is about to allocate.
    fn count(&mut self, bytes: usize) -> Result<()> {
        self.cx.consume_fuel(bytes).map_err(|_| ResultTooLarge.into())
    }
}

/// What the case `discriminant` of `ty` carries.
fn payload(types: &ComponentTypes, ty: InterfaceType, discriminant: u32) -> Result<Option<InterfaceType>> {
    let found = match (ty, discriminant) {
        (InterfaceType::Variant(index), _) => types[index].cases.get_index(size(discriminant)).map(|(_, ty)| *ty),
        (InterfaceType::Enum(index), _) => (size(discriminant) < types[index].names.len()).then_some(None),
        (InterfaceType::Option(_), 0) => Some(None),
        (InterfaceType::Option(index), 1) => Some(Some(types[index].ty)),
        (InterfaceType::Result(index), 0) => Some(types[index].ok),
        (InterfaceType::Result(index), 1) => Some(types[index].err),
        _ => None,
    };
    found.ok_or_else(|| format_err!("the guest gave case {discriminant}, which its type does not have"))
}

fn variant(ty: InterfaceType, discriminant: u32, payload: Option<Box<Value<'static>>>) -> Value<'static> {
    match ty {
        InterfaceType::Enum(_) => Value::Enum(discriminant),
        InterfaceType::Option(_) => Value::Option(payload),
        InterfaceType::Result(_) if discriminant == 0 => Value::Result(Ok(payload)),
        InterfaceType::Result(_) => Value::Result(Err(payload)),
        _ => Value::Variant(discriminant, payload),
    }
}

fn discriminant(info: &VariantInfo, place: &[u8]) -> Result<u32> {
    Ok(match usize::from(info.size) {
        1 => u32::from(u8::from_le_bytes(read(place)?)),
        2 => u32::from(u16::from_le_bytes(read(place)?)),
        _ => u32::from_le_bytes(read(place)?),
    })
}

fn character(code: u32) -> Result<char> {
    char::from_u32(code).ok_or_else(|| format_err!("the guest gave {code:#x}, which is no character"))
}

/// Address and length, as a list or text has them in memory.
fn pair(place: &[u8]) -> Result<(usize, usize)> {
    let [a, b, c, d, e, f, g, h] = read(place)?;
    Ok((size(u32::from_le_bytes([a, b, c, d])), size(u32::from_le_bytes([e, f, g, h]))))
}

fn read<const N: usize>(place: &[u8]) -> Result<[u8; N]> {
    place.first_chunk().copied().ok_or_else(cut)
}

#[cold]
fn cut() -> Error {
    Error::msg("a value is larger than its place")
}

#[cold]
fn unsupported<R>(ty: InterfaceType) -> Result<R> {
    Err(format_err!("results of type {ty:?} cannot be read"))
}
