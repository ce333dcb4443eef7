use crate::bindings::wasi::keyvalue0_2_0_draft as old;
use crate::bindings::wasi::keyvalue0_2_0_draft2 as new;
use crate::http::{Request, Responder};
use crate::json;

/// The namespace of the tests, unless `bucket` names another one.
const NAMESPACE: &str = "CACHE";

type Outcome = Result<Option<Vec<u8>>, String>;

/// `/kv/OPERATION?key=`: `get` (`times=`), `put` (the body), `delete`, `exists`, `list`, `increment&by=`, `swap&from=` (the body),
/// `append` (the body, by compare-and-swap until it succeeds), `stale` (a `current` that is asked too late), and
/// `get-many&keys=a,b`, `set-many` (the body), `delete-many`. Nothing there is a 404, what fails is a 409 with the error.
pub fn draft2(request: Request, responder: Responder, operation: &str) {
    answer(responder, run_draft2(&request, operation));
}

/// The same with `wasi:keyvalue@0.2.0-draft`.
pub fn draft(request: Request, responder: Responder, operation: &str) {
    answer(responder, run_draft(&request, operation));
}

pub fn put(key: &str, value: &[u8]) -> Result<(), String> {
    let bucket = new::store::open(NAMESPACE).map_err(|error| format!("{error:?}"))?;
    bucket.set(key, value).map_err(|error| format!("{error:?}"))
}

fn answer(responder: Responder, outcome: Outcome) {
    match outcome {
        Ok(Some(value)) => responder.send(200, crate::http::TEXT, value),
        Ok(None) => responder.text(404, "nothing there\n"),
        Err(error) => responder.json(409, json::object([("error", json::string(&error))])),
    }
}

fn parameters(request: &Request) -> (String, String) {
    let bucket = request.parameter("bucket").unwrap_or_else(|| NAMESPACE.to_owned());
    (bucket, request.parameter("key").unwrap_or_default())
}

fn run_draft2(request: &Request, operation: &str) -> Outcome {
    use new::atomics::{Cas, CasError, increment, swap};
    use new::store::{Error, open};

    let said = |error: Error| match error {
        Error::NoSuchStore => "no-such-store".to_owned(),
        Error::AccessDenied => "access-denied".to_owned(),
        Error::Other(text) => text,
    };
    let (name, key) = parameters(request);
    let bucket = open(&name).map_err(said)?;
    match operation {
        "get" => {
            for _ in 1..request.number("times", 1) {
                bucket.get(&key).map_err(said)?;
            }
            bucket.get(&key).map_err(said)
        }
        "put" => bucket.set(&key, &request.body().read_all()?).map(done).map_err(said),
        "delete" => bucket.delete(&key).map(done).map_err(said),
        "exists" => bucket.exists(&key).map(|there| Some(there.to_string().into_bytes())).map_err(said),
        "list" => {
            let (mut keys, mut cursor) = (Vec::new(), None);
            loop {
                let page = bucket.list_keys(cursor.as_deref()).map_err(said)?;
                keys.extend(page.keys);
                cursor = page.cursor;
                if cursor.is_none() {
                    return Ok(Some(sorted(keys)));
                }
            }
        }
        "increment" => {
            let by = request.parameter("by").and_then(|by| by.parse().ok()).unwrap_or(1);
            increment(&bucket, &key, by).map(|now| Some(now.to_string().into_bytes())).map_err(said)
        }
        "swap" => {
            let cas = Cas::new(&bucket, &key).map_err(said)?;
            let current = cas.current().map_err(said)?.map(|value| String::from_utf8_lossy(&value).into_owned());
            if current != request.parameter("from") {
                return Err(format!("it is {current:?}"));
            }
            // What this writes in between is what the swap has to see.
            if let Some(meanwhile) = request.parameter("meanwhile") {
                bucket.set(&key, meanwhile.as_bytes()).map_err(said)?;
            }
            swap(cas, &request.body().read_all()?).map(done).map_err(|error| match error {
                CasError::StoreError(error) => said(error),
                CasError::CasFailed(_) => "cas-failed".to_owned(),
            })
        }
        "append" => {
            let body = request.body().read_all()?;
            let mut cas = Cas::new(&bucket, &key).map_err(said)?;
            loop {
                let mut value = cas.current().map_err(said)?.unwrap_or_default();
                value.extend_from_slice(&body);
                cas = match swap(cas, &value) {
                    Ok(()) => return Ok(Some(value)),
                    Err(CasError::CasFailed(newer)) => newer,
                    Err(CasError::StoreError(error)) => return Err(said(error)),
                };
            }
        }
        "stale" => {
            let cas = Cas::new(&bucket, &key).map_err(said)?;
            // What comes before the first look is what the swap compares with.
            bucket.set(&key, b"first").map_err(said)?;
            if cas.current().map_err(said)?.as_deref() != Some(b"first") {
                return Err("`current` is not current".to_owned());
            }
            bucket.set(&key, b"second").map_err(said)?;
            cas.current().map_err(said)
        }
        "get-many" => {
            let found = new::batch::get_many(&bucket, &keys(request)).map_err(said)?;
            Ok(Some(many(found)))
        }
        "set-many" => {
            let body = request.body().read_all()?;
            let pairs: Vec<(String, Vec<u8>)> = keys(request).into_iter().map(|key| (key, body.clone())).collect();
            new::batch::set_many(&bucket, &pairs).map(done).map_err(said)
        }
        "delete-many" => new::batch::delete_many(&bucket, &keys(request)).map(done).map_err(said),
        _ => Err(format!("no such operation: {operation}")),
    }
}

