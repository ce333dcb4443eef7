//! Requests and answers that are at hand in one piece.

use serde_json::json;

use super::super::actor::{Actor, Ask, expect, expect_error, wrong};
use super::super::trouble::Trouble;
use super::super::world::cold_name;
use super::bodies::pattern;
use crate::client::Protocol;

pub(super) async fn hello(actor: &mut Actor) -> Result<(), Trouble> {
    let number = actor.rng.u32(..);
    let answer = actor.ask(Ask::get("front", format!("/hello?n={number}"))).await?;
    expect(&answer, format!("hello {} {number}", actor.state.version))
}

/// Several at once: streams of one connection, or a connection for each.
pub(super) async fn hello_burst(actor: &mut Actor) -> Result<(), Trouble> {
    let first = match actor.connection.take() {
        Some(kept) if !kept.is_closed() => kept,
        _ => actor.connect().await?,
    };
    let count = actor.rng.usize(2..=8);
    let mut connections = vec![first];
    while connections.len() < count {
        let more = match connections[0].share() {
            Some(shared) => shared,
            None => actor.connect().await?,
        };
        connections.push(more);
    }
    let this: &Actor = actor;
    let exchanges = connections.iter_mut().enumerate().map(|(number, connection)| async move {
        let request = this.request(Ask::get("front", format!("/hello?n={number}")), this.protocol);
        let streaming = connection.try_open(request).await.map_err(Trouble::no_answer)?;
        let answer = this.known(streaming.try_collect().await.map_err(Trouble::broken_off)?)?;
        expect(&answer, format!("hello {} {number}", this.state.version))
    });
    let outcomes = futures_util::future::join_all(exchanges).await;
    outcomes.into_iter().collect::<Result<(), _>>()?;
    actor.connection = connections.into_iter().next();
    Ok(())
}

pub(super) async fn json(actor: &mut Actor) -> Result<(), Trouble> {
    let items: Vec<u64> = (0..actor.rng.usize(0..100)).map(|_| actor.rng.u64(..1 << 50)).collect();
    let text: String = (0..actor.rng.usize(0..500)).map(|_| actor.rng.char(' '..'\u{2fff}')).collect();
    let sent = json!({ "items": items, "text": text, "nested": { "a": [null, true, 1.5] } });
    let answer = actor.ask(Ask::post("front", "/json", sent.to_string())).await?;
    let reversed: Vec<u64> = items.iter().rev().copied().collect();
    let expected = json!({ "items": reversed, "text": text, "nested": { "a": [null, true, 1.5] }, "seen": true });
    match serde_json::from_slice::<serde_json::Value>(&answer.body) {
        Ok(found) if answer.status == 200 && found == expected => Ok(()),
        _ => Err(wrong(&answer, "what was sent, its items reversed")),
    }
}

pub(super) async fn timers(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("front", "/timers")).await?;
    expect(&answer, "50")
}

pub(super) async fn digest(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::post("front", "/digest", "abc")).await?;
    let expected = [
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03,
        0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
    ];
    expect(&answer, expected)
}

pub(super) async fn later(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("front", "/later")).await?;
    expect(&answer, "sent")
}

pub(super) async fn files(actor: &mut Actor) -> Result<(), Trouble> {
    let text = "line of a file\n".repeat(actor.rng.usize(0..2000));
    let name = format!("{}-{}", actor.id, actor.count);
    let answer = actor.ask(Ask::post("front", format!("/files?name={name}"), text.clone())).await?;
    expect(&answer, json!([text, text]).to_string())
}

pub(super) async fn service(actor: &mut Actor) -> Result<(), Trouble> {
    let text = "to be shouted ".repeat(actor.rng.usize(1..500));
    let answer = actor.ask(Ask::post("front", "/service", text.clone())).await?;
    expect(&answer, text.to_uppercase())
}

pub(super) async fn service_throws(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("front", "/service_throws")).await?;
    if answer.status == 200 && answer.body.ends_with(b"Error") {
        Ok(())
    } else {
        Err(wrong(&answer, "an error's name"))
    }
}

pub(super) async fn throws(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("front", "/throws")).await?;
    expect_error(&answer, &[(500, "worker_exception")])
}

pub(super) async fn rejects(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("front", "/rejects")).await?;
    expect_error(&answer, &[(500, "worker_exception")])
}

pub(super) async fn nothing(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("front", "/nothing")).await?;
    expect_error(&answer, &[(500, "bad_response")])
}

pub(super) async fn no_route(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("nobody", "/")).await?;
    expect_error(&answer, &[(404, "no_route")])
}

/// One of many workers; a few of them much more often than the others.
pub(super) async fn cold(actor: &mut Actor) -> Result<(), Trouble> {
    let share = actor.rng.f64();
    let number = (share * share * share * actor.world.cold_workers as f64) as usize;
    let name = cold_name(number);
    let answer = actor.ask(Ask::get(&name, "/")).await?;
    expect(&answer, format!("{name} 1000 true"))
}

pub(super) async fn component(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("component", "/stream?chunks=20")).await?;
    expect(&answer, (0..20).map(|n| format!("chunk {n}\n")).collect::<String>())
}

pub(super) async fn component_upload(actor: &mut Actor) -> Result<(), Trouble> {
    let bytes = pattern(0, actor.rng.usize(0..200_000));
    let sum = bytes.iter().fold(0_u32, |sum, byte| sum.wrapping_add(u32::from(*byte)));
    let expected = json!({ "bytes": bytes.len(), "sum": sum });
    let answer = actor.ask(Ask::post("component", "/count", bytes)).await?;
    if answer.status == 200 && serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok_and(|v| v == expected) {
        return Ok(());
    }
    Err(wrong(&answer, &expected.to_string()))
}

pub(super) async fn component_trap(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("component", "/trap")).await?;
    expect_error(&answer, &[(500, "worker_exception")])
}

pub(super) async fn component_spin(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("component", "/spin")).await?;
    expect_error(&answer, &[(503, "cpu_exceeded")])
}

pub(super) async fn plugin(actor: &mut Actor) -> Result<(), Trouble> {
    let number = actor.rng.u32(..);
    let answer = actor.ask(Ask::post("plugins", "/", format!("# {number}\n\n*stressed*"))).await?;
    expect(&answer, format!("<h1>{number}</h1>\n<p><em>stressed</em></p>\n"))
}

/// A protocol for what must be a connection of its own.
pub(super) fn any_protocol(actor: &mut Actor) -> Protocol {
    if actor.rng.bool() { Protocol::Http1 } else { Protocol::Http2 }
}
