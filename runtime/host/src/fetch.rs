//! Outgoing HTTP, behind the egress policy.

use crate::{Blame, Body, InvocationContext};

/// One worker's HTTP client. Connections are pooled for this worker alone.
#[derive(Clone)]
pub struct Fetch {}

#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("subrequests")]
    Subrequests(#[from] crate::invocation::SubrequestsExceeded),
}

impl FetchError {
    pub fn blame(&self) -> Blame {
        Blame::Guest
    }
}

impl Fetch {
    /// One hop: a redirect is an answer like any other, and following it is another call. A body that is compressed is
    /// decoded. Dropping the future, or the response's body, ends the exchange.
    pub async fn send(
        &self,
        _context: &InvocationContext,
        _request: http::Request<Body>,
    ) -> Result<http::Response<Body>, FetchError> {
        unimplemented!()
    }
}
