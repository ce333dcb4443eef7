//! Calls of plugins: components that modules import. guest/plugin.js makes functions and classes of these; the types of
//! values are converted in `crate::plugin`.

mod failure;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use deno_core::convert::ToV8;
use deno_core::{OpState, op2, v8};
use deno_error::JsErrorBox;
use worky_engine::plugin::{PluginError, Value};

use super::{instance, instance_of, request_of_context};
use crate::instance::InstanceState;
use crate::plugin::{Arguments, Description, Flavour, Hooks, Outcome, Pending, Results, Shape, Signature, from_f64};
use failure::{Extra, Failure, Kind};

/// Bits of `mode`: methods of what is answered are synchronous; a handle is answered as a number.
const MODE_SYNCHRONOUS: u32 = 1;
const MODE_NUMBERS: u32 = 2;

/// What `op_plugin_scalars` leaves in the status: it did not call, or the call failed.
const STATUS_NOT_CALLED: u8 = 1;
const STATUS_FAILED: u8 = 2;

/// Takes what the host needs of guest/plugin.js; answers the status of `op_plugin_scalars`.
#[op2]
pub(super) fn op_plugin_hooks<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: &mut OpState,
    load: v8::Local<'s, v8::Function>,
    fail: v8::Local<'s, v8::Function>,
    resource: v8::Local<'s, v8::Function>,
) -> v8::Local<'s, v8::ArrayBuffer> {
    let status = v8::ArrayBuffer::new(scope, 1);
    let name = v8::String::new(scope, "worky plugin resource");
    let token = v8::Private::new(scope, name);
    // The isolate's worker, which is not there yet, takes them over.
    state.put(Hooks {
        load: v8::Global::new(scope, load),
        fail: v8::Global::new(scope, fail),
        resource: v8::Global::new(scope, resource),
        status: status.get_backing_store(),
        token: v8::Global::new(scope, token),
    });
    status
}

#[op2]
#[serde]
pub(super) fn op_plugin_describe(state: &mut OpState, #[smi] plugin: u32) -> Result<Description, JsErrorBox> {
    let instance = instance(state);
    let loaded = instance.plugins.get(plugin as usize).ok_or_else(|| JsErrorBox::type_error("no such plugin"))?;
    Ok(loaded.description().clone())
}

/// Makes `object` that of a resource; `token` holds the plugin's place, the resource's, and the handle.
#[op2(nofast)]
pub(super) fn op_plugin_brand<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: &mut OpState,
    object: v8::Local<'s, v8::Object>,
    token: v8::Local<'s, v8::Array>,
) {
    if let Some(hooks) = instance(state).plugins.hooks() {
        let key = v8::Local::new(scope, &hooks.token);
        object.set_private(scope, key, token.into());
    }
}

/// The token of a resource's object; `undefined` of anything else.
#[op2]
pub(super) fn op_plugin_token<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: &mut OpState,
    value: v8::Local<'s, v8::Value>,
) -> v8::Local<'s, v8::Value> {
    let hooks = instance(state).plugins.hooks();
    let token = hooks.and_then(|hooks| crate::plugin::token_of(scope, &hooks.token, value));
    token.map_or_else(|| v8::undefined(scope).into(), Into::into)
}

#[op2(nofast, reentrant)]
pub(super) fn op_plugin_drop(state: Rc<RefCell<OpState>>, #[smi] plugin: u32, handle: f64) {
    if handle >= 0.0 {
        instance_of(&state).plugins.drop_resource(plugin as usize, handle as u32);
    }
}

/// Calls a function of a synchronous plugin. `receiver` is what a method is called on.
#[op2(reentrant)]
#[allow(clippy::too_many_arguments, reason = "an op takes what JavaScript gives it one by one")]
pub(super) fn op_plugin_call<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: Rc<RefCell<OpState>>,
    #[smi] plugin: u32,
    #[smi] function: u32,
    #[smi] mode: u32,
    receiver: v8::Local<'s, v8::Value>,
    arguments: v8::Local<'s, v8::Array>,
) -> v8::Local<'s, v8::Value> {
    let instance = instance_of(&state);
    let undefined = v8::undefined(scope).into();
    let Some(hooks) = instance.plugins.hooks() else { return undefined };
    match call(scope, &instance, &hooks, plugin, function, mode, receiver, arguments) {
        Ok(value) => value,
        Err(Some(failure)) => {
            failure.throw(scope, &hooks);
            undefined
        }
        Err(None) => undefined,
    }
}

