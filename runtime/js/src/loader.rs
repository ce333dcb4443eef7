//! Modules from the artifact, and from nowhere else: at run time there is no file system behind an import.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use deno_core::{
    CustomModuleEvaluationKind, FastString, JsRuntime, ModuleLoadOptions, ModuleLoadReferrer, ModuleLoadResponse,
    ModuleLoader, ModuleSource, ModuleSourceCode, ModuleSpecifier, ModuleType, RequestedModuleType, ResolutionKind,
    SourceCodeCacheInfo, v8,
};
use deno_error::JsErrorBox;
use worky_engine::{JsArtifact, Module, ModuleKind};

use crate::code_cache::{Code, CodeCache, WorkerCode};
use crate::instance::InstanceState;
use crate::plugin::{LoadedPlugin, MODULE_TYPE, Plugins};

/// What a worker runs in; `cloudflare:workers` is another name of it.
pub(crate) const BUILTIN: &str = "worky:workers";
const BUILTIN_ALIAS: &str = "cloudflare:workers";
/// The errors of plugins.
pub(crate) const BUILTIN_PLUGINS: &str = "worky:plugins";

/// What needs the engine of Node's modules; the others are packed into the workers.
pub(crate) const BUILTIN_ASYNC_HOOKS: &str = "node:async_hooks";

/// Types under which the loader's own shims import the raw bytes of a module. A worker that writes them in a computed
/// `import()` gets no more than its own module's bytes.
const RAW_BYTES: &str = "worky-bytes";
const RAW_WASM: &str = "worky-wasm";

/// A worker's modules by specifier, shared by all instances.
pub(crate) struct Modules {
    artifact: JsArtifact,
    index: HashMap<String, usize>,
    code: Arc<WorkerCode>,
}

impl Modules {
    /// `worker` is its name.
    pub(crate) fn new(artifact: JsArtifact, code_cache: &Arc<CodeCache>, worker: Arc<str>) -> Arc<Self> {
        let index = artifact.modules.iter().enumerate().map(|(i, m)| (m.specifier.clone(), i)).collect();
        let code = Arc::new(WorkerCode::new(code_cache.clone(), worker, &artifact.modules));
        Arc::new(Modules { artifact, index, code })
    }

    pub(crate) fn entry(&self) -> &str {
        &self.artifact.entry
    }

    pub(crate) fn get(&self, specifier: &str) -> Option<&Module> {
        self.index.get(specifier).map(|i| &self.artifact.modules[*i])
    }

    /// What V8 compiles of the module at this place, and its specifier.
    pub(crate) fn source(&self, index: u32) -> Option<(&str, Cow<'_, str>)> {
        let module = self.artifact.modules.get(index as usize)?;
        Some((&module.specifier, String::from_utf8_lossy(&module.source)))
    }

    pub(crate) fn code(&self) -> &Arc<WorkerCode> {
        &self.code
    }

    pub(crate) fn keep(&self, code: Code) {
        self.code.store(&self.artifact.modules, code);
    }
}

/// Has nothing to load until a worker is in the isolate.
#[derive(Default)]
pub(crate) struct ArtifactLoader {
    worker: OnceCell<(Arc<Modules>, Arc<Plugins>)>,
    /// What is kept of the worker's compiled code, while its modules are loaded.
    code: RefCell<Option<Code>>,
    /// The places of JavaScript modules that were loaded.
    compiled: RefCell<Vec<u32>>,
    /// The text of files behind source maps, taken apart when the first error asks for a line.
    sources: RefCell<HashMap<String, Option<String>>>,
}

impl ArtifactLoader {
    /// Gives an isolate its worker. An isolate has one in all of its life.
    pub(crate) fn furnish(&self, modules: Arc<Modules>, plugins: Arc<Plugins>) {
        *self.code.borrow_mut() = modules.code.load(&modules.artifact.modules);
        let first = self.worker.set((modules, plugins)).is_ok();
        debug_assert!(first, "an isolate was given a second worker");
    }

