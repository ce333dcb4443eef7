//! One request from its head to the last byte of its answer: counted, timed, and told in the access log.

use std::sync::Arc;
use std::time::Instant;

use http::uri::PathAndQuery;
use http::{HeaderValue, Method, StatusCode};
use worky_host::requests::{FinishedRequest, Usage};
use worky_host::{BodyError, InvocationContext, RequestId};

use crate::connection::{Connection, Pulse};

/// What a request is logged under that no worker was found for.
const NO_WORKER: &str = "-";

/// The status of a request whose client left before there was an answer, as nginx has it.
const CLIENT_LEFT: u16 = 499;

/// Who is told of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Log,
    /// It is worky's own, and says nothing of a worker.
    Nobody,
}

/// A request in progress. It ends, and is logged, when this is dropped: with the body of the answer, or without an
/// answer where the client left.
pub(crate) struct Exchange {
    pub(crate) connection: Arc<Connection>,
    pub(crate) request_id: RequestId,
    pub(crate) worker: Option<Arc<str>>,
    /// Of the worker that was called.
    pub(crate) context: Option<InvocationContext>,
    pub(crate) status: Option<StatusCode>,
    /// The code of the error that was answered instead of what the worker says.
    pub(crate) error: Option<&'static str>,
    pub(crate) sent_bytes: u64,
    pub(crate) told: Told,
    withdrawn: bool,
    method: Method,
    /// `None` where the request has none, as `CONNECT` has.
    target: Option<PathAndQuery>,
    begun: Instant,
}

impl Exchange {
    pub(crate) fn begin(
        connection: Arc<Connection>,
        method: Method,
        target: Option<PathAndQuery>,
        request_id: RequestId,
        begun: Instant,
    ) -> Self {
        connection.pulse.request_begins();
        connection.shared.metrics.requests_in_flight().inc();
        Exchange {
            connection,
            request_id,
            worker: None,
            context: None,
            status: None,
            error: None,
            sent_bytes: 0,
            told: Told::Log,
            withdrawn: false,
            method,
            target,
            begun,
        }
    }

    pub(crate) fn request_id_value(&self) -> HeaderValue {
        HeaderValue::from_bytes(self.request_id.as_bytes()).expect("an id is visible ASCII")
    }

    /// The body of the answer failed after its head was sent.
    pub(crate) fn broke_off(&mut self, error: &BodyError) {
        self.error = Some("body_failed");
        let (worker, request_id) = (self.worker.as_deref(), self.request_id.as_str());
        tracing::warn!(worker, request_id, %error, "the response broke off");
    }

    /// The request is not answered here after all; whoever does counts it.
    pub(crate) fn withdraw(mut self) {
        self.withdrawn = true;
    }

    fn pulse(&self) -> &Arc<Pulse> {
        &self.connection.pulse
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.pulse().request_ends();
        self.connection.shared.metrics.requests_in_flight().dec();
        if self.withdrawn {
            return;
        }
        let elapsed = self.begun.elapsed();
        let worker = self.worker.as_deref().unwrap_or(NO_WORKER);
        let client_left = || StatusCode::from_u16(CLIENT_LEFT).expect("three digits");
        let status = self.status.unwrap_or_else(client_left);
        let path = self.target.as_ref().map_or("", PathAndQuery::path);
        let usage = self.context.as_ref().map_or(Usage::default(), InvocationContext::usage);
        self.connection.shared.metrics.request_finished(&FinishedRequest {
            worker: self.worker.as_deref(),
            request_id: &self.request_id,
            depth: 0,
            method: &self.method,
            path,
            query: self.target.as_ref().and_then(PathAndQuery::query),
            status,
            error: self.error,
            elapsed,
            sent_bytes: Some(self.sent_bytes),
            usage,
        });
        if self.told == Told::Nobody {
            return;
        }
        tracing::info!(
            target: "access",
            method = self.method.as_str(),
            // Without its query, which may hold what nobody should find in a log.
            path,
            status = status.as_u16(),
            worker,
            ms = elapsed.as_micros() as f64 / 1000.0,
            // Of a worker that was called.
            cpu_ms = self.context.as_ref().map(|_| usage.cpu.as_micros() as f64 / 1000.0),
            bytes = self.sent_bytes,
            request_id = self.request_id.as_str(),
            error = self.error,
        );
    }
}
