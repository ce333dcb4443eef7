//! Memory of one isolate: V8's heap, and array buffers through an allocator of our own.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use deno_core::v8;

/// The account of one isolate.
#[derive(Debug)]
pub(crate) struct MemoryMeter {
    limit_bytes: usize,
    /// Array buffers alive.
    buffers: AtomicUsize,
    /// An allocation of a buffer was refused and no later one succeeded.
    refused: AtomicBool,
    /// What the host keeps for the guest: blobs.
    held: AtomicUsize,
    /// What plugins have: linear memories, and values on their way to and from them.
    plugins: AtomicUsize,
    /// What V8 says it holds outside of its heap, as last sampled: WebAssembly memories above all.
    external: AtomicUsize,
    /// What of that is no array buffer.
    unbuffered: AtomicUsize,
    /// What was used when garbage was last collected to make room, or less.
    collected: AtomicUsize,
}

impl MemoryMeter {
    pub(crate) fn new(limit_bytes: usize) -> Arc<Self> {
        Arc::new(MemoryMeter {
            limit_bytes,
            buffers: AtomicUsize::new(0),
            refused: AtomicBool::new(false),
            held: AtomicUsize::new(0),
            plugins: AtomicUsize::new(0),
            external: AtomicUsize::new(0),
            unbuffered: AtomicUsize::new(0),
            collected: AtomicUsize::new(0),
        })
    }

    pub(crate) fn limit_bytes(&self) -> usize {
        self.limit_bytes
    }

    /// Whether a buffer could not be had at the last try.
    pub(crate) fn buffer_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// Takes V8's own count of memory outside of its heap.
    pub(crate) fn sample(&self, isolate: &mut v8::Isolate) {
        let external = external(isolate);
        self.external.store(external, Ordering::Relaxed);
        self.unbuffered.store(external.saturating_sub(self.buffers.load(Ordering::Relaxed)), Ordering::Relaxed);
    }

    /// Collects garbage where little room is left and more has come since the last time: plugins take from the same
    /// account, and V8 does not know that they are short of it.
    pub(crate) fn make_room_for_plugin(&self, isolate: &mut v8::Isolate) {
        let used = self.buffers.load(Ordering::Relaxed).saturating_add(self.outside_buffers());
        let collected = self.collected.fetch_min(used, Ordering::Relaxed).min(used);
        if used > self.limit_bytes / 4 * 3 && used - collected > self.limit_bytes / 8 {
            collect(isolate);
            self.sample(isolate);
            let used = self.buffers.load(Ordering::Relaxed).saturating_add(self.outside_buffers());
            self.collected.store(used, Ordering::Relaxed);
        }
    }

    /// Everything but V8's heap, as last sampled.
    pub(crate) fn outside_heap(&self) -> usize {
        self.buffers.load(Ordering::Relaxed).saturating_add(self.outside_buffers())
    }

    fn outside_buffers(&self) -> usize {
        self.outside_v8().saturating_add(self.unbuffered.load(Ordering::Relaxed))
    }

    fn outside_v8(&self) -> usize {
        self.held.load(Ordering::Relaxed).saturating_add(self.plugins.load(Ordering::Relaxed))
    }

    /// The host keeps `bytes` more for the guest.
    pub(crate) fn hold(&self, bytes: usize) {
        self.held.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Like [`Self::hold`], but false where the limit would be passed.
    pub(crate) fn try_hold(&self, bytes: usize) -> bool {
        // As for plugins: buffers may be in V8's account already.
        let buffers = self.buffers.load(Ordering::Relaxed).max(self.external.load(Ordering::Relaxed));
        let others = buffers.saturating_add(self.plugins.load(Ordering::Relaxed));
        let held = self.held.try_update(Ordering::Relaxed, Ordering::Relaxed, |held| {
            held.checked_add(bytes).filter(|sum| sum.saturating_add(others) <= self.limit_bytes)
        });
        held.is_ok()
    }

    /// Like [`Self::try_hold`], and tries again without garbage. Where there is no room even so, the guest has used more
    /// than it may.
    pub(crate) fn hold_without_garbage(&self, isolate: &mut v8::Isolate, bytes: usize) -> bool {
        if self.try_hold(bytes) {
            return true;
        }
        collect(isolate);
        self.sample(isolate);
        let held = self.try_hold(bytes);
        if !held {
            self.refuse();
        }
        held
    }

    /// Whether `bytes` more would fit.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        let buffers = self.buffers.load(Ordering::Relaxed).max(self.external.load(Ordering::Relaxed));
        buffers.saturating_add(self.outside_v8()).saturating_add(bytes) <= self.limit_bytes
    }

    /// The guest was refused memory that it asked for, and is to be stopped for it.
    pub(crate) fn refuse(&self) {
        self.refused.store(true, Ordering::Relaxed);
    }

    pub(crate) fn release(&self, bytes: usize) {
        let _ = self.held.try_update(Ordering::Relaxed, Ordering::Relaxed, |held| Some(held.saturating_sub(bytes)));
    }

    /// Has a running guest interrupted at its next check to take the count. The watchdog reads it when it looks again.
    pub(crate) fn request_sample(self: &Arc<Self>, isolate: &v8::IsolateHandle) {
        isolate.request_interrupt(sample_in_interrupt, Arc::as_ptr(self).cast_mut().cast());
    }

    pub(crate) fn over_limit(&self) -> bool {
        self.external.load(Ordering::Relaxed).saturating_add(self.outside_v8()) > self.limit_bytes
    }

