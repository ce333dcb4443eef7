//! DNS, as a capability: the answers are only candidates until the policy has seen every one of them.

use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

/// Asks for the addresses of a name.
pub trait Resolve: Send + Sync + 'static {
    /// `host` is a domain name in its ASCII form, never an address.
    fn resolve(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The machine's resolver (`getaddrinfo`), which knows `/etc/hosts` and whatever else the machine is set up with.
pub struct SystemResolver {
    lookups: Arc<Semaphore>,
}

impl SystemResolver {
    /// The most lookups of one worker at a time. A lookup occupies a thread and cannot be cancelled, so without a
    /// bound one worker with slow names takes every thread there is.
    pub const LOOKUPS_MAX: usize = 16;

    pub fn new(lookups_max: usize) -> Self {
        SystemResolver { lookups: Arc::new(Semaphore::new(lookups_max)) }
    }
}

impl Default for SystemResolver {
    fn default() -> Self {
        SystemResolver::new(Self::LOOKUPS_MAX)
    }
}

impl Resolve for SystemResolver {
    fn resolve(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let lookups = self.lookups.clone();
        Box::pin(async move {
            let permit = lookups.acquire_owned().await.map_err(io::Error::other)?;
            let lookup = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                Ok((host.as_str(), 0).to_socket_addrs()?.map(|address| address.ip()).collect())
            });
            lookup.await.map_err(io::Error::other)?
        })
    }
}
