//! Keys that wrangler has and worky does not, so that a file that comes from there is answered better than with
//! "unknown key".

use super::reader::Reader;
use super::report::Problem;

/// What a worker would miss without them.
const NOT_SUPPORTED: &[&str] = &[
    "ai",
    "alias",
    "analytics_engine_datasets",
    "browser",
    "build",
    "cloudchamber",
    "containers",
    "d1_databases",
    "data_blobs",
    "define",
    "dispatch_namespaces",
    "durable_objects",
    "hyperdrive",
    "images",
    "logfwdr",
    "migrations",
    "mtls_certificates",
    "pipelines",
    "queues",
    "r2_buckets",
    "ratelimits",
    "rules",
    "secrets_store_secrets",
    "send_email",
    "site",
    "streaming_tail_consumers",
    "tail_consumers",
    "text_blobs",
    "triggers",
    "unsafe",
    "vectorize",
    "version_metadata",
    "wasm_modules",
    "worker_loaders",
    "workflows",
];

/// What only means something to where wrangler deploys to.
const NO_EFFECT: &[&str] = &[
    "account_id",
    "base_dir",
    "dev",
    "find_additional_modules",
    "first_party_worker",
    "keep_names",
    "keep_vars",
    "logpush",
    "minify",
    "no_bundle",
    "node_compat",
    "observability",
    "placement",
    "preserve_file_names",
    "preview_urls",
    "send_metrics",
    "upload_source_maps",
    "usage_model",
    "workers_dev",
];

pub(crate) fn settle(reader: &mut Reader<'_>) {
    reader.settle(NOT_SUPPORTED, |path| {
        Problem::error(format!("`{path}` is not supported yet")).hint("remove it, and what the worker does with it")
    });
    reader.settle(&["route"], |path| {
        Problem::error(format!("`{path}` is not supported")).hint("use `routes = [\"example.com/*\"]`")
    });
    reader.settle(NO_EFFECT, no_effect);
}

pub(crate) fn no_effect(path: &str) -> Problem {
    Problem::warning(format!("`{path}` has no effect here"))
}
