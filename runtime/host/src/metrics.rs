//! The counters of one process, named as `/metrics` shows them.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::requests::{FinishedRequest, RequestObserver};

/// Seconds. Those that OpenTelemetry recommends for HTTP servers.
const REQUEST_BUCKETS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
/// Seconds. From a point read of a cached page to a group of large writes on a slow disk.
const KV_BUCKETS: [f64; 13] =
    [0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0];
/// What a request is counted under that no worker was found for.
const NO_WORKER: &str = "-";
const STATUS_CLASSES: [&str; 6] = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];

/// A counter of seconds.
type Seconds = Counter<f64, AtomicU64>;

/// The metrics of one process. Cloning shares the registry. Recording takes no more than one read lock and some
/// atomics; workers that are not known yet are added as they are named.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Shared>);

/// An operation on a key-value namespace, as its metrics name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KvOperation {
    Get,
    GetBulk,
    Put,
    PutIf,
    Increment,
    Delete,
    List,
}

/// What became of an operation on a key-value namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KvOutcome {
    Ok,
    /// What the guest asked for breaks a rule of the namespace.
    Refused,
    Overloaded,
    Failed,
}

/// What is not counted as it happens, but asked for when the metrics are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sampled {
    pub kv_cache_hits: u64,
    pub kv_cache_misses: u64,
    pub kv_cache_bytes: u64,
    pub response_cache_bytes: u64,
    pub requests_queued: u64,
    pub isolates_bytes: u64,
}

/// Fills in what it knows.
type Sampler = Box<dyn Fn(&mut Sampled) + Send + Sync>;

/// Counted in a gauge until it is dropped.
#[derive(Debug)]
#[must_use = "it stops counting when it is dropped"]
pub struct Counted(Gauge);

impl Metrics {
    /// `worky_limit_exceeded_total{worker,limit}`: `limit` is the key of the config, without its section.
    pub fn limit_exceeded(&self, worker: &str, limit: &'static str) {
        let families = &self.0.families;
        self.0.with_worker(worker, |series| {
            let count = || families.limits.get_or_create_owned(&LimitLabels { worker: series.worker.clone(), limit });
            series.limits.lock().entry(limit).or_insert_with(count).inc();
        });
    }

    /// `worky_requests_in_flight`: until what it returns is dropped.
    pub fn request_started(&self) -> Counted {
        Counted::new(&self.0.families.requests_in_flight)
    }

    /// `http_server_request_duration_seconds{worker,status_class}` and `worky_request_cpu_seconds_total{worker}`; and
    /// whoever observes requests is told.
    pub fn request_finished(&self, request: &FinishedRequest<'_>) {
        let families = &self.0.families;
        let class = match request.status.as_u16() / 100 {
            class @ 1..=5 => usize::from(class),
            _ => 0,
        };
        self.0.with_worker(request.worker.unwrap_or(NO_WORKER), |series| {
            series.requests[class]
                .get_or_init(|| families.requests.get_or_create_owned(&series.request_labels(class)))
                .observe(request.elapsed.as_secs_f64());
            series.request_cpu.inc_by(request.usage.cpu.as_secs_f64());
        });
        if self.0.observed.load(Ordering::Acquire) {
            self.0.observers.read().iter().for_each(|observer| observer.finished(request));
        }
    }

    /// Has `observer` told of every request that ends from now on, for as long as the process runs.
    pub fn observe_requests(&self, observer: Arc<dyn RequestObserver>) {
        self.0.observers.write().push(observer);
        self.0.observed.store(true, Ordering::Release);
    }

    /// Has `sampler` asked each time the metrics are, for as long as the process runs.
    pub fn sample(&self, sampler: impl Fn(&mut Sampled) + Send + Sync + 'static) {
        self.0.samplers.write().push(Box::new(sampler));
    }

    /// `worky_connections`: until what it returns is dropped.
    pub fn connection_opened(&self) -> Counted {
        Counted::new(&self.0.families.connections)
    }

    /// `worky_kv_operations_total{op,outcome}` and `worky_kv_operation_duration_seconds{op}`
    pub fn kv_operation(&self, operation: KvOperation, outcome: KvOutcome, elapsed: Duration) {
        let series = &self.0.kv[operation as usize];
        series.outcomes[outcome as usize].inc();
        series.duration.observe(elapsed.as_secs_f64());
    }

    /// `worky_egress_denied_total{reason}`
    pub fn egress_denied(&self, reason: &'static str) {
        self.0.families.egress_denied.get_or_create(&ReasonLabels { reason }).inc();
    }

