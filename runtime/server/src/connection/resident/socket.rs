//! Reading and writing the socket of a connection, and waiting beside it.

use std::future::{Future, poll_fn};
use std::io;
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use rustix::net::{self, RecvFlags, SendFlags};
use tokio::io::unix::AsyncFd;
use worky_engine::CallError;
use worky_engine::local::Reply;

use super::host::Host;
use super::output::After;
use super::{Exit, Resident};
use crate::connection::{Command, Pulse};

/// How long a body may take to come in.
const BODY_TIME: Duration = Duration::from_secs(1);

/// What an idle connection keeps of a buffer that has grown.
const OUT_BYTES_KEPT: usize = 16 << 10;

impl<H: Host> Resident<H> {
    /// Reads until `whole` bytes are there. A body that takes its time is hyper's, which keeps the time.
    pub(super) async fn receive_body(&mut self, whole: usize) -> Result<(), Exit> {
        if !self.out.is_empty() && !self.flush().await {
            return Err(Exit::Closed);
        }
        let all = async {
            while self.input.bytes().len() < whole {
                self.receive(whole).await?;
            }
            Ok(())
        };
        tokio::time::timeout(BODY_TIME, all).await.unwrap_or(Err(Exit::Hyper(None)))
    }

    /// Reads once. Before the first byte of a request the connection is anybody's who takes it.
    pub(super) async fn receive(&mut self, whole: usize) -> Result<(), Exit> {
        let mut waiting = self.input.is_empty();
        if waiting {
            self.input.shrink();
            self.out.shrink_to(OUT_BYTES_KEPT);
            if !self.berth.begin_waiting() {
                return Err(Exit::Away);
            }
        }
        let Resident { socket, connection, berth, input, after, task, .. } = self;
        let pulse = &connection.pulse;
        poll_fn(|cx| {
            register(pulse, task, cx);
            if let Some(command) = pulse.take_command() {
                if waiting && !berth.end_waiting() {
                    return Poll::Ready(Err(Exit::Taken));
                }
                // A request that is here already is not lost to a command that came later; it is the last one.
                let read = match command {
                    Command::Close => read(socket, input.room(whole)).unwrap_or(0),
                    Command::Cut => 0,
                };
                if read == 0 {
                    return Poll::Ready(Err(Exit::Closed));
                }
                input.filled(read);
                pulse.read(read);
                *after = After::Close;
                return Poll::Ready(Ok(()));
            }
            loop {
                let Poll::Ready(ready) = socket.poll_read_ready(cx) else {
                    pulse.waits_for_bytes();
                    let taken = waiting && berth.is_taken();
                    return if taken { Poll::Ready(Err(Exit::Taken)) } else { Poll::Pending };
                };
                let Ok(mut ready) = ready else { return Poll::Ready(Err(Exit::Closed)) };
                if waiting && !berth.end_waiting() {
                    return Poll::Ready(Err(Exit::Taken));
                }
                let room = input.room(whole);
                let size = room.len();
                match ready.try_io(|socket| read(socket, room)) {
                    Ok(Ok(count)) if count > 0 => {
                        if count < size {
                            ready.clear_ready();
                        }
                        input.filled(count);
                        pulse.read(count);
                        return Poll::Ready(Ok(()));
                    }
                    Ok(_) => return Poll::Ready(Err(Exit::Closed)),
                    Err(_would_block) if waiting && !berth.begin_waiting() => return Poll::Ready(Err(Exit::Away)),
                    Err(_would_block) => {}
                }
                waiting = input.is_empty();
            }
        })
        .await
    }