#[allow(clippy::too_many_arguments, reason = "those of the op")]
fn call<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    instance: &InstanceState,
    hooks: &Hooks,
    plugin: u32,
    function: u32,
    mode: u32,
    receiver: v8::Local<'s, v8::Value>,
    arguments: v8::Local<'s, v8::Array>,
) -> Result<v8::Local<'s, v8::Value>, Option<Failure<'s>>> {
    let place = plugin as usize;
    let sessions = &instance.plugins;
    let signature = signature(scope, instance, place, function)?;
    instance.memory.make_room_for_plugin(scope);
    let context = request_of_context(scope).and_then(|id| instance.context(id));

    let mut conversion =
        Arguments::new(&instance.meter, &instance.memory, place, sessions.resources(place), &hooks.token);
    let mut borrowed: Vec<(usize, v8::Local<v8::Value>)> = Vec::new();
    let mut values = receiver_of(scope, &mut conversion, &signature, receiver)?;
    for (index, shape) in signature.parameters.iter().enumerate() {
        let argument = argument(scope, arguments, index)?;
        if let Shape::Numbers(number) = **shape
            && Arguments::is_borrowable(number, argument)
        {
            // Its bytes are looked at last: converting the arguments after it may run code that takes them away.
            borrowed.push((values.len(), argument));
            values.push(Value::Numbers(Cow::Borrowed(&[])));
            continue;
        }
        let converted = conversion.value(scope, shape, argument);
        values.push(converted.map_err(|refused| Failure::refused(refused, || format!("arg{index}")))?);
    }
    let charge = conversion.finish(scope);
    for (index, argument) in &borrowed {
        // SAFETY: from here to the end of the call no JavaScript runs and V8 allocates nothing: a guest of another engine
        // knows neither, and all that it is given is below.
        values[*index] = Value::Numbers(Cow::Borrowed(unsafe { Arguments::borrow(*argument) }));
    }
    let meter = &instance.meter;
    let interrupted = || meter.killed().is_some();
    let outcome = sessions
        .with(place, |session| session.call_here(context.as_ref(), &interrupted, function, values))
        .and_then(|outcome| outcome);
    drop(charge);
    answer(scope, instance, hooks, place, &signature, mode, outcome)
}

fn signature(
    scope: &mut v8::PinScope,
    instance: &InstanceState,
    plugin: usize,
    function: u32,
) -> Result<Rc<Signature>, Option<Failure<'static>>> {
    let signature = instance.plugins.signature(scope, plugin, function);
    signature.ok_or_else(|| Some(Failure::new(Kind::Plugin, "there is no such function")))
}

fn receiver_of(
    scope: &mut v8::PinScope,
    conversion: &mut Arguments<'_>,
    signature: &Signature,
    receiver: v8::Local<v8::Value>,
) -> Result<Vec<Value<'static>>, Option<Failure<'static>>> {
    let mut values = Vec::with_capacity(signature.parameters.len() + 1);
    if let Some(shape) = &signature.receiver {
        let converted = conversion.value(scope, shape, receiver);
        values.push(converted.map_err(|refused| Failure::refused(refused, || "this".to_owned()))?);
    }
    Ok(values)
}

/// One argument, of an array that guest/plugin.js made of a call's.
fn argument<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    arguments: v8::Local<v8::Array>,
    index: usize,
) -> Result<v8::Local<'s, v8::Value>, Option<Failure<'static>>> {
    if index as u64 >= u64::from(arguments.length()) {
        return Ok(v8::undefined(scope).into());
    }
    arguments.get_index(scope, index as u32).ok_or(None)
}

