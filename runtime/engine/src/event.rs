use worky_host::{Body, InvocationContext};

/// One event for a worker.
#[derive(Debug)]
pub enum Invocation {
    Fetch(FetchEvent),
}

/// An HTTP request.
#[derive(Debug)]
pub struct FetchEvent {
    /// Its URI is absolute (`http://host/path?query`); its headers are those the worker may see, proxies' included.
    pub request: http::Request<Body>,
    pub context: InvocationContext,
}

/// What became of an event.
#[derive(Debug)]
pub enum Outcome {
    Response(http::Response<Body>),
}
