//! What stands for the network: the handlers that tests give, in the isolate of the tests.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderValue, Request, Response};
use worky_dispatch::Dispatcher;
use worky_engine::{FetchEvent, Invocation, Outcome};
use worky_host::fetch::{FetchError, StandIn};
use worky_host::{Body, InvocationContext, InvocationLimits};

use super::protocol;

/// The longest reason that is read of a refusal.
const REASON_BYTES_MAX: usize = 16 << 10;

pub(super) struct Upstream {
    /// Lets go of its workers, and so of this, when it is drained.
    pub(super) dispatcher: Dispatcher,
    /// The worker that has the tests.
    pub(super) tests: &'static str,
    pub(super) limits: InvocationLimits,
}

impl StandIn for Upstream {
    fn answer(
        &self,
        mut request: Request<Body>,
        caller: &InvocationContext,
    ) -> BoxFuture<'static, Result<Response<Body>, FetchError>> {
        let context = caller.child(self.limits);
        let (dispatcher, tests) = (self.dispatcher.clone(), self.tests);
        let asked = request.uri().to_string();
        async move {
            let failed = |what: &dyn std::fmt::Display| FetchError::NoNetwork(format!("{asked}: {what}"));
            let url = HeaderValue::from_str(&asked).map_err(|error| failed(&error))?;
            // Set here in any case: what the guest may have written under these names is gone.
            request.headers_mut().insert(protocol::URL, url);
            request.headers_mut().insert(protocol::KIND, HeaderValue::from_static(protocol::FETCH));
            let event = Invocation::Fetch(FetchEvent { request, context });
            let Outcome::Response(mut response) =
                dispatcher.call(tests, event).await.map_err(|error| failed(&error))?;
            if response.headers_mut().remove(protocol::REFUSED).is_none() {
                return Ok(response);
            }
            let mut reason = Vec::new();
            while let Some(Ok(chunk)) = response.body_mut().chunk().await
                && reason.len() < REASON_BYTES_MAX
            {
                reason.extend_from_slice(&chunk);
            }
            Err(FetchError::NoNetwork(String::from_utf8_lossy(&reason).into_owned()))
        }
        .boxed()
    }
}

/// For [`crate::grants::Testing`].
pub(super) fn upstream(dispatcher: &Dispatcher, tests: &'static str, limits: InvocationLimits) -> Arc<dyn StandIn> {
    Arc::new(Upstream { dispatcher: dispatcher.clone(), tests, limits })
}
