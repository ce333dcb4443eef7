//! Who serves, who is started and who has to go. Pure: figures in, decision out.

use std::time::Duration;

use tokio::time::Instant;

/// A thread that ran for this share of the last look is busy.
const BUSY_PERCENT: u8 = 80;
/// Calls open in one instance, waiting or not, beyond which another one takes over some. What they hold is memory, and
/// the memory is limited by instance.
const OPEN_MANY: u32 = 256;

/// One serving instance as it is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Its thread does not come round to what waits.
    pub(crate) stalled: bool,
    /// Calls that were sent and not begun.
    pub(crate) queued: u32,
    /// Calls that have begun and not ended.
    pub(crate) open: u32,
    /// Connections that live on its thread.
    pub(crate) connections: u32,
    pub(crate) busy_percent: u8,
}

impl Figures {
    fn load(&self) -> (bool, bool, u32, u32) {
        (self.stalled, self.is_busy(), self.queued + self.open, self.connections)
    }

    /// Whether it may have too much to do, so that the others are worth a look.
    pub(crate) fn is_pressed(&self) -> bool {
        self.queued > 0 || self.is_busy() || self.open > OPEN_MANY
    }

    fn is_busy(&self) -> bool {
        self.busy_percent >= BUSY_PERCENT
    }
}

/// Where the next call goes: the one with the least to do, and of equals the first, so that the others come to rest.
pub(crate) fn least_loaded(instances: &[Figures]) -> Option<usize> {
    let order = |index: &usize| instances[*index].load();
    (0..instances.len()).min_by_key(order)
}

/// Whether the instances that serve have more to do than they can: each of them is stalled with calls waiting, has been
/// busy with several callers at once while there are processors to `spare`, or holds very many calls.
pub(crate) fn wants_another(instances: &[Figures], spare: bool) -> bool {
    let overloaded = |one: &Figures| {
        let callers = one.queued + one.open.max(one.connections);
        one.stalled && one.queued > 0 || spare && one.is_busy() && callers > 1 || one.queued + one.open > OPEN_MANY
    };
    !instances.is_empty() && instances.iter().all(overloaded)
}

/// How many calls the instance with the most waiting should pass on to which other one.
pub(crate) fn to_move(instances: &[Figures]) -> Option<Move> {
    let from = (0..instances.len()).max_by_key(|index| instances[*index].queued)?;
    let to = least_loaded(instances)?;
    if from == to || instances[to].stalled {
        return None;
    }
    // A stalled one begins nothing soon, so half of the difference is rounded up for it.
    let (more, fewer) = (instances[from].queued, instances[to].queued);
    let surplus = more.saturating_sub(fewer);
    let count = if instances[from].stalled { surplus.div_ceil(2) } else { surplus / 2 };
    (count > 0).then_some(Move { from, count })
}

/// How many connections a busy instance should send away, to be with one that has time.
pub(crate) fn to_send_away(instances: &[Figures]) -> Option<Move> {
    let busy = (0..instances.len()).filter(|index| instances[*index].is_busy());
    let from = busy.max_by_key(|index| instances[*index].connections)?;
    let to = least_loaded(instances)?;
    if instances[to].is_busy() || instances[to].stalled {
        return None;
    }
    let surplus = instances[from].connections.saturating_sub(instances[to].connections);
    (surplus > 1).then_some(Move { from, count: surplus / 2 })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) from: usize,
    pub(crate) count: u32,
}

/// Whether an instance has nothing to do for so long that it may go. One of the others must have time: it may be there
/// because they have not.
pub(crate) fn may_go(others: &[Figures], idle: bool, used_at: Instant, now: Instant, after: Duration) -> bool {
    let free = |other: &Figures| !other.stalled && !other.is_busy();
    others.iter().any(free) && idle && now.saturating_duration_since(used_at) >= after
}

/// A resident instance as eviction sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Nothing runs in it and nobody is about to call it.
    pub(crate) idle: bool,
    pub(crate) used_at: Instant,
}

