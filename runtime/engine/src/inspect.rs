//! What a debugger sees of workers: the Chrome DevTools protocol as text, over whatever carries it.

use futures_util::stream::BoxStream;

/// Workers that can be debugged.
pub trait Inspect: Send + Sync {
    fn targets(&self) -> Vec<Target>;

    /// Attaches a front end to a worker. `None` where there is no such target.
    fn attach(&self, id: &str) -> Option<Attached>;
}

/// One worker, whose isolates come and go behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The worker's name.
    pub id: String,
    /// Of its main module.
    pub url: String,
}

/// A front end's connection to a worker. Dropping it detaches the front end, and lets go on what it held.
pub struct Attached {
    /// Takes the front end's messages.
    pub commands: Box<dyn Commands>,
    /// Messages for the front end. Ended where the worker is gone, or where too much waits here.
    pub messages: BoxStream<'static, String>,
}

pub trait Commands: Send + Sync {
    /// One message of the protocol, as JSON.
    fn send(&self, message: &str);
}
