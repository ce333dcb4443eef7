//! What guest/bounds.js and guest/crypto.js ask before the host keeps something for the guest.

use std::sync::Arc;

use deno_core::{OpState, op2};
use deno_error::JsErrorBox;

use super::instance;
use crate::instance::Blueprint;

/// Puts `bytes` on the isolate's account, until they are released. Where there is no room the guest has used more memory
/// than it may.
#[op2(fast)]
pub(super) fn op_memory_hold(state: &mut OpState, #[number] bytes: u64) -> Result<(), JsErrorBox> {
    let memory = &instance(state).memory;
    if memory.try_hold(usize::try_from(bytes).unwrap_or(usize::MAX)) {
        return Ok(());
    }
    memory.refuse();
    Err(no_memory())
}

/// Takes `bytes` that were held from the account.
#[op2(fast)]
pub(super) fn op_memory_release(state: &mut OpState, #[number] bytes: u64) {
    instance(state).memory.release(usize::try_from(bytes).unwrap_or(usize::MAX));
}

/// One more timer was asked for than there may be: always an error.
#[op2(fast)]
pub(super) fn op_timers_exceeded(state: &mut OpState) -> Result<(), JsErrorBox> {
    let Blueprint { bindings, limits, metrics, .. } = &**state.borrow::<Arc<Blueprint>>();
    metrics.limit_exceeded(&bindings.worker, "timers");
    let text = format!("too many timers: {} are set (limits.timers); clear those that are not needed", limits.timers);
    instance(state).wear_out();
    Err(JsErrorBox::new("DOMExceptionQuotaExceededError", text))
}

/// What a guest is told that asks for more than its account allows.
pub(super) fn no_memory() -> JsErrorBox {
    JsErrorBox::range_error("there is no memory left (limits.memory_mb)")
}
