//! Whom requests go to: an instance on this thread, or any worker by message.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::BoxFuture;
use http::{Request, Response};
use worky_dispatch::Residence;
use worky_engine::local::{Begun, LocalCall, LocalInstance, Reply};
use worky_engine::{CallError, FetchEvent, Invocation, Limits, Outcome};
use worky_host::{Body, InvocationContext};

use super::Exit;
use super::head::RawHead;
use crate::connection::Connection;
use crate::service::{ByMessage, Caller};

/// Whom requests go to.
pub(super) trait Host {
    type Later: Future<Output = Result<Reply, CallError>> + Unpin;

    /// The limits of a worker whose requests can be answered here.
    fn limits(&self, connection: &Connection, worker: &Arc<str>) -> Result<Arc<Limits>, Exit>;

    fn ask(&self, connection: &Connection, worker: &Arc<str>, call: Call, now: Instant) -> Answer<Self::Later>;
}

/// A request on its way to a worker.
pub(super) struct Call {
    pub(super) head: RawHead,
    pub(super) body: Body,
    pub(super) context: InvocationContext,
}

/// What a host makes of a call at once.
pub(super) enum Answer<L> {
    Now(Result<Reply, CallError>),
    Later(L),
    /// Not here any more.
    Refused,
}

/// On the thread of an instance.
pub(super) struct Home {
    pub(super) residence: Residence,
    pub(super) instance: Rc<dyn LocalInstance>,
}

impl Host for Rc<Home> {
    type Later = Pin<Box<dyn Future<Output = Result<Reply, CallError>>>>;

    fn limits(&self, _: &Connection, worker: &Arc<str>) -> Result<Arc<Limits>, Exit> {
        if worker != self.residence.worker() {
            return Err(Exit::Elsewhere);
        }
        if self.instance.is_serving() { Ok(Arc::clone(self.residence.limits())) } else { Err(Exit::Away) }
    }

    fn ask(&self, _: &Connection, _: &Arc<str>, call: Call, now: Instant) -> Answer<Self::Later> {
        let Call { head, body, context } = call;
        let call = LocalCall { head: Box::new(head), body, context, now };
        match self.residence.call(&*self.instance, call) {
            Begun::Done(reply) => Answer::Now(reply),
            Begun::Pending(answer) => Answer::Later(answer),
            Begun::Refused(_) => Answer::Refused,
        }
    }
}

impl Host for ByMessage {
    type Later = BoxFuture<'static, Result<Reply, CallError>>;

    fn limits(&self, connection: &Connection, worker: &Arc<str>) -> Result<Arc<Limits>, Exit> {
        connection.shared.dispatcher.limits(worker).map_err(|_hyper_says_why| Exit::Hyper(None))
    }

    fn ask(&self, connection: &Connection, worker: &Arc<str>, call: Call, _: Instant) -> Answer<Self::Later> {
        let Call { head, body, context } = call;
        let event = FetchEvent { request: Request::from_parts(head.into_parts(), body), context };
        let (dispatcher, worker) = (connection.shared.dispatcher.clone(), Arc::clone(worker));
        Answer::Later(Box::pin(async move {
            let Outcome::Response(response) = dispatcher.call(&worker, Invocation::Fetch(event)).await?;
            Ok(Reply::Response(Box::new(response)))
        }))
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
        let call = LocalCall { head: Box::new(parts), body, context, now: Instant::now() };
        match residence.call(&**instance, call) {
            Begun::Done(reply) => reply.map(Reply::into_response),
            Begun::Pending(answer) => answer.await.map(Reply::into_response),
            Begun::Refused(LocalCall { mut head, body, context, .. }) => {
                let request = Request::from_parts(head.parts().clone(), body);
                ByMessage.call(connection, worker, FetchEvent { request, context }).await
            }
        }
    }
}
