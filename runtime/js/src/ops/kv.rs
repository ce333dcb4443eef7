//! The key-value capability. Numbers below zero stand for options that were not given.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use deno_core::convert::Uint8Array;
use deno_core::{OpState, op2};
use deno_error::JsErrorBox;
use serde::Serialize;
use worky_host::InvocationContext;
use worky_host::kv::{Kv, KvError, ListOptions, PutOptions};

use super::{context_of, guest_sees, instance_of};

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
