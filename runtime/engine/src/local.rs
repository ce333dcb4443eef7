//! Serving on the thread of an instance itself: what is there calls the guest directly, and no message crosses threads.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::LocalBoxFuture;
use http::header::{CONTENT_TYPE, HeaderValue};
use worky_host::{Body, InvocationContext};

use crate::CallError;

/// What goes to live on the thread of an instance beside the guest: a client's connection.
pub trait Visitor: Send {
    /// Runs on the instance's thread, for as long as there is something to do there.
    fn stay(self: Box<Self>, instance: Rc<dyn LocalInstance>) -> LocalBoxFuture<'static, ()>;

    /// The way to it from other threads.
    fn door(&self) -> Arc<dyn Door>;

    /// The instance ended before the visitor came in: it goes back to where it came from.
    fn decline(self: Box<Self>);
}

/// Reaches a visitor from any thread.
pub trait Door: Send + Sync {
    /// The instance is busy or about to end: a visitor that waits for something goes back to where it came from, now;
    /// one that is at work does when it has finished. Must not block.
    fn send_away(&self);

    /// The instance's thread does not come back: whoever waits for an answer waits in vain. Must not block.
    fn cut_off(&self);
}

/// An instance, for what is on its thread.
pub trait LocalInstance {
    /// Whether calls may still be made.
    fn is_serving(&self) -> bool;

    /// Calls the guest now, and runs it until it has answered or waits for something.
    fn call(&self, call: LocalCall) -> Begun;
}

/// A request whose head is put together only if the guest asks for it.
pub struct LocalCall {
    pub head: Box<dyn LazyHead>,
    pub body: Body,
    pub context: InvocationContext,
    pub now: Instant,
}

/// A request's head, as the worker may see it: its URI is absolute, and its headers are whole.
pub trait LazyHead {
    fn method(&self) -> &http::Method;

    fn parts(&mut self) -> &http::request::Parts;
}

/// What became of a call at once.
pub enum Begun {
    Done(Result<Reply, CallError>),
    /// The guest waits for something. Dropping it cancels the call.
    Pending(Pin<Box<dyn Future<Output = Result<Reply, CallError>>>>),
    /// The instance takes no calls any more.
    Refused(LocalCall),
}

/// An answer, the most frequent one in a form that costs little.
#[derive(Debug)]
pub enum Reply {
    /// A 200 with a text and at most a content type.
    Text { text: String, content_type: Option<HeaderValue> },
    /// Apart, since it is large and most answers are texts.
    Response(Box<http::Response<Body>>),
}

impl Reply {
    pub fn into_response(self) -> http::Response<Body> {
        match self {
            Reply::Response(response) => *response,
            Reply::Text { text, content_type } => {
                let mut response = http::Response::new(Body::full(text));
                if let Some(content_type) = content_type {
                    response.headers_mut().insert(CONTENT_TYPE, content_type);
                }
                response
            }
        }
    }
}

/// A head that is there already.
impl LazyHead for http::request::Parts {
    fn method(&self) -> &http::Method {
        &self.method
    }

    fn parts(&mut self) -> &http::request::Parts {
        self
    }
}
