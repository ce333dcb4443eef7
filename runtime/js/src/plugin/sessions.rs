//! One isolate's share of its worker's plugins: their instances, the types of their functions, and the functions of
//! guest/plugin.js that conversions need.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use deno_core::v8;
use futures_util::future::BoxFuture;
use worky_engine::plugin::{FunctionKind, PluginError, PluginSession, Value};

use super::memory::{Charge, WorkerAccount};
use super::shape::{Number, Shape, Shapes};
use super::{LoadedPlugin, Plugins};
use crate::memory::MemoryMeter;

/// What a call answers.
pub(crate) type Outcome = Result<Option<Value<'static>>, PluginError>;

/// Whether methods of a resource's object answer promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    Promises,
    Synchronous,
}

/// What guest/plugin.js leaves for the host.
pub(crate) struct Hooks {
    /// Makes the object of a plugin's exports, of its place.
    pub(crate) load: v8::Global<v8::Function>,
    /// Makes an error, of its kind, its message and what belongs to it.
    pub(crate) fail: v8::Global<v8::Function>,
    /// Makes a resource's object, of the plugin's place, the resource's, the handle and the flavour.
    pub(crate) resource: v8::Global<v8::Function>,
    /// Says whether `op_plugin_scalars` has an answer.
    pub(crate) status: v8::SharedRef<v8::BackingStore>,
    /// The key of a resource's object to its handle.
    pub(crate) token: v8::Global<v8::Private>,
}

impl Hooks {
    /// `None` where the worker was stopped.
    pub(crate) fn resource<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        plugin: usize,
        resource: u32,
        handle: u32,
        flavour: Flavour,
    ) -> Option<v8::Local<'s, v8::Value>> {
        let function = v8::Local::new(scope, &self.resource);
        let undefined = v8::undefined(scope);
        let arguments = [
            v8::Number::new(scope, plugin as f64).into(),
            v8::Number::new(scope, resource.into()).into(),
            v8::Number::new(scope, handle.into()).into(),
            v8::Boolean::new(scope, flavour == Flavour::Synchronous).into(),
        ];
        function.call(scope, undefined.into(), &arguments)
    }
}

/// The types of one function, ready for conversion.
pub(crate) struct Signature {
    /// Of a method: what it is called on.
    pub(crate) receiver: Option<Rc<Shape>>,
    pub(crate) parameters: Vec<Rc<Shape>>,
    pub(crate) result: Option<Rc<Shape>>,
    /// The parameters, where all of them are numbers.
    pub(crate) numbers: Option<Vec<Number>>,
}

/// A call under way on the host's threads.
pub(crate) struct Pending {
    pub(crate) plugin: usize,
    pub(crate) function: u32,
    /// As `op_plugin_start` was told.
    pub(crate) mode: u32,
    pub(crate) outcome: BoxFuture<'static, Outcome>,
    /// Its arguments.
    pub(crate) charge: Charge,
}

/// All plugins of one isolate.
pub(crate) struct Sessions {
    plugins: Arc<Plugins>,
    slots: Vec<Slot>,
    hooks: Option<Rc<Hooks>>,
    pending: RefCell<HashMap<u32, Pending>>,
    last_id: Cell<u32>,
    memory: Arc<MemoryMeter>,
}

#[derive(Default)]
struct Slot {
    session: RefCell<Option<Box<dyn PluginSession>>>,
    signatures: RefCell<HashMap<u32, Rc<Signature>>>,
    shapes: RefCell<Shapes>,
    /// Why the last call of `op_plugin_scalars` had no answer.
    failure: RefCell<Option<PluginError>>,
    resources: Vec<String>,
}

impl Sessions {
    pub(crate) fn new(plugins: Arc<Plugins>, hooks: Option<Hooks>, memory: Arc<MemoryMeter>) -> Self {
        let slot = |index| {
            let resources = plugins.get(index).map(|loaded| loaded.description().resource_names()).unwrap_or_default();
            Slot { resources, ..Slot::default() }
        };
        let slots = (0..plugins.len()).map(slot).collect();
        let (hooks, pending) = (hooks.map(Rc::new), RefCell::default());
        Sessions { plugins, slots, hooks, pending, last_id: Cell::new(0), memory }
    }

