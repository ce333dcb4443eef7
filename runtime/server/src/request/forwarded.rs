//! Where a request really comes from, for the worker to read. What a client says about it itself is dropped; what a
//! trusted proxy says is kept.

use std::net::IpAddr;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::Scheme;

use crate::config::ServerConfig;
use crate::connection::{Connection, PeerTrust};

const CF_CONNECTING_IP: HeaderName = HeaderName::from_static("cf-connecting-ip");
const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Removed along with every `x-forwarded-*` when the peer is not a trusted proxy.
const CLAIMS: [HeaderName; 6] = [
    CF_CONNECTING_IP,
    X_REAL_IP,
    header::FORWARDED,
    HeaderName::from_static("cf-connecting-ipv6"),
    HeaderName::from_static("true-client-ip"),
    HeaderName::from_static("x-client-ip"),
];

/// Sets the header fields that tell where the request comes from; answers its scheme. `has_claims` where the request came with any.
pub(crate) fn forward(headers: &mut HeaderMap, has_claims: Claims, connection: &Connection) -> Scheme {
    match (connection.peer_trust, has_claims) {
        (PeerTrust::Proxy, Claims::Some) => from_proxy(headers, connection),
        (PeerTrust::Client, Claims::Some) => {
            drop_claims(headers);
            from_socket(headers, connection)
        }
        (_, Claims::None) => from_socket(headers, connection),
    }
}

/// Whether a request came with header fields about its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claims {
    Some,
    None,
}

fn from_socket(headers: &mut HeaderMap, connection: &Connection) -> Scheme {
    let ip = &connection.peer_ip_value;
    headers.insert(CF_CONNECTING_IP, ip.clone());
    headers.insert(X_REAL_IP, ip.clone());
    headers.insert(X_FORWARDED_FOR, ip.clone());
    headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static("http"));
    if let Some(host) = headers.get(header::HOST).cloned() {
        headers.insert(X_FORWARDED_HOST, host);
    }
    Scheme::HTTP
}

fn from_proxy(headers: &mut HeaderMap, connection: &Connection) -> Scheme {
    let chain: Vec<String> = headers
        .get_all(X_FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|hop| hop.trim().to_owned())
        .collect();
    let client_ip = client_of(&chain, connection.peer_ip, &connection.shared.config);
    let value = HeaderValue::try_from(client_ip.to_string()).expect("an address is visible ASCII");
    headers.insert(CF_CONNECTING_IP, value.clone());
    headers.insert(X_REAL_IP, value);
    let hops = chain.iter().map(String::as_str).filter(|hop| !hop.is_empty());
    let whole: Vec<&str> = hops.chain(connection.peer_ip_value.to_str().ok()).collect();
    let whole = HeaderValue::try_from(whole.join(", ")).expect("joined of header values");
    headers.insert(X_FORWARDED_FOR, whole);
    let is_https = headers.get(X_FORWARDED_PROTO).is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"));
    let scheme = if is_https { Scheme::HTTPS } else { Scheme::HTTP };
    headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static(if is_https { "https" } else { "http" }));
    if !headers.contains_key(X_FORWARDED_HOST)
        && let Some(host) = headers.get(header::HOST).cloned()
    {
        headers.insert(X_FORWARDED_HOST, host);
    }
    scheme
}

/// The nearest hop that is not a trusted proxy. What stands further left was written by that hop and proves nothing.
fn client_of(chain: &[String], peer: IpAddr, config: &ServerConfig) -> IpAddr {
    let mut client = peer;
    for hop in chain.iter().rev() {
        if !config.trusts(client) {
            break;
        }
        match hop.parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

fn drop_claims(headers: &mut HeaderMap) {
    for claim in CLAIMS {
        headers.remove(claim);
    }
    let others: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with("x-forwarded-")).cloned().collect();
    for name in others {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_untrusted_hop_is_the_client() {
        let config =
            ServerConfig { trusted_proxies: vec!["10.0.0.0/8".parse().expect("a network")], ..ServerConfig::default() };
        let peer: IpAddr = "10.0.0.1".parse().expect("an address");
        for (chain, client) in [
            (&[][..], "10.0.0.1"),
            (&["203.0.113.7"], "203.0.113.7"),
            (&["1.1.1.1", "203.0.113.7"], "203.0.113.7"),
            (&["1.1.1.1", "203.0.113.7", "10.2.2.2"], "203.0.113.7"),
            (&["nonsense", "10.2.2.2"], "10.2.2.2"),
            (&["10.9.9.9"], "10.9.9.9"),
            (&["::ffff:203.0.113.7"], "203.0.113.7"),
            (&["2001:db8::1"], "2001:db8::1"),
        ] {
            let hops: Vec<String> = chain.iter().map(|hop| (*hop).to_owned()).collect();
            assert_eq!(client_of(&hops, peer, &config).to_string(), client, "{chain:?}");
        }
    }
}
