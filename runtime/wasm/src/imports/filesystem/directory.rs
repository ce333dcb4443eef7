//! Opening what is in a directory, and listing it.

use std::vec::IntoIter;

use wasmtime::component::Resource;
use wasmtime_wasi::p2::FsResult;
use wasmtime_wasi::p2::bindings::filesystem::types::{
    self, DescriptorFlags, DirectoryEntryStream, ErrorCode, HostDirectoryEntryStream, OpenFlags,
};
use worky_host::files::{Content, Create, DirectoryEntry, Entry, FileError, Mount, OpenAccess, OpenOptions};

use super::FilesystemView;
use super::descriptor::{Descriptor, Directory, OpenFile, type_of};
use super::error::refused;

pub(super) const WRITE_EXISTING: OpenOptions =
    OpenOptions { access: OpenAccess::Write, create: Create::Never, content: Content::Keep };

/// Every write would have to be on the disk when it returns, which nothing here promises.
const SYNC: [DescriptorFlags; 3] =
    [DescriptorFlags::FILE_INTEGRITY_SYNC, DescriptorFlags::DATA_INTEGRITY_SYNC, DescriptorFlags::REQUESTED_WRITE_SYNC];

pub(super) async fn open(
    directory: &Directory,
    mount: &Mount,
    text: &str,
    open: OpenFlags,
    flags: DescriptorFlags,
) -> FsResult<Descriptor> {
    if SYNC.iter().any(|sync| flags.contains(*sync)) {
        return Err(ErrorCode::Unsupported.into());
    }
    let path = directory.resolve(text)?;
    let (create, exclusive) = (open.contains(OpenFlags::CREATE), open.contains(OpenFlags::EXCLUSIVE));
    let (truncate, write) = (open.contains(OpenFlags::TRUNCATE), flags.contains(DescriptorFlags::WRITE));
    // `a/` is `a`, and a directory.
    let wants_directory = open.contains(OpenFlags::DIRECTORY) || text.ends_with('/');
    if wants_directory && (create || exclusive || truncate) {
        return Err(ErrorCode::Invalid.into());
    }
    let found = match mount.stat(&path).await {
        Err(FileError::NotFound { .. }) if create => None,
        found => Some(found.map_err(refused)?.entry),
    };
    match found {
        Some(_) if create && exclusive => return Err(ErrorCode::Exist.into()),
        Some(Entry::Directory) if write || truncate => return Err(ErrorCode::IsDirectory.into()),
        Some(Entry::Directory) => return Ok(Descriptor::Directory(Directory { mount: directory.mount, path })),
        Some(_) if wants_directory => return Err(ErrorCode::NotDirectory.into()),
        _ => {}
    }
    let options = OpenOptions {
        access: if write { OpenAccess::Write } else { OpenAccess::Read },
        create: match (create, exclusive, found) {
            // Others may make it meanwhile; only one of two that ask for it to be new has made it.
            (true, true, _) => Create::Always,
            (true, false, None) => Create::IfAbsent,
            _ => Create::Never,
        },
        content: if truncate { Content::Discard } else { Content::Keep },
    };
    let file = mount.open(&path, options).await.map_err(refused)?;
    let asked = flags & (DescriptorFlags::READ | DescriptorFlags::WRITE);
    let flags = if asked == DescriptorFlags::empty() { DescriptorFlags::READ } else { asked };
    Ok(Descriptor::File(OpenFile { file, flags }))
}

/// What is left of a listing.
pub(super) struct Listing(IntoIter<DirectoryEntry>);

impl Listing {
    pub(super) fn new(entries: Vec<DirectoryEntry>) -> Self {
        Listing(entries.into_iter())
    }
}

impl HostDirectoryEntryStream for FilesystemView<'_> {
    async fn read_directory_entry(
        &mut self,
        stream: Resource<DirectoryEntryStream>,
    ) -> FsResult<Option<types::DirectoryEntry>> {
        let listing: Resource<Listing> = Resource::new_own(stream.rep());
        let next = self.table.get_mut(&listing)?.0.next();
        Ok(next.map(|entry| types::DirectoryEntry { type_: type_of(entry.entry), name: entry.name }))
    }

    fn drop(&mut self, stream: Resource<DirectoryEntryStream>) -> wasmtime::Result<()> {
        let listing: Resource<Listing> = Resource::new_own(stream.rep());
        self.table.delete(listing)?;
        Ok(())
    }
}
