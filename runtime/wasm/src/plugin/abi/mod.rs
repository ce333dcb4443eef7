//! The canonical ABI for values whose types are known at run time only, without wasmtime's `Val`, of which every element
//! of a list costs one.
//!
//! [`Arguments`] and [`Results`] are to [`TypedFunc`] what the types of its derive macros are, except that they walk the
//! type which the function itself brings along. Text and lists of numbers are one copy each; other lists are written to
//! and read from the guest's memory in place.

mod lift;
mod lower;

use std::mem::MaybeUninit;

use wasmtime::component::__internal::{CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext, LowerContext};
use wasmtime::component::{ComponentNamedList, ComponentType, Func, Lift, Lower, ResourceAny, TypedFunc};
use wasmtime::{Error, Result, ValRaw};
use worky_engine::plugin::Value;

/// Parameters in registers. What takes more is passed in memory.
const FLAT_PARAMETERS_MAX: usize = 16;

/// Results in registers.
const FLAT_RESULTS_MAX: usize = 1;

/// The result does not fit in what the host may allocate for it.
#[derive(Debug, thiserror::Error)]
#[error("the result takes more memory than a result may")]
pub(super) struct ResultTooLarge;

/// Finds a resource by the handle that the caller knows it by.
pub(super) trait Handles: Sync {
    fn find(&self, handle: u32) -> Option<ResourceAny>;
}

/// The arguments of one call.
pub(super) struct Arguments<'a> {
    pub(super) values: &'a [Value<'a>],
    pub(super) handles: &'a dyn Handles,
}

/// The result of one call. A [`Value::Resource`] in it is an index of `resources`.
pub(super) struct Results {
    pub(super) value: Option<Value<'static>>,
    pub(super) resources: Vec<ResourceAny>,
}

/// Any function, to be called with any values: what does not fit is an error of the call.
pub(super) type DynamicFunc<'a> = TypedFunc<Arguments<'a>, Results>;

pub(super) fn dynamic<'a>(func: Func) -> DynamicFunc<'a> {
    // SAFETY: what must hold is that the flat values which `Arguments` writes and `Results` reads are those of the
    // function's signature. Both walk the signature that the call itself hands them, and fail on a value of another
    // type, so there is no function for which it does not hold.
    unsafe { TypedFunc::new_unchecked(func) }
}

// SAFETY: `Lower` is a sequence of `ValRaw`, any of which may be uninitialized as far as the type is concerned.
// wasmtime passes a pointer to it to compiled code, which reads as many as its own signature has: `linear_lower_to_flat`
// writes that many or fails. There are never more than 16: a signature with more is given its parameters in memory, by
// one pointer, and so is lowered here. The ABI's size and alignment are only asked about types of more than 16.
unsafe impl ComponentType for Arguments<'_> {
    type Lower = [MaybeUninit<ValRaw>; FLAT_PARAMETERS_MAX];

    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(_ty: &InterfaceType, _types: &InstanceType<'_>) -> Result<()> {
        Err(Error::msg("the types of these arguments are checked when they are passed"))
    }
}

// SAFETY: it is only given to whole parameter lists, which are checked as they are walked.
unsafe impl ComponentNamedList for Arguments<'_> {}

// SAFETY: see `ComponentType` above for what is written to registers; memory is only written through slices that are
// checked.
unsafe impl Lower for Arguments<'_> {
    fn linear_lower_to_flat<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        dst: &mut MaybeUninit<Self::Lower>,
    ) -> Result<()> {
        // SAFETY: an array of values that need not be initialized needs none to be.
        let registers = unsafe { dst.assume_init_mut() };
        lower::parameters(cx, self, ty, registers)
    }

    fn linear_lower_to_memory<T>(
        &self,
        _cx: &mut LowerContext<'_, T>,
        _ty: InterfaceType,
        _offset: usize,
    ) -> Result<()> {
        Err(Error::msg("arguments are not part of another value"))
    }
}

// SAFETY: one `ValRaw`, which compiled code has written where the signature has a result. A result of more values is in
// memory, and this is the pointer to it. Size and alignment are only asked about types of more than one.
unsafe impl ComponentType for Results {
    type Lower = [MaybeUninit<ValRaw>; FLAT_RESULTS_MAX];

    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    fn typecheck(_ty: &InterfaceType, _types: &InstanceType<'_>) -> Result<()> {
        Err(Error::msg("the types of these results are checked when they are read"))
    }
}

// SAFETY: it is only given to whole result lists, which are checked as they are walked.
unsafe impl ComponentNamedList for Results {}

// SAFETY: `linear_lift_from_flat` reads the register only where the signature has a result.
unsafe impl Lift for Results {
    fn linear_lift_from_flat(cx: &mut LiftContext<'_>, ty: InterfaceType, src: &Self::Lower) -> Result<Self> {
        lift::results(cx, ty, || {
            // SAFETY: asked only where the signature has a result, of which the callee has written the first register.
            // Every pattern of bits is a `ValRaw`.
            unsafe { src[0].assume_init() }
        })
    }

    fn linear_lift_from_memory(_cx: &mut LiftContext<'_>, _ty: InterfaceType, _bytes: &[u8]) -> Result<Self> {
        Err(Error::msg("results are not part of another value"))
    }
}
