use std::time::Duration;

/// What one instance does and holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceFigures {
    /// One of its own in the process.
    pub id: u64,
    pub activity: Activity,
    /// In use in the guest's heap, garbage included.
    pub heap_bytes: usize,
    /// All that the instance takes: the heap with what is free in it, buffers, memories of WebAssembly, plugins.
    pub memory_bytes: usize,
    /// CPU time of its thread since it began.
    pub cpu: Duration,
    /// Since it serves.
    pub age: Duration,
    /// Requests that it has begun and not finished, streams and `waitUntil` included.
    pub open: u32,
    /// Requests that wait for it.
    pub queued: u32,
    /// Connections of clients that live on its thread.
    pub connections: u32,
}

/// What an instance is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    Serving,
    /// One slice of the guest runs for long; what else is to do waits, or went elsewhere.
    Busy,
    /// It finishes what it has, and takes no more.
    Retiring,
}

impl Activity {
    pub fn as_str(self) -> &'static str {
        match self {
            Activity::Serving => "serving",
            Activity::Busy => "busy",
            Activity::Retiring => "retiring",
        }
    }
}
