//! The counters of one process, named as `/metrics` shows them.

use std::sync::Arc;

/// Cloning shares the registry.
#[derive(Clone, Default)]
pub struct Metrics(Arc<Shared>);

#[derive(Default)]
struct Shared {}

impl Metrics {
    /// `worky_limit_exceeded_total{worker,limit}`
    pub fn limit_exceeded(&self, _worker: &str, _limit: &'static str) {}
}
