//! What belongs to one invocation of a worker, whatever kind of event it is, and travels with every host call.

use std::cell::RefCell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rand::RngCore;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::requests::Usage;
use crate::standstill::Moment;

mod limits;

pub use limits::{
    InvocationLimits, KvOperationsExceeded, LogBudget, LogLimit, OpenStream, StreamsExceeded, SubrequestPlace,
    SubrequestsExceeded,
};

/// Names one request in logs, error pages and the `x-request-id` header. 1 to 128 visible ASCII characters.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RequestId(Id);

#[derive(Clone, Debug)]
enum Id {
    /// Most are made here, and kept where they are: no memory is shared for them.
    Made([u8; 32]),
    Given(Arc<str>),
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Id {}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Id {
    fn as_str(&self) -> &str {
        match self {
            Id::Made(digits) => std::str::from_utf8(digits).expect("digits are ASCII"),
            Id::Given(text) => text,
        }
    }
}

impl RequestId {
    /// A fresh one: 128 random bits as 32 hexadecimal digits.
    pub fn random() -> Self {
        let mut digits = [0; 32];
        write_hex(&random_bytes::<16>(), &mut digits);
        RequestId(Id::Made(digits))
    }

    /// The caller's own id, if it is 1 to 128 characters of `A-Z a-z 0-9 - _ . : /  + = @`.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/+=@".contains(&b);
        (!text.is_empty() && text.len() <= 128 && text.bytes().all(allowed)).then(|| RequestId(Id::Given(text.into())))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Id::Made(digits) => digits,
            Id::Given(text) => text.as_bytes(),
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A W3C trace context (<https://www.w3.org/TR/trace-context/>), version 00.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TraceContext {
    pub trace_id: [u8; 16],
    pub span_id: [u8; 8],
    pub sampled: Sampled,
}

/// Whether the caller records this trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sampled {
    Yes,
    No,
}

impl TraceContext {
    /// The root of a new trace.
    pub fn root() -> Self {
        TraceContext { trace_id: random_bytes(), span_id: random_bytes(), sampled: Sampled::No }
    }

    /// Reads a `traceparent` header. `None` where it is not a valid one; the specification says to start anew then.
    pub fn parse(traceparent: &str) -> Option<Self> {
        let mut parts = traceparent.split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if version.len() != 2 || version == "ff" || (version == "00" && parts.next().is_some()) || flags.len() != 2 {
            return None;
        }
        unhex::<1>(version)?;
        let (trace_id, span_id) = (unhex::<16>(trace)?, unhex::<8>(span)?);
        if trace_id == [0; 16] || span_id == [0; 8] {
            return None;
        }
        let sampled = if unhex::<1>(flags)?[0] & 1 == 1 { Sampled::Yes } else { Sampled::No };
        Some(TraceContext { trace_id, span_id, sampled })
    }

    /// The same trace with a new span: what worky sends on.
    pub fn child(self) -> Self {
        TraceContext { span_id: random_bytes(), ..self }
    }

    pub fn trace_id_hex(&self) -> String {
        hex(&self.trace_id, &mut [0; 32]).to_owned()
    }

    pub fn traceparent(&self) -> String {
        let flags = match self.sampled {
            Sampled::Yes => "01",
            Sampled::No => "00",
        };
        let (mut trace, mut span) = ([0; 32], [0; 16]);
        ["00-", hex(&self.trace_id, &mut trace), "-", hex(&self.span_id, &mut span), "-", flags].concat()
    }
}

/// One invocation, shared by everything that works for it. Cloning is a reference count.
#[derive(Clone, Debug)]
pub struct InvocationContext(Arc<Invocation>);

#[derive(Debug)]
struct Invocation {
    request_id: RequestId,
    trace: TraceContext,
    limits: InvocationLimits,
    subrequests: AtomicU32,
    /// Made by the first subrequest.
    subrequests_at_once: OnceLock<Arc<Semaphore>>,
    open_streams: AtomicU32,
    kv_operations: AtomicU32,
    log_lines: AtomicU32,
    log_bytes: AtomicU64,
    /// A limit of the log was hit, which has been said.
    log_full: AtomicBool,
    /// How many workers have called each other up to here.
    depth: u32,
    /// When it came to the dispatcher, and how long from then on the head of the response may take.
    times: OnceLock<(Moment, Duration)>,
    waited_ns: AtomicU64,
    cpu_ns: AtomicU64,
    answered: AtomicBool,
    /// Made by the first who wants to be told of the end.
    ended: OnceLock<CancellationToken>,
}

impl InvocationContext {
    pub fn new(request_id: RequestId, trace: TraceContext, limits: InvocationLimits) -> Self {
        InvocationContext::at_depth(0, request_id, trace, limits)
    }

    /// The context of a worker that the worker of this one calls: the same request, a span of its own, its own limits.
    pub fn child(&self, limits: InvocationLimits) -> Self {
        let Invocation { request_id, trace, depth, .. } = &*self.0;
        InvocationContext::at_depth(depth.saturating_add(1), request_id.clone(), trace.child(), limits)
    }

    fn at_depth(depth: u32, request_id: RequestId, trace: TraceContext, limits: InvocationLimits) -> Self {
        InvocationContext(Arc::new(Invocation {
            request_id,
            trace,
            limits,
            subrequests: AtomicU32::new(0),
            subrequests_at_once: OnceLock::new(),
            open_streams: AtomicU32::new(0),
            kv_operations: AtomicU32::new(0),
            log_lines: AtomicU32::new(0),
            log_bytes: AtomicU64::new(0),
            log_full: AtomicBool::new(false),
            depth,
            times: OnceLock::new(),
            waited_ns: AtomicU64::new(0),
            cpu_ns: AtomicU64::new(0),
            answered: AtomicBool::new(false),
            ended: OnceLock::new(),
        }))
    }

