//! Descriptors: what is done with an open file, or with a directory as a whole.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, SystemTime};

use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::clocks::wall_clock::Datetime;
use wasmtime_wasi::p2::bindings::filesystem::types::{
    self, Advice, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntryStream, ErrorCode, Filesize,
    HostDescriptor, MetadataHashValue, NewTimestamp, OpenFlags, PathFlags,
};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, FsError, FsResult};
use worky_host::files::{Entry, File, FileId, FilePath, Mode, Mount, MountId, Session, Stat, Times, WriteAt};

use super::directory::{self, Listing};
use super::error::refused;
use super::stream::{FileInput, FileOutput};
use super::{FilesystemView, ours};

pub(crate) enum Descriptor {
    File(OpenFile),
    Directory(Directory),
}

#[derive(Clone)]
pub(super) struct OpenFile {
    pub(super) file: File,
    /// What it was opened for.
    pub(super) flags: DescriptorFlags,
}

#[derive(Clone)]
pub(super) struct Directory {
    pub(super) mount: MountId,
    pub(super) path: FilePath,
}

impl Directory {
    /// What it is in. A request's own mounts are those of the request that runs now.
    pub(super) fn mount(&self, session: &Session) -> FsResult<Mount> {
        session.mount(self.mount).cloned().ok_or_else(|| ErrorCode::BadDescriptor.into())
    }

    pub(super) fn resolve(&self, path: &str) -> FsResult<FilePath> {
        self.path.resolve(path).map_err(refused)
    }
}

impl FilesystemView<'_> {
    fn file(&self, descriptor: &Resource<types::Descriptor>) -> FsResult<OpenFile> {
        match self.get(descriptor)? {
            Descriptor::File(file) => Ok(file.clone()),
            Descriptor::Directory(_) => Err(ErrorCode::IsDirectory.into()),
        }
    }

    fn readable(&self, descriptor: &Resource<types::Descriptor>) -> FsResult<File> {
        let OpenFile { file, flags } = self.file(descriptor)?;
        if flags.contains(DescriptorFlags::READ) { Ok(file) } else { Err(ErrorCode::BadDescriptor.into()) }
    }

    fn writable(&self, descriptor: &Resource<types::Descriptor>) -> FsResult<File> {
        let OpenFile { file, flags } = self.file(descriptor)?;
        if flags.contains(DescriptorFlags::WRITE) { Ok(file) } else { Err(ErrorCode::BadDescriptor.into()) }
    }

    fn directory(&self, descriptor: &Resource<types::Descriptor>) -> FsResult<(Directory, Mount)> {
        match self.get(descriptor)? {
            Descriptor::Directory(directory) => Ok((directory.clone(), directory.mount(self.session)?)),
            Descriptor::File(_) => Err(ErrorCode::NotDirectory.into()),
        }
    }

    /// A directory and a path from it.
    fn place(&self, descriptor: &Resource<types::Descriptor>, path: &str) -> FsResult<(Mount, FilePath)> {
        let (directory, mount) = self.directory(descriptor)?;
        Ok((mount, directory.resolve(path)?))
    }

    /// What is to be looked at. The table cannot be lent over a wait.
    fn target(&self, descriptor: &Resource<types::Descriptor>) -> FsResult<Target> {
        Ok(match self.get(descriptor)? {
            Descriptor::File(OpenFile { file, .. }) => Target::File(file.clone()),
            Descriptor::Directory(directory) => {
                Target::Directory(directory.mount(self.session)?, directory.path.clone())
            }
        })
    }
}

enum Target {
    File(File),
    Directory(Mount, FilePath),
}

impl Target {
    async fn look(self) -> FsResult<Stat> {
        match self {
            Target::File(file) => file.stat().await,
            Target::Directory(mount, path) => mount.stat(&path).await,
        }
        .map_err(refused)
    }
}