/// What a call answers, as JavaScript has it: a `result`'s error is thrown.
fn answer<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    instance: &InstanceState,
    hooks: &Hooks,
    plugin: usize,
    signature: &Signature,
    mode: u32,
    outcome: Outcome,
) -> Result<v8::Local<'s, v8::Value>, Option<Failure<'s>>> {
    let value = outcome.map_err(|error| Some(Failure::of(instance.plugins.name(plugin), error)))?;
    let results = Results {
        meter: &instance.meter,
        memory: &instance.memory,
        hooks,
        plugin,
        flavour: if mode & MODE_SYNCHRONOUS == 0 { Flavour::Promises } else { Flavour::Synchronous },
    };
    let convert = |scope: &mut v8::PinScope<'s, '_>, shape: Option<&Rc<Shape>>, value: Option<Value<'static>>| match (
        shape, value,
    ) {
        (Some(_), Some(Value::Resource(handle))) if mode & MODE_NUMBERS != 0 => {
            Ok(v8::Number::new(scope, handle.into()).into())
        }
        (Some(shape), Some(value)) => results.value(scope, shape, value).map_err(|failed| {
            Some(Failure::new(if failed.is_size() { Kind::Range } else { Kind::Plugin }, failed.text()))
        }),
        _ => Ok(v8::undefined(scope).into()),
    };
    match (signature.result.as_deref(), value) {
        (Some(Shape::Result(ok, _)), Some(Value::Result(Ok(value)))) => {
            convert(scope, ok.as_ref(), value.map(|value| *value))
        }
        (Some(Shape::Result(_, err)), Some(Value::Result(Err(value)))) => {
            let payload = convert(scope, err.as_ref(), value.map(|value| *value))?;
            Err(Some(Failure { kind: Kind::Component, message: String::new(), extra: Extra::Payload(payload) }))
        }
        (_, value) => convert(scope, signature.result.as_ref(), value),
    }
}

/// Calls a function of few numbers in a synchronous plugin. Where the status says so there is no answer: the arguments
/// are for `op_plugin_call` to judge, or the call failed and `op_plugin_failure` says why.
#[op2(fast)]
#[allow(clippy::too_many_arguments, reason = "an op takes what JavaScript gives it one by one")]
pub(super) fn op_plugin_scalars(
    scope: &mut v8::PinScope,
    state: &mut OpState,
    #[smi] plugin: u32,
    #[smi] function: u32,
    a: f64,
    b: f64,
    c: f64,
    d: f64,
) -> f64 {
    let instance = instance(state);
    scalars(scope, &instance, plugin as usize, function, [a, b, c, d]).unwrap_or_else(|status| {
        if let Some(hooks) = instance.plugins.hooks() {
            hooks.status[0].set(status);
        }
        0.0
    })
}

fn scalars(
    scope: &mut v8::PinScope,
    instance: &InstanceState,
    plugin: usize,
    function: u32,
    given: [f64; 4],
) -> Result<f64, u8> {
    let signature = instance.plugins.signature(scope, plugin, function).ok_or(STATUS_NOT_CALLED)?;
    let numbers = signature.numbers.as_ref().ok_or(STATUS_NOT_CALLED)?;
    let mut values = Vec::with_capacity(numbers.len());
    for (number, given) in numbers.iter().zip(given) {
        values.push(from_f64(*number, given).ok_or(STATUS_NOT_CALLED)?);
    }
    let context = request_of_context(scope).and_then(|id| instance.context(id));
    let meter = &instance.meter;
    let interrupted = || meter.killed().is_some();
    let sessions = &instance.plugins;
    let outcome = sessions
        .with(plugin, |session| session.call_here(context.as_ref(), &interrupted, function, values))
        .and_then(|outcome| outcome);
    match outcome {
        Ok(None) => Ok(0.0),
        Ok(Some(Value::Bool(value))) => Ok(f64::from(u8::from(value))),
        Ok(Some(Value::S8(value))) => Ok(value.into()),
        Ok(Some(Value::U8(value))) => Ok(value.into()),
        Ok(Some(Value::S16(value))) => Ok(value.into()),
        Ok(Some(Value::U16(value))) => Ok(value.into()),
        Ok(Some(Value::S32(value))) => Ok(value.into()),
        Ok(Some(Value::U32(value))) => Ok(value.into()),
        Ok(Some(Value::F32(value))) => Ok(value.into()),
        Ok(Some(Value::F64(value))) => Ok(value),
        Ok(Some(_)) => {
            sessions.set_failure(plugin, PluginError::Host("the result is not of the function's type".to_owned()));
            Err(STATUS_FAILED)
        }
        Err(error) => {
            sessions.set_failure(plugin, error);
            Err(STATUS_FAILED)
        }
    }
}

/// Throws why the last call of `op_plugin_scalars` failed.
#[op2(nofast, reentrant)]
pub(super) fn op_plugin_failure(scope: &mut v8::PinScope, state: Rc<RefCell<OpState>>, #[smi] plugin: u32) {
    let instance = instance_of(&state);
    let plugin = plugin as usize;
    if let (Some(hooks), Some(error)) = (instance.plugins.hooks(), instance.plugins.take_failure(plugin)) {
        Failure::of(instance.plugins.name(plugin), error).throw(scope, &hooks);
    }
}