/// The idle one that was used least recently.
pub(crate) fn to_evict(residents: impl IntoIterator<Item = Candidate>) -> Option<usize> {
    let idle = residents.into_iter().enumerate().filter(|(_, resident)| resident.idle);
    idle.min_by_key(|(_, resident)| resident.used_at).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(queued: u32, open: u32) -> Figures {
        Figures { queued, open, ..Figures::default() }
    }

    fn stalled(queued: u32) -> Figures {
        Figures { stalled: true, queued, open: 1, ..Figures::default() }
    }

    fn busy(queued: u32, open: u32, connections: u32) -> Figures {
        Figures { queued, open, connections, busy_percent: 95, ..Figures::default() }
    }

    #[test]
    fn calls_go_where_the_least_is_to_do() {
        assert_eq!(least_loaded(&[]), None);
        assert_eq!(least_loaded(&[one(0, 0), one(0, 0)]), Some(0));
        assert_eq!(least_loaded(&[one(0, 2), one(1, 0)]), Some(1));
        assert_eq!(least_loaded(&[stalled(0), one(5, 5)]), Some(1));
        assert_eq!(least_loaded(&[busy(0, 1, 0), one(0, 1)]), Some(1));
    }

    #[test]
    fn another_starts_only_where_none_has_time() {
        assert!(!wants_another(&[], true));
        assert!(!wants_another(&[one(3, 10)], true));
        assert!(wants_another(&[stalled(1)], true));
        assert!(!wants_another(&[stalled(0)], true), "nobody waits");
        assert!(!wants_another(&[stalled(1), one(0, 0)], true));
        assert!(wants_another(&[busy(2, 1, 0)], true));
        assert!(!wants_another(&[busy(2, 1, 0)], false), "nobody would run it");
        assert!(wants_another(&[stalled(1)], false));
        assert!(wants_another(&[busy(0, 0, 8)], true));
        assert!(!wants_another(&[busy(0, 1, 1)], true), "one caller cannot use two");
        assert!(wants_another(&[one(0, 300)], true));
        assert!(!wants_another(&[one(0, 300), one(0, 3)], true));
    }

    #[test]
    fn what_waits_is_shared_out() {
        assert_eq!(to_move(&[one(9, 0)]), None);
        assert_eq!(to_move(&[one(9, 0), one(0, 0)]), Some(Move { from: 0, count: 4 }));
        assert_eq!(to_move(&[stalled(1), one(0, 0)]), Some(Move { from: 0, count: 1 }));
        assert_eq!(to_move(&[one(1, 0), one(0, 0)]), None, "it is about to begin");
        assert_eq!(to_move(&[stalled(4), stalled(0)]), None);
    }

    #[test]
    fn connections_go_to_who_has_time() {
        assert_eq!(to_send_away(&[busy(0, 1, 64)]), None);
        assert_eq!(to_send_away(&[busy(0, 1, 64), one(0, 0)]), Some(Move { from: 0, count: 32 }));
        assert_eq!(to_send_away(&[busy(0, 1, 64), busy(0, 1, 0)]), None);
        assert_eq!(to_send_away(&[busy(0, 1, 1), one(0, 0)]), None, "it would only change places");
        assert_eq!(to_send_away(&[one(0, 9), one(0, 0)]), None);
    }

    #[test]
    fn the_idle_one_that_was_used_least_recently_is_evicted() {
        let now = Instant::now();
        let at = |idle, seconds| Candidate { idle, used_at: now + Duration::from_secs(seconds) };
        assert_eq!(to_evict([at(true, 3), at(false, 0), at(true, 1), at(true, 2)]), Some(2));
        assert_eq!(to_evict([at(false, 3), at(false, 0)]), None);
        assert_eq!(to_evict([]), None);
    }

    #[test]
    fn an_idle_one_goes_after_a_while() {
        let now = Instant::now();
        let after = Duration::from_secs(10);
        assert!(may_go(&[one(0, 3)], true, now, now + after, after));
        assert!(!may_go(&[one(0, 3)], true, now, now + after / 2, after));
        assert!(!may_go(&[one(0, 3)], false, now, now + after, after));
        assert!(!may_go(&[], true, now, now + after, after), "it is the only one");
        assert!(!may_go(&[stalled(0), busy(0, 1, 0)], true, now, now + after, after));
    }
}
