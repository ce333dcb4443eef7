//! The series by name and label, and how `/metrics` tells of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::Sampled;
use super::histogram::Histogram;

/// Seconds. Those that OpenTelemetry recommends for HTTP servers.
const REQUEST_BUCKETS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
/// Seconds. From a point read of a cached page to a group of large writes on a slow disk.
const KV_BUCKETS: [f64; 13] =
    [0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0];

/// A counter of seconds.
pub(super) type Seconds = Counter<f64, AtomicU64>;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct WorkerLabels {
    pub(super) worker: Arc<str>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct LimitLabels {
    pub(super) worker: Arc<str>,
    pub(super) limit: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct StopLabels {
    pub(super) worker: Arc<str>,
    pub(super) reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct RequestLabels {
    pub(super) worker: Arc<str>,
    pub(super) status_class: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct OutcomeLabels {
    pub(super) outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct ReasonLabels {
    pub(super) reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct KvLabels {
    pub(super) op: &'static str,
    pub(super) outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct OpLabels {
    pub(super) op: &'static str,
}

pub(super) struct Families {
    pub(super) requests: Family<RequestLabels, Histogram>,
    pub(super) requests_in_flight: Gauge,
    pub(super) connections: Gauge,
    pub(super) limits: Family<LimitLabels, Counter>,
    pub(super) instances: Family<WorkerLabels, Gauge>,
    pub(super) instance_starts: Family<WorkerLabels, Counter>,
    pub(super) cold_starts: Family<WorkerLabels, Counter>,
    pub(super) stops: Family<StopLabels, Counter>,
    pub(super) log_lines_dropped: Family<WorkerLabels, Counter>,
    pub(super) request_cpu: Family<WorkerLabels, Seconds>,
    pub(super) kv_operations: Family<KvLabels, Counter>,
    pub(super) kv_durations: Family<OpLabels, Histogram>,
    pub(super) blank_isolates: Family<OutcomeLabels, Counter>,
    pub(super) code_cache: Family<OutcomeLabels, Counter>,
    pub(super) egress_denied: Family<ReasonLabels, Counter>,
    pub(super) kv_cache: Family<OutcomeLabels, Counter>,
    pub(super) kv_cache_bytes: Gauge,
    pub(super) response_cache_bytes: Gauge,
    pub(super) requests_queued: Gauge,
    pub(super) isolates_bytes: Gauge,
}

impl Families {
    pub(super) fn new() -> Self {
        Families {
            requests: Family::new_with_constructor(|| Histogram::new(&REQUEST_BUCKETS)),
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
            kv_durations: Family::new_with_constructor(|| Histogram::new(&KV_BUCKETS)),
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

    pub(super) fn set(&self, sampled: &Sampled) {
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
    pub(super) fn register(&self, to: &mut Registry) {
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
