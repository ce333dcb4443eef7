//! A client: what it remembers, and how it asks and checks.

use std::sync::Arc;

use bytes::Bytes;
use fastrand::Rng;
use http::Request;

use crate::client::{Connection, Protocol, RequestBody, Streaming, full};
use crate::{Answer, raw};

use super::ledger::Ledger;
use super::site::State;
use super::trouble::Trouble;
use super::world::World;

/// One client while it does one thing.
pub(crate) struct Actor {
    pub(crate) id: usize,
    pub(crate) world: Arc<World>,
    pub(crate) ledger: Arc<Ledger>,
    /// For this thing alone, so that what came of others does not change it.
    pub(crate) rng: Rng,
    pub(crate) state: State,
    /// The kind of thing, and how many were done before: together with the client they name each request.
    pub(crate) kind: &'static str,
    pub(crate) count: u64,
    pub(crate) protocol: Protocol,
    /// Kept from one thing to the next, and only after an exchange that ended well.
    pub(crate) connection: Option<Connection>,
}

/// What is asked of whom.
pub(crate) struct Ask {
    host: String,
    method: &'static str,
    path: String,
    body: RequestBody,
}

impl Ask {
    pub(crate) fn get(host: &str, path: impl Into<String>) -> Self {
        Ask { host: host.to_owned(), method: "GET", path: path.into(), body: full("") }
    }

    pub(crate) fn post(host: &str, path: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Ask { host: host.to_owned(), method: "POST", path: path.into(), body: full(body) }
    }

    pub(crate) fn streaming(host: &str, path: impl Into<String>, body: RequestBody) -> Self {
        Ask { host: host.to_owned(), method: "POST", path: path.into(), body }
    }
}

impl Actor {
    /// One exchange on the client's connection.
    pub(crate) async fn ask(&mut self, ask: Ask) -> Result<Answer, Trouble> {
        let (connection, streaming) = self.open(ask).await?;
        let answer = streaming.try_collect().await.map_err(Trouble::broken_off)?;
        self.connection = Some(connection);
        self.known(answer)
    }

    /// The head of an answer. The connection goes to whoever reads the body.
    pub(crate) async fn open(&mut self, ask: Ask) -> Result<(Connection, Streaming), Trouble> {
        let mut connection = match self.connection.take() {
            Some(kept) if !kept.is_closed() => kept,
            _ => self.connect().await?,
        };
        let request = self.request(ask, self.protocol);
        let streaming = connection.try_open(request).await.map_err(Trouble::no_answer)?;
        Ok((connection, streaming))
    }

    pub(crate) async fn connect(&self) -> Result<Connection, Trouble> {
        Connection::try_to(self.state.address, self.protocol).await.map_err(Trouble::no_answer)
    }

    pub(crate) async fn connect_raw(&self) -> Result<raw::Raw, Trouble> {
        raw::Raw::try_connect(self.state.address).await.map_err(Trouble::no_answer)
    }

    pub(crate) fn request(&self, ask: Ask, protocol: Protocol) -> Request<RequestBody> {
        let Ask { host, method, path, body } = ask;
        // In HTTP/2 the host is a part of the target.
        let target = if protocol == Protocol::Http2 { format!("http://{host}.test{path}") } else { path };
        let request = Request::builder().method(method).uri(target).header("host", format!("{host}.test"));
        request.header("x-request-id", self.request_id()).body(body).expect("a valid request")
    }

    /// Tells the kind of thing in the log of the program.
    pub(crate) fn request_id(&self) -> String {
        format!("{}.{}.{}", self.kind, self.id, self.count)
    }

    /// The answer, if it is one to this very request and not the news that the server is going.
    pub(crate) fn known(&self, answer: Answer) -> Result<Answer, Trouble> {
        if answer.header("worky-error") == "shutting_down" {
            return Err(Trouble::ShuttingDown);
        }
        if answer.header("x-request-id") != self.request_id() {
            let other = format!("the answer to {:?}: {}", answer.header("x-request-id"), shown(&answer));
            return Err(Trouble::Wrong(other));
        }
        Ok(answer)
    }
}

/// The answer if it is a success with this body.
pub(crate) fn expect(answer: &Answer, body: impl AsRef<[u8]>) -> Result<(), Trouble> {
    let body = body.as_ref();
    if answer.status == 200 && answer.body == body {
        return Ok(());
    }
    let expected = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
    Err(Trouble::Wrong(format!("{}; expected {} bytes: {expected}", shown(answer), body.len())))
}

/// One of worky's own errors: a status and a code.
pub(crate) fn expect_error(answer: &Answer, allowed: &[(u16, &str)]) -> Result<(), Trouble> {
    let found = (answer.status.as_u16(), answer.header("worky-error"));
    // An overload says when to try again.
    let retry = found.1 != "overloaded" || !answer.header("retry-after").is_empty();
    if allowed.contains(&found) && retry {
        return Ok(());
    }
    Err(Trouble::Wrong(format!("{}; expected one of {allowed:?}", shown(answer))))
}

pub(crate) fn wrong(answer: &Answer, expected: &str) -> Trouble {
    Trouble::Wrong(format!("{}; expected {expected}", shown(answer)))
}

fn shown(answer: &Answer) -> String {
    let body = String::from_utf8_lossy(&answer.body[..answer.body.len().min(160)]).into_owned();
    format!("{} with {} bytes: {body}", answer.status, answer.body.len())
}
