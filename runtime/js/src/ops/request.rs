//! The parts of an incoming request, each fetched when the guest asks for it.

use std::rc::Rc;

use deno_core::convert::{ByteString, Uint8Array};
use deno_core::{OpState, op2, v8};
use deno_error::JsErrorBox;

use super::body::HostBody;
use super::instance;

/// Answers of `op_request_body`; a resource id is added to `STREAM`.
const NO_BODY: u32 = 0;
const BYTES: u32 = 1;
const STREAM: u32 = 2;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

fn closed() -> JsErrorBox {
    JsErrorBox::type_error("the request is over")
}

#[op2]
#[string]
pub(super) fn op_request_method(state: &mut OpState, #[smi] id: u32) -> Result<String, JsErrorBox> {
    instance(state).with_call(id, |call| call.head.method().as_str().to_owned()).ok_or_else(closed)
}

#[op2]
#[string]
pub(super) fn op_request_url(state: &mut OpState, #[smi] id: u32) -> Result<String, JsErrorBox> {
    instance(state).with_call(id, |call| call.head.parts().uri.to_string()).ok_or_else(closed)
}

/// Names and values by turns.
#[op2]
pub(super) fn op_request_headers(state: &mut OpState, #[smi] id: u32) -> Result<Vec<ByteString>, JsErrorBox> {
    instance(state)
        .with_call(id, |call| {
            let headers = &call.head.parts().headers;
            let mut flat = Vec::with_capacity(headers.len() * 2);
            for (name, value) in headers {
                flat.push(ByteString::from(name.as_str()));
                flat.push(ByteString::from(value.as_bytes()));
            }
            flat
        })
        .ok_or_else(closed)
}

/// What kind of body there is. A stream is taken out of the request and becomes a resource.
#[op2(fast)]
#[smi]
pub(super) fn op_request_body(state: &mut OpState, #[smi] id: u32) -> u32 {
    let taken = instance(state).with_call(id, |call| {
        // The specification gives a GET or HEAD request no body, whatever its sender wrote.
        if matches!(*call.head.method(), http::Method::GET | http::Method::HEAD) {
            call.body = None;
        }
        let body = call.body.as_ref()?;
        match body.as_bytes() {
            Some([]) => None,
            Some(_) => Some(None),
            None => Some(call.body.take().map(|body| HostBody::of_request(body, call.body_error.clone()))),
        }
    });
    match taken.flatten() {
        None => NO_BODY,
        Some(None) => BYTES,
        Some(Some(stream)) => STREAM + state.resource_table.add_rc(Rc::new(stream)),
    }
}

/// The whole body, where it is at hand.
#[op2]
pub(super) fn op_request_bytes(state: &mut OpState, #[smi] id: u32) -> Result<Uint8Array, JsErrorBox> {
    let bytes = instance(state).with_call(id, |call| call.body.take()?.into_bytes().ok()).flatten();
    bytes.map(|bytes| Uint8Array::from(bytes.to_vec())).ok_or_else(closed)
}

/// The whole body, where it is at hand, decoded as `text()` has it: no byte order mark, U+FFFD for what is not UTF-8.
#[op2]
pub(super) fn op_request_text<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: &mut OpState,
    #[smi] id: u32,
) -> Result<v8::Local<'s, v8::String>, JsErrorBox> {
    let bytes =
        instance(state).with_call(id, |call| call.body.take()?.into_bytes().ok()).flatten().ok_or_else(closed)?;
    let text = if bytes.is_ascii() {
        v8::String::new_from_one_byte(scope, &bytes, v8::NewStringType::Normal)
    } else {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
        v8::String::new_from_utf8(scope, bytes, v8::NewStringType::Normal)
    };
    text.ok_or_else(|| JsErrorBox::range_error(format!("the body's {} bytes are too long for a string", bytes.len())))
}
