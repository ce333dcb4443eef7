//! A soak from its begin to its report.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fastrand::Rng;
use tokio::task::JoinSet;

use super::actor::Actor;
use super::client::{self, Shared};
use super::kinds;
use super::ledger::Ledger;
use super::log::LogCounts;
use super::plan::Plan;
use super::probe::{Probe, Reading, Sample, sum};
use super::report::{Check, Report};
use super::site::{Ending, Site};
use super::tally::Tally;
use super::trouble::Trouble;
use super::world;
use crate::client::Protocol;
use crate::project::CONFIG;
use crate::{Project, Upstream, Worky};

/// The share by which what the program holds may grow where that is more than the plan's bound.
const RESIDENT_GROWTH: f64 = 0.2;
/// What one more instance than before may take, MiB.
const INSTANCE_MB: f64 = 8.0;
/// Files that may be open beyond those after the warm-up: idle connections to the upstream, of which the worker keeps a few.
const FILES_GROWTH: usize = 32;
/// Threads beyond one for each instance: a pool that grew to its bound only after the warm-up.
const THREADS_GROWTH: usize = 16;
/// When all that was asked has ended there is nothing in flight. Limits of waiting are shorter than this.
const QUIET: Duration = Duration::from_secs(60);
/// `server.shutdown_grace_ms`, and a little for the rest.
const GRACE: Duration = Duration::from_secs(40);
/// Traffic goes on for so long while the program drains.
const DRAINING: Duration = Duration::from_millis(200);
/// More than the program ever needs; it is killed there, before it takes the machine's memory.
const CEILING_BYTES: u64 = 6 << 30;

struct Conductor {
    shared: Arc<Shared>,
    upstream: Upstream,
    probe: Arc<Mutex<Option<Probe>>>,
    checks: Vec<Check>,
    states: Vec<(&'static str, Reading)>,
    log: LogCounts,
}

/// Runs a soak. Panics where the program does not even start.
pub async fn run(plan: Plan) -> Report {
    let begun = Instant::now();
    let upstream = Upstream::forgetful();
    let (project, world) = world::build(&plan, &upstream);
    let worky = start(project);
    let kinds = kinds::kinds(&world);
    let left_out = [(world.component, "workers that are components"), (world.plugins, "workers with plugins")];
    let left_out = left_out.into_iter().filter(|(built, _)| !built).map(|(_, what)| what).collect();
    let shared = Arc::new(Shared {
        site: Site::new(worky.address()),
        tally: Tally::new(kinds.iter().map(|kind| kind.name)),
        ledger: Arc::new(Ledger::default()),
        world: Arc::new(world),
        kinds,
        plan,
    });
    let mut conductor = Conductor {
        shared: Arc::clone(&shared),
        upstream,
        probe: Arc::default(),
        checks: Vec::new(),
        states: Vec::new(),
        log: LogCounts::default(),
    };
    let samples = Arc::new(Mutex::new(Vec::new()));
    let sampler = tokio::spawn(sample(Arc::clone(&shared), Arc::clone(&conductor.probe), Arc::clone(&samples), begun));
    let mut clients = JoinSet::new();
    for id in 0..shared.plan.clients {
        clients.spawn(client::run(Arc::clone(&shared), id));
    }
    conductor.conduct(worky).await;
    shared.site.close();
    if tokio::time::timeout(QUIET, clients.join_all()).await.is_err() {
        conductor.checks.push(Check::new("every client ends", "some do not", false));
    }
    sampler.abort();
    // Only then it has let go of what it shares.
    let _aborted = sampler.await;
    drop(shared);
    conductor.report(samples, left_out, begun)
}

impl Conductor {
    async fn conduct(&mut self, mut worky: Worky) {
        let shared = Arc::clone(&self.shared);
        let plan = &shared.plan;
        self.probe(&worky).await;
        self.verify("at the begin").await;
        shared.site.resume();
        tokio::time::sleep(plan.warm_up).await;
        let before = self.rest("after the warm-up").await;
        shared.site.resume();
        tokio::time::sleep(plan.steady).await;
        let after = self.rest("after the steady traffic").await;
        self.judge_growth(before, after);
        self.judge_evictions().await;
        self.verify("after the steady traffic").await;
        for number in 1..=plan.endings {
            shared.site.resume();
            tokio::time::sleep(plan.between).await;
            let ending = if number % 2 == 0 { Ending::Graceful } else { Ending::Kill };
            let project = self.end(worky, ending).await;
            worky = start(world::deploy(project, &self.upstream, number));
            self.probe(&worky).await;
            shared.site.started(worky.address(), number);
            self.verify(if ending == Ending::Kill { "after kill -9" } else { "after a graceful end" }).await;
        }
        shared.site.resume();
        tokio::time::sleep(plan.between).await;
        self.rest("at the end").await;
        self.verify("at the end").await;
        self.end(worky, Ending::Graceful).await;
    }