    /// The worker's modules are loaded.
    pub(crate) fn settle(&self) {
        *self.code.borrow_mut() = None;
    }

    /// The places of JavaScript modules that were loaded so far.
    pub(crate) fn compiled(&self) -> Vec<u32> {
        self.compiled.borrow().clone()
    }

    /// Notes that a module is compiled. Answers what V8 needs to do so faster.
    fn code_for(&self, specifier: &str) -> Option<SourceCodeCacheInfo> {
        let index = u32::try_from(*self.worker.get()?.0.index.get(specifier)?).ok()?;
        self.compiled.borrow_mut().push(index);
        let code = self.code.borrow().as_ref()?.get(index)?.to_vec();
        // The hash is for loaders that look for code by it.
        Some(SourceCodeCacheInfo { hash: 0, data: Some(Cow::Owned(code)) })
    }

    fn module(&self, specifier: &str) -> Option<&Module> {
        self.worker.get()?.0.get(specifier)
    }

    fn plugin(&self, specifier: &str) -> Option<&LoadedPlugin> {
        let (_, plugins) = self.worker.get()?;
        plugins.get(plugins.find(specifier)?)
    }

    /// The text of a file as it was when the worker was built.
    fn source_text(&self, file_name: &str) -> Option<String> {
        match self.module(file_name) {
            Some(Module { source_map: None, source, .. }) => String::from_utf8(source.to_vec()).ok(),
            Some(Module { source_map: Some(map), .. }) => {
                mapped_text(map, Some(file_name)).or_else(|| mapped_text(map, None))
            }
            // A file that was packed into a module with others.
            None => {
                let modules = &self.worker.get()?.0.artifact.modules;
                let maps = modules.iter().filter_map(|module| module.source_map.as_deref());
                maps.filter_map(|map| mapped_text(map, Some(file_name))).next()
            }
        }
    }

    /// The module or the plugin of exactly this specifier.
    fn known(&self, specifier: &str) -> Option<&str> {
        let module = self.module(specifier).map(|module| module.specifier.as_str());
        module.or_else(|| Some(self.plugin(specifier)?.specifier()))
    }
}

impl ModuleLoader for ArtifactLoader {
    fn resolve(&self, specifier: &str, referrer: &str, _kind: ResolutionKind) -> Result<ModuleSpecifier, JsErrorBox> {
        if specifier == BUILTIN || specifier == BUILTIN_ALIAS {
            return Ok(ModuleSpecifier::parse(BUILTIN).expect("it is a URL"));
        }
        if specifier == BUILTIN_PLUGINS || specifier == BUILTIN_ASYNC_HOOKS {
            return Ok(ModuleSpecifier::parse(specifier).expect("it is a URL"));
        }
        // `worky:main` and the shims below ask for a module by its own name.
        let known = match self.module(referrer) {
            Some(module) => module.imports.get(specifier).map(String::as_str).or_else(|| {
                // A computed import() is resolved against its module, among the files of the build.
                let url = ModuleSpecifier::parse(referrer).ok()?.join(specifier).ok()?;
                self.known(url.as_str())
            }),
            None => self.known(specifier),
        }
        // deno_core asks with this referrer for what the host itself loads.
        .or_else(|| (referrer == ".").then_some(specifier));
        let Some(known) = known else {
            return Err(JsErrorBox::type_error(format!(
                "Cannot find module \"{specifier}\" imported from \"{}\": only modules that were there when the worker was built can be imported",
                referrer.strip_prefix("file:///").unwrap_or(referrer)
            )));
        };
        ModuleSpecifier::parse(known).map_err(|error| JsErrorBox::type_error(format!("{known}: {error}")))
    }

