//! The key-value capability. Numbers below zero stand for options that were not given.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use deno_core::convert::Uint8Array;
use deno_core::{OpState, op2, v8};
use deno_error::JsErrorBox;
use serde::Serialize;
use worky_host::InvocationContext;
use worky_host::kv::{Kv, KvError, ListOptions, PutOptions};

use super::{context_of, guest_sees, instance, instance_of};

fn namespace(state: &RefCell<OpState>, id: u32, index: u32) -> Result<(InvocationContext, Kv), JsErrorBox> {
    let instance = instance_of(state);
    let context = context_of(&instance, id)?;
    let (_, kv) =
        instance.bindings.kv.get(index as usize).ok_or_else(|| JsErrorBox::type_error("no such namespace"))?;
    Ok((context, kv.clone()))
}

fn refused(error: KvError) -> JsErrorBox {
    guest_sees(error.blame(), error.to_string())
}

/// A number of JavaScript as an option of the host.
fn given(number: f64) -> Option<u64> {
    (number >= 0.0).then_some(number as u64)
}

/// Bits of what `op_kv_get_at_once` is asked for.
const BYTES: u32 = 1;
const METADATA: u32 = 2;

/// The value of one key where that needs no waiting: text, or an `ArrayBuffer` with `BYTES`; with `METADATA` an array of
/// that and the metadata as JSON or null. Null where there is no such key; undefined where `op_kv_get` has to be asked.
#[op2]
pub(super) fn op_kv_get_at_once<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: &mut OpState,
    #[smi] id: u32,
    #[smi] index: u32,
    #[string] key: &str,
    #[smi] shape: u32,
) -> Result<v8::Local<'s, v8::Value>, JsErrorBox> {
    let instance = instance(state);
    let context = context_of(&instance, id)?;
    let Some((_, kv)) = instance.bindings.kv.get(index as usize) else {
        return Err(JsErrorBox::type_error("no such namespace"));
    };
    let entry = match kv.get_at_once(&context, key) {
        None => return Ok(v8::undefined(scope).into()),
        Some(found) => match found.map_err(refused)? {
            None => return Ok(v8::null(scope).into()),
            Some(entry) => entry,
        },
    };
    let value: v8::Local<v8::Value> = if shape & BYTES != 0 {
        let bytes = v8::ArrayBuffer::new_backing_store_from_vec(entry.value.to_vec()).make_shared();
        v8::ArrayBuffer::with_backing_store(scope, &bytes).into()
    } else {
        text(scope, &entry.value)?.into()
    };
    if shape & METADATA == 0 {
        return Ok(value);
    }
    let metadata = match entry.metadata {
        Some(json) => text(scope, json.as_bytes())?.into(),
        None => v8::null(scope).into(),
    };
    Ok(v8::Array::new_with_elements(scope, &[value, metadata]).into())
}

/// As a `TextDecoder` reads it: without a byte order mark, and with U+FFFD for what is no UTF-8.
fn text<'s>(scope: &mut v8::PinScope<'s, '_>, bytes: &[u8]) -> Result<v8::Local<'s, v8::String>, JsErrorBox> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = if bytes.is_ascii() {
        v8::String::new_from_one_byte(scope, bytes, v8::NewStringType::Normal)
    } else {
        v8::String::new_from_utf8(scope, bytes, v8::NewStringType::Normal)
    };
    text.ok_or_else(|| JsErrorBox::range_error("the value is too long for a string"))
}

/// A found entry: its bytes, and its metadata as JSON.
type Found = Option<(Uint8Array, Option<String>)>;

#[op2]
pub(super) async fn op_kv_get(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] index: u32,
    #[scoped] keys: Vec<String>,
) -> Result<Vec<Found>, JsErrorBox> {
    let (context, kv) = namespace(&state, id, index)?;
    // Others get a turn, however many reads one request does in a row.
    tokio::task::yield_now().await;
    let entries = kv.get(&context, keys).await.map_err(refused)?;
    let found = |entry: worky_host::kv::Entry| (Uint8Array::from(entry.value.to_vec()), entry.metadata);
    Ok(entries.into_iter().map(|entry| entry.map(found)).collect())
}

#[op2]
#[allow(clippy::too_many_arguments, reason = "an op takes what JavaScript gives it one by one")]
pub(super) async fn op_kv_put(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] index: u32,
    #[string] key: String,
    value: Uint8Array,
    expiration: f64,
    expiration_ttl: f64,
    #[string] metadata: Option<String>,
) -> Result<(), JsErrorBox> {
    let (context, kv) = namespace(&state, id, index)?;
    let options = PutOptions { expiration: given(expiration), expiration_ttl: given(expiration_ttl), metadata };
    kv.put(&context, key, Bytes::from(value.0), options).await.map_err(refused)
}

#[op2]
pub(super) async fn op_kv_delete(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] index: u32,
    #[string] key: String,
) -> Result<(), JsErrorBox> {
    let (context, kv) = namespace(&state, id, index)?;
    kv.delete(&context, key).await.map_err(refused)
}

#[derive(Serialize)]
pub(super) struct Page {
    /// Name, expiration in unix seconds, metadata as JSON.
    keys: Vec<(String, Option<u64>, Option<String>)>,
    cursor: Option<String>,
}

#[op2]
#[serde]
pub(super) async fn op_kv_list(
    state: Rc<RefCell<OpState>>,
    #[smi] id: u32,
    #[smi] index: u32,
    #[string] prefix: String,
    limit: f64,
    #[string] cursor: Option<String>,
) -> Result<Page, JsErrorBox> {
    let (context, kv) = namespace(&state, id, index)?;
    let options = ListOptions { prefix, limit: given(limit).map(|limit| limit as usize), cursor };
    let page = kv.list(&context, options).await.map_err(refused)?;
    let keys = page.keys.into_iter().map(|key| (key.name, key.expiration, key.metadata)).collect();
    Ok(Page { keys, cursor: page.cursor })
}
