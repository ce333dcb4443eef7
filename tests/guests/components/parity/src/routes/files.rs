use crate::bindings::wasi::filesystem::preopens::get_directories;
use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};
use crate::bindings::wasi::io::streams::StreamError;
use crate::http::{Request, Responder};
use crate::json;

/// `/files/OPERATION?path=/DATA/a.txt`: `read`, `write` (the body), `append`, `list`, `make`, `remove`, `remove-dir`,
/// `stat`, `rename&to=`, `link&to=`, `open-many&times=`. What fails is a 409 with WASI's code for it.
pub fn files(request: Request, responder: Responder, operation: &str) {
    let path = request.parameter("path").unwrap_or_default();
    let (outcome, content_type) = match operation {
        "read" => (read(&path), "application/octet-stream"),
        "write" => (write(&path, &request, OpenFlags::CREATE | OpenFlags::TRUNCATE), crate::http::TEXT),
        "append" => (append(&path, &request), crate::http::TEXT),
        "list" => (list(&path), crate::http::JSON),
        "make" => (at(&path, |dir, name| dir.create_directory_at(name)), crate::http::TEXT),
        "remove" => (at(&path, |dir, name| dir.unlink_file_at(name)), crate::http::TEXT),
        "remove-dir" => (at(&path, |dir, name| dir.remove_directory_at(name)), crate::http::TEXT),
        "stat" => (stat(&path), crate::http::JSON),
        "rename" => (rename(&path, &request.parameter("to").unwrap_or_default()), crate::http::TEXT),
        "link" => (link(&path, &request.parameter("to").unwrap_or_default()), crate::http::TEXT),
        "open-many" => (open_many(&path, request.number("times", 1)), crate::http::JSON),
        _ => return responder.text(404, "no such operation\n"),
    };
    match outcome {
        Ok(body) => responder.send(200, content_type, body),
        Err(error) => responder.json(409, json::object([("error", json::string(error.name()))])),
    }
}

pub fn preopens(_: Request, responder: Responder, _: &str) {
    let mut names: Vec<String> = get_directories().into_iter().map(|(_, name)| name).collect();
    names.sort();
    responder.json(200, json::array(names.iter().map(|name| json::string(name))));
}

type Outcome = Result<Vec<u8>, ErrorCode>;

/// Runs `act` on the preopened directory that `path` begins with, and what follows.
fn within<T>(path: &str, act: impl FnOnce(&Descriptor, &str) -> Result<T, ErrorCode>) -> Result<T, ErrorCode> {
    let directories = get_directories();
    let (directory, rest) = directories
        .iter()
        .find_map(|(directory, name)| {
            let rest = path.strip_prefix(name.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then_some((directory, rest))
        })
        .ok_or(ErrorCode::NoEntry)?;
    // Only the separator goes: what is odd about the rest is the host's to judge.
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    act(directory, if rest.is_empty() { "." } else { rest })
}

fn at(path: &str, act: impl FnOnce(&Descriptor, &str) -> Result<(), ErrorCode>) -> Outcome {
    within(path, act).map(|()| b"done\n".to_vec())
}

fn open(path: &str, open: OpenFlags, flags: DescriptorFlags) -> Result<Descriptor, ErrorCode> {
    within(path, |directory, name| directory.open_at(PathFlags::SYMLINK_FOLLOW, name, open, flags))
}

fn read(path: &str) -> Outcome {
    let file = open(path, OpenFlags::empty(), DescriptorFlags::READ)?;
    let stream = file.read_via_stream(0)?;
    let mut all = Vec::new();
    loop {
        match stream.blocking_read(64 << 10) {
            Ok(bytes) => all.extend_from_slice(&bytes),
            Err(StreamError::Closed) => return Ok(all),
            Err(StreamError::LastOperationFailed(_)) => return Err(ErrorCode::Io),
        }
    }
}

fn write(path: &str, request: &Request, how: OpenFlags) -> Outcome {
    let file = open(path, how, DescriptorFlags::WRITE)?;
    let reader = request.body();
    let mut at = 0;
    while let Some(bytes) = reader.read().map_err(|_| ErrorCode::Io)? {
        let mut rest = &*bytes;
        while !rest.is_empty() {
            let written = file.write(rest, at)?;
            at += written;
            rest = &rest[written as usize..];
        }
    }
    file.sync()?;
    Ok(format!("{at}\n").into_bytes())
}

fn append(path: &str, request: &Request) -> Outcome {
    let file = open(path, OpenFlags::CREATE, DescriptorFlags::WRITE)?;
    let stream = file.append_via_stream()?;
    let body = request.body().read_all().map_err(|_| ErrorCode::Io)?;
    // What `blocking-write-and-flush` takes at once.
    for chunk in body.chunks(4096) {
        stream.blocking_write_and_flush(chunk).map_err(|_| ErrorCode::Io)?;
    }
    Ok(format!("{}\n", body.len()).into_bytes())
}

fn list(path: &str) -> Outcome {
    let directory = open(path, OpenFlags::DIRECTORY, DescriptorFlags::READ)?;
    let entries = directory.read_directory()?;
    let mut names = Vec::new();
    while let Some(entry) = entries.read_directory_entry()? {
        let kind = if entry.type_ == DescriptorType::Directory { "directory" } else { "file" };
        names.push(json::array([json::string(&entry.name), json::string(kind)]));
    }
    names.sort();
    Ok(json::array(names).into_bytes())
}

fn stat(path: &str) -> Outcome {
    let found = within(path, |directory, name| directory.stat_at(PathFlags::SYMLINK_FOLLOW, name))?;
    let json = match found.type_ {
        DescriptorType::Directory => json::object([("kind", json::string("directory"))]),
        DescriptorType::RegularFile => json::object([("kind", json::string("file")), ("size", found.size.to_string())]),
        other => json::object([("kind", json::string(&format!("{other:?}")))]),
    };
    Ok(json.into_bytes())
}

fn rename(from: &str, to: &str) -> Outcome {
    within(from, |directory, name| {
        within(to, |new_directory, new_name| directory.rename_at(name, new_directory, new_name))
    })?;
    Ok(b"done\n".to_vec())
}

fn link(target: &str, path: &str) -> Outcome {
    at(path, |directory, name| directory.symlink_at(target, name))
}

/// Opens the same file over and over without closing any; tells how often it could.
fn open_many(path: &str, times: u64) -> Outcome {
    let mut open_files = Vec::new();
    for _ in 0..times {
        match open(path, OpenFlags::empty(), DescriptorFlags::READ) {
            Ok(file) => open_files.push(file),
            Err(error) => {
                let json = [("opened", open_files.len().to_string()), ("error", json::string(error.name()))];
                return Ok(json::object(json).into_bytes());
            }
        }
    }
    Ok(json::object([("opened", open_files.len().to_string())]).into_bytes())
}