    fn load(
        &self,
        specifier: &ModuleSpecifier,
        _referrer: Option<&ModuleLoadReferrer>,
        options: ModuleLoadOptions,
    ) -> ModuleLoadResponse {
        if let Some(plugin) = self.plugin(specifier.as_str()) {
            let (module_type, code) = match &options.requested_module_type {
                RequestedModuleType::Other(name) if name == MODULE_TYPE => (
                    ModuleType::Other(Cow::Borrowed(MODULE_TYPE)),
                    ModuleSourceCode::Bytes(Box::<[u8]>::default().into()),
                ),
                _ => (ModuleType::JavaScript, ModuleSourceCode::String(plugin.module().to_owned().into())),
            };
            return ModuleLoadResponse::Sync(Ok(ModuleSource::new(module_type, code, specifier, None)));
        }
        let Some(module) = self.module(specifier.as_str()) else {
            return ModuleLoadResponse::Sync(Err(JsErrorBox::type_error(format!(
                "Cannot find module \"{specifier}\""
            ))));
        };
        let (module_type, code) = form(module, &options.requested_module_type);
        let kept = match (module.kind, &module_type) {
            (ModuleKind::Js, ModuleType::JavaScript) => self.code_for(&module.specifier),
            _ => None,
        };
        ModuleLoadResponse::Sync(Ok(ModuleSource::new(module_type, code, specifier, kept)))
    }

    /// V8 did not take the code that it was given, and made some from what it knows before the module has run. Better
    /// code is made later.
    fn code_cache_ready(
        &self,
        _specifier: ModuleSpecifier,
        _hash: u64,
        _code: &[u8],
    ) -> Pin<Box<dyn Future<Output = ()>>> {
        if let Some((modules, _)) = self.worker.get() {
            modules.code.reject();
        }
        Box::pin(std::future::ready(()))
    }

    fn get_source_map(&self, file_name: &str) -> Option<Cow<'_, [u8]>> {
        self.module(file_name)?.source_map.as_deref().map(Cow::Borrowed)
    }

    fn source_map_source_exists(&self, _source_url: &str) -> Option<bool> {
        // Maps carry their sources; no file is looked for.
        Some(true)
    }

    fn get_source_mapped_source_line(&self, file_name: &str, line_number: usize) -> Option<String> {
        let mut sources = self.sources.borrow_mut();
        let text = sources.entry(file_name.to_owned()).or_insert_with(|| self.source_text(file_name));
        text.as_ref()?.lines().nth(line_number).map(str::to_owned)
    }
}

/// What V8 is given for a module, by what the import asked for (`with { type: … }`) and what the file is.
fn form(module: &Module, requested: &RequestedModuleType) -> (ModuleType, ModuleSourceCode) {
    let text = || String::from_utf8_lossy(&module.source).into_owned();
    let shim = |code: String| (ModuleType::JavaScript, ModuleSourceCode::String(code.into()));
    let raw = |name: &'static str| {
        (
            ModuleType::Other(Cow::Borrowed(name)),
            ModuleSourceCode::Bytes(module.source.to_vec().into_boxed_slice().into()),
        )
    };
    let literal = |text: &str| serde_json::to_string(text).expect("a string is JSON");
    let import_raw = |name: &str| {
        shim(format!(
            "import raw from {} with {{ type: \"{name}\" }};\nexport default raw;",
            literal(&module.specifier)
        ))
    };
    match (module.kind, requested) {
        (_, RequestedModuleType::Other(name)) if name == RAW_BYTES => raw(RAW_BYTES),
        (_, RequestedModuleType::Other(name)) if name == RAW_WASM => raw(RAW_WASM),
        (ModuleKind::Js, _) => shim(text()),
        (ModuleKind::Json, RequestedModuleType::Json) => (ModuleType::Json, ModuleSourceCode::String(text().into())),
        (ModuleKind::Json, _) => shim(format!("export default JSON.parse({});", literal(&text()))),
        (ModuleKind::Text, RequestedModuleType::Text) => (ModuleType::Text, ModuleSourceCode::String(text().into())),
        (ModuleKind::Text, _) => shim(format!("export default {};", literal(&text()))),
        (ModuleKind::Bytes, RequestedModuleType::Bytes) => {
            (ModuleType::Bytes, ModuleSourceCode::Bytes(module.source.to_vec().into_boxed_slice().into()))
        }
        (ModuleKind::Bytes, _) => import_raw(RAW_BYTES),
        (ModuleKind::Wasm, _) => import_raw(RAW_WASM),
    }
}