    /// 0 for a request from outside, one more for each worker that called the next.
    pub fn depth(&self) -> u32 {
        self.0.depth
    }

    /// It has come to the dispatcher `now`, and the head of the response must have left within `limit`. Said once.
    pub fn arrived(&self, now: Moment, limit: Duration) {
        // A second time would be that of the same call, sent again.
        let _first_counts = self.0.times.set((now, limit));
    }

    /// The guest begins, after it has waited for an instance.
    pub fn guest_begins(&self, now: Instant) {
        if let Some((arrived, _)) = self.0.times.get() {
            self.0.waited_ns.store(nanoseconds(arrived.until(now)), Ordering::Relaxed);
        }
    }

    /// The guest has used so much CPU time.
    pub fn spend_cpu(&self, used: Duration) {
        self.0.cpu_ns.fetch_add(nanoseconds(used), Ordering::Relaxed);
    }

    pub fn usage(&self) -> Usage {
        let Invocation { waited_ns, cpu_ns, subrequests, kv_operations, log_lines, .. } = &*self.0;
        Usage {
            cpu: Duration::from_nanos(cpu_ns.load(Ordering::Relaxed)),
            waited: Duration::from_nanos(waited_ns.load(Ordering::Relaxed)),
            subrequests: subrequests.load(Ordering::Relaxed),
            kv_operations: kv_operations.load(Ordering::Relaxed),
            log_lines: log_lines.load(Ordering::Relaxed),
        }
    }

    /// The head of the response has left: what goes on has no deadline.
    pub fn set_answered(&self) {
        self.0.answered.store(true, Ordering::Release);
    }

    /// The time until the deadline; `None` where there is none (any more).
    pub fn time_left(&self) -> Option<Duration> {
        let (since, limit) = self.0.times.get().filter(|_| !self.0.answered.load(Ordering::Acquire))?;
        Some(limit.saturating_sub(since.until(Instant::now())))
    }

    /// Nothing works for this invocation any more: its answer is sent or nobody waits for it, and so with `waitUntil`.
    /// What it asked of other workers is cancelled.
    pub fn end(&self) {
        if let Some(ended) = self.0.ended.get() {
            ended.cancel();
        }
    }

    /// Cancelled by [`InvocationContext::end`], if it is called later than this.
    pub fn until_ended(&self) -> CancellationToken {
        self.0.ended.get_or_init(CancellationToken::new).clone()
    }

    pub fn request_id(&self) -> &RequestId {
        &self.0.request_id
    }

    pub fn trace(&self) -> TraceContext {
        self.0.trace
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

thread_local! {
    static RANDOM: RefCell<Random> = const { RefCell::new(Random { bytes: [0; 1024], used: 1024 }) };
}

/// What the thread's generator, which the operating system seeds, gave beforehand: every request wants a little.
struct Random {
    bytes: [u8; 1024],
    used: usize,
}

/// Hard to guess, and without a system call.
fn random_bytes<const N: usize>() -> [u8; N] {
    RANDOM.with_borrow_mut(|random| {
        if random.used + N > random.bytes.len() {
            rand::rng().fill_bytes(&mut random.bytes);
            random.used = 0;
        }
        let mut taken = [0; N];
        taken.copy_from_slice(&random.bytes[random.used..][..N]);
        random.used += N;
        taken
    })
}

/// Writes `bytes` as hexadecimal digits, two for each.
fn write_hex(bytes: &[u8], digits: &mut [u8]) {
    /// Both digits of each byte.
    const PAIRS: [[u8; 2]; 256] = {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut pairs = [[0; 2]; 256];
        let mut byte = 0;
        while byte < 256 {
            pairs[byte] = [DIGITS[byte >> 4], DIGITS[byte & 15]];
            byte += 1;
        }
        pairs
    };
    for (byte, pair) in bytes.iter().zip(digits.chunks_exact_mut(2)) {
        pair.copy_from_slice(&PAIRS[usize::from(*byte)]);
    }
}

fn hex<'a>(bytes: &[u8], digits: &'a mut [u8]) -> &'a str {
    write_hex(bytes, digits);
    std::str::from_utf8(digits).expect("digits are ASCII")
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 || digits.iter().any(|d| !matches!(d, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut out = [0; N];
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[i * 2..i * 2 + 2], 16).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traceparent_round_trips() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(TraceContext::parse(text).expect("valid").traceparent(), text);
    }

    #[test]
    fn what_is_used_adds_up() {
        let context = InvocationContext::new(RequestId::random(), TraceContext::root(), InvocationLimits::UNBOUNDED);
        let arrived = Instant::now();
        context.guest_begins(arrived);
        assert_eq!(context.usage(), Usage::default());
        context.arrived(Moment::at(arrived), Duration::from_secs(1));
        context.guest_begins(arrived + Duration::from_millis(7));
        context.spend_cpu(Duration::from_millis(2));
        context.spend_cpu(Duration::from_millis(3));
        context.take_subrequest().expect("there is no bound");
        let expected = Usage {
            cpu: Duration::from_millis(5),
            waited: Duration::from_millis(7),
            subrequests: 1,
            ..Usage::default()
        };
        assert_eq!(context.usage(), expected);
        assert_eq!(context.child(InvocationLimits::UNBOUNDED).usage(), Usage::default());
    }

    #[test]
    fn bad_traceparents_are_refused() {
        for bad in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        ] {
            assert_eq!(TraceContext::parse(bad), None, "{bad}");
        }
    }
}
