//! The server over real sockets, with a worker that does what the path says, through the real dispatcher.

mod body;
mod connections;
mod errors;
mod head;
mod http2;
mod malformed;
mod rig;
mod shutdown;
