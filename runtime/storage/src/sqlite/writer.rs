//! The one thread that writes a file. It commits whatever is queued as one group: the flush to the device, which is
//! nearly all of a commit's cost, is shared, and nothing waits for a timer.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::cache::{Cache, Written};
use super::directory::DataDirectory;
use super::{Durability, OnThreadStart, file, statements};
use crate::{KvExpected, KvIncrement, KvPut, KvStoreError, StorageError};

/// Writes that may wait for the thread. At 2,000 unshared commits a second this is half a second of work.
const QUEUE_OPS_MAX: usize = 1024;
/// What waiting writes may hold in memory: two of the largest values and some.
const QUEUE_BYTES_MAX: usize = 64 << 20;
/// A group takes no more once it has this many writes …
const GROUP_OPS_MAX: usize = 256;
/// … or this many bytes. The write that reaches it still belongs, so a larger value is a group of its own.
const GROUP_BYTES_MAX: usize = 1 << 20;
/// The log is folded into the file once it has this many pages: 4 MiB.
const CHECKPOINT_PAGES: i64 = 1_000;
/// From this many pages on, 64 MiB, the checkpoint waits for readers, so that the log starts anew.
const CHECKPOINT_PAGES_FORCED: i64 = 16_000;

/// One logical write.
pub(super) enum Write {
    Put(KvPut),
    PutIf { put: KvPut, expected: KvExpected, now_ms: u64 },
    Increment { increment: KvIncrement, now_ms: u64 },
    Delete(String),
    Sweep { now_ms: u64, limit: usize },
}

/// What a write came to.
#[derive(Debug)]
pub(super) enum Done {
    /// How many entries it touched.
    Entries(usize),
    /// Of an increment.
    Sum(i64),
}

impl Write {
    fn bytes(&self) -> usize {
        match self {
            Write::Put(put) | Write::PutIf { put, .. } => {
                put.key.len() + put.entry.value.len() + put.entry.metadata.as_ref().map_or(0, String::len)
            }
            Write::Increment { increment, .. } => increment.key.len(),
            Write::Delete(key) => key.len(),
            Write::Sweep { .. } => 0,
        }
    }

    /// The key it is about; a sweep is about no certain one.
    fn key(&self) -> Option<&str> {
        match self {
            Write::Put(put) | Write::PutIf { put, .. } => Some(&put.key),
            Write::Increment { increment, .. } => Some(&increment.key),
            Write::Delete(key) => Some(key),
            Write::Sweep { .. } => None,
        }
    }

    /// What stands under its key once it came to `done`.
    fn leaves(&self, done: &Result<Done, KvStoreError>) -> Written<'_> {
        match (self, done) {
            (Write::Put(put), Ok(_)) => Written::Entry(&put.entry),
            (Write::Delete(_), Ok(_)) => Written::Absent,
            _ => Written::Unknown,
        }
    }

    /// The outer error is the database's; the inner one a refusal, with nothing written.
    fn apply(&self, connection: &Connection) -> rusqlite::Result<Result<Done, KvStoreError>> {
        let entries = match self {
            Write::Put(put) => statements::put(connection, put)?,
            Write::PutIf { put, expected, now_ms } => statements::put_if(connection, put, *expected, *now_ms)?,
            Write::Increment { increment, now_ms } => {
                return Ok(statements::increment(connection, increment, *now_ms)?.map(Done::Sum));
            }
            Write::Delete(key) => statements::delete(connection, key)?,
            Write::Sweep { now_ms, limit } => statements::sweep(connection, *now_ms, *limit)?,
        };
        Ok(Ok(Done::Entries(entries)))
    }
}

/// The way to the thread that writes one file.
pub(super) struct Writer {
    file: PathBuf,
    /// `None` once stopped.
    queue: RwLock<Option<SyncSender<Job>>>,
    depth: Arc<Depth>,
    thread: Mutex<Option<JoinHandle<Result<(), StorageError>>>>,
}

struct Job {
    write: Write,
    reply: oneshot::Sender<Result<Done, KvStoreError>>,
}

#[derive(Default)]
struct Depth {
    ops: AtomicUsize,
    bytes: AtomicUsize,
}

