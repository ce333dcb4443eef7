//! Virtual functions of C++ objects that were made by others.

use std::ffi::c_void;

/// What stands before the functions in a table: the offset to the top of the object, and its type.
const BEFORE: usize = 2;

/// Where a function is in a class's table.
pub(super) struct Place {
    pub(super) at: usize,
    /// How many functions the class has.
    pub(super) of: usize,
}

/// The function that calls of the object get there.
///
/// # Safety
///
/// `object` is a C++ object whose class has that many virtual functions, in the Itanium C++ ABI, which Linux and macOS have:
/// the object begins with a pointer to the first of them.
pub(super) unsafe fn function(object: *mut c_void, place: &Place) -> *const c_void {
    // SAFETY: as above.
    unsafe { *(*object.cast::<*const *const c_void>()).add(place.at) }
}

/// Gives the object another function there, and a table of its own for it; answers the one that it had.
///
/// # Safety
///
/// As for [`function`]. Besides, nobody calls the object meanwhile, and `other` is what its callers take it for.
pub(super) unsafe fn exchange(object: *mut c_void, place: &Place, other: *const c_void) -> *const c_void {
    // SAFETY: as above. The table is read-only, so it is copied; the copy is never freed, as the object may live as long
    // as the process.
    unsafe {
        let original = function(object, place);
        let first = object.cast::<*const *const c_void>();
        let table = std::slice::from_raw_parts((*first).sub(BEFORE), BEFORE + place.of);
        let table = Vec::leak(table.to_vec());
        table[BEFORE + place.at] = other;
        *first = table[BEFORE..].as_ptr();
        original
    }
}
