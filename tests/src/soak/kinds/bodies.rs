//! Bodies that stream, in one direction or in both.

use bytes::Bytes;
use serde_json::json;

use super::super::actor::{Actor, Ask, expect, wrong};
use super::super::trouble::Trouble;
use crate::Answer;
use crate::client::channel;

/// Bytes of a body that both sides can work out, from one place in it on.
pub(super) fn pattern(from: usize, length: usize) -> Vec<u8> {
    (from..from + length).map(|n| (n.wrapping_mul(31).wrapping_add(n >> 8)) as u8).collect()
}

pub(super) async fn download(actor: &mut Actor) -> Result<(), Trouble> {
    let (chunks, size) = (actor.rng.usize(0..20), actor.rng.usize(1..20_000));
    let wait = if actor.rng.u8(..4) == 0 { actor.rng.usize(1..10) } else { 0 };
    let answer = actor.ask(Ask::get("front", format!("/down?chunks={chunks}&size={size}&wait={wait}"))).await?;
    expect(&answer, pattern(0, chunks * size))
}

pub(super) async fn upload(actor: &mut Actor) -> Result<(), Trouble> {
    let bytes = pattern(0, actor.rng.usize(1..300_000));
    let sum = bytes.iter().fold(0_u32, |sum, byte| sum.wrapping_add(u32::from(*byte)));
    let expected = json!({ "length": bytes.len(), "sum": sum });
    let answer = actor.ask(Ask::post("front", "/up", bytes)).await?;
    match serde_json::from_slice::<serde_json::Value>(&answer.body) {
        Ok(found) if answer.status == 200 && found == expected => Ok(()),
        _ => Err(wrong(&answer, &expected.to_string())),
    }
}

pub(super) async fn echo(actor: &mut Actor) -> Result<(), Trouble> {
    let bytes = pattern(actor.rng.usize(0..1000), actor.rng.usize(0..300_000));
    let answer = actor.ask(Ask::post("front", "/echo", bytes.clone())).await?;
    expect(&answer, bytes)
}

pub(super) async fn invert(actor: &mut Actor) -> Result<(), Trouble> {
    let bytes = pattern(actor.rng.usize(0..1000), actor.rng.usize(1..300_000));
    let answer = actor.ask(Ask::post("front", "/invert", bytes.clone())).await?;
    expect(&answer, bytes.into_iter().map(|byte| byte ^ 255).collect::<Vec<_>>())
}

/// Each chunk is sent once the one before it has come back.
pub(super) async fn both_ways(actor: &mut Actor) -> Result<(), Trouble> {
    let (mut sender, body) = channel();
    let chunks: Vec<Bytes> = (0..actor.rng.usize(1..8)).map(|n| pattern(n, actor.rng.usize(1..5000)).into()).collect();
    // The head comes before any of the body is sent.
    let (connection, mut streaming) = actor.open(Ask::streaming("front", "/invert", body)).await?;
    for chunk in chunks {
        if sender.send_data(chunk.clone()).await.is_err() {
            return Err(Trouble::BrokenOff("the request's body is not wanted any more".to_owned()));
        }
        let mut back = Vec::new();
        while back.len() < chunk.len() {
            match streaming.chunk().await {
                Some(Ok(bytes)) => back.extend_from_slice(&bytes),
                Some(Err(error)) => return Err(Trouble::broken_off(error)),
                None => return Err(Trouble::Wrong(format!("the body ended {} bytes early", chunk.len() - back.len()))),
            }
        }
        if back.iter().ne(chunk.iter().map(|byte| byte ^ 255).collect::<Vec<_>>().iter()) {
            return Err(Trouble::Wrong(format!("{} other bytes came back", back.len())));
        }
    }
    drop(sender);
    match streaming.chunk().await {
        None => actor.connection = Some(connection),
        Some(Err(error)) => return Err(Trouble::broken_off(error)),
        Some(Ok(more)) => return Err(Trouble::Wrong(format!("{} bytes beyond the end", more.len()))),
    }
    Ok(())
}

/// A stream that fails must not look like one that ended.
pub(super) async fn breaks(actor: &mut Actor) -> Result<(), Trouble> {
    match broken_off(actor, Ask::get("front", "/breaks")).await? {
        None => Ok(()),
        Some(answer) => Err(wrong(&answer, "a body that breaks off")),
    }
}

/// `None` if the answer breaks off, and be it before its head has left; the answer if it is whole.
pub(super) async fn broken_off(actor: &Actor, ask: Ask) -> Result<Option<Answer>, Trouble> {
    let mut connection = actor.connect().await?;
    let answer = match connection.try_open(actor.request(ask, actor.protocol)).await {
        Ok(streaming) => streaming.try_collect().await,
        Err(error) => Err(error),
    };
    answer.ok().map(|answer| actor.known(answer)).transpose()
}
