//! Reads. A point read of a page at hand takes SQLite about as long as handing it to another thread would, so it runs
//! on the caller's; whatever may take long goes to the namespace's reading threads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::OnThreadStart;
use super::directory::DataDirectory;
use super::file;
use super::statements::{self, Read};
use crate::{KvEntry, KvList, KvStoreError, READ_BYTES_MAX};

/// Values up to this many bytes in one call are read on the caller's thread: at most some 0.1 ms of copying.
const INLINE_BYTES_MAX: usize = 256 << 10;
/// Keys up to this many in one call are read on the caller's thread.
const INLINE_KEYS_MAX: usize = 16;
/// Callers that read on their own threads at once; the next goes to a reading thread.
const INLINE_CONNECTIONS_MAX: usize = 4;
/// Threads that read what takes long. They start when first needed.
const THREADS: usize = 2;
/// Reads that may wait for a thread.
const QUEUE_OPS_MAX: usize = 1024;

pub(super) struct Readers {
    file: PathBuf,
    directory: Arc<DataDirectory>,
    on_thread_start: OnThreadStart,
    /// `None` once stopped.
    inline: Mutex<Option<Inline>>,
    threads: RwLock<Threads>,
}

/// Connections for callers' own threads, opened when first needed.
#[derive(Default)]
struct Inline {
    idle: Vec<Connection>,
    opened: usize,
}

enum Threads {
    NotStarted,
    Running(SyncSender<Job>),
    Stopped,
}

type Reply<T> = oneshot::Sender<Result<T, KvStoreError>>;

enum Job {
    Get { keys: Vec<String>, now_ms: u64, reply: Reply<Vec<Option<KvEntry>>> },
    List { prefix: String, after: Option<String>, limit: usize, now_ms: u64, reply: Reply<KvList> },
}

impl Readers {
    pub(super) fn new(directory: &Arc<DataDirectory>, path: &Path, on_thread_start: OnThreadStart) -> Self {
        Readers {
            file: path.to_owned(),
            directory: directory.clone(),
            on_thread_start,
            inline: Mutex::new(Some(Inline::default())),
            threads: RwLock::new(Threads::NotStarted),
        }
    }

    /// Reads a few keys on this thread. `Beyond` where a reading thread has to do it.
    pub(super) fn get_at_once<K: AsRef<str>>(&self, keys: &[K], now_ms: u64) -> Result<Read, KvStoreError> {
        if keys.len() > INLINE_KEYS_MAX {
            return Ok(Read::Beyond);
        }
        let Some(connection) = self.take_inline()? else { return Ok(Read::Beyond) };
        let read = statements::read(&connection, keys, now_ms, INLINE_BYTES_MAX);
        if let Some(inline) = self.inline.lock().as_mut() {
            inline.idle.push(connection);
        }
        read.map_err(|error| failed(&self.file, &error))
    }

