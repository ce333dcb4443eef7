//! The thread that writes log lines, and what waits for it.
//!
//! If standard error is a pipe whose reader is slow or stuck, a write blocks, and with it would the thread that serves a
//! worker. So whoever logs only queues a line, the queue is bounded, and lines beyond the bound are dropped and counted.
//! Nobody may hold more of the queue than is still free: one worker that floods it gets half, two get a third each, and
//! there is always room for one that says little.
//!
//! Each worker has a lane with a lock of its own. The thread of a busy guest may have to wait for a processor while it
//! holds a lock, and nobody else is to wait with it. The lines of all lanes are written in the order in which they were said.

use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::Thread;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use worky_host::metrics::Metrics;

/// How often it is told that lines of a worker were dropped, and how long a lane is kept that nobody uses.
const TELL_PERIOD: Duration = Duration::from_secs(1);
/// At the end of the process, what is queued has this long to be written.
const FLUSH_PATIENCE: Duration = Duration::from_secs(1);
/// How often it is looked whether all is written by then.
const FLUSH_LOOK: Duration = Duration::from_millis(1);
/// What is said within this time after a write is written together: being woken for each line would take the processor
/// from the one who said it, and cost him a system call.
const GATHER: Duration = Duration::from_millis(2);
/// Room that an empty buffer keeps.
const CAPACITY_KEPT: usize = 256 << 10;
/// The name of worky itself among those who log.
const NO_WORKER: &str = "-";

/// Lines on their way to standard error, or wherever the thread writes.
#[derive(Clone)]
pub(super) struct LineQueue(Arc<Shared>);

struct Shared {
    lanes: Lanes,
    metrics: Metrics,
    thread: OnceLock<Thread>,
    /// The thread sleeps until it is woken.
    asleep: AtomicBool,
}

struct Lanes {
    bytes_max: usize,
    /// What waits or is being written, of all.
    bytes: AtomicUsize,
    /// The number of the next line.
    next: AtomicU64,
    by_worker: ArcSwap<HashMap<Arc<str>, Arc<Lane>>>,
    /// Held by who changes the map.
    changing: Mutex<()>,
}

/// The lines of one worker, or of worky itself.
#[derive(Default)]
struct Lane(Mutex<Lines>);

#[derive(Default)]
struct Lines {
    /// Whole lines.
    waiting: Vec<u8>,
    marks: Marks,
    /// Bytes that the thread has taken and not written yet.
    writing: usize,
    /// Lines that nobody was told of yet.
    dropped: u64,
    told_at: Option<Instant>,
    used_at: Option<Instant>,
    /// It is in the map no more.
    closed: bool,
}

/// Lines of one worker, or of worky itself, that were not written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dropped<'a> {
    pub(super) worker: Option<&'a str>,
    pub(super) lines: u64,
}

/// What became of a line.
#[derive(Debug, PartialEq, Eq)]
enum Pushed {
    Queued,
    Dropped,
}

