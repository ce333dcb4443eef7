//! V8's flags, which must be the same when the snapshot is made (by `build.rs`) and when it is used.

/// Flags of the whole process, set before V8 starts.
pub(crate) fn set() {
    let flags = [
        // V8 takes the first for the program's name.
        "worky",
        // In KiB. Isolate threads have four times this, so that native code below JavaScript's deepest frame has room.
        "--stack-size=984",
        // One WebAssembly memory may have 128 MiB: 2,048 pages of 64 KiB.
        "--wasm-max-mem-pages=2048",
        // With loop unrolling V8 15.0 drops the interrupt check of the wrong loop: an endless one around an inlined
        // `new Array(1000).fill(0)` loses its own (LoopStackCheckElisionReducer skips "the next" check, and the inner
        // loop has none), and then nothing can stop it any more.
        "--no-turboshaft-loop-unrolling",
        "--no-wasm-loop-unrolling",
        // A guest collects its garbage on its own thread: what helper threads did for it would be on nobody's bill, and
        // would take the processor from its neighbours.
        "--single-threaded-gc",
    ];
    let unknown = deno_core::v8_set_flags(flags.iter().map(|flag| (*flag).to_owned()).collect());
    debug_assert!(unknown.len() <= 1, "V8 does not know {unknown:?}");
}
