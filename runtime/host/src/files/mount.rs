//! One tree as a worker holds it: what it may do there, how many files it has open, and where blocking work is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::tree::{OpenFile, Staged, Tree};
use super::{
    Content, Create, DirectoryEntry, FileError, FilePath, OpenAccess, OpenOptions, READ_BYTES_MAX, Stat, Times, WriteAt,
};
use crate::metrics::Metrics;

/// Blocking calls of one worker at a time: a slow disk of one must not take the threads of all.
const BLOCKING_MAX: usize = 16;

/// What a worker may do in a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Read,
    ReadWrite,
}

/// One tree, as one worker holds it. Cloning is cheap; dropping a future of it does not stop what has begun.
#[derive(Clone)]
pub struct Mount {
    tree: Arc<dyn Tree>,
    mode: Mode,
    used: Use,
    /// `None` where nothing blocks.
    pool: Option<Pool>,
}

/// By whom, and how much of it.
#[derive(Clone)]
pub(super) struct Use {
    pub(super) worker: Arc<str>,
    pub(super) metrics: Metrics,
    pub(super) open: OpenFiles,
}

impl Use {
    fn observe<T>(&self, done: Result<T, FileError>) -> Result<T, FileError> {
        if let Some(key) = done.as_ref().err().and_then(FileError::limit) {
            let name = key.rsplit_once('.').map_or(key, |(_, name)| name);
            self.metrics.limit_exceeded(&self.worker, name);
        }
        done
    }
}

impl Mount {
    pub(super) fn inline(tree: Arc<dyn Tree>, mode: Mode, used: Use) -> Self {
        Mount { tree, mode, used, pool: None }
    }

    pub(super) fn blocking(tree: Arc<dyn Tree>, mode: Mode, used: Use, pool: Pool) -> Self {
        Mount { tree, mode, used, pool: Some(pool) }
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }

    pub async fn stat(&self, path: &FilePath) -> Result<Stat, FileError> {
        let path = path.clone();
        self.run(move |tree| tree.stat(&path)).await
    }

    /// In the order of the names.
    pub async fn list(&self, path: &FilePath) -> Result<Vec<DirectoryEntry>, FileError> {
        let path = path.clone();
        self.run(move |tree| tree.list(&path)).await
    }

    /// The bytes from `offset` on, at most `length` and [`READ_BYTES_MAX`], of a file that has not changed since its
    /// [`Stat::version`] was this.
    pub async fn read(&self, path: &FilePath, offset: u64, length: usize, version: u64) -> Result<Bytes, FileError> {
        let path = path.clone();
        self.run(move |tree| tree.read(&path, offset, length.min(READ_BYTES_MAX), version)).await
    }

    pub async fn open(&self, path: &FilePath, options: OpenOptions) -> Result<File, FileError> {
        let writes = options.access == OpenAccess::Write
            || options.create != Create::Never
            || options.content == Content::Discard;
        if writes {
            self.writable(path)?;
        }
        // Making a file, or emptying it, is writing it.
        let options = if writes { OpenOptions { access: OpenAccess::Write, ..options } } else { options };
        let permit = self.used.observe(self.used.open.take())?;
        let path = path.clone();
        let inner = self.run(move |tree| tree.open(&path, options)).await?;
        Ok(File { inner, used: self.used.clone(), pool: self.pool.clone(), _permit: Arc::new(permit) })
    }

    pub async fn create_directory(&self, path: &FilePath) -> Result<(), FileError> {
        self.change(path, |tree, path| tree.create_directory(path)).await
    }

    pub async fn remove_file(&self, path: &FilePath) -> Result<(), FileError> {
        self.change(path, |tree, path| tree.remove_file(path)).await
    }

    /// An empty one.
    pub async fn remove_directory(&self, path: &FilePath) -> Result<(), FileError> {
        self.change(path, |tree, path| tree.remove_directory(path)).await
    }

    /// A file, or a directory with everything in it.
    pub async fn remove_all(&self, path: &FilePath) -> Result<(), FileError> {
        self.change(path, |tree, path| tree.remove_all(path)).await
    }

    /// Moves within one tree. A file takes the place of a file, a directory that of an empty one.
    pub async fn rename(&self, from: &FilePath, to: &Mount, to_path: &FilePath) -> Result<(), FileError> {
        self.writable(from)?;
        to.writable(to_path)?;
        if !Arc::ptr_eq(&self.tree, &to.tree) {
            return Err(FileError::CrossMount { from: from.to_string() });
        }
        let to_path = to_path.clone();
        self.change(from, move |tree, from| tree.rename(from, &to_path)).await
    }

    /// Begins to write what takes the place of an existing file once it is whole.
    pub async fn replace(&self, path: &FilePath, content: Content) -> Result<Replacement, FileError> {
        self.writable(path)?;
        let permit = self.used.observe(self.used.open.take())?;
        let path = path.clone();
        // Kept where a caller that has gone away cannot lose it on its own thread.
        let staged = self.run(move |tree| Ok(Arc::new(Mutex::new(Some(tree.replace(&path, content)?))))).await?;
        Ok(Replacement { staged, used: self.used.clone(), pool: self.pool.clone(), _permit: permit })
    }

    /// Bytes and entries on the tree's account, whoever put them there. Nothing is counted where nothing is written.
    pub fn usage(&self) -> (u64, u64) {
        self.tree.usage()
    }

    fn writable(&self, path: &FilePath) -> Result<(), FileError> {
        match self.mode {
            Mode::ReadWrite => Ok(()),
            Mode::Read => Err(FileError::read_only(path)),
        }
    }

