//! The files capability. A place is a mount, a directory in it as names joined with `/`, and often a name in that.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::SystemTime;

use bytes::Bytes;
use deno_core::convert::Uint8Array;
use deno_core::{JsBuffer, OpState, op2};
use deno_error::JsErrorBox;
use serde::Serialize;
use worky_host::files::{
    Content, Create, Entry, FileError, FilePath, Mode, Mount, MountId, OpenAccess, OpenOptions, Replacement, Stat,
};

use super::{guest_sees, instance_of};
use crate::instance::RequestFiles;

/// Mounts that are none of the worker's bindings, as guest/files.js numbers them.
const TMP: i32 = -1;
const BUNDLE: i32 = -2;

/// Looks at the files of an open request.
fn with_files<T>(
    state: &RefCell<OpState>,
    id: u32,
    look: impl FnOnce(&mut RequestFiles) -> Option<T>,
) -> Result<T, JsErrorBox> {
    let instance = instance_of(state);
    let found = instance.with_call(id, |call| look(&mut call.files));
    found.ok_or_else(over)?.ok_or_else(|| JsErrorBox::type_error("no such directory was granted"))
}

fn over() -> JsErrorBox {
    JsErrorBox::type_error("the request that this belongs to is over; keep it open with ctx.waitUntil(promise)")
}

fn mount(state: &RefCell<OpState>, id: u32, mount: i32) -> Result<Mount, JsErrorBox> {
    let which = match mount {
        TMP => MountId::Tmp,
        BUNDLE => MountId::Bundle,
        index => MountId::Granted(usize::try_from(index).map_err(|_| over())?),
    };
    let instance = instance_of(state);
    with_files(state, id, |files| files.session(&instance.bindings.files, &instance.memory).mount(which).cloned())
}

fn writer(state: &RefCell<OpState>, id: u32, writer: u32) -> Result<Rc<Replacement>, JsErrorBox> {
    let found = instance_of(state).with_call(id, |call| call.files.writer(writer));
    let gone = || JsErrorBox::new("DOMExceptionInvalidStateError", "the file is not being written any more");
    found.ok_or_else(over)?.ok_or_else(gone)
}

/// The exceptions that the File System standard names, and `TypeError` for what is no name.
fn refused(error: FileError) -> JsErrorBox {
    let class = match &error {
        FileError::NotFound { .. } => "DOMExceptionNotFoundError",
        FileError::NotDirectory { .. } | FileError::IsDirectory { .. } | FileError::Special { .. } => {
            "DOMExceptionTypeMismatchError"
        }
        FileError::Symlink { .. }
        | FileError::HardLink { .. }
        | FileError::Outside { .. }
        | FileError::ReadOnly { .. }
        | FileError::NotOpenedForThis { .. }
        | FileError::Denied { .. } => "DOMExceptionNotAllowedError",
        FileError::Exists { .. }
        | FileError::NotEmpty { .. }
        | FileError::IntoItself { .. }
        | FileError::CrossMount { .. } => "DOMExceptionInvalidModificationError",
        FileError::Locked { .. } => "DOMExceptionNoModificationAllowedError",
        FileError::Changed { .. } => "DOMExceptionNotReadableError",
        FileError::TooLarge { .. }
        | FileError::TooManyToList { .. }
        | FileError::Quota { .. }
        | FileError::Entries { .. }
        | FileError::Memory { .. }
        | FileError::OpenFiles { .. }
        | FileError::DiskFull => "DOMExceptionQuotaExceededError",
        FileError::Io { .. } => "DOMExceptionOperationError",
        FileError::Name { .. }
        | FileError::PathTooLong { .. }
        | FileError::TooDeep { .. }
        | FileError::ShuttingDown => return guest_sees(error.blame(), error.to_string()),
    };
    JsErrorBox::new(class, error.to_string())
}

/// A size or an offset of JavaScript. What is beyond 2^53 is beyond every quota.
fn bytes_of(number: f64) -> u64 {
    number as u64
}