    /// Stops the traffic and waits until the program is at rest.
    async fn rest(&mut self, when: &'static str) -> Option<Reading> {
        self.shared.site.pause();
        self.quiet(when).await;
        tokio::time::sleep(self.shared.plan.settle).await;
        let probe = *self.probe.lock().expect("no holder panics");
        let reading = probe?.read().await;
        self.states.extend(reading.map(|reading| (when, reading)));
        reading
    }

    /// Nothing is asked, and nothing is left of what was.
    async fn quiet(&mut self, when: &str) {
        let deadline = Instant::now() + QUIET;
        let mut found = None;
        while Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let probe = *self.probe.lock().expect("no holder panics");
            found = match probe {
                Some(probe) => probe.read().await,
                None => None,
            };
            let idle = found.is_some_and(|found| found.in_flight == 0.0 && found.connections == 0.0);
            if self.shared.site.busy() == 0 && idle {
                break;
            }
        }
        let told = found.map_or("the program does not answer".to_owned(), |found| {
            let busy = self.shared.site.busy();
            format!("{} in flight, {} connections, {busy} clients busy", found.in_flight, found.connections)
        });
        let holds = found.is_some_and(|found| found.in_flight == 0.0 && found.connections == 0.0);
        self.checks.push(Check::new(format!("nothing is left in flight {when}"), told, holds));
    }

    fn judge_growth(&mut self, before: Option<Reading>, after: Option<Reading>) {
        let (Some(before), Some(after)) = (before, after) else {
            self.checks.push(Check::new("the program is there", "it does not answer", false));
            return;
        };
        let instances = (after.instances - before.instances).max(0.0);
        let bound = (before.resident_mb * RESIDENT_GROWTH).max(self.shared.plan.growth_mb) + instances * INSTANCE_MB;
        let growth = after.resident_mb - before.resident_mb;
        self.checks.push(Check::new(
            format!("RSS grows by at most {bound:.0} MiB"),
            format!("{growth:+.0} MiB, from {:.0} to {:.0}", before.resident_mb, after.resident_mb),
            growth <= bound,
        ));
        self.checks.push(Check::new(
            format!("open files grow by at most {FILES_GROWTH}"),
            format!("{} and then {}", before.files, after.files),
            after.files <= before.files + FILES_GROWTH,
        ));
        let bound = THREADS_GROWTH + instances as usize;
        self.checks.push(Check::new(
            format!("threads grow by at most {bound}"),
            format!("{} and then {}", before.threads, after.threads),
            after.threads <= before.threads + bound,
        ));
    }

    /// There are more workers than instances may be resident.
    async fn judge_evictions(&mut self) {
        let probe = *self.probe.lock().expect("no holder panics");
        let metrics = match probe {
            Some(probe) => probe.metrics().await.unwrap_or_default(),
            None => String::new(),
        };
        let evicted = metrics.lines().filter(|line| line.contains("reason=\"evicted\""));
        let evicted = sum(&evicted.collect::<Vec<_>>().join("\n"), "worky_instance_stops_total");
        let started = sum(&metrics, "worky_instance_starts_total");
        let found = format!("{evicted} were evicted, {started} started");
        self.checks.push(Check::new("idle instances make room", found, evicted > 0.0));
    }

