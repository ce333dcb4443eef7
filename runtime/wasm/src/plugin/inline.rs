//! WASI for a plugin that runs on its caller's thread, which is inside of an asynchronous runtime that must not be
//! blocked on. With nothing granted there is little to wait for: clocks, whose waits are bounded by the call's.

use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;
use wasmtime_wasi::p2::bindings::sockets::network::{self, ErrorCode, IpAddressFamily};
use wasmtime_wasi::p2::bindings::sync::io::{poll, streams};
use wasmtime_wasi::p2::bindings::sync::sockets::udp_create_socket;
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, DynPollable, Pollable, SocketError, SocketResult, StreamError, StreamResult,
    UdpSocket, subscribe,
};
use wasmtime_wasi_io::bindings::wasi::io::poll::{Host as AsyncPoll, HostPollable as AsyncPollable};
use wasmtime_wasi_io::bindings::wasi::io::streams::{
    Host as AsyncStreams, HostInputStream as AsyncInputStream, HostOutputStream as AsyncOutputStream,
};

use super::bounds::Bounds;
use crate::imports;
use crate::state::State;

/// How often a guest that waits looks at the clock.
const WAIT_STEP: Duration = Duration::from_millis(1);

/// Links everything that a component may name and that has no need to wait; what it is not granted refuses at run time.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    // The functions of files and TCP sockets block, but there is nothing to call them on: no directory is opened, and
    // no socket made.
    wasmtime_wasi::p2::add_to_linker_sync(linker)?;
    linker.allow_shadowing(true);
    monotonic_clock::add_to_linker::<State, Inline>(linker, inline)?;
    poll::add_to_linker::<State, Inline>(linker, inline)?;
    streams::add_to_linker::<State, Inline>(linker, inline)?;
    udp_create_socket::add_to_linker::<State, Inline>(linker, inline)?;
    linker.allow_shadowing(false);
    imports::link_inline(linker)
}

fn inline(state: &mut State) -> InlineIo<'_> {
    InlineIo { table: &mut state.table, bounds: state.bounds.as_deref_mut() }
}

struct Inline;

impl HasData for Inline {
    type Data<'a> = InlineIo<'a>;
}

struct InlineIo<'a> {
    table: &'a mut ResourceTable,
    bounds: Option<&'a mut Bounds>,
}

impl InlineIo<'_> {
    /// Waits on this thread for as long as the call may take.
    fn wait<R>(&mut self, wait: impl AsyncFnOnce(&mut ResourceTable) -> R) -> wasmtime::Result<R> {
        let mut future = pin!(wait(self.table));
        // Nobody wakes it: what a plugin like this can wait for is a time.
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(outcome) = future.as_mut().poll(&mut cx) {
                return Ok(outcome);
            }
            if let Some(bounds) = &mut self.bounds {
                bounds.check()?;
            }
            std::thread::sleep(WAIT_STEP);
        }
    }

    fn wait_stream<R>(&mut self, wait: impl AsyncFnOnce(&mut ResourceTable) -> StreamResult<R>) -> StreamResult<R> {
        self.wait(wait).map_err(StreamError::Trap)?
    }
}

impl poll::Host for InlineIo<'_> {
    fn poll(&mut self, pollables: Vec<Resource<DynPollable>>) -> wasmtime::Result<Vec<u32>> {
        self.wait(async |table| AsyncPoll::poll(table, pollables).await)?
    }
}

impl poll::HostPollable for InlineIo<'_> {
    fn ready(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<bool> {
        self.wait(async |table| AsyncPollable::ready(table, pollable).await)?
    }

    fn block(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        self.wait(async |table| AsyncPollable::block(table, pollable).await)?
    }

    fn drop(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        AsyncPollable::drop(self.table, pollable)
    }
}

impl streams::Host for InlineIo<'_> {
    fn convert_stream_error(&mut self, error: StreamError) -> wasmtime::Result<streams::StreamError> {
        Ok(AsyncStreams::convert_stream_error(self.table, error)?.into())
    }
}

