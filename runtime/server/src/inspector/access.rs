//! Who may ask.

use std::net::IpAddr;

use http::header::{self, HeaderMap};

/// What the front ends that come with browsers say they are.
const FRONT_ENDS: [&str; 2] = ["devtools://", "chrome-devtools://"];

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("the host {0:?} is neither an IP address nor localhost: any web page can have a name lead here")]
    Host(String),
    #[error("a web page, {0}, may not debug a worker")]
    Origin(String),
}

/// Answers the host by which the asker reached this.
pub(super) fn check(headers: &HeaderMap) -> Result<&str, Refused> {
    let text = |name| headers.get(name).map(|value| value.to_str().map_err(|_| format!("{value:?}")));
    if let Some(origin) = text(header::ORIGIN) {
        let is_front_end = |origin: &str| FRONT_ENDS.iter().any(|front_end| origin.starts_with(front_end));
        origin
            .and_then(|origin| is_front_end(origin).then_some(()).ok_or(origin.to_owned()))
            .map_err(Refused::Origin)?;
    }
    let host = text(header::HOST).unwrap_or(Err(String::new())).map_err(Refused::Host)?;
    if is_address(host) { Ok(host) } else { Err(Refused::Host(host.to_owned())) }
}

fn is_address(host: &str) -> bool {
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = host.strip_prefix('[') {
        let Some((address, rest)) = rest.split_once(']') else { return false };
        return address.parse::<std::net::Ipv6Addr>().is_ok()
            && (rest.is_empty() || rest.strip_prefix(':').is_some_and(digits));
    }
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    port.is_none_or(digits) && (name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: &'static str, origin: Option<&'static str>) -> Result<String, Refused> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a value"));
        origin.into_iter().for_each(|origin| drop(headers.insert(header::ORIGIN, origin.parse().expect("a value"))));
        check(&headers).map(str::to_owned)
    }

    #[test]
    fn only_addresses_and_localhost_are_hosts() {
        for host in ["127.0.0.1:9229", "127.0.0.1", "localhost", "LocalHost:1", "[::1]:9229", "[::1]", "10.1.2.3:80"] {
            assert_eq!(asked(host, None), Ok(host.to_owned()));
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com:9229",
            "127.0.0.1.example.com",
            "127.0.0.1:",
            "localhost:x",
            "[::1",
            "::1",
            "[a]:1",
        ] {
            assert_eq!(asked(host, None), Err(Refused::Host(host.to_owned())), "{host}");
        }
        assert_eq!(check(&HeaderMap::new()), Err(Refused::Host(String::new())));
    }

    #[test]
    fn no_page_is_a_front_end() {
        for origin in ["devtools://devtools", "chrome-devtools://devtools"] {
            assert!(asked("localhost", Some(origin)).is_ok(), "{origin}");
        }
        for origin in ["https://example.com", "http://localhost:9229", "null", "https://devtools://x"] {
            assert_eq!(asked("localhost", Some(origin)), Err(Refused::Origin(origin.to_owned())), "{origin}");
        }
    }
}
