//! What a connection is doing and since when, in atomics that cost next to nothing to keep, for the [`watch`] to read.
//!
//! [`watch`]: super::watch

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering::Relaxed};
use std::task::Waker;

use parking_lot::Mutex;

use crate::request::Continue;

/// The server's coarse time: counts up by one in every period of the watch. Zero is never a time.
pub(super) type Ticks = u32;

/// Time limits, in ticks.
#[derive(Debug, Clone, Copy)]
pub(super) struct TickLimits {
    pub(super) header_read: Ticks,
    pub(super) idle: Ticks,
    pub(super) write_stall: Ticks,
    pub(super) linger: Ticks,
}

/// What the watch, or the server's shutdown, asks of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// Finish what is begun and take nothing new.
    Close,
    /// Stop, whatever is going on.
    Cut,
}

/// How much of an answer is there when its head is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    Stream,
}

/// What the watch finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    Well,
    /// A request is served and nobody reads the socket: look whether the client is still there.
    Unobserved,
    Idle,
    /// A limit was passed; its name.
    Stuck(&'static str),
}

pub(crate) struct Pulse {
    now: Arc<AtomicU32>,
    /// Requests begun and not ended, bodies of responses included.
    active: AtomicU32,
    waiting_since: AtomicU32,
    /// When the first byte of the head came that is being read; 0 while there is none.
    head_since: AtomicU32,
    /// 0 while writing makes progress.
    write_blocked_since: AtomicU32,
    /// 0 before that.
    linger_since: AtomicU32,
    active_since: AtomicU32,
    has_served: AtomicBool,
    is_http1: AtomicBool,
    /// The connection's task waits for the socket to be readable, so it will see the client go away.
    observed: AtomicBool,
    /// What is still to come of a request's body.
    body: AtomicU8,
    probe: AtomicBool,
    command: AtomicU8,
    /// The task that has the connection. It stays for the next time when it is woken.
    task: Mutex<Option<Waker>>,
}

const CLOSE: u8 = 1;
const CUT: u8 = 2;

/// All of it was read, or there is none.
const BODY_ENDED: u8 = 0;
/// The client waits until it is asked for it, which nobody has done.
const BODY_PROMISED: u8 = 1;
/// It was not read to its end: the client may still be sending it.
const BODY_UNREAD: u8 = 2;

impl Pulse {
    pub(super) fn new(now: Arc<AtomicU32>) -> Self {
        let accepted = now.load(Relaxed);
        Pulse {
            now,
            active: AtomicU32::new(0),
            waiting_since: AtomicU32::new(accepted),
            head_since: AtomicU32::new(0),
            write_blocked_since: AtomicU32::new(0),
            linger_since: AtomicU32::new(0),
            active_since: AtomicU32::new(0),
            has_served: AtomicBool::new(false),
            is_http1: AtomicBool::new(false),
            observed: AtomicBool::new(false),
            body: AtomicU8::new(BODY_ENDED),
            probe: AtomicBool::new(false),
            command: AtomicU8::new(0),
            task: Mutex::default(),
        }
    }

    /// HTTP/1 heads are read byte by byte, so their time is told from the first byte. HTTP/2 has frames between
    /// requests; there the time from one request to the next is the bound.
    pub(super) fn speaks_http1(&self) {
        self.is_http1.store(true, Relaxed);
    }

    /// The connection has served requests before it had this pulse: it may be idle.
    pub(super) fn goes_on(&self) {
        self.has_served.store(true, Relaxed);
    }

    pub(crate) fn request_begins(&self) {
        if self.active.fetch_add(1, Relaxed) == 0 {
            self.active_since.store(self.now(), Relaxed);
        }
        self.head_since.store(0, Relaxed);
        self.has_served.store(true, Relaxed);
    }

    pub(crate) fn request_ends(&self) {
        if self.active.fetch_sub(1, Relaxed) == 1 {
            self.waiting_since.store(self.now(), Relaxed);
        }
    }

    pub(crate) fn body_begins(&self, continues: Continue) {
        let body = if continues == Continue::Expected { BODY_PROMISED } else { BODY_UNREAD };
        self.body.store(body, Relaxed);
    }

