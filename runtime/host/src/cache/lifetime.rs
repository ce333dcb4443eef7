use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use http::header::{AGE, CACHE_CONTROL, EXPIRES};

/// What becomes of a response's cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cookies {
    /// With them it is not kept.
    Whole,
    /// They are left out of what is kept: `private=Set-Cookie`.
    LeftOut,
}

/// How long a response may be kept (RFC 9111, 4.2.1), if at all. What says nothing is not kept.
pub(super) fn lifetime(headers: &HeaderMap, now_unix_ms: u64) -> Option<(Duration, Cookies)> {
    let fields = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let (mut cookies, mut shared, mut own) = (Cookies::Whole, None, None);
    for directive in fields.flat_map(|field| field.split(',')) {
        let (name, value) = directive.split_once('=').map_or((directive, ""), |(name, value)| (name, value));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"'));
        let seconds = || value.parse::<u32>().ok();
        match &*name {
            "private" if value.eq_ignore_ascii_case("set-cookie") => cookies = Cookies::LeftOut,
            "no-store" | "private" | "no-cache" => return None,
            // What is no number is taken for what is over.
            "s-maxage" => shared = Some(seconds().unwrap_or(0)),
            "max-age" => own = Some(seconds().unwrap_or(0)),
            _ => {}
        }
    }
    let lifetime = match shared.or(own) {
        Some(seconds) => Duration::from_secs(seconds.into()),
        None => {
            let expires = httpdate::parse_http_date(headers.get(EXPIRES)?.to_str().ok()?).ok()?;
            let now = UNIX_EPOCH + Duration::from_millis(now_unix_ms);
            expires.duration_since(now).ok()?
        }
    };
    let age = headers.get(AGE).and_then(|age| age.to_str().ok()?.parse::<u32>().ok()).unwrap_or(0);
    let left = lifetime.checked_sub(Duration::from_secs(age.into())).filter(|left| !left.is_zero())?;
    Some((left, cookies))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(fields: &[(&'static str, &str)]) -> Option<(u64, Cookies)> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().expect("a value"));
        }
        // 2026-01-01T00:00:00Z
        lifetime(&headers, 1_767_225_600_000).map(|(left, cookies)| (left.as_secs(), cookies))
    }

    #[test]
    fn lifetimes() {
        for (fields, expected) in [
            (&[][..], None),
            (&[("cache-control", "max-age=60")], Some(60)),
            (&[("cache-control", "public, Max-Age=\"60\", s-maxage=5")], Some(5)),
            (&[("cache-control", "s-maxage=5"), ("cache-control", "max-age=60")], Some(5)),
            (&[("cache-control", "max-age=60"), ("age", "20")], Some(40)),
            (&[("cache-control", "max-age=60"), ("age", "60")], None),
            (&[("cache-control", "max-age=60, no-store")], None),
            (&[("cache-control", "private, max-age=60")], None),
            (&[("cache-control", "no-cache, max-age=60")], None),
            (&[("cache-control", "max-age=0")], None),
            (&[("cache-control", "max-age=x")], None),
            (&[("cache-control", "public")], None),
            (&[("expires", "Thu, 01 Jan 2026 00:01:00 GMT")], Some(60)),
            (&[("expires", "Wed, 31 Dec 2025 00:01:00 GMT")], None),
            (&[("expires", "0")], None),
        ] {
            assert_eq!(seconds(fields).map(|(left, _)| left), expected, "{fields:?}");
        }
        let cookies = |field| seconds(&[("cache-control", field)]).map(|(_, cookies)| cookies);
        assert_eq!(cookies("max-age=1"), Some(Cookies::Whole));
        assert_eq!(cookies("max-age=1, private=Set-Cookie"), Some(Cookies::LeftOut));
    }
}
