//! Values into a guest: its registers and its memory.

use std::mem::{self, MaybeUninit};

use wasmtime::component::__internal::wasmtime_environ::component::VariantInfo;
use wasmtime::component::__internal::{ComponentTypes, InterfaceType, LowerContext};
use wasmtime::component::{Lower, ResourceAny};
use wasmtime::{Error, Result, ValRaw, bail, format_err};
use worky_engine::plugin::Value;

use super::{Arguments, FLAT_PARAMETERS_MAX, Handles};

type Registers<'a> = &'a mut [MaybeUninit<ValRaw>];

/// All parameters of a function whose parameters are the tuple `ty`.
pub(super) fn parameters<T>(
    cx: &mut LowerContext<'_, T>,
    arguments: &Arguments<'_>,
    ty: InterfaceType,
    mut registers: Registers<'_>,
) -> Result<()> {
    let InterfaceType::Tuple(tuple) = ty else { bail!("parameters are no tuple: {ty:?}") };
    let types = cx.types;
    let tuple = &types[tuple];
    let values = arguments.values;
    if tuple.types.len() != values.len() {
        bail!("the function takes {} arguments, not {}", tuple.types.len(), values.len());
    }
    let mut lowering = Lowering { cx, types, handles: arguments.handles };
    if tuple.abi.flat_count(FLAT_PARAMETERS_MAX).is_some() {
        for (ty, value) in tuple.types.iter().zip(values) {
            lowering.lower(*ty, value, &mut registers)?;
        }
        return Ok(());
    }
    let pointer = lowering.cx.realloc(0, 0, tuple.abi.align32, size(tuple.abi.size32))?;
    let mut offset = pointer;
    for (ty, value) in tuple.types.iter().zip(values) {
        let at = types.canonical_abi(ty).next_field32_size(&mut offset);
        lowering.store(*ty, value, at)?;
    }
    push(&mut registers, ValRaw::i64(pointer as i64))
}

struct Lowering<'c, 'a, T: 'static> {
    cx: &'c mut LowerContext<'a, T>,
    types: &'a ComponentTypes,
    handles: &'c dyn Handles,
}

/// One case of a variant, an option, a result or an enum.
struct Case<'v> {
    discriminant: u32,
    payload: Option<(InterfaceType, &'v Value<'v>)>,
}

