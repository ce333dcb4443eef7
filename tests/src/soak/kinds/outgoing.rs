//! Fetches of the worker from an upstream that is slow, fails, sends much or never answers.

use super::super::actor::{Actor, Ask, expect, wrong};
use super::super::trouble::Trouble;

pub(super) async fn read(actor: &mut Actor) -> Result<(), Trouble> {
    let length = actor.rng.usize(0..500_000);
    let answer = actor.ask(Ask::get("front", format!("/read?to=/bytes/{length}"))).await?;
    expect(&answer, format!("200 {length}"))
}

pub(super) async fn pass(actor: &mut Actor) -> Result<(), Trouble> {
    let length = actor.rng.usize(0..1_000_000);
    let answer = actor.ask(Ask::get("front", format!("/pass?to=/bytes/{length}"))).await?;
    expect(&answer, vec![b'.'; length])
}

pub(super) async fn many(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("front", "/many")).await?;
    expect(&answer, serde_json::json!((210..218).map(|n| format!("status {n}")).collect::<Vec<_>>()).to_string())
}

pub(super) async fn slow(actor: &mut Actor) -> Result<(), Trouble> {
    let act = if actor.rng.bool() { "pass" } else { "read" };
    let ms = actor.rng.u32(1..100);
    let answer = actor.ask(Ask::get("front", format!("/{act}?to=/slow/{ms}"))).await?;
    expect(&answer, if act == "pass" { "slow" } else { "200 4" })
}

pub(super) async fn failing(actor: &mut Actor) -> Result<(), Trouble> {
    if actor.rng.bool() {
        let answer = actor.ask(Ask::get("front", "/read?to=/status/500")).await?;
        return expect(&answer, "500 10");
    }
    let answer = actor.ask(Ask::get("front", "/read?to=/broken")).await?;
    if answer.status == 200 && answer.body.ends_with(b"Error") {
        Ok(())
    } else {
        Err(wrong(&answer, "an error's name"))
    }
}

pub(super) async fn hanging(actor: &mut Actor) -> Result<(), Trouble> {
    let patience = actor.rng.u32(1..100);
    let answer = actor.ask(Ask::get("front", format!("/read?to=/never&patience={patience}"))).await?;
    expect(&answer, "TimeoutError")
}
