//! The listeners of this very process, which no worker may call back into.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;

use parking_lot::RwLock;

/// The addresses this process listens on. Cloning shares the set: it is filled as the listeners are bound.
#[derive(Debug, Clone, Default)]
pub struct OwnListeners(Arc<RwLock<Vec<SocketAddr>>>);

impl OwnListeners {
    /// Adds one, as bound: with its real port.
    pub fn add(&self, bound: SocketAddr) {
        let mut all = self.0.write();
        if !all.contains(&bound) {
            all.push(bound);
        }
    }

    /// Whether a connection to `target` ends at one of them.
    pub(super) fn cover(&self, target: SocketAddr) -> bool {
        let address = target.ip().to_canonical();
        let all = self.0.read();
        all.iter().filter(|own| own.port() == target.port()).any(|own| {
            let own = own.ip().to_canonical();
            // Connecting to the unspecified address reaches this machine's loopback.
            own == address || (address.is_unspecified() && is_local(own)) || (own.is_unspecified() && is_local(address))
        })
    }
}

/// Whether the address is this machine's. A socket can be bound to such an address only, and asking the system that
/// way needs no list of interfaces, which change while the process runs.
fn is_local(address: IpAddr) -> bool {
    address.is_loopback() || address.is_unspecified() || UdpSocket::bind((address, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_cover_every_way_to_reach_them() {
        let own = OwnListeners::default();
        for bound in ["127.0.0.1:8787", "0.0.0.0:9000", "[::1]:8788", "[::]:9001"] {
            own.clone().add(bound.parse().expect(bound));
        }
        for (target, covered) in [
            ("127.0.0.1:8787", true),
            ("127.0.0.1:8786", false),
            ("127.0.0.2:8787", false),
            ("0.0.0.0:8787", true),
            ("[::ffff:127.0.0.1]:8787", true),
            ("127.0.0.1:9000", true),
            ("127.9.9.9:9000", true),
            ("0.0.0.0:9000", true),
            ("[::ffff:127.0.0.1]:9000", true),
            ("192.0.2.1:9000", false),
            ("[::1]:8788", true),
            ("[::1]:9001", true),
            ("127.0.0.1:9001", true),
            ("[2001:db8::1]:9001", false),
        ] {
            assert_eq!(own.cover(target.parse().expect(target)), covered, "{target}");
        }
    }
}
