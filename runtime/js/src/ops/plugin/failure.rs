//! Errors on their way to guest/plugin.js, which makes them of its classes.

use deno_core::v8;
use worky_engine::plugin::PluginError;

use crate::plugin::{Hooks, Refused};

/// What guest/plugin.js makes an error of.
pub(super) struct Failure<'s> {
    pub(super) kind: Kind,
    pub(super) message: String,
    pub(super) extra: Extra<'s>,
}

#[derive(Clone, Copy)]
#[repr(u32)]
pub(super) enum Kind {
    Component = 1,
    Trap = 2,
    Limit = 3,
    Type = 4,
    Plugin = 5,
    Range = 6,
}

pub(super) enum Extra<'s> {
    Nothing,
    /// The key of a limit, or a stack.
    Text(String),
    /// The error of a `result`.
    Payload(v8::Local<'s, v8::Value>),
}

impl<'s> Failure<'s> {
    pub(super) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Failure { kind, message: message.into(), extra: Extra::Nothing }
    }

    pub(super) fn of(plugin: &str, error: PluginError) -> Self {
        let message = match &error {
            PluginError::Handle(problem) => problem.clone(),
            error => format!("plugin {plugin}: {error}"),
        };
        match error {
            PluginError::Trap { details, .. } => Failure { kind: Kind::Trap, message, extra: Extra::Text(details) },
            PluginError::Limit { limit, .. } => {
                Failure { kind: Kind::Limit, message, extra: Extra::Text(limit.to_owned()) }
            }
            PluginError::Handle(_) => Failure::new(Kind::Type, message),
            _ => Failure::new(Kind::Plugin, message),
        }
    }

    /// What JavaScript's own code threw is thrown already.
    pub(super) fn refused(refused: Refused, place: impl FnOnce() -> String) -> Option<Self> {
        Some(match refused.within(place) {
            Refused::Thrown => return None,
            Refused::Type { path, problem } => Failure::new(Kind::Type, format!("{path}: {problem}")),
            Refused::Memory { limit_bytes } => Failure {
                kind: Kind::Limit,
                message: format!(
                    "the arguments do not fit into the {} MiB of the worker's memory (limits.memory_mb)",
                    limit_bytes >> 20
                ),
                extra: Extra::Text("memory_mb".to_owned()),
            },
            Refused::Stopped => Failure::new(Kind::Plugin, "the worker was stopped"),
        })
    }

    /// What `fail` of guest/plugin.js takes.
    pub(super) fn arguments(self, scope: &mut v8::PinScope<'s, '_>) -> [v8::Local<'s, v8::Value>; 3] {
        let kind = v8::Number::new(scope, f64::from(self.kind as u32));
        let extra = match self.extra {
            Extra::Nothing => v8::undefined(scope).into(),
            Extra::Text(extra) => text(scope, &extra),
            Extra::Payload(payload) => payload,
        };
        [kind.into(), text(scope, &self.message), extra]
    }

    /// Throws it, as an error of guest/plugin.js whose stack is that of the call.
    pub(super) fn throw(self, scope: &mut v8::PinScope<'s, '_>, hooks: &Hooks) {
        let function = v8::Local::new(scope, &hooks.fail);
        let undefined = v8::undefined(scope);
        let arguments = self.arguments(scope);
        // It throws only where V8 was told to stop, and then that is pending.
        if let Some(error) = function.call(scope, undefined.into(), &arguments) {
            scope.throw_exception(error);
        }
    }
}

fn text<'s>(scope: &mut v8::PinScope<'s, '_>, text: &str) -> v8::Local<'s, v8::Value> {
    v8::String::new(scope, text).map_or_else(|| v8::undefined(scope).into(), Into::into)
}