    pub(crate) fn body_is_asked_for(&self) {
        if self.body.load(Relaxed) == BODY_PROMISED {
            self.body.store(BODY_UNREAD, Relaxed);
        }
    }

    pub(crate) fn body_ends(&self) {
        self.body.store(BODY_ENDED, Relaxed);
    }

    /// Whether an answer is the end of a connection because of its request's body. Who streams an answer may still be
    /// reading.
    pub(crate) fn is_ended_by(&self, answer: Extent) -> bool {
        match (self.body.load(Relaxed), answer) {
            (BODY_ENDED, _) => false,
            (BODY_PROMISED, _) | (_, Extent::Whole) => true,
            (_, Extent::Stream) => false,
        }
    }

    /// Whether there is more of a body, for which the client need not be asked, before anything else can be read.
    pub(crate) fn can_read_on(&self) -> bool {
        self.is_http1.load(Relaxed) && self.body.load(Relaxed) == BODY_UNREAD
    }

    pub(super) fn waits_for_bytes(&self) {
        self.observed.store(true, Relaxed);
    }

    pub(super) fn read(&self, bytes: usize) {
        self.observed.store(false, Relaxed);
        if bytes > 0 && self.active.load(Relaxed) == 0 && self.head_since.load(Relaxed) == 0 {
            self.head_since.store(self.now(), Relaxed);
        }
    }

    pub(super) fn wrote(&self) {
        if self.write_blocked_since.load(Relaxed) != 0 {
            self.write_blocked_since.store(0, Relaxed);
        }
    }

    pub(super) fn write_blocked(&self) {
        if self.write_blocked_since.load(Relaxed) == 0 {
            self.write_blocked_since.store(self.now(), Relaxed);
        }
    }

    /// Whether the client may still be sending; if so, its time to stop begins.
    pub(super) fn begin_linger(&self) -> bool {
        let head_refused = self.head_since.load(Relaxed) != 0;
        let lingers = head_refused || self.body.load(Relaxed) != BODY_ENDED;
        if lingers {
            self.linger_since.store(self.now(), Relaxed);
        }
        lingers
    }

    pub(super) fn take_probe(&self) -> bool {
        self.probe.load(Relaxed) && self.probe.swap(false, Relaxed)
    }

    /// Before commands are looked for: what comes after that wakes the task.
    pub(super) fn register(&self, task: &Waker) {
        let mut known = self.task.lock();
        if !known.as_ref().is_some_and(|known| known.will_wake(task)) {
            *known = Some(task.clone());
        }
    }

    pub(super) fn take_command(&self) -> Option<Command> {
        if self.command.load(Relaxed) == 0 {
            return None;
        }
        Some(if self.command.swap(0, Relaxed) == CUT { Command::Cut } else { Command::Close })
    }

    pub(crate) fn command(&self, command: Command) {
        let number = match command {
            Command::Close => CLOSE,
            Command::Cut => CUT,
        };
        self.command.fetch_max(number, Relaxed);
        self.wake();
    }

    /// Has the connection's task look around.
    pub(super) fn wake(&self) {
        if let Some(task) = &*self.task.lock() {
            task.wake_by_ref();
        }
    }

    pub(super) fn probe(&self) {
        self.probe.store(true, Relaxed);
        self.wake();
    }

    pub(super) fn examine(&self, now: Ticks, limits: &TickLimits) -> Finding {
        let over = |since: &AtomicU32, limit: Ticks| {
            let since = since.load(Relaxed);
            since != 0 && now.wrapping_sub(since) > limit
        };
        if over(&self.linger_since, limits.linger) {
            return Finding::Stuck("linger");
        }
        if over(&self.write_blocked_since, limits.write_stall) {
            return Finding::Stuck("write_stall");
        }
        if self.active.load(Relaxed) > 0 {
            let unobserved = !self.observed.load(Relaxed) && over(&self.active_since, 0);
            return if unobserved { Finding::Unobserved } else { Finding::Well };
        }
        let is_first = !self.has_served.load(Relaxed);
        if (is_first && over(&self.waiting_since, limits.header_read))
            || (self.is_http1.load(Relaxed) && over(&self.head_since, limits.header_read))
        {
            return Finding::Stuck("header_read");
        }
        if over(&self.waiting_since, limits.idle) { Finding::Idle } else { Finding::Well }
    }

