//! Memory that V8 gives back is unmapped when it holds no lock, or kept for the next page.
//!
//! V8 keeps freed pages in a pool of the whole process. When an isolate has to save memory, it empties its part of the
//! pool, or all of it, and holds the pool's lock while the system unmaps one page after the other: many milliseconds for
//! a large heap, and many times that for a guest that is made to wait for a processor meanwhile. All other isolates
//! that want a page stand still until then.
//!
//! So pages that an isolate's thread frees are noted only, and given back once the collection is over, with as little of that
//! under the kernel's lock as can be: see `areas`.

use std::cell::{Cell, RefCell};
use std::ffi::{c_int, c_void};
use std::sync::OnceLock;

use super::virtual_table::{Place, exchange, function};
use super::{PLATFORM_FUNCTIONS, areas};

/// After two destructors.
const GET_PAGE_ALLOCATOR: Place = Place { at: 2, of: PLATFORM_FUNCTIONS };

/// Of `v8::PageAllocator`: two destructors, `AllocatePageSize`, `CommitPageSize`, `SetRandomMmapSeed`, `GetRandomMmapAddr`,
/// `AllocatePages`, which the one after it calls, `ResizeAllocationAt`, which does nothing, `FreePages`, `ReleasePages`,
/// `SetPermissions`, `RecommitPages`, `DiscardSystemPages`, `DecommitPages`, `SealPages`, and three about shared memory.
const FUNCTIONS: usize = 19;
const ALLOCATE_PAGES: Place = Place { at: 6, of: FUNCTIONS };
const FREE_PAGES: Place = Place { at: 9, of: FUNCTIONS };
const RELEASE_PAGES: Place = Place { at: 10, of: FUNCTIONS };
const SET_PERMISSIONS: Place = Place { at: 11, of: FUNCTIONS };
const RECOMMIT_PAGES: Place = Place { at: 12, of: FUNCTIONS };
const DECOMMIT_PAGES: Place = Place { at: 14, of: FUNCTIONS };
const SEAL_PAGES: Place = Place { at: 15, of: FUNCTIONS };

/// `kReadWrite`.
const READ_WRITE: c_int = 2;

/// What is larger is no page of a heap but what was reserved for a WebAssembly memory. No lock is held when that is freed.
const DEFERRED_BYTES_MAX: usize = 64 << 20;

type GetPageAllocator = unsafe extern "C" fn(*mut c_void) -> *mut c_void;
type AllocatePages = unsafe extern "C" fn(*mut c_void, *mut c_void, usize, usize, c_int) -> *mut c_void;
/// `FreePages`, `DecommitPages` and `SealPages`.
type OfArea = unsafe extern "C" fn(*mut c_void, *mut c_void, usize) -> bool;
type ReleasePages = unsafe extern "C" fn(*mut c_void, *mut c_void, usize, usize) -> bool;
/// `SetPermissions` and `RecommitPages`.
type WithPermission = unsafe extern "C" fn(*mut c_void, *mut c_void, usize, c_int) -> bool;

/// V8's own.
struct Originals {
    allocate: AllocatePages,
    free: OfArea,
    release: ReleasePages,
    set_permissions: WithPermission,
    recommit: WithPermission,
    decommit: OfArea,
    seal: OfArea,
}

static ORIGINALS: OnceLock<Originals> = OnceLock::new();

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
        let own = |place, other| exchange(allocator, place, other);
        let _set_once = ORIGINALS.set(Originals {
            allocate: std::mem::transmute::<*const c_void, AllocatePages>(own(&ALLOCATE_PAGES, allocate as _)),
            free: std::mem::transmute::<*const c_void, OfArea>(own(&FREE_PAGES, free as _)),
            release: std::mem::transmute::<*const c_void, ReleasePages>(own(&RELEASE_PAGES, release as _)),
            set_permissions: std::mem::transmute::<*const c_void, WithPermission>(own(
                &SET_PERMISSIONS,
                set_permissions as _,
            )),
            recommit: std::mem::transmute::<*const c_void, WithPermission>(own(&RECOMMIT_PAGES, recommit as _)),
            decommit: std::mem::transmute::<*const c_void, OfArea>(own(&DECOMMIT_PAGES, decommit as _)),
            seal: std::mem::transmute::<*const c_void, OfArea>(own(&SEAL_PAGES, seal as _)),
        });
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
    let Some(originals) = ORIGINALS.get() else { return false };
    let plain = areas::forget(freed.address.addr());
    // Unmapping is a change of the process's address space, which one thread makes at a time. Most of what takes long in
    // it is to give back what is in the pages, and that can be done before, with no lock but that of the mapping.
    #[cfg(target_os = "linux")]
    // SAFETY: nobody uses the pages, which are mapped memory of no file. From here on they read as zeros.
    if unsafe { libc::madvise(freed.address, freed.bytes, libc::MADV_DONTNEED) } == 0
        && plain
        && freed.bytes == areas::BYTES
        && areas::put(freed.address.expose_provenance())
    {
        return true;
    }
    // SAFETY: the allocator is the one that V8 freed them with.
    unsafe { (originals.free)(freed.allocator, freed.address, freed.bytes) }
}