impl Writer {
    pub(super) fn start(
        directory: &Arc<DataDirectory>,
        namespace: &str,
        path: &Path,
        durability: Durability,
        cache: &Arc<Cache>,
        on_thread_start: OnThreadStart,
    ) -> Result<Self, StorageError> {
        let connection = file::open_writer(path, durability)?;
        let depth = Arc::new(Depth::default());
        let (sender, queue) = sync_channel(QUEUE_OPS_MAX);
        let state = Thread {
            connection,
            file: path.to_owned(),
            queue,
            depth: depth.clone(),
            cache: cache.clone(),
            _directory: directory.clone(),
        };
        let thread = thread::Builder::new()
            .name("kv-writer".to_owned())
            .spawn(move || {
                on_thread_start();
                state.run()
            })
            .map_err(|source| StorageError::Thread { namespace: namespace.to_owned(), source })?;
        Ok(Writer { file: path.to_owned(), queue: RwLock::new(Some(sender)), depth, thread: Mutex::new(Some(thread)) })
    }

    /// Queues the write and waits for its commit.
    pub(super) async fn write(&self, write: Write) -> Result<Done, KvStoreError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job { write, reply })?;
        // The thread answers every job it takes; it drops one only if it is unwinding.
        answer
            .await
            .unwrap_or_else(|_| Err(KvStoreError::Failed(format!("the writer of {} is gone", self.file.display()))))
    }

    fn enqueue(&self, job: Job) -> Result<(), KvStoreError> {
        let queue = self.queue.read();
        let Some(queue) = queue.as_ref() else { return Err(KvStoreError::Closed) };
        let bytes = job.write.bytes();
        let queued = self.depth.ops.fetch_add(1, Ordering::Relaxed);
        let bytes_before = self.depth.bytes.fetch_add(bytes, Ordering::Relaxed);
        // An empty queue takes a write of any size.
        let refused = if bytes_before > 0 && bytes_before + bytes > QUEUE_BYTES_MAX {
            Some(KvStoreError::Overloaded { queued })
        } else {
            match queue.try_send(job) {
                Ok(()) => None,
                Err(TrySendError::Full(_)) => Some(KvStoreError::Overloaded { queued }),
                Err(TrySendError::Disconnected(_)) => Some(KvStoreError::Closed),
            }
        };
        match refused {
            None => Ok(()),
            Some(error) => {
                self.depth.leave(bytes);
                Err(error)
            }
        }
    }

    /// No further write is taken; those queued are still written.
    pub(super) fn stop(&self) {
        self.queue.write().take();
    }

    /// Waits until everything queued is written and the file is closed.
    pub(super) fn join(&self) -> Result<(), StorageError> {
        let Some(thread) = self.thread.lock().take() else { return Ok(()) };
        thread.join().unwrap_or_else(|_| {
            let source = std::io::Error::other("its writer thread panicked");
            Err(StorageError::io("close", &self.file, source))
        })
    }
}