    fn now(&self) -> Ticks {
        self.now.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: TickLimits = TickLimits { header_read: 10, idle: 100, write_stall: 20, linger: 5 };

    fn pulse_at(now: Ticks) -> (Pulse, Arc<AtomicU32>) {
        let clock = Arc::new(AtomicU32::new(now));
        (Pulse::new(Arc::clone(&clock)), clock)
    }

    #[test]
    fn a_silent_client_is_stuck_after_the_header_time() {
        let (pulse, _) = pulse_at(1);
        assert_eq!(pulse.examine(11, &LIMITS), Finding::Well);
        assert_eq!(pulse.examine(12, &LIMITS), Finding::Stuck("header_read"));
    }

    #[test]
    fn dripping_a_head_does_not_move_its_deadline() {
        let (pulse, clock) = pulse_at(1);
        pulse.speaks_http1();
        pulse.request_begins();
        pulse.request_ends();
        for now in 50..=60 {
            clock.store(now, Relaxed);
            pulse.read(1);
            assert_eq!(pulse.examine(now, &LIMITS), Finding::Well);
        }
        assert_eq!(pulse.examine(61, &LIMITS), Finding::Stuck("header_read"));
    }

    #[test]
    fn waiting_for_the_next_request_is_idling() {
        let (pulse, clock) = pulse_at(1);
        pulse.request_begins();
        clock.store(500, Relaxed);
        pulse.waits_for_bytes();
        assert_eq!(pulse.examine(500, &LIMITS), Finding::Well, "a request may take its time");
        pulse.request_ends();
        assert_eq!(pulse.examine(600, &LIMITS), Finding::Well);
        assert_eq!(pulse.examine(601, &LIMITS), Finding::Idle);
    }

    #[test]
    fn a_request_whose_socket_nobody_reads_is_unobserved() {
        let (pulse, _) = pulse_at(1);
        pulse.request_begins();
        pulse.read(10);
        assert_eq!(pulse.examine(1, &LIMITS), Finding::Well, "not within its first tick");
        assert_eq!(pulse.examine(2, &LIMITS), Finding::Unobserved);
        pulse.waits_for_bytes();
        assert_eq!(pulse.examine(3, &LIMITS), Finding::Well);
    }

    #[test]
    fn a_client_that_takes_nothing_is_stuck() {
        let (pulse, clock) = pulse_at(1);
        pulse.request_begins();
        pulse.waits_for_bytes();
        pulse.write_blocked();
        clock.store(15, Relaxed);
        pulse.write_blocked();
        assert_eq!(pulse.examine(22, &LIMITS), Finding::Stuck("write_stall"));
        pulse.wrote();
        assert_eq!(pulse.examine(22, &LIMITS), Finding::Well);
    }

    #[test]
    fn lingering_is_for_clients_that_may_still_send() {
        let (pulse, _) = pulse_at(1);
        assert!(!pulse.begin_linger());
        pulse.body_begins(Continue::NotExpected);
        assert!(pulse.begin_linger());
        assert_eq!(pulse.examine(7, &LIMITS), Finding::Stuck("linger"));
        pulse.body_ends();
        assert!(!pulse.begin_linger());
    }

    #[test]
    fn a_body_that_nobody_reads_ends_a_connection() {
        let (pulse, _) = pulse_at(1);
        let ended = || [Extent::Whole, Extent::Stream].map(|answer| pulse.is_ended_by(answer));
        assert_eq!(ended(), [false, false]);
        pulse.body_begins(Continue::Expected);
        assert_eq!(ended(), [true, true]);
        pulse.body_is_asked_for();
        assert_eq!(ended(), [true, false]);
        pulse.body_begins(Continue::NotExpected);
        assert_eq!(ended(), [true, false]);
        pulse.body_ends();
        pulse.body_is_asked_for();
        assert_eq!(ended(), [false, false]);
    }

    #[test]
    fn cutting_outranks_closing() {
        let (pulse, _) = pulse_at(1);
        pulse.command(Command::Cut);
        pulse.command(Command::Close);
        assert_eq!(pulse.take_command(), Some(Command::Cut));
        assert_eq!(pulse.take_command(), None);
    }
}
