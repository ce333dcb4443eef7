//! Requests that hit a limit, and those beside them.

use super::super::actor::{Actor, Ask, expect, expect_error, wrong};
use super::super::trouble::Trouble;
use super::super::world::{BODY_BYTES, KV_OPERATIONS, SUBREQUESTS, TIMERS};
use super::bodies::{broken_off, pattern};

/// What any request may be told whose neighbour breaks a limit of the instance that they share.
const NEIGHBOURS: [(u16, &str); 2] = [(503, "instance_stopped"), (503, "overloaded")];

/// Its own limit, or what its neighbours may do to it.
fn or_neighbours(own: &[(u16, &'static str)]) -> Vec<(u16, &'static str)> {
    own.iter().chain(&NEIGHBOURS).copied().collect()
}

pub(super) async fn cpu(actor: &mut Actor) -> Result<(), Trouble> {
    let act = ["loop", "microtasks", "regex", "late_loop"][actor.rng.usize(..4)];
    let answer = actor.ask(Ask::get("bombs", format!("/{act}"))).await?;
    expect_error(&answer, &or_neighbours(&[(503, "cpu_exceeded")]))
}

pub(super) async fn stream(actor: &mut Actor) -> Result<(), Trouble> {
    match broken_off(actor, Ask::get("bombs", "/stream_loop")).await? {
        None => Ok(()),
        Some(answer) => expect_error(&answer, &or_neighbours(&[(503, "cpu_exceeded")])),
    }
}

pub(super) async fn neighbour(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("bombs", "/fine")).await?;
    expect(&answer, "fine").or_else(|_| expect_error(&answer, &NEIGHBOURS))
}

pub(super) async fn memory(actor: &mut Actor) -> Result<(), Trouble> {
    let act = ["arrays", "strings", "buffers", "maps", "wasm"][actor.rng.usize(..5)];
    let answer = actor.ask(Ask::get("hogs", format!("/{act}"))).await?;
    // Buffers that are refused are an exception of the guest's.
    expect_error(&answer, &or_neighbours(&[(503, "memory_exceeded"), (500, "worker_exception")]))
}

pub(super) async fn recursion(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("hogs", "/recursion")).await?;
    expect_error(&answer, &or_neighbours(&[(500, "worker_exception")]))
}

pub(super) async fn wall(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("waits", "/never")).await?;
    expect_error(&answer, &[(504, "wall_time_exceeded")])
}

/// The answer is not what is limited.
pub(super) async fn wait_until(actor: &mut Actor) -> Result<(), Trouble> {
    let (host, act) = if actor.rng.bool() { ("waits", "wait_until") } else { ("bombs", "wait_until_loop") };
    let answer = actor.ask(Ask::get(host, format!("/{act}"))).await?;
    expect(&answer, "sent")
        .or_else(|wrong| if host == "bombs" { expect_error(&answer, &NEIGHBOURS) } else { Err(wrong) })
}

pub(super) async fn subrequests(actor: &mut Actor) -> Result<(), Trouble> {
    counted(actor, "/subrequests", SUBREQUESTS).await
}

pub(super) async fn kv_operations(actor: &mut Actor) -> Result<(), Trouble> {
    counted(actor, "/kv", KV_OPERATIONS).await
}

/// Those of the whole instance count, which its other requests may have set.
pub(super) async fn timers(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("bounds", "/timers")).await?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    match text.split_once(' ') {
        Some((set, "QuotaExceededError")) if set.parse().is_ok_and(|set: u32| set <= TIMERS) => Ok(()),
        _ => Err(wrong(&answer, &format!("at most {TIMERS}, and the error at the next one"))),
    }
}

/// As many as may be, and then an error of the guest's.
async fn counted(actor: &mut Actor, path: &str, most: u32) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("bounds", path)).await?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    if answer.status == 200 && text.starts_with(&format!("{most} ")) && text.ends_with("Error") {
        return Ok(());
    }
    Err(wrong(&answer, &format!("{most}, and the error at the next one")))
}

/// More than may be sent breaks off.
pub(super) async fn response(actor: &mut Actor) -> Result<(), Trouble> {
    match broken_off(actor, Ask::get("bounds", "/response")).await? {
        None => Ok(()),
        Some(answer) => Err(wrong(&answer, "a body that breaks off")),
    }
}

pub(super) async fn body(actor: &mut Actor) -> Result<(), Trouble> {
    let length = actor.rng.usize(BODY_BYTES - 1000..BODY_BYTES + 1000);
    let answer = actor.ask(Ask::post("bounds", "/body", pattern(0, length))).await?;
    if length > BODY_BYTES {
        // The rest of the body is not read, and so the connection is of no more use.
        actor.connection = None;
        return expect_error(&answer, &[(413, "body_too_large")]);
    }
    expect(&answer, length.to_string())
}

pub(super) async fn log(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("bounds", "/log")).await?;
    expect(&answer, "logged")
}

pub(super) async fn tmp(actor: &mut Actor) -> Result<(), Trouble> {
    let answer = actor.ask(Ask::get("bounds", "/tmp")).await?;
    expect(&answer, "QuotaExceededError")
}

/// More at once than are let in: each is served or refused, at once and with the time to try again.
pub(super) async fn concurrency(actor: &mut Actor) -> Result<(), Trouble> {
    let this: &Actor = actor;
    let exchanges = (0..6).map(|_| async move {
        let mut connection = this.connect().await?;
        let request = this.request(Ask::get("narrow", "/"), this.protocol);
        let streaming = connection.try_open(request).await.map_err(Trouble::no_answer)?;
        let answer = this.known(streaming.try_collect().await.map_err(Trouble::broken_off)?)?;
        expect(&answer, "let in").or_else(|_| expect_error(&answer, &[(503, "overloaded")]))
    });
    futures_util::future::join_all(exchanges).await.into_iter().collect()
}
