//! Files as streams of `wasi:io`.

use bytes::Bytes;
use futures_util::FutureExt;
use tokio_util::task::AbortOnDropHandle;
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};
use worky_host::files::{File, FileError, WriteAt};

/// Bytes that are read ahead where the guest waits before it asks, and that it may write at once.
const CHUNK_BYTES: usize = 64 << 10;

/// Work on a file that was begun.
enum Work<T> {
    Done(Result<T, FileError>),
    Waiting(AbortOnDropHandle<Result<T, FileError>>),
}

impl<T: Send + 'static> Work<T> {
    /// Begins it. Memory is done at once; what blocks goes on whether the guest polls or not.
    fn begin(work: impl Future<Output = Result<T, FileError>> + Send + 'static) -> Self {
        let mut work = Box::pin(work);
        match (&mut work).now_or_never() {
            Some(done) => Work::Done(done),
            None => Work::Waiting(AbortOnDropHandle::new(tokio::spawn(work))),
        }
    }

    async fn finish(&mut self) {
        if let Work::Waiting(task) = self {
            *self = Work::Done(task.await.unwrap_or(Err(FileError::ShuttingDown)));
        }
    }
}

fn failed(error: FileError) -> StreamError {
    StreamError::LastOperationFailed(wasmtime::Error::new(error))
}

pub(super) struct FileInput {
    file: File,
    offset: u64,
    state: Input,
}

enum Input {
    Idle,
    Reading(Work<Bytes>),
    Data(Bytes),
    Closed,
}

impl FileInput {
    pub(super) fn new(file: File, offset: u64) -> Self {
        FileInput { file, offset, state: Input::Idle }
    }

    fn begin(&mut self, length: usize) {
        let (file, offset) = (self.file.clone(), self.offset);
        self.state = Input::Reading(Work::begin(async move { file.read(offset, length.min(CHUNK_BYTES)).await }));
    }
}

#[wasmtime_wasi::async_trait]
impl InputStream for FileInput {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if size == 0 && !matches!(self.state, Input::Closed) {
            return Ok(Bytes::new());
        }
        if let Input::Idle = self.state {
            self.begin(size);
        }
        if let Input::Reading(Work::Done(_)) = self.state {
            match std::mem::replace(&mut self.state, Input::Closed) {
                Input::Reading(Work::Done(Ok(data))) if !data.is_empty() => self.state = Input::Data(data),
                Input::Reading(Work::Done(Err(error))) => return Err(failed(error)),
                // The end. What is written behind it later is for another stream.
                _ => {}
            }
        }
        match &mut self.state {
            Input::Idle | Input::Reading(_) => Ok(Bytes::new()),
            Input::Closed => Err(StreamError::Closed),
            Input::Data(data) => {
                let chunk = data.split_to(data.len().min(size));
                self.offset += chunk.len() as u64;
                if data.is_empty() {
                    self.state = Input::Idle;
                }
                Ok(chunk)
            }
        }
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for FileInput {
    async fn ready(&mut self) {
        if let Input::Idle = self.state {
            self.begin(CHUNK_BYTES);
        }
        if let Input::Reading(work) = &mut self.state {
            work.finish().await;
        }
    }
}

pub(super) struct FileOutput {
    file: File,
    at: WriteAt,
    state: Output,
}

enum Output {
    Ready,
    Writing(Work<()>),
    Closed,
}

impl FileOutput {
    pub(super) fn new(file: File, at: WriteAt) -> Self {
        FileOutput { file, at, state: Output::Ready }
    }

    /// What became of the last write, once it is done.
    fn settle(&mut self) -> StreamResult<()> {
        if let Output::Writing(Work::Done(_)) = self.state
            && let Output::Writing(Work::Done(done)) = std::mem::replace(&mut self.state, Output::Closed)
        {
            done.map_err(failed)?;
            self.state = Output::Ready;
        }
        Ok(())
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for FileOutput {
    fn write(&mut self, data: Bytes) -> StreamResult<()> {
        self.settle()?;
        match self.state {
            // The host holds it until it is written.
            Output::Ready if data.len() > CHUNK_BYTES => {
                return Err(StreamError::trap("a write of more bytes than check-write permits"));
            }
            Output::Ready => {}
            Output::Closed => return Err(StreamError::Closed),
            Output::Writing(_) => return Err(StreamError::trap("a write is under way: check-write was not called")),
        }
        let (file, at) = (self.file.clone(), self.at);
        if let WriteAt::Offset(offset) = &mut self.at {
            // A write that fails closes the stream, so that this is never a place after a gap.
            *offset = offset.saturating_add(data.len() as u64);
        }
        self.state = Output::Writing(Work::begin(async move { file.write(at, data).await }));
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.settle()?;
        if matches!(self.state, Output::Closed) { Err(StreamError::Closed) } else { Ok(()) }
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.settle()?;
        match self.state {
            Output::Ready => Ok(CHUNK_BYTES),
            Output::Writing(_) => Ok(0),
            Output::Closed => Err(StreamError::Closed),
        }
    }

    async fn cancel(&mut self) {
        // What was written is written, even if nobody asks whether it was.
        self.ready().await;
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for FileOutput {
    async fn ready(&mut self) {
        if let Output::Writing(work) = &mut self.state {
            work.finish().await;
        }
    }
}
