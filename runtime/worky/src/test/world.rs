//! What one test file runs in: the worker under test, the workers that it calls, and the worker that the file becomes,
//! in a dispatcher of their own, over storage of their own.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request};
use worky_bundle::Bundle;
use worky_dispatch::{Content, Deployment, Dispatcher};
use worky_engine::{Artifact, CallError, FetchEvent, Invocation, Limits, Module, ModuleKind, Outcome};
use worky_host::service::{Service, Services};
use worky_host::{Bindings, Body, InvocationContext, RequestId, TraceContext};

use super::console::{Console, Line, Stacks};
use super::network::{MissingService, Upstream};
use super::protocol::{self, Step};
use super::runner::{Built, Runner};
use crate::assemble::content;
use crate::compile::{Inputs, compile, files_of, link, load_problem};
use crate::config::{Problem, WorkerConfig};
use crate::grants::{Grants, Testing, Written};

/// The worker with the tests. No worker of a configuration can be called so.
pub(super) const TESTS: &str = "worky:test";
/// How it finds the worker under test.
const SELF_BINDING: &str = "SELF";

/// worky's own modules in the isolate of the tests.
const MODULES: [(&str, &str); 10] = [
    ("worky:test", include_str!("../../guest/test.js")),
    ("worky:test/clock", include_str!("../../guest/clock.js")),
    ("worky:test/collect", include_str!("../../guest/collect.js")),
    ("worky:test/context", include_str!("../../guest/context.js")),
    ("worky:test/expect", include_str!("../../guest/expect.js")),
    (MAIN, include_str!("../../guest/main.js")),
    ("worky:test/packed/clock", include_str!("../../guest/packed/clock.js")),
    ("worky:test/packed/expect", include_str!("../../guest/packed/expect.js")),
    ("worky:test/run", include_str!("../../guest/run.js")),
    ("worky:test/upstream", include_str!("../../guest/upstream.js")),
];
const MAIN: &str = "worky:test/main";
/// As `main.js` imports the test file.
const FILE: &str = "worky:test/file";

/// The top level of a test file may do more than that of a worker.
const STARTUP: Duration = Duration::from_secs(10);
/// Beyond the timeout of a step, which ends it first.
const SPARE: Duration = Duration::from_secs(2);
/// How long isolates may take to end. What still runs then is left to its limits; where it is counted what has run, it
/// is told as they end.
const DRAIN: Duration = Duration::from_millis(200);
const DRAIN_COUNTED: Duration = Duration::from_secs(10);
/// How long what a test left to `ctx.waitUntil` of the worker under test may go on.
const QUIET_MAX: Duration = Duration::from_secs(10);

/// Tests may do what a worker may do many times.
const SUBREQUESTS: u32 = 100_000;
const LOG_LINES: u32 = 10_000;
const LOG_BYTES: u64 = 4 << 20;

pub(super) struct World {
    dispatcher: Dispatcher,
    grants: Grants,
    console: Arc<Console>,
    stacks: Arc<Stacks>,
    tests: Artifact,
    bindings: Bindings,
    limits: Limits,
}

/// What workers said on behalf of a step.
pub(super) struct Said {
    pub(super) lines: Vec<Line>,
    /// Of errors that the worker under test threw, which who calls it is not told.
    pub(super) stacks: Vec<Line>,
}

/// Why a step has no answer.
#[derive(Debug)]
pub(super) enum Broken {
    TimedOut {
        after: Duration,
    },
    Call(CallError),
    /// Its answer is none of `guest/run.js`.
    Answer(String),
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Broken::TimedOut { after } => write!(f, "it did not end within {} ms", after.as_millis()),
            Broken::Call(CallError::NeverSettles) => {
                f.write_str("it waits for a promise that cannot be settled any more: nothing is left to run")
            }
            Broken::Call(CallError::MemoryExceeded { limit_bytes }) => {
                write!(f, "it used more than {} MiB of memory (limits.memory_mb)", limit_bytes >> 20)
            }
            Broken::Call(error) => error.fmt(f),
            Broken::Answer(what) => write!(f, "its answer cannot be read: {what}"),
        }
    }
}

impl World {
    /// Starts all workers. `module` is the test file's graph.
    pub(super) async fn start(
        runner: &Runner,
        under_test: &WorkerConfig,
        module: Bundle,
        timeout: Duration,
    ) -> Result<Self, Vec<Problem>> {
        let dispatcher = Dispatcher::new(runner.engines.clone(), runner.grants.metrics.clone(), Default::default());
        let console = Arc::new(Console::new(TESTS));
        let limits = limits_of(&under_test.limits, timeout);
        let upstream = Upstream { dispatcher: dispatcher.clone(), tests: TESTS, limits: limits.invocation() };
        let testing = Testing { console: console.clone(), network: Arc::new(upstream.clone()) };
        let grants = runner.grants.for_tests(dispatcher.services(), testing);
        for (worker, built) in runner.needed_by(under_test) {
            deploy(&dispatcher, &grants, worker, built).await?;
        }
        for name in runner.missing_services(under_test) {
            let stand_in = Arc::new(MissingService { name: name.clone(), upstream: upstream.clone() });
            dispatcher.install(name, stand_in, limits.clone());
        }
        let mut bindings = bindings_of(&grants, under_test)?;
        if bindings.services.iter().all(|service| service.binding() != SELF_BINDING) {
            let to = under_test.name.value.as_str();
            let metrics = runner.grants.metrics.clone();
            let own = Service::new(SELF_BINDING, to, TESTS.into(), dispatcher.services(), metrics);
            bindings.services = Services::new(bindings.services.iter().cloned().chain([own]).collect());
        }
        let tests = link(under_test, Ok(module), &bindings).map(with_own_modules)?;
        bindings.files = bindings.files.with_bundle(files_of(&tests));
        bindings.worker = TESTS.into();
        bindings.log = grants.log(TESTS.into(), under_test);
        let world = World { dispatcher, grants, console, stacks: runner.stacks.clone(), tests, bindings, limits };
        world.deploy_tests(under_test).await?;
        Ok(world)
    }

