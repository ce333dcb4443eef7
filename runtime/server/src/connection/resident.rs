//! Ordinary requests and ordinary answers, read and written without hyper. Whatever is out of the ordinary is hyper's.
//!
//! A connection moves to the thread of its worker's instance with its first request, where a request costs no message.
//! A request for another worker, or an instance that is busy or ends, sends it back to the server's threads. What
//! cannot move, because its worker has no threads or the instance is busy, is served there by the same loop.

mod berth;
mod head;
mod host;
mod input;
mod output;
mod socket;

use std::io;
use std::net::{Shutdown, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;
use std::time::Instant;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{Method, Response};
use parking_lot::Mutex;
use tokio::io::unix::AsyncFd;
use worky_dispatch::Residence;
use worky_engine::CallError;
use worky_engine::local::{LocalInstance, Reply};
use worky_host::{Body, InvocationContext, TraceContext};

use super::io::Io;
use super::{Command, Connection, Watched};
use crate::access::Exchange;
use crate::config::ErrorDetail;
use crate::errors::Reader;
use crate::live_reload::{LiveReload, is_navigation};
use crate::request;
use crate::response::{self, Asked, ResponseBody};
use crate::service::{self, ByMessage};

use berth::{Berth, Cargo, Moving};
use head::{LastHost, Look, Ordinary, RawHead};
use host::{Answer, Call, Home, Host};
use input::Input;
use output::After;

/// A body of at most this size is read before its worker is called; larger ones are hyper's.
const BODY_BYTES_MAX: u64 = 64 << 10;

/// Answers to pipelined requests are sent together, up to about this size.
const OUT_BYTES_MAX: usize = 64 << 10;

/// What the first bytes of a connection say.
pub(super) enum Arrival {
    /// More of them are needed to tell.
    Unclear,
    Ordinary(Destination),
    Other,
}

/// Where a connection may move with an ordinary request.
pub(super) enum Destination {
    Nowhere,
    /// Nowhere yet: a file is the answer, which needs no instance. The next request may be for one.
    NowhereYet,
    Instance(Residence),
}

pub(super) fn destination(input: &[u8], connection: &Connection) -> Arrival {
    let shared = &connection.shared;
    let found = match head::look(input, &shared.config) {
        Look::Partial => return Arrival::Unclear,
        Look::Other => return Arrival::Other,
        Look::Ordinary(found) => found,
    };
    Arrival::Ordinary(destination_of(&found, input, connection))
}

/// Where the request may be answered whose head is at the beginning of `input`.
fn destination_of(found: &Ordinary, input: &[u8], connection: &Connection) -> Destination {
    let shared = &connection.shared;
    let residence = || {
        let host = request::parse_host(&input[found.host.clone()])?;
        let target = PathAndQuery::try_from(&input[found.target.clone()]).ok()?;
        let router = shared.router.load();
        let worker = router.route(host.host(), target.path())?;
        let residence = shared.dispatcher.residence(worker).filter(Residence::has_threads)?;
        let head = || head::parts(input, found.method.clone(), host, target);
        Some(if residence.has_file_for(head) { Destination::NowhereYet } else { Destination::Instance(residence) })
    };
    residence().unwrap_or(Destination::Nowhere)
}

/// Moves a connection to an instance of a worker, or gives it back.
pub(super) async fn move_in(
    stream: TcpStream,
    input: Vec<u8>,
    watched: Watched,
    connection: Arc<Connection>,
    residence: Residence,
) -> Option<(TcpStream, Vec<u8>, Watched)> {
    let cargo = Arc::new(Mutex::new(Some(Cargo { stream, input, watched })));
    let moving = Moving::new(Arc::clone(&cargo), connection, residence.clone());
    match residence.host(Box::new(moving)).await {
        Ok(()) => None,
        Err(_refused) => cargo.lock().take().map(|cargo| (cargo.stream, cargo.input, cargo.watched)),
    }
}

/// A connection whose ordinary requests are answered here.
struct Resident<H> {
    socket: AsyncFd<Arc<TcpStream>>,
    connection: Arc<Connection>,
    host: H,
    /// Whether the connection looks for another place after each answer.
    stay: Stay,
    berth: Arc<Berth>,
    input: Input,
    out: Vec<u8>,
    last_host: LastHost,
    after: After,
    /// The task that is woken for commands.
    task: Option<Waker>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stay {
    /// Until there is a reason to leave.
    Long,
    /// For as long as files are asked for.
    ForFiles,
    /// For one request.
    Short,
}

/// Why the loop of a connection ends.
enum Exit {
    /// There is nothing left to do, or nobody to do it for.
    Closed,
    /// Another thread has it.
    Taken,
    /// It goes back, with what it has sent: the instance takes no calls any more, or is busy.
    Away,
    /// It goes back, with a request for another worker.
    Elsewhere,
    /// What it has sent, or the answer to it, is for hyper.
    Hyper(Option<Box<Response<ResponseBody>>>),
}

/// Lives with an instance, on its thread, and goes on elsewhere afterwards.
async fn live(
    cargo: Cargo,
    connection: Arc<Connection>,
    residence: Residence,
    berth: Arc<Berth>,
    instance: Rc<dyn LocalInstance>,
) {
    let Cargo { stream, input, watched } = cargo;
    let home = Rc::new(Home { residence, instance });
    let settled = Resident::settle(stream, input, Arc::clone(&connection), berth, Rc::clone(&home), Stay::Long);
    let Ok(mut resident) = settled else { return };
    let exit = resident.serve().await;
    let Some((stream, input)) = resident.into_parts() else { return };
    match exit {
        Exit::Closed | Exit::Taken => {}
        Exit::Away => berth::go_back(stream, input, connection.origin.clone()),
        Exit::Elsewhere => {
            let mut origin = connection.origin.clone();
            origin.changes = origin.changes.saturating_add(1);
            berth::go_back(stream, input, origin);
        }
        Exit::Hyper(prepared) => {
            if let Some(io) = hypers(stream, &input, &connection).await {
                super::serve_http1(io, connection, home, prepared).await;
            }
        }
    }
    drop(watched);
}

/// Serves a connection on the server's own threads. Answers it where it is to look for another place.
pub(super) async fn serve_by_message(
    stream: TcpStream,
    input: Vec<u8>,
    connection: &Arc<Connection>,
    stay: Stay,
) -> Option<(TcpStream, Vec<u8>)> {
    let berth = Arc::new(Berth::new(Arc::clone(connection)));
    let mut resident = Resident::settle(stream, input, Arc::clone(connection), berth, ByMessage, stay).ok()?;
    let exit = resident.serve().await;
    let (stream, input) = resident.into_parts()?;
    match exit {
        Exit::Closed | Exit::Taken => None,
        Exit::Away | Exit::Elsewhere => Some((stream, input)),
        Exit::Hyper(prepared) => {
            let io = hypers(stream, &input, connection).await?;
            super::serve_http1(io, Arc::clone(connection), ByMessage, prepared).await;
            None
        }
    }
}

/// The socket as hyper takes it over.
async fn hypers(stream: TcpStream, input: &[u8], connection: &Connection) -> Option<Io> {
    let stream = tokio::net::TcpStream::from_std(stream).ok()?;
    // Until the event loop has said so nothing can be written, and a body that fails would take along what was to be
    // written before that.
    stream.writable().await.ok()?;
    Some(Io::with_first_bytes(stream, Arc::clone(&connection.pulse), input))
}

impl<H: Host> Resident<H> {
    fn settle(
        stream: TcpStream,
        input: Vec<u8>,
        connection: Arc<Connection>,
        berth: Arc<Berth>,
        host: H,
        stay: Stay,
    ) -> io::Result<Self> {
        let stream = Arc::new(stream);
        berth.settle(&stream);
        #[expect(deprecated, reason = "what replaces it is unsafe, for types whose descriptor may change under it")]
        let socket = AsyncFd::new(stream)
            .inspect_err(|error| tracing::warn!(%error, "a connection could not be watched for requests"))?;
        connection.pulse.speaks_http1();
        Ok(Resident {
            socket,
            connection,
            host,
            stay,
            berth,
            input: Input::new(input),
            out: Vec::new(),
            last_host: LastHost::default(),
            after: After::KeepAlive,
            task: None,
        })
    }

    /// The socket, and what was read and not served.
    fn into_parts(self) -> Option<(TcpStream, Vec<u8>)> {
        // Somebody may be looking whether it can be taken.
        let stream = Arc::try_unwrap(self.socket.into_inner()).or_else(|held| held.try_clone());
        let stream = stream.inspect_err(|error| tracing::warn!(%error, "a connection could not move on")).ok()?;
        Some((stream, self.input.into_bytes()))
    }

    /// Serves requests until there is a reason to stop.
    async fn serve(&mut self) -> Exit {
        loop {
            let found = match head::look(self.input.bytes(), &self.connection.shared.config) {
                Look::Ordinary(found) => found,
                Look::Other => return self.leave(Exit::Hyper(None)).await,
                Look::Partial => {
                    if self.out.is_empty() || self.flush().await {
                        match self.receive(0).await {
                            Ok(()) => continue,
                            Err(exit) => return exit,
                        }
                    }
                    return Exit::Closed;
                }
            };
            if self.stay == Stay::ForFiles && !self.is_for_file(&found) {
                return self.leave(Exit::Away).await;
            }
            if let Err(exit) = self.answer(found).await {
                return self.leave(exit).await;
            }
            if self.after == After::Close {
                return self.close().await;
            }
            if self.stay == Stay::Short {
                return self.leave(Exit::Away).await;
            }
            if self.out.len() > OUT_BYTES_MAX && !self.flush().await {
                return Exit::Closed;
            }
        }
    }

    fn is_for_file(&self, found: &Ordinary) -> bool {
        matches!(destination_of(found, self.input.bytes(), &self.connection), Destination::NowhereYet)
    }

    /// Answers the request that is first in the input, whose bytes stay there where it is not this one's to answer.
    async fn answer(&mut self, found: Ordinary) -> Result<(), Exit> {
        let connection = Arc::clone(&self.connection);
        let bytes = self.input.bytes();
        let Some(host) = self.last_host.read(&bytes[found.host.clone()]) else { return Err(Exit::Hyper(None)) };
        let head = Bytes::copy_from_slice(&bytes[..found.head_bytes]);
        let Ok(target) = PathAndQuery::from_maybe_shared(head.slice(found.target.clone())) else {
            return Err(Exit::Hyper(None));
        };
        let Some(worker) = connection.shared.router.load().route(host, target.path()).cloned() else {
            return Err(Exit::Hyper(None));
        };
        if connection.shared.live_reload.is_some() && LiveReload::is_own(target.path()) {
            return Err(Exit::Hyper(None));
        }
        // It may be for a browser, which sees that instead.
        if connection.shared.trouble().is_some() {
            return Err(Exit::Hyper(None));
        }
        if self.berth.is_to_go_away() {
            return Err(Exit::Away);
        }
        let limits = self.host.limits(&connection, &worker)?;
        if found.body_bytes > BODY_BYTES_MAX.min(limits.request_body_bytes) {
            return Err(Exit::Hyper(None));
        }
        let whole = found.head_bytes + found.body_bytes as usize;
        if self.input.bytes().len() < whole {
            self.receive_body(whole).await?;
        }
        let body = match &self.input.bytes()[found.head_bytes..whole] {
            [] => Body::empty(),
            bytes => Body::full(Bytes::copy_from_slice(bytes)),
        };
        let request_id = request::request_id(found.request_id.map(|at| &head[at]));
        let trace = found.trace.and_then(|at| request::parse_trace(&head[at])).unwrap_or_else(TraceContext::root);
        let now = Instant::now();
        let asked = if found.method == Method::HEAD { Asked::HeadOnly } else { Asked::Everything };
        let (method, line) = (found.method.clone(), target.clone());
        let mut exchange = Exchange::begin(Arc::clone(&connection), method, Some(line), request_id.clone(), now);
        exchange.worker = Some(Arc::clone(&worker));
        let context = InvocationContext::new(request_id.clone(), trace, limits.invocation());
        exchange.context = Some(context.clone());
        let head = RawHead {
            bytes: head,
            method: found.method,
            target,
            request_id,
            trace,
            connection: Arc::clone(&connection),
            parts: None,
        };
        let call = Call { head, body, context };
        let reply = match self.host.ask(&connection, &worker, call, now) {
            Answer::Now(reply) => reply,
            Answer::Refused => {
                exchange.withdraw();
                return Err(Exit::Away);
            }
            Answer::Later(answer) => {
                // What is answered already need not wait for this one.
                if !self.out.is_empty() && !self.flush().await {
                    return Err(Exit::Closed);
                }
                self.wait_for(answer).await?
            }
        };
        self.take_command()?;
        self.put(reply, exchange, asked, now).map_or(Ok(()), |streamed| Err(Exit::Hyper(Some(streamed))))?;
        self.input.consume(whole);
        Ok(())
    }

    /// Writes an answer to the output, or gives one back that streams.
    fn put(
        &mut self,
        reply: Result<Reply, CallError>,
        mut exchange: Exchange,
        asked: Asked,
        now: Instant,
    ) -> Option<Box<Response<ResponseBody>>> {
        let how = (asked, self.after, now);
        let response = match reply {
            Ok(Reply::Text { text, content_type }) if self.connection.shared.live_reload.is_none() => {
                output::write_text(&mut self.out, &text, content_type.as_ref(), &exchange.request_id, how);
                exchange.status = Some(http::StatusCode::OK);
                exchange.sent_bytes = if asked == Asked::Everything { text.len() as u64 } else { 0 };
                return None;
            }
            Ok(reply) => service::checked(reply.into_response()),
            Err(error) => Err(error),
        };
        let response = response.unwrap_or_else(|error| {
            let reader = self.reader();
            service::refuse(&error.into(), &mut exchange, reader)
        });
        let response = match &self.connection.shared.live_reload {
            Some(live) => {
                let navigated = asked == Asked::Everything && is_navigation(&head::fields(self.input.bytes()));
                live.with_script(response, navigated)
            }
            None => response,
        };
        let response = response::finish(response, asked, exchange);
        let Some(bytes) = response.body().as_bytes() else { return Some(Box::new(response)) };
        output::write_whole(&mut self.out, &response, bytes, how);
        let sent = bytes.len() as u64;
        response.into_body().sent_whole(sent);
        None
    }

    fn take_command(&mut self) -> Result<(), Exit> {
        match self.connection.pulse.take_command() {
            Some(Command::Cut) => return Err(Exit::Closed),
            Some(Command::Close) => self.after = After::Close,
            None => {}
        }
        Ok(())
    }

    /// What the client of the request that is first in the input would rather read.
    fn reader(&self) -> Reader {
        let detail = self.connection.shared.error_detail;
        match detail {
            ErrorDetail::Production => Reader::Program,
            ErrorDetail::Development => service::reader(detail, &head::fields(self.input.bytes())),
        }
    }

    /// Before it lives elsewhere, what is answered is sent.
    async fn leave(&mut self, exit: Exit) -> Exit {
        if matches!(exit, Exit::Closed | Exit::Taken) || self.flush().await { exit } else { Exit::Closed }
    }

    async fn close(&mut self) -> Exit {
        if self.flush().await {
            // The other side may be gone.
            let _ = self.socket.get_ref().shutdown(Shutdown::Write);
        }
        Exit::Closed
    }
}
