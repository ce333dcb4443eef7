//! Connections that live on the thread of their worker's instance, where a request costs no message. A connection moves
//! there with its first request, if that is an ordinary one. Requests and answers that are not ordinary are hyper's,
//! on the same thread; a request for another worker, or an instance that is busy or ends, sends the connection back.

mod berth;
mod head;
mod input;
mod output;

use std::future::{Future, poll_fn};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{Method, Request, Response};
use parking_lot::Mutex;
use tokio::io::unix::AsyncFd;
use worky_dispatch::Residence;
use worky_engine::local::{Begun, LocalCall, LocalInstance, Reply};
use worky_engine::{CallError, FetchEvent};
use worky_host::{Body, InvocationContext, TraceContext};

use super::io::Io;
use super::{Command, Connection, Pulse, Watched};
use crate::access::Exchange;
use crate::config::ErrorDetail;
use crate::errors::Reader;
use crate::request;
use crate::response::{self, Asked, ResponseBody};
use crate::service::{self, ByMessage, Caller};

use berth::{Berth, Cargo, Moving};
use head::{LastHost, Look, Ordinary, RawHead};
use input::Input;
use output::After;

/// A body of at most this size is read before its worker is called; larger ones are hyper's.
const BODY_BYTES_MAX: u64 = 64 << 10;

/// How long such a body may take to come in.
const BODY_TIME: Duration = Duration::from_secs(1);

/// Answers to pipelined requests are sent together, up to about this size.
const OUT_BYTES_MAX: usize = 64 << 10;

/// What an idle connection keeps of a buffer that has grown.
const OUT_BYTES_KEPT: usize = 16 << 10;

