//! Plugins from component text: one small guest for each thing that can go right or wrong.

mod abi;
mod calls;
mod figures;
mod imports;
mod interfaces;
mod limits;
mod resources;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Handle;
use worky_engine::LoadError;
use worky_engine::plugin::{
    MemoryAccount, Plugin, PluginArtifact, PluginEngine, PluginError, PluginGrants, PluginInstances, PluginLimits,
    PluginSession, Value,
};
use worky_host::egress::{Egress, EgressPolicy, OwnListeners, SystemResolver};
use worky_host::fetch::{Fetch, FetchConfig, FetchLimits, TlsTrust};
use worky_host::files::Files;
use worky_host::log::{Log, MemorySink};
use worky_host::metrics::Metrics;
use worky_host::secrets::Redactor;
use worky_host::{Bindings, InvocationContext, RequestId, TraceContext};

use crate::{WasmConfig, WasmEngine};

/// A plugin to be, with everything granted that is always there.
struct Tested {
    text: String,
    limits: PluginLimits,
    grants: PluginGrants,
    instances: PluginInstances,
    sink: Arc<MemorySink>,
    metrics: Metrics,
}

/// What was taken of a worker's memory.
struct Account {
    taken: AtomicUsize,
    max: usize,
}

impl Tested {
    fn new(text: impl Into<String>) -> Self {
        Tested {
            text: text.into(),
            limits: PluginLimits::default(),
            grants: PluginGrants { log: true, fetch: true },
            instances: PluginInstances::Isolate,
            sink: Arc::default(),
            metrics: Metrics::default(),
        }
    }

    fn bindings(&self) -> Bindings {
        let (worker, metrics): (Arc<str>, _) = ("w".into(), self.metrics.clone());
        let egress = Egress::new(EgressPolicy::default(), OwnListeners::default(), Arc::new(SystemResolver::default()));
        let fetch = Fetch::new(FetchConfig {
            worker: worker.clone(),
            egress,
            trust: TlsTrust::none(),
            limits: FetchLimits::default(),
            metrics: metrics.clone(),
            runtime: Handle::current(),
        });
        let log = Log::to_sink(
            worker.clone(),
            worky_engine::Limits::default().log(),
            Redactor::default(),
            metrics,
            self.sink.clone(),
        );
        Bindings {
            worker,
            vars: vec![("greeting".to_owned(), "hello".into())],
            secrets: Vec::new(),
            kv: Vec::new(),
            services: Default::default(),
            caches: worky_host::service::Service::none(),
            assets: None,
            files: Files::none(),
            globals: Vec::new(),
            fetch,
            log,
        }
    }

    async fn load(&self) -> Result<Arc<dyn Plugin>, LoadError> {
        let component = wat::parse_str(&self.text).expect("the text is valid").into();
        let artifact = PluginArtifact {
            specifier: "plugin:tested".to_owned(),
            name: "tested".into(),
            component,
            bindings: self.bindings(),
            grants: self.grants,
            limits: self.limits.clone(),
            instances: self.instances,
        };
        let engine = WasmEngine::new(WasmConfig::default(), self.metrics.clone());
        PluginEngine::load(&engine, artifact).await
    }

    async fn problem(&self) -> String {
        match self.load().await {
            Ok(_) => panic!("it loads"),
            Err(error) => error.to_string(),
        }
    }

    async fn open(&self) -> Session {
        self.open_with(Account::new(usize::MAX)).await
    }

    async fn open_with(&self, account: Arc<Account>) -> Session {
        let plugin = self.load().await.expect("it loads");
        let session = plugin.open(account);
        Session { plugin, session }
    }

    fn messages(&self) -> Vec<String> {
        self.sink.take().into_iter().map(|record| record.message).collect()
    }
}

/// A plugin and one session of it, with functions by name.
struct Session {
    plugin: Arc<dyn Plugin>,
    session: Box<dyn PluginSession>,
}

type Outcome = Result<Option<Value<'static>>, PluginError>;

impl Session {
    fn function(&self, name: &str) -> u32 {
        let functions = &self.plugin.interface().functions;
        let index = functions.iter().position(|function| function.name == name).expect("a function of this name");
        u32::try_from(index).expect("few functions")
    }

    fn call(&mut self, name: &str, arguments: Vec<Value<'_>>) -> Outcome {
        let function = self.function(name);
        self.session.call_here(Some(&context()), &|| false, function, arguments)
    }

    /// A call that answers.
    fn get(&mut self, name: &str, arguments: Vec<Value<'_>>) -> Value<'static> {
        let outcome = self.call(name, arguments);
        outcome.unwrap_or_else(|error| panic!("{name}: {error}")).expect("it has a result")
    }

    async fn call_elsewhere(&mut self, name: &str, arguments: Vec<Value<'static>>) -> Outcome {
        let function = self.function(name);
        self.session.call(context(), function, arguments).await
    }
}

impl Account {
    fn new(max: usize) -> Arc<Self> {
        Arc::new(Account { taken: AtomicUsize::new(0), max })
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }
}

impl MemoryAccount for Account {
    fn take(&self, bytes: usize) -> bool {
        if self.taken() + bytes > self.max {
            return false;
        }
        self.taken.fetch_add(bytes, Ordering::SeqCst);
        true
    }

    fn give_back(&self, bytes: usize) {
        self.taken.fetch_sub(bytes, Ordering::SeqCst);
    }
}

fn context() -> InvocationContext {
    InvocationContext::new(
        RequestId::parse("r1").expect("valid"),
        TraceContext::root(),
        worky_host::InvocationLimits::UNBOUNDED,
    )
}

/// Values have no equality of their own: floats do not.
fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Numbers(bytes) => format!("{bytes:?}"),
        value => format!("{value:?}"),
    }
}