impl LineQueue {
    /// Starts the thread. `tell` makes the line that says what was dropped.
    pub(super) fn start(
        bytes_max: usize,
        metrics: Metrics,
        to: impl Write + Send + 'static,
        tell: impl Fn(Dropped<'_>) -> String + Send + 'static,
    ) -> std::io::Result<Self> {
        let lanes = Lanes::new(bytes_max);
        let shared = Arc::new(Shared { lanes, metrics, thread: OnceLock::new(), asleep: AtomicBool::new(false) });
        let writer = shared.clone();
        let run = move || {
            // Nearly all of it is what guests said.
            worky_js::work_for_guests_on_this_thread();
            writer.write(to, tell);
        };
        let thread = std::thread::Builder::new().name("log-writer".to_owned()).spawn(run)?;
        let _set_once = shared.thread.set(thread.thread().clone());
        Ok(LineQueue(shared))
    }

    /// Queues a line of a worker or of worky itself, or drops it. Never waits for a write.
    pub(super) fn push(&self, worker: Option<&str>, line: &str) {
        let worker = worker.unwrap_or(NO_WORKER);
        match self.0.lanes.push(worker, line) {
            Pushed::Queued => self.0.wake(),
            Pushed::Dropped => {
                self.0.metrics.log_line_dropped(worker);
                self.0.metrics.limit_exceeded(worker, "queue_bytes");
            }
        }
    }

    /// Waits until all that is queued is written, for a while.
    pub(super) fn flush(&self) {
        let deadline = Instant::now() + FLUSH_PATIENCE;
        while !self.0.lanes.is_empty() && Instant::now() < deadline {
            std::thread::sleep(FLUSH_LOOK);
        }
    }
}

impl Shared {
    fn wake(&self) {
        if self.asleep.load(Ordering::SeqCst)
            && self.asleep.swap(false, Ordering::SeqCst)
            && let Some(thread) = self.thread.get()
        {
            thread.unpark();
        }
    }

    /// The life of the thread, which is the process's.
    fn write(&self, mut to: impl Write, tell: impl Fn(Dropped<'_>) -> String) {
        let mut batch = Vec::new();
        loop {
            self.lanes.take(&mut batch, Instant::now(), &tell);
            if batch.is_empty() {
                // A line that was queued before this did not wake anybody, and is seen by the second look.
                if !self.asleep.swap(true, Ordering::SeqCst) {
                    continue;
                }
                if self.lanes.by_worker.load().is_empty() {
                    std::thread::park();
                } else {
                    std::thread::park_timeout(TELL_PERIOD);
                }
                continue;
            }
            self.asleep.store(false, Ordering::SeqCst);
            // Where standard error is gone there is nobody to tell.
            let _gone = to.write_all(&batch);
            self.lanes.written();
            std::thread::sleep(GATHER);
        }
    }
}

impl Lanes {
    fn new(bytes_max: usize) -> Self {
        Lanes {
            bytes_max,
            bytes: AtomicUsize::new(0),
            next: AtomicU64::new(0),
            by_worker: ArcSwap::default(),
            changing: Mutex::new(()),
        }
    }

    fn is_empty(&self) -> bool {
        self.bytes.load(Ordering::SeqCst) == 0
    }

    fn push(&self, worker: &str, line: &str) -> Pushed {
        loop {
            let lanes = self.by_worker.load();
            let Some(lane) = lanes.get(worker) else {
                self.change(|lanes| {
                    lanes.entry(Arc::from(worker)).or_default();
                });
                continue;
            };
            let mut lines = lane.0.lock();
            if lines.closed {
                continue;
            }
            let free = self.bytes_max.saturating_sub(self.bytes.load(Ordering::Relaxed));
            if lines.waiting.len() + lines.writing + line.len() > free {
                lines.dropped += 1;
                return Pushed::Dropped;
            }
            self.bytes.fetch_add(line.len(), Ordering::SeqCst);
            lines.waiting.extend_from_slice(line.as_bytes());
            let mark = (self.next.fetch_add(1, Ordering::Relaxed), lines.waiting.len());
            lines.marks.push(mark);
            return Pushed::Queued;
        }
    }

    fn change(&self, change: impl FnOnce(&mut HashMap<Arc<str>, Arc<Lane>>)) {
        let _changing = self.changing.lock();
        let mut lanes = HashMap::clone(&self.by_worker.load());
        change(&mut lanes);
        self.by_worker.store(Arc::new(lanes));
    }

