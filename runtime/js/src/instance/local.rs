//! Calls that are made on the instance's own thread, by those who live there.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::sync::mpsc;
use worky_engine::CallError;
use worky_engine::local::{Begun, LocalCall, LocalInstance, Reply};

use super::run::SharedLife;
use super::state::ReplyTo;
use super::{Message, Phase, Shared};

/// The instance, for visitors.
pub(super) struct Local {
    pub(super) life: SharedLife,
    pub(super) shared: Arc<Shared>,
    pub(super) inbox: mpsc::WeakUnboundedSender<Message>,
}

impl LocalInstance for Local {
    fn is_serving(&self) -> bool {
        self.shared.phase() == Phase::Serving
    }

    fn call(&self, call: LocalCall) -> Begun {
        if !self.is_serving() {
            return Begun::Refused(call);
        }
        // It is never borrowed across a turn of the thread's event loop, so it is free whenever a visitor runs.
        let mut life = self.life.borrow_mut();
        let Some(life) = life.as_mut() else { return Begun::Refused(call) };
        let id = self.shared.next_id();
        let slot = Rc::new(Slot::default());
        let LocalCall { head, body, context, now } = call;
        life.call_from_here(id, head, body, context, ReplyTo::Local(slot.clone()), now.into());
        match slot.outcome.take() {
            Some(outcome) => Begun::Done(outcome),
            None => Begun::Pending(Box::pin(Pending { slot, id, inbox: self.inbox.clone(), ended: Ended::No })),
        }
    }
}

/// Where the answer of a call is put.
#[derive(Default)]
pub(crate) struct Slot {
    outcome: Cell<Option<Result<Reply, CallError>>>,
    waker: RefCell<Option<Waker>>,
}

impl Slot {
    pub(super) fn fill(&self, outcome: Result<Reply, CallError>) {
        self.outcome.set(Some(outcome));
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }
}

struct Pending {
    slot: Rc<Slot>,
    id: u32,
    inbox: mpsc::WeakUnboundedSender<Message>,
    ended: Ended,
}

#[derive(PartialEq)]
enum Ended {
    Yes,
    No,
}

impl Future for Pending {
    type Output = Result<Reply, CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(outcome) = self.slot.outcome.take() {
            self.ended = Ended::Yes;
            return Poll::Ready(outcome);
        }
        let mut waker = self.slot.waker.borrow_mut();
        match &*waker {
            Some(known) if known.will_wake(cx.waker()) => {}
            _ => *waker = Some(cx.waker().clone()),
        }
        Poll::Pending
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if self.ended == Ended::Yes {
            return;
        }
        // By message, because this may run while the instance is taken apart.
        if let Some(inbox) = self.inbox.upgrade() {
            let _ = inbox.send(Message::Cancel { id: self.id });
        }
    }
}