/// Makes the values behind the raw types: an `ArrayBuffer`, a `WebAssembly.Module`, the exports of a plugin.
pub(crate) fn evaluate_raw(
    scope: &mut v8::PinScope,
    module_type: Cow<'_, str>,
    specifier: &FastString,
    code: ModuleSourceCode,
) -> Result<CustomModuleEvaluationKind, JsErrorBox> {
    if module_type == MODULE_TYPE {
        let exports = plugin_exports(scope, specifier.as_str())?;
        return Ok(CustomModuleEvaluationKind::Synthetic(exports));
    }
    let ModuleSourceCode::Bytes(bytes) = code else {
        return Err(JsErrorBox::type_error(format!("{} has no bytes", specifier.as_str())));
    };
    let bytes = bytes.as_bytes();
    let value: v8::Local<v8::Value> = if module_type == RAW_WASM {
        v8::WasmModuleObject::compile(scope, bytes)
            .ok_or_else(|| {
                let name = specifier.as_str();
                JsErrorBox::type_error(format!(
                    "{} is not a valid WebAssembly module",
                    name.strip_prefix("file:///").unwrap_or(name)
                ))
            })?
            .into()
    } else {
        let store = v8::ArrayBuffer::new_backing_store_from_vec(bytes.to_vec()).make_shared();
        v8::ArrayBuffer::with_backing_store(scope, &store).into()
    };
    Ok(CustomModuleEvaluationKind::Synthetic(v8::Global::new(scope, value)))
}

fn plugin_exports(scope: &mut v8::PinScope, specifier: &str) -> Result<v8::Global<v8::Value>, JsErrorBox> {
    let missing = || JsErrorBox::type_error(format!("there is no plugin {specifier}"));
    let state = JsRuntime::op_state_from(scope);
    let instance = state.borrow().borrow::<Rc<InstanceState>>().clone();
    let index = instance.plugins.find(specifier).ok_or_else(missing)?;
    let hooks = instance.plugins.hooks().ok_or_else(missing)?;
    let load = v8::Local::new(scope, &hooks.load);
    let (undefined, index) = (v8::undefined(scope), v8::Number::new(scope, index as f64));
    v8::tc_scope!(let tc, scope);
    // Nothing of the guest runs in it: it throws only where V8 was told to stop.
    let exports = load.call(tc, undefined.into(), &[index.into()]);
    let exports = exports.ok_or_else(|| JsErrorBox::generic(format!("{specifier}: the worker was stopped")))?;
    Ok(v8::Global::new(tc, exports))
}

/// What a source map tells of the files behind a module.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Map {
    #[serde(default)]
    sources: Vec<Option<String>>,
    #[serde(default)]
    sources_content: Vec<Option<String>>,
}

/// The text of one file behind a module: of the only one, or of the one of this name.
fn mapped_text(map: &[u8], file_name: Option<&str>) -> Option<String> {
    let Map { sources, mut sources_content } = serde_json::from_slice(map).ok()?;
    let index = match file_name {
        None => 0,
        Some(wanted) => {
            sources.iter().position(|source| source.as_deref().is_some_and(|source| is_named(wanted, source)))?
        }
    };
    sources_content.get_mut(index)?.take()
}

/// Maps name files as URLs or by their path from the worker's directory.
fn is_named(wanted: &str, source: &str) -> bool {
    let path = |name: &str| name.trim_start_matches("file:///").to_owned();
    path(wanted) == path(source)
}
