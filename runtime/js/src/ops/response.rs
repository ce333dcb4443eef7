//! The answer to a request, and what goes on after it.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use deno_core::convert::{ByteString, Uint8Array};
use deno_core::{OpState, ResourceId, op2, v8};
use deno_error::JsErrorBox;
use http::header::HeaderValue;
use tokio::sync::oneshot;
use worky_engine::CallError;
use worky_engine::local::Reply;
use worky_host::Body;
use worky_host::log::Level;

use super::body::{self, HostBody, Pump, PumpEnd};
use super::guest_body::GuestBody;
use super::{instance, instance_of};
use crate::guest_error;
use crate::inspector::report_exception;
use crate::instance::{InstanceState, Streaming};

/// The content types that guest/worker.js names to `op_respond_text`; any other number is none.
const TEXT: u32 = 1;
const JSON_TEXT: u32 = 2;

/// A 200 with a text body and one of the usual content types: `new Response("…")`, `Response.json(…)`. What `#[string]`
/// makes a text is read byte by byte; V8 itself knows a faster way.
#[op2(fast)]
pub(super) fn op_respond_text<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: &mut OpState,
    #[smi] id: u32,
    text: v8::Local<'s, v8::String>,
    #[smi] content_type: u32,
) {
    let content_type = match content_type {
        TEXT => Some(HeaderValue::from_static("text/plain;charset=UTF-8")),
        JSON_TEXT => Some(HeaderValue::from_static("application/json")),
        _ => None,
    };
    let text = text.to_rust_string_lossy(scope);
    instance(state).answer(id, Ok(Reply::Text { text, content_type }), Streaming::No);
}

/// The same with any other content type.
#[op2(fast)]
pub(super) fn op_respond_text_as<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: &mut OpState,
    #[smi] id: u32,
    text: v8::Local<'s, v8::String>,
    #[string] content_type: String,
) {
    let content_type = HeaderValue::try_from(content_type).ok();
    let text = text.to_rust_string_lossy(scope);
    instance(state).answer(id, Ok(Reply::Text { text, content_type }), Streaming::No);
}

/// `headers` are names and values by turns; `body` is absent or whole.
#[op2]
pub(super) fn op_respond(
    state: &mut OpState,
    #[smi] id: u32,
    #[smi] status: u16,
    #[scoped] headers: Vec<ByteString>,
    body: Option<Uint8Array>,
) -> Result<(), JsErrorBox> {
    let body = body.map_or_else(Body::empty, |bytes| Body::full(Bytes::from(bytes.0)));
    let response = head(status, &headers, body)?;
    instance(state).answer(id, Ok(Reply::Response(Box::new(response))), Streaming::No);
    Ok(())
}

/// Like `op_respond`, with a body that is produced as it is sent. The head leaves at once; the promise settles when the
/// body has ended.
#[op2]
pub(super) async fn op_respond_stream(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] status: u16,
    #[scoped] headers: Vec<ByteString>,
    #[smi] rid: ResourceId,
) -> Result<(), JsErrorBox> {
    let instance = instance_of(&state);
    let used = |_| JsErrorBox::type_error("the Response's body was already used");
    let made = state.borrow().resource_table.get::<GuestBody>(rid).ok();
    let (body, sending) = match made {
        // It stays where it is: the guest's script puts more into it.
        Some(guest) if !instance.is_open(id) => {
            guest.abandon();
            return Ok(());
        }
        Some(guest) => {
            guest.answers(id);
            (guest.body(), Sending::Guest(guest))
        }
        None => {
            let resource = state.borrow_mut().resource_table.take_any(rid).map_err(used)?;
            if !instance.is_open(id) {
                resource.close();
                return Ok(());
            }
            match resource.clone().downcast_rc::<HostBody>().and_then(|body| body.take_whole()) {
                Some(whole) => {
                    let (body, end) = body::observed(whole);
                    (body, Sending::Host(end))
                }
                None => {
                    let pumped = body::from_resource(resource);
                    (pumped.body, Sending::Pump(pumped.pump))
                }
            }
        }
    };
    let response = match head(status, &headers, body) {
        Ok(response) => response,
        Err(error) => {
            // The guest hears of its mistake where it can: in the answer to this very request.
            instance.answer(id, Err(CallError::BadResponse(error.to_string())), Streaming::No);
            return Ok(());
        }
    };
    instance.answer(id, Ok(Reply::Response(Box::new(response))), Streaming::Yes);
    let end = match sending {
        Sending::Guest(guest) => guest.ended().await,
        Sending::Pump(pump) => pump.run().await,
        Sending::Host(end) => end.await.unwrap_or(PumpEnd::Abandoned),
    };
    match end {
        PumpEnd::Complete => {}
        PumpEnd::Abandoned => instance.client_gone(id),
        PumpEnd::Failed(error) => {
            let context = instance.context(id);
            let text = format!("the response's stream failed: {error}");
            instance.bindings.log.write(context.as_ref(), Level::Error, &text);
        }
    }
    instance.stream_ended(id);
    Ok(())
}

/// Who moves the body: the guest's script, this thread what began as the host's, or the host what is still its own.
enum Sending {
    Guest(Rc<GuestBody>),
    Pump(Pump),
    Host(oneshot::Receiver<PumpEnd>),
}

fn head(status: u16, headers: &[ByteString], body: Body) -> Result<http::Response<Body>, JsErrorBox> {
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status)
        .map_err(|_| JsErrorBox::range_error(format!("{status} is not a status code")))?;
    if status == 101 {
        return Err(JsErrorBox::type_error("status 101 (WebSocket) is not supported yet"));
    }
    super::headers::fill(response.headers_mut(), headers.chunks_exact(2).map(|pair| (&pair[0], &pair[1])))?;
    Ok(response)
}

/// What ended a call without a response.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failure {
    Exception,
    BadResponse,
}

#[op2(nofast, reentrant)]
pub(super) fn op_respond_error<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    error: v8::Local<'s, v8::Value>,
    #[smi] kind: u32,
) {
    let instance = instance_of(&state);
    if !instance.is_open(id) || instance.meter.killed().is_some() {
        return;
    }
    let failure = if kind == 0 { Failure::Exception } else { Failure::BadResponse };
    let thrown = error;
    let error = deno_core::error::JsError::from_v8_exception(scope, thrown);
    // After its stack is made, which runs scripts, as V8's inspector does not.
    report_exception(scope, thrown);
    // Looking at an error may run the guest's code, and that code into a limit.
    if instance.meter.killed().is_some() {
        return;
    }
    let error = guest_error::told(guest_error::from_js_error(&error), &instance.bindings);
    let error = call_error(&instance, id, failure, error);
    instance.answer(id, Err(error), Streaming::No);
}

fn call_error(instance: &InstanceState, id: u32, failure: Failure, error: worky_engine::GuestError) -> CallError {
    if instance.memory.buffer_refused() {
        return CallError::MemoryExceeded { limit_bytes: instance.memory.limit_bytes() };
    }
    // A handler that fails because its request's body broke off is not to blame.
    if let Some(body_error) = instance.with_call(id, |call| call.body_error.borrow().clone()).flatten() {
        return CallError::RequestBody(body_error);
    }
    match failure {
        Failure::Exception => CallError::Exception(error),
        Failure::BadResponse => CallError::BadResponse(error.message),
    }
}

#[op2(fast)]
pub(super) fn op_wait_until(state: &mut OpState, #[smi] id: u32) {
    instance(state).wait_until(id, true);
}

#[op2(fast)]
pub(super) fn op_wait_until_settled(state: &mut OpState, #[smi] id: u32) {
    instance(state).wait_until(id, false);
}