    async fn change(
        &self,
        path: &FilePath,
        change: impl FnOnce(&dyn Tree, &FilePath) -> Result<(), FileError> + Send + 'static,
    ) -> Result<(), FileError> {
        self.writable(path)?;
        let path = path.clone();
        self.run(move |tree| change(tree, &path)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Tree) -> Result<T, FileError> + Send + 'static,
    ) -> Result<T, FileError> {
        let tree = self.tree.clone();
        self.used.observe(Pool::run(self.pool.as_ref(), move || work(&*tree)).await)
    }
}

/// An open file. Cloning shares it; it is closed with the last clone.
#[derive(Clone)]
pub struct File {
    inner: Arc<dyn OpenFile>,
    used: Use,
    pool: Option<Pool>,
    _permit: Arc<OpenFilePermit>,
}

impl File {
    pub async fn stat(&self) -> Result<Stat, FileError> {
        self.run(|file| file.stat()).await
    }

    /// At most `length` and [`READ_BYTES_MAX`] bytes; none at the end.
    pub async fn read(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
        self.run(move |file| file.read(offset, length.min(READ_BYTES_MAX))).await
    }

    /// All of it, or nothing where it does not fit.
    pub async fn write(&self, at: WriteAt, data: Bytes) -> Result<(), FileError> {
        self.run(move |file| file.write(at, &data)).await
    }

    /// Cuts it, or adds zeros.
    pub async fn set_size(&self, bytes: u64) -> Result<(), FileError> {
        self.run(move |file| file.set_size(bytes)).await
    }

    pub async fn set_times(&self, times: Times) -> Result<(), FileError> {
        self.run(move |file| file.set_times(times)).await
    }

    /// Returns once what was written is on the disk.
    pub async fn sync(&self) -> Result<(), FileError> {
        self.run(|file| file.sync()).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn OpenFile) -> Result<T, FileError> + Send + 'static,
    ) -> Result<T, FileError> {
        // The permit goes along: an operation that nobody waits for any more still has the file open.
        let file = self.clone();
        self.used.observe(Pool::run(self.pool.as_ref(), move || work(&*file.inner)).await)
    }
}

/// A file that is being written beside the one whose place it takes. Dropping it leaves the old one.
pub struct Replacement {
    /// `None` once it is committed.
    staged: Arc<Mutex<Option<Box<dyn Staged>>>>,
    used: Use,
    pool: Option<Pool>,
    _permit: OpenFilePermit,
}

impl Replacement {
    pub async fn stat(&self) -> Result<Stat, FileError> {
        self.run(|staged| staged.file().stat()).await
    }

    /// All of it, or nothing where it does not fit.
    pub async fn write(&self, offset: u64, data: Bytes) -> Result<(), FileError> {
        self.run(move |staged| staged.file().write(WriteAt::Offset(offset), &data)).await
    }

    /// Cuts it, or adds zeros.
    pub async fn set_size(&self, bytes: u64) -> Result<(), FileError> {
        self.run(move |staged| staged.file().set_size(bytes)).await
    }

    /// Takes the old file's place. Resolves once that is on the disk.
    pub async fn commit(&self) -> Result<(), FileError> {
        self.run(|staged| staged.commit()).await?;
        self.staged.lock().take();
        Ok(())
    }

    /// Gives it up. Resolves once nothing of it is left.
    pub async fn discard(&self) {
        let staged = self.staged.clone();
        let discard = move || {
            drop(staged.lock().take());
            Ok(())
        };
        // A runtime that is shutting down may not do it; the next start does.
        let _next_start = Pool::run(self.pool.as_ref(), discard).await;
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Staged) -> Result<T, FileError> + Send + 'static,
    ) -> Result<T, FileError> {
        let staged = self.staged.clone();
        let work = move || match staged.lock().as_mut() {
            Some(staged) => work(&mut **staged),
            None => Err(FileError::NotOpenedForThis { path: String::new() }),
        };
        self.used.observe(Pool::run(self.pool.as_ref(), work).await)
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        let staged = self.staged.clone();
        let discard = move || drop(staged.lock().take());
        match &self.pool {
            // Removing a file blocks. A runtime that is shutting down may not do it; the next start does.
            Some(pool) => drop(pool.runtime.spawn_blocking(discard)),
            None => discard(),
        }
    }
}

/// Where blocking work of one worker is done.
#[derive(Clone)]
pub(super) struct Pool {
    runtime: Handle,
    turns: Arc<Semaphore>,
}

impl Pool {
    pub(super) fn new(runtime: Handle) -> Self {
        Pool { runtime, turns: Arc::new(Semaphore::new(BLOCKING_MAX)) }
    }

    async fn run<T: Send + 'static>(
        pool: Option<&Pool>,
        work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
    ) -> Result<T, FileError> {
        let Some(pool) = pool else { return work() };
        let turn = pool.turns.clone().acquire_owned().await.map_err(|_| FileError::ShuttingDown)?;
        let work = move || {
            let done = work();
            drop(turn);
            done
        };
        match pool.runtime.spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) if error.is_cancelled() => Err(FileError::ShuttingDown),
            Err(error) => Err(FileError::Io { path: String::new(), source: std::io::Error::other(error.to_string()) }),
        }
    }
}

/// How many files are open.
#[derive(Clone)]
pub(super) struct OpenFiles {
    count: Arc<AtomicU32>,
    max: u32,
}

impl OpenFiles {
    pub(super) fn new(max: u32) -> Self {
        OpenFiles { count: Arc::default(), max }
    }

    fn take(&self) -> Result<OpenFilePermit, FileError> {
        let more = |count: u32| count.checked_add(1).filter(|count| *count <= self.max);
        match self.count.try_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(OpenFilePermit(self.count.clone())),
            Err(_) => Err(FileError::OpenFiles { max: self.max }),
        }
    }
}

struct OpenFilePermit(Arc<AtomicU32>);

impl Drop for OpenFilePermit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
