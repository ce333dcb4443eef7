//! Who may ask. The explorer shows what a worker keeps and logs, and a browser lets any page on the web send requests to
//! 127.0.0.1. So a request has to name this listener as its host, which a name that was rebound to it does not; must not
//! come from another page; and has to know a token that is made for this run, for all but the page itself.

use http::header::{self, HeaderMap, HeaderName};
use worky_host::RequestId;

use crate::api::Refusal;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

#[derive(Debug)]
pub(crate) struct Guard {
    /// What a request may call this listener.
    hosts: [String; 2],
    token: String,
}

impl Guard {
    pub(crate) fn new(port: u16) -> Self {
        // 128 bits from the generator that ids come from, which the system seeds.
        let token = RequestId::random().as_str().to_owned();
        Guard { hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")], token }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// What holds for every request.
    pub(crate) fn admit(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().unwrap_or_default(),
            _ => "",
        };
        if !self.hosts.iter().any(|own| own == host) {
            return Err(Refusal::Host { host: host.to_owned() });
        }
        let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or_default());
        if let Some(origin) = origin
            && origin.strip_prefix("http://") != Some(host)
        {
            return Err(Refusal::Origin { origin: origin.to_owned() });
        }
        // Browsers say so even where they send no origin.
        match headers.get(SEC_FETCH_SITE).map(|site| site.as_bytes()) {
            None | Some(b"same-origin" | b"none") => Ok(()),
            Some(_) => Err(Refusal::Origin { origin: "another page".to_owned() }),
        }
    }

    /// What holds for everything but the page itself.
    pub(crate) fn authorize(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let given = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes()).unwrap_or_default();
        let known = given.strip_prefix(b"Bearer ").is_some_and(|token| equal(token, self.token.as_bytes()));
        if known { Ok(()) } else { Err(Refusal::Token) }
    }
}

/// Takes as long for a token that is nearly right as for any other of its length.
fn equal(given: &[u8], own: &[u8]) -> bool {
    given.len() == own.len() && given.iter().zip(own).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(*name, HeaderValue::from_str(value).expect("valid"));
        }
        headers
    }

    #[test]
    fn only_its_own_names_and_pages_are_admitted() {
        let guard = Guard::new(4000);
        let (own, other) = ("127.0.0.1:4000", "localhost:4000");
        for good in [
            &[("host", own)][..],
            &[("host", other)],
            &[("host", own), ("origin", "http://127.0.0.1:4000"), ("sec-fetch-site", "same-origin")],
            &[("host", other), ("sec-fetch-site", "none")],
        ] {
            guard.admit(&headers(good)).unwrap_or_else(|refusal| panic!("{good:?}: {refusal}"));
        }
        for bad in [
            &[][..],
            &[("host", "127.0.0.1")],
            &[("host", "127.0.0.1:4001")],
            &[("host", "evil.example:4000")],
            &[("host", own), ("host", own)],
            &[("host", own), ("origin", "http://evil.example")],
            &[("host", own), ("origin", "http://localhost:4000")],
            &[("host", own), ("origin", "https://127.0.0.1:4000")],
            &[("host", own), ("origin", "null")],
            &[("host", own), ("sec-fetch-site", "cross-site")],
            &[("host", own), ("sec-fetch-site", "same-site")],
        ] {
            assert!(guard.admit(&headers(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_token_is_of_one_run() {
        let (guard, other) = (Guard::new(1), Guard::new(1));
        assert_eq!(guard.token().len(), 32);
        let bearer = |token: &str| headers(&[("authorization", &format!("Bearer {token}"))]);
        assert!(guard.authorize(&bearer(guard.token())).is_ok());
        for bad in ["", other.token(), &guard.token()[1..], &format!("{}0", guard.token())] {
            assert!(guard.authorize(&bearer(bad)).is_err(), "{bad}");
        }
        assert!(guard.authorize(&headers(&[])).is_err());
        assert!(guard.authorize(&headers(&[("authorization", guard.token())])).is_err());
    }
}