    pub(crate) fn get(&self, plugin: usize) -> Option<&LoadedPlugin> {
        self.plugins.get(plugin)
    }

    /// As errors call it.
    pub(crate) fn name(&self, plugin: usize) -> &str {
        self.plugins.get(plugin).map_or("", |loaded| &loaded.name)
    }

    pub(crate) fn find(&self, specifier: &str) -> Option<usize> {
        self.plugins.find(specifier)
    }

    /// The classes of a plugin's resources.
    pub(crate) fn resources(&self, plugin: usize) -> &[String] {
        self.slots.get(plugin).map_or(&[], |slot| &slot.resources)
    }

    pub(crate) fn hooks(&self) -> Option<Rc<Hooks>> {
        self.hooks.clone()
    }

    /// `None` where there is no such function, or no memory for its names.
    pub(crate) fn signature(&self, scope: &mut v8::PinScope, plugin: usize, function: u32) -> Option<Rc<Signature>> {
        let slot = self.slots.get(plugin)?;
        if let Some(known) = slot.signatures.borrow().get(&function) {
            return Some(known.clone());
        }
        let loaded = self.plugins.get(plugin)?;
        let ty = loaded.plugin.interface().functions.get(function as usize)?;
        let mut shapes = slot.shapes.borrow_mut();
        let all = ty.parameters.iter().map(|parameter| shapes.of(scope, &parameter.ty)).collect::<Option<Vec<_>>>()?;
        let mut parameters = all.into_iter();
        let receiver = match ty.kind {
            FunctionKind::Method(_) => parameters.next(),
            _ => None,
        };
        let parameters: Vec<_> = parameters.collect();
        let result = match &ty.result {
            Some(ty) => Some(shapes.of(scope, ty)?),
            None => None,
        };
        let number = |shape: &Rc<Shape>| match **shape {
            Shape::Number(number) => Some(number),
            _ => None,
        };
        let numbers = parameters.iter().map(number).collect();
        let signature = Rc::new(Signature { receiver, parameters, result, numbers });
        slot.signatures.borrow_mut().insert(function, signature.clone());
        Some(signature)
    }

    /// Hands a plugin's session to `call`, which may use nothing of V8.
    pub(crate) fn with<T>(
        &self,
        plugin: usize,
        call: impl FnOnce(&mut dyn PluginSession) -> T,
    ) -> Result<T, PluginError> {
        let (Some(slot), Some(loaded)) = (self.slots.get(plugin), self.plugins.get(plugin)) else {
            return Err(PluginError::Host("there is no such plugin".to_owned()));
        };
        // A guest calls no JavaScript, so no call is within another one.
        let Ok(mut session) = slot.session.try_borrow_mut() else {
            return Err(PluginError::Host("the plugin is in use".to_owned()));
        };
        let account = || Arc::new(WorkerAccount(self.memory.clone()));
        Ok(call(&mut **session.get_or_insert_with(|| loaded.plugin.open(account()))))
    }

    pub(crate) fn drop_resource(&self, plugin: usize, handle: u32) {
        let Some(slot) = self.slots.get(plugin) else { return };
        if let Ok(mut session) = slot.session.try_borrow_mut()
            && let Some(session) = &mut *session
        {
            session.drop_resource(handle);
        }
    }

    /// Keeps a call until it is waited for, by a number above 0.
    pub(crate) fn keep(&self, pending: Pending) -> u32 {
        let id = self.last_id.get().wrapping_add(1).max(1);
        self.last_id.set(id);
        self.pending.borrow_mut().insert(id, pending);
        id
    }

    pub(crate) fn take(&self, id: u32) -> Option<Pending> {
        self.pending.borrow_mut().remove(&id)
    }

    pub(crate) fn set_failure(&self, plugin: usize, error: PluginError) {
        if let Some(slot) = self.slots.get(plugin) {
            *slot.failure.borrow_mut() = Some(error);
        }
    }

    pub(crate) fn take_failure(&self, plugin: usize) -> Option<PluginError> {
        self.slots.get(plugin)?.failure.borrow_mut().take()
    }
}