impl HostDescriptor for FilesystemView<'_> {
    async fn advise(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        _offset: Filesize,
        _length: Filesize,
        _advice: Advice,
    ) -> FsResult<()> {
        self.file(&descriptor).map(drop)
    }

    async fn sync_data(&mut self, descriptor: Resource<types::Descriptor>) -> FsResult<()> {
        self.sync(descriptor).await
    }

    async fn sync(&mut self, descriptor: Resource<types::Descriptor>) -> FsResult<()> {
        match self.target(&descriptor)? {
            Target::File(file) => file.sync().await.map_err(refused),
            // What changes a directory is on the disk when the system puts it there, as with any file system.
            Target::Directory(..) => Ok(()),
        }
    }

    async fn get_flags(&mut self, descriptor: Resource<types::Descriptor>) -> FsResult<DescriptorFlags> {
        Ok(match self.get(&descriptor)? {
            Descriptor::File(OpenFile { flags, .. }) => *flags,
            Descriptor::Directory(directory) => match directory.mount(self.session)?.mode() {
                Mode::Read => DescriptorFlags::READ,
                Mode::ReadWrite => DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY,
            },
        })
    }

    async fn get_type(&mut self, descriptor: Resource<types::Descriptor>) -> FsResult<DescriptorType> {
        Ok(match self.get(&descriptor)? {
            Descriptor::File(_) => DescriptorType::RegularFile,
            Descriptor::Directory(_) => DescriptorType::Directory,
        })
    }

    async fn set_size(&mut self, descriptor: Resource<types::Descriptor>, size: Filesize) -> FsResult<()> {
        self.writable(&descriptor)?.set_size(size).await.map_err(refused)
    }

    async fn set_times(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> FsResult<()> {
        let times = times(accessed, modified)?;
        self.writable(&descriptor)?.set_times(times).await.map_err(refused)
    }

    async fn read(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        length: Filesize,
        offset: Filesize,
    ) -> FsResult<(Vec<u8>, bool)> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let read = self.readable(&descriptor)?.read(offset, length).await.map_err(refused)?;
        let end = read.is_empty();
        Ok((read.into(), end))
    }

    async fn write(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        data: Vec<u8>,
        offset: Filesize,
    ) -> FsResult<Filesize> {
        let length = data.len() as u64;
        self.writable(&descriptor)?.write(WriteAt::Offset(offset), data.into()).await.map_err(refused)?;
        Ok(length)
    }

    fn read_via_stream(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        offset: Filesize,
    ) -> FsResult<Resource<DynInputStream>> {
        let stream: DynInputStream = Box::new(FileInput::new(self.readable(&descriptor)?, offset));
        Ok(self.table.push(stream)?)
    }

    fn write_via_stream(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        offset: Filesize,
    ) -> FsResult<Resource<DynOutputStream>> {
        let stream: DynOutputStream = Box::new(FileOutput::new(self.writable(&descriptor)?, WriteAt::Offset(offset)));
        Ok(self.table.push(stream)?)
    }

    fn append_via_stream(&mut self, descriptor: Resource<types::Descriptor>) -> FsResult<Resource<DynOutputStream>> {
        let stream: DynOutputStream = Box::new(FileOutput::new(self.writable(&descriptor)?, WriteAt::End));
        Ok(self.table.push(stream)?)
    }

    async fn read_directory(
        &mut self,
        descriptor: Resource<types::Descriptor>,
    ) -> FsResult<Resource<DirectoryEntryStream>> {
        let (directory, mount) = self.directory(&descriptor)?;
        let entries = mount.list(&directory.path).await.map_err(refused)?;
        let listing = self.table.push(Listing::new(entries))?;
        Ok(Resource::new_own(listing.rep()))
    }

    async fn create_directory_at(&mut self, descriptor: Resource<types::Descriptor>, path: String) -> FsResult<()> {
        let (mount, path) = self.place(&descriptor, &path)?;
        mount.create_directory(&path).await.map_err(refused)
    }

    async fn stat(&mut self, descriptor: Resource<types::Descriptor>) -> FsResult<DescriptorStat> {
        self.target(&descriptor)?.look().await.map(|stat| stat_of(&stat))
    }

    async fn stat_at(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        _flags: PathFlags,
        path: String,
    ) -> FsResult<DescriptorStat> {
        let (mount, path) = self.place(&descriptor, &path)?;
        mount.stat(&path).await.map(|stat| stat_of(&stat)).map_err(refused)
    }

    async fn set_times_at(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        _flags: PathFlags,
        path: String,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> FsResult<()> {
        let times = times(accessed, modified)?;
        let (mount, path) = self.place(&descriptor, &path)?;
        let file = mount.open(&path, directory::WRITE_EXISTING).await.map_err(refused)?;
        file.set_times(times).await.map_err(refused)
    }

    async fn link_at(
        &mut self,
        _descriptor: Resource<types::Descriptor>,
        _old_flags: PathFlags,
        _old_path: String,
        _new_descriptor: Resource<types::Descriptor>,
        _new_path: String,
    ) -> FsResult<()> {
        Err(ErrorCode::NotPermitted.into())
    }

    async fn open_at(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        _flags: PathFlags,
        path: String,
        open: OpenFlags,
        flags: DescriptorFlags,
    ) -> FsResult<Resource<types::Descriptor>> {
        let (directory, mount) = self.directory(&descriptor)?;
        let opened = directory::open(&directory, &mount, &path, open, flags).await?;
        self.push(opened).map_err(FsError::trap)
    }

    async fn readlink_at(&mut self, descriptor: Resource<types::Descriptor>, path: String) -> FsResult<String> {
        let (mount, path) = self.place(&descriptor, &path)?;
        // What is there and can be seen is no link.
        mount.stat(&path).await.map_err(refused)?;
        Err(ErrorCode::Invalid.into())
    }

    async fn remove_directory_at(&mut self, descriptor: Resource<types::Descriptor>, path: String) -> FsResult<()> {
        let (mount, path) = self.place(&descriptor, &path)?;
        mount.remove_directory(&path).await.map_err(refused)
    }

    async fn rename_at(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        old_path: String,
        new_descriptor: Resource<types::Descriptor>,
        new_path: String,
    ) -> FsResult<()> {
        let (old_mount, old_path) = self.place(&descriptor, &old_path)?;
        let (new_mount, new_path) = self.place(&new_descriptor, &new_path)?;
        old_mount.rename(&old_path, &new_mount, &new_path).await.map_err(refused)
    }

    async fn symlink_at(
        &mut self,
        _descriptor: Resource<types::Descriptor>,
        _old_path: String,
        _new_path: String,
    ) -> FsResult<()> {
        Err(ErrorCode::NotPermitted.into())
    }

    async fn unlink_file_at(&mut self, descriptor: Resource<types::Descriptor>, path: String) -> FsResult<()> {
        let (mount, path) = self.place(&descriptor, &path)?;
        mount.remove_file(&path).await.map_err(refused)
    }

    async fn is_same_object(
        &mut self,
        one: Resource<types::Descriptor>,
        other: Resource<types::Descriptor>,
    ) -> wasmtime::Result<bool> {
        let (Ok(one), Ok(other)) = (self.target(&one), self.target(&other)) else { return Ok(false) };
        // What is gone is not the same as anything.
        Ok(matches!((one.look().await, other.look().await), (Ok(one), Ok(other)) if one.id == other.id))
    }

    async fn metadata_hash(&mut self, descriptor: Resource<types::Descriptor>) -> FsResult<MetadataHashValue> {
        self.target(&descriptor)?.look().await.map(|stat| hash_of(&stat))
    }

    async fn metadata_hash_at(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        _flags: PathFlags,
        path: String,
    ) -> FsResult<MetadataHashValue> {
        let (mount, path) = self.place(&descriptor, &path)?;
        mount.stat(&path).await.map(|stat| hash_of(&stat)).map_err(refused)
    }

    fn drop(&mut self, descriptor: Resource<types::Descriptor>) -> wasmtime::Result<()> {
        self.table.delete(ours(&descriptor))?;
        Ok(())
    }
}