unsafe extern "C" fn free(allocator: *mut c_void, address: *mut c_void, bytes: usize) -> bool {
    let freed = Freed { allocator, address, bytes };
    if bytes <= DEFERRED_BYTES_MAX && DEFERS.get() && NOTED.try_with(|noted| noted.note(freed)).is_ok() {
        return true;
    }
    // SAFETY: V8 frees them.
    unsafe { unmap(freed) }
}

unsafe extern "C" fn allocate(
    allocator: *mut c_void,
    hint: *mut c_void,
    bytes: usize,
    alignment: usize,
    permission: c_int,
) -> *mut c_void {
    let Some(originals) = ORIGINALS.get() else { return std::ptr::null_mut() };
    let is_area = bytes == areas::BYTES && alignment <= areas::BYTES && permission == READ_WRITE;
    let waited = if is_area { areas::take() } else { None };
    let area = match waited {
        Some(address) => std::ptr::with_exposed_provenance_mut(address),
        // SAFETY: V8 calls this with its own allocator.
        None => unsafe { (originals.allocate)(allocator, hint, bytes, alignment, permission) },
    };
    if is_area && !area.is_null() && area.addr().is_multiple_of(areas::BYTES) {
        areas::is_plain(area.addr());
    }
    area
}

unsafe extern "C" fn release(allocator: *mut c_void, address: *mut c_void, bytes: usize, left: usize) -> bool {
    areas::forget(address.addr());
    // SAFETY: V8 calls this with its own allocator, here and below.
    ORIGINALS.get().is_some_and(|originals| unsafe { (originals.release)(allocator, address, bytes, left) })
}

unsafe extern "C" fn set_permissions(
    allocator: *mut c_void,
    address: *mut c_void,
    bytes: usize,
    permission: c_int,
) -> bool {
    areas::forget(address.addr());
    // SAFETY: as above.
    ORIGINALS
        .get()
        .is_some_and(|originals| unsafe { (originals.set_permissions)(allocator, address, bytes, permission) })
}

unsafe extern "C" fn recommit(allocator: *mut c_void, address: *mut c_void, bytes: usize, permission: c_int) -> bool {
    areas::forget(address.addr());
    // SAFETY: as above.
    ORIGINALS.get().is_some_and(|originals| unsafe { (originals.recommit)(allocator, address, bytes, permission) })
}

unsafe extern "C" fn decommit(allocator: *mut c_void, address: *mut c_void, bytes: usize) -> bool {
    areas::forget(address.addr());
    // SAFETY: as above.
    ORIGINALS.get().is_some_and(|originals| unsafe { (originals.decommit)(allocator, address, bytes) })
}

unsafe extern "C" fn seal(allocator: *mut c_void, address: *mut c_void, bytes: usize) -> bool {
    areas::forget(address.addr());
    // SAFETY: as above.
    ORIGINALS.get().is_some_and(|originals| unsafe { (originals.seal)(allocator, address, bytes) })
}

/// How many areas wait on this thread.
#[cfg(test)]
pub(super) fn noted() -> usize {
    NOTED.with(|noted| noted.0.borrow().len())
}

/// What V8 gets and gives back on this thread.
#[cfg(test)]
pub(super) mod asked {
    use super::*;

    fn allocator() -> *mut c_void {
        let platform = crate::platform::platform();
        // SAFETY: this is V8's platform, and the function has that signature, as have all below.
        unsafe {
            std::mem::transmute::<*const c_void, GetPageAllocator>(function(platform, &GET_PAGE_ALLOCATOR))(platform)
        }
    }

    pub(in crate::platform) fn area() -> *mut u8 {
        let (this, none) = (allocator(), std::ptr::null_mut());
        // SAFETY: as above.
        unsafe {
            let allocate = std::mem::transmute::<*const c_void, AllocatePages>(function(this, &ALLOCATE_PAGES));
            allocate(this, none, areas::BYTES, areas::BYTES, READ_WRITE).cast()
        }
    }

    /// The area is not to be used from here on.
    pub(in crate::platform) fn back(area: *mut u8) {
        let this = allocator();
        // SAFETY: as above.
        unsafe {
            let free = std::mem::transmute::<*const c_void, OfArea>(function(this, &FREE_PAGES));
            assert!(free(this, area.cast(), areas::BYTES), "it is freed");
        }
    }

    /// The first 4 KiB can be read only.
    pub(in crate::platform) fn protect(area: *mut u8) {
        let this = allocator();
        // SAFETY: as above.
        unsafe {
            let set = std::mem::transmute::<*const c_void, WithPermission>(function(this, &SET_PERMISSIONS));
            assert!(set(this, area.cast(), 4096, 1), "it is protected");
        }
    }
}
