//! The counters of one process, named as `/metrics` shows them.

mod families;
mod histogram;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::requests::{FinishedRequest, RequestObserver};

use families::{
    Families, KvLabels, LimitLabels, OpLabels, OutcomeLabels, ReasonLabels, RequestLabels, Seconds, StopLabels,
    WorkerLabels,
};
use histogram::Histogram;

/// What a request is counted under that no worker was found for.
const NO_WORKER: &str = "-";
const STATUS_CLASSES: [&str; 6] = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];

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
        Counted::new(self.requests_in_flight())
    }

    /// `worky_requests_in_flight`, for who counts down too.
    pub fn requests_in_flight(&self) -> &Gauge {
        &self.0.families.requests_in_flight
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
                .observe(request.elapsed);
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
        series.duration.observe(elapsed);
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
    workers: RwLock<HashMap<Arc<str>, WorkerSeries, foldhash::fast::RandomState>>,
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
