//! What front ends send to one isolate.

use std::collections::VecDeque;
use std::ffi::c_void;
use std::sync::Arc;
use std::task::Waker;

use deno_core::v8;
use futures_util::task::AtomicWaker;
use parking_lot::{Condvar, Mutex};

use super::front_end::Link;
use super::isolate;

pub(super) enum Order {
    /// A front end comes. The messages are what it has asked of isolates before this one.
    Attach {
        link: Link,
        again: Vec<String>,
    },
    Message {
        front_end: u32,
        text: String,
    },
    Detach {
        front_end: u32,
    },
    /// No debugger is to be waited for.
    Release,
}

/// Reaches the isolate whatever it does: it may wait in its event loop, be held, or run.
pub(super) struct Mailbox {
    orders: Mutex<VecDeque<Order>>,
    arrived: Condvar,
    waker: AtomicWaker,
    isolate: v8::IsolateHandle,
}

impl Mailbox {
    pub(super) fn new(isolate: v8::IsolateHandle) -> Arc<Self> {
        Arc::new(Mailbox { orders: Mutex::default(), arrived: Condvar::new(), waker: AtomicWaker::new(), isolate })
    }

    pub(super) fn push(&self, order: Order) {
        self.orders.lock().push_back(order);
        self.arrived.notify_one();
        self.waker.wake();
        self.isolate.request_interrupt(interrupted, std::ptr::null_mut());
    }

    pub(super) fn take(&self) -> Option<Order> {
        self.orders.lock().pop_front()
    }

    /// Takes the first message that `wanted` accepts, past those before it.
    pub(super) fn take_message(&self, wanted: impl Fn(&str) -> bool) -> Option<Order> {
        let mut orders = self.orders.lock();
        let place = orders.iter().position(|order| matches!(order, Order::Message { text, .. } if wanted(text)))?;
        orders.remove(place)
    }

    /// Blocks the calling thread until there is something.
    pub(super) fn wait(&self) -> Order {
        let mut orders = self.orders.lock();
        loop {
            if let Some(order) = orders.pop_front() {
                return order;
            }
            self.arrived.wait(&mut orders);
        }
    }

    /// Has this woken by whatever comes from now on.
    pub(super) fn register(&self, waker: &Waker) {
        self.waker.register(waker);
    }
}

unsafe extern "C" fn interrupted(_isolate: v8::UnsafeRawIsolatePtr, _none: *mut c_void) {
    isolate::interrupted();
}
