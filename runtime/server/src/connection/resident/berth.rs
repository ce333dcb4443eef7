//! Where a connection is: with an instance, or with the server's own threads; and the move from one to the other.

use std::net::{Shutdown, TcpStream};
use std::rc::Rc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Weak};

use futures_util::future::LocalBoxFuture;
use parking_lot::Mutex;
use worky_dispatch::Residence;
use worky_engine::local::{Door, LocalInstance, Visitor};

use crate::connection::{self, Connection, Origin, Watched};

/// Shared by the thread where a connection lives and by those who send it away.
pub(super) struct Berth {
    state: AtomicU8,
    /// The socket, while the connection lives with an instance.
    socket: Mutex<Weak<TcpStream>>,
    connection: Arc<Connection>,
}

/// Something of a request is read, or its answer is not sent.
const AT_WORK: u8 = 0;
/// As before, and to go away after it.
const AT_WORK_THEN_AWAY: u8 = 1;
/// It waits for the next request, and whoever takes it has it.
const WAITING: u8 = 2;
/// Another thread has it.
const TAKEN: u8 = 3;

impl Berth {
    pub(super) fn new(connection: Arc<Connection>) -> Self {
        Berth { state: AtomicU8::new(AT_WORK), socket: Mutex::default(), connection }
    }

    /// What was begun is done; false where the connection is to go away.
    pub(super) fn begin_waiting(&self) -> bool {
        self.state.compare_exchange(AT_WORK, WAITING, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// Something came; false where another thread has the connection now.
    pub(super) fn end_waiting(&self) -> bool {
        self.state.compare_exchange(WAITING, AT_WORK, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    pub(super) fn is_to_go_away(&self) -> bool {
        self.state.load(Ordering::Relaxed) == AT_WORK_THEN_AWAY
    }

    pub(super) fn is_taken(&self) -> bool {
        self.state.load(Ordering::SeqCst) == TAKEN
    }

    pub(super) fn settle(&self, socket: &Arc<TcpStream>) {
        *self.socket.lock() = Arc::downgrade(socket);
    }
}

impl Door for Berth {
    fn send_away(&self) {
        // Not begun yet: it sees the mark before it waits for anything.
        if self.state.compare_exchange(AT_WORK, AT_WORK_THEN_AWAY, Ordering::SeqCst, Ordering::SeqCst) != Err(WAITING) {
            return;
        }
        // Held before the connection is taken: whoever finds it taken lets go of its own.
        let Some(socket) = self.socket.lock().upgrade() else { return };
        if self.state.compare_exchange(WAITING, TAKEN, Ordering::SeqCst, Ordering::SeqCst).is_err() {
            return;
        }
        let origin = self.connection.origin.clone();
        let handle = origin.shared.handle.clone();
        // The instance's thread lets go of its side of the socket when it wakes up, which may take long.
        self.connection.pulse.wake();
        handle.spawn(async move {
            let stream = socket.try_clone();
            drop(socket);
            match stream {
                Ok(stream) => connection::resume(stream, Vec::new(), origin).await,
                Err(error) => tracing::warn!(%error, "a connection could not be taken from a busy instance"),
            }
        });
    }

    fn cut_off(&self) {
        if self.state.load(Ordering::SeqCst) != TAKEN
            && let Some(socket) = self.socket.lock().upgrade()
        {
            // It may be closed already.
            let _closed = socket.shutdown(Shutdown::Both);
        }
    }
}

/// What moves.
pub(super) struct Cargo {
    pub(super) stream: TcpStream,
    /// Read and not served yet.
    pub(super) input: Vec<u8>,
    pub(super) watched: Watched,
}

/// A connection on its way to an instance.
pub(super) struct Moving {
    /// Shared with whoever sent it, who takes it back where nobody takes it in.
    pub(super) cargo: Arc<Mutex<Option<Cargo>>>,
    pub(super) connection: Arc<Connection>,
    pub(super) residence: Residence,
    pub(super) berth: Arc<Berth>,
}

impl Moving {
    pub(super) fn new(cargo: Arc<Mutex<Option<Cargo>>>, connection: Arc<Connection>, residence: Residence) -> Self {
        let berth = Arc::new(Berth::new(Arc::clone(&connection)));
        Moving { cargo, connection, residence, berth }
    }
}

impl Visitor for Moving {
    fn stay(self: Box<Self>, instance: Rc<dyn LocalInstance>) -> LocalBoxFuture<'static, ()> {
        Box::pin(async move {
            let Moving { cargo, connection, residence, berth } = *self;
            let cargo = cargo.lock().take();
            if let Some(cargo) = cargo {
                super::live(cargo, connection, residence, berth, instance).await;
            }
        })
    }

    fn door(&self) -> Arc<dyn Door> {
        self.berth.clone()
    }

    fn decline(self: Box<Self>) {
        let cargo = self.cargo.lock().take();
        if let Some(Cargo { stream, input, .. }) = cargo {
            go_back(stream, input, self.connection.origin.clone());
        }
    }
}

/// Has a connection go on with the server's own threads.
pub(super) fn go_back(stream: TcpStream, input: Vec<u8>, origin: Origin) {
    let handle = origin.shared.handle.clone();
    handle.spawn(connection::resume(stream, input, origin));
}
