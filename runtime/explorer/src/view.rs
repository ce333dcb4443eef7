//! What there is: workers, what they are granted, and how the last build went.

use serde::Serialize;
use serde_json::Value;

/// One worker, as its configuration has it. Of secrets it has names alone.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WorkerView {
    pub name: String,
    /// `js`, `wasm`, or `assets` where it has no code.
    pub kind: &'static str,
    /// Its main module or component; empty where it has no code.
    pub main: String,
    /// Empty where it gets every request.
    pub routes: Vec<String>,
    pub vars: Vec<(String, Value)>,
    pub secrets: Vec<String>,
    /// Bindings and ids.
    pub kv: Vec<(String, String)>,
    /// Bindings and workers.
    pub services: Vec<(String, String)>,
    /// Bindings, and what each is.
    pub files: Vec<(String, String)>,
    /// Their binding, empty where there is none, and where they are. One at most.
    pub assets: Vec<(String, String)>,
    pub plugins: Vec<Plugin>,
    pub limits: Vec<Setting>,
}

/// A component that a worker imports.
#[derive(Debug, Clone, Serialize)]
pub struct Plugin {
    pub name: String,
    pub path: String,
    pub grants: Vec<String>,
    pub limits: Vec<Setting>,
}

/// A value with its key, as the configuration calls it: the unit is part of the name.
#[derive(Debug, Clone, Serialize)]
pub struct Setting {
    pub key: &'static str,
    /// `None` where there is no such limit.
    pub value: Option<u64>,
}

/// How what is saved became what is served.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Build {
    /// Nothing was built yet.
    #[default]
    Starting,
    Good {
        /// Unix milliseconds.
        at: f64,
    },
    /// What was there before is served.
    Broken {
        /// Unix milliseconds.
        at: f64,
        /// What is wrong, with its place, as the terminal has it.
        report: String,
    },
}

impl Build {
    pub fn good() -> Self {
        Build::Good { at: crate::hub::now_ms() }
    }

    pub fn broken(report: String) -> Self {
        Build::Broken { at: crate::hub::now_ms(), report }
    }
}
