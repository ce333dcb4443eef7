//! Which addresses a worker may reach: by name before DNS, by every resolved address after it.
//!
//! Whatever opens a connection for a guest asks [`Egress::addresses`] and connects to nothing but what it answers.
//! Both layers are needed: a name alone says nothing about where it leads, and leads elsewhere a moment later.

mod listeners;
mod network;
mod policy;
mod resolve;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use url::{Host, Url};

pub use listeners::OwnListeners;
pub use network::AddressKind;
pub use policy::{EgressPolicy, EgressProblem, RULES_MAX, RawEgress};
pub use resolve::{Resolve, SystemResolver};

use crate::Blame;

/// One worker's way out. Cloning is cheap.
#[derive(Clone)]
pub struct Egress {
    policy: Arc<EgressPolicy>,
    own_listeners: OwnListeners,
    resolver: Arc<dyn Resolve>,
}

impl Egress {
    pub fn new(policy: EgressPolicy, own_listeners: OwnListeners, resolver: Arc<dyn Resolve>) -> Self {
        Egress { policy: Arc::new(policy), own_listeners, resolver }
    }

    /// What can be said without DNS: the name rules, and the network rules for a destination that is an address.
    pub fn check(&self, destination: &Destination) -> Result<(), EgressDenied> {
        self.policy.check_name(destination)?;
        match destination.address() {
            Some(address) => self.check_address(destination, address),
            None => Ok(()),
        }
    }

    /// The addresses to connect to, every one of them checked; at least one. Asks DNS once.
    pub async fn addresses(&self, destination: &Destination) -> Result<Vec<SocketAddr>, EgressError> {
        self.check(destination)?;
        let Host::Domain(name) = &destination.host else {
            return Ok(destination.address().map(|ip| SocketAddr::new(ip, destination.port)).into_iter().collect());
        };
        let dns = |reason: String| EgressError::Dns { host: name.clone(), reason };
        let found = self.resolver.resolve(name.clone()).await.map_err(|error| dns(error.to_string()))?;
        let mut denied = None;
        let mut checked = Vec::with_capacity(found.len());
        for address in found {
            match self.check_address(destination, address) {
                Ok(()) => checked.push(SocketAddr::new(address, destination.port)),
                Err(error) => denied = denied.or(Some(error)),
            }
        }
        match (checked.is_empty(), denied) {
            (false, _) => Ok(checked),
            (true, Some(denied)) => Err(denied.into()),
            (true, None) => Err(dns("the name has no address".to_owned())),
        }
    }

    fn check_address(&self, destination: &Destination, address: IpAddr) -> Result<(), EgressDenied> {
        // First, and whatever the networks say: the admin endpoint trusts who can reach it.
        if self.own_listeners.cover(SocketAddr::new(address, destination.port)) {
            let target = destination.describe(address, AddressKind::of(address));
            return Err(EgressDenied::OwnListener { target });
        }
        self.policy.check_address(destination, address)
    }
}

/// Where a connection is to go: what the rules are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    pub scheme: Scheme,
    /// As the URL parser gives it: lower case, in ASCII, and an address wherever it reads as one.
    pub host: Host<String>,
    pub port: u16,
}

impl Destination {
    /// `None` where the URL has no host or a scheme that no rule speaks of.
    pub fn of(url: &Url) -> Option<Self> {
        Some(Destination {
            scheme: Scheme::from_word(url.scheme())?,
            host: url.host()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    /// The address, if the host is one.
    fn address(&self) -> Option<IpAddr> {
        match &self.host {
            Host::Ipv4(address) => Some((*address).into()),
            Host::Ipv6(address) => Some((*address).into()),
            // A connector reads such a name as an address and asks no resolver. The URL parser leaves none behind.
            Host::Domain(name) => name.parse().ok(),
        }
    }

    /// `scheme://host`, with the port where it is not the scheme's own: how a rule names this place.
    pub(crate) fn origin(&self) -> String {
        if self.port == self.scheme.default_port() {
            format!("{}://{}", self.scheme, self.host)
        } else {
            format!("{}://{self}", self.scheme)
        }
    }

    fn describe(&self, address: IpAddr, kind: AddressKind) -> String {
        if self.address() == Some(address) {
            format!("{self} ({kind})")
        } else {
            format!("{self} (at {address}, {kind})")
        }
    }
}

/// `host:port`, and nothing of a URL that may hold a secret.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// A scheme that egress rules speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

impl Scheme {
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "http" => Some(Scheme::Http),
            "https" => Some(Scheme::Https),
            _ => None,
        }
    }

    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        })
    }
}

/// The policy says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressDenied {
    #[error("egress to {origin} is not allowed: it is not in [egress] allow; add {origin:?} to it")]
    Name { origin: String },
    #[error("egress to {origin} is not allowed: the plugin {plugin} is not granted it; add \"fetch\" to its grants")]
    NotGranted { origin: String, plugin: String },
    #[error("egress to {target} is not allowed; grant it with [egress] networks.allow = [{proposal}]")]
    Address { target: String, kind: AddressKind, proposal: String },
    #[error("egress to {target} is not allowed: [egress] networks.deny has {rule:?}")]
    DeniedNetwork { target: String, rule: String },
    #[error("egress to {target} is not allowed: a listener of this server is there, and no setting opens it")]
    OwnListener { target: String },
}

impl EgressDenied {
    pub fn blame(&self) -> Blame {
        Blame::Guest
    }

    /// The label of the metric.
    pub fn reason(&self) -> &'static str {
        match self {
            EgressDenied::Name { .. } => "name",
            EgressDenied::NotGranted { .. } => "not-granted",
            EgressDenied::Address { kind, .. } => kind.as_str(),
            EgressDenied::DeniedNetwork { .. } => "denied-network",
            EgressDenied::OwnListener { .. } => "own-listener",
        }
    }
}

/// Why there is no address to connect to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    #[error(transparent)]
    Denied(#[from] EgressDenied),
    #[error("the name {host:?} cannot be resolved: {reason}")]
    Dns { host: String, reason: String },
}

impl EgressError {
    pub fn blame(&self) -> Blame {
        match self {
            EgressError::Denied(denied) => denied.blame(),
            EgressError::Dns { .. } => Blame::Guest,
        }
    }
}

#[cfg(test)]
mod tests;
