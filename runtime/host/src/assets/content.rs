//! The bytes of an asset as a body: at hand where there are few, or as they are read.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::{Body, BodyError};

/// What goes out in one piece, and what a file is read by.
const CHUNK_BYTES: u64 = 64 << 10;

pub(super) enum Content {
    Memory(Bytes),
    File(File),
}

impl Content {
    /// A part of it, which must lie within. Files are read by threads of `runtime` that may block.
    pub(super) fn body(self, part: Range<u64>, runtime: &Handle) -> Body {
        match self {
            Content::Memory(bytes) => {
                let part = bytes.slice(part.start as usize..part.end as usize);
                if part.len() as u64 <= CHUNK_BYTES { Body::full(part) } else { Body::stream(Pieces(part)) }
            }
            Content::File(file) => {
                Body::stream(FileBody { file: Arc::new(file), left: part, reading: None, runtime: runtime.clone() })
            }
        }
    }
}

/// Bytes at hand that are too many to be copied together with the head.
struct Pieces(Bytes);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let length = self.0.len().min(CHUNK_BYTES as usize);
        Poll::Ready((length > 0).then(|| Ok(Frame::data(self.0.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

/// Nothing is read ahead of a poll.
struct FileBody {
    file: Arc<File>,
    left: Range<u64>,
    reading: Option<JoinHandle<io::Result<Vec<u8>>>>,
    runtime: Handle,
}

impl http_body::Body for FileBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        if this.left.is_empty() {
            return Poll::Ready(None);
        }
        let (file, at) = (&this.file, this.left.start);
        let length = (this.left.end - at).min(CHUNK_BYTES);
        let runtime = &this.runtime;
        let reading = this.reading.get_or_insert_with(|| {
            let file = file.clone();
            runtime.spawn_blocking(move || {
                let mut chunk = vec![0; length as usize];
                file.read_exact_at(&mut chunk, at).map(|()| chunk)
            })
        });
        let read = ready!(Pin::new(reading).poll(cx));
        this.reading = None;
        let read = read.unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
        Poll::Ready(Some(match read {
            Ok(chunk) => {
                this.left.start += chunk.len() as u64;
                Ok(Frame::data(Bytes::from(chunk)))
            }
            Err(error) => {
                this.left.start = this.left.end;
                Err(BodyError::Asset(error.to_string()))
            }
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.end - self.left.start)
    }
}
