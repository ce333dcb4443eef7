//! What kind of network an address belongs to, from the IANA special-purpose registries (RFC 6890 and its updates).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// The kind of network an address belongs to. Only [`AddressKind::Public`] is open without a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressKind {
    Public,
    /// Cloud metadata and host-agent addresses. A kind of its own, so that granting the network around one of them
    /// by its word does not hand out the machine's credentials.
    Metadata,
    Loopback,
    /// RFC 1918 and the IPv6 unique local addresses.
    Private,
    LinkLocal,
    /// Carrier-grade NAT, RFC 6598.
    Shared,
    /// `0.0.0.0/8` and `::`: on many systems another name of the machine itself.
    Unspecified,
    Multicast,
    Broadcast,
    Documentation,
    Benchmarking,
    /// IETF protocol assignments.
    Protocol,
    Discard,
    /// Not assigned for use on the internet.
    Reserved,
    /// `::ffff:0:0/96`.
    Ipv4Mapped,
    /// `::/96`, deprecated.
    Ipv4Compatible,
    /// `::ffff:0:0:0/96`, RFC 7915.
    Ipv4Translated,
    /// `64:ff9b::/96` and `64:ff9b:1::/48`.
    Nat64,
    /// `2002::/16`.
    SixToFour,
    /// `2001::/32`.
    Teredo,
}

impl AddressKind {
    /// The kind of `address`, judged by its own form; see [`embedded_ipv4`] for what it may carry inside.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => V4.iter().find(|(net, _)| net.contains(&v4)).map_or(AddressKind::Public, |(_, k)| *k),
            IpAddr::V6(v6) => match V6.iter().find(|(net, _)| net.contains(&v6)) {
                Some((_, kind)) => *kind,
                None if GLOBAL_UNICAST.contains(&v6) => AddressKind::Public,
                None => AddressKind::Reserved,
            },
        }
    }

    /// The words that a network list takes in place of a CIDR block. Every other kind is granted by its block.
    pub fn from_word(word: &str) -> Option<Self> {
        WORDS.iter().copied().find(|kind| kind.as_str() == word)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            AddressKind::Public => "public",
            AddressKind::Metadata => "cloud-metadata",
            AddressKind::Loopback => "loopback",
            AddressKind::Private => "private",
            AddressKind::LinkLocal => "link-local",
            AddressKind::Shared => "shared",
            AddressKind::Unspecified => "unspecified",
            AddressKind::Multicast => "multicast",
            AddressKind::Broadcast => "broadcast",
            AddressKind::Documentation => "documentation",
            AddressKind::Benchmarking => "benchmarking",
            AddressKind::Protocol => "ietf-protocol",
            AddressKind::Discard => "discard",
            AddressKind::Reserved => "reserved",
            AddressKind::Ipv4Mapped => "ipv4-mapped",
            AddressKind::Ipv4Compatible => "ipv4-compatible",
            AddressKind::Ipv4Translated => "ipv4-translated",
            AddressKind::Nat64 => "nat64",
            AddressKind::SixToFour => "6to4",
            AddressKind::Teredo => "teredo",
        }
    }
}

impl fmt::Display for AddressKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The words of a network list.
pub(super) const WORDS: [AddressKind; 5] =
    [AddressKind::Public, AddressKind::Private, AddressKind::Loopback, AddressKind::LinkLocal, AddressKind::Shared];

/// The smallest registered block that holds `address`: what an error proposes to grant.
pub(super) fn block_of(address: IpAddr) -> IpNet {
    let found = match address {
        IpAddr::V4(v4) => V4.iter().find(|(net, _)| net.contains(&v4)).map(|(net, _)| IpNet::V4(*net)),
        IpAddr::V6(v6) => V6.iter().find(|(net, _)| net.contains(&v6)).map(|(net, _)| IpNet::V6(*net)),
    };
    found.unwrap_or_else(|| IpNet::from(address))
}

/// The IPv4 addresses that a translator or tunnel could read out of `address`.
///
/// `64:ff9b:1::/48` does not tell the length of the prefix in use (RFC 8215), so both places are given for it.
pub(super) fn embedded_ipv4(address: IpAddr) -> Vec<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return Vec::new() };
    let at = v6.octets();
    let low = Ipv4Addr::new(at[12], at[13], at[14], at[15]);
    match AddressKind::of(address) {
        AddressKind::Ipv4Mapped | AddressKind::Ipv4Compatible | AddressKind::Ipv4Translated => vec![low],
        AddressKind::Nat64 if at[4..6] == [0, 1] => {
            let high = Ipv4Addr::new(at[6], at[7], at[9], at[10]);
            let mut found = vec![low, high];
            found.retain(|v4| !v4.is_unspecified());
            // Nothing but zeros is still an address to judge.
            if found.is_empty() { vec![low] } else { found }
        }
        AddressKind::Nat64 => vec![low],
        AddressKind::SixToFour => vec![Ipv4Addr::new(at[2], at[3], at[4], at[5])],
        // RFC 4380: the server as it is, the client with every bit inverted.
        AddressKind::Teredo => {
            vec![Ipv4Addr::new(at[4], at[5], at[6], at[7]), Ipv4Addr::new(!at[12], !at[13], !at[14], !at[15])]
        }
        _ => Vec::new(),
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6(a: u16, b: u16, c: u16, d: u16, tail: [u16; 4], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, tail[0], tail[1], tail[2], tail[3]), bits)
}