#[derive(Serialize)]
pub(super) struct FoundFile {
    bytes: f64,
    /// Milliseconds since 1970.
    modified: f64,
    /// Another number once the content has changed. 53 bits of it.
    version: f64,
}

/// 53 bits of a version, which is what a number of JavaScript holds.
fn version_of(stat: &Stat) -> f64 {
    (stat.version() >> 11) as f64
}

/// What is known of a file.
#[op2]
#[serde]
pub(super) async fn op_files_stat(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] place: i32,
    #[string] path: String,
) -> Result<FoundFile, JsErrorBox> {
    let mount = mount(&state, id, place)?;
    let path = FilePath::parse(&path).map_err(refused)?;
    let stat = mount.stat(&path).await.map_err(refused)?;
    if stat.entry != Entry::File {
        return Err(refused(FileError::IsDirectory { path: path.to_string() }));
    }
    let modified = stat.modified.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    Ok(FoundFile {
        bytes: stat.bytes as f64,
        modified: modified.unwrap_or_default().as_millis() as f64,
        version: version_of(&stat),
    })
}

/// Sees that a file is there, or makes it.
#[op2]
pub(super) async fn op_files_file(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] place: i32,
    #[string] directory: String,
    #[string] name: String,
    create: bool,
) -> Result<(), JsErrorBox> {
    let mount = mount(&state, id, place)?;
    let path = child(&directory, &name)?;
    if create {
        let options = OpenOptions { access: OpenAccess::Write, create: Create::Always, content: Content::Keep };
        return match mount.open(&path, options).await {
            Ok(_made) => Ok(()),
            Err(FileError::Exists { .. }) => is(&mount, &path, Entry::File).await,
            Err(error) => Err(refused(error)),
        };
    }
    is(&mount, &path, Entry::File).await
}

/// Sees that a directory is there, or makes it.
#[op2]
pub(super) async fn op_files_directory(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] place: i32,
    #[string] directory: String,
    #[string] name: String,
    create: bool,
) -> Result<(), JsErrorBox> {
    let mount = mount(&state, id, place)?;
    let path = child(&directory, &name)?;
    if create {
        return match mount.create_directory(&path).await {
            Ok(()) => Ok(()),
            Err(FileError::Exists { .. }) => is(&mount, &path, Entry::Directory).await,
            Err(error) => Err(refused(error)),
        };
    }
    is(&mount, &path, Entry::Directory).await
}

fn child(directory: &str, name: &str) -> Result<FilePath, JsErrorBox> {
    FilePath::parse(directory).and_then(|directory| directory.child(name)).map_err(refused)
}

async fn is(mount: &Mount, path: &FilePath, wanted: Entry) -> Result<(), JsErrorBox> {
    let stat = mount.stat(path).await.map_err(refused)?;
    let path = path.to_string();
    match (stat.entry == wanted, wanted) {
        (true, _) => Ok(()),
        (false, Entry::Directory) => Err(refused(FileError::NotDirectory { path })),
        (false, _) => Err(refused(FileError::IsDirectory { path })),
    }
}

/// The names of a directory; true for those that are directories.
#[op2]
#[serde]
pub(super) async fn op_files_list(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] place: i32,
    #[string] path: String,
) -> Result<Vec<(String, bool)>, JsErrorBox> {
    let mount = mount(&state, id, place)?;
    let path = FilePath::parse(&path).map_err(refused)?;
    let entries = mount.list(&path).await.map_err(refused)?;
    Ok(entries.into_iter().map(|entry| (entry.name, entry.entry == Entry::Directory)).collect())
}

#[op2]
pub(super) async fn op_files_remove(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] place: i32,
    #[string] directory: String,
    #[string] name: String,
    recursive: bool,
) -> Result<(), JsErrorBox> {
    let mount = mount(&state, id, place)?;
    let path = child(&directory, &name)?;
    if recursive {
        return mount.remove_all(&path).await.map_err(refused);
    }
    match mount.remove_file(&path).await {
        Err(FileError::IsDirectory { .. }) => mount.remove_directory(&path).await.map_err(refused),
        done => done.map_err(refused),
    }
}

