//! The instances of one worker: none, one or more of them.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::future::{BoxFuture, Shared};
use futures_util::{FutureExt, future};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::time::Instant;
use worky_engine::{CallError, FetchEvent, InstanceFigures, LoadError, Outcome};
use worky_host::standstill::Moment;

use super::backoff::{Backoff, Wait};
use super::policy::{self, Figures};
use super::queue::give_back;
use super::residents::{Awaited, Place, Purpose};
use super::{Gate, Placement};
use crate::instance::{Answer, Blueprint, InstanceHandle, Phase, Retirement};
use crate::watchdog::Kill;

/// How often a call is sent again because its instance does not begin it: it ended, or another one is sooner ready.
const SENDS_MAX: usize = 16;

/// How often one call waits for an instance to start, or for the end of others that are in the way of that.
const STARTS_MAX: usize = 8;

/// Instances on their way out, beside `max_instances` of them, while another one starts.
const LEAVING_MORE: u32 = 1;

/// An instance that has not come round to its queue for so long is stalled.
const STALLED: Duration = Duration::from_millis(25);

/// Where so many instances are resident, one that only showed that its worker starts does not stay.
const WARM_MAX: usize = 200;

pub(crate) struct Replicas {
    blueprint: Arc<Blueprint>,
    placement: Arc<Placement>,
    /// Where starts run: a call that gives up must not take one down with it that others wait for.
    runtime: Handle,
    gate: Gate,
    state: Mutex<State>,
    own: Weak<Replicas>,
}

#[derive(Default)]
struct State {
    serving: Vec<InstanceHandle>,
    /// Instances that take no new calls and have not ended yet.
    leaving: Vec<InstanceHandle>,
    /// The start that is under way: one at a time.
    start: Option<Start>,
    backoff: Backoff<Arc<CallError>>,
    /// The worker is replaced or stopped.
    closed: bool,
}

const TOO_MANY_LEAVE: &str = "too many stopped instances have not ended yet";

/// What a call waits for that finds no instance.
enum Next {
    Start(Start),
    /// These are in the way of a start until one of them has ended.
    Leaving(Vec<InstanceHandle>),
}

/// What came of a start; where it failed the backoff knows why.
type Start = Shared<BoxFuture<'static, Result<(), Arc<CallError>>>>;

impl Replicas {
    /// Starts one instance, to see that there is nothing wrong. It stays while there is room.
    pub(crate) async fn load(placement: &Arc<Placement>, blueprint: Arc<Blueprint>) -> Result<Arc<Self>, LoadError> {
        let runtime = Handle::current();
        placement.start_ticker(&runtime);
        let gate = Gate {
            of_worker: super::Counter::default(),
            of_all: placement.queued.clone(),
            of_all_max: placement.config.queued_max,
        };
        let replicas = Arc::new_cyclic(|own: &Weak<Replicas>| Replicas {
            blueprint,
            placement: placement.clone(),
            runtime,
            gate,
            state: Mutex::default(),
            own: own.clone(),
        });
        let place = placement.residents.reserve(Purpose::Deployment).map_err(|e| LoadError::Host(e.to_string()))?;
        let first = InstanceHandle::start(replicas.blueprint.clone()).await?;
        replicas.settle(place, first.clone(), Awaited::No);
        if placement.residents.count() > WARM_MAX {
            first.retire(Retirement::Evicted);
        }
        placement.residents.sweep(Instant::now());
        Ok(replicas)
    }

    /// One call, from its arrival to its answer.
    pub(crate) async fn fetch(&self, mut event: Box<FetchEvent>) -> Result<Outcome, CallError> {
        let limits = &self.blueprint.limits;
        let mut waiting = self.gate.enter(limits.queue)?;
        let mut since = None;
        for _ in 0..SENDS_MAX {
            let instance = self.instance().await?;
            if since.is_none() {
                let delay = instance.queue().delay(Instant::now());
                if delay > limits.queue_wait {
                    return Err(CallError::QueueSlow { limit: limits.queue_wait });
                }
            }
            event = match instance.call(event, *since.get_or_insert_with(Moment::now), waiting) {
                Ok(call) => {
                    self.placement.wake_ticker();
                    match call.answer().await {
                        Answer::Done(outcome) => return outcome,
                        Answer::Unsent(event) => event,
                    }
                }
                Err(unsent) => unsent,
            };
            waiting = self.gate.enter_again();
        }
        Err(CallError::InstanceStopped { reason: "it did not stay up" })
    }

    /// A connection comes, whose calls are in no queue.
    pub(crate) fn look_soon(&self) {
        self.placement.wake_ticker();
    }