    /// Has a reading thread read.
    pub(super) async fn get(&self, keys: Vec<String>, now_ms: u64) -> Result<Vec<Option<KvEntry>>, KvStoreError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Get { keys, now_ms, reply })?;
        self.wait(answer).await
    }

    pub(super) async fn list(
        &self,
        prefix: String,
        after: Option<String>,
        limit: usize,
        now_ms: u64,
    ) -> Result<KvList, KvStoreError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::List { prefix, after, limit, now_ms, reply })?;
        self.wait(answer).await
    }

    /// What is queued is still answered.
    pub(super) fn stop(&self) {
        self.inline.lock().take();
        *self.threads.write() = Threads::Stopped;
    }

    fn take_inline(&self) -> Result<Option<Connection>, KvStoreError> {
        {
            let mut inline = self.inline.lock();
            let Some(inline) = inline.as_mut() else { return Err(KvStoreError::Closed) };
            if let Some(connection) = inline.idle.pop() {
                return Ok(Some(connection));
            }
            if inline.opened == INLINE_CONNECTIONS_MAX {
                return Ok(None);
            }
            inline.opened += 1;
        }
        file::open_reader(&self.file).map(Some).map_err(|error| {
            if let Some(inline) = self.inline.lock().as_mut() {
                inline.opened -= 1;
            }
            failed(&self.file, &error)
        })
    }

    fn enqueue(&self, job: Job) -> Result<(), KvStoreError> {
        let refused = match &*self.threads.read() {
            Threads::Running(queue) => queue.try_send(job),
            Threads::Stopped => return Err(KvStoreError::Closed),
            Threads::NotStarted => Err(TrySendError::Disconnected(job)),
        };
        match refused {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(KvStoreError::Overloaded { queued: QUEUE_OPS_MAX }),
            Err(TrySendError::Disconnected(job)) => self.start_and_enqueue(job),
        }
    }

    fn start_and_enqueue(&self, job: Job) -> Result<(), KvStoreError> {
        let mut threads = self.threads.write();
        if let Threads::NotStarted = *threads {
            *threads = Threads::Running(self.start().map_err(KvStoreError::Failed)?);
        }
        match &*threads {
            Threads::Running(queue) => {
                queue.try_send(job).map_err(|_full| KvStoreError::Overloaded { queued: QUEUE_OPS_MAX })
            }
            Threads::NotStarted | Threads::Stopped => Err(KvStoreError::Closed),
        }
    }

    fn start(&self) -> Result<SyncSender<Job>, String> {
        let (sender, queue) = sync_channel(QUEUE_OPS_MAX);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..THREADS {
            let connection = file::open_reader(&self.file)
                .map_err(|error| format!("cannot open {}: {error}", self.file.display()))?;
            let state = Thread {
                connection,
                file: self.file.clone(),
                queue: queue.clone(),
                _directory: self.directory.clone(),
            };
            let on_thread_start = self.on_thread_start;
            thread::Builder::new()
                .name("kv-reader".to_owned())
                .spawn(move || {
                    on_thread_start();
                    state.run()
                })
                .map_err(|error| format!("cannot start a thread: {error}"))?;
        }
        Ok(sender)
    }

    async fn wait<T>(&self, answer: oneshot::Receiver<Result<T, KvStoreError>>) -> Result<T, KvStoreError> {
        answer
            .await
            .unwrap_or_else(|_| Err(KvStoreError::Failed(format!("the reader of {} is gone", self.file.display()))))
    }
}

struct Thread {
    connection: Connection,
    file: PathBuf,
    /// One thread waits in the channel, the others for the lock.
    queue: Arc<Mutex<Receiver<Job>>>,
    /// The directory stays locked while the file is open.
    _directory: Arc<DataDirectory>,
}

impl Thread {
    fn run(self) {
        loop {
            let job = self.queue.lock().recv();
            match job {
                Ok(job) => self.answer(job),
                Err(_stopped) => return,
            }
        }
    }

    fn answer(&self, job: Job) {
        // A caller that went away does not want to know.
        match job {
            Job::Get { keys, now_ms, reply } => {
                let _ = reply.send(self.get(&keys, now_ms));
            }
            Job::List { prefix, after, limit, now_ms, reply } => {
                let page = statements::list(&self.connection, &prefix, after.as_deref(), limit, now_ms);
                let _ = reply.send(page.map_err(|error| failed(&self.file, &error)));
            }
        }
    }

    fn get(&self, keys: &[String], now_ms: u64) -> Result<Vec<Option<KvEntry>>, KvStoreError> {
        let bytes_max = if keys.len() == 1 { usize::MAX } else { READ_BYTES_MAX };
        match statements::read(&self.connection, keys, now_ms, bytes_max) {
            Ok(Read::Entries(entries)) => Ok(entries),
            Ok(Read::Beyond) => Err(KvStoreError::TooLarge { max_bytes: bytes_max }),
            Err(error) => Err(failed(&self.file, &error)),
        }
    }
}

fn failed(file: &Path, error: &rusqlite::Error) -> KvStoreError {
    KvStoreError::Failed(format!("{}: {error}", file.display()))
}