    /// Takes `bytes` more for a plugin; false where the limit would be passed. From any thread.
    pub(crate) fn take_for_plugin(&self, bytes: usize) -> bool {
        // Buffers are counted as they come and go, and by V8, which is sampled, among the rest that it holds.
        let buffers = self.buffers.load(Ordering::Relaxed).max(self.external.load(Ordering::Relaxed));
        let others = buffers.saturating_add(self.held.load(Ordering::Relaxed));
        let taken = self.plugins.try_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
            used.checked_add(bytes).filter(|sum| sum.saturating_add(others) <= self.limit_bytes)
        });
        taken.is_ok()
    }

    pub(crate) fn give_back_for_plugin(&self, bytes: usize) {
        self.plugins.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Takes `bytes` of a buffer that V8 did not ask for. As V8 does for its own, it tries again without garbage.
    pub(crate) fn take_for_buffer(&self, isolate: &mut v8::Isolate, bytes: usize) -> bool {
        if self.take(bytes).is_ok() {
            return true;
        }
        collect(isolate);
        self.take(bytes).is_ok()
    }

    fn take(&self, bytes: usize) -> Result<(), ()> {
        let others = self.plugins.load(Ordering::Relaxed);
        let taken = self.buffers.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
            used.checked_add(bytes).filter(|sum| sum.saturating_add(others) <= self.limit_bytes)
        });
        self.refused.store(taken.is_err(), Ordering::Relaxed);
        taken.map(drop).map_err(drop)
    }

    pub(crate) fn give_back(&self, bytes: usize) {
        self.buffers.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// V8's whole account of memory outside of its heap.
fn external(isolate: &mut v8::Isolate) -> usize {
    // Asking for a change of nothing is the way to it: V8's statistics leave WebAssembly out.
    usize::try_from(isolate.adjust_amount_of_external_allocated_memory(0)).unwrap_or(0)
}

/// Collects all garbage now and gives memory back. It takes some milliseconds, and more for a large heap.
pub(crate) fn collect(isolate: &mut v8::Isolate) {
    isolate.memory_pressure_notification(v8::MemoryPressureLevel::Critical);
    isolate.memory_pressure_notification(v8::MemoryPressureLevel::None);
}

unsafe extern "C" fn sample_in_interrupt(isolate: v8::UnsafeRawIsolatePtr, meter: *mut c_void) {
    // SAFETY: V8 calls this on the isolate's own thread while the isolate lives, and the isolate's allocator holds a
    // reference count of the meter for as long.
    let (mut isolate, meter) = unsafe { (v8::Isolate::from_raw_isolate_ptr(isolate), &*meter.cast::<MemoryMeter>()) };
    meter.sample(&mut isolate);
}

/// Parameters of an isolate with `limit_bytes` of heap and as much of array buffers.
pub(crate) fn create_params(limit_bytes: usize, meter: &Arc<MemoryMeter>) -> v8::CreateParams {
    let handle = Arc::into_raw(meter.clone());
    // SAFETY: the handle is a reference count that `drop_meter` gives back, and the functions of the table read it as
    // exactly the type it is.
    let allocator = unsafe { v8::new_rust_allocator(handle, &ALLOCATOR) };
    v8::CreateParams::default().heap_limits(0, limit_bytes).array_buffer_allocator(allocator)
}

static ALLOCATOR: v8::RustAllocatorVtable<MemoryMeter> =
    v8::RustAllocatorVtable { allocate: allocate_zeroed, allocate_uninitialized, free, drop: drop_meter };

/// The alignment V8 may rely on: that of malloc.
const ALIGN: usize = 16;

fn layout(bytes: usize) -> Option<Layout> {
    // A layout of no bytes may not be allocated; V8 wants a pointer of its own even then.
    Layout::from_size_align(bytes.max(1), ALIGN).ok()
}

unsafe extern "C" fn allocate_zeroed(meter: &MemoryMeter, bytes: usize) -> *mut c_void {
    let Some(layout) = layout(bytes) else { return std::ptr::null_mut() };
    if meter.take(bytes).is_err() {
        return std::ptr::null_mut();
    }
    // SAFETY: the layout has at least one byte.
    let pointer = unsafe { alloc_zeroed(layout) };
    if pointer.is_null() {
        meter.give_back(bytes);
    }
    pointer.cast()
}

unsafe extern "C" fn allocate_uninitialized(meter: &MemoryMeter, bytes: usize) -> *mut c_void {
    let Some(layout) = layout(bytes) else { return std::ptr::null_mut() };
    if meter.take(bytes).is_err() {
        return std::ptr::null_mut();
    }
    // SAFETY: the layout has at least one byte; V8 writes before it lets anybody read.
    let pointer = unsafe { alloc(layout) };
    if pointer.is_null() {
        meter.give_back(bytes);
    }
    pointer.cast()
}

unsafe extern "C" fn free(meter: &MemoryMeter, pointer: *mut c_void, bytes: usize) {
    let Some(layout) = layout(bytes) else { return };
    meter.give_back(bytes);
    // SAFETY: V8 frees what one of the two functions above gave it, with the same number of bytes.
    unsafe { dealloc(pointer.cast(), layout) }
}

unsafe extern "C" fn drop_meter(meter: *const MemoryMeter) {
    // SAFETY: this is the reference count that `create_params` gave away, and V8 calls this once.
    drop(unsafe { Arc::from_raw(meter) });
}
