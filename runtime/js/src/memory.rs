//! Memory of one isolate, in one account: V8's heap, array buffers through an allocator of our own, what V8 has outside
//! of both (WebAssembly memories above all), what the host keeps for the guest, and what its plugins have.
//!
//! Much of what is in use at any time is garbage. So nobody is stopped before it is collected, which happens when the
//! account is nearly full and has grown since the last time.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use deno_core::v8;

/// How often the whole account is looked at, at most, where little changes.
const LOOK_PERIOD: Duration = Duration::from_millis(1);

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
    /// V8's heap after it was last collected.
    heap_collected: AtomicUsize,
    /// When the whole account was last looked at, and what was outside of the heap then.
    looked_at_ns: AtomicU64,
    looked_outside: AtomicUsize,
    /// As with `collected`, of the whole account.
    judged: AtomicUsize,
    /// The account was over its limit without garbage.
    over: AtomicBool,
    /// The account is nearly full, and the guest is to be told.
    warning: AtomicBool,
    /// It has been told, and has not had room since.
    warned: AtomicBool,
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
            heap_collected: AtomicUsize::new(0),
            looked_at_ns: AtomicU64::new(0),
            looked_outside: AtomicUsize::new(0),
            judged: AtomicUsize::new(0),
            over: AtomicBool::new(false),
            warning: AtomicBool::new(false),
            warned: AtomicBool::new(false),
        })
    }

    pub(crate) fn limit_bytes(&self) -> usize {
        self.limit_bytes
    }

    /// Whether a buffer could not be had at the last try.
    pub(crate) fn buffer_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// Looks at the account, as far as something may have changed. On the isolate's thread.
    pub(crate) fn sample(&self, isolate: &mut v8::Isolate, now: Instant) {
        self.sample_external(isolate);
        let (now, outside) = (monotonic_ns(now), self.outside_heap());
        let changed = outside.abs_diff(self.looked_outside.load(Ordering::Relaxed)) > self.limit_bytes / 64;
        if changed || now.saturating_sub(self.looked_at_ns.load(Ordering::Relaxed)) >= LOOK_PERIOD.as_nanos() as u64 {
            self.looked_at_ns.store(now, Ordering::Relaxed);
            self.looked_outside.store(outside, Ordering::Relaxed);
            self.judge(isolate);
        }
    }

    /// Finds out whether the account is over its limit, or nearly.
    fn judge(&self, isolate: &mut v8::Isolate) {
        let near = self.limit_bytes / 10 * 9;
        let used = self.used(isolate);
        let judged = self.judged.fetch_min(used, Ordering::Relaxed).min(used);
        if used <= near {
            self.warned.store(used > near / 8 * 7 && self.warned.load(Ordering::Relaxed), Ordering::Relaxed);
            return;
        }
        if used <= self.limit_bytes && used - judged <= self.limit_bytes / 16 {
            return;
        }
        collect(isolate);
        self.sample_external(isolate);
        let used = self.used(isolate);
        self.judged.store(used, Ordering::Relaxed);
        if used > self.limit_bytes {
            self.over.store(true, Ordering::Relaxed);
        }
        if used > near && !self.warned.swap(true, Ordering::Relaxed) {
            self.warning.store(true, Ordering::Relaxed);
        }
    }

    /// The whole account.
    fn used(&self, isolate: &mut v8::Isolate) -> usize {
        isolate.get_heap_statistics().used_heap_size().saturating_add(self.outside_heap())
    }

    /// Whether the guest is to be told that little room is left; once each time.
    pub(crate) fn take_warning(&self) -> bool {
        self.warning.swap(false, Ordering::Relaxed)
    }

    /// Takes V8's own count of memory outside of its heap.
    fn sample_external(&self, isolate: &mut v8::Isolate) {
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
            self.sample_external(isolate);
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
        let others = self.of_v8().saturating_add(self.plugins.load(Ordering::Relaxed));
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
        self.sample_external(isolate);
        let held = self.try_hold(bytes);
        if !held {
            self.refuse();
        }
        held
    }

    /// Whether `bytes` more would fit.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.of_v8().saturating_add(self.outside_v8()).saturating_add(bytes) <= self.limit_bytes
    }

    /// The guest was refused memory that it asked for, and is to be stopped for it.
    pub(crate) fn refuse(&self) {
        self.refused.store(true, Ordering::Relaxed);
    }

    pub(crate) fn release(&self, bytes: usize) {
        let _ = self.held.try_update(Ordering::Relaxed, Ordering::Relaxed, |held| Some(held.saturating_sub(bytes)));
    }

    /// Keeps an eye on what is left of the heap when V8 has collected it.
    pub(crate) fn watch_collections(self: &Arc<Self>, isolate: &mut v8::Isolate) {
        let meter = Arc::as_ptr(self).cast_mut().cast();
        isolate.add_gc_epilogue_callback(collected, meter, v8::GCType::kGCTypeMarkSweepCompact);
    }

    /// Has a running guest interrupted at its next check to take the count. The watchdog reads it when it looks again.
    pub(crate) fn request_sample(self: &Arc<Self>, isolate: &v8::IsolateHandle) {
        isolate.request_interrupt(sample_in_interrupt, Arc::as_ptr(self).cast_mut().cast());
    }

    /// Whether that count, without garbage, was over the limit.
    pub(crate) fn over_limit(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// What V8 has, without garbage in its heap.
    fn of_v8(&self) -> usize {
        // Buffers are counted as they come and go, and by V8, which is sampled, among the rest that it holds.
        let outside = self.buffers.load(Ordering::Relaxed).max(self.external.load(Ordering::Relaxed));
        outside.saturating_add(self.heap_collected.load(Ordering::Relaxed))
    }

    /// Takes `bytes` more for a plugin; false where the limit would be passed. From any thread.
    pub(crate) fn take_for_plugin(&self, bytes: usize) -> bool {
        let others = self.of_v8().saturating_add(self.held.load(Ordering::Relaxed));
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
        let others = self.outside_buffers().saturating_add(self.heap_collected.load(Ordering::Relaxed));
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
    meter.sample_external(&mut isolate);
    meter.judge(&mut isolate);
}

unsafe extern "C" fn collected(
    isolate: v8::UnsafeRawIsolatePtr,
    _type: v8::GCType,
    _flags: v8::GCCallbackFlags,
    meter: *mut c_void,
) {
    // SAFETY: as with `sample_in_interrupt`.
    let (mut isolate, meter) = unsafe { (v8::Isolate::from_raw_isolate_ptr(isolate), &*meter.cast::<MemoryMeter>()) };
    meter.heap_collected.store(isolate.get_heap_statistics().used_heap_size(), Ordering::Relaxed);
}

/// Since some moment in the life of this process.
fn monotonic_ns(now: Instant) -> u64 {
    static BEGINNING: OnceLock<Instant> = OnceLock::new();
    now.saturating_duration_since(*BEGINNING.get_or_init(Instant::now)).as_nanos() as u64
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
