//! Keys of the client's own and keys that all clients write, against the ledger.

use std::collections::HashMap;

use super::super::actor::{Actor, Ask, expect, wrong};
use super::super::ledger::{Change, Reading};
use super::super::trouble::Trouble;

const OWN_KEYS: usize = 12;
const SHARED_KEYS: usize = 4;
/// All keys begin with this; names that begin with another letter are nobody's.
const PREFIX: &str = "k";

pub(super) async fn put(actor: &mut Actor) -> Result<(), Trouble> {
    let key = key(actor);
    let write = actor.ledger.begin(&key, Change::Put);
    let answer = actor.ask(Ask::post("front", format!("/put?key={key}"), write.value(&key))).await?;
    expect(&answer, "acknowledged")?;
    actor.ledger.acknowledge(&key, write);
    Ok(())
}

pub(super) async fn delete(actor: &mut Actor) -> Result<(), Trouble> {
    let key = key(actor);
    let write = actor.ledger.begin(&key, Change::Delete);
    let answer = actor.ask(Ask::get("front", format!("/delete?key={key}"))).await?;
    expect(&answer, "acknowledged")?;
    actor.ledger.acknowledge(&key, write);
    Ok(())
}

pub(super) async fn get(actor: &mut Actor) -> Result<(), Trouble> {
    let key = key(actor);
    let reading = actor.ledger.reading(&key);
    let answer = actor.ask(Ask::get("front", format!("/get?key={key}"))).await?;
    let found = match (answer.status.as_u16(), &answer.body[..]) {
        (200, value) => Some(value),
        (404, b"absent") => None,
        _ => return Err(wrong(&answer, "a value, or its absence")),
    };
    actor.ledger.check(&reading, found).map_err(Trouble::Wrong)
}

/// The client's own keys are all there, and no others.
pub(super) async fn list(actor: &mut Actor) -> Result<(), Trouble> {
    let prefix = own_prefix(actor.id);
    let readings: Vec<(String, Reading)> = (0..OWN_KEYS)
        .map(|number| format!("{prefix}{number}"))
        .map(|key| (key.clone(), actor.ledger.reading(&key)))
        .collect();
    let limit = actor.rng.usize(1..20);
    let answer = actor.ask(Ask::get("front", format!("/list?prefix={prefix}&limit={limit}"))).await?;
    let Ok(mut found) = serde_json::from_slice::<HashMap<String, Option<String>>>(&answer.body) else {
        return Err(wrong(&answer, "values by key"));
    };
    for (key, reading) in readings {
        // A name whose value was gone by the time that it was read.
        let value = found.remove(&key).flatten();
        actor.ledger.check(&reading, value.as_ref().map(String::as_bytes)).map_err(Trouble::Wrong)?;
    }
    match found.keys().next() {
        None => Ok(()),
        Some(name) => Err(Trouble::Wrong(format!("{name} is listed under {prefix}"))),
    }
}

/// All that is stored, for the time when nothing else is asked.
pub(crate) async fn everything(actor: &mut Actor) -> Result<HashMap<String, Vec<u8>>, Trouble> {
    let answer = actor.ask(Ask::get("front", format!("/list?prefix={PREFIX}"))).await?;
    match serde_json::from_slice::<HashMap<String, Option<String>>>(&answer.body) {
        Ok(found) if answer.status == 200 => {
            Ok(found.into_iter().map(|(key, value)| (key, value.unwrap_or_default().into_bytes())).collect())
        }
        _ => Err(wrong(&answer, "values by key")),
    }
}

fn key(actor: &mut Actor) -> String {
    if actor.rng.u8(..4) == 0 {
        format!("{PREFIX}-all-{}", actor.rng.usize(..SHARED_KEYS))
    } else {
        format!("{}{}", own_prefix(actor.id), actor.rng.usize(..OWN_KEYS))
    }
}

fn own_prefix(client: usize) -> String {
    format!("{PREFIX}-{client}-")
}
