//! What stands for the network, and for services that are not part of the project: the handlers that tests give, in the
//! isolate of the tests.

use std::fmt::Display;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderName, HeaderValue, Request, Response};
use worky_dispatch::Dispatcher;
use worky_engine::{CallError, FetchEvent, GuestError, Invocation, Outcome, Worker};
use worky_host::fetch::{FetchError, StandIn};
use worky_host::{Body, InvocationContext, InvocationLimits};

use super::protocol;

/// The longest reason that is read of a refusal.
const REASON_BYTES_MAX: usize = 16 << 10;

#[derive(Clone)]
pub(super) struct Upstream {
    /// Lets go of its workers, and so of this, when it is drained.
    pub(super) dispatcher: Dispatcher,
    /// The worker that has the tests.
    pub(super) tests: &'static str,
    pub(super) limits: InvocationLimits,
}

impl Upstream {
    /// What the tests answer, or why they do not. `service` is the worker that is meant, if one is.
    async fn ask(
        self,
        mut request: Request<Body>,
        context: InvocationContext,
        service: Option<Arc<str>>,
    ) -> Result<Response<Body>, String> {
        let asked = request.uri().to_string();
        let failed = |what: &dyn Display| format!("{asked}: {what}");
        // Set here in any case: what the guest may have written under these names is gone.
        for name in [protocol::KIND, protocol::URL, protocol::SERVICE] {
            request.headers_mut().remove(name);
        }
        let kind = (protocol::KIND, protocol::FETCH.to_owned());
        let service = service.map(|name| (protocol::SERVICE, name.to_string()));
        for (name, value) in [Some(kind), Some((protocol::URL, asked.clone())), service].into_iter().flatten() {
            let value = HeaderValue::try_from(value).map_err(|error| failed(&error))?;
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let event = Invocation::Fetch(FetchEvent { request, context });
        let Outcome::Response(mut response) =
            self.dispatcher.call(self.tests, event).await.map_err(|error| failed(&error))?;
        if response.headers_mut().remove(protocol::REFUSED).is_none() {
            return Ok(response);
        }
        let mut reason = Vec::new();
        while let Some(Ok(chunk)) = response.body_mut().chunk().await
            && reason.len() < REASON_BYTES_MAX
        {
            reason.extend_from_slice(&chunk);
        }
        Err(String::from_utf8_lossy(&reason).into_owned())
    }
}

impl StandIn for Upstream {
    fn answer(
        &self,
        request: Request<Body>,
        caller: &InvocationContext,
    ) -> BoxFuture<'static, Result<Response<Body>, FetchError>> {
        let context = caller.child(self.limits);
        let upstream = self.clone();
        async move { upstream.ask(request, context, None).await.map_err(FetchError::NoNetwork) }.boxed()
    }
}

/// A worker that is called and is not part of the project.
pub(super) struct MissingService {
    pub(super) name: Arc<str>,
    pub(super) upstream: Upstream,
}

impl Worker for MissingService {
    fn call(&self, event: Invocation) -> BoxFuture<'_, Result<Outcome, CallError>> {
        let Invocation::Fetch(FetchEvent { request, context }) = event;
        let context = context.child(self.upstream.limits);
        let (upstream, name) = (self.upstream.clone(), self.name.clone());
        async move {
            let answer = upstream.ask(request, context, Some(name)).await;
            answer.map(Outcome::Response).map_err(|reason| CallError::Exception(GuestError::unplaced(reason)))
        }
        .boxed()
    }

    fn drain(&self) -> BoxFuture<'_, ()> {
        // What it passes on belongs to the worker with the tests.
        std::future::ready(()).boxed()
    }
}