    /// Moves what waits to `batch`, before lines about what was dropped.
    fn take(&self, batch: &mut Vec<u8>, now: Instant, tell: impl Fn(Dropped<'_>) -> String) {
        batch.clear();
        batch.shrink_to(CAPACITY_KEPT);
        let (mut taken, mut told, mut idle) = (Vec::new(), String::new(), false);
        for (worker, lane) in self.by_worker.load().iter() {
            let mut lines = lane.0.lock();
            if !lines.waiting.is_empty() {
                lines.writing = lines.waiting.len();
                lines.used_at = Some(now);
                taken.push((std::mem::take(&mut lines.marks), std::mem::take(&mut lines.waiting)));
            }
            if lines.dropped > 0 && is_past(lines.told_at, now) {
                let worker = Some(&**worker).filter(|&worker| worker != NO_WORKER);
                told += &tell(Dropped { worker, lines: lines.dropped });
                (lines.dropped, lines.told_at) = (0, Some(now));
            }
            idle |= lines.is_idle(now);
        }
        merge(taken, batch);
        batch.extend_from_slice(told.as_bytes());
        if idle {
            self.change(|lanes| {
                lanes.retain(|_, lane| {
                    let mut lines = lane.0.lock();
                    lines.closed = lines.is_idle(now);
                    !lines.closed
                });
            });
        }
    }

    fn written(&self) {
        for lane in self.by_worker.load().values() {
            self.bytes.fetch_sub(std::mem::take(&mut lane.0.lock().writing), Ordering::SeqCst);
        }
    }
}

impl Lines {
    /// Nobody has used it for a while, and there is nothing left to tell.
    fn is_idle(&self, now: Instant) -> bool {
        let unused = self.waiting.is_empty() && self.writing == 0 && self.dropped == 0;
        unused && is_past(self.used_at, now) && is_past(self.told_at, now)
    }
}

fn is_past(since: Option<Instant>, now: Instant) -> bool {
    since.is_none_or(|since| now.saturating_duration_since(since) >= TELL_PERIOD)
}

/// The number of each line, and where it ends.
type Marks = Vec<(u64, usize)>;

/// What was taken from each lane, in the order of the lines' numbers.
fn merge(mut taken: Vec<(Marks, Vec<u8>)>, batch: &mut Vec<u8>) {
    if let [(_, only)] = taken.as_mut_slice() {
        return std::mem::swap(batch, only);
    }
    let mut lines: Vec<(u64, &[u8])> = Vec::new();
    for (marks, bytes) in &taken {
        let mut begin = 0;
        for &(number, end) in marks {
            lines.push((number, &bytes[begin..end]));
            begin = end;
        }
    }
    lines.sort_unstable_by_key(|&(number, _)| number);
    lines.into_iter().for_each(|(_, line)| batch.extend_from_slice(line));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(dropped: Dropped<'_>) -> String {
        format!("{:?} lost {}\n", dropped.worker, dropped.lines)
    }

    fn taken(lanes: &Lanes, now: Instant) -> String {
        let mut batch = Vec::new();
        lanes.take(&mut batch, now, told);
        String::from_utf8(batch).expect("UTF-8")
    }

    /// Pushes lines of 10 bytes until one is dropped; how many were not.
    fn flood(lanes: &Lanes, worker: &str) -> usize {
        (0..1_000).take_while(|_| lanes.push(worker, "123456789\n") == Pushed::Queued).count()
    }

    #[test]
    fn a_flood_leaves_as_much_as_it_takes() {
        let lanes = Lanes::new(1_200);
        assert_eq!(flood(&lanes, "a"), 60);
        assert_eq!(flood(&lanes, "b"), 30);
        assert_eq!(lanes.push("c", "a line of somebody who says little\n"), Pushed::Queued);
        assert_eq!(lanes.push(NO_WORKER, "and one of worky itself\n"), Pushed::Queued);
    }

    #[test]
    fn lines_are_written_in_the_order_in_which_they_were_said() {
        let lanes = Lanes::new(1_000);
        for (worker, line) in [("a", "1\n"), ("b", "2\n"), ("a", "3\n"), (NO_WORKER, "4\n"), ("b", "5\n")] {
            assert_eq!(lanes.push(worker, line), Pushed::Queued);
        }
        assert_eq!(taken(&lanes, Instant::now()), "1\n2\n3\n4\n5\n");
    }

    #[test]
    fn what_is_being_written_still_counts() {
        let lanes = Lanes::new(400);
        assert_eq!(flood(&lanes, "a"), 20);
        taken(&lanes, Instant::now());
        assert_eq!(flood(&lanes, "a"), 0, "its half is not written yet");
        lanes.written();
        assert_eq!(flood(&lanes, "a"), 20);
    }

    #[test]
    fn drops_are_told_once_in_a_while() {
        let lanes = Lanes::new(40);
        let now = Instant::now();
        assert_eq!(flood(&lanes, "a"), 2);
        assert_eq!(lanes.push("a", "123456789\n"), Pushed::Dropped);
        assert_eq!(taken(&lanes, now), "123456789\n123456789\nSome(\"a\") lost 2\n");
        lanes.written();
        assert_eq!(flood(&lanes, "a"), 2);
        assert_eq!(taken(&lanes, now), "123456789\n123456789\n", "it was told just now");
        lanes.written();
        assert_eq!(taken(&lanes, now + TELL_PERIOD), "Some(\"a\") lost 1\n");
    }

    #[test]
    fn nothing_is_kept_of_who_said_something_once() {
        let lanes = Lanes::new(400);
        let now = Instant::now();
        for worker in 0..100 {
            assert_eq!(lanes.push(&format!("w{worker}"), "x\n"), Pushed::Queued);
            taken(&lanes, now);
            lanes.written();
        }
        assert!(lanes.by_worker.load().len() == 100 && lanes.is_empty());
        taken(&lanes, now + TELL_PERIOD);
        assert_eq!(lanes.by_worker.load().len(), 0);
        assert_eq!(lanes.push("w0", "again\n"), Pushed::Queued);
        assert_eq!(taken(&lanes, now + TELL_PERIOD), "again\n");
    }

    #[test]
    fn many_threads_lose_no_line() {
        let (queue, written) = (Arc::new(Lanes::new(1 << 30)), Mutex::new(String::new()));
        let look = |now| written.lock().push_str(&taken(&queue, now));
        std::thread::scope(|scope| {
            let said: Vec<_> = (0..4)
                .map(|thread| {
                    let queue = queue.clone();
                    scope.spawn(move || {
                        for n in 0..2_000 {
                            assert_eq!(queue.push(&format!("w{thread}"), &format!("{thread} {n}\n")), Pushed::Queued);
                        }
                    })
                })
                .collect();
            // Each look is so much later that lanes in which nothing is are taken away.
            let mut now = Instant::now();
            while said.iter().any(|thread| !thread.is_finished()) {
                now += TELL_PERIOD;
                look(now);
                queue.written();
            }
        });
        look(Instant::now());
        let written = written.lock();
        for thread in 0..4 {
            let of_this = written.lines().filter(|line| line.starts_with(&format!("{thread} ")));
            assert!(of_this.eq((0..2_000).map(|n| format!("{thread} {n}"))), "of thread {thread}");
        }
    }

    #[test]
    fn a_reader_that_is_stuck_holds_up_nobody() {
        /// Blocks for as long as its other end exists.
        struct Stuck(std::sync::mpsc::Receiver<()>);
        impl Write for Stuck {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                let _never = self.0.recv();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let (unblock, blocked) = std::sync::mpsc::channel();
        let metrics = Metrics::default();
        let queue = LineQueue::start(1_000, metrics.clone(), Stuck(blocked), told).expect("a thread");
        (0..1_000).for_each(|_| queue.push(Some("a"), "123456789\n"));
        queue.push(Some("b"), "there is room\n");
        assert!(metrics.encode().contains(r#"worky_limit_exceeded_total{worker="a",limit="queue_bytes"} 9"#));
        assert!(!metrics.encode().contains(r#"worker="b""#));
        drop(unblock);
        queue.flush();
        assert!(queue.0.lanes.is_empty());
    }
}
