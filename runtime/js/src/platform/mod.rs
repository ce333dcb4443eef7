//! What V8 asks its embedder for, where rusty_v8 has its own answer and no way to give another: how many threads help
//! (`helpers`), and where memory comes from and goes to (`pages`). Both are about isolates that V8 would have wait for
//! each other.

mod helpers;
mod pages;
mod virtual_table;

use std::cell::Cell;
use std::ffi::c_void;

use deno_core::v8;

pub(crate) use pages::unmap_freed;

/// How many virtual functions `v8::Platform` has, to which rusty_v8's class adds none.
const PLATFORM_FUNCTIONS: usize = 22;

thread_local! {
    /// The calling thread collects garbage.
    static COLLECTING: Cell<bool> = const { Cell::new(false) };
}

/// For the whole process, once V8 has started and before there is an isolate.
pub(crate) fn adapt() {
    let platform = platform();
    // SAFETY: nobody calls the platform or its allocator meanwhile: there is no isolate, and the platform's own threads
    // wait at their queue.
    unsafe {
        pages::adapt(platform);
        helpers::adapt(platform);
    }
}

/// V8's, which lives as long as the process.
fn platform() -> *mut c_void {
    let platform = v8::V8::get_current_platform();
    // Rust's `Platform` has no bytes, so that this reference is to none of those of the C++ object.
    const { assert!(size_of::<v8::Platform>() == 0) };
    let address = std::ptr::from_ref::<v8::Platform>(&platform).expose_provenance();
    std::ptr::with_exposed_provenance_mut(address)
}

/// The calling thread is this isolate's, until it ends.
pub(crate) fn watch(isolate: &mut v8::Isolate) {
    pages::defer_on_this_thread();
    isolate.add_gc_prologue_callback(begins, std::ptr::null_mut(), v8::GCType::kGCTypeAll);
    isolate.add_gc_epilogue_callback(ends, std::ptr::null_mut(), v8::GCType::kGCTypeAll);
}

unsafe extern "C" fn begins(_: v8::UnsafeRawIsolatePtr, _: v8::GCType, _: v8::GCCallbackFlags, _: *mut c_void) {
    COLLECTING.set(true);
}

unsafe extern "C" fn ends(_: v8::UnsafeRawIsolatePtr, _: v8::GCType, _: v8::GCCallbackFlags, _: *mut c_void) {
    COLLECTING.set(false);
    unmap_freed();
}

#[cfg(test)]
mod tests {
    use deno_core::{JsRuntime, RuntimeOptions};

    use super::*;

    thread_local! {
        /// What was found at the end of a collection: how many threads help, and how many pages wait.
        static FOUND: Cell<Option<(i32, usize)>> = const { Cell::new(None) };
    }

    unsafe extern "C" fn look(_: v8::UnsafeRawIsolatePtr, _: v8::GCType, _: v8::GCCallbackFlags, _: *mut c_void) {
        let (_, noted) = FOUND.get().unwrap_or_default();
        FOUND.set(Some((helpers::count(), noted.max(pages::noted()))));
    }

    #[test]
    fn a_collection_has_no_helpers_and_its_pages_are_unmapped_after_it() {
        crate::init_platform();
        let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let _entered = tokio.enter();
        let mut runtime = JsRuntime::new(RuntimeOptions::default());
        // Before `watch`, whose callback comes after it then.
        runtime.v8_isolate().add_gc_epilogue_callback(look, std::ptr::null_mut(), v8::GCType::kGCTypeAll);
        watch(runtime.v8_isolate());
        let garbage = "let kept = []; for (let n = 0; n < 500000; n += 1) kept.push({ n }); kept = null;";
        runtime.execute_script("garbage.js", garbage).expect("it runs");
        crate::memory::collect(runtime.v8_isolate());
        let (helpers, noted) = FOUND.get().expect("a collection");
        assert_eq!(helpers, 0, "threads help to collect garbage");
        assert!(noted > 0, "pages were unmapped during a collection");
        assert!(helpers::count() > 0, "nobody helps to compile");
        assert_eq!(pages::noted(), 0, "pages are left");
    }
}