/// Begins a call of a plugin that has to wait; `op_plugin_wait` has its answer. 0 where something was thrown.
#[op2(nofast, reentrant)]
#[allow(clippy::too_many_arguments, reason = "an op takes what JavaScript gives it one by one")]
pub(super) fn op_plugin_start<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: Rc<RefCell<OpState>>,
    #[smi] plugin: u32,
    #[smi] function: u32,
    #[smi] mode: u32,
    receiver: v8::Local<'s, v8::Value>,
    arguments: v8::Local<'s, v8::Array>,
) -> u32 {
    let instance = instance_of(&state);
    let Some(hooks) = instance.plugins.hooks() else { return 0 };
    match start(scope, &instance, &hooks, plugin, function, mode, receiver, arguments) {
        Ok(id) => id,
        Err(Some(failure)) => {
            failure.throw(scope, &hooks);
            0
        }
        Err(None) => 0,
    }
}

#[allow(clippy::too_many_arguments, reason = "those of the op")]
fn start<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    instance: &InstanceState,
    hooks: &Hooks,
    plugin: u32,
    function: u32,
    mode: u32,
    receiver: v8::Local<'s, v8::Value>,
    arguments: v8::Local<'s, v8::Array>,
) -> Result<u32, Option<Failure<'static>>> {
    let place = plugin as usize;
    let sessions = &instance.plugins;
    let name = sessions.name(place);
    let refused = |problem: &str| Some(Failure::new(Kind::Type, format!("plugin {name}: {problem}")));
    let request = request_of_context(scope).ok_or_else(|| {
        refused("it has to wait for what it is granted, so it cannot be called at the top level of a module")
    })?;
    let context = instance
        .context(request)
        .ok_or_else(|| refused("the request that this belongs to is over; keep it open with ctx.waitUntil(promise)"))?;
    let signature = signature(scope, instance, place, function)?;
    instance.memory.make_room_for_plugin(scope);
    let mut conversion =
        Arguments::new(&instance.meter, &instance.memory, place, sessions.resources(place), &hooks.token);
    let mut values = receiver_of(scope, &mut conversion, &signature, receiver)?;
    for (index, shape) in signature.parameters.iter().enumerate() {
        let argument = argument(scope, arguments, index)?;
        let converted = conversion.value(scope, shape, argument);
        values.push(converted.map_err(|refused| Failure::refused(refused, || format!("arg{index}")))?);
    }
    let charge = conversion.finish(scope);
    let outcome = sessions.with(place, |session| session.call(context, function, values));
    let outcome = outcome.map_err(|error| Some(Failure::of(sessions.name(place), error)))?;
    Ok(sessions.keep(Pending { plugin: place, function, mode, outcome, charge }))
}

#[op2]
pub(super) async fn op_plugin_wait(state: Rc<RefCell<OpState>>, #[smi] id: u32) -> Result<Answer, JsErrorBox> {
    let instance = instance_of(&state);
    let pending = instance.plugins.take(id).ok_or_else(|| JsErrorBox::type_error("no such call"))?;
    let Pending { plugin, function, mode, outcome, charge } = pending;
    let outcome = outcome.await;
    drop(charge);
    Ok(Answer { instance, plugin, function, mode, outcome })
}

/// An array: 0 and the value, or what `fail` of guest/plugin.js takes.
pub(super) struct Answer {
    instance: Rc<InstanceState>,
    plugin: usize,
    function: u32,
    mode: u32,
    outcome: Outcome,
}

impl<'a> ToV8<'a> for Answer {
    type Error = JsErrorBox;

    fn to_v8<'i>(self, scope: &mut v8::PinScope<'a, 'i>) -> Result<v8::Local<'a, v8::Value>, JsErrorBox> {
        let Answer { instance, plugin, function, mode, outcome } = self;
        let hooks = instance.plugins.hooks().ok_or_else(|| JsErrorBox::generic("the plugins are not set up"))?;
        let answered = signature(scope, &instance, plugin, function)
            .and_then(|signature| answer(scope, &instance, &hooks, plugin, &signature, mode, outcome));
        let parts = match answered {
            Ok(value) => [v8::Number::new(scope, 0.0).into(), value, v8::undefined(scope).into()],
            Err(Some(failure)) => failure.arguments(scope),
            Err(None) => return Err(JsErrorBox::generic("the worker was stopped")),
        };
        Ok(v8::Array::new_with_elements(scope, &parts).into())
    }
}
