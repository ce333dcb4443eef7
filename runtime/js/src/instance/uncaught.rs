//! Errors that no script sees: those of finalizers, above all. V8 would print them to standard output, which is neither
//! the guest's nor bounded, and which blocks when nobody reads it.

use std::rc::Rc;

use deno_core::{JsRuntime, v8};
use worky_host::log::Level;

use super::InstanceState;

/// Records of one instance; they belong to no request that could count them.
const RECORDS_MAX: u32 = 100;

/// A listener for V8's messages.
pub(super) unsafe extern "C" fn report(message: v8::Local<v8::Message>, _exception: v8::Local<v8::Value>) {
    // SAFETY: V8 calls this on the isolate's own thread, from inside the isolate that the message belongs to.
    v8::callback_scope!(unsafe scope, message);
    let op_state = JsRuntime::op_state_from(scope);
    // An op that is under way has the state; its own error is what counts then.
    let Ok(op_state) = op_state.try_borrow() else { return };
    let Some(instance) = op_state.try_borrow::<Rc<InstanceState>>() else { return };
    let text = message.get(scope).to_rust_string_lossy(scope);
    match instance.count_uncaught() {
        count if count < RECORDS_MAX => instance.bindings.log.write(None, Level::Error, &text),
        RECORDS_MAX => instance.bindings.log.write(None, Level::Error, "further uncaught errors are not shown"),
        _ => {}
    }
}