impl streams::HostOutputStream for InlineIo<'_> {
    fn check_write(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<u64> {
        AsyncOutputStream::check_write(self.table, stream)
    }

    fn write(&mut self, stream: Resource<DynOutputStream>, bytes: Vec<u8>) -> StreamResult<()> {
        AsyncOutputStream::write(self.table, stream, bytes)
    }

    fn blocking_write_and_flush(&mut self, stream: Resource<DynOutputStream>, bytes: Vec<u8>) -> StreamResult<()> {
        self.wait_stream(async |table| AsyncOutputStream::blocking_write_and_flush(table, stream, bytes).await)
    }

    fn flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        AsyncOutputStream::flush(self.table, stream)
    }

    fn blocking_flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        self.wait_stream(async |table| AsyncOutputStream::blocking_flush(table, stream).await)
    }

    fn subscribe(&mut self, stream: Resource<DynOutputStream>) -> wasmtime::Result<Resource<DynPollable>> {
        AsyncOutputStream::subscribe(self.table, stream)
    }

    fn write_zeroes(&mut self, stream: Resource<DynOutputStream>, length: u64) -> StreamResult<()> {
        AsyncOutputStream::write_zeroes(self.table, stream, length)
    }

    fn blocking_write_zeroes_and_flush(&mut self, stream: Resource<DynOutputStream>, length: u64) -> StreamResult<()> {
        self.wait_stream(async |table| AsyncOutputStream::blocking_write_zeroes_and_flush(table, stream, length).await)
    }

    fn splice(
        &mut self,
        stream: Resource<DynOutputStream>,
        source: Resource<DynInputStream>,
        length: u64,
    ) -> StreamResult<u64> {
        AsyncOutputStream::splice(self.table, stream, source, length)
    }

    fn blocking_splice(
        &mut self,
        stream: Resource<DynOutputStream>,
        source: Resource<DynInputStream>,
        length: u64,
    ) -> StreamResult<u64> {
        self.wait_stream(async |table| AsyncOutputStream::blocking_splice(table, stream, source, length).await)
    }

    fn drop(&mut self, stream: Resource<DynOutputStream>) -> wasmtime::Result<()> {
        self.wait(async |table| AsyncOutputStream::drop(table, stream).await)?
    }
}

impl streams::HostInputStream for InlineIo<'_> {
    fn read(&mut self, stream: Resource<DynInputStream>, length: u64) -> StreamResult<Vec<u8>> {
        AsyncInputStream::read(self.table, stream, length)
    }

    fn blocking_read(&mut self, stream: Resource<DynInputStream>, length: u64) -> StreamResult<Vec<u8>> {
        self.wait_stream(async |table| AsyncInputStream::blocking_read(table, stream, length).await)
    }

    fn skip(&mut self, stream: Resource<DynInputStream>, length: u64) -> StreamResult<u64> {
        AsyncInputStream::skip(self.table, stream, length)
    }

    fn blocking_skip(&mut self, stream: Resource<DynInputStream>, length: u64) -> StreamResult<u64> {
        self.wait_stream(async |table| AsyncInputStream::blocking_skip(table, stream, length).await)
    }

    fn subscribe(&mut self, stream: Resource<DynInputStream>) -> wasmtime::Result<Resource<DynPollable>> {
        AsyncInputStream::subscribe(self.table, stream)
    }

    fn drop(&mut self, stream: Resource<DynInputStream>) -> wasmtime::Result<()> {
        self.wait(async |table| AsyncInputStream::drop(table, stream).await)?
    }
}

/// A point in time that is waited for by looking at the clock. `None`: later than there are.
struct Moment(Option<Instant>);

#[wasmtime_wasi::async_trait]
impl Pollable for Moment {
    async fn ready(&mut self) {
        let moment = self.0;
        std::future::poll_fn(|_| match moment {
            Some(moment) if Instant::now() >= moment => Poll::Ready(()),
            _ => Poll::Pending,
        })
        .await;
    }
}

impl monotonic_clock::Host for InlineIo<'_> {
    fn now(&mut self) -> wasmtime::Result<u64> {
        Ok(clock_ns())
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        Ok(1)
    }

    fn subscribe_instant(&mut self, when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.subscribe_duration(when.saturating_sub(clock_ns()))
    }

    fn subscribe_duration(&mut self, nanoseconds: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let moment = self.table.push(Moment(Instant::now().checked_add(Duration::from_nanos(nanoseconds))))?;
        subscribe(self.table, moment)
    }
}

/// Counts from some moment in the past, as every monotonic clock does.
fn clock_ns() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

impl network::Host for InlineIo<'_> {
    fn convert_error_code(&mut self, error: SocketError) -> wasmtime::Result<ErrorCode> {
        error.downcast()
    }

    fn network_error_code(&mut self, error: Resource<wasmtime::Error>) -> wasmtime::Result<Option<ErrorCode>> {
        Ok(self.table.get(&error)?.downcast_ref::<std::io::Error>().map(ErrorCode::from))
    }
}

impl network::HostNetwork for InlineIo<'_> {
    fn drop(&mut self, network: Resource<network::Network>) -> wasmtime::Result<()> {
        self.table.delete(network)?;
        Ok(())
    }
}

impl udp_create_socket::Host for InlineIo<'_> {
    fn create_udp_socket(&mut self, _family: IpAddressFamily) -> SocketResult<Resource<UdpSocket>> {
        Err(ErrorCode::AccessDenied.into())
    }
}