fn run_draft(request: &Request, operation: &str) -> Outcome {
    use old::atomics::increment;
    use old::store::{Error, open};

    let said = |error: Error| match error {
        Error::NoSuchStore => "no-such-store".to_owned(),
        Error::AccessDenied => "access-denied".to_owned(),
        Error::Other(text) => text,
    };
    let (name, key) = parameters(request);
    let bucket = open(&name).map_err(said)?;
    match operation {
        "get" => bucket.get(&key).map_err(said),
        "put" => bucket.set(&key, &request.body().read_all()?).map(done).map_err(said),
        "delete" => bucket.delete(&key).map(done).map_err(said),
        "exists" => bucket.exists(&key).map(|there| Some(there.to_string().into_bytes())).map_err(said),
        "list" => {
            let (mut keys, mut cursor) = (Vec::new(), None);
            loop {
                let page = bucket.list_keys(cursor).map_err(said)?;
                keys.extend(page.keys);
                cursor = page.cursor;
                if cursor.is_none() {
                    return Ok(Some(sorted(keys)));
                }
            }
        }
        "increment" => {
            let now = increment(&bucket, &key, request.number("by", 1)).map_err(said)?;
            Ok(Some(now.to_string().into_bytes()))
        }
        "get-many" => {
            let found = old::batch::get_many(&bucket, &keys(request)).map_err(said)?;
            Ok(Some(many(found)))
        }
        "set-many" => {
            let body = request.body().read_all()?;
            let pairs: Vec<(String, Vec<u8>)> = keys(request).into_iter().map(|key| (key, body.clone())).collect();
            old::batch::set_many(&bucket, &pairs).map(done).map_err(said)
        }
        "delete-many" => old::batch::delete_many(&bucket, &keys(request)).map(done).map_err(said),
        _ => Err(format!("no such operation: {operation}")),
    }
}

/// `keys=a,b`
fn keys(request: &Request) -> Vec<String> {
    let text = request.parameter("keys").unwrap_or_default();
    text.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect()
}

fn done(_: ()) -> Option<Vec<u8>> {
    Some(b"done\n".to_vec())
}

fn sorted(mut keys: Vec<String>) -> Vec<u8> {
    keys.sort();
    json::array(keys.iter().map(|key| json::string(key))).into_bytes()
}

fn many(found: Vec<Option<(String, Vec<u8>)>>) -> Vec<u8> {
    let values = found.into_iter().map(|entry| match entry {
        Some((key, value)) => json::array([json::string(&key), json::string(&String::from_utf8_lossy(&value))]),
        None => "null".to_owned(),
    });
    json::array(values).into_bytes()
}
