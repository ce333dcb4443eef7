//! `caches`: responses that a worker keeps for a while, in the memory of the process.
//!
//! What is kept is a copy that may go at any time: at its end, when room is needed, when the process ends. Each worker has
//! its own, which its instances share, and a part of the whole that it cannot exceed. Lifetimes are those of RFC 9111; what
//! has none is not kept.

mod lifetime;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use hashlink::LinkedHashMap;
use http::header::{AGE, ETAG, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use parking_lot::Mutex;

use crate::answer::{empty, is_known};
use crate::clock::Clock;
use crate::service::{ServiceDispatch, ServiceError};
use crate::{Body, InvocationContext};

use lifetime::{Cookies, lifetime};

/// Which of a worker's caches is asked. This and the following are between `guest/cache.js` and this module.
const NAME: HeaderName = HeaderName::from_static("worky-cache-name");
/// The status of a response to keep.
const STATUS: HeaderName = HeaderName::from_static("worky-cache-status");
/// The fields of the request that the response varies by, as a query.
const VARY: HeaderName = HeaderName::from_static("worky-cache-vary");
/// There is no such response.
const MISS: HeaderName = HeaderName::from_static("worky-cache-miss");

/// What an entry takes in memory besides the bytes of its texts and its body: the map's node, the head's table, and the
/// allocations' own; and what a field of its head or of `vary` takes.
const ENTRY_BYTES: usize = 512;
const FIELD_BYTES: usize = 128;

/// What caches may take. The defaults are written here and nowhere else.
#[derive(Debug, Clone)]
pub struct CacheLimits {
    /// One response with its head, and what it takes in memory besides.
    pub entry_bytes_max: u64,
    pub worker_bytes_max: u64,
    /// All workers together.
    pub total_bytes_max: u64,
}

impl Default for CacheLimits {
    fn default() -> Self {
        CacheLimits { entry_bytes_max: 4 << 20, worker_bytes_max: 16 << 20, total_bytes_max: 64 << 20 }
    }
}

/// The caches of all workers. Cloning shares them.
#[derive(Clone)]
pub struct Caches(Arc<Shared>);

struct Shared {
    kept: Mutex<Kept>,
    clock: Arc<dyn Clock>,
    limits: CacheLimits,
}

#[derive(Default)]
struct Kept {
    by_worker: HashMap<Arc<str>, Own>,
    bytes: u64,
    /// How often any of them was used.
    uses: u64,
}

/// What is kept for one worker.
#[derive(Default)]
struct Own {
    /// The least recently used first.
    entries: LinkedHashMap<Key, Entry>,
    bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    cache: String,
    url: String,
}

struct Entry {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// Fields that a request must have, or lack where they are empty.
    vary: Vec<(String, String)>,
    stored_unix_ms: u64,
    expires_unix_ms: u64,
    /// What it counts for.
    bytes: u64,
    /// The number of its last use, among those of all workers.
    used: u64,
}

impl Caches {
    pub fn new(clock: Arc<dyn Clock>, limits: CacheLimits) -> Self {
        Caches(Arc::new(Shared { kept: Mutex::default(), clock, limits }))
    }

    /// What all that is kept counts for.
    pub fn bytes(&self) -> u64 {
        self.0.kept.lock().bytes
    }

    /// Those of one worker, to be asked by requests: GET, PUT and DELETE of the URL that a response is kept under.
    pub fn of_worker(&self, worker: Arc<str>) -> impl ServiceDispatch + use<> {
        WorkerCaches { caches: self.clone(), worker }
    }
}

struct WorkerCaches {
    caches: Caches,
    worker: Arc<str>,
}

impl ServiceDispatch for WorkerCaches {
    fn dispatch(
        &self,
        _: &Arc<str>,
        request: Request<Body>,
        _: &InvocationContext,
    ) -> BoxFuture<'static, Result<Response<Body>, ServiceError>> {
        let (mut parts, body) = request.into_parts();
        let name = parts.headers.remove(NAME);
        let cache = name.as_ref().and_then(|name| name.to_str().ok()).unwrap_or_default().to_owned();
        let key = Key { cache, url: parts.uri.to_string() };
        let (caches, worker) = (self.caches.clone(), self.worker.clone());
        if parts.method == Method::PUT {
            return async move { Ok(caches.put(worker, key, parts.headers, body).await) }.boxed();
        }
        let response = match parts.method {
            Method::DELETE => {
                let was_kept = caches.0.kept.lock().remove(&worker, &key);
                empty(if was_kept { StatusCode::OK } else { StatusCode::NOT_FOUND })
            }
            _ => caches.find(&worker, &key, &parts.headers),
        };
        Box::pin(std::future::ready(Ok(response)))
    }
}

