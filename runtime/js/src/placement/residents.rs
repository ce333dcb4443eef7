//! The instances of all workers: how many there may be, and who makes room.

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;
use worky_engine::CallError;

use super::Replicas;
use super::policy::{self, Candidate};
use crate::instance::{InstanceHandle, Phase, Retirement};

/// Where no instance is idle there may be this many times the bound: better a slower machine than an error.
const HARD_FACTOR: u32 = 2;

/// An instance that was started for a call is not idle until that call has come, or has had this long for it.
const AWAITED: Duration = Duration::from_secs(2);

pub(super) struct Residents {
    isolates_max: u32,
    memory_bytes_max: usize,
    list: Mutex<List>,
}

#[derive(Default)]
struct List {
    residents: Vec<Resident>,
    /// Places that are taken for instances that start.
    starting: u32,
}

pub(super) struct Resident {
    pub(super) instance: InstanceHandle,
    pub(super) replicas: Weak<Replicas>,
    started_at: Instant,
    awaited: Awaited,
}

/// Whether a call waits for an instance that starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaited {
    Yes,
    No,
}

/// What a place is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The first instance of a worker: others make room for it.
    First,
    /// One more for a worker that has some: it takes nobody's place.
    Another,
    /// To see whether a worker starts at all, which is always allowed: deployments are few at once.
    Deployment,
}

/// A place for an instance that is about to start.
pub(super) struct Place<'a>(&'a Residents);

impl Residents {
    pub(super) fn new(isolates_max: u32, memory_bytes_max: usize) -> Self {
        Residents { isolates_max, memory_bytes_max, list: Mutex::default() }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.list.lock().memory_bytes()
    }

    /// Takes a place, for which idle instances may have to go.
    pub(super) fn reserve(&self, purpose: Purpose) -> Result<Place<'_>, CallError> {
        let now = Instant::now();
        let mut list = self.list.lock();
        list.residents.retain(|resident| resident.instance.phase() != Phase::Dead);
        loop {
            let count = list.residents.len() as u32 + list.starting;
            let why = if count >= self.isolates_max {
                Retirement::Evicted
            } else if list.memory_bytes() >= self.memory_bytes_max {
                Retirement::EvictedForMemory
            } else {
                break;
            };
            if purpose != Purpose::Another && list.evict(now, why) {
                continue;
            }
            let hard = self.isolates_max.saturating_mul(HARD_FACTOR);
            match (purpose, why) {
                (Purpose::Deployment, _) => break,
                (Purpose::First, Retirement::Evicted) if count < hard => break,
                (_, Retirement::Evicted) => return Err(CallError::IsolatesFull { limit: self.isolates_max }),
                _ => return Err(CallError::IsolatesMemory { limit_bytes: self.memory_bytes_max }),
            }
        }
        list.starting += 1;
        Ok(Place(self))
    }

    pub(super) fn count(&self) -> usize {
        self.list.lock().residents.len()
    }

    /// Looks at each resident.
    pub(super) fn each(&self, mut look: impl FnMut(&Resident)) {
        self.list.lock().residents.iter().for_each(&mut look);
    }

    /// Forgets those that ended, and has idle ones go until the rest is within both bounds.
    pub(super) fn sweep(&self, now: Instant) {
        let mut list = self.list.lock();
        list.residents.retain(|resident| resident.instance.phase() != Phase::Dead);
        while list.residents.len() as u32 > self.isolates_max && list.evict(now, Retirement::Evicted) {}
        while list.memory_bytes() > self.memory_bytes_max && list.evict(now, Retirement::EvictedForMemory) {}
    }
}

impl List {
    fn memory_bytes(&self) -> usize {
        self.residents.iter().map(|resident| resident.instance.load().memory_bytes()).sum()
    }

    /// Has the idle one go that was used least recently; false where all have something to do. A call that is sent to
    /// it at this very moment is still begun, or comes back and goes to another.
    fn evict(&mut self, now: Instant, why: Retirement) -> bool {
        let candidates = self.residents.iter().map(|resident| Candidate {
            idle: resident.is_idle(now),
            used_at: resident.instance.load().used_at().max(resident.started_at),
        });
        let Some(index) = policy::to_evict(candidates) else { return false };
        self.residents.swap_remove(index).instance.retire(why);
        true
    }
}

impl Resident {
    fn is_idle(&self, now: Instant) -> bool {
        let instance = &self.instance;
        let awaited = self.awaited == Awaited::Yes
            && !instance.load().has_begun()
            && now.saturating_duration_since(self.started_at) < AWAITED;
        instance.phase() == Phase::Serving && instance.is_idle() && !awaited
    }
}

impl Place<'_> {
    /// The instance is there.
    pub(super) fn fill(self, instance: InstanceHandle, replicas: Weak<Replicas>, awaited: Awaited) {
        let resident = Resident { instance, replicas, started_at: Instant::now(), awaited };
        self.0.list.lock().residents.push(resident);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.list.lock().starting -= 1;
    }
}

/// Workers, each once.
pub(super) fn distinct(mut replicas: Vec<Arc<Replicas>>) -> Vec<Arc<Replicas>> {
    replicas.sort_by_key(|replicas| Arc::as_ptr(replicas).addr());
    replicas.dedup_by(|a, b| Arc::ptr_eq(a, b));
    replicas
}