impl<'a, T> Lowering<'_, 'a, T> {
    fn lower(&mut self, ty: InterfaceType, value: &Value<'_>, registers: &mut Registers<'_>) -> Result<()> {
        let types = self.types;
        match (ty, value) {
            (InterfaceType::Bool, Value::Bool(value)) => push(registers, ValRaw::u32(u32::from(*value))),
            (InterfaceType::S8, Value::S8(value)) => push(registers, ValRaw::i32(i32::from(*value))),
            (InterfaceType::U8, Value::U8(value)) => push(registers, ValRaw::u32(u32::from(*value))),
            (InterfaceType::S16, Value::S16(value)) => push(registers, ValRaw::i32(i32::from(*value))),
            (InterfaceType::U16, Value::U16(value)) => push(registers, ValRaw::u32(u32::from(*value))),
            (InterfaceType::S32, Value::S32(value)) => push(registers, ValRaw::i32(*value)),
            (InterfaceType::U32, Value::U32(value)) => push(registers, ValRaw::u32(*value)),
            (InterfaceType::S64, Value::S64(value)) => push(registers, ValRaw::i64(*value)),
            (InterfaceType::U64, Value::U64(value)) => push(registers, ValRaw::u64(*value)),
            (InterfaceType::Float32, Value::F32(value)) => push(registers, ValRaw::f32(value.to_bits())),
            (InterfaceType::Float64, Value::F64(value)) => push(registers, ValRaw::f64(value.to_bits())),
            (InterfaceType::Char, Value::Char(value)) => push(registers, ValRaw::u32(u32::from(*value))),
            (InterfaceType::String, Value::String(text)) => {
                let mut pair = MaybeUninit::<[ValRaw; 2]>::uninit();
                str::linear_lower_to_flat(text, self.cx, ty, &mut pair)?;
                // SAFETY: the function has written both where it succeeds.
                let [pointer, length] = unsafe { pair.assume_init() };
                push(registers, pointer)?;
                push(registers, length)
            }
            (InterfaceType::List(list), Value::Numbers(_) | Value::List(_)) => {
                let (pointer, length) = self.list(types[list].element, value)?;
                push(registers, ValRaw::i64(pointer as i64))?;
                push(registers, ValRaw::i64(length as i64))
            }
            (InterfaceType::Record(record), Value::Record(values)) => {
                let fields = &types[record].fields;
                same_length(fields.len(), values.len())?;
                fields.iter().zip(values).try_for_each(|(field, value)| self.lower(field.ty, value, registers))
            }
            (InterfaceType::Tuple(tuple), Value::Tuple(values)) => {
                let elements = &types[tuple].types;
                same_length(elements.len(), values.len())?;
                elements.iter().zip(values).try_for_each(|(ty, value)| self.lower(*ty, value, registers))
            }
            (InterfaceType::Flags(flags), Value::Flags(words)) => {
                let names = types[flags].names.len();
                (0..names.div_ceil(32))
                    .try_for_each(|index| push(registers, ValRaw::u32(flag_word(names, words, index)?)))
            }
            (
                InterfaceType::Variant(_)
                | InterfaceType::Enum(_)
                | InterfaceType::Option(_)
                | InterfaceType::Result(_),
                _,
            ) => {
                let case = case(types, ty, value)?;
                let flat = types.canonical_abi(&ty).flat_count(FLAT_PARAMETERS_MAX);
                let flat = flat.ok_or_else(|| Error::msg("a variant does not fit in registers"))?;
                // A case with fewer registers than the largest one leaves the rest zero.
                let mut own = take(registers, flat)?;
                push(&mut own, ValRaw::u32(case.discriminant))?;
                if let Some((ty, value)) = case.payload {
                    self.lower(ty, value, &mut own)?;
                }
                own.iter_mut().for_each(|register| {
                    register.write(ValRaw::u64(0));
                });
                Ok(())
            }
            (InterfaceType::Own(_) | InterfaceType::Borrow(_), Value::Resource(handle)) => {
                let mut register = MaybeUninit::uninit();
                self.resource(*handle)?.linear_lower_to_flat(self.cx, ty, &mut register)?;
                // SAFETY: the function has written it where it succeeds.
                push(registers, unsafe { register.assume_init() })
            }
            _ => unexpected(ty, value),
        }
    }

    /// Writes a value to the guest's memory at `offset`, which is aligned for it.
    fn store(&mut self, ty: InterfaceType, value: &Value<'_>, offset: usize) -> Result<()> {
        let types = self.types;
        match (ty, value) {
            (InterfaceType::String, Value::String(text)) => str::linear_lower_to_memory(text, self.cx, ty, offset),
            (InterfaceType::List(list), Value::Numbers(_) | Value::List(_)) => {
                let (pointer, length) = self.list(types[list].element, value)?;
                let pair = self.window(offset, 8)?;
                pair[..4].copy_from_slice(&u32::try_from(pointer)?.to_le_bytes());
                pair[4..].copy_from_slice(&u32::try_from(length)?.to_le_bytes());
                Ok(())
            }
            (InterfaceType::Own(_) | InterfaceType::Borrow(_), Value::Resource(handle)) => {
                self.resource(*handle)?.linear_lower_to_memory(self.cx, ty, offset)
            }
            _ if is_small(ty) => {
                let window = self.window(offset, size(types.canonical_abi(&ty).size32))?;
                plain(types, ty, value, window)
            }
            (InterfaceType::Record(record), Value::Record(values)) => {
                let fields = &types[record].fields;
                same_length(fields.len(), values.len())?;
                let mut offset = offset;
                fields.iter().zip(values).try_for_each(|(field, value)| {
                    let at = types.canonical_abi(&field.ty).next_field32_size(&mut offset);
                    self.store(field.ty, value, at)
                })
            }
            (InterfaceType::Tuple(tuple), Value::Tuple(values)) => {
                let elements = &types[tuple].types;
                same_length(elements.len(), values.len())?;
                let mut offset = offset;
                elements.iter().zip(values).try_for_each(|(ty, value)| {
                    let at = types.canonical_abi(ty).next_field32_size(&mut offset);
                    self.store(*ty, value, at)
                })
            }
            (InterfaceType::Variant(_) | InterfaceType::Option(_) | InterfaceType::Result(_), _) => {
                let case = case(types, ty, value)?;
                let info = variant_info(types, ty)?;
                discriminant(info, case.discriminant, self.window(offset, usize::from(info.size))?)?;
                match case.payload {
                    Some((ty, value)) => self.store(ty, value, offset + size(info.payload_offset32)),
                    None => Ok(()),
                }
            }
            _ => unexpected(ty, value),
        }
    }

    /// Writes the elements of a list to memory of the guest's own. Answers with their address and number.
    fn list(&mut self, element: InterfaceType, value: &Value<'_>) -> Result<(usize, usize)> {
        let types = self.types;
        let abi = types.canonical_abi(&element);
        let element_bytes = size(abi.size32);
        let too_long = || Error::msg("a list is longer than a guest's memory");
        match value {
            Value::Numbers(bytes) => {
                if !is_number(element) || bytes.len() % element_bytes != 0 {
                    bail!("expected a list of {element:?}, found {} bytes of numbers", bytes.len());
                }
                let pointer = self.cx.realloc(0, 0, abi.align32, bytes.len())?;
                self.window(pointer, bytes.len())?.copy_from_slice(bytes);
                Ok((pointer, bytes.len() / element_bytes))
            }
            Value::List(values) => {
                let bytes = values.len().checked_mul(element_bytes).ok_or_else(too_long)?;
                let pointer = self.cx.realloc(0, 0, abi.align32, bytes)?;
                if is_plain(types, element) {
                    let window = self.window(pointer, bytes)?;
                    for (value, window) in values.iter().zip(window.chunks_exact_mut(element_bytes)) {
                        plain(types, element, value, window)?;
                    }
                } else {
                    for (index, value) in values.iter().enumerate() {
                        self.store(element, value, pointer + index * element_bytes)?;
                    }
                }
                Ok((pointer, values.len()))
            }
            _ => Err(format_err!("expected a list, found {value:?}")),
        }
    }

    fn resource(&self, handle: u32) -> Result<ResourceAny> {
        self.handles.find(handle).ok_or_else(|| format_err!("there is no resource {handle}"))
    }

    fn window(&mut self, offset: usize, bytes: usize) -> Result<&mut [u8]> {
        let window = self.cx.as_slice_mut().get_mut(offset..).and_then(|rest| rest.get_mut(..bytes));
        window.ok_or_else(|| Error::msg("the guest's memory ends before its own allocation does"))
    }
}

