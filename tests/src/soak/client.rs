//! One client: it does one thing after the other for as long as there is traffic.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use futures_util::FutureExt;

use super::actor::Actor;
use super::kinds::Kind;
use super::ledger::Ledger;
use super::plan::Plan;
use super::site::{Entry, Site};
use super::tally::Tally;
use super::trouble::Trouble;
use super::world::World;
use crate::client::{Connection, Protocol};

/// How long anything that a client does may take: twice the longest limit of a worker.
const STUCK: Duration = Duration::from_secs(120);

/// What all clients share.
pub(crate) struct Shared {
    pub(crate) plan: Plan,
    pub(crate) world: Arc<World>,
    pub(crate) kinds: Vec<&'static Kind>,
    pub(crate) site: Site,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) tally: Tally,
}

/// Asks until there is no traffic any more. One client in three speaks HTTP/2.
pub(crate) async fn run(shared: Arc<Shared>, id: usize) {
    let mut rng = Rng::with_seed(shared.plan.seed.wrapping_add(id as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let protocol = if id % 3 == 2 { Protocol::Http2 } else { Protocol::Http1 };
    let weights: u32 = shared.kinds.iter().map(|kind| kind.weight).sum();
    // Of no use once the program was started again, which its end may not have told yet.
    let mut connection: Option<(usize, Connection)> = None;
    for count in 0.. {
        // All that is random is drawn here, in the same order whatever comes of it.
        let at_random = pick(&shared.kinds, rng.u32(..weights));
        // First each kind once, whoever does it.
        let in_order =
            usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(shared.plan.clients).saturating_add(id);
        let kind = if in_order < shared.kinds.len() { in_order } else { at_random };
        let pause = shared.plan.pause.mul_f64(rng.f64());
        let own_rng = rng.fork();
        tokio::time::sleep(pause).await;
        let (state, _busy) = loop {
            match shared.site.enter() {
                Entry::Open(state, busy) => break (state, busy),
                Entry::Over => return,
                Entry::Paused => {
                    connection = None;
                    shared.site.resumed().await;
                }
            }
        };
        let kept = connection.take().filter(|(start, _)| *start == state.start);
        let mut actor = Actor {
            id,
            world: Arc::clone(&shared.world),
            ledger: Arc::clone(&shared.ledger),
            rng: own_rng,
            state,
            kind: shared.kinds[kind].name,
            count,
            protocol,
            connection: kept.map(|(_, connection)| connection),
        };
        let before = Instant::now();
        let act = AssertUnwindSafe((shared.kinds[kind].act)(&mut actor)).catch_unwind();
        let outcome = match tokio::time::timeout(STUCK, act).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panic)) => Err(Trouble::Wrong("the client panicked".to_owned())),
            Err(_) => Err(Trouble::Wrong(format!("it takes longer than {} s", STUCK.as_secs()))),
        };
        match outcome {
            Ok(()) => {
                shared.tally.right(kind, before.elapsed());
                let start = actor.state.start;
                connection = actor.connection.map(|connection| (start, connection));
            }
            Err(trouble) if shared.site.explains(&actor.state, &trouble) => shared.tally.interrupted(kind),
            Err(trouble) => shared.tally.unexplained(kind, &actor.request_id(), &trouble),
        }
    }
}

fn pick(kinds: &[&Kind], mut at: u32) -> usize {
    for (index, kind) in kinds.iter().enumerate() {
        match at.checked_sub(kind.weight) {
            Some(rest) => at = rest,
            None => return index,
        }
    }
    unreachable!("`at` is below the sum of the weights")
}