    /// The instance that the next call, or a connection, should go to: the one with the least to do. Where there is none
    /// one is started; where all are held up another one is, and this does not wait for it.
    pub(crate) async fn instance(&self) -> Result<InstanceHandle, CallError> {
        for _ in 0..STARTS_MAX {
            let next = {
                let now = Instant::now();
                let mut state = self.state.lock();
                self.tidy(&mut state, now);
                let figures = figures(&state.serving, now);
                if let Some(index) = policy::least_loaded(&figures) {
                    let best = state.serving[index].clone();
                    if figures[index].stalled {
                        self.start_another(&mut state, &figures, now);
                    }
                    return Ok(best);
                }
                if state.start.is_none() && self.too_many_leave(&state) {
                    Next::Leaving(state.leaving.clone())
                } else {
                    Next::Start(self.start_first(&mut state, now)?)
                }
            };
            match next {
                Next::Start(start) => {
                    self.blueprint.metrics.cold_start(&self.blueprint.bindings.worker);
                    start.await.map_err(|error| copied(&error))?;
                }
                Next::Leaving(leaving) => {
                    let one_ended = future::select_all(leaving.iter().map(|instance| Box::pin(instance.ended())));
                    let in_time = tokio::time::timeout(self.blueprint.limits.queue_wait, one_ended).await;
                    in_time.map_err(|_| CallError::InstanceStopped { reason: TOO_MANY_LEAVE })?;
                }
            }
        }
        Err(CallError::InstanceStopped { reason: "it did not stay up" })
    }

    /// Looks after the queues: what has waited too long is refused, what another instance can begin sooner is sent there,
    /// and where none has time one more is started.
    pub(super) fn relieve(&self, now: Instant) {
        let limit = self.blueprint.limits.queue_wait;
        let (mut expired, mut moved) = (Vec::new(), Vec::new());
        {
            let mut state = self.state.lock();
            self.tidy(&mut state, now);
            expired.extend(state.serving.iter().flat_map(|instance| instance.queue().take_expired(now, limit)));
            let figures = figures(&state.serving, now);
            self.start_another(&mut state, &figures, now);
            if let Some(policy::Move { from, count }) = policy::to_move(&figures) {
                moved = state.serving[from].queue().take_back(count);
            }
            if let Some(policy::Move { from, count }) = policy::to_send_away(&figures) {
                state.serving[from].send_away(count);
            }
        }
        for call in expired {
            let _ = call.reply.send(Answer::Done(Err(CallError::QueueSlow { limit })));
        }
        give_back(moved);
    }

    /// Has instances go that the worker has beside another one and does not need.
    pub(super) fn shrink(&self, now: Instant, idle: Duration) {
        let mut state = self.state.lock();
        self.tidy(&mut state, now);
        while let [others @ .., last] = &state.serving[..]
            && policy::may_go(&figures(others, now), last.is_idle(), last.load().used_at(), now, idle)
        {
            last.retire(Retirement::NotNeeded);
            let last = state.serving.pop();
            state.leaving.extend(last);
        }
    }

    /// Waits for a moment when nothing runs in any instance.
    pub(crate) async fn idle(&self) {
        /// Only tests wait so, and what they wait for is a request's last few steps.
        const PERIOD: Duration = Duration::from_millis(1);
        loop {
            let is_idle = {
                let state = self.state.lock();
                state.serving.iter().chain(&state.leaving).all(|one| one.phase() == Phase::Dead || one.is_idle())
            };
            if is_idle {
                return;
            }
            tokio::time::sleep(PERIOD).await;
        }
    }

    /// What each instance does and holds. Has memory measured, for the next time.
    pub(crate) fn instances(&self) -> Vec<InstanceFigures> {
        let now = Instant::now();
        let state = self.state.lock();
        let instances = state.serving.iter().chain(&state.leaving).filter(|instance| !instance.has_ended());
        instances.map(|instance| instance.figures(now)).collect()
    }

    /// Lets all instances finish and end, and waits until they have.
    pub(crate) async fn drain(&self) {
        let (start, instances) = {
            let mut state = self.state.lock();
            state.closed = true;
            let instances: Vec<_> = state.serving.iter().chain(&state.leaving).cloned().collect();
            (state.start.clone(), instances)
        };
        instances.iter().for_each(|instance| instance.retire(Retirement::Replaced));
        future::join_all(instances.iter().map(InstanceHandle::ended)).await;
        if let Some(start) = start {
            // It sees that the worker is closed, and ends the instance.
            let _over = start.await;
        }
    }

    /// Takes those out that serve no more, learns from how they ended, and sends their calls elsewhere.
    fn tidy(&self, state: &mut State, now: Instant) {
        let State { serving, leaving, backoff, .. } = state;
        for gone in serving.extract_if(.., |instance| instance.phase() != Phase::Serving) {
            match gone.load().killed() {
                _ if gone.load().has_answered() => backoff.stayed_up(),
                Some(reason) => {
                    let served = now.saturating_duration_since(gone.load().serving_since());
                    backoff.killed_unanswered(now, served, Arc::new(self.killed(reason)));
                }
                None => {}
            }
            if gone.phase() == Phase::Dead {
                // Its thread may be deep in native code of V8, and come round late.
                give_back(gone.queue().close());
            }
            leaving.push(gone);
        }
        leaving.retain(|instance| !instance.has_ended());
    }

