//! Makes the startup snapshot: the deno extension crates do not carry their JavaScript in the binary, so the web APIs
//! are evaluated here, once, and every isolate starts from the result.
//!
//! worky's own ops are in it by name, arity and kind only (`src/op_table.rs`): the program binds the real ones. So this
//! script depends on no crate of worky, and a change to the host does not make a new snapshot.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deno_core::snapshot::{CreateSnapshotOptions, create_snapshot};
use deno_core::{Extension, ExtensionFileSource, OpDecl};

#[macro_use]
#[path = "src/op_table.rs"]
mod op_table;
#[path = "src/v8_flags.rs"]
mod v8_flags;

/// Scripts of worky's own, by the specifier they are loaded under. The last two stand in for extensions that
/// deno_fetch names without depending on them.
const GUEST_SCRIPTS: &[(&str, &str)] = &[
    ("ext:worky/globals.js", "guest/globals.js"),
    ("ext:worky/bounds.js", "guest/bounds.js"),
    ("ext:worky/worker.js", "guest/worker.js"),
    ("ext:worky/context.js", "guest/context.js"),
    ("ext:worky/async_hooks.js", "guest/async_hooks.js"),
    ("ext:worky/request.js", "guest/request.js"),
    ("ext:worky/crypto.js", "guest/crypto.js"),
    ("ext:worky/body.js", "guest/body.js"),
    ("ext:worky/kv.js", "guest/kv.js"),
    ("ext:worky/files.js", "guest/files.js"),
    ("ext:worky/files_place.js", "guest/files_place.js"),
    ("ext:worky/files_content.js", "guest/files_content.js"),
    ("ext:worky/plugin.js", "guest/plugin.js"),
    ("ext:worky/fetcher.js", "guest/fetcher.js"),
    ("ext:worky/cache.js", "guest/cache.js"),
    ("ext:deno_net/02_tls.js", "guest/stubs/tls.js"),
    ("ext:deno_telemetry/telemetry.ts", "guest/stubs/telemetry.js"),
    ("ext:deno_telemetry/util.ts", "guest/stubs/telemetry_util.js"),
];

/// A function of its own for each op: a snapshot knows functions by their address, so no two may share one.
macro_rules! placeholders {
    ($($kind:tt $name:ident $arguments:literal,)*) => {
        mod placeholder {
            use deno_core::op2;
            $(
                #[op2(nofast)]
                pub(super) fn $name() {
                    std::hint::black_box(stringify!($name));
                }
            )*
        }
        fn placeholders() -> Vec<OpDecl> {
            vec![$(placeholder::$name()),*]
        }
    };
}
for_each_op!(placeholders);

fn main() {
    let manifest_dir = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out_dir = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/op_table.rs");
    println!("cargo::rerun-if-changed=src/v8_flags.rs");
    println!("cargo::rerun-if-changed=guest");

    v8_flags::set();
    let extensions = || {
        vec![
            deno_webidl::deno_webidl::init(),
            deno_web::deno_web::init(Arc::new(deno_web::BlobStore::default()), None, false, Default::default()),
            deno_crypto::deno_crypto::init(None),
            deno_fetch::deno_fetch::init(deno_fetch::Options::default()),
            worky_extension(&manifest_dir),
        ]
    };
    let lazy_scripts: Vec<ExtensionFileSource> =
        extensions().iter().flat_map(|e| e.lazy_loaded_js_files.iter().cloned().collect::<Vec<_>>()).collect();

    let snapshot = create_snapshot(
        CreateSnapshotOptions {
            cargo_manifest_dir: env!("CARGO_MANIFEST_DIR"),
            startup_snapshot: None,
            skip_op_registration: false,
            extensions: extensions(),
            extension_transpiler: None,
            with_runtime_cb: Some(Box::new(|runtime| {
                runtime
                    .execute_script(
                        "ext:worky/snapshot.js",
                        "Deno.core.loadExtScript('ext:worky/globals.js'); undefined",
                    )
                    .expect("the global scope evaluates");
            })),
        },
        None,
    )
    .expect("the startup snapshot can be made");
    for file in &snapshot.files_loaded_during_snapshot {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    std::fs::write(out_dir.join("snapshot.bin"), &snapshot.output).expect("OUT_DIR is writable");
    write_residual(&out_dir, &lazy_scripts, &snapshot.consumed_lazy_specifiers);
}

/// worky's extension as the snapshot needs it: names and shapes, no implementations.
fn worky_extension(manifest_dir: &Path) -> Extension {
    let ops = std::iter::zip(placeholders(), op_table::OPS)
        .map(|(mut decl, op)| {
            decl.arg_count = op.arguments;
            decl.is_async = op.is_async;
            decl
        })
        .collect();
    let files = GUEST_SCRIPTS
        .iter()
        .map(|(specifier, path)| {
            ExtensionFileSource::loaded_during_snapshot(
                specifier,
                manifest_dir.join(path).to_str().expect("utf-8 path").to_owned().leak(),
            )
        })
        .collect();
    Extension { name: "worky", lazy_loaded_js_files: Cow::Owned(files), ops: Cow::Owned(ops), ..Default::default() }
}

/// The scripts that are not part of the snapshot, as the table the program hands to every isolate: sorted, ASCII only.
fn write_residual(out_dir: &Path, scripts: &[ExtensionFileSource], consumed: &[String]) {
    let mut residual: Vec<(&str, String)> = scripts
        .iter()
        .filter(|script| !consumed.iter().any(|c| c == script.specifier))
        .map(|script| (script.specifier, script.load().expect("its file is there").as_str().to_owned()))
        .collect();
    residual.sort();
    let mut table = String::from("pub(crate) static RESIDUAL_SCRIPTS: &[(&str, &str)] = &[\n");
    for (i, (specifier, source)) in residual.iter().enumerate() {
        assert!(source.is_ascii(), "{specifier} is not ASCII");
        let path = out_dir.join(format!("residual-{i}.js"));
        std::fs::write(&path, deno_core::wrap_lazy_ext_script(source)).expect("OUT_DIR is writable");
        writeln!(table, "    ({specifier:?}, include_str!({path:?})),").expect("a String takes it");
    }
    table.push_str("];\n");
    std::fs::write(out_dir.join("residual.rs"), table).expect("OUT_DIR is writable");
}
