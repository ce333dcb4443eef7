//! One worker: the isolates that it has had, of which front ends see the newest.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream::BoxStream;
use parking_lot::Mutex;
use worky_engine::inspect::Commands;

use super::front_end::{FrontEnd, Present};
use super::mailbox::{Mailbox, Order};
use super::sources::Sources;
use super::{InspectStart, JsInspector};

pub(super) struct Target {
    worker: Arc<str>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    url: String,
    /// Versions of the worker that are loaded, or on their way in or out.
    versions: u32,
    /// In the order of their start.
    isolates: Vec<Live>,
    front_ends: Vec<Arc<FrontEnd>>,
    /// The worker has started once.
    started: bool,
    closed: bool,
}

struct Live {
    mailbox: Arc<Mailbox>,
    sources: Arc<Sources>,
}

/// What an isolate does before the worker's modules run in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) waits: bool,
    pub(super) breaks: bool,
}

impl Target {
    pub(super) fn new(worker: Arc<str>) -> Arc<Self> {
        Arc::new(Target { worker, state: Mutex::default() })
    }

    pub(super) fn worker(&self) -> &str {
        &self.worker
    }

    pub(super) fn describe(&self) -> worky_engine::inspect::Target {
        worky_engine::inspect::Target { id: self.worker.to_string(), url: self.state.lock().url.clone() }
    }

    pub(super) fn version_begins(&self, url: String) {
        let mut state = self.state.lock();
        state.versions += 1;
        state.url = url;
    }

    pub(super) fn is_over(&self) -> bool {
        let state = self.state.lock();
        state.versions == 0 && state.front_ends.is_empty()
    }

    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        let front_ends = std::mem::take(&mut state.front_ends);
        for live in &state.isolates {
            front_ends.iter().for_each(|front_end| live.mailbox.push(Order::Detach { front_end: front_end.id }));
            live.mailbox.push(Order::Release);
        }
        front_ends.iter().for_each(|front_end| front_end.close());
    }

    /// An isolate is there, to which all front ends go.
    fn enter(&self, live: Live, start: InspectStart, first_of_version: bool) -> Hold {
        let mut state = self.state.lock();
        let first = !std::mem::replace(&mut state.started, true);
        let before = state.isolates.last().map(|live| live.mailbox.clone());
        for front_end in &state.front_ends {
            if let Some(mailbox) = &before {
                leave(front_end, Some(mailbox));
            }
            live.welcome(front_end);
        }
        let attached = !state.front_ends.is_empty();
        state.isolates.push(live);
        let waits = first && start != InspectStart::Run && !state.closed;
        let breaks = start == InspectStart::Break && (waits || first_of_version && attached);
        Hold { waits, breaks }
    }

    /// An isolate ends. Front ends that are with it go to the one before, if that is still there: it serves on where a new
    /// version does not start.
    fn exit(&self, mailbox: &Arc<Mailbox>) {
        let mut state = self.state.lock();
        let Some(place) = state.isolates.iter().position(|live| Arc::ptr_eq(&live.mailbox, mailbox)) else { return };
        let was_last = place + 1 == state.isolates.len();
        state.isolates.remove(place);
        if was_last {
            for front_end in &state.front_ends {
                leave(front_end, None);
                if let Some(live) = state.isolates.last() {
                    live.welcome(front_end);
                }
            }
        }
    }
}

fn leave(front_end: &FrontEnd, isolate: Option<&Mailbox>) {
    front_end.leave();
    if let Some(mailbox) = isolate {
        mailbox.push(Order::Detach { front_end: front_end.id });
    }
}

impl Live {
    fn welcome(&self, front_end: &Arc<FrontEnd>) {
        let (link, again) = front_end.join(self.sources.clone());
        self.mailbox.push(Order::Attach { link, again });
    }
}

/// One version of a worker that can be debugged.
pub(crate) struct Inspected {
    inspector: Arc<JsInspector>,
    target: Arc<Target>,
    sources: Arc<Sources>,
    started: AtomicBool,
}

impl Inspected {
    pub(super) fn new(inspector: Arc<JsInspector>, target: Arc<Target>, sources: Arc<Sources>) -> Arc<Self> {
        Arc::new(Inspected { inspector, target, sources, started: AtomicBool::new(false) })
    }

    pub(super) fn worker(&self) -> &str {
        self.target.worker()
    }

    pub(super) fn sources(&self) -> &Arc<Sources> {
        &self.sources
    }

    /// An isolate is there. It is gone again once what this answers is dropped.
    pub(super) fn enter(&self, mailbox: Arc<Mailbox>) -> (Presence, Hold) {
        let first_of_version = !self.started.swap(true, Ordering::Relaxed);
        let live = Live { mailbox: mailbox.clone(), sources: self.sources.clone() };
        let hold = self.target.enter(live, self.inspector.start, first_of_version);
        (Presence { target: self.target.clone(), mailbox }, hold)
    }
}

impl Drop for Inspected {
    fn drop(&mut self) {
        self.target.state.lock().versions -= 1;
        self.inspector.tidy(&self.target);
    }
}

/// An isolate that front ends can be with.
pub(super) struct Presence {
    target: Arc<Target>,
    mailbox: Arc<Mailbox>,
}

impl Presence {
    pub(super) fn worker(&self) -> &str {
        self.target.worker()
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.target.exit(&self.mailbox);
    }
}

/// A front end's hold on a target.
pub(super) struct Session {
    inspector: Arc<JsInspector>,
    target: Arc<Target>,
    front_end: Arc<FrontEnd>,
}

impl Session {
    pub(super) fn begin(
        inspector: Arc<JsInspector>,
        target: Arc<Target>,
        id: u32,
    ) -> (Self, BoxStream<'static, String>) {
        let (front_end, messages) = FrontEnd::new(id);
        {
            let mut state = target.state.lock();
            if let Some(live) = state.isolates.last() {
                live.welcome(&front_end);
            }
            state.front_ends.push(front_end.clone());
        }
        (Session { inspector, target, front_end }, messages)
    }
}

impl Commands for Session {
    fn send(&self, message: &str) {
        let state = self.target.state.lock();
        let isolate = state.isolates.last();
        let messages = self.front_end.says(message, isolate.map_or(Present::No, |_| Present::Yes));
        if let Some(live) = isolate {
            let front_end = self.front_end.id;
            messages.into_iter().for_each(|text| live.mailbox.push(Order::Message { front_end, text }));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        {
            let mut state = self.target.state.lock();
            state.front_ends.retain(|front_end| !Arc::ptr_eq(front_end, &self.front_end));
            if let Some(live) = state.isolates.last() {
                live.mailbox.push(Order::Detach { front_end: self.front_end.id });
            }
        }
        self.inspector.tidy(&self.target);
    }
}
