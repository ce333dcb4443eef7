//! Why an exchange failed, told apart by walking the causes that the HTTP client stacks up.

use std::error::Error;
use std::io;
use std::time::Duration;

use crate::egress::{EgressDenied, EgressError};
use crate::invocation::{StreamsExceeded, SubrequestsExceeded};
use crate::{Blame, BodyError};

/// Why there is no response. No message carries a path, query, header or credential of the request.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error(transparent)]
    Subrequests(#[from] SubrequestsExceeded),
    #[error(transparent)]
    Streams(#[from] StreamsExceeded),
    #[error("too many exchanges: {max} fetches of this worker are under way and none ended within {waited_ms} ms")]
    Exchanges { max: usize, waited_ms: u64 },
    #[error("the URL cannot be fetched: {0}")]
    InvalidUrl(String),
    #[error("the scheme {0:?} cannot be fetched; use \"http\" or \"https\"")]
    UnsupportedScheme(String),
    #[error("the method {0} cannot be sent by fetch")]
    ForbiddenMethod(http::Method),
    /// A host under `worky.internal` stands for a service; what asks for it by fetch may have been told to by anybody.
    #[error("{host} is no host of the network: a service is called through its binding, as env.NAME.fetch(request)")]
    Service { host: String },
    #[error(transparent)]
    Egress(#[from] EgressError),
    #[error("{destination} refused the connection")]
    ConnectRefused { destination: String },
    #[error("no connection to {destination} within {after_ms} ms")]
    ConnectTimeout { destination: String, after_ms: u64 },
    #[error("no connection to {destination}: {cause}")]
    Connect { destination: String, cause: String },
    #[error("no secure connection to {destination}: {cause}")]
    Tls { destination: String, cause: String },
    #[error("{destination} sent no response within {after_ms} ms")]
    ResponseTimeout { destination: String, after_ms: u64 },
    /// The upstream closed the connection too early, or what it said is not HTTP.
    #[error("the exchange with {destination} failed: {cause}")]
    Protocol { destination: String, cause: String },
    #[error("the request body for {destination} broke off: {cause}")]
    RequestBody { destination: String, cause: BodyError },
    /// Of a [`super::StandIn`], which says what there is instead.
    #[error("{0}")]
    NoNetwork(String),
    #[error("the request that it was for has ended")]
    RequestEnded,
    #[error("the server stops")]
    Stopped,
}

impl FetchError {
    pub fn blame(&self) -> Blame {
        match self {
            FetchError::Exchanges { .. } => Blame::Overload,
            FetchError::Stopped => Blame::Host,
            FetchError::Egress(error) => error.blame(),
            FetchError::RequestBody { cause, .. } => cause.blame(),
            // An upstream is the worker's choice, and the worker can handle its failures.
            _ => Blame::Guest,
        }
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            FetchError::Subrequests(_) => "subrequests_exceeded",
            FetchError::Streams(_) => "open_streams_exceeded",
            FetchError::Exchanges { .. } => "exchanges_exceeded",
            FetchError::InvalidUrl(_) => "invalid_url",
            FetchError::UnsupportedScheme(_) => "unsupported_scheme",
            FetchError::ForbiddenMethod(_) => "forbidden_method",
            FetchError::Service { .. } => "service_not_fetched",
            FetchError::Egress(EgressError::Denied(EgressDenied::Name { .. })) => "egress_name_denied",
            FetchError::Egress(EgressError::Denied(EgressDenied::NotGranted { .. })) => "egress_not_granted",
            FetchError::Egress(EgressError::Denied(_)) => "egress_address_denied",
            FetchError::Egress(EgressError::Dns { .. }) => "dns_failed",
            FetchError::ConnectRefused { .. } => "connect_refused",
            FetchError::ConnectTimeout { .. } => "connect_timeout",
            FetchError::Connect { .. } => "connect_failed",
            FetchError::Tls { .. } => "tls_failed",
            FetchError::ResponseTimeout { .. } => "response_timeout",
            FetchError::Protocol { .. } => "protocol_error",
            FetchError::RequestBody { .. } => "request_body_failed",
            FetchError::NoNetwork(_) => "no_network",
            FetchError::RequestEnded => "request_ended",
            FetchError::Stopped => "stopped",
        }
    }

    /// Tells apart what the client reports. `connect_timeout` is the one the client was made with.
    pub(super) fn of_client(error: &reqwest::Error, destination: String, connect_timeout: Duration) -> Self {
        let (mut refused, mut deepest) = (false, None);
        for cause in Causes(error.source()) {
            if let Some(error) = cause.downcast_ref::<EgressError>() {
                return error.clone().into();
            }
            if let Some(cause) = cause.downcast_ref::<BodyError>() {
                return FetchError::RequestBody { destination, cause: cause.clone() };
            }
            if let Some(error) = cause.downcast_ref::<rustls::Error>() {
                return FetchError::Tls { destination, cause: describe_tls(error) };
            }
            if let Some(error) = cause.downcast_ref::<io::Error>() {
                refused |= error.kind() == io::ErrorKind::ConnectionRefused;
            }
            deepest = Some(cause);
        }
        let cause = deepest.map_or_else(|| error.to_string(), ToString::to_string);
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => FetchError::ConnectTimeout { destination, after_ms: connect_timeout.as_millis() as u64 },
            (true, false) if refused => FetchError::ConnectRefused { destination },
            (true, false) => FetchError::Connect { destination, cause },
            (false, _) => FetchError::Protocol { destination, cause },
        }
    }
}

/// The text of the deepest cause: the outer ones only say that something failed.
pub(super) fn deepest_cause(error: &(dyn Error + 'static)) -> String {
    Causes(Some(error)).last().map_or_else(String::new, |cause| cause.to_string())
}

/// An error and its causes, outermost first, with what an [`io::Error`] wraps, which its `source` passes over.
struct Causes<'a>(Option<&'a (dyn Error + 'static)>);

impl<'a> Iterator for Causes<'a> {
    type Item = &'a (dyn Error + 'static);

    fn next(&mut self) -> Option<Self::Item> {
        let current = self.0?;
        let wrapped = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        self.0 = match wrapped {
            Some(inner) => Some(inner),
            None => current.source(),
        };
        Some(current)
    }
}

fn describe_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => {
            "its certificate is signed by an authority that this machine does not trust; \
             install the authority's certificate, or point SSL_CERT_FILE at one"
                .to_owned()
        }
        other => other.to_string(),
    }
}
