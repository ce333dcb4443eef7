//! Requests that have come to their end, for whoever wants to be told of each: a developer's terminal, a page.

use std::time::Duration;

use http::{Method, StatusCode};

use crate::RequestId;

/// One request of a client, or of a worker to another one, from its head to the last byte of its answer.
#[derive(Debug, Clone, Copy)]
pub struct FinishedRequest<'a> {
    /// `None` where no route led to one.
    pub worker: Option<&'a str>,
    pub request_id: &'a RequestId,
    /// 0 for a request from outside, one more for each worker that called the next.
    pub depth: u32,
    pub method: &'a Method,
    /// Without its query.
    pub path: &'a str,
    /// It may hold what nobody should find in a log.
    pub query: Option<&'a str>,
    /// 499 where the client left before there was an answer, as nginx has it.
    pub status: StatusCode,
    /// The code of the error that was answered in the place of what the worker says.
    pub error: Option<&'static str>,
    pub elapsed: Duration,
    /// Of the answer's body. `None` between workers, where nothing is sent.
    pub sent_bytes: Option<u64>,
    pub usage: Usage,
}

/// What an invocation has used so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// CPU time of the guest, up to its answer and of sending that. What `waitUntil` does afterwards is not in it.
    pub cpu: Duration,
    /// From the arrival at the dispatcher until the guest began: in a queue, or for an instance to start.
    pub waited: Duration,
    /// Outgoing requests and calls of services.
    pub subrequests: u32,
    pub kv_operations: u32,
    pub log_lines: u32,
}

/// Is told of every request that ends.
pub trait RequestObserver: Send + Sync + 'static {
    /// On the thread that ended the request, which may be an isolate's: it must not wait for anything.
    fn finished(&self, request: &FinishedRequest<'_>);
}
