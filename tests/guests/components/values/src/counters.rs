use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Values;
use crate::bindings::exports::worky::values::counters::{Counter, CounterBorrow, Guest, GuestCounter};

static ALIVE: AtomicU32 = AtomicU32::new(0);

pub struct Counting {
    name: String,
    count: Cell<i32>,
}

impl Drop for Counting {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Guest for Values {
    type Counter = Counting;

    fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }

    fn many(count: u32) -> Vec<Counter> {
        (0..count).map(|index| Counter::new(Counting::new(index.to_string(), 0))).collect()
    }
}

impl GuestCounter for Counting {
    fn new(name: String, start: i32) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Counting { name, count: Cell::new(start) }
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn add(&self, by: i32) -> i32 {
        self.count.set(self.count.get().wrapping_add(by));
        self.count.get()
    }

    fn absorb(&self, other: Counter) -> i32 {
        self.add(other.get::<Counting>().count.get())
    }

    fn is_ahead_of(&self, other: CounterBorrow<'_>) -> bool {
        self.count.get() > other.get::<Counting>().count.get()
    }

    fn sum(a: CounterBorrow<'_>, b: CounterBorrow<'_>) -> Counter {
        let (a, b) = (a.get::<Counting>(), b.get::<Counting>());
        Counter::new(Counting::new(format!("{} and {}", a.name, b.name), a.count.get().wrapping_add(b.count.get())))
    }

    fn try_new(name: String) -> Result<Counter, String> {
        if name.is_empty() {
            Err("a counter needs a name".to_owned())
        } else {
            Ok(Counter::new(Counting::new(name, 0)))
        }
    }
}
