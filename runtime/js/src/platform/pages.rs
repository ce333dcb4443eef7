//! Memory that V8 gives back is unmapped when it holds no lock.
//!
//! V8 keeps freed pages in a pool of the whole process. When an isolate has to save memory, it empties its part of the
//! pool, or all of it, and holds the pool's lock while the system unmaps one page after the other: many milliseconds for
//! a large heap, and many times that for a guest that is made to wait for a processor meanwhile. All other isolates
//! that want a page stand still until then.
//!
//! So pages that an isolate's thread frees are noted only, and unmapped once the collection is over, with as little of that
//! under the kernel's lock as can be.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::sync::OnceLock;

use super::PLATFORM_FUNCTIONS;
use super::virtual_table::{Place, exchange, function};

/// After two destructors.
const GET_PAGE_ALLOCATOR: Place = Place { at: 2, of: PLATFORM_FUNCTIONS };
/// After two destructors, `AllocatePageSize`, `CommitPageSize`, `SetRandomMmapSeed`, `GetRandomMmapAddr`,
/// `AllocatePages` twice and `ResizeAllocationAt` in `v8::PageAllocator`.
const FREE_PAGES: Place = Place { at: 9, of: 19 };

/// What is larger is no page of a heap but what was reserved for a WebAssembly memory. No lock is held when that is freed.
const DEFERRED_BYTES_MAX: usize = 64 << 20;

type GetPageAllocator = unsafe extern "C" fn(*mut c_void) -> *mut c_void;
type FreePages = unsafe extern "C" fn(*mut c_void, *mut c_void, usize) -> bool;

static ORIGINAL: OnceLock<FreePages> = OnceLock::new();

#[derive(Clone, Copy)]
struct Freed {
    allocator: *mut c_void,
    address: *mut c_void,
    bytes: usize,
}

/// Those of one thread.
#[derive(Default)]
struct Noted(RefCell<Vec<Freed>>);

thread_local! {
    static DEFERS: Cell<bool> = const { Cell::new(false) };
    static NOTED: Noted = Noted::default();
}

/// # Safety
///
/// `platform` is V8's, and nobody calls it or its allocator meanwhile.
pub(super) unsafe fn adapt(platform: *mut c_void) {
    // SAFETY: the functions have the same signatures in C++. The allocator is V8's own, `v8::base::PageAllocator`, which
    // adds no virtual function to those of `v8::PageAllocator`.
    unsafe {
        let get = function(platform, &GET_PAGE_ALLOCATOR);
        let allocator = std::mem::transmute::<*const c_void, GetPageAllocator>(get)(platform);
        let original = exchange(allocator, &FREE_PAGES, free_pages as *const c_void);
        let _set_once = ORIGINAL.set(std::mem::transmute::<*const c_void, FreePages>(original));
    }
}

/// The calling thread has an isolate, and says from time to time that it holds no lock.
pub(super) fn defer_on_this_thread() {
    DEFERS.set(true);
}

/// The calling thread holds no lock of V8's.
pub(crate) fn unmap_freed() {
    // A thread that ends has unmapped them.
    let _ = NOTED.try_with(Noted::unmap);
}

impl Noted {
    fn note(&self, freed: Freed) {
        self.0.borrow_mut().push(freed);
    }

    fn unmap(&self) {
        for freed in self.0.take() {
            // SAFETY: V8 has freed these pages and nobody has used them since.
            unsafe { unmap(freed) };
        }
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        self.unmap();
    }
}

/// # Safety
///
/// Nobody uses the pages.
unsafe fn unmap(freed: Freed) -> bool {
    let Some(original) = ORIGINAL.get() else { return false };
    // Unmapping is a change of the process's address space, which one thread makes at a time. Most of what takes long in
    // it is to give back what is in the pages, and that can be done before, with no lock but that of the mapping.
    #[cfg(target_os = "linux")]
    // SAFETY: nobody uses the pages. Where the call fails, they are given back below.
    unsafe {
        libc::madvise(freed.address, freed.bytes, libc::MADV_DONTNEED);
    }
    // SAFETY: the allocator is the one that V8 freed them with.
    unsafe { original(freed.allocator, freed.address, freed.bytes) }
}

unsafe extern "C" fn free_pages(allocator: *mut c_void, address: *mut c_void, bytes: usize) -> bool {
    let freed = Freed { allocator, address, bytes };
    if bytes <= DEFERRED_BYTES_MAX && DEFERS.get() && NOTED.try_with(|noted| noted.note(freed)).is_ok() {
        return true;
    }
    // SAFETY: V8 frees them.
    unsafe { unmap(freed) }
}

/// How many areas wait on this thread.
#[cfg(test)]
pub(super) fn noted() -> usize {
    NOTED.with(|noted| noted.0.borrow().len())
}