const GLOBAL_UNICAST: Ipv6Net = v6(0x2000, 0, 0, 0, [0; 4], 3);

/// The first match counts, so a block stands before the block that holds it.
const V4: [(Ipv4Net, AddressKind); 23] = [
    // AWS, GCP, Azure and others; Alibaba; Oracle; the Azure host agent, which looks public and is not.
    (v4(169, 254, 169, 254, 32), AddressKind::Metadata),
    (v4(169, 254, 170, 2, 32), AddressKind::Metadata),
    (v4(100, 100, 100, 200, 32), AddressKind::Metadata),
    (v4(192, 0, 0, 192, 32), AddressKind::Metadata),
    (v4(168, 63, 129, 16, 32), AddressKind::Metadata),
    (v4(0, 0, 0, 0, 8), AddressKind::Unspecified),
    (v4(10, 0, 0, 0, 8), AddressKind::Private),
    (v4(100, 64, 0, 0, 10), AddressKind::Shared),
    (v4(127, 0, 0, 0, 8), AddressKind::Loopback),
    (v4(169, 254, 0, 0, 16), AddressKind::LinkLocal),
    (v4(172, 16, 0, 0, 12), AddressKind::Private),
    (v4(192, 0, 0, 0, 24), AddressKind::Protocol),
    (v4(192, 0, 2, 0, 24), AddressKind::Documentation),
    // The 6to4 relay anycast block, deprecated by RFC 7526.
    (v4(192, 88, 99, 0, 24), AddressKind::Reserved),
    (v4(192, 168, 0, 0, 16), AddressKind::Private),
    (v4(198, 18, 0, 0, 15), AddressKind::Benchmarking),
    (v4(198, 51, 100, 0, 24), AddressKind::Documentation),
    (v4(203, 0, 113, 0, 24), AddressKind::Documentation),
    (v4(224, 0, 0, 0, 4), AddressKind::Multicast),
    (v4(255, 255, 255, 255, 32), AddressKind::Broadcast),
    (v4(240, 0, 0, 0, 4), AddressKind::Reserved),
    (v4(192, 31, 196, 0, 24), AddressKind::Protocol),
    (v4(192, 175, 48, 0, 24), AddressKind::Protocol),
];

