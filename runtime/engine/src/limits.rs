use std::time::Duration;

/// What one worker may use. The defaults are written here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// CPU time of one request: its handler and what continues it. A response that streams has as much again in every
    /// `wall`. `limits.cpu_ms`
    pub cpu: Duration,
    /// From the arrival of a request to the head of its response. A body may then stream for as long as its client
    /// reads it. `limits.wall_ms`
    pub wall: Duration,
    /// Heap and array buffers of one instance. `limits.memory_mb`
    pub memory_bytes: usize,
    /// Outgoing requests that one incoming request may make. `limits.subrequests`
    pub subrequests: u32,
    /// The largest request body a worker is given. `limits.request_body_bytes`
    pub request_body_bytes: u64,
    /// How long `waitUntil` promises may run on after the response. `limits.wait_until_ms`
    pub wait_until: Duration,
    /// CPU time, and separately wall time, of evaluating the module's top level. `limits.startup_ms`
    pub startup: Duration,
    /// One log line is cut at this length. `limits.log_line_bytes`
    pub log_line_bytes: usize,
    /// Log lines of one request; what follows is counted, not kept. `limits.log_lines`
    pub log_lines: u32,
    /// Requests at once in this worker; beyond it the answer is 503. `limits.concurrency`
    pub concurrency: u32,
    /// Files that all requests of the worker together have open. `limits.open_files`
    pub open_files: u32,
    /// Content of one request's `/tmp`. In JavaScript it counts against `memory_bytes` as well. `limits.tmp_bytes`
    pub tmp_bytes: u64,
    /// Files and directories of one request's `/tmp`. `limits.tmp_entries`
    pub tmp_entries: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            cpu: Duration::from_millis(1_000),
            wall: Duration::from_secs(30),
            memory_bytes: 128 << 20,
            subrequests: 1_000,
            request_body_bytes: 100 << 20,
            wait_until: Duration::from_secs(30),
            startup: Duration::from_millis(1_000),
            log_line_bytes: 16 << 10,
            log_lines: 1_000,
            concurrency: 1_024,
            open_files: 256,
            tmp_bytes: 16 << 20,
            tmp_entries: 1_024,
        }
    }
}