/// Whether a value of this type is nothing but a number in its place in memory.
fn is_small(ty: InterfaceType) -> bool {
    use InterfaceType::{Bool, Char, Enum, Flags};
    is_number(ty) || matches!(ty, Bool | Char | Enum(_) | Flags(_))
}

/// Whether a value of this type is all in its place in memory, with no allocation of its own and no handle.
fn is_plain(types: &ComponentTypes, ty: InterfaceType) -> bool {
    let all = |ty: &Option<InterfaceType>| ty.is_none_or(|ty| is_plain(types, ty));
    match ty {
        InterfaceType::Record(record) => types[record].fields.iter().all(|field| is_plain(types, field.ty)),
        InterfaceType::Tuple(tuple) => types[tuple].types.iter().all(|ty| is_plain(types, *ty)),
        InterfaceType::Variant(variant) => types[variant].cases.values().all(all),
        InterfaceType::Option(option) => is_plain(types, types[option].ty),
        InterfaceType::Result(result) => all(&types[result].ok) && all(&types[result].err),
        _ => is_small(ty),
    }
}

/// Writes a plain value to its place, which has the size of its type.
fn plain(types: &ComponentTypes, ty: InterfaceType, value: &Value<'_>, place: &mut [u8]) -> Result<()> {
    match (ty, value) {
        (InterfaceType::Bool, Value::Bool(value)) => write(place, [u8::from(*value)]),
        (InterfaceType::S8, Value::S8(value)) => write(place, value.to_le_bytes()),
        (InterfaceType::U8, Value::U8(value)) => write(place, value.to_le_bytes()),
        (InterfaceType::S16, Value::S16(value)) => write(place, value.to_le_bytes()),
        (InterfaceType::U16, Value::U16(value)) => write(place, value.to_le_bytes()),
        (InterfaceType::S32, Value::S32(value)) => write(place, value.to_le_bytes()),
        (InterfaceType::U32, Value::U32(value)) => write(place, value.to_le_bytes()),
        (InterfaceType::S64, Value::S64(value)) => write(place, value.to_le_bytes()),
        (InterfaceType::U64, Value::U64(value)) => write(place, value.to_le_bytes()),
        (InterfaceType::Float32, Value::F32(value)) => write(place, value.to_bits().to_le_bytes()),
        (InterfaceType::Float64, Value::F64(value)) => write(place, value.to_bits().to_le_bytes()),
        (InterfaceType::Char, Value::Char(value)) => write(place, u32::from(*value).to_le_bytes()),
        (InterfaceType::Record(record), Value::Record(values)) => {
            let fields = &types[record].fields;
            same_length(fields.len(), values.len())?;
            let mut offset = 0;
            fields.iter().zip(values).try_for_each(|(field, value)| {
                plain(types, field.ty, value, member(types, field.ty, &mut offset, place)?)
            })
        }
        (InterfaceType::Tuple(tuple), Value::Tuple(values)) => {
            let elements = &types[tuple].types;
            same_length(elements.len(), values.len())?;
            let mut offset = 0;
            elements
                .iter()
                .zip(values)
                .try_for_each(|(ty, value)| plain(types, *ty, value, member(types, *ty, &mut offset, place)?))
        }
        (InterfaceType::Flags(flags), Value::Flags(words)) => {
            let names = types[flags].names.len();
            match names {
                0 => Ok(()),
                1..=8 => write(place, [flag_word(names, words, 0)? as u8]),
                9..=16 => write(place, (flag_word(names, words, 0)? as u16).to_le_bytes()),
                _ => (0..names.div_ceil(32)).try_for_each(|index| {
                    let place = place.get_mut(index * 4..).ok_or_else(no_room)?;
                    write(place, flag_word(names, words, index)?.to_le_bytes())
                }),
            }
        }
        (
            InterfaceType::Variant(_) | InterfaceType::Enum(_) | InterfaceType::Option(_) | InterfaceType::Result(_),
            _,
        ) => {
            let case = case(types, ty, value)?;
            let info = variant_info(types, ty)?;
            discriminant(info, case.discriminant, place)?;
            let Some((ty, value)) = case.payload else { return Ok(()) };
            let bytes = size(types.canonical_abi(&ty).size32);
            let place = place.get_mut(size(info.payload_offset32)..).and_then(|rest| rest.get_mut(..bytes));
            plain(types, ty, value, place.ok_or_else(no_room)?)
        }
        _ => unexpected(ty, value),
    }
}

