//! Components built from source: the plugins of `plugins/` and of the templates, and the test guests of
//! `tests/guests/components/`.

use std::path::PathBuf;
use std::{env, fs};

/// The built component of this name. Panics where there is none, with the reason and what to type.
#[track_caller]
pub fn guest(name: &str) -> PathBuf {
    let path = path(name);
    if !path.is_file() {
        let why =
            fs::read_to_string(path.with_extension("missing")).unwrap_or_else(|_| "it was never built".to_owned());
        let all = if HEAVY.contains(&name) { "-all" } else { "" };
        panic!("the guest {name} is missing: {}; type: make guests{all}", why.trim());
    }
    path
}

/// The built component's bytes.
#[track_caller]
pub fn guest_bytes(name: &str) -> Vec<u8> {
    fs::read(guest(name)).expect("the component can be read")
}

/// The core module that the component of this name was made of, where it is kept.
#[track_caller]
pub fn guest_module_bytes(name: &str) -> Vec<u8> {
    fs::read(guest(name).with_extension("core.wasm")).expect("the module is kept beside the component: make guests")
}

/// Whether a guest is there that `make guests` leaves out, because its toolchain is large.
pub fn is_built(name: &str) -> bool {
    assert!(HEAVY.contains(&name), "{name} is always built");
    path(name).is_file()
}

/// The built component's bytes, `None` where it was not built: for what goes without it and says so.
pub fn guest_bytes_if_built(name: &str) -> Option<Vec<u8>> {
    fs::read(path(name)).ok()
}

fn path(name: &str) -> PathBuf {
    guests_dir().join(format!("{name}.wasm"))
}

/// What only `make guests-all` builds.
const HEAVY: &[&str] = &["hello-js", "hello-python"];

fn guests_dir() -> PathBuf {
    match env::var_os("WORKY_GUESTS") {
        Some(dir) => dir.into(),
        None => {
            let built = crate::project::built_dir();
            built.parent().expect("target/PROFILE").join("guests")
        }
    }
}
