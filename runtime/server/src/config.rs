use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;

/// What the server may use and for how long. The defaults are written here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerConfig {
    /// Where requests come in. Port 0 asks for a free one. `server.listen`
    pub listen: SocketAddr,
    /// Where `/healthz`, `/readyz` and `/metrics` are, or `None` for nowhere. `server.admin_listen`
    pub admin_listen: Option<SocketAddr>,
    /// `server.http2`
    pub http2: Http2,
    /// Connections at once; a further one is answered with 503 and closed. `server.max_connections`
    pub max_connections: u32,
    /// Requests at once on one HTTP/2 connection. `server.max_http2_streams`
    pub http2_streams_max: u32,
    /// Header fields of one request; beyond it the answer is 431. `server.max_headers`
    pub header_count_max: usize,
    /// Names and values of a request's header fields together; beyond it the answer is 431.
    /// `server.max_header_bytes`
    pub header_bytes_max: usize,
    /// The request target; beyond it the answer is 414. `server.max_uri_bytes`
    pub uri_bytes_max: usize,
    /// From the first byte of a request, or from accepting the connection, to the end of its head.
    /// `server.header_read_ms`
    pub header_read: Duration,
    /// How long a connection may wait for its next request. `server.idle_ms`
    pub idle: Duration,
    /// How long a request's body may go without a byte while the worker waits for one. `server.body_stall_ms`
    pub body_stall: Duration,
    /// How long a client may go without taking a byte of the response that waits for it. `server.write_stall_ms`
    pub write_stall: Duration,
    /// How long requests in flight may go on after shutdown was asked for. `server.shutdown_grace_ms`
    pub shutdown_grace: Duration,
    /// Peers whose `x-forwarded-*` headers are believed. `server.trusted_proxies`
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        ServerConfig {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787),
            admin_listen: None,
            http2: Http2::On,
            max_connections: 10_000,
            http2_streams_max: 256,
            header_count_max: 100,
            header_bytes_max: 64 << 10,
            uri_bytes_max: 16 << 10,
            header_read: Duration::from_secs(15),
            idle: Duration::from_secs(75),
            body_stall: Duration::from_secs(30),
            write_stall: Duration::from_secs(60),
            shutdown_grace: Duration::from_secs(30),
            trusted_proxies: Vec::new(),
        }
    }
}

impl ServerConfig {
    pub(crate) fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&peer))
    }
}

/// Whether HTTP/2 without TLS (prior knowledge) is spoken beside HTTP/1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Http2 {
    On,
    Off,
}

/// How much an error tells the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorDetail {
    /// A stable code, a fixed sentence and the request's id; never a word of the guest's.
    Production,
    /// The whole message and the guest's stack, as JSON, or as a page for a browser.
    Development,
}
