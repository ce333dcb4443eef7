use std::time::Duration;

/// How long a soak is and how much of everything there is in it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The traffic of a client depends on this and on its number alone.
    pub seed: u64,
    /// Tasks that ask, each one thing after the other.
    pub clients: usize,
    /// The longest pause of a client between two things.
    pub pause: Duration,
    /// Workers that are asked seldom, beside those of the traffic proper.
    pub cold_workers: usize,
    /// `server.max_isolates`, fewer than there are workers.
    pub isolates_max: usize,
    /// Traffic before the state that the end is compared with.
    pub warm_up: Duration,
    /// Traffic between those two states.
    pub steady: Duration,
    /// How long nothing is asked before a state is taken.
    pub settle: Duration,
    /// How much more memory the program may hold after the steady traffic than before it, MiB, and at least a fifth. Heaps
    /// and the allocator's free lists are never the same twice, and take minutes to reach their size; a leak of a hundred
    /// bytes a request shows all the same, since a long soak makes a million of them.
    pub growth_mb: f64,
    /// How often the program is then ended under traffic, gracefully and by `kill -9` in turn, and started with another
    /// configuration.
    pub endings: u32,
    /// Traffic before each of them.
    pub between: Duration,
}

impl Plan {
    /// A soak of about so many minutes.
    pub fn minutes(minutes: f64, seed: u64) -> Self {
        let total = Duration::from_secs_f64(minutes * 60.0);
        let settle = Duration::from_secs(20).min(total / 20);
        let endings = (minutes as u32).clamp(4, 20);
        Plan {
            seed,
            clients: 32,
            pause: Duration::from_millis(20),
            cold_workers: 60,
            isolates_max: 40,
            warm_up: total.mul_f64(0.15),
            steady: total.mul_f64(0.6),
            settle,
            growth_mb: if minutes < 10.0 { 192.0 } else { 64.0 },
            endings,
            between: (total.mul_f64(0.25) - 2 * settle) / endings,
        }
    }

    /// What fits among other tests.
    pub fn short(seed: u64) -> Self {
        Plan {
            seed,
            clients: 12,
            pause: Duration::from_millis(20),
            cold_workers: 6,
            isolates_max: 8,
            warm_up: Duration::from_secs(4),
            steady: Duration::from_secs(6),
            settle: Duration::from_secs(1),
            growth_mb: 192.0,
            endings: 3,
            between: Duration::from_secs(1),
        }
    }
}
