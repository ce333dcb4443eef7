//! A socket that tells the connection's [`Pulse`] what happens on it.

use std::future::{Future, poll_fn};
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use super::pulse::Pulse;

/// Enough for the head of nearly every first request, so that finding out the protocol costs no second read.
const FIRST_READ_BYTES: usize = 4096;

/// What is thrown away at once while a client that still sends is waited for.
const DISCARD_BYTES: usize = 8192;

pub(super) struct Io {
    stream: TcpStream,
    pulse: Arc<Pulse>,
    /// Read to find out the protocol, and not yet read by it.
    first: BytesMut,
    /// The next read is put off by one turn.
    pause: bool,
    shut: bool,
}

impl Io {
    pub(super) fn new(stream: TcpStream, pulse: Arc<Pulse>) -> Self {
        Io { stream, pulse, first: BytesMut::new(), pause: false, shut: false }
    }

    /// With bytes that were read already.
    pub(super) fn with_first_bytes(stream: TcpStream, pulse: Arc<Pulse>, first: &[u8]) -> Self {
        Io { stream, pulse, first: BytesMut::from(first), pause: false, shut: false }
    }

    pub(super) fn into_parts(self) -> (TcpStream, BytesMut) {
        (self.stream, self.first)
    }

    /// Reads more of the first bytes; answers how many came.
    pub(super) async fn fill_first_bytes(&mut self) -> io::Result<usize> {
        let mut space = [0; FIRST_READ_BYTES];
        let mut buffer = ReadBuf::new(&mut space);
        poll_fn(|cx| self.poll_socket(cx, &mut buffer)).await?;
        self.first.extend_from_slice(buffer.filled());
        Ok(buffer.filled().len())
    }

    pub(super) fn first_bytes(&self) -> &[u8] {
        &self.first
    }

    fn poll_socket(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        match &polled {
            Poll::Pending => self.pulse.waits_for_bytes(),
            Poll::Ready(Ok(())) => self.pulse.read(buffer.filled().len() - before),
            Poll::Ready(Err(_)) => {}
        }
        polled
    }

    fn note_write<T>(&self, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match &polled {
            Poll::Pending => self.pulse.write_blocked(),
            Poll::Ready(_) => self.pulse.wrote(),
        }
        polled
    }

    /// Whether the client has closed its side, also where bytes before that wait to be read.
    fn peer_has_closed(&self) -> bool {
        let ready = pin!(self.stream.ready(Interest::READABLE));
        matches!(ready.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(ready)) if ready.is_read_closed())
    }
}

impl AsyncRead for Io {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.first.is_empty() {
            let taken = this.first.len().min(buffer.remaining());
            buffer.put_slice(&this.first[..taken]);
            this.first.advance(taken);
            if this.first.is_empty() {
                this.first = BytesMut::new();
                this.pause = true;
            }
            return Poll::Ready(Ok(()));
        }
        // hyper gives up on a client that has closed its side, and looks for that before it sends an answer that is
        // there already. A client may close its side behind its last request.
        if std::mem::take(&mut this.pause) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        this.poll_socket(cx, buffer)
    }
}

impl AsyncWrite for Io {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.note_write(polled)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.note_write(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper comes here whenever it has been woken, also while a request is served whose body nobody reads: it reads
    /// nothing then, and would not see the client go away.
    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.pulse.take_probe() && self.peer_has_closed() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Poll::Ready(Ok(()))
    }

    /// Closes the sending side, and where the client may still be sending, takes that and throws it away until it
    /// stops: closing at once would reset the connection and destroy the answer before the client has read it. The
    /// watch puts an end to it.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.shut {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            this.shut = true;
            if !this.pulse.begin_linger() {
                return Poll::Ready(Ok(()));
            }
        }
        let mut space = [0; DISCARD_BYTES];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