/// The place of the next member of a record or tuple.
fn member<'p>(
    types: &ComponentTypes,
    ty: InterfaceType,
    offset: &mut u32,
    place: &'p mut [u8],
) -> Result<&'p mut [u8]> {
    let abi = types.canonical_abi(&ty);
    let at = size(abi.next_field32(offset));
    place.get_mut(at..).and_then(|rest| rest.get_mut(..size(abi.size32))).ok_or_else(no_room)
}

/// Which case a value is, and what it carries.
fn case<'v>(types: &ComponentTypes, ty: InterfaceType, value: &'v Value<'v>) -> Result<Case<'v>> {
    let (discriminant, payload_type, payload) = match (ty, value) {
        (InterfaceType::Variant(variant), Value::Variant(case, payload)) => {
            let Some((_, ty)) = types[variant].cases.get_index(size(*case)) else { return unexpected(ty, value) };
            (*case, *ty, payload.as_deref())
        }
        (InterfaceType::Enum(enumeration), Value::Enum(case)) if size(*case) < types[enumeration].names.len() => {
            (*case, None, None)
        }
        (InterfaceType::Option(option), Value::Option(payload)) => match payload {
            None => (0, None, None),
            Some(payload) => (1, Some(types[option].ty), Some(&**payload)),
        },
        (InterfaceType::Result(result), Value::Result(outcome)) => match outcome {
            Ok(payload) => (0, types[result].ok, payload.as_deref()),
            Err(payload) => (1, types[result].err, payload.as_deref()),
        },
        _ => return unexpected(ty, value),
    };
    match (payload_type, payload) {
        (None, None) => Ok(Case { discriminant, payload: None }),
        (Some(ty), Some(payload)) => Ok(Case { discriminant, payload: Some((ty, payload)) }),
        _ => unexpected(ty, value),
    }
}

