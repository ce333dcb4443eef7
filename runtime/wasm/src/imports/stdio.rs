//! `wasi:cli` standard output and error: each line is a record of the worker's log.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};
use worky_host::InvocationContext;
use worky_host::log::{Level, Log};

use crate::state::Guest;

/// What a guest is told that it may write at once.
const WRITE_BYTES_MAX: usize = 64 << 10;

/// Both streams of one guest.
pub(crate) struct GuestOutput {
    pub(crate) stdout: LogStream,
    pub(crate) stderr: LogStream,
}

/// A stream whose lines become records. Cloning shares it.
#[derive(Clone)]
pub(crate) struct LogStream(Arc<Lines>);

struct Lines {
    log: Log,
    level: Level,
    state: Mutex<State>,
}

struct State {
    context: Option<InvocationContext>,
    /// The line that has begun.
    partial: Vec<u8>,
}

impl GuestOutput {
    pub(crate) fn new(guest: &Guest) -> Self {
        let stream = |level| {
            LogStream(Arc::new(Lines {
                log: guest.bindings.log.clone(),
                level,
                state: Mutex::new(State { context: Some(guest.context.clone()), partial: Vec::new() }),
            }))
        };
        GuestOutput { stdout: stream(Level::Info), stderr: stream(Level::Error) }
    }

    /// Writes what the guest has begun and not ended, and counts what follows for another request, or for none.
    pub(crate) fn attribute_to(&self, context: impl Into<Option<InvocationContext>>) {
        let context = context.into();
        for stream in [&self.stdout, &self.stderr] {
            stream.flush_partial();
            stream.0.state.lock().context.clone_from(&context);
        }
    }

    /// Writes lines that have no end yet: the guest will not go on with them.
    pub(crate) fn flush(&self) {
        self.stdout.flush_partial();
        self.stderr.flush_partial();
    }
}

impl LogStream {
    fn push(&self, bytes: &[u8]) {
        let state = &mut *self.0.state.lock();
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end);
            rest = &after[1..];
            self.hold(state, line);
            self.emit(state);
        }
        self.hold(state, rest);
    }

    /// A line that is longer than a record goes on in the next one, so that what is held is bounded.
    fn hold(&self, state: &mut State, mut bytes: &[u8]) {
        // With no room at all this would never end.
        let bytes_max = self.0.log.limits().line_bytes.max(1);
        while state.partial.len() + bytes.len() > bytes_max {
            let (head, rest) = bytes.split_at(bytes_max - state.partial.len());
            state.partial.extend_from_slice(head);
            bytes = rest;
            self.emit(state);
        }
        state.partial.extend_from_slice(bytes);
    }

    fn emit(&self, state: &mut State) {
        let line = std::mem::take(&mut state.partial);
        let text = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line));
        self.0.log.write(state.context.as_ref(), self.0.level, &text);
    }

    fn flush_partial(&self) {
        let state = &mut *self.0.state.lock();
        if !state.partial.is_empty() {
            self.emit(state);
        }
    }
}

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl OutputStream for LogStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        // Nothing stops the host while it looks for lines.
        if bytes.len() > WRITE_BYTES_MAX {
            return Err(StreamError::trap("a write of more bytes than check-write permits"));
        }
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_BYTES_MAX)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for LogStream {
    async fn ready(&mut self) {}
}

impl AsyncWrite for LogStream {
    fn poll_write(self: Pin<&mut Self>, _cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let bytes = &bytes[..bytes.len().min(WRITE_BYTES_MAX)];
        self.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
