//! Requests in flight: counting them, bounding them, and waiting until there are none.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::Notify;

/// How many requests are in flight in one place, with a bound.
#[derive(Debug)]
pub(crate) struct InFlight {
    count: AtomicU32,
    max: u32,
    /// Set by the first waiter, so that a request that ends pays for a wake-up only where someone waits.
    awaited: AtomicBool,
    idle: Notify,
}

/// The bound is reached.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full {
    pub(crate) max: u32,
}

impl InFlight {
    pub(crate) fn new(max: u32) -> Arc<Self> {
        Arc::new(InFlight { count: AtomicU32::new(0), max, awaited: AtomicBool::new(false), idle: Notify::new() })
    }

    pub(crate) fn count(&self) -> u32 {
        self.count.load(Ordering::SeqCst)
    }

    pub(crate) fn take(self: &Arc<Self>) -> Result<Slot, Full> {
        self.take_briefly().map(BriefSlot::keep)
    }

    /// For a request that may be over before anybody else runs.
    pub(crate) fn take_briefly(self: &Arc<Self>) -> Result<BriefSlot<'_>, Full> {
        let slot = BriefSlot(Some(self));
        if self.count.fetch_add(1, Ordering::SeqCst) >= self.max {
            return Err(Full { max: self.max });
        }
        Ok(slot)
    }

    /// Resolves once nothing is in flight. Cancel-safe.
    pub(crate) async fn idle(&self) {
        self.awaited.store(true, Ordering::SeqCst);
        loop {
            let notified = self.idle.notified();
            tokio::pin!(notified);
            // Enlisted before the count is read: a request that ends in between is not missed.
            notified.as_mut().enable();
            if self.count() == 0 {
                return;
            }
            notified.await;
        }
    }

    fn release(&self) {
        if self.count.fetch_sub(1, Ordering::SeqCst) == 1 && self.awaited.load(Ordering::SeqCst) {
            self.idle.notify_waiters();
        }
    }
}

/// One request's place. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Slot(Arc<InFlight>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// The place of a request that nobody waits for yet: it costs no reference count.
#[derive(Debug)]
pub(crate) struct BriefSlot<'a>(Option<&'a Arc<InFlight>>);

impl BriefSlot<'_> {
    pub(crate) fn keep(mut self) -> Slot {
        let in_flight = self.0.take().expect("it is taken here alone");
        Slot(Arc::clone(in_flight))
    }
}

impl Drop for BriefSlot<'_> {
    fn drop(&mut self) {
        if let Some(in_flight) = self.0 {
            in_flight.release();
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::FutureExt;
    use http_body::Frame;
    use http_body_util::StreamBody;
    use worky_host::Body;

    use super::*;

    fn two_chunks() -> Body {
        let chunks = ["a", "b"].map(|text| Ok(Frame::data(Bytes::from(text))));
        Body::stream(StreamBody::new(futures_util::stream::iter(chunks)))
    }

    #[test]
    fn the_bound_holds_and_places_come_back() {
        let in_flight = InFlight::new(2);
        let first = in_flight.take().expect("free");
        let _second = in_flight.take().expect("free");
        assert_eq!(in_flight.take().expect_err("full"), Full { max: 2 });
        drop(first);
        assert!(in_flight.take().is_ok());
        assert_eq!(in_flight.count(), 1);
    }

    #[test]
    fn a_brief_place_comes_back_or_becomes_a_longer_one() {
        let in_flight = InFlight::new(1);
        drop(in_flight.take_briefly().expect("free"));
        let kept = in_flight.take_briefly().expect("free").keep();
        assert_eq!(in_flight.take_briefly().expect_err("full"), Full { max: 1 });
        drop(kept);
        assert_eq!(in_flight.count(), 0);
    }

    #[test]
    fn idle_resolves_when_the_last_one_ends() {
        let in_flight = InFlight::new(2);
        assert!(in_flight.idle().now_or_never().is_some());
        let slot = in_flight.take().expect("free");
        let mut idle = Box::pin(in_flight.idle());
        assert!(idle.as_mut().now_or_never().is_none());
        drop(slot);
        assert!(idle.now_or_never().is_some());
    }

    #[test]
    fn a_streamed_body_holds_its_slot_to_its_end() {
        let in_flight = InFlight::new(1);
        let mut body = two_chunks().holding(in_flight.take().expect("free"));
        for expected in ["a", "b"] {
            assert_eq!(in_flight.count(), 1);
            let chunk = body.chunk().now_or_never().flatten().expect("a chunk").expect("no error");
            assert_eq!(chunk, expected);
        }
        assert!(body.chunk().now_or_never().expect("at hand").is_none());
        assert_eq!(in_flight.count(), 0);
    }

    #[test]
    fn a_dropped_body_gives_its_slot_back() {
        let in_flight = InFlight::new(1);
        drop(two_chunks().holding(in_flight.take().expect("free")));
        assert_eq!(in_flight.count(), 0);
    }

    #[test]
    fn bytes_at_hand_stay_bytes_at_hand() {
        let in_flight = InFlight::new(1);
        let body = Body::full("x").holding(in_flight.take().expect("free"));
        assert_eq!(body.as_bytes(), Some(&b"x"[..]));
        assert_eq!(in_flight.count(), 0);
    }
}
