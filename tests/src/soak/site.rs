//! The program as its clients know it: where it listens, whether it may be asked, and how it ended before.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

use super::trouble::Trouble;

/// How the program was ended under traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Graceful,
    Kill,
}

/// What holds when something is asked.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) address: SocketAddr,
    /// What the configuration says that the program was started with.
    pub(crate) version: u32,
    traffic: Traffic,
    /// Which start of the program this is, from 0.
    pub(crate) start: usize,
    /// How each start of the program ended; the last one may be about to.
    endings: Vec<Ending>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Traffic {
    Paused,
    Open,
    Over,
}

pub(crate) struct Site {
    state: watch::Sender<State>,
    busy: AtomicUsize,
}

/// What a client is told that wants to ask.
pub(crate) enum Entry<'a> {
    Open(State, Busy<'a>),
    Paused,
    Over,
}

/// Held by a client that is asking.
pub(crate) struct Busy<'a>(&'a Site);

impl Site {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let state = State { address, version: 0, traffic: Traffic::Paused, start: 0, endings: Vec::new() };
        Site { state: watch::Sender::new(state), busy: AtomicUsize::new(0) }
    }

    /// Whether something may be asked now.
    pub(crate) fn enter(&self) -> Entry<'_> {
        // Counted before it is looked, so that whoever pauses the traffic misses nobody.
        self.busy.fetch_add(1, Ordering::SeqCst);
        let busy = Busy(self);
        let state = self.state.borrow().clone();
        match state.traffic {
            Traffic::Open => Entry::Open(state, busy),
            Traffic::Paused => Entry::Paused,
            Traffic::Over => Entry::Over,
        }
    }

    /// Waits for the end of a pause.
    pub(crate) async fn resumed(&self) {
        // The sender lives as long as `self`.
        let mut state = self.state.subscribe();
        let _closed = state.wait_for(|state| state.traffic != Traffic::Paused).await;
    }

    pub(crate) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    pub(crate) fn resume(&self) {
        self.state.send_modify(|state| state.traffic = Traffic::Open);
    }

    pub(crate) fn pause(&self) {
        self.state.send_modify(|state| state.traffic = Traffic::Paused);
    }

    pub(crate) fn close(&self) {
        self.state.send_modify(|state| state.traffic = Traffic::Over);
    }

    /// Clients that are asking.
    pub(crate) fn busy(&self) -> usize {
        self.busy.load(Ordering::SeqCst)
    }

    /// From now on what is interrupted has its explanation.
    pub(crate) fn ends(&self, ending: Ending) {
        self.state.send_modify(|state| state.endings.push(ending));
    }

    pub(crate) fn started(&self, address: SocketAddr, version: u32) {
        self.state.send_modify(|state| {
            (state.address, state.version) = (address, version);
            state.start += 1;
        });
    }

    /// Whether the end of the program that was asked explains what went wrong. A graceful one finishes what it has begun.
    pub(crate) fn explains(&self, asked: &State, trouble: &Trouble) -> bool {
        match (self.state.borrow().endings.get(asked.start), trouble) {
            (Some(Ending::Kill), Trouble::NoAnswer(_) | Trouble::BrokenOff(_)) => true,
            (Some(Ending::Graceful), Trouble::NoAnswer(_) | Trouble::ShuttingDown) => true,
            (Some(_) | None, _) => false,
        }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}