    fn killed(&self, reason: Kill) -> CallError {
        let limits = &self.blueprint.limits;
        match reason {
            Kill::Cpu => CallError::CpuExceeded { limit: limits.cpu, at: None },
            Kill::Memory => CallError::MemoryExceeded { limit_bytes: limits.memory_bytes },
        }
    }

    fn start_first(&self, state: &mut State, now: Instant) -> Result<Start, CallError> {
        if let Some(start) = &state.start {
            return Ok(start.clone());
        }
        self.may_start(state, now)?;
        Ok(self.begin_start(state, Purpose::First))
    }

    /// One more instance, if those that serve have more to do than they can and there may be one.
    fn start_another(&self, state: &mut State, figures: &[Figures], now: Instant) {
        let room = figures.len() < self.blueprint.limits.max_instances as usize;
        if room
            && state.start.is_none()
            && policy::wants_another(figures, self.placement.spare.is_some())
            && self.may_start(state, now).is_ok()
        {
            // It runs by itself; calls go on to those that serve until it is there.
            drop(self.begin_start(state, Purpose::Another));
        }
    }

    fn may_start(&self, state: &State, now: Instant) -> Result<(), CallError> {
        if state.closed {
            return Err(CallError::InstanceStopped { reason: "its worker was replaced" });
        }
        state.backoff.check(now).map_err(|Wait { cause, left }| CallError::BackingOff { cause, left })?;
        if self.too_many_leave(state) {
            return Err(CallError::InstanceStopped { reason: TOO_MANY_LEAVE });
        }
        Ok(())
    }

    /// A killed instance whose thread is deep in native code of V8 holds its memory and a core until that returns.
    fn too_many_leave(&self, state: &State) -> bool {
        state.leaving.len() as u32 > self.blueprint.limits.max_instances + LEAVING_MORE
    }

    fn begin_start(&self, state: &mut State, purpose: Purpose) -> Start {
        let own = self.own.upgrade().expect("whoever calls this holds one");
        let task = self.runtime.spawn(async move { own.start(purpose).await });
        let stopped = |_| Err(Arc::new(CallError::ShuttingDown));
        let start = task.map(move |started| started.unwrap_or_else(stopped)).boxed().shared();
        state.start = Some(start.clone());
        start
    }

    async fn start(self: Arc<Self>, purpose: Purpose) -> Result<(), Arc<CallError>> {
        let place = match self.placement.residents.reserve(purpose) {
            Ok(place) => place,
            Err(full) => {
                self.state.lock().start = None;
                return Err(Arc::new(full));
            }
        };
        let started = InstanceHandle::start(self.blueprint.clone()).await;
        match started {
            Ok(fresh) => {
                self.settle(place, fresh, if purpose == Purpose::First { Awaited::Yes } else { Awaited::No });
                // What waits at others may be for this one.
                self.relieve(Instant::now());
                Ok(())
            }
            Err(error) => {
                let now = Instant::now();
                let mut state = self.state.lock();
                state.start = None;
                state.backoff.start_failed(now, Arc::new(CallError::Start(Arc::new(error))));
                let Err(Wait { cause, left }) = state.backoff.check(now) else { unreachable!("it has just failed") };
                Err(Arc::new(CallError::BackingOff { cause, left }))
            }
        }
    }

    /// A fresh instance takes its place, and calls from now on.
    fn settle(&self, place: Place<'_>, fresh: InstanceHandle, awaited: Awaited) {
        fresh.load().serves(Instant::now());
        fresh.sample_memory();
        place.fill(fresh.clone(), self.own.clone(), awaited);
        let mut state = self.state.lock();
        state.start = None;
        if state.closed {
            fresh.retire(Retirement::Replaced);
        }
        state.serving.push(fresh);
    }
}

impl Drop for Replicas {
    fn drop(&mut self) {
        let state = self.state.get_mut();
        state.serving.iter().for_each(|instance| instance.retire(Retirement::Replaced));
    }
}

fn figures(serving: &[InstanceHandle], now: Instant) -> Vec<Figures> {
    serving.iter().map(|instance| figures_of(instance, now)).collect()
}

pub(super) fn figures_of(instance: &InstanceHandle, now: Instant) -> Figures {
    Figures {
        stalled: instance.is_stuck() || instance.queue().delay(now) >= STALLED,
        queued: instance.queue().len(),
        open: instance.load().open(),
        connections: instance.connections(),
        busy_percent: instance.load().busy_percent(),
    }
}

/// What several callers are told.
fn copied(error: &CallError) -> CallError {
    match error {
        CallError::BackingOff { cause, left } => CallError::BackingOff { cause: cause.clone(), left: *left },
        CallError::IsolatesFull { limit } => CallError::IsolatesFull { limit: *limit },
        CallError::IsolatesMemory { limit_bytes } => CallError::IsolatesMemory { limit_bytes: *limit_bytes },
        CallError::ShuttingDown => CallError::ShuttingDown,
        other => CallError::Host(other.to_string()),
    }
}
