use crate::bindings::wasi::filesystem::preopens::get_directories;
use crate::bindings::wasi::filesystem::types::{Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags};

pub fn mounts() -> Vec<String> {
    let mut names: Vec<String> = get_directories().into_iter().map(|(_, name)| name).collect();
    names.sort();
    names
}

pub fn read(path: &str) -> Result<String, ErrorCode> {
    let file = open(path, OpenFlags::empty(), DescriptorFlags::READ)?;
    let mut all = Vec::new();
    loop {
        let (bytes, at_end) = file.read(64 << 10, all.len() as u64)?;
        all.extend_from_slice(&bytes);
        if at_end || bytes.is_empty() {
            return Ok(String::from_utf8_lossy(&all).into_owned());
        }
    }
}

pub fn write(path: &str, text: &str) -> Result<(), ErrorCode> {
    let file = open(path, OpenFlags::CREATE | OpenFlags::TRUNCATE, DescriptorFlags::WRITE)?;
    let mut written = 0;
    while written < text.len() {
        written += file.write(&text.as_bytes()[written..], written as u64)? as usize;
    }
    file.sync()
}

/// `path` begins with the name of a preopened directory.
fn open(path: &str, open: OpenFlags, flags: DescriptorFlags) -> Result<Descriptor, ErrorCode> {
    let directories = get_directories();
    let found = directories.iter().find_map(|(directory, name)| {
        let rest = path.strip_prefix(name.as_str())?.strip_prefix('/')?;
        Some((directory, rest))
    });
    let (directory, name) = found.ok_or(ErrorCode::NoEntry)?;
    directory.open_at(PathFlags::SYMLINK_FOLLOW, name, open, flags)
}
