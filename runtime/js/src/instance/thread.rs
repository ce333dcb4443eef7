//! The thread of an isolate, which is blank at first, and then the worker's for the rest of its life.

use std::ffi::CString;
use std::io;
use std::sync::Arc;

use deno_core::unsync;
use tokio::sync::{mpsc, oneshot};
use worky_engine::LoadError;

use super::{Blueprint, Message, Phase, Shared, boot, run};
use crate::turns;

/// Native stack of an isolate's thread: V8 takes at most a quarter (`--stack-size`), native code below it the rest.
const STACK_BYTES: usize = 4 << 20;

/// Threads on which one instance has cryptography done.
const BLOCKING_THREADS_MAX: usize = 2;

/// The way to a thread with an isolate that no worker is in yet, or that is still being made. Dropping it ends the thread.
pub(crate) struct Blank {
    /// The heap limit of its isolate, which cannot be changed any more.
    pub(crate) memory_bytes: usize,
    shared: Arc<Shared>,
    orders: oneshot::Sender<Order>,
}

/// The worker that a blank isolate is to be.
pub(crate) struct Order {
    pub(super) blueprint: Arc<Blueprint>,
    pub(super) inbox: mpsc::WeakUnboundedSender<Message>,
    pub(super) messages: mpsc::UnboundedReceiver<Message>,
    pub(super) started: oneshot::Sender<Result<(), LoadError>>,
}

impl Blank {
    /// Starts a thread that makes an isolate.
    pub(crate) fn start(memory_bytes: usize) -> io::Result<Blank> {
        let (blank, thread) = Blank::new(memory_bytes);
        thread.spawn(|| {}, ())?;
        Ok(blank)
    }

    /// Starts a thread that makes an isolate. `ready` is given it on that thread, or is dropped where it cannot be made;
    /// `held` is dropped when a worker moves in, or else once the thread has returned all of the isolate's memory.
    pub(crate) fn start_for(
        memory_bytes: usize,
        held: impl Send + 'static,
        ready: impl FnOnce(Blank) + Send + 'static,
    ) -> io::Result<()> {
        let (blank, thread) = Blank::new(memory_bytes);
        thread.spawn(move || ready(blank), held)
    }

    fn new(memory_bytes: usize) -> (Blank, Thread) {
        let (orders, order) = oneshot::channel();
        let shared = Shared::new();
        let thread = Thread { memory_bytes, shared: shared.clone(), order };
        (Blank { memory_bytes, shared, orders }, thread)
    }

    /// Has a worker move in. Gives the order back where the thread has ended.
    pub(super) fn furnish(self, order: Order) -> Result<Arc<Shared>, Order> {
        self.orders.send(order).map(|()| self.shared)
    }
}

struct Thread {
    memory_bytes: usize,
    shared: Arc<Shared>,
    order: oneshot::Receiver<Order>,
}

impl Thread {
    fn spawn(self, ready: impl FnOnce() + Send + 'static, held: impl Send + 'static) -> io::Result<()> {
        let run = move || self.run(ready, held);
        std::thread::Builder::new().name("blank isolate".to_owned()).stack_size(STACK_BYTES).spawn(run).map(drop)
    }

    fn run(mut self, ready: impl FnOnce() + 'static, held: impl Send + 'static) {
        turns::postpone_this_thread();
        let shared = self.shared.clone();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(BLOCKING_THREADS_MAX)
            .build();
        match runtime {
            Ok(runtime) => {
                // As a task, because waking the future that the thread blocks on costs a system call, and a task does not.
                if let Err(error) = runtime.block_on(async { unsync::spawn(self.live(ready, held)).await }) {
                    tracing::error!(%error, "an instance broke down");
                }
                // Cryptography that is still at work may finish for nobody; the instance does not wait for it.
                runtime.shutdown_background();
            }
            Err(error) => self.refuse(LoadError::Host(format!("no event loop for an isolate: {error}"))),
        }
        shared.enter(Phase::Dead);
        shared.ended.send_replace(true);
    }

    async fn live(mut self, ready: impl FnOnce(), held: impl Sized) {
        self.shared.load.of_this_thread();
        let blank = match boot::blank(self.memory_bytes, self.shared.clone()).await {
            Ok(blank) => blank,
            Err(error) => return self.refuse(error),
        };
        ready();
        let Ok(order) = self.order.await else {
            drop(blank);
            return drop(held);
        };
        drop(held);
        let Order { blueprint, inbox, messages, started } = order;
        name_thread(&format!("worker {}", blueprint.bindings.worker));
        match boot::furnish(blank, &blueprint, inbox.clone()).await {
            Ok(isolate) => {
                // Without a caller any more there is still the inbox to close in order.
                let _ = started.send(Ok(()));
                run::run(isolate, inbox, messages, &blueprint, &self.shared).await;
            }
            Err(error) => {
                let _ = started.send(Err(error));
            }
        }
    }

    /// Tells whoever wanted the isolate, if somebody did.
    fn refuse(&mut self, error: LoadError) {
        self.order.close();
        if let Ok(order) = self.order.try_recv() {
            let _ = order.started.send(Err(error));
        } else {
            tracing::error!(%error, "no isolate can be made in advance");
        }
    }
}

/// Names the calling thread for the system's tools, as far as they show: 15 bytes on Linux, 63 on macOS.
fn name_thread(name: &str) {
    #[cfg(target_os = "linux")]
    const BYTES_MAX: usize = 15;
    #[cfg(not(target_os = "linux"))]
    const BYTES_MAX: usize = 63;
    let Ok(name) = CString::new(&name.as_bytes()[..name.len().min(BYTES_MAX)]) else { return };
    #[cfg(target_os = "linux")]
    // SAFETY: pthread_self is always valid in the thread that calls it, and the name is a string that ends with a zero,
    // which is copied.
    unsafe {
        libc::pthread_setname_np(libc::pthread_self(), name.as_ptr());
    }
    #[cfg(target_os = "macos")]
    // SAFETY: the name is a string that ends with a zero, which is copied.
    unsafe {
        libc::pthread_setname_np(name.as_ptr());
    }
}
