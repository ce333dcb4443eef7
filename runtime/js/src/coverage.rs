//! Which parts of a worker's modules have run, as V8 counts it: for tests.
//!
//! An isolate that is to be counted has a session of V8's inspector from before the worker's first module is compiled
//! until its end, when the counts go to the [`CoverageSink`].

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use deno_core::{InspectorMsg, InspectorSessionKind, JsRuntime, JsRuntimeInspector, LocalInspectorSession};
use serde::Deserialize;
use serde_json::json;

use crate::loader::Modules;

/// Takes what isolates have counted, on their threads.
pub trait CoverageSink: Send + Sync {
    /// `worker` is the name of the worker that the isolate ran.
    fn take(&self, worker: &str, modules: Vec<CoveredModule>);
}

/// One module of a worker, and how often its parts have run.
#[derive(Debug, Clone)]
pub struct CoveredModule {
    /// `file:///` and the path from the worker's directory.
    pub specifier: String,
    /// What V8 ran.
    pub source: Bytes,
    /// From `source` to the files that it was made of.
    pub source_map: Option<Bytes>,
    /// The module itself is the first of them.
    pub functions: Vec<CoveredFunction>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CoveredFunction {
    /// Empty where it has none.
    #[serde(rename = "functionName")]
    pub name: String,
    /// The function, then blocks within it, each of which lies in one before it or beside it.
    pub ranges: Vec<CoveredRange>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CoveredRange {
    /// In UTF-16 units of the module's source.
    #[serde(rename = "startOffset")]
    pub start: u32,
    #[serde(rename = "endOffset")]
    pub end: u32,
    pub count: u64,
}

/// An isolate that is counted. It must be dropped before the isolate.
pub(crate) struct Coverage {
    session: LocalInspectorSession,
    answers: Rc<RefCell<Vec<String>>>,
    sink: Arc<dyn CoverageSink>,
}

const ENABLE: i32 = 1;
const START: i32 = 2;
const TAKE: i32 = 3;

impl Coverage {
    /// Counts from now on.
    pub(crate) fn begin(runtime: &mut JsRuntime, sink: Arc<dyn CoverageSink>) -> Self {
        runtime.maybe_init_inspector();
        let answers = Rc::new(RefCell::new(Vec::new()));
        let to = answers.clone();
        let take = move |message: InspectorMsg| to.borrow_mut().push(message.content);
        // It keeps no event loop waiting.
        let kind = InspectorSessionKind::NonBlocking { wait_for_disconnect: false };
        let mut session = JsRuntimeInspector::create_local_session(runtime.inspector(), Box::new(take), kind);
        session.post_message(ENABLE, "Profiler.enable", None::<()>);
        let exactly = json!({ "callCount": true, "detailed": true });
        session.post_message(START, "Profiler.startPreciseCoverage", Some(exactly));
        answers.borrow_mut().clear();
        Coverage { session, answers, sink }
    }

    /// Hands over what was counted.
    pub(crate) fn end(mut self, worker: &str, modules: &Modules) {
        #[derive(Deserialize)]
        struct Answer {
            id: Option<i32>,
            result: Option<Scripts>,
        }
        #[derive(Deserialize)]
        struct Scripts {
            result: Vec<Script>,
        }
        #[derive(Deserialize)]
        struct Script {
            url: String,
            functions: Vec<CoveredFunction>,
        }
        self.session.post_message(TAKE, "Profiler.takePreciseCoverage", None::<()>);
        let answers = self.answers.take();
        // Answers to other questions look otherwise.
        let mut answers = answers.iter().filter_map(|answer| serde_json::from_str::<Answer>(answer).ok());
        let Some(scripts) = answers.find(|answer| answer.id == Some(TAKE)).and_then(|answer| answer.result) else {
            tracing::error!("V8 did not tell what it has counted");
            return;
        };
        let covered = scripts.result.into_iter().filter_map(|Script { url, functions }| {
            let module = modules.get(&url)?;
            let (source, source_map) = (module.source.clone(), module.source_map.clone());
            Some(CoveredModule { specifier: url, source, source_map, functions })
        });
        self.sink.take(worker, covered.collect());
    }
}