#[op2]
#[allow(clippy::too_many_arguments, reason = "an op takes what JavaScript gives it one by one")]
pub(super) async fn op_files_move(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] place: i32,
    #[string] path: String,
    #[smi] to_place: i32,
    #[string] to_directory: String,
    #[string] to_name: String,
) -> Result<(), JsErrorBox> {
    let (from, to) = (mount(&state, id, place)?, mount(&state, id, to_place)?);
    let path = FilePath::parse(&path).map_err(refused)?;
    let to_path = child(&to_directory, &to_name)?;
    from.rename(&path, &to, &to_path).await.map_err(refused)
}

/// Some bytes of a file whose version is still the one it was looked at in; fewer only at its end.
#[op2]
#[allow(clippy::too_many_arguments, reason = "an op takes what JavaScript gives it one by one")]
pub(super) async fn op_files_read(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] place: i32,
    #[string] path: String,
    offset: f64,
    #[smi] length: u32,
    version: f64,
) -> Result<Uint8Array, JsErrorBox> {
    let mount = mount(&state, id, place)?;
    let path = FilePath::parse(&path).map_err(refused)?;
    // The host compares whole versions, a guest has a part of one.
    let stat = mount.stat(&path).await.map_err(refused)?;
    if version_of(&stat) != version {
        return Err(refused(FileError::Changed { path: path.to_string() }));
    }
    let read = mount.read(&path, bytes_of(offset), length as usize, stat.version()).await.map_err(refused)?;
    Ok(Uint8Array::from(Vec::from(read)))
}

/// Begins to write a file anew. Answers the writer's number and how many bytes it holds already.
#[op2]
#[serde]
pub(super) async fn op_files_replace(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] place: i32,
    #[string] path: String,
    keep: bool,
) -> Result<(u32, f64), JsErrorBox> {
    let mount = mount(&state, id, place)?;
    if mount.mode() == Mode::Read {
        return Err(refused(FileError::ReadOnly { path }));
    }
    let path = FilePath::parse(&path).map_err(refused)?;
    let content = if keep { Content::Keep } else { Content::Discard };
    let replacement = mount.replace(&path, content).await.map_err(refused)?;
    let bytes = replacement.stat().await.map_err(refused)?.bytes;
    let number = with_files(&state, id, |files| Some(files.keep(replacement)))?;
    Ok((number, bytes as f64))
}

#[op2]
pub(super) async fn op_files_write(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] number: u32,
    offset: f64,
    #[buffer] data: JsBuffer,
) -> Result<(), JsErrorBox> {
    let writer = writer(&state, id, number)?;
    // A copy: the guest may change its buffer meanwhile.
    let data = Bytes::copy_from_slice(&data);
    writer.write(bytes_of(offset), data).await.map_err(refused)
}

#[op2]
pub(super) async fn op_files_truncate(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] number: u32,
    bytes: f64,
) -> Result<(), JsErrorBox> {
    writer(&state, id, number)?.set_size(bytes_of(bytes)).await.map_err(refused)
}

/// Resolves once the new file has taken the old one's place, on the disk.
#[op2]
pub(super) async fn op_files_commit(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] number: u32,
) -> Result<(), JsErrorBox> {
    let done = writer(&state, id, number)?.commit().await.map_err(refused);
    instance_of(&state).with_call(id, |call| call.files.close(number));
    done
}

/// The old file stays. Resolves once nothing is left of the other; it need not be there any more.
#[op2]
pub(super) async fn op_files_abort(state: Rc<RefCell<OpState>>, #[smi] id: u32, #[smi] number: u32) {
    let Ok(writer) = writer(&state, id, number) else { return };
    writer.discard().await;
    instance_of(&state).with_call(id, |call| call.files.close(number));
}
