//! Clients that are slow, hasty, broken, or gone before they should be.

use std::time::Duration;

use super::super::actor::{Actor, Ask};
use super::super::trouble::Trouble;
use super::bodies::pattern;
use super::plain::any_protocol;
use crate::client::Connection;
use crate::raw::{Bodyless, Raw, RawResponse};

/// The head of a request that asks for `path`, with more fields and the empty line.
fn head(actor: &Actor, method: &str, host: &str, path: &str, fields: &str) -> String {
    let id = actor.request_id();
    format!("{method} {path} HTTP/1.1\r\nhost: {host}.test\r\nx-request-id: {id}\r\n{fields}\r\n")
}

async fn answer(raw: &mut Raw) -> Result<RawResponse, Trouble> {
    let answer = raw.read_response(Bodyless::No).await.ok_or_else(|| Trouble::NoAnswer("closed".to_owned()))?;
    let going = answer.status == 503 && answer.head.contains("shutting_down");
    if going { Err(Trouble::ShuttingDown) } else { Ok(answer) }
}

fn expect(answer: &RawResponse, body: &[u8]) -> Result<(), Trouble> {
    if answer.status == 200 && answer.body == body {
        return Ok(());
    }
    let found = String::from_utf8_lossy(&answer.body[..answer.body.len().min(160)]).into_owned();
    Err(Trouble::Wrong(format!("{}{found}; expected {} bytes", answer.head, body.len())))
}

/// Several requests in one piece; the answers come in their order.
pub(super) async fn pipelined(actor: &mut Actor) -> Result<(), Trouble> {
    let mut raw = actor.connect_raw().await?;
    let count = actor.rng.usize(2..10);
    let requests = (0..count).map(|number| head(actor, "GET", "front", &format!("/hello?n={number}"), ""));
    raw.write(requests.collect::<String>()).await;
    for number in 0..count {
        let found = answer(&mut raw).await?;
        expect(&found, format!("hello {} {number}", actor.state.version).as_bytes())?;
    }
    Ok(())
}

/// A few bytes at a time.
pub(super) async fn slow_request(actor: &mut Actor) -> Result<(), Trouble> {
    let mut raw = actor.connect_raw().await?;
    let body = pattern(0, 200);
    let mut bytes = head(actor, "POST", "front", "/echo", &format!("content-length: {}\r\n", body.len())).into_bytes();
    bytes.extend_from_slice(&body);
    while !bytes.is_empty() {
        let length = actor.rng.usize(1..60).min(bytes.len());
        raw.write(bytes.drain(..length).collect::<Vec<_>>()).await;
        tokio::time::sleep(Duration::from_millis(actor.rng.u64(1..15))).await;
    }
    let found = answer(&mut raw).await?;
    expect(&found, &body)
}

/// Takes its time over the answer, whose end must come all the same.
pub(super) async fn slow_reader(actor: &mut Actor) -> Result<(), Trouble> {
    let (connection, mut streaming) = actor.open(Ask::get("front", "/down?chunks=40&size=10000&wait=0")).await?;
    let mut body = Vec::new();
    while let Some(chunk) = streaming.chunk().await {
        body.extend_from_slice(&chunk.map_err(Trouble::broken_off)?);
        tokio::time::sleep(Duration::from_millis(actor.rng.u64(0..8))).await;
    }
    if body != pattern(0, 400_000) {
        return Err(Trouble::Wrong(format!("{} bytes came, and not those that were sent", body.len())));
    }
    actor.connection = Some(connection);
    Ok(())
}

/// What is no HTTP is refused, and the connection closed.
pub(super) async fn malformed(actor: &mut Actor) -> Result<(), Trouble> {
    let mut raw = actor.connect_raw().await?;
    let bytes = match actor.rng.u8(..4) {
        0 => "GET / HTTP/1.1\r\nhost: front.test\r\nno colon\r\n\r\n".to_owned(),
        1 => head(actor, "POST", "front", "/echo", "content-length: 3\r\ncontent-length: 4\r\n"),
        2 => head(actor, "POST", "front", "/up", "transfer-encoding: chunked\r\n") + "not a size\r\n",
        _ => "\u{16}\u{3}\u{1} a greeting of TLS\r\n\r\n".to_owned(),
    };
    raw.write(bytes).await;
    let Some(found) = raw.read_response(Bodyless::No).await else {
        return Ok(());
    };
    match found.status {
        400 => Ok(()),
        503 if found.head.contains("shutting_down") => Err(Trouble::ShuttingDown),
        _ => Err(Trouble::Wrong(format!("{}; expected 400", found.head))),
    }
}

