//! The thread that writes log lines, and what waits for it.
//!
//! If standard error is a pipe whose reader is slow or stuck, a write blocks, and with it would the thread that serves a
//! worker. So whoever logs only queues a line, the queue is bounded, and lines beyond the bound are dropped and counted.
//! Nobody may hold more of the queue than is still free: one worker that floods it gets half, two get a third each, and
//! there is always room for one that says little.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use worky_host::metrics::Metrics;

/// How often it is told that lines of a worker were dropped.
const TELL_PERIOD: Duration = Duration::from_secs(1);
/// At the end of the process, what is queued has this long to be written.
const FLUSH_PATIENCE: Duration = Duration::from_secs(1);
/// Room that an empty queue keeps.
const CAPACITY_KEPT: usize = 256 << 10;
/// The name of worky itself among those who log.
const NO_WORKER: &str = "-";

/// Lines on their way to standard error, or wherever the thread writes.
#[derive(Clone)]
pub(super) struct LineQueue(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    /// Something waits, or was dropped.
    filled: Condvar,
    /// All that waited is written.
    emptied: Condvar,
    metrics: Metrics,
}

struct Queue {
    bytes_max: usize,
    /// Whole lines.
    waiting: Vec<u8>,
    /// Bytes that the thread has taken and not written yet.
    writing: usize,
    /// By the worker that said it.
    shares: HashMap<String, Share>,
}

/// What one worker has of the queue.
#[derive(Debug, Default)]
struct Share {
    waiting: usize,
    writing: usize,
    /// Lines that nobody was told of yet.
    dropped: u64,
    told_at: Option<Instant>,
}

/// Lines of one worker, or of worky itself, that were not written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dropped<'a> {
    pub(super) worker: Option<&'a str>,
    pub(super) lines: u64,
}

impl LineQueue {
    /// Starts the thread. `tell` makes the line that says what was dropped.
    pub(super) fn start(
        bytes_max: usize,
        metrics: Metrics,
        to: impl Write + Send + 'static,
        tell: impl Fn(Dropped<'_>) -> String + Send + 'static,
    ) -> std::io::Result<Self> {
        let queue = Mutex::new(Queue::new(bytes_max));
        let shared = Arc::new(Shared { queue, filled: Condvar::new(), emptied: Condvar::new(), metrics });
        let writer = shared.clone();
        std::thread::Builder::new().name("log-writer".to_owned()).spawn(move || writer.write(to, tell))?;
        Ok(LineQueue(shared))
    }

    /// Queues a line of a worker or of worky itself, or drops it. Never waits for a write.
    pub(super) fn push(&self, worker: Option<&str>, line: &str) {
        let worker = worker.unwrap_or(NO_WORKER);
        let mut queue = self.0.queue.lock();
        let was_empty = queue.waiting.is_empty();
        let queued = queue.push(worker, line);
        drop(queue);
        if !queued {
            self.0.metrics.log_line_dropped(worker);
            self.0.metrics.limit_exceeded(worker, "queue_bytes");
        } else if was_empty {
            self.0.filled.notify_one();
        }
    }

    /// Waits until all that is queued is written, for a while.
    pub(super) fn flush(&self) {
        let deadline = Instant::now() + FLUSH_PATIENCE;
        let mut queue = self.0.queue.lock();
        while !queue.is_empty() {
            if self.0.emptied.wait_until(&mut queue, deadline).timed_out() {
                return;
            }
        }
    }
}

impl Shared {
    /// The life of the thread, which is the process's.
    fn write(&self, mut to: impl Write, tell: impl Fn(Dropped<'_>) -> String) {
        let mut batch = Vec::new();
        let mut queue = self.queue.lock();
        loop {
            while queue.waiting.is_empty() {
                if queue.is_silent_about_drops() {
                    if self.filled.wait_for(&mut queue, TELL_PERIOD).timed_out() {
                        break;
                    }
                } else {
                    self.filled.wait(&mut queue);
                }
            }
            queue.take(&mut batch, Instant::now(), &tell);
            parking_lot::MutexGuard::unlocked(&mut queue, || {
                // Where standard error is gone there is nobody to tell.
                let _gone = to.write_all(&batch);
            });
            queue.written();
            if queue.is_empty() {
                self.emptied.notify_all();
            }
        }
    }
}

impl Queue {
    fn new(bytes_max: usize) -> Self {
        Queue { bytes_max, waiting: Vec::new(), writing: 0, shares: HashMap::new() }
    }

    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.writing == 0
    }

