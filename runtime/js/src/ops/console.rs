//! `console` and reports of uncaught errors, as records of the worker's log.

use deno_core::{OpState, op2};
use worky_host::log::Level;

use super::instance;
use crate::guest_error;

/// `id` is negative outside of any request. Levels: 0 debug, 1 info, 2 warn, 3 error.
#[op2(fast)]
pub(super) fn op_log(state: &mut OpState, #[smi] id: i32, #[smi] level: u32, #[string] message: String) {
    let instance = instance(state);
    let context = u32::try_from(id).ok().and_then(|id| instance.context(id));
    let level = match level {
        0 => Level::Debug,
        1 => Level::Info,
        2 => Level::Warn,
        _ => Level::Error,
    };
    let message = if message.contains("\n    at ") { guest_error::readable(&message) } else { message };
    instance.bindings.log.write(context.as_ref(), level, &message);
}