const V6: [(Ipv6Net, AddressKind); 22] = [
    // AWS, over IPv6: the instance metadata, the time service and DNS share this block.
    (v6(0xfd00, 0xec2, 0, 0, [0; 4], 32), AddressKind::Metadata),
    // GCP, over IPv6.
    (v6(0xfd20, 0xce, 0, 0, [0, 0, 0, 0x254], 128), AddressKind::Metadata),
    (v6(0, 0, 0, 0, [0, 0, 0, 0], 128), AddressKind::Unspecified),
    (v6(0, 0, 0, 0, [0, 0, 0, 1], 128), AddressKind::Loopback),
    (v6(0, 0, 0, 0, [0, 0xffff, 0, 0], 96), AddressKind::Ipv4Mapped),
    (v6(0, 0, 0, 0, [0xffff, 0, 0, 0], 96), AddressKind::Ipv4Translated),
    (v6(0, 0, 0, 0, [0; 4], 96), AddressKind::Ipv4Compatible),
    (v6(0x64, 0xff9b, 0, 0, [0; 4], 96), AddressKind::Nat64),
    (v6(0x64, 0xff9b, 1, 0, [0; 4], 48), AddressKind::Nat64),
    (v6(0x100, 0, 0, 0, [0; 4], 64), AddressKind::Discard),
    (v6(0x2001, 0, 0, 0, [0; 4], 32), AddressKind::Teredo),
    (v6(0x2001, 2, 0, 0, [0; 4], 48), AddressKind::Benchmarking),
    (v6(0x2001, 0xdb8, 0, 0, [0; 4], 32), AddressKind::Documentation),
    (v6(0x2001, 0, 0, 0, [0; 4], 23), AddressKind::Protocol),
    (v6(0x2002, 0, 0, 0, [0; 4], 16), AddressKind::SixToFour),
    (v6(0x2620, 0x4f, 0x8000, 0, [0; 4], 48), AddressKind::Protocol),
    (v6(0x3fff, 0, 0, 0, [0; 4], 20), AddressKind::Documentation),
    (v6(0xfc00, 0, 0, 0, [0; 4], 7), AddressKind::Private),
    (v6(0xfe80, 0, 0, 0, [0; 4], 10), AddressKind::LinkLocal),
    // Site-local, deprecated by RFC 3879 and still routed in places.
    (v6(0xfec0, 0, 0, 0, [0; 4], 10), AddressKind::Private),
    (v6(0xff00, 0, 0, 0, [0; 4], 8), AddressKind::Multicast),
    (v6(0x5f00, 0, 0, 0, [0; 4], 16), AddressKind::Reserved),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_its_kind() {
        for (kind, addresses) in [
            ("public", "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0"),
            (
                "public",
                "192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 126.255.255.255 128.0.0.0",
            ),
            ("public", "2606:4700:4700::1111 2001:4860:4860::8888 2a00::1 2003::1 3ffe::1"),
            ("cloud-metadata", "169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16 fd00:ec2::254"),
            ("cloud-metadata", "fd20:ce::254"),
            ("loopback", "127.0.0.0 127.0.0.1 127.1.2.3 127.255.255.255 ::1"),
            ("private", "10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.1 fc00::1 fd12:3456::1 fec0::1"),
            ("link-local", "169.254.0.0 169.254.169.253 169.254.255.255 fe80::1 febf::ffff"),
            ("shared", "100.64.0.0 100.127.255.255"),
            ("unspecified", "0.0.0.0 0.1.2.3 0.255.255.255 ::"),
            ("multicast", "224.0.0.1 239.255.255.255 ff00::1 ff02::1"),
            ("broadcast", "255.255.255.255"),
            ("reserved", "240.0.0.0 255.255.255.254 192.88.99.1 4000::1 5f00::1 8000::1 fe00::1 1000::1"),
            ("documentation", "192.0.2.1 198.51.100.7 203.0.113.255 2001:db8::1 3fff::1 3fff:fff::1"),
            ("benchmarking", "198.18.0.0 198.19.255.255 2001:2::1"),
            ("ietf-protocol", "192.0.0.1 192.31.196.1 192.175.48.1 2001:10::1 2001:1ff::1 2620:4f:8000::1"),
            ("discard", "100::1"),
            ("ipv4-mapped", "::ffff:127.0.0.1 ::ffff:8.8.8.8"),
            ("ipv4-compatible", "::127.0.0.1 ::2"),
            ("ipv4-translated", "::ffff:0:127.0.0.1"),
            ("nat64", "64:ff9b::8.8.8.8 64:ff9b:1::1 64:ff9b:1:ffff::1"),
            ("6to4", "2002:7f00:1::1"),
            ("teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
        ] {
            for address in addresses.split(' ') {
                let parsed: IpAddr = address.parse().expect(address);
                assert_eq!(AddressKind::of(parsed).as_str(), kind, "{address}");
            }
        }
    }

    #[test]
    fn embedded_addresses_are_found() {
        for (address, inside) in [
            ("127.0.0.1", ""),
            ("2606:4700::1", ""),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("::10.0.0.1", "10.0.0.1"),
            ("::ffff:0:10.0.0.1", "10.0.0.1"),
            ("64:ff9b::169.254.169.254", "169.254.169.254"),
            ("64:ff9b:1::10.0.0.1", "10.0.0.1"),
            ("64:ff9b:1:7f00:0:100::", "127.0.0.1"),
            ("64:ff9b:1:7f00:0:100:808:808", "8.8.8.8 127.0.0.1"),
            ("64:ff9b:1::", "0.0.0.0"),
            ("2002:c0a8:101::1", "192.168.1.1"),
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "65.54.227.120 192.0.2.45"),
        ] {
            let found: Vec<_> =
                embedded_ipv4(address.parse().expect(address)).iter().map(|v4| v4.to_string()).collect();
            assert_eq!(found.join(" "), inside, "{address}");
        }
    }

    #[test]
    fn no_block_stands_behind_one_that_hides_it() {
        for (i, (net, _)) in V4.iter().enumerate() {
            assert!(!V4[..i].iter().any(|(before, _)| before.contains(net)), "{net} is never reached");
        }
        for (i, (net, _)) in V6.iter().enumerate() {
            assert!(!V6[..i].iter().any(|(before, _)| before.contains(net)), "{net} is never reached");
        }
    }
}