pub(super) fn variant_info(types: &ComponentTypes, ty: InterfaceType) -> Result<&VariantInfo> {
    match ty {
        InterfaceType::Variant(index) => Ok(&types[index].info),
        InterfaceType::Enum(index) => Ok(&types[index].info),
        InterfaceType::Option(index) => Ok(&types[index].info),
        InterfaceType::Result(index) => Ok(&types[index].info),
        _ => Err(format_err!("{ty:?} has no cases")),
    }
}

fn discriminant(info: &VariantInfo, value: u32, place: &mut [u8]) -> Result<()> {
    match usize::from(info.size) {
        1 => write(place, [u8::try_from(value)?]),
        2 => write(place, u16::try_from(value)?.to_le_bytes()),
        _ => write(place, value.to_le_bytes()),
    }
}

/// Flags that have no name are left out.
fn flag_word(names: usize, words: &[u32], index: usize) -> Result<u32> {
    let word = words.get(index).ok_or_else(|| format_err!("{names} flags in {} words", words.len()))?;
    Ok(word & flag_mask(names, index))
}

/// The bits of word `index` that have a name.
pub(super) fn flag_mask(names: usize, index: usize) -> u32 {
    match names.saturating_sub(index * 32) {
        bits @ 0..32 => (1 << bits) - 1,
        _ => u32::MAX,
    }
}

pub(super) fn is_number(ty: InterfaceType) -> bool {
    use InterfaceType::{Float32, Float64, S8, S16, S32, S64, U8, U16, U32, U64};
    matches!(ty, S8 | U8 | S16 | U16 | S32 | U32 | S64 | U64 | Float32 | Float64)
}

fn write<const N: usize>(place: &mut [u8], bytes: [u8; N]) -> Result<()> {
    *place.first_chunk_mut().ok_or_else(no_room)? = bytes;
    Ok(())
}

#[cold]
fn no_room() -> Error {
    Error::msg("a value is larger than its place")
}

fn push(registers: &mut Registers<'_>, value: ValRaw) -> Result<()> {
    take(registers, 1)?[0].write(value);
    Ok(())
}

fn take<'a>(registers: &mut Registers<'a>, count: usize) -> Result<Registers<'a>> {
    let (taken, rest) = mem::take(registers)
        .split_at_mut_checked(count)
        .ok_or_else(|| Error::msg("more values than the signature has registers"))?;
    *registers = rest;
    Ok(taken)
}

fn same_length(expected: usize, found: usize) -> Result<()> {
    if expected != found {
        bail!("expected {expected} members, found {found}");
    }
    Ok(())
}

#[cold]
fn unexpected<R>(ty: InterfaceType, value: &Value<'_>) -> Result<R> {
    Err(format_err!("a value does not have its type {ty:?}: {value:?}"))
}

/// Sizes of the ABI are of 32 bits.
pub(super) fn size(bytes: u32) -> usize {
    bytes as usize
}