    fn is_silent_about_drops(&self) -> bool {
        self.shares.values().any(|share| share.dropped > 0)
    }

    /// Whether the line was taken.
    fn push(&mut self, worker: &str, line: &str) -> bool {
        let free = self.bytes_max.saturating_sub(self.waiting.len() + self.writing);
        let share = match self.shares.get_mut(worker) {
            Some(share) => share,
            None => self.shares.entry(worker.to_owned()).or_default(),
        };
        if share.waiting + share.writing + line.len() > free {
            share.dropped += 1;
            return false;
        }
        share.waiting += line.len();
        self.waiting.extend_from_slice(line.as_bytes());
        true
    }

    /// Moves what waits to `batch`, after lines about what was dropped.
    fn take(&mut self, batch: &mut Vec<u8>, now: Instant, tell: impl Fn(Dropped<'_>) -> String) {
        batch.clear();
        batch.shrink_to(CAPACITY_KEPT);
        std::mem::swap(batch, &mut self.waiting);
        self.writing = batch.len();
        for (worker, share) in &mut self.shares {
            share.writing = std::mem::take(&mut share.waiting);
            let is_due = share.told_at.is_none_or(|told| now.saturating_duration_since(told) >= TELL_PERIOD);
            if share.dropped > 0 && is_due {
                let worker = Some(worker.as_str()).filter(|&worker| worker != NO_WORKER);
                batch.extend_from_slice(tell(Dropped { worker, lines: share.dropped }).as_bytes());
                (share.dropped, share.told_at) = (0, Some(now));
            }
        }
    }

    fn written(&mut self) {
        self.writing = 0;
        self.shares.retain(|_, share| {
            share.writing = 0;
            share.waiting > 0 || share.dropped > 0 || share.told_at.is_some_and(|told| told.elapsed() < TELL_PERIOD)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(dropped: Dropped<'_>) -> String {
        format!("{:?} lost {}\n", dropped.worker, dropped.lines)
    }

    fn taken(queue: &mut Queue, now: Instant) -> String {
        let mut batch = Vec::new();
        queue.take(&mut batch, now, told);
        String::from_utf8(batch).expect("UTF-8")
    }

    /// Pushes lines of 10 bytes until one is dropped; how many were not.
    fn flood(queue: &mut Queue, worker: &str) -> usize {
        (0..1_000).take_while(|_| queue.push(worker, "123456789\n")).count()
    }

    #[test]
    fn a_flood_leaves_as_much_as_it_takes() {
        let mut queue = Queue::new(1_200);
        assert_eq!(flood(&mut queue, "a"), 60);
        assert_eq!(flood(&mut queue, "b"), 30);
        assert!(queue.push("c", "a line of somebody who says little\n"));
        assert!(queue.push(NO_WORKER, "and one of worky itself\n"));
    }

    #[test]
    fn what_is_being_written_still_counts() {
        let mut queue = Queue::new(400);
        assert_eq!(flood(&mut queue, "a"), 20);
        taken(&mut queue, Instant::now());
        assert_eq!(flood(&mut queue, "a"), 0, "its half is not written yet");
        queue.written();
        assert_eq!(flood(&mut queue, "a"), 20);
    }

    #[test]
    fn drops_are_told_once_in_a_while() {
        let mut queue = Queue::new(40);
        let now = Instant::now();
        assert_eq!(flood(&mut queue, "a"), 2);
        assert!(!queue.push("a", "123456789\n"));
        assert_eq!(taken(&mut queue, now), "123456789\n123456789\nSome(\"a\") lost 2\n");
        queue.written();
        assert_eq!(flood(&mut queue, "a"), 2);
        assert_eq!(taken(&mut queue, now), "123456789\n123456789\n", "it was told just now");
        queue.written();
        assert_eq!(taken(&mut queue, now + TELL_PERIOD), "Some(\"a\") lost 1\n");
    }

    #[test]
    fn nothing_is_kept_of_who_said_something_once() {
        let mut queue = Queue::new(400);
        for worker in 0..100 {
            assert!(queue.push(&format!("w{worker}"), "x\n"));
            taken(&mut queue, Instant::now());
            queue.written();
        }
        assert!(queue.shares.is_empty() && queue.is_empty());
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
        assert!(queue.0.queue.lock().is_empty());
    }
}