fn stat_of(stat: &Stat) -> DescriptorStat {
    let datetime = |time: Option<SystemTime>| {
        let since = time?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Some(Datetime { seconds: since.as_secs(), nanoseconds: since.subsec_nanos() })
    };
    DescriptorStat {
        type_: type_of(stat.entry),
        link_count: stat.links,
        size: stat.bytes,
        data_access_timestamp: datetime(stat.accessed),
        data_modification_timestamp: datetime(stat.modified),
        status_change_timestamp: datetime(stat.changed),
    }
}

pub(super) fn type_of(entry: Entry) -> DescriptorType {
    match entry {
        Entry::File => DescriptorType::RegularFile,
        Entry::Directory => DescriptorType::Directory,
        Entry::Symlink => DescriptorType::SymbolicLink,
        Entry::Special => DescriptorType::Unknown,
    }
}

/// What a file is, and what it holds. A guest learns no number of the host's from it.
fn hash_of(stat: &Stat) -> MetadataHashValue {
    let FileId { device, inode } = stat.id;
    let mut hasher = DefaultHasher::new();
    (device, inode).hash(&mut hasher);
    MetadataHashValue { lower: hasher.finish(), upper: stat.version() }
}

fn times(accessed: NewTimestamp, modified: NewTimestamp) -> FsResult<Times> {
    let time = |new| match new {
        NewTimestamp::NoChange => Ok(None),
        NewTimestamp::Now => Ok(Some(SystemTime::now())),
        NewTimestamp::Timestamp(Datetime { seconds, nanoseconds }) => {
            let since = (nanoseconds < 1_000_000_000).then(|| Duration::new(seconds, nanoseconds));
            let time = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
            time.map(Some).ok_or(ErrorCode::Overflow)
        }
    };
    Ok(Times { accessed: time(accessed)?, modified: time(modified)? })
}