    /// `worky_instances{worker}` and `worky_instance_starts_total{worker}`
    pub fn instance_started(&self, worker: &str) {
        self.0.with_worker(worker, |series| {
            series.instances.inc();
            series.instance_starts.inc();
        });
    }

    /// `worky_instances{worker}` and `worky_instance_stops_total{worker,reason}`
    pub fn instance_stopped(&self, worker: &str, reason: &'static str) {
        let families = &self.0.families;
        self.0.with_worker(worker, |series| {
            series.instances.dec();
            let count = || families.stops.get_or_create_owned(&StopLabels { worker: series.worker.clone(), reason });
            series.stops.lock().entry(reason).or_insert_with(count).inc();
        });
    }

    /// `worky_cold_starts_total{worker}`: a call waits for an instance to start.
    pub fn cold_start(&self, worker: &str) {
        self.0.with_worker(worker, |series| {
            series.cold_starts.inc();
        });
    }

    /// `worky_blank_isolates_total{outcome}`: `taken` where a start found an isolate made in advance, `missing` where not.
    pub fn blank_isolate(&self, outcome: &'static str) {
        self.0.families.blank_isolates.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// `worky_code_cache_total{outcome}`: `read` where a start found code that was compiled before, `missing` where not,
    /// `rejected` where V8 did not take that of a module.
    pub fn code_cache(&self, outcome: &'static str) {
        self.0.families.code_cache.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// `worky_log_lines_dropped_total{worker}`
    pub fn log_line_dropped(&self, worker: &str) {
        self.0.with_worker(worker, |series| {
            series.log_lines_dropped.inc();
        });
    }

    /// Forgets every series of a worker that is no longer deployed. Call it once nothing of the worker runs: what is
    /// recorded later brings the worker back.
    pub fn remove_worker(&self, worker: &str) {
        let Some(series) = self.0.workers.write().remove(worker) else { return };
        let families = &self.0.families;
        let labels = WorkerLabels { worker: series.worker.clone() };
        families.instances.remove(&labels);
        families.instance_starts.remove(&labels);
        families.cold_starts.remove(&labels);
        families.log_lines_dropped.remove(&labels);
        families.request_cpu.remove(&labels);
        for class in 0..STATUS_CLASSES.len() {
            families.requests.remove(&series.request_labels(class));
        }
        for &limit in series.limits.lock().keys() {
            families.limits.remove(&LimitLabels { worker: series.worker.clone(), limit });
        }
        for &reason in series.stops.lock().keys() {
            families.stops.remove(&StopLabels { worker: series.worker.clone(), reason });
        }
    }

    /// Everything, as OpenMetrics text 1.0:
    /// `application/openmetrics-text; version=1.0.0; charset=utf-8`.
    pub fn encode(&self) -> String {
        let mut sampled = Sampled::default();
        self.0.samplers.read().iter().for_each(|sampler| sampler(&mut sampled));
        self.0.families.set(&sampled);
        let mut text = String::new();
        text::encode(&mut text, &self.0.registry).expect("writing to a String does not fail");
        text
    }
}

impl Counted {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Counted(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl KvOperation {
    const ALL: [KvOperation; 7] = [
        KvOperation::Get,
        KvOperation::GetBulk,
        KvOperation::Put,
        KvOperation::PutIf,
        KvOperation::Increment,
        KvOperation::Delete,
        KvOperation::List,
    ];

    fn as_str(self) -> &'static str {
        match self {
            KvOperation::Get => "get",
            KvOperation::GetBulk => "get_bulk",
            KvOperation::Put => "put",
            KvOperation::PutIf => "put_if",
            KvOperation::Increment => "increment",
            KvOperation::Delete => "delete",
            KvOperation::List => "list",
        }
    }
}

impl KvOutcome {
    const ALL: [KvOutcome; 4] = [KvOutcome::Ok, KvOutcome::Refused, KvOutcome::Overloaded, KvOutcome::Failed];

    fn as_str(self) -> &'static str {
        match self {
            KvOutcome::Ok => "ok",
            KvOutcome::Refused => "refused",
            KvOutcome::Overloaded => "overloaded",
            KvOutcome::Failed => "failed",
        }
    }
}

struct Shared {
    registry: Registry,
    families: Families,
    workers: RwLock<HashMap<Arc<str>, WorkerSeries>>,
    /// By [`KvOperation`], in its order.
    kv: [KvSeries; KvOperation::ALL.len()],
    samplers: RwLock<Vec<Sampler>>,
    observers: RwLock<Vec<Arc<dyn RequestObserver>>>,
    /// Whether there are any: with none, a request that ends pays for looking here.
    observed: AtomicBool,
}

impl Shared {
    fn with_worker(&self, worker: &str, record: impl FnOnce(&WorkerSeries)) {
        if let Some(series) = self.workers.read().get(worker) {
            return record(series);
        }
        let mut workers = self.workers.write();
        let name: Arc<str> = worker.into();
        record(workers.entry(name.clone()).or_insert_with(|| WorkerSeries::new(&self.families, name)));
    }
}

/// One worker's series, looked up once.
struct WorkerSeries {
    worker: Arc<str>,
    /// By index into [`STATUS_CLASSES`]. A class that never occurred is not shown.
    requests: [OnceLock<Histogram>; STATUS_CLASSES.len()],
    instances: Gauge,
    instance_starts: Counter,
    cold_starts: Counter,
    log_lines_dropped: Counter,
    request_cpu: Seconds,
    limits: Mutex<BTreeMap<&'static str, Counter>>,
    stops: Mutex<BTreeMap<&'static str, Counter>>,
}

impl WorkerSeries {
    fn new(families: &Families, worker: Arc<str>) -> Self {
        let labels = WorkerLabels { worker: worker.clone() };
        WorkerSeries {
            worker,
            requests: Default::default(),
            instances: families.instances.get_or_create_owned(&labels),
            instance_starts: families.instance_starts.get_or_create_owned(&labels),
            cold_starts: families.cold_starts.get_or_create_owned(&labels),
            log_lines_dropped: families.log_lines_dropped.get_or_create_owned(&labels),
            request_cpu: families.request_cpu.get_or_create_owned(&labels),
            limits: Mutex::default(),
            stops: Mutex::default(),
        }
    }

    fn request_labels(&self, class: usize) -> RequestLabels {
        RequestLabels { worker: self.worker.clone(), status_class: STATUS_CLASSES[class] }
    }
}

struct KvSeries {
    /// By [`KvOutcome`], in its order.
    outcomes: [Counter; KvOutcome::ALL.len()],
    duration: Histogram,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct WorkerLabels {
    worker: Arc<str>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct LimitLabels {
    worker: Arc<str>,
    limit: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct StopLabels {
    worker: Arc<str>,
    reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    worker: Arc<str>,
    status_class: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct KvLabels {
    op: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OpLabels {
    op: &'static str,
}

struct Families {
    requests: Family<RequestLabels, Histogram>,
    requests_in_flight: Gauge,
    connections: Gauge,
    limits: Family<LimitLabels, Counter>,
    instances: Family<WorkerLabels, Gauge>,
    instance_starts: Family<WorkerLabels, Counter>,
    cold_starts: Family<WorkerLabels, Counter>,
    stops: Family<StopLabels, Counter>,
    log_lines_dropped: Family<WorkerLabels, Counter>,
    request_cpu: Family<WorkerLabels, Seconds>,
    kv_operations: Family<KvLabels, Counter>,
    kv_durations: Family<OpLabels, Histogram>,
    blank_isolates: Family<OutcomeLabels, Counter>,
    code_cache: Family<OutcomeLabels, Counter>,
    egress_denied: Family<ReasonLabels, Counter>,
    kv_cache: Family<OutcomeLabels, Counter>,
    kv_cache_bytes: Gauge,
    response_cache_bytes: Gauge,
    requests_queued: Gauge,
    isolates_bytes: Gauge,
}

impl Families {
    fn new() -> Self {
        Families {
            requests: Family::new_with_constructor(|| Histogram::new(REQUEST_BUCKETS)),
            requests_in_flight: Gauge::default(),
            connections: Gauge::default(),
            limits: Family::default(),
            instances: Family::default(),
            instance_starts: Family::default(),
            cold_starts: Family::default(),
            stops: Family::default(),
            log_lines_dropped: Family::default(),
            request_cpu: Family::default(),
            kv_operations: Family::default(),
            kv_durations: Family::new_with_constructor(|| Histogram::new(KV_BUCKETS)),
            blank_isolates: Family::default(),
            code_cache: Family::default(),
            egress_denied: Family::default(),
            kv_cache: Family::default(),
            kv_cache_bytes: Gauge::default(),
            response_cache_bytes: Gauge::default(),
            requests_queued: Gauge::default(),
            isolates_bytes: Gauge::default(),
        }
    }

    fn set(&self, sampled: &Sampled) {
        let Sampled {
            kv_cache_hits,
            kv_cache_misses,
            kv_cache_bytes,
            response_cache_bytes,
            requests_queued,
            isolates_bytes,
        } = *sampled;
        for (outcome, count) in [("hit", kv_cache_hits), ("miss", kv_cache_misses)] {
            self.kv_cache.get_or_create(&OutcomeLabels { outcome }).inner().store(count, Ordering::Relaxed);
        }
        for (gauge, value) in [
            (&self.kv_cache_bytes, kv_cache_bytes),
            (&self.response_cache_bytes, response_cache_bytes),
            (&self.requests_queued, requests_queued),
            (&self.isolates_bytes, isolates_bytes),
        ] {
            gauge.set(value.try_into().unwrap_or(i64::MAX));
        }
    }

    /// The registry adds `_total` to the names of counters, and the unit where there is one.
    fn register(&self, to: &mut Registry) {
        to.register_with_unit(
            "http_server_request_duration",
            "From the arrival of a request to the end of its answer",
            Unit::Seconds,
            self.requests.clone(),
        );
        to.register("worky_requests_in_flight", "Requests that are being answered", self.requests_in_flight.clone());
        to.register("worky_connections", "Open connections of clients", self.connections.clone());
        to.register("worky_limit_exceeded", "Times a worker hit one of its limits", self.limits.clone());
        to.register("worky_instances", "Running instances of a worker", self.instances.clone());
        to.register("worky_instance_starts", "Instances of a worker that started", self.instance_starts.clone());
        to.register(
            "worky_cold_starts",
            "Calls of a worker that waited for an instance to start",
            self.cold_starts.clone(),
        );
        to.register("worky_instance_stops", "Instances of a worker that stopped", self.stops.clone());
        to.register(
            "worky_log_lines_dropped",
            "Log lines of a worker beyond the limit of a request",
            self.log_lines_dropped.clone(),
        );
        to.register_with_unit(
            "worky_request_cpu",
            "CPU time that guests used for requests, up to the end of the answer",
            Unit::Seconds,
            self.request_cpu.clone(),
        );
        to.register("worky_kv_operations", "Operations on key-value namespaces", self.kv_operations.clone());
        to.register_with_unit(
            "worky_kv_operation_duration",
            "From the call of a key-value operation to its result",
            Unit::Seconds,
            self.kv_durations.clone(),
        );
        let help = "Starts of instances, by whether an isolate was ready";
        to.register("worky_blank_isolates", help, self.blank_isolates.clone());
        let help = "Starts of instances, by whether their code had been compiled before";
        to.register("worky_code_cache", help, self.code_cache.clone());
        to.register("worky_egress_denied", "Outgoing requests the policy refused", self.egress_denied.clone());
        let help = "Reads of single keys, by whether the key's entry was in memory";
        to.register("worky_kv_cache_lookups", help, self.kv_cache.clone());
        let bytes = |to: &mut Registry, name: &str, help: &str, gauge: &Gauge| {
            to.register_with_unit(name, help, Unit::Bytes, gauge.clone());
        };
        bytes(to, "worky_kv_cache", "Memory of entries of key-value namespaces", &self.kv_cache_bytes);
        bytes(to, "worky_response_cache", "Memory of responses in workers' caches", &self.response_cache_bytes);
        bytes(to, "worky_isolates", "Memory of all isolates, as their limits count it", &self.isolates_bytes);
        to.register("worky_requests_queued", "Requests that wait for their worker", self.requests_queued.clone());
    }
}

impl Default for Shared {
    fn default() -> Self {
        let families = Families::new();
        let mut registry = Registry::default();
        families.register(&mut registry);
        let kv = KvOperation::ALL.map(|operation| {
            let op = operation.as_str();
            KvSeries {
                outcomes: KvOutcome::ALL.map(|outcome| {
                    families.kv_operations.get_or_create_owned(&KvLabels { op, outcome: outcome.as_str() })
                }),
                duration: families.kv_durations.get_or_create_owned(&OpLabels { op }),
            }
        });
        Shared {
            registry,
            families,
            workers: RwLock::default(),
            kv,
            samplers: RwLock::default(),
            observers: RwLock::default(),
            observed: AtomicBool::new(false),
        }
    }
}

#[cfg(test)]
mod tests;