impl Caches {
    fn find(&self, worker: &Arc<str>, key: &Key, asked: &HeaderMap) -> Response<Body> {
        let now = self.0.clock.now_unix_ms();
        let mut kept = self.0.kept.lock();
        let entry = kept.used(worker, key, now).filter(|entry| is_for(&entry.vary, asked));
        let Some(entry) = entry else {
            let mut miss = empty(StatusCode::GATEWAY_TIMEOUT);
            miss.headers_mut().insert(MISS, HeaderValue::from_static("1"));
            return miss;
        };
        let mut response = Response::new(Body::full(entry.body.clone()));
        (*response.status_mut(), *response.headers_mut()) = (entry.status, entry.headers.clone());
        let age = HeaderValue::from(now.saturating_sub(entry.stored_unix_ms) / 1000);
        response.headers_mut().insert(AGE, age);
        let etag = entry.headers.get(ETAG).filter(|_| entry.status == StatusCode::OK);
        if etag.is_some_and(|etag| is_known(etag, asked)) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::empty();
        }
        response
    }

    /// Keeps a response, or does not, because it says so or is too large. The answer tells nothing of that.
    async fn put(&self, worker: Arc<str>, key: Key, mut headers: HeaderMap, mut body: Body) -> Response<Body> {
        let done = empty(StatusCode::NO_CONTENT);
        let status = headers.remove(STATUS).and_then(|status| StatusCode::from_bytes(status.as_bytes()).ok());
        let vary = headers.remove(VARY);
        let vary = vary.iter().flat_map(|vary| url::form_urlencoded::parse(vary.as_bytes()).into_owned());
        let vary: Vec<(String, String)> = vary.collect();
        let now = self.0.clock.now_unix_ms();
        let (Some(status), Some((lifetime, cookies))) = (status, lifetime(&headers, now)) else { return done };
        match cookies {
            Cookies::LeftOut => drop(headers.remove(SET_COOKIE)),
            Cookies::Whole if headers.contains_key(SET_COOKIE) => return done,
            Cookies::Whole => {}
        }
        let limits = &self.0.limits;
        let head = headers.iter().map(|(name, value)| FIELD_BYTES + name.as_str().len() + value.len());
        let varied = vary.iter().map(|(name, value)| FIELD_BYTES + name.len() + value.len());
        let head: usize = head.chain(varied).sum();
        let mut bytes = (ENTRY_BYTES + key.url.len() + key.cache.len() + head) as u64;
        let mut content = Vec::new();
        while let Some(chunk) = body.chunk().await {
            // What broke off is no response.
            let Ok(chunk) = chunk else { return done };
            bytes += chunk.len() as u64;
            if bytes > limits.entry_bytes_max {
                return done;
            }
            content.extend_from_slice(&chunk);
        }
        let entry = Entry {
            status,
            headers,
            body: content.into(),
            vary,
            stored_unix_ms: now,
            expires_unix_ms: now.saturating_add(u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX)),
            bytes,
            used: 0,
        };
        self.0.kept.lock().insert(&worker, key, entry, limits);
        done
    }
}

impl Kept {
    /// An entry that has not ended.
    fn used(&mut self, worker: &Arc<str>, key: &Key, now_unix_ms: u64) -> Option<&Entry> {
        if self.by_worker.get(worker)?.entries.get(key)?.expires_unix_ms <= now_unix_ms {
            self.remove(worker, key);
            return None;
        }
        self.uses += 1;
        let entry = self.by_worker.get_mut(worker)?.entries.to_back(key)?;
        entry.used = self.uses;
        Some(entry)
    }

    fn insert(&mut self, worker: &Arc<str>, key: Key, mut entry: Entry, limits: &CacheLimits) {
        self.remove(worker, &key);
        self.uses += 1;
        entry.used = self.uses;
        self.bytes += entry.bytes;
        let own = self.by_worker.entry(worker.clone()).or_default();
        own.bytes += entry.bytes;
        own.entries.insert(key, entry);
        while self.by_worker.get(worker).is_some_and(|own| own.bytes > limits.worker_bytes_max) {
            self.remove_oldest(worker);
        }
        while self.bytes > limits.total_bytes_max {
            let used = |own: &Own| own.entries.front().map(|(_, entry)| entry.used);
            let oldest = self.by_worker.iter().min_by_key(|(_, own)| used(own));
            let Some(worker) = oldest.map(|(worker, _)| worker.clone()) else { break };
            self.remove_oldest(&worker);
        }
    }

    fn remove_oldest(&mut self, worker: &Arc<str>) {
        let oldest = self.by_worker.get(worker).and_then(|own| own.entries.front());
        if let Some((key, _)) = oldest {
            let key = key.clone();
            self.remove(worker, &key);
        }
    }

    fn remove(&mut self, worker: &Arc<str>, key: &Key) -> bool {
        let Some(own) = self.by_worker.get_mut(worker) else { return false };
        let Some(entry) = own.entries.remove(key) else { return false };
        own.bytes -= entry.bytes;
        self.bytes -= entry.bytes;
        if own.entries.is_empty() {
            self.by_worker.remove(worker);
        }
        true
    }
}

/// Whether a request has what the response that was kept was made for.
fn is_for(vary: &[(String, String)], asked: &HeaderMap) -> bool {
    vary.iter().all(|(name, value)| {
        let values: Vec<&str> = asked.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        values.join(", ") == *value
    })
}

#[cfg(test)]
mod tests;
