//! The debugger: workers' isolates speak the Chrome DevTools protocol, which V8 implements.
//!
//! A [`JsInspector`] has a [`target`] for each worker. Front ends attach to the target and stay attached while isolates
//! come and go behind it, as they do with every reload: each new one is told what its front ends had asked of the one
//! before, breakpoints above all ([`wishes`]). On its own thread an isolate takes what front ends send from its
//! [`mailbox`] while it waits, runs or is held at a breakpoint ([`isolate`]). [`sources`] has the names under which front
//! ends find a worker's files.
//!
//! None of it is there unless a debugger was asked for.

mod front_end;
mod isolate;
mod mailbox;
mod sources;
mod target;
mod wishes;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use worky_engine::JsArtifact;
use worky_engine::inspect::{Attached, Inspect};

pub(crate) use isolate::{Inspection, report_exception};
pub(crate) use target::Inspected;
use target::{Session, Target};

/// What becomes of a worker's first start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InspectStart {
    /// It does not wait for a debugger.
    Run,
    /// It waits for one, and for its order to run.
    Wait,
    /// It waits for one, and stops at its first statement. So does a new version of it while a debugger is attached.
    Break,
}

/// All workers that can be debugged.
pub struct JsInspector {
    own: Weak<JsInspector>,
    start: InspectStart,
    state: Mutex<State>,
}

impl fmt::Debug for JsInspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsInspector").field("start", &self.start).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct State {
    targets: BTreeMap<Arc<str>, Arc<Target>>,
    next_front_end: u32,
    closed: bool,
}

impl JsInspector {
    pub fn new(start: InspectStart) -> Arc<Self> {
        Arc::new_cyclic(|own| JsInspector { own: own.clone(), start, state: Mutex::default() })
    }

    /// Detaches all front ends, so that nothing is held any more, and lets none attach again.
    pub fn close(&self) {
        let targets = {
            let mut state = self.state.lock();
            state.closed = true;
            std::mem::take(&mut state.targets)
        };
        targets.values().for_each(|target| target.close());
    }

    /// A version of a worker that is about to start. Its scripts get the names of their source maps.
    pub(crate) fn load(self: &Arc<Self>, worker: &Arc<str>, artifact: &mut JsArtifact) -> Arc<Inspected> {
        let sources = sources::Sources::of(artifact);
        let mut state = self.state.lock();
        let closed = state.closed;
        let target = state.targets.entry(worker.clone()).or_insert_with(|| Target::new(worker.clone()));
        let target = target.clone();
        if closed {
            target.close();
        }
        target.version_begins(sources.url(&artifact.entry));
        Inspected::new(self.clone(), target, sources)
    }

    /// Forgets a target that nothing is behind and nobody is attached to.
    fn tidy(&self, target: &Target) {
        let mut state = self.state.lock();
        if target.is_over() {
            state.targets.remove(target.worker());
        }
    }
}

impl Inspect for JsInspector {
    fn targets(&self) -> Vec<worky_engine::inspect::Target> {
        self.state.lock().targets.values().map(|target| target.describe()).collect()
    }

    fn attach(&self, id: &str) -> Option<Attached> {
        let mut state = self.state.lock();
        if state.closed {
            return None;
        }
        let target = state.targets.get(id)?.clone();
        state.next_front_end += 1;
        let (session, messages) = Session::begin(self.own.upgrade()?, target, state.next_front_end);
        Some(Attached { commands: Box::new(session), messages })
    }
}
