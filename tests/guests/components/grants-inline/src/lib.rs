//! A plugin that imports nothing that has to be waited for: what may be granted without its functions becoming
//! asynchronous.

mod bindings {
    wit_bindgen::generate!({ path: ["../../../../wit", "wit"], world: "worky:grants-inline/grants-inline", generate_all });
}

use bindings::wasi::cli::{environment, stdout};
use bindings::wasi::clocks::monotonic_clock;
use bindings::wasi::config::store as config;
use bindings::wasi::filesystem::preopens::get_directories;
use bindings::wasi::filesystem::types::{DescriptorFlags, ErrorCode, OpenFlags, PathFlags};
use bindings::wasi::logging::logging::{self, Level};
use bindings::wasi::random::random::get_random_u64;

struct GrantsInline;

impl bindings::Guest for GrantsInline {
    fn say(message: String) {
        logging::log(Level::Warn, "", &message);
    }

    fn print(line: String) {
        let _nobody_reads = stdout::get_stdout().blocking_write_and_flush(format!("{line}\n").as_bytes());
    }

    fn config_get(name: String) -> Result<Option<String>, String> {
        config::get(&name).map_err(|error| format!("{error:?}"))
    }

    fn config_names() -> Result<Vec<String>, String> {
        let mut names: Vec<_> =
            config::get_all().map_err(|error| format!("{error:?}"))?.into_iter().map(|(name, _)| name).collect();
        names.sort();
        Ok(names)
    }

    fn environment() -> Vec<(String, String)> {
        environment::get_environment()
    }

    fn now() -> u64 {
        monotonic_clock::now()
    }

    fn random() -> u64 {
        get_random_u64()
    }

    fn mounts() -> Vec<String> {
        let mut names: Vec<String> = get_directories().into_iter().map(|(_, name)| name).collect();
        names.sort();
        names
    }

    fn read(path: String) -> Result<String, String> {
        read(&path).map_err(|error| error.name().to_owned())
    }
}

/// `path` begins with the name of a preopened directory.
fn read(path: &str) -> Result<String, ErrorCode> {
    let directories = get_directories();
    let found = directories.iter().find_map(|(directory, name)| {
        let rest = path.strip_prefix(name.as_str())?.strip_prefix('/')?;
        Some((directory, rest))
    });
    let (directory, name) = found.ok_or(ErrorCode::NoEntry)?;
    let file = directory.open_at(PathFlags::empty(), name, OpenFlags::empty(), DescriptorFlags::READ)?;
    let (bytes, _at_end) = file.read(64 << 10, 0)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

bindings::export!(GrantsInline with_types_in bindings);