    /// Compares all that is stored with the ledger. Nothing else may be asked meanwhile.
    async fn verify(&mut self, when: &str) {
        let shared = &self.shared;
        let mut actor = Actor {
            id: shared.plan.clients,
            world: Arc::clone(&shared.world),
            ledger: Arc::clone(&shared.ledger),
            rng: Rng::with_seed(shared.plan.seed),
            state: shared.site.state(),
            kind: "verify",
            count: 0,
            protocol: Protocol::Http1,
            connection: None,
        };
        let found: Result<HashMap<String, Vec<u8>>, Trouble> = kinds::everything(&mut actor).await;
        let wrong = match found {
            Ok(found) => self.shared.ledger.settle(&found),
            Err(trouble) => vec![trouble.to_string()],
        };
        let (acknowledged, _) = self.shared.ledger.counts();
        let found = match wrong.first() {
            None => format!("{acknowledged} writes"),
            Some(first) => format!("{} are wrong: {first}", wrong.len()),
        };
        self.checks.push(Check::new(format!("every acknowledged write is there {when}"), found, wrong.is_empty()));
    }

    /// Ends the program while it is asked.
    async fn end(&mut self, mut worky: Worky, ending: Ending) -> Project {
        let output = worky.output().clone();
        self.shared.site.ends(ending);
        if ending == Ending::Graceful {
            let before = Instant::now();
            worky.terminate();
            tokio::time::sleep(DRAINING).await;
            self.shared.site.pause();
            let code = tokio::time::timeout(GRACE, worky.exited()).await.map(|status| status.code());
            let found = match code {
                Ok(code) => format!("{code:?} after {:.1} s", before.elapsed().as_secs_f64()),
                Err(_) => format!("it still runs after {} s", GRACE.as_secs()),
            };
            self.checks.push(Check::new("SIGTERM ends the program with 0", found, code == Ok(Some(0))));
        }
        *self.probe.lock().expect("no holder panics") = None;
        let alive = ending == Ending::Graceful || worky.is_running();
        if !alive {
            self.checks.push(Check::new("the program runs until it is ended", "it had ended by itself", false));
        }
        let project = worky.kill();
        self.shared.site.pause();
        // Nobody answers any more, and so no client waits for long.
        while self.shared.site.busy() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.log.add(&output.lines());
        project
    }

    async fn probe(&self, worky: &Worky) {
        let probe = Probe { process: worky.id(), admin: worky.admin_address().await };
        *self.probe.lock().expect("no holder panics") = Some(probe);
    }

    fn report(mut self, samples: Arc<Mutex<Vec<Sample>>>, left_out: Vec<&'static str>, begun: Instant) -> Report {
        let (acknowledged, read) = self.shared.ledger.counts();
        let unexplained: u64 = self.log.unexplained.values().map(|(count, _)| count).sum();
        let seed = self.shared.plan.seed;
        let shared = Arc::into_inner(self.shared).expect("clients and sampler have ended");
        let kinds = shared.tally.into_kinds();
        let wrong: u64 = kinds.iter().map(|kind| kind.unexplained).sum();
        let right: u64 = kinds.iter().map(|kind| kind.right).sum();
        let never: Vec<&str> = kinds.iter().filter(|kind| kind.right == 0).map(|kind| kind.name).collect();
        self.checks.extend([
            Check::new(
                "everything is answered as it should be",
                format!("{wrong} of {} are not", right + wrong),
                wrong == 0,
            ),
            Check::new("every kind of thing was done", format!("never: {never:?}"), never.is_empty()),
            Check::new("reads find what was written", format!("{acknowledged} writes, {read} reads"), read > 0),
            Check::new("every warning in the log has its request", format!("{unexplained} have not"), unexplained == 0),
        ]);
        let samples = std::mem::take(&mut *samples.lock().expect("no holder panics"));
        let (states, log, checks) = (self.states, self.log, self.checks);
        Report { seed, took: begun.elapsed(), left_out, kinds, samples, states, log, checks }
    }
}

fn start(project: Project) -> Worky {
    let worky = project.start(&["serve", "--config", CONFIG, "--listen", "127.0.0.1:0"]);
    worky.kill_beyond(CEILING_BYTES);
    worky
}

/// Once a second.
async fn sample(
    shared: Arc<Shared>,
    probe: Arc<Mutex<Option<Probe>>>,
    samples: Arc<Mutex<Vec<Sample>>>,
    begun: Instant,
) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticks.tick().await;
        let current = *probe.lock().expect("no holder panics");
        let Some(current) = current else { continue };
        let Some(reading) = current.read().await else { continue };
        let (done, p99) = (shared.tally.total(), shared.tally.recent_p99());
        samples.lock().expect("no holder panics").push(Sample { at: begun.elapsed(), reading, done, p99 });
    }
}