    /// Sends all of the output; false where nobody takes it.
    pub(super) async fn flush(&mut self) -> bool {
        let Resident { socket, connection, out, task, .. } = self;
        let pulse = &connection.pulse;
        if out.is_empty() {
            return true;
        }
        // Nearly always there is room for it, so nobody is asked first.
        let mut sent = match write(socket, out) {
            Ok(count) => {
                pulse.wrote();
                count
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(_) => return false,
        };
        let done = poll_fn(|cx| {
            while sent < out.len() {
                let Poll::Ready(ready) = socket.poll_write_ready(cx) else {
                    register(pulse, task, cx);
                    pulse.write_blocked();
                    // Only a cut ends what is being sent; a close waits for it.
                    match pulse.take_command() {
                        Some(Command::Cut) => return Poll::Ready(false),
                        Some(Command::Close) => self.after = After::Close,
                        None => {}
                    }
                    return Poll::Pending;
                };
                let Ok(mut ready) = ready else { return Poll::Ready(false) };
                match ready.try_io(|socket| write(socket, &out[sent..])) {
                    Ok(Ok(count)) => {
                        sent += count;
                        pulse.wrote();
                    }
                    Ok(Err(_)) => return Poll::Ready(false),
                    Err(_would_block) => {}
                }
            }
            Poll::Ready(true)
        })
        .await;
        out.clear();
        done
    }

    /// Waits for the guest, for as long as the client does.
    pub(super) async fn wait_for(&mut self, mut answer: H::Later) -> Result<Result<Reply, CallError>, Exit> {
        let Resident { socket, connection, after, task, .. } = self;
        let pulse = &connection.pulse;
        let mut client = Client::Silent;
        poll_fn(|cx| {
            if let Poll::Ready(answer) = Pin::new(&mut answer).poll(cx) {
                return Poll::Ready(Ok(answer));
            }
            register(pulse, task, cx);
            match pulse.take_command() {
                Some(Command::Cut) => return Poll::Ready(Err(Exit::Closed)),
                Some(Command::Close) => *after = After::Close,
                None => {}
            }
            // One that has sent its next request already is asked now and then.
            if client == Client::Silent || pulse.take_probe() {
                client = ready!(poll_client(socket, cx, pulse));
            }
            if client == Client::Gone { Poll::Ready(Err(Exit::Closed)) } else { Poll::Pending }
        })
        .await
    }
}

/// As the standard library does it, without the C library, which makes a place where threads are cancelled of it.
fn read(socket: &AsyncFd<Arc<TcpStream>>, room: &mut [u8]) -> io::Result<usize> {
    Ok(net::recv(socket.get_ref(), room, RecvFlags::empty())?.0)
}

fn write(socket: &AsyncFd<Arc<TcpStream>>, bytes: &[u8]) -> io::Result<usize> {
    // Nobody is killed for writing to a socket that is closed: programs in Rust ignore that signal.
    Ok(net::send(socket.get_ref(), bytes, SendFlags::empty())?)
}

/// Has this task woken for commands. A connection has the same task for as long as it lives in one place.
fn register(pulse: &Pulse, task: &mut Option<Waker>, cx: &Context<'_>) {
    if !task.as_ref().is_some_and(|task| task.will_wake(cx.waker())) {
        pulse.register(cx.waker());
        *task = Some(cx.waker().clone());
    }
}

/// What the client does while it is to wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Client {
    Silent,
    /// There are bytes of its next request, behind which nothing is seen.
    Speaking,
    Gone,
}

fn poll_client(socket: &AsyncFd<Arc<TcpStream>>, cx: &mut Context<'_>, pulse: &Pulse) -> Poll<Client> {
    loop {
        let Poll::Ready(ready) = socket.poll_read_ready(cx) else {
            pulse.waits_for_bytes();
            return Poll::Pending;
        };
        let Ok(mut ready) = ready else { return Poll::Ready(Client::Gone) };
        if ready.ready().is_read_closed() {
            return Poll::Ready(Client::Gone);
        }
        match ready.try_io(|socket| socket.get_ref().peek(&mut [0])) {
            Ok(Ok(0) | Err(_)) => return Poll::Ready(Client::Gone),
            Ok(Ok(_)) => {
                pulse.read(0);
                return Poll::Ready(Client::Speaking);
            }
            Err(_would_block) => {}
        }
    }
}
