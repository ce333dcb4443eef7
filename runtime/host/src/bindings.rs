//! What one worker is granted. A worker that is given nothing reaches nothing.

use std::sync::Arc;

use crate::assets::Assets;
use crate::fetch::Fetch;
use crate::files::Files;
use crate::kv::Kv;
use crate::log::Log;
use crate::secrets::Secret;
use crate::service::{Service, Services};

/// The capabilities of one worker, made once at assembly. Cloning is cheap: every handle is shared.
#[derive(Clone)]
pub struct Bindings {
    /// The deployed worker's name: the label of its logs and metrics.
    pub worker: Arc<str>,
    /// `[vars]`: name and JSON value, as the guest sees them in `env`.
    pub vars: Vec<(String, serde_json::Value)>,
    /// `secrets`: they reach the guest through `env` and nothing else.
    pub secrets: Vec<(String, Secret)>,
    /// `[[kv_namespaces]]`: binding name and namespace.
    pub kv: Vec<(String, Kv)>,
    /// `[[services]]`, and the binding of the assets.
    pub services: Services,
    /// The worker's caches, by the requests of [`crate::cache`].
    pub caches: Service,
    /// `[assets]`, for who asks them before the worker.
    pub assets: Option<Assets>,
    /// `[[files]]`, and the worker's own files.
    pub files: Files,
    /// Names in `env` that the guest also finds as globals.
    pub globals: Vec<String>,
    pub fetch: Fetch,
    pub log: Log,
}