/// Whether a connection with these first bytes may move, and to whom. `None` where more bytes are needed to tell.
pub(super) fn destination(input: &[u8], connection: &Connection) -> Option<Option<Residence>> {
    let shared = &connection.shared;
    let found = match head::look(input, &shared.config) {
        Look::Partial => return None,
        Look::Other => return Some(None),
        Look::Ordinary(found) => found,
    };
    let residence = || {
        let host = request::parse_host(&input[found.host.clone()])?;
        let target = PathAndQuery::try_from(&input[found.target.clone()]).ok()?;
        let worker = shared.router.route(host.host(), target.path())?;
        shared.dispatcher.residence(worker).filter(Residence::has_threads)
    };
    Some(residence())
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

/// A connection at home with an instance.
struct Resident {
    socket: AsyncFd<Arc<TcpStream>>,
    connection: Arc<Connection>,
    home: Rc<Home>,
    berth: Arc<Berth>,
    input: Input,
    out: Vec<u8>,
    last_host: LastHost,
    after: After,
}

/// Where it lives.
struct Home {
    residence: Residence,
    instance: Rc<dyn LocalInstance>,
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

impl Resident {
    async fn live(
        cargo: Cargo,
        connection: Arc<Connection>,
        residence: Residence,
        berth: Arc<Berth>,
        instance: Rc<dyn LocalInstance>,
    ) {
        let Cargo { stream, input, watched } = cargo;
        let stream = Arc::new(stream);
        berth.settle(&stream);
        #[expect(deprecated, reason = "what replaces it is unsafe, for types whose descriptor may change under it")]
        let socket = match AsyncFd::new(stream) {
            Ok(socket) => socket,
            Err(error) => return tracing::warn!(%error, "a connection could not move to its worker's thread"),
        };
        let mut resident = Resident {
            socket,
            connection,
            home: Rc::new(Home { residence, instance }),
            berth,
            input: Input::new(input),
            out: Vec::new(),
            last_host: LastHost::default(),
            after: After::KeepAlive,
        };
        let exit = resident.serve().await;
        let Resident { socket, connection, home, input, .. } = resident;
        let stream = Arc::into_inner(socket.into_inner());
        match (exit, stream) {
            (Exit::Closed | Exit::Taken, _) | (_, None) => {}
            (Exit::Away, Some(stream)) => berth::go_back(stream, input.into_bytes(), connection.origin.clone()),
            (Exit::Elsewhere, Some(stream)) => {
                let mut origin = connection.origin.clone();
                origin.changes = origin.changes.saturating_add(1);
                berth::go_back(stream, input.into_bytes(), origin);
            }
            (Exit::Hyper(prepared), Some(stream)) => {
                let Ok(stream) = tokio::net::TcpStream::from_std(stream) else { return };
                let io = Io::with_first_bytes(stream, Arc::clone(&connection.pulse), &input.into_bytes());
                super::serve_http1(io, connection, home, prepared).await;
            }
        }
        drop(watched);
    }

    /// Serves requests until there is a reason to stop.
    async fn serve(&mut self) -> Exit {
        self.connection.pulse.speaks_http1();
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
            if let Err(exit) = self.answer(found).await {
                return self.leave(exit).await;
            }
            if self.after == After::Close {
                return self.close().await;
            }
            if self.out.len() > OUT_BYTES_MAX && !self.flush().await {
                return Exit::Closed;
            }
        }
    }

    /// Answers the request that is first in the input, whose bytes stay there where it is not this one's to answer.
    async fn answer(&mut self, found: Ordinary) -> Result<(), Exit> {
        let connection = Arc::clone(&self.connection);
        let home = Rc::clone(&self.home);
        let bytes = self.input.bytes();
        let Some(host) = self.last_host.read(&bytes[found.host.clone()]) else { return Err(Exit::Hyper(None)) };
        let head = Bytes::copy_from_slice(&bytes[..found.head_bytes]);
        let Ok(target) = PathAndQuery::from_maybe_shared(head.slice(found.target.clone())) else {
            return Err(Exit::Hyper(None));
        };
        let worker = home.residence.worker();
        match connection.shared.router.route(host.host(), target.path()) {
            Some(routed) if routed == worker => {}
            Some(_) => return Err(Exit::Elsewhere),
            None => return Err(Exit::Hyper(None)),
        }
        if self.berth.is_to_go_away() || !home.instance.is_serving() {
            return Err(Exit::Away);
        }
        let limits = home.residence.limits();
        if found.body_bytes > BODY_BYTES_MAX.min(limits.request_body_bytes) {
            return Err(Exit::Hyper(None));
        }
        let whole = found.head_bytes + found.body_bytes as usize;
        if self.input.bytes().len() < whole {
            self.receive_body(whole).await?;
        }
        let body = Bytes::copy_from_slice(&self.input.bytes()[found.head_bytes..whole]);
        let request_id = request::request_id(found.request_id.map(|at| &head[at]));
        let trace = found.trace.and_then(|at| request::parse_trace(&head[at])).unwrap_or_else(TraceContext::root);
        let now = Instant::now();
        let asked = if found.method == Method::HEAD { Asked::HeadOnly } else { Asked::Everything };
        let (method, line) = (found.method.clone(), target.clone());
        let mut exchange = Exchange::begin(Arc::clone(&connection), method, Some(line), request_id.clone(), now);
        exchange.worker = Some(Arc::clone(worker));
        let context = InvocationContext::new(request_id.clone(), trace, limits.invocation());
        let call = LocalCall {
            head: Box::new(RawHead {
                bytes: head,
                method: found.method,
                target,
                request_id,
                trace,
                connection: Arc::clone(&connection),
                parts: None,
            }),
            body: Body::full(body),
            context,
        };
        let begun = home.residence.call(&*home.instance, call, now.into());
        let reply = match begun {
            Begun::Done(reply) => reply,
            Begun::Refused(_) => {
                exchange.withdraw();
                return Err(Exit::Away);
            }
            Begun::Pending(answer) => {
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
            Ok(Reply::Text { text, content_type }) => {
                let request_id = exchange.request_id.clone();
                output::write_text(&mut self.out, &text, content_type.as_ref(), request_id.as_str(), how);
                exchange.status = Some(http::StatusCode::OK);
                exchange.sent_bytes = if asked == Asked::Everything { text.len() as u64 } else { 0 };
                return None;
            }
            Ok(Reply::Response(response)) => service::checked(response),
            Err(error) => Err(error),
        };
        let response = response.unwrap_or_else(|error| {
            let reader = self.reader();
            service::refuse(&error.into(), &mut exchange, reader)
        });
        let response = response::finish(response, asked, exchange);
        let Some(bytes) = response.body().as_bytes() else { return Some(Box::new(response)) };
        output::write_whole(&mut self.out, &response, bytes, how);
        let sent = bytes.len() as u64;
        response.into_body().sent_whole(sent);
        None
    }

    /// Reads until `whole` bytes are there. A body that takes its time is hyper's, which keeps the time.
    async fn receive_body(&mut self, whole: usize) -> Result<(), Exit> {
        if !self.out.is_empty() && !self.flush().await {
            return Err(Exit::Closed);
        }
        let all = async {
            while self.input.bytes().len() < whole {
                self.receive(whole).await?;
            }
            Ok(())
        };
        tokio::time::timeout(BODY_TIME, all).await.unwrap_or(Err(Exit::Hyper(None)))
    }

    /// Reads once. Before the first byte of a request the connection is anybody's who takes it.
    async fn receive(&mut self, whole: usize) -> Result<(), Exit> {
        let mut waiting = self.input.is_empty();
        if waiting {
            self.input.shrink();
            self.out.shrink_to(OUT_BYTES_KEPT);
            if !self.berth.begin_waiting() {
                return Err(Exit::Away);
            }
        }
        let Resident { socket, connection, berth, input, .. } = self;
        let pulse = &connection.pulse;
        poll_fn(|cx| {
            pulse.register(cx.waker());
            if pulse.take_command().is_some() {
                // Nothing of a request has come, or not the whole of it.
                return Poll::Ready(Err(if !waiting || berth.end_waiting() { Exit::Closed } else { Exit::Taken }));
            }
            loop {
                let Poll::Ready(ready) = socket.poll_read_ready(cx) else {
                    pulse.waits_for_bytes();
                    let taken = waiting && berth.is_taken();
                    return if taken { Poll::Ready(Err(Exit::Taken)) } else { Poll::Pending };
                };
                let Ok(mut ready) = ready else { return Poll::Ready(Err(Exit::Closed)) };
                if waiting && !berth.end_waiting() {
                    return Poll::Ready(Err(Exit::Taken));
                }
                let room = input.room(whole);
                let size = room.len();
                match ready.try_io(|socket| (&**socket.get_ref()).read(room)) {
                    Ok(Ok(count)) if count > 0 => {
                        if count < size {
                            ready.clear_ready();
                        }
                        input.filled(count);
                        pulse.read(count);
                        return Poll::Ready(Ok(()));
                    }
                    Ok(_) => return Poll::Ready(Err(Exit::Closed)),
                    Err(_would_block) if waiting && !berth.begin_waiting() => return Poll::Ready(Err(Exit::Away)),
                    Err(_would_block) => {}
                }
                waiting = input.is_empty();
            }
        })
        .await
    }

    /// Sends all of the output; false where nobody takes it.
    async fn flush(&mut self) -> bool {
        let Resident { socket, connection, out, .. } = self;
        let pulse = &connection.pulse;
        let mut sent = 0;
        let done = poll_fn(|cx| {
            while sent < out.len() {
                let Poll::Ready(ready) = socket.poll_write_ready(cx) else {
                    pulse.register(cx.waker());
                    pulse.write_blocked();
                    // Only a cut ends what is being sent; a close waits for it.
                    match pulse.take_command() {
                        Some(Command::Cut) => return Poll::Ready(false),
                        Some(Command::Close) => self.after = After::Close,
                        None => {}
                    }
                    return Poll::Pending;
                };
                let Ok(mut ready) = ready else { return Poll::Ready(false) };
                match ready.try_io(|socket| (&**socket.get_ref()).write(&out[sent..])) {
                    Ok(Ok(count)) => {
                        sent += count;
                        pulse.wrote();
                    }
                    Ok(Err(_)) => return Poll::Ready(false),
                    Err(_would_block) => {}
                }
            }
            Poll::Ready(true)
        })
        .await;
        out.clear();
        done
    }

    /// Waits for the guest, for as long as the client does.
    async fn wait_for<T>(&mut self, answer: Pin<Box<dyn Future<Output = T>>>) -> Result<T, Exit> {
        let Resident { socket, connection, after, .. } = self;
        let pulse = &connection.pulse;
        let mut answer = answer;
        let mut client = Client::Silent;
        poll_fn(|cx| {
            if let Poll::Ready(answer) = answer.as_mut().poll(cx) {
                return Poll::Ready(Ok(answer));
            }
            pulse.register(cx.waker());
            match pulse.take_command() {
                Some(Command::Cut) => return Poll::Ready(Err(Exit::Closed)),
                Some(Command::Close) => *after = After::Close,
                None => {}
            }
            // One that has sent its next request already is asked now and then.
            if client == Client::Silent || pulse.take_probe() {
                client = ready!(poll_client(socket, cx, pulse));
            }
            if client == Client::Gone { Poll::Ready(Err(Exit::Closed)) } else { Poll::Pending }
        })
        .await
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

/// What the client does while it is to wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Client {
    Silent,
    /// There are bytes of its next request, behind which nothing is seen.
    Speaking,
    Gone,
}

fn poll_client(socket: &AsyncFd<Arc<TcpStream>>, cx: &mut Context<'_>, pulse: &Pulse) -> Poll<Client> {
    loop {
        let Poll::Ready(ready) = socket.poll_read_ready(cx) else {
            pulse.waits_for_bytes();
            return Poll::Pending;
        };
        let Ok(mut ready) = ready else { return Poll::Ready(Client::Gone) };
        if ready.ready().is_read_closed() {
            return Poll::Ready(Client::Gone);
        }
        match ready.try_io(|socket| socket.get_ref().peek(&mut [0])) {
            Ok(Ok(0) | Err(_)) => return Poll::Ready(Client::Gone),
            Ok(Ok(_)) => {
                pulse.read(0);
                return Poll::Ready(Client::Speaking);
            }
            Err(_would_block) => {}
        }
    }
}

/// Requests that hyper has read.
impl Caller for Rc<Home> {
    async fn call(
        &self,
        connection: &Connection,
        worker: &Arc<str>,
        event: FetchEvent,
    ) -> Result<Response<Body>, CallError> {
        let Home { residence, instance } = &**self;
        if worker != residence.worker() || !instance.is_serving() {
            return ByMessage.call(connection, worker, event).await;
        }
        let FetchEvent { request, context } = event;
        let (parts, body) = request.into_parts();
        let call = LocalCall { head: Box::new(parts), body, context };
        match residence.call(&**instance, call, Instant::now().into()) {
            Begun::Done(reply) => reply.map(Reply::into_response),
            Begun::Pending(answer) => answer.await.map(Reply::into_response),
            Begun::Refused(LocalCall { mut head, body, context }) => {
                let request = Request::from_parts(head.parts().clone(), body);
                ByMessage.call(connection, worker, FetchEvent { request, context }).await
            }
        }
    }
}
