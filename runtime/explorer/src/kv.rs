//! Namespaces, through the same capability that workers have: the same rules, the same cache, the same durability.

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Request, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;
use worky_host::kv::{Kv, ListKey, ListOptions, PutOptions, VALUE_BYTES_MAX};
use worky_host::{InvocationContext, InvocationLimits, RequestId, TraceContext};

use crate::api::{self, Query, Refusal};
use crate::hub::Hub;
use crate::server::Body;

/// Keys of a page, where nothing is said.
const KEYS: usize = 100;

/// The metadata of a value: JSON text, percent-encoded as in a form, since a header holds ASCII alone.
const METADATA: HeaderName = HeaderName::from_static("worky-kv-metadata");
/// Unix seconds.
const EXPIRATION: HeaderName = HeaderName::from_static("worky-kv-expiration");

/// `worker`, `binding`; `prefix`, `cursor`, `limit`.
pub(crate) async fn keys(query: &Query, hub: &Hub) -> Result<Response<Body>, Refusal> {
    let kv = namespace(query, hub)?;
    let limit = query.number("limit")?.map_or(KEYS, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let options = ListOptions {
        prefix: query.find("prefix").unwrap_or_default().to_owned(),
        limit: Some(limit),
        cursor: query.find("cursor").map(str::to_owned),
    };
    let page = kv.list(&context(), options).await?;
    let key = |key: &ListKey| {
        let metadata = key.metadata.as_deref().map(parsed);
        json!({ "name": key.name, "expiration": key.expiration, "metadata": metadata })
    };
    let keys: Vec<Value> = page.keys.iter().map(key).collect();
    Ok(api::json_body(&json!({ "keys": keys, "cursor": page.cursor })))
}

/// `worker`, `binding`, `key`. The value as it is, what was put with it as headers.
pub(crate) async fn get(query: &Query, hub: &Hub) -> Result<Response<Body>, Refusal> {
    let kv = namespace(query, hub)?;
    let key = query.text("key")?;
    let missing = || Refusal::Key { key: key.to_owned() };
    let entry = kv.get(&context(), vec![key.to_owned()]).await?.pop().flatten().ok_or_else(missing)?;
    let mut response = api::full("application/octet-stream", entry.value);
    let headers = response.headers_mut();
    if let Some(metadata) = entry.metadata {
        let encoded: String = byte_serialize(metadata.as_bytes()).collect();
        headers.insert(METADATA, HeaderValue::from_str(&encoded).expect("it is ASCII"));
    }
    if let Some(expiration) = entry.expiration {
        headers.insert(EXPIRATION, HeaderValue::from(expiration));
    }
    Ok(response)
}

/// `worker`, `binding`, `key`; `metadata`, `expiration`, `expiration_ttl`. The body is the value. With `if-none-match: *` a
/// key that is there already is refused.
pub(crate) async fn put(query: &Query, request: Request<Incoming>, hub: &Hub) -> Result<Response<Body>, Refusal> {
    let kv = namespace(query, hub)?;
    let key = query.text("key")?.to_owned();
    let options = PutOptions {
        expiration: query.number("expiration")?,
        expiration_ttl: query.number("expiration_ttl")?,
        metadata: query.find("metadata").filter(|text| !text.is_empty()).map(str::to_owned),
    };
    let is_new = request.headers().get(header::IF_NONE_MATCH).is_some_and(|value| value == "*");
    let value: Bytes = match Limited::new(request.into_body(), VALUE_BYTES_MAX).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(Refusal::TooLarge { max: VALUE_BYTES_MAX }),
        Err(_gone) => return Err(Refusal::BrokeOff),
    };
    if is_new && kv.exists(&context(), key.clone()).await? {
        return Err(Refusal::Exists { key });
    }
    kv.put(&context(), key, value, options).await?;
    Ok(api::done())
}

/// `worker`, `binding`, `key`. What is absent is deleted already.
pub(crate) async fn delete(query: &Query, hub: &Hub) -> Result<Response<Body>, Refusal> {
    let kv = namespace(query, hub)?;
    kv.delete(&context(), query.text("key")?.to_owned()).await?;
    Ok(api::done())
}

fn namespace(query: &Query, hub: &Hub) -> Result<Kv, Refusal> {
    let (worker, binding) = (query.text("worker")?, query.text("binding")?);
    let unknown = || Refusal::Namespace { worker: worker.to_owned(), binding: binding.to_owned() };
    hub.namespace(worker, binding).ok_or_else(unknown)
}

/// On nobody's account.
fn context() -> InvocationContext {
    InvocationContext::new(RequestId::random(), TraceContext::root(), InvocationLimits::UNBOUNDED)
}

/// What was put was JSON when it was put.
fn parsed(metadata: &str) -> Value {
    serde_json::from_str(metadata).unwrap_or_else(|_| Value::from(metadata))
}
