//! Sockets that listen, and the loop that accepts from one.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::connection::{self, Admission, Origin};
use crate::server::Shared;

/// Connections that the kernel keeps ready while the loop is busy.
const BACKLOG: i32 = 1024;

/// After an error that is not one connection's own, as when no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Connections beyond `max_connections` that are answered with an error; further ones are closed at once.
const REFUSALS_MAX: u32 = 64;

/// A silent peer is asked whether it still lives after this time.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// Listens on an address. Must be called within a tokio runtime.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    try_bind(address).map_err(|error| {
        let hint = match error.kind() {
            io::ErrorKind::AddrInUse => "; another process listens there: stop it or choose another port (0 for any)",
            io::ErrorKind::PermissionDenied => "; ports below 1024 need a privilege: choose a higher one",
            io::ErrorKind::AddrNotAvailable => "; this machine has no such address",
            _ => "",
        };
        io::Error::new(error.kind(), format!("cannot listen on {address}: {error}{hint}"))
    })
}

fn try_bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restarted server gets its port back while connections of the old one are still winding down.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Accepts until `shutdown`; every connection is a task of the server's.
pub(crate) async fn accept_until(listener: TcpListener, shutdown: &CancellationToken, shared: &Arc<Shared>) {
    let open = Arc::new(AtomicU32::new(0));
    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => admit(stream, peer, &open, shared),
            Err(error) if is_the_connections_own(&error) => tracing::debug!(%error, "connection lost before accepting"),
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections; trying again");
                tokio::select! {
                    () = shutdown.cancelled() => return,
                    () = tokio::time::sleep(ACCEPT_PAUSE) => {}
                }
            }
        }
    }
}

fn admit(stream: TcpStream, peer: SocketAddr, open: &Arc<AtomicU32>, shared: &Arc<Shared>) {
    let place = Place::take(open);
    let max = shared.config.max_connections;
    let admission = if place.number <= max { Admission::Served } else { Admission::Refused };
    if admission == Admission::Refused {
        shared.metrics.limit_exceeded("-", "max_connections");
        if place.number > max.saturating_add(REFUSALS_MAX) {
            return;
        }
    }
    if let Err(error) = tune(&stream) {
        tracing::debug!(%peer, %error, "connection lost before its first request");
        return;
    }
    // Entered here and not in the task, so that a shutdown that comes in between reaches it.
    let watched = shared.watch.enter();
    let origin = Origin::new(Arc::clone(shared), peer, admission, place);
    tokio::spawn(connection::serve(stream, origin, watched));
}

fn tune(stream: &TcpStream) -> io::Result<()> {
    // Answers are written whole; waiting to fill a packet only delays them.
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEPALIVE))
}

fn is_the_connections_own(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// One open connection, counted until it is dropped.
pub(crate) struct Place {
    open: Arc<AtomicU32>,
    /// From 1.
    number: u32,
}

impl Place {
    fn take(open: &Arc<AtomicU32>) -> Self {
        Place { open: Arc::clone(open), number: open.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_named_with_a_way_out() {
        let first = bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
        let address = first.local_addr().expect("bound");
        let error = bind(address).expect_err("in use").to_string();
        assert!(error.contains(&address.to_string()) && error.contains("choose another port"), "{error}");
    }
}