/// Leaves in the way that some clients do: with an orderly end, or a reset.
fn leave(actor: &mut Actor, raw: Raw) {
    if actor.rng.bool() {
        raw.reset();
    }
}

pub(super) async fn left_in_head(actor: &mut Actor) -> Result<(), Trouble> {
    let mut raw = actor.connect_raw().await?;
    let bytes = head(actor, "GET", "front", "/hello?n=1", "");
    raw.write(&bytes[..actor.rng.usize(..bytes.len())]).await;
    pause(actor, 20).await;
    leave(actor, raw);
    Ok(())
}

pub(super) async fn left_in_body(actor: &mut Actor) -> Result<(), Trouble> {
    let mut raw = actor.connect_raw().await?;
    let act = ["/up", "/echo", "/invert", "/json"][actor.rng.usize(..4)];
    let chunked = actor.rng.bool();
    let length = actor.rng.usize(1..100_000);
    if chunked {
        raw.write(head(actor, "POST", "front", act, "transfer-encoding: chunked\r\n")).await;
        raw.write(format!("{length:x}\r\n")).await;
    } else {
        raw.write(head(actor, "POST", "front", act, "content-length: 100000\r\n")).await;
    }
    raw.write(pattern(0, actor.rng.usize(..length))).await;
    pause(actor, 20).await;
    leave(actor, raw);
    Ok(())
}

pub(super) async fn left_in_answer(actor: &mut Actor) -> Result<(), Trouble> {
    let mut raw = actor.connect_raw().await?;
    let path = match actor.rng.u8(..3) {
        0 => "/pass?to=/endless",
        1 => "/down?chunks=1000000&size=10000&wait=0",
        _ => "/down?chunks=1000000&size=10&wait=5",
    };
    raw.write(head(actor, "GET", "front", path, "")).await;
    for _ in 0..actor.rng.usize(..10) {
        if raw.skip().await == 0 {
            return Err(Trouble::BrokenOff("an endless answer ended".to_owned()));
        }
    }
    leave(actor, raw);
    Ok(())
}

/// Leaves before there is any answer: the worker waits for an upstream that never answers, or for a timer.
pub(super) async fn left_waiting(actor: &mut Actor) -> Result<(), Trouble> {
    let mut raw = actor.connect_raw().await?;
    let path = if actor.rng.bool() { "/pass?to=/never" } else { "/read?to=/slow/10000" };
    raw.write(head(actor, "GET", "front", path, "")).await;
    pause(actor, 60).await;
    leave(actor, raw);
    Ok(())
}

/// Leaves one stream of a connection, which goes on, or the connection with its stream.
pub(super) async fn left_stream(actor: &mut Actor) -> Result<(), Trouble> {
    let protocol = any_protocol(actor);
    let mut connection = Connection::try_to(actor.state.address, protocol).await.map_err(Trouble::no_answer)?;
    let endless = actor.request(Ask::get("front", "/down?chunks=1000000&size=5000&wait=0"), protocol);
    let mut streaming = connection.try_open(endless).await.map_err(Trouble::no_answer)?;
    for _ in 0..actor.rng.usize(..5) {
        if let Some(Err(error)) = streaming.chunk().await {
            return Err(Trouble::broken_off(error));
        }
    }
    drop(streaming);
    let Some(mut shared) = connection.share() else { return Ok(()) };
    let version = actor.state.version;
    let request = actor.request(Ask::get("front", "/hello?n=1"), protocol);
    let next = shared.try_open(request).await.map_err(Trouble::no_answer)?;
    let found = actor.known(next.try_collect().await.map_err(Trouble::broken_off)?)?;
    super::super::actor::expect(&found, format!("hello {version} 1"))
}

async fn pause(actor: &mut Actor, ms_max: u64) {
    tokio::time::sleep(Duration::from_millis(actor.rng.u64(..ms_max))).await;
}