impl Depth {
    fn leave(&self, bytes: usize) {
        self.ops.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// What one write of a group came to, whose others are committed whatever it is.
type Applied = rusqlite::Result<Result<Done, KvStoreError>>;

struct Thread {
    connection: Connection,
    file: PathBuf,
    queue: Receiver<Job>,
    depth: Arc<Depth>,
    cache: Arc<Cache>,
    /// The directory stays locked while the file is open.
    _directory: Arc<DataDirectory>,
}

impl Thread {
    fn run(self) -> Result<(), StorageError> {
        while let Ok(first) = self.queue.recv() {
            let group = self.take_group(first);
            self.cache.begin(group.iter().filter_map(|job| job.write.key()));
            let outcomes = self.commit(&group);
            self.tell_cache(&group, &outcomes);
            for (job, outcome) in group.into_iter().zip(outcomes) {
                // A caller that went away does not want to know.
                let _ = job.reply.send(outcome);
            }
            self.checkpoint_if_due();
        }
        let file = self.file;
        checkpoint(&self.connection, "TRUNCATE").map_err(|source| StorageError::sqlite("checkpoint", &file, source))?;
        self.connection.close().map_err(|(_, source)| StorageError::sqlite("close", &file, source))
    }

    /// `first` and what else is queued, without waiting.
    fn take_group(&self, first: Job) -> Vec<Job> {
        let mut bytes = first.write.bytes();
        self.depth.leave(bytes);
        let mut group = vec![first];
        while group.len() < GROUP_OPS_MAX && bytes < GROUP_BYTES_MAX {
            let Ok(job) = self.queue.try_recv() else { break };
            let job_bytes = job.write.bytes();
            self.depth.leave(job_bytes);
            bytes += job_bytes;
            group.push(job);
        }
        group
    }

    /// Makes a group durable, and only then answers: what each write came to.
    fn commit(&self, group: &[Job]) -> Vec<Result<Done, KvStoreError>> {
        match self.transact(group) {
            Ok(outcomes) => {
                outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(|e| Err(self.failed(&e)))).collect()
            }
            Err(error) => {
                if !self.connection.is_autocommit()
                    && let Err(error) = self.execute("ROLLBACK")
                {
                    tracing::error!(file = %self.file.display(), %error, "cannot roll back");
                }
                group.iter().map(|_| Err(self.failed(&error))).collect()
            }
        }
    }

    /// Before the writes are acknowledged, so that whoever reads after that does not find what was there before.
    fn tell_cache(&self, group: &[Job], outcomes: &[Result<Done, KvStoreError>]) {
        for (job, outcome) in group.iter().zip(outcomes) {
            if let (Write::Sweep { now_ms, .. }, Ok(Done::Entries(1..))) = (&job.write, outcome) {
                self.cache.sweep(*now_ms);
            }
        }
        let writes = group.iter().zip(outcomes);
        self.cache.end(writes.filter_map(|(job, outcome)| Some((job.write.key()?, job.write.leaves(outcome)))));
    }

    /// An error of the whole is an error of each: nothing was committed.
    fn transact(&self, group: &[Job]) -> rusqlite::Result<Vec<Applied>> {
        self.execute("BEGIN IMMEDIATE")?;
        let outcomes = match group {
            // A group of one needs no savepoint: if it fails, the transaction does.
            [job] => vec![Ok(job.write.apply(&self.connection)?)],
            _ => group.iter().map(|job| self.apply_in_savepoint(&job.write)).collect::<rusqlite::Result<_>>()?,
        };
        self.execute("COMMIT")?;
        Ok(outcomes)
    }

    /// The outer error is one that took the transaction with it, as a full disk does.
    fn apply_in_savepoint(&self, write: &Write) -> rusqlite::Result<Applied> {
        self.execute("SAVEPOINT one_write")?;
        let outcome = write.apply(&self.connection);
        if let Err(error) = outcome {
            if self.connection.is_autocommit() {
                return Err(error);
            }
            self.execute("ROLLBACK TO one_write")?;
            self.execute("RELEASE one_write")?;
            return Ok(Err(error));
        }
        self.execute("RELEASE one_write")?;
        Ok(outcome)
    }

    fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop)
    }

    /// Runs after the acknowledgements, so that no write waits for it but those that come while it runs.
    fn checkpoint_if_due(&self) {
        let done = checkpoint(&self.connection, "NOOP").and_then(|log| match log {
            log if log.pages >= CHECKPOINT_PAGES_FORCED => checkpoint(&self.connection, "RESTART"),
            log if log.pages - log.folded >= CHECKPOINT_PAGES => checkpoint(&self.connection, "PASSIVE"),
            log => Ok(log),
        });
        if let Err(error) = done {
            // Nothing is lost: the log holds every commit, and the next group tries again.
            tracing::warn!(file = %self.file.display(), %error, "cannot checkpoint");
        }
    }

    fn failed(&self, error: &rusqlite::Error) -> KvStoreError {
        KvStoreError::Failed(format!("{}: {error}", self.file.display()))
    }
}

/// How far the write-ahead log has come.
struct Log {
    pages: i64,
    /// Those of them that stand in the file.
    folded: i64,
}

fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<Log> {
    connection
        .prepare_cached(&format!("PRAGMA wal_checkpoint({mode})"))?
        .query_row([], |row| Ok(Log { pages: row.get(1)?, folded: row.get(2)? }))
}