    /// A fresh isolate for the tests, whose steps may take so long. What ran in the one before does not run on.
    pub(super) async fn renew(&mut self, under_test: &WorkerConfig, timeout: Duration) -> Result<(), Vec<Problem>> {
        self.limits = limits_of(&under_test.limits, timeout);
        self.deploy_tests(under_test).await
    }

    async fn deploy_tests(&self, under_test: &WorkerConfig) -> Result<(), Vec<Problem>> {
        let deployment = Deployment {
            name: TESTS.into(),
            content: Content::Code(self.tests.clone()),
            bindings: self.bindings.clone(),
            limits: self.limits.clone(),
        };
        self.dispatcher.deploy(deployment).await.map_err(|error| vec![load_problem(under_test, &error)])
    }

    /// One step, and what was said while it ran.
    pub(super) async fn step(&self, step: Step, timeout: Duration) -> (Result<Bytes, Broken>, Said) {
        let id = RequestId::random();
        let context = InvocationContext::new(id.clone(), TraceContext::root(), self.limits.invocation());
        let body = serde_json::to_vec(&step).expect("it is data");
        let mut request = Request::new(Body::full(body));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = http::Uri::from_static("http://tests/");
        request.headers_mut().insert(protocol::KIND, HeaderValue::from_static(protocol::STEP));
        let call = self.dispatcher.call(TESTS, Invocation::Fetch(FetchEvent { request, context }));
        let answer = match tokio::time::timeout(timeout, call).await {
            Err(_) => Err(Broken::TimedOut { after: timeout }),
            Ok(Err(error)) => Err(Broken::Call(error)),
            Ok(Ok(Outcome::Response(response))) => read(response.into_body()).await,
        };
        (answer, Said { lines: self.console.take(Some(&id)), stacks: self.stacks.take(&id) })
    }

    /// What was said outside of any step.
    pub(super) fn said(&self) -> Vec<Line> {
        self.console.take(None)
    }

    /// Waits until nothing runs that could still write.
    pub(super) async fn quiet(&self) -> Result<(), Broken> {
        tokio::time::timeout(QUIET_MAX, self.dispatcher.idle()).await.map_err(|_| Broken::TimedOut { after: QUIET_MAX })
    }

    pub(super) fn written(&self) -> Written {
        self.grants.written()
    }

    pub(super) fn write_back(&self, written: &Written) {
        self.grants.write_back(written);
    }

    pub(super) async fn end(self, runner: &Runner) {
        self.dispatcher.drain(if runner.options.coverage.is_some() { DRAIN_COUNTED } else { DRAIN }).await;
    }
}

async fn deploy(
    dispatcher: &Dispatcher,
    grants: &Grants,
    worker: &WorkerConfig,
    built: &Built,
) -> Result<(), Vec<Problem>> {
    let mut bindings = bindings_of(grants, worker)?;
    let artifact = match built {
        Built::Modules(_) if worker.main.is_none() => None,
        Built::Modules(bundle) => Some(link(worker, Ok(bundle.clone()), &bindings)?),
        Built::Component => compile(worker, &bindings, &Inputs::default())?,
    };
    bindings.files = bindings.files.with_bundle(artifact.iter().flat_map(files_of));
    let (name, content) = (bindings.worker.clone(), content(artifact, &bindings));
    let deployment = Deployment { name, content, bindings, limits: worker.limits.clone() };
    dispatcher.deploy(deployment).await.map_err(|error| vec![load_problem(worker, &error)])
}

fn bindings_of(grants: &Grants, worker: &WorkerConfig) -> Result<Bindings, Vec<Problem>> {
    grants.bindings(worker).map_err(|error| vec![Problem::error(error.to_string()).at(&worker.name.span, "")])
}

/// Memory is the worker's; time is what the longest step may take.
fn limits_of(worker: &Limits, timeout: Duration) -> Limits {
    Limits {
        cpu: timeout + SPARE,
        cpu_soft: None,
        wall: timeout + SPARE,
        queue_wait: timeout + SPARE,
        startup: STARTUP.max(worker.startup),
        subrequests: SUBREQUESTS,
        kv_operations: SUBREQUESTS,
        log_lines: LOG_LINES,
        log_bytes: LOG_BYTES,
        // One isolate has all of a file: its modules' state is part of its tests.
        max_instances: 1,
        ..worker.clone()
    }
}

/// The test file's graph, with worky's modules around it.
fn with_own_modules(artifact: Artifact) -> Artifact {
    let Artifact::Js(mut artifact) = artifact else { return artifact };
    let entry = std::mem::replace(&mut artifact.entry, MAIN.to_owned());
    artifact.modules.extend(MODULES.map(|(specifier, source)| Module {
        specifier: specifier.to_owned(),
        kind: ModuleKind::Js,
        source: Bytes::from_static(source.as_bytes()),
        source_map: None,
        imports: [(FILE.to_owned(), entry.clone())].into_iter().filter(|_| specifier == MAIN).collect(),
    }));
    Artifact::Js(artifact)
}

async fn read(mut body: Body) -> Result<Bytes, Broken> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.chunk().await {
        bytes.extend_from_slice(&chunk.map_err(|error| Broken::Answer(error.to_string()))?);
    }
    Ok(bytes.into())
}
