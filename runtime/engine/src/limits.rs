use std::time::Duration;

use worky_host::InvocationLimits;
use worky_host::log::LogLimits;

/// What one worker may use. The defaults are written here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// CPU time of one request: its handler and what continues it. A response that streams has as much again in every
    /// `wall`. `limits.cpu_ms`
    pub cpu: Duration,
    /// A request that used more than this has its instance finish what it has and end. None: it may go on.
    /// `limits.cpu_soft_ms`
    pub cpu_soft: Option<Duration>,
    /// CPU time of what a request's `waitUntil` promises do after its response. `limits.wait_until_cpu_ms`
    pub wait_until_cpu: Duration,
    /// From the arrival of a request to the head of its response. A body may then stream for as long as its client
    /// reads it. `limits.wall_ms`
    pub wall: Duration,
    /// One instance, in one account: heap, buffers, WebAssembly memories, what the host keeps for it, and its plugins. At
    /// nine tenths its log is told. `limits.memory_mb`
    pub memory_bytes: usize,
    /// Outgoing requests that one incoming request may make. `limits.subrequests`
    pub subrequests: u32,
    /// Of these, those that wait for the head of their response at once; further ones wait for them, in order.
    /// `limits.subrequests_at_once`
    pub subrequests_at_once: u32,
    /// Bodies of subrequests, sent and received, that one incoming request has open at once.
    /// `limits.open_streams`
    pub open_streams: u32,
    /// Operations on key-value namespaces of one request; one that names many keys is one. `limits.kv_operations`
    pub kv_operations: u32,
    /// Timers that one instance of JavaScript has set at once. `limits.timers`
    pub timers: u32,
    /// The largest request body a worker is given. `limits.request_body_bytes`
    pub request_body_bytes: u64,
    /// The largest response body a worker may send; a longer one is broken off. `limits.response_bytes`
    pub response_bytes: u64,
    /// How long `waitUntil` promises may run on after the response. `limits.wait_until_ms`
    pub wait_until: Duration,
    /// CPU time, and separately wall time, of evaluating the module's top level. `limits.startup_ms`
    pub startup: Duration,
    /// One log line is cut at this length. `limits.log_line_bytes`
    pub log_line_bytes: usize,
    /// Log lines of one request; what follows is counted, not kept. `limits.log_lines`
    pub log_lines: u32,
    /// Bytes of the log lines of one request, as they are cut; what follows is counted, not kept. `limits.log_bytes`
    pub log_bytes: u64,
    /// Log lines a second, and at most `log_bytes` of them, that belong to no request: of a module's top level, or of
    /// what a request left behind. `limits.unrequested_log_lines`
    pub unrequested_log_lines: u32,
    /// Requests at once in this worker; beyond it the answer is 503. `limits.concurrency`
    pub concurrency: u32,
    /// Instances that JavaScript may have at once. There is one while that has time for every request, and more while it
    /// has not. `limits.max_instances`
    pub max_instances: u32,
    /// Requests that no instance has begun yet; beyond it the answer is 503. `limits.queue`
    pub queue: u32,
    /// How long a request waits for an instance to begin it, before the answer is 503. `limits.queue_ms`
    pub queue_wait: Duration,
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
            cpu_soft: None,
            wait_until_cpu: Duration::from_millis(1_000),
            wall: Duration::from_secs(30),
            memory_bytes: 128 << 20,
            subrequests: 1_000,
            subrequests_at_once: 64,
            open_streams: 256,
            kv_operations: 1_000,
            timers: 10_000,
            request_body_bytes: 100 << 20,
            response_bytes: 10 << 30,
            wait_until: Duration::from_secs(30),
            startup: Duration::from_millis(1_000),
            log_line_bytes: 16 << 10,
            log_lines: 1_000,
            log_bytes: 256 << 10,
            unrequested_log_lines: 100,
            concurrency: 1_024,
            max_instances: default_instances(),
            queue: 512,
            queue_wait: Duration::from_millis(1_000),
            open_files: 256,
            tmp_bytes: 16 << 20,
            tmp_entries: 1_024,
        }
    }
}

/// One for each core, which is what guests that compute can use; and two at least, so that one that computes for long does
/// not hold the worker's other requests up.
fn default_instances() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32);
    cores.clamp(2, 16)
}

impl Limits {
    /// What one invocation may use of the host.
    pub fn invocation(&self) -> InvocationLimits {
        InvocationLimits {
            subrequests: self.subrequests,
            subrequests_at_once: self.subrequests_at_once,
            open_streams: self.open_streams,
            kv_operations: self.kv_operations,
            log_lines: self.log_lines,
            log_bytes: self.log_bytes,
        }
    }

    /// What the worker's log may take.
    pub fn log(&self) -> LogLimits {
        LogLimits {
            line_bytes: self.log_line_bytes,
            unrequested_lines: self.unrequested_log_lines,
            unrequested_bytes: self.log_bytes,
        }
    }
}
